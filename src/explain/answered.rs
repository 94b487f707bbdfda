//! Errors in the vendor's own format.

use super::matter::{Matter, Who};
use super::said::Said;
use super::{Explanation, TOKEN_REQUEST, from_entry, link, parameter, vendor_text};
use crate::catalog::{Operation, Provider};
use crate::exchange::Exchange;

/// Explains an error by the catalog's entry for its code, or by what else is known.
pub(super) fn explained(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange, said: &Said<'_>) -> Explanation {
    let words = match said.entry {
        Some(entry) => from_entry(entry, said.matter.summary(entry.layer.into())),
        None if exchange.operation == TOKEN_REQUEST => login(said.status, said.matter),
        None => unknown(said.matter, said.code),
    };
    Explanation {
        vendor: vendor_text(said.status, said.envelope.code.as_deref(), said.envelope.message.as_deref()),
        parameter: parameter::spoken_of(operation, said),
        source: source(provider, operation, said),
        ..words
    }
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

/// The entry's source, the operation's page, or (for a code we do not know) the page that the answer itself recommends.
fn source(provider: &Provider, operation: Option<&Operation>, said: &Said<'_>) -> Option<String> {
    match said.entry {
        Some(entry) => entry.source.clone().or_else(|| link(provider, operation)),
        None => said.field("Recommend").map(str::to_owned).or_else(|| link(provider, operation)),
    }
}
