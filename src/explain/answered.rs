//! Errors in the vendor's own format.

use super::matter::{Matter, Who};
use super::{Explanation, from_entry, link, on_clocks, parameter, vendor_text};
use crate::catalog::{ErrorCode, Operation, Provider};
use crate::envelope::{Envelope, Foreign, Verdict};
use crate::exchange::{Answered, Exchange};

/// What an exchange that fetches a token is called in the log.
const TOKEN_REQUEST: &str = "IAM token";

/// Where Alibaba Cloud names the action that was denied.
const DENIED_ACTION: &str = "AccessDeniedDetail.AuthAction";

/// Explains an error by the catalog's entry for its code, or by what else is known.
pub(super) fn explained(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange, answered: &Answered) -> Explanation {
    let (status, envelope) = (answered.response.status, &answered.envelope);
    let code = envelope.code.as_deref().unwrap_or_default();
    let message = envelope.message.as_deref().unwrap_or_default();
    let entry = provider.error(operation, Some(status), code).filter(|_| !code.is_empty());
    let matter = Matter::of(provider, operation, entry, status, code);
    let words = match entry {
        Some(entry) => from_entry(entry, matter.summary(entry.layer.into())),
        None if exchange.operation == TOKEN_REQUEST => login(status, matter),
        None => unknown(matter, code),
    };
    Explanation {
        vendor: vendor_text(status, envelope.code.as_deref(), envelope.message.as_deref()),
        cause: with_clocks(words.cause, matter, exchange),
        parameter: parameter::spoken_of(operation, entry, matter, code, message),
        permission: denied_action(envelope).or_else(|| matter.permission(operation)),
        source: source(provider, operation, entry, envelope),
        ..words
    }
}

/// Explains an error without a code, where the catalog documents one of this status and nobody else seems to have answered.
pub(super) fn without_code(
    provider: &Provider,
    operation: Option<&Operation>,
    exchange: &Exchange,
    answered: &Answered,
) -> Option<Explanation> {
    let status = answered.response.status;
    if !matches!(answered.envelope.verdict, Verdict::Foreign(Foreign::Empty | Foreign::OtherJson)) || status < 400 {
        return None;
    }
    let entry = provider.error_without_code(operation, status)?;
    let matter = Matter::by_status(status);
    let words = from_entry(entry, matter.summary(entry.layer.into()));
    Some(Explanation {
        vendor: status.to_string(),
        cause: with_clocks(words.cause, matter, exchange),
        parameter: entry.parameter.clone(),
        permission: matter.permission(operation),
        source: source(provider, operation, Some(entry), &answered.envelope),
        ..words
    })
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

fn with_clocks(cause: String, matter: Matter, exchange: &Exchange) -> String {
    match on_clocks(exchange).filter(|_| matter.depends_on_the_clock()) {
        Some(clocks) => format!("{cause} {clocks}"),
        None => cause,
    }
}

fn denied_action(envelope: &Envelope) -> Option<String> {
    envelope.fields.iter().find(|(name, _)| name == DENIED_ACTION).map(|(_, action)| action.clone())
}

/// The entry's source, the operation's page, or (for a code we do not know) the page that the answer itself recommends.
fn source(provider: &Provider, operation: Option<&Operation>, entry: Option<&ErrorCode>, envelope: &Envelope) -> Option<String> {
    let recommended = || envelope.fields.iter().find(|(name, _)| name == "Recommend").map(|(_, page)| page.clone());
    match entry {
        Some(entry) => entry.source.clone().or_else(|| link(provider, operation)),
        None => recommended().or_else(|| link(provider, operation)),
    }
}
