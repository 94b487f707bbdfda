//! Tokens: of the identity service, and those beside a temporary key.

use jiff::Timestamp;

use super::TOKEN_REQUEST;
use super::category::Category;
use super::check::{CheckInput, CheckResult};
use super::key;
use super::vendor_error::VendorError;
use crate::auth::Scheme as Signing;
use crate::catalog::{Condition, Scheme};
use crate::exchange::Exchange;
use crate::secret::KeyShape;
use crate::wire::Endpoint;

/// Headers that carry a token of the identity service.
const LOGIN_TOKEN_HEADER: &str = "x-auth-token";

/// The explanation where the answer speaks of a token, and the request was signed.
const TOKEN_FOR_SIGNATURE: [&str; 3] = [
    "the vendor asks for a token, and this request was signed with an access key",
    "The profile signs with an access key: the request carries a signature and no X-Auth-Token, and the answer speaks of a token. Either this endpoint takes tokens alone, or something on the way (a proxy, a gateway of one's own) removed the signature, the header Authorization.",
    "Use an endpoint that takes signatures, or a profile with user and password, with which a token is fetched. Behind a proxy, have it pass Authorization on, or leave the host out of it (NO_PROXY).",
];

/// The explanation where the answer speaks of a signature, and the request carries a token.
const SIGNATURE_FOR_TOKEN: [&str; 3] = [
    "the vendor speaks of a signature, and this request carries a token",
    "The profile uses a token, and nothing of the request is signed; the answer speaks of a signature: something on the way added an Authorization header, or replaced the token.",
    "Look for a proxy that adds Authorization, and leave the host out of it (NO_PROXY); or use a profile with an access key.",
];

/// The details of a token, from the answer that brought it.
struct TokenDetails {
    issued: Option<Timestamp>,
    expires: Option<Timestamp>,
    project: Option<String>,
}

/// Returns whether an exchange is the one that brought the token that `exchange` was sent with.
pub(super) fn fetched_token_of(earlier: &Exchange, exchange: &Exchange) -> bool {
    let sent = exchange.request.headers.get(LOGIN_TOKEN_HEADER).filter(|token| !token.is_empty());
    let came = earlier.response().and_then(|response| response.headers.get("x-subject-token"));
    earlier.operation == TOKEN_REQUEST && sent.is_some() && sent == came
}

/// Returns whether the answer speaks of another kind of credential than went out: summary, cause and remedy.
pub(super) fn credential_mismatch(case: &CheckInput<'_>) -> Option<[&'static str; 3]> {
    let (vendor_error, headers) = (case.vendor_error.as_ref()?, &case.exchange.request.headers);
    let by_token = case.exchange.signing.as_ref().is_some_and(|trace| trace.scheme == Signing::IamToken);
    if by_token && vendor_error.category == Category::Signature {
        return Some(SIGNATURE_FOR_TOKEN);
    }
    let signed = !by_token && headers.contains("authorization") && !headers.contains(LOGIN_TOKEN_HEADER);
    let takes_tokens = case.provider.auth.contains(&Scheme::IamToken) && case.exchange.operation != TOKEN_REQUEST;
    let check_login_token = !key::has_security_token(case.exchange) || vendor_error.message().to_ascii_lowercase().contains("auth-token");
    (signed && takes_tokens && check_login_token && vendor_error.wants_login_token()).then_some(TOKEN_FOR_SIGNATURE)
}

/// Checks whether a token is the cause.
pub(super) fn check(case: &CheckInput<'_>) -> CheckResult {
    let headers = &case.exchange.request.headers;
    if case.exchange.operation == TOKEN_REQUEST {
        return login(case);
    }
    if let Some([_, cause, remedy]) = credential_mismatch(case).filter(|_| case.category() != Some(Category::Signature)) {
        return CheckResult::found(cause, remedy);
    }
    if headers.contains(LOGIN_TOKEN_HEADER) {
        return check_login_token(case);
    }
    let temporary = key::id(case.exchange).and_then(KeyShape::detect).is_some_and(KeyShape::is_temporary);
    match (temporary, key::has_security_token(case.exchange)) {
        (true, false) => CheckResult::found_or_odd(
            case.refuses_caller(),
            "The access key is a temporary one, and no security token went with it.",
            "Set the token beside the key: id, secret and token come together and change together.",
        ),
        (_, true) => check_security_token(case),
        (false, false) if mentions_security_token(case) => check_missing_security_token(case),
        (false, false) => CheckResult::not_run("none used"),
    }
}

/// Checks the request that fetches a token.
fn login(case: &CheckInput<'_>) -> CheckResult {
    match &case.vendor_error {
        Some(vendor_error)
            if matches!(vendor_error.category, Category::Credentials | Category::Permission | Category::Parameter | Category::NotFound) =>
        {
            CheckResult::found("There is no token yet: the identity service refused the login.", vendor_error.remedy())
        }
        _ => CheckResult::not_run("this call is the one that fetches it"),
    }
}

/// Returns whether the vendor refuses a security token, by its message or its code.
fn mentions_security_token(case: &CheckInput<'_>) -> bool {
    use Condition::{ExpiredToken, WrongSecurityToken};
    let told = |vendor_error: &VendorError<'_>| {
        vendor_error.rule.is_some() && (vendor_error.may_mean(ExpiredToken) || vendor_error.may_mean(WrongSecurityToken))
    };
    case.vendor_error.as_ref().is_some_and(told)
}

/// Reports that the vendor refuses a security token although none was sent.
fn check_missing_security_token(case: &CheckInput<'_>) -> CheckResult {
    let Some(vendor_error) = &case.vendor_error else { return CheckResult::not_run("none used") };
    let what = if vendor_error.may_mean(Condition::ExpiredToken) { "has run out" } else { "does not hold" };
    CheckResult::found(
        format!(
            "The temporary key {what}, by the vendor's message; this request carries no security token of its own: something on the way signs with another key, or adds a token."
        ),
        vendor_error.remedy(),
    )
}

/// Checks the security token of a temporary key.
fn check_security_token(case: &CheckInput<'_>) -> CheckResult {
    match &case.vendor_error {
        Some(vendor_error) if vendor_error.is_about_token() => {
            let expired = vendor_error.may_mean(Condition::ExpiredToken) || vendor_error.code().to_ascii_lowercase().contains("expired");
            let says = if expired { "The security token has run out." } else { "The vendor refuses the security token." };
            CheckResult::found(says, vendor_error.remedy())
        }
        Some(vendor_error) if vendor_error.category.is_past_authentication() => CheckResult::passed("the vendor took the security token"),
        _ => CheckResult::passed("a security token went with the key"),
    }
}

/// Checks a token of the identity service.
fn check_login_token(case: &CheckInput<'_>) -> CheckResult {
    let facts = case.known.token.and_then(facts);
    let refused = case.vendor_error.as_ref().filter(|vendor_error| refuses_token(vendor_error));
    if let Some(finding) = facts.as_ref().and_then(|facts| token_mismatch(case, facts, refused.is_some())) {
        return finding;
    }
    if let Some(vendor_error) = refused {
        return CheckResult::found(refusal(vendor_error, facts.as_ref(), case), vendor_error.remedy());
    }
    let words = facts
        .as_ref()
        .and_then(|facts| Some(format!("of project {}, holds until {}", facts.project.as_ref()?, case.known.time(facts.expires?))));
    CheckResult::passed(words.unwrap_or_else(|| "one was sent, and the vendor does not speak of it".to_owned()))
}

fn refuses_token(vendor_error: &VendorError<'_>) -> bool {
    vendor_error.is_about_token() || vendor_error.category == Category::Credentials
}

/// Finds what the token's details alone show: expired, fetched from another service, for another project.
fn token_mismatch(case: &CheckInput<'_>, facts: &TokenDetails, refused: bool) -> Option<CheckResult> {
    let (exchange, time) = (case.exchange, |at| case.known.time(at));
    let expired = facts.expires.filter(|expires| *expires <= exchange.started);
    if let Some(expires) = expired {
        return Some(CheckResult::found_or_odd(
            refused,
            format!("The token expired at {}, before the call.", time(expires)),
            "Send again: a new token is fetched.",
        ));
    }
    if let Some((from, own)) = foreign_service(case) {
        let says = format!("The token comes from {from}, and this region's token service is {own}.");
        return Some(CheckResult::found_or_odd(
            refused,
            says,
            "Leave the token service to the region, or name the one of this cloud in the profile.",
        ));
    }
    let project = facts.project.as_deref().filter(|project| !is_of_region(project, &exchange.region))?;
    let blamed = refused || matches!(case.category(), Some(Category::Permission | Category::NotFound));
    Some(CheckResult::found_or_odd(
        blamed,
        format!("The token is for project {project}, and the call goes to region {}.", exchange.region),
        format!("Name a project of region {} in the profile: {} itself, or one that begins with {0}_.", exchange.region, exchange.region),
    ))
}

/// Returns where the token comes from and where the region's own come from, unless the two are of one cloud or on this machine.
fn foreign_service(case: &CheckInput<'_>) -> Option<(String, String)> {
    let from = &case.known.token?.endpoint;
    let own: Endpoint = case.provider.iam_endpoint_of(&case.exchange.region)?.parse().ok()?;
    let foreign = !from.is_loopback() && !same_cloud(&from.host, &own.host);
    foreign.then(|| (from.to_string(), own.to_string()))
}

/// Returns whether two hosts have their last two names in common: the token services of one cloud do.
fn same_cloud(one: &str, other: &str) -> bool {
    let mut pairs = one.rsplit('.').zip(other.rsplit('.')).take(2);
    pairs.all(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// Projects are named after their region, those below it with a name behind (`eu-de_orders`).
fn is_of_region(project: &str, region: &str) -> bool {
    project.strip_prefix(region).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// Describes why the vendor refuses the token, with its times when they are known.
fn refusal(vendor_error: &VendorError<'_>, facts: Option<&TokenDetails>, case: &CheckInput<'_>) -> String {
    let says = if vendor_error.may_mean(Condition::ExpiredToken) {
        "The vendor says that the token has expired."
    } else if vendor_error.may_mean(Condition::UnknownToken) && vendor_error.conditions.len() == 1 {
        "The vendor cannot read the token: it is of another cloud, or was cut short."
    } else {
        "The vendor refuses the token: expired, revoked, of another cloud or project."
    };
    match facts.and_then(|facts| Some((facts.issued?, facts.expires?))) {
        Some((issued, expires)) => format!(
            "{says} It was issued at {} to hold until {}: password, key or permissions may have changed since.",
            case.known.time(issued),
            case.known.time(expires)
        ),
        None => says.to_owned(),
    }
}

fn facts(exchange: &Exchange) -> Option<TokenDetails> {
    let told = exchange.answered()?.envelope.data.as_ref()?.value();
    let time = |name: &str| told.get(name)?.as_str()?.parse().ok();
    Some(TokenDetails {
        issued: time("issued_at"),
        expires: time("expires_at"),
        project: told.get("project").and_then(|project| project.get("name")?.as_str()).filter(|name| name.len() <= 128).map(str::to_owned),
    })
}
