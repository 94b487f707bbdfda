//! Errors in the vendor's own format.

use super::matter::{Matter, Who};
use super::said::Said;
use super::times::Times;
use super::{Explanation, TOKEN_REQUEST, from_entry, link, parameter, vendor_text};
use crate::catalog::{MessageRule, Operation, Provider, nearest};
use crate::exchange::Exchange;

/// Explains an error by its message, by the catalog's entry for its code, or by what else is known.
pub(super) fn explained(provider: &Provider, operation: Option<&Operation>, exchange: Option<&Exchange>, said: &Said<'_>) -> Explanation {
    let words = match (said.rule, said.entry) {
        (Some(rule), entry) => from_rule(rule, said.matter.summary(entry.map_or(Who::Vendor, |entry| entry.layer.into()))),
        (None, Some(entry)) => from_entry(entry, said.matter.summary(entry.layer.into())),
        (None, None) if exchange.is_some_and(|exchange| exchange.operation == TOKEN_REQUEST) => login(said.status, said.matter),
        (None, None) if said.status == 0 && said.code().is_empty() => nothing(),
        (None, None) => unknown(said.matter, said.code()),
    };
    let times = Times::find(said.message()).filter(|_| said.matter == Matter::Date);
    let cause = times.map_or_else(|| words.cause.clone(), |times| format!("{} {}", times.sentence(), words.cause));
    Explanation {
        cause,
        vendor: vendor_text(said.status, said.envelope.code.as_deref(), said.envelope.message.as_deref()),
        parameter: parameter::spoken_of(operation, said),
        source: source(provider, operation, said),
        nearest: nearest_codes(provider, said),
        ..words
    }
}

/// What the message means.
fn from_rule(rule: &MessageRule, summary: String) -> Explanation {
    let summary = rule.summary.clone().unwrap_or(summary);
    Explanation { transient: rule.transient, ..Explanation::of(summary, rule.cause.clone(), rule.remedy.clone()) }
}

/// The nearest codes, where the catalog knows neither the code nor the vendor's message.
fn nearest_codes(provider: &Provider, said: &Said<'_>) -> Option<Vec<String>> {
    let code = said.code();
    let by_rule = said.rule.is_some_and(|rule| code.is_empty() || !rule.general);
    if said.entry.is_some() || by_rule {
        return None;
    }
    let own = provider.operations.iter().flat_map(|operation| &operation.errors).chain(&provider.errors);
    let codes = own.filter(|error| !error.has_no_code()).map(|error| error.code.as_str());
    Some(if code.is_empty() { Vec::new() } else { nearest(code, codes.chain(provider.codes_of_rules()).filter(|known| *known != code)) })
}

/// A message of which nothing is known, without code and status.
fn nothing() -> Explanation {
    Explanation::of(
        Matter::Other.summary(Who::Vendor),
        "The text has neither a code nor an HTTP status, and the catalog knows none of its words.",
        "Give the whole answer with its code, or the status with --status.",
    )
}

/// An error whose code the catalog does not have.
fn unknown(matter: Matter, code: &str) -> Explanation {
    let cause = match (code, matter) {
        ("", _) => format!("The answer has no error code. By its HTTP status: {}", matter.cause()),
        (_, Matter::Other) => matter.cause().to_owned(),
        _ => format!("The catalog does not know this code. By its words and its HTTP status: {}", matter.cause()),
    };
    Explanation { transient: matter.transient(), ..Explanation::of(matter.summary(Who::Vendor), cause, matter.remedy()) }
}

/// An error of the identity service.
fn login(status: u16, matter: Matter) -> Explanation {
    let (summary, cause, remedy) = match status {
        400 => (
            "the identity service refused the token request",
            "A part of the login is empty or malformed.",
            "Check user, domain (the account's name) and project (usually the region's id) in the profile.",
        ),
        401 => (
            "the identity service refused the login",
            "User, password or domain is wrong, or the user is locked after too many attempts.",
            "Check that the domain is the account's name and the user the IAM user's name; after several failures wait some minutes before the next.",
        ),
        403 => (
            "the identity service does not permit this login",
            "The user may not log in by the API, or not for this project.",
            "Have an administrator allow programmatic access, or name another project in the profile.",
        ),
        404 => (
            "the identity service found no such project or domain",
            "The login is for a project or a domain that is not there: a project is usually named after its region.",
            "Check project and domain in the profile, and that the token service is this cloud's.",
        ),
        _ => return Explanation { transient: matter.transient(), ..unknown(matter, "-") },
    };
    Explanation::of(summary, cause, remedy)
}

/// The source of the rule or the entry, the operation's page, or (for a code we do not know) the page that the answer itself recommends.
fn source(provider: &Provider, operation: Option<&Operation>, said: &Said<'_>) -> Option<String> {
    match (said.rule, said.entry) {
        (Some(MessageRule { source: Some(source), .. }), _) => Some(source.clone()),
        (_, Some(entry)) => entry.source.clone().or_else(|| link(provider, operation)),
        (_, None) => said.field("Recommend").map(str::to_owned).or_else(|| link(provider, operation)),
    }
}
