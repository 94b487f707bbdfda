//! Errors in the vendor's own format.

use super::category::{Category, Responder};
use super::times::RefusalTimes;
use super::vendor_error::VendorError;
use super::{Explanation, TOKEN_REQUEST, from_entry, link, parameter, vendor_text};
use crate::catalog::{MessageRule, Operation, Provider};
use crate::exchange::Exchange;
use crate::text::nearest;

/// Explains an error by its message, by the catalog's entry for its code, or by what else is known.
pub(super) fn explained(
    provider: &Provider,
    operation: Option<&Operation>,
    exchange: Option<&Exchange>,
    vendor_error: &VendorError<'_>,
) -> Explanation {
    let words = match (vendor_error.rule, vendor_error.entry) {
        (Some(rule), entry) => from_rule(rule, vendor_error.category.summary(entry.map_or(Responder::Vendor, |entry| entry.layer.into()))),
        (None, Some(entry)) => from_entry(entry, vendor_error.category.summary(entry.layer.into())),
        (None, None) if exchange.is_some_and(|exchange| exchange.operation == TOKEN_REQUEST) => {
            login(vendor_error.status, vendor_error.category)
        }
        (None, None) if vendor_error.status == 0 && vendor_error.code().is_empty() => nothing(),
        (None, None) => unknown(vendor_error.category, vendor_error.code()),
    };
    let times = RefusalTimes::find(vendor_error.message()).filter(|_| vendor_error.category == Category::Date);
    let cause = times.map_or_else(|| words.cause.clone(), |times| format!("{} {}", times.sentence(), words.cause));
    Explanation {
        cause,
        vendor: vendor_text(vendor_error.status, vendor_error.envelope.code.as_deref(), vendor_error.envelope.message.as_deref()),
        parameter: parameter::blamed_parameter(operation, vendor_error),
        source: source(provider, operation, vendor_error),
        nearest: nearest_codes(provider, vendor_error),
        ..words
    }
}

/// Creates an explanation from a message rule.
fn from_rule(rule: &MessageRule, summary: String) -> Explanation {
    let summary = rule.summary.clone().unwrap_or(summary);
    Explanation { transient: rule.transient, ..Explanation::new(summary, rule.cause.clone(), rule.remedy.clone()) }
}

/// Returns the nearest codes, where the catalog knows neither the code nor the vendor's message.
fn nearest_codes(provider: &Provider, vendor_error: &VendorError<'_>) -> Option<Vec<String>> {
    let code = vendor_error.code();
    let by_rule = vendor_error.rule.is_some_and(|rule| code.is_empty() || !rule.general);
    if vendor_error.entry.is_some() || by_rule {
        return None;
    }
    let own = provider.error_codes();
    let codes = own.filter(|error| !error.has_no_code()).map(|error| error.code.as_str());
    Some(if code.is_empty() { Vec::new() } else { nearest(code, codes.chain(provider.codes_of_rules()).filter(|known| *known != code)) })
}

/// Explains a message without code and status of which nothing is known.
fn nothing() -> Explanation {
    Explanation::new(
        Category::Other.summary(Responder::Vendor),
        "The text has neither a code nor an HTTP status, and the catalog knows none of its words.",
        "Give the whole answer with its code, or the status with --status.",
    )
}

/// Explains an error whose code is not in the catalog.
fn unknown(category: Category, code: &str) -> Explanation {
    let cause = match (code, category) {
        ("", _) => format!("The answer has no error code. By its HTTP status: {}", category.cause()),
        (_, Category::Other) => category.cause().to_owned(),
        _ => format!("The catalog does not know this code. By its words and its HTTP status: {}", category.cause()),
    };
    Explanation { transient: category.transient(), ..Explanation::new(category.summary(Responder::Vendor), cause, category.remedy()) }
}

/// Explains an error of the identity service.
fn login(status: u16, category: Category) -> Explanation {
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
        _ => return Explanation { transient: category.transient(), ..unknown(category, "-") },
    };
    Explanation::new(summary, cause, remedy)
}

/// Returns the source of the rule or the entry, the operation's page, or (for a code we do not know) the page that the answer itself recommends.
fn source(provider: &Provider, operation: Option<&Operation>, vendor_error: &VendorError<'_>) -> Option<String> {
    match (vendor_error.rule, vendor_error.entry) {
        (Some(MessageRule { source: Some(source), .. }), _) => Some(source.clone()),
        (_, Some(entry)) => entry.source.clone().or_else(|| link(provider, operation)),
        (_, None) => vendor_error.field("Recommend").map(str::to_owned).or_else(|| link(provider, operation)),
    }
}
