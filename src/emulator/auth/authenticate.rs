//! Authenticates a request by its token or its signature, as the vendor does.

use std::borrow::Cow;

use parking_lot::Mutex;

use super::accounts::{Accounts, Caller};
use super::failures::Failures;
use super::tokens::Tokens;
use crate::auth::{
    ComputedSignature, Scheme, Scope, Trace, VerifyError, claimed_scope, rpc_string_to_sign, verify_alibaba, verify_sdk_hmac,
    verify_volcengine,
};
use crate::catalog::{Condition, Scheme as CatalogScheme};
use crate::emulator::refusal::Refusal;
use crate::emulator::request_context::{ProviderContext, RequestContext};
use crate::form::flat_parameters;
use crate::wire::Request;

/// The inputs of authentication.
pub(crate) struct AuthenticationContext<'a> {
    /// The facts of the request.
    pub context: &'a RequestContext<'a>,
    /// The accepted keys and users.
    pub accounts: &'a Accounts,
    /// The tokens issued so far.
    pub tokens: &'a Mutex<Tokens>,
    /// The signatures that failed.
    pub failures: &'a Failures,
}

/// The result of authentication.
#[derive(Debug)]
pub(crate) struct AuthenticatedCaller<'a> {
    /// The caller.
    pub caller: Caller,
    /// The nonce that the signature covers, where the scheme has one.
    pub nonce: Option<Cow<'a, [u8]>>,
}

/// Checks a request. Whether its nonce was used before is the caller's to see.
pub(crate) fn authenticate<'a>(auth: &AuthenticationContext<'_>, request: &'a Request) -> Result<AuthenticatedCaller<'a>, Refusal> {
    let routes = &auth.context.provider_context.provider.auth;
    // With a token and a signature at once the token counts.
    if routes.contains(&CatalogScheme::IamToken) && (request.headers.contains("x-auth-token") || routes.len() == 1) {
        return by_token(auth, request);
    }
    let scheme = routes.iter().copied().find(|scheme| *scheme != CatalogScheme::IamToken).unwrap_or(CatalogScheme::IamToken);
    by_signature(auth, request, scheme)
}

fn by_token<'a>(auth: &AuthenticationContext<'_>, request: &'a Request) -> Result<AuthenticatedCaller<'a>, Refusal> {
    let token = request.headers.get_str("x-auth-token").unwrap_or_default();
    if token.is_empty() {
        return Err(Refusal::of(Condition::NoCredentials).because(VerifyError::NoCredentials.to_string()));
    }
    let tokens = auth.tokens.lock();
    let holder = tokens.holder(&auth.context.provider_context.provider.id, token, auth.context.now);
    let caller = holder.map_err(|condition| {
        let reason = if condition == Condition::ExpiredToken { "the token has expired" } else { "unknown token" };
        Refusal::of(condition).because(reason)
    })?;
    Ok(AuthenticatedCaller { caller, nonce: None })
}

/// Checks the signature of a request, whatever else it carries.
pub(crate) fn by_signature<'a>(
    auth: &AuthenticationContext<'_>,
    request: &'a Request,
    scheme: CatalogScheme,
) -> Result<AuthenticatedCaller<'a>, Refusal> {
    let keys = |id: &str| auth.accounts.key(id);
    let verify = match scheme {
        CatalogScheme::Acs3 => verify_alibaba,
        CatalogScheme::Volcengine => verify_volcengine,
        CatalogScheme::SdkHmac => verify_sdk_hmac,
        CatalogScheme::IamToken => return Err(Refusal::of(Condition::NoCredentials)),
    };
    let verified = verify(request, &keys, auth.context.now);
    if scheme == CatalogScheme::SdkHmac {
        count(auth, verified.as_ref())?;
    }
    let signature = verified.map_err(|error| {
        let shows_text = matches!(error, VerifyError::Malformed(_)) && auth.context.provider_context.router.is_rpc(request);
        let refusal = refusal(error, scheme);
        if shows_text { refusal.ending(rpc_tail(&rpc_string_to_sign(request))) } else { refusal }
    })?;
    if scheme == CatalogScheme::Volcengine {
        check_scope(auth.context.provider_context, claimed_scope(request)).map_err(|refusal| refusal.of_caller(signature.key_id()))?;
    }
    if matches!(signature.scheme(), Scheme::Acs3 | Scheme::Acs1) {
        check_headers(request, signature.scheme()).map_err(|refusal| refusal.of_caller(signature.key_id()))?;
    }
    let nonce = nonce(request, signature.scheme());
    if signature.scheme() == Scheme::AcsRpc && nonce.as_ref().is_none_or(|nonce| nonce.is_empty()) {
        let refusal = Refusal::of(Condition::MissingParameter).about("SignatureNonce").because("no SignatureNonce");
        return Err(refusal.of_caller(signature.key_id()));
    }
    Ok(AuthenticatedCaller { caller: auth.accounts.caller(signature.key_id()), nonce })
}

fn nonce(request: &Request, scheme: Scheme) -> Option<Cow<'_, [u8]>> {
    match scheme {
        Scheme::Acs3 | Scheme::Acs1 => request.headers.get("x-acs-signature-nonce").map(Cow::Borrowed),
        Scheme::AcsRpc => {
            let nonce = flat_parameters(request).into_iter().find(|(name, _)| name == "SignatureNonce");
            nonce.map(|(_, nonce)| Cow::Owned(nonce.into_owned().into_bytes()))
        }
        _ => None,
    }
}

/// Returns the end of the gateway's message on an older signature.
fn rpc_tail(string_to_sign: &str) -> String {
    format!(" server string to sign is:{string_to_sign}")
}

/// Refuses a request without what Alibaba's gateway wants beside a signature that holds (signature V3, public request headers). The
/// older signature needs no action: the path says it.
fn check_headers(request: &Request, scheme: Scheme) -> Result<(), Refusal> {
    let needed = [("x-acs-action", "Action"), ("x-acs-version", "Version"), ("x-acs-signature-nonce", "SignatureNonce")];
    match needed[usize::from(scheme == Scheme::Acs1)..].iter().find(|(header, _)| request.headers.get(header).is_none_or(<[u8]>::is_empty))
    {
        Some((header, parameter)) => Err(Refusal::of(Condition::MissingParameter).about(parameter).because(format!("no {header}"))),
        None => Ok(()),
    }
}

/// Refuses a signature that holds but is for another service, or for a region in which it is not served: the station is that of the
/// claimed region where there is one.
fn check_scope(provider_context: &ProviderContext, scope: Option<Scope<'_>>) -> Result<(), Refusal> {
    let Scope { region, service } = scope.unwrap_or(Scope { region: "", service: "" });
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !is_name(region) || !is_name(service) {
        let reason = format!("the scope has the region `{region}` and the service `{service}`");
        return Err(Refusal::of(Condition::MalformedAuthorization).because(reason));
    }
    let reason = match (service == provider_context.provider.service, region == provider_context.region) {
        (true, true) => return Ok(()),
        (false, _) => format!("the scope names the service `{service}`"),
        (true, false) => format!("the region `{region}` of the scope is not served"),
    };
    Err(Refusal::of(Condition::UnknownService).filled([service]).because(reason))
}

/// Counts failures of a key in a row.
///
/// # Errors
/// The key is locked, whether or not this signature holds.
fn count(auth: &AuthenticationContext<'_>, verified: Result<&ComputedSignature<'_>, &VerifyError>) -> Result<(), Refusal> {
    let key_id = match verified {
        Ok(signature) => signature.key_id(),
        Err(VerifyError::Mismatch(trace)) => &trace.key_id,
        Err(_) => return Ok(()),
    };
    if auth.failures.is_locked(key_id, auth.context.now) {
        return Err(Refusal::of(Condition::LockedKey).of_caller(key_id).because("the key is locked: too many signatures failed in a row"));
    }
    match verified {
        Ok(_) => auth.failures.clear(key_id),
        Err(_) => auth.failures.add(key_id, auth.context.now),
    }
    Ok(())
}

/// Returns the refusal for a request that does not verify.
fn refusal(error: VerifyError, scheme: CatalogScheme) -> Refusal {
    let message_text = error.to_string();
    let caller = match &error {
        VerifyError::UnknownKey(id) => id.clone(),
        VerifyError::Mismatch(trace) => trace.key_id.clone(),
        _ => String::new(),
    };
    answered(error, scheme, &message_text).of_caller(&caller).because(message_text)
}

/// Returns the refusal as the vendor words it.
fn answered(error: VerifyError, scheme: CatalogScheme, message_text: &str) -> Refusal {
    match error {
        VerifyError::NoCredentials => Refusal::of(Condition::NoCredentials),
        VerifyError::Malformed(_) | VerifyError::Unsigned(_) => Refusal::of(Condition::MalformedAuthorization).filled([message_text]),
        VerifyError::MalformedDate(_) => Refusal::of(Condition::MalformedDate).filled([date_header(scheme)]),
        VerifyError::Stale(_) => Refusal::of(Condition::StaleDate),
        VerifyError::UnknownKey(id) => Refusal::of(Condition::UnknownKey).filled([id]),
        VerifyError::MissingSecurityToken => Refusal::of(Condition::MissingSecurityToken).filled([message_text]),
        VerifyError::WrongSecurityToken => Refusal::of(Condition::WrongSecurityToken).filled([message_text]),
        VerifyError::Mismatch(trace) => mismatch(&trace),
    }
}

fn date_header(scheme: CatalogScheme) -> &'static str {
    match scheme {
        CatalogScheme::Acs3 => "x-acs-date",
        CatalogScheme::Volcengine => "X-Date",
        CatalogScheme::SdkHmac | CatalogScheme::IamToken => "X-Sdk-Date",
    }
}

/// Returns a wrong signature, with the server's own text where the vendor shows it.
fn mismatch(trace: &Trace) -> Refusal {
    let refusal = Refusal::of(Condition::WrongSignature);
    match trace.scheme {
        Scheme::Acs3 => refusal
            .ending(format!(" server StringToSign is [{}] server CanonicalRequest is [{}]", trace.string_to_sign, trace.canonical_request)),
        Scheme::Acs1 | Scheme::AcsRpc => {
            refusal.saying("Specified signature is not matched with our calculation.").ending(rpc_tail(&trace.string_to_sign))
        }
        Scheme::SdkHmac | Scheme::SdkHmacScoped => {
            refusal.ending(format!(", canonicalRequest:{}", trace.canonical_request.replace('\n', "|")))
        }
        Scheme::Volcengine | Scheme::IamToken => refusal,
    }
}
