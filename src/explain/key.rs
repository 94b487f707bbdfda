//! Access keys: whose they look like, and white space in what the profile gives.

use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::vendor_error::VendorError;
use crate::auth::Scheme;
use crate::catalog::{Condition, MessageRule};
use crate::exchange::Exchange;
use crate::secret::KeyShape;

/// Headers that carry the security token of a temporary key.
const SECURITY_TOKEN_HEADERS: [&str; 2] = ["x-acs-security-token", "x-security-token"];

const COPY_AGAIN: &str =
    "Copy it again, without blanks or line breaks; in a file or a variable look for a blank at the end and for quotes.";

/// Returns the access key id of the request, as far as it has one.
pub(super) fn id(exchange: &Exchange) -> Option<&str> {
    let traced = exchange.signing.as_ref().map(|trace| trace.key_id.as_str()).filter(|id| !id.is_empty());
    traced.or_else(|| {
        let value = exchange.request.headers.get_str("authorization")?;
        let (_, rest) = value.split_once("Credential=").or_else(|| value.split_once("Access="))?;
        rest.split(['/', ',']).next().map(str::trim).filter(|id| !id.is_empty())
    })
}

/// Returns whether a security token went with the key.
pub(super) fn has_security_token(exchange: &Exchange) -> bool {
    SECURITY_TOKEN_HEADERS.iter().any(|name| exchange.request.headers.get(name).is_some_and(|token| !token.is_empty()))
}

/// Returns whether the access key is another vendor's, or not known to this one.
pub(super) fn shape(case: &CheckInput<'_>) -> CheckResult {
    let Some(id) = id(case.exchange) else { return check_missing_key(case.exchange) };
    let vendor = case.provider.vendor.title();
    let unknown = case.vendor_error.as_ref().is_some_and(|vendor_error| refuses_key(vendor_error));
    // What is told of the key beside that it is not known: locked, disabled, of another project.
    if let Some(rule) = case.vendor_error.as_ref().and_then(key_rule) {
        return CheckResult::found(rule.cause.clone(), rule.remedy.clone());
    }
    match KeyShape::marked(id) {
        Some((mark, shape)) if shape.vendor() != vendor => CheckResult::found_or_odd(
            case.refuses_caller(),
            format!("{mark}… is the shape of a key of {}, and this is {vendor}.", shape.vendor()),
            format!("Use a key of {vendor}: look at which profile is in use and where its credentials come from."),
        ),
        // Without its token no vendor knows it; the check of the token says so.
        Some((mark, shape)) if shape.is_temporary() && !has_security_token(case.exchange) => {
            CheckResult::passed(format!("{mark}… is {vendor}'s shape, of a temporary key"))
        }
        Some((mark, _)) if unknown => CheckResult::found(
            format!("{mark}… has {vendor}'s shape, and the vendor refuses it: mistyped, deleted or disabled."),
            remedy(case),
        ),
        Some((mark, _)) => CheckResult::passed(format!("{mark}… is {vendor}'s shape")),
        None => without_known_prefix(case, unknown),
    }
}

/// Checks a key whose prefix tells no vendor.
fn without_known_prefix(case: &CheckInput<'_>, unknown: bool) -> CheckResult {
    let vendor = case.provider.vendor.title();
    let marks: Vec<_> = KeyShape::marks_of(vendor).collect();
    if !marks.is_empty() {
        let says = format!("The key id does not begin as {vendor}'s do ({}).", marks.join(", "));
        return CheckResult::found_or_odd(
            unknown,
            says,
            format!("Look whether it is a key of another vendor, or the secret in the id's place. {}", remedy(case)),
        );
    }
    if unknown {
        return CheckResult::found(format!("{vendor} does not know this access key id, or has disabled it."), remedy(case));
    }
    CheckResult::passed(format!("no shape of another vendor's ({vendor}'s have no mark)"))
}

fn remedy(case: &CheckInput<'_>) -> String {
    case.vendor_error.as_ref().map(VendorError::remedy).unwrap_or_default()
}

fn check_missing_key(exchange: &Exchange) -> CheckResult {
    let by_token = exchange.signing.as_ref().is_some_and(|trace| trace.scheme == Scheme::IamToken);
    CheckResult::not_run(if by_token { "a token is used, no access key" } else { "the request carries no access key" })
}

/// Returns the rule for a message about the credentials that matches none of the catalog's conditions.
fn key_rule<'a>(vendor_error: &VendorError<'a>) -> Option<&'a MessageRule> {
    vendor_error.rule.filter(|rule| rule.condition.is_none() && vendor_error.category == Category::Credentials)
}

/// Returns whether the vendor names the key itself as the problem.
fn refuses_key(vendor_error: &VendorError<'_>) -> bool {
    match vendor_error.conditions.as_slice() {
        [] => {
            vendor_error.category == Category::Credentials
                && !vendor_error.is_about_token()
                && vendor_error.code().to_ascii_lowercase().contains("accesskey")
        }
        conditions => conditions.iter().all(|condition| *condition == Condition::UnknownKey),
    }
}

/// Checks the credentials for white space.
pub(super) fn white_space(case: &CheckInput<'_>) -> CheckResult {
    let in_id = id(case.exchange).is_some_and(|id| id.contains(char::is_whitespace));
    let names_with_spaces = match case.known.names_with_spaces.as_deref() {
        _ if in_id => "access key id".to_owned(),
        None => return CheckResult::not_run("the credentials are not at hand any more"),
        Some([]) => return CheckResult::passed("none around or in the credentials"),
        Some(names) => names.join(" and the "),
    };
    CheckResult::found_or_odd(case.refuses_caller(), format!("The {names_with_spaces} has white space around or in it."), COPY_AGAIN)
}
