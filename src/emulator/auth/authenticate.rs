//! Authenticates a request by its token or its signature, as the vendor does.

use std::borrow::Cow;

use parking_lot::Mutex;

use super::accounts::{Accounts, Caller};
use super::failures::Failures;
use super::tokens::Tokens;
use crate::auth::scheme::MismatchText;
use crate::auth::{ComputedSignature, Scheme, SchemeDescriptor, Scope, Trace, VerifyError, claimed_scope, rpc_string_to_sign, verify};
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
        return Err(Refusal::for_condition(Condition::NoCredentials).with_reason(VerifyError::NoCredentials.to_string()));
    }
    let tokens = auth.tokens.lock();
    let holder = tokens.holder(&auth.context.provider_context.provider.id, token, auth.context.now);
    let caller = holder.map_err(|condition| {
        let reason = if condition == Condition::ExpiredToken { "the token has expired" } else { "unknown token" };
        Refusal::for_condition(condition).with_reason(reason)
    })?;
    Ok(AuthenticatedCaller { caller, nonce: None })
}

/// Checks the signature of a request, whatever else it carries.
pub(crate) fn by_signature<'a>(
    auth: &AuthenticationContext<'_>,
    request: &'a Request,
    scheme: CatalogScheme,
) -> Result<AuthenticatedCaller<'a>, Refusal> {
    let scheme = Scheme::from(scheme);
    let Some(descriptor) = scheme.descriptor() else { return Err(Refusal::for_condition(Condition::NoCredentials)) };
    let verified = verify(scheme, request, &|id: &str| auth.accounts.key(id), auth.context.now);
    if descriptor.locks_keys {
        count(auth, verified.as_ref())?;
    }
    let computed = verified.map_err(|error| {
        let shows_text = matches!(error, VerifyError::Malformed(_)) && auth.context.provider_context.router.is_rpc(request);
        let refusal = refusal(error, descriptor);
        if shows_text { refusal.with_suffix(rpc_tail(&rpc_string_to_sign(request))) } else { refusal }
    })?;
    let descriptor = computed.descriptor();
    let checked = check_scope(auth.context.provider_context, descriptor, claimed_scope(scheme, request));
    let checked = checked.and_then(|()| check_needed(request, descriptor));
    checked.map_err(|refusal| refusal.with_caller(computed.key_id()))?;
    let nonce = descriptor.nonce.and_then(|name| value(request, descriptor, name));
    Ok(AuthenticatedCaller { caller: auth.accounts.caller(computed.key_id()), nonce })
}

/// Returns the value of a header, or of a parameter where the signature is one.
fn value<'a>(request: &'a Request, scheme: &SchemeDescriptor, name: &str) -> Option<Cow<'a, [u8]>> {
    if scheme.query.is_none() {
        return request.headers.get(name).map(Cow::Borrowed);
    }
    let parameter = flat_parameters(request).into_iter().find(|(known, _)| known == name);
    parameter.map(|(_, value)| Cow::Owned(value.into_owned().into_bytes()))
}

/// Returns the end of the gateway's message on an older signature.
fn rpc_tail(string_to_sign: &str) -> String {
    format!(" server string to sign is:{string_to_sign}")
}

/// Refuses a request without what the gateway needs beside a signature that holds (of Alibaba's V3: the public request headers). The body's
/// hash was checked with the signature; the parameters of an RPC call but the nonce are the router's.
fn check_needed(request: &Request, scheme: &SchemeDescriptor) -> Result<(), Refusal> {
    let here = |name: &&&str| Some(**name) != scheme.hash && (scheme.query.is_none() || Some(**name) == scheme.nonce);
    let is_missing = |name: &&&str| value(request, scheme, name).is_none_or(|value| value.is_empty());
    let Some(name) = scheme.needed.iter().filter(here).find(is_missing) else { return Ok(()) };
    let words = name.strip_prefix(scheme.own.unwrap_or_default()).unwrap_or(name).split('-');
    let parameter: String = words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
    Err(Refusal::for_condition(Condition::MissingParameter).with_parameter(&parameter).with_reason(format!("no {name}")))
}

/// Refuses a signature that holds but is for another service, or for a region in which it is not served: the station is that of the
/// claimed region where there is one.
fn check_scope(provider_context: &ProviderContext, scheme: &SchemeDescriptor, scope: Option<Scope<'_>>) -> Result<(), Refusal> {
    if scheme.terminator.is_none() || scheme.scope_may_be_empty {
        return Ok(());
    }
    let Scope { region, service } = scope.unwrap_or(Scope { region: "", service: "" });
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !is_name(region) || !is_name(service) {
        let reason = format!("the scope has the region `{region}` and the service `{service}`");
        return Err(Refusal::for_condition(Condition::MalformedAuthorization).with_reason(reason));
    }
    let reason = match (service == provider_context.provider.service, region == provider_context.region) {
        (true, true) => return Ok(()),
        (false, _) => format!("the scope names the service `{service}`"),
        (true, false) => format!("the region `{region}` of the scope is not served"),
    };
    Err(Refusal::for_condition(Condition::UnknownService).with_values([service]).with_reason(reason))
}

/// Counts failures of a key in a row.
///
/// # Errors
/// The key is locked, whether or not this signature holds.
fn count(auth: &AuthenticationContext<'_>, verified: Result<&ComputedSignature<'_>, &VerifyError>) -> Result<(), Refusal> {
    let key_id = match verified {
        Ok(computed) => computed.key_id(),
        Err(VerifyError::Mismatch(trace)) => &trace.key_id,
        Err(_) => return Ok(()),
    };
    if auth.failures.is_locked(key_id, auth.context.now) {
        return Err(Refusal::for_condition(Condition::LockedKey)
            .with_caller(key_id)
            .with_reason("the key is locked: too many signatures failed in a row"));
    }
    match verified {
        Ok(_) => auth.failures.clear(key_id),
        Err(_) => auth.failures.add(key_id, auth.context.now),
    }
    Ok(())
}

/// Returns the refusal for a request that does not verify.
fn refusal(error: VerifyError, scheme: &SchemeDescriptor) -> Refusal {
    let reason = error.to_string();
    let caller = match &error {
        VerifyError::UnknownKey(id) => id.clone(),
        VerifyError::Mismatch(trace) => trace.key_id.clone(),
        _ => String::new(),
    };
    let refusal = match error {
        VerifyError::NoCredentials => Refusal::for_condition(Condition::NoCredentials),
        VerifyError::Malformed(_) | VerifyError::Unsigned(_) => {
            Refusal::for_condition(Condition::MalformedAuthorization).with_values([&reason])
        }
        VerifyError::MalformedDate(_) => Refusal::for_condition(Condition::MalformedDate).with_values([scheme.date_in_messages]),
        VerifyError::Stale(_) => Refusal::for_condition(Condition::StaleDate),
        VerifyError::UnknownKey(id) => Refusal::for_condition(Condition::UnknownKey).with_values([id]),
        VerifyError::MissingSecurityToken => Refusal::for_condition(Condition::MissingSecurityToken).with_values([&reason]),
        VerifyError::WrongSecurityToken => Refusal::for_condition(Condition::WrongSecurityToken).with_values([&reason]),
        VerifyError::Mismatch(trace) => mismatch(&trace),
    };
    refusal.with_caller(&caller).with_reason(reason)
}

/// Returns a wrong signature, with the server's own text where the vendor shows it.
fn mismatch(trace: &Trace) -> Refusal {
    let (refusal, shown) = (Refusal::for_condition(Condition::WrongSignature), trace.scheme.descriptor().map(|scheme| scheme.mismatch));
    match shown.unwrap_or(MismatchText::Hidden) {
        MismatchText::Hidden => refusal,
        MismatchText::Both => refusal.with_suffix(format!(
            " server StringToSign is [{}] server CanonicalRequest is [{}]",
            trace.string_to_sign, trace.canonical_request
        )),
        MismatchText::StringToSign => {
            refusal.with_message("Specified signature is not matched with our calculation.").with_suffix(rpc_tail(&trace.string_to_sign))
        }
        MismatchText::CanonicalRequest => refusal.with_suffix(format!(", canonicalRequest:{}", trace.canonical_request.replace('\n', "|"))),
    }
}
