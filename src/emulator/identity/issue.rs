//! Tokens: issued, shown, taken back.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ask::{TokenRequest, UserCredentials};
use super::caller::IdentityCaller;
use super::{IdentityError, IdentityRequest, services};
use crate::emulator::auth::accounts::AcceptedUser;
use crate::emulator::auth::tokens::{IssuedToken, Scope};
use crate::wire::{Request, Response, parse_query};

/// The header that a token travels in that is asked about, or issued.
const SUBJECT: &str = "x-subject-token";

/// Answers `POST /v3/auth/tokens`.
pub(super) fn issue(call: &IdentityRequest<'_>) -> Result<Response, IdentityError> {
    if !may_be_json(call.request) {
        return Err(IdentityError::missing_attribute("application/json", "Content-Type header"));
    }
    let ask = TokenRequest::read(&call.request.body)?;
    let users = authenticate(call, &ask)?;
    let (user, scope) = scope(&ask, &users)?;
    let (provider, issued) = (call.auth.context.provider_context.provider.id.clone(), call.auth.context.now);
    let grant = IssuedToken { provider, caller: user.caller(), user, scope, issued, methods: ask.methods, revoked: false };
    let token = format!("MIIskydeck{}{}", call.auth.context.ids.hex64(), call.auth.context.ids.hex64());
    let mut response = call.reply(201, &json!({"token": describe(call, &grant)}));
    response.headers.push(SUBJECT, token.as_str());
    call.auth.tokens.lock().store_token(&token, grant);
    Ok(response)
}

/// Returns whether a body may be JSON by its content type. A form or plain text is what any web page can make a browser send; a client that
/// says nothing is no browser that does so unasked, for a browser adds the page's origin.
fn may_be_json(request: &Request) -> bool {
    let kind = request.headers.get_str("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.is_empty() || kind.eq_ignore_ascii_case("application/json")
}

/// Answers `GET` and `HEAD` of `/v3/auth/tokens`.
pub(super) fn show(call: &IdentityRequest<'_>, caller: &IdentityCaller) -> Result<Response, IdentityError> {
    let token = subject(call);
    let grant = valid_token(call, caller, token, "validate_token")?;
    let mut response = call.reply(200, &json!({"token": describe(call, &grant)}));
    response.headers.push(SUBJECT, token);
    Ok(response)
}

/// Answers `DELETE /v3/auth/tokens`.
pub(super) fn revoke(call: &IdentityRequest<'_>, caller: &IdentityCaller) -> Result<Response, IdentityError> {
    let token = subject(call);
    valid_token(call, caller, token, "revoke_token")?;
    call.auth.tokens.lock().revoke(token);
    Ok(call.reply(204, &Value::Null))
}

fn subject<'v>(call: &IdentityRequest<'v>) -> &'v str {
    call.request.headers.get_str(SUBJECT).unwrap_or_default()
}

/// Returns a token that still holds and belongs to the caller's domain.
fn valid_token(call: &IdentityRequest<'_>, caller: &IdentityCaller, token: &str, action: &str) -> Result<IssuedToken, IdentityError> {
    let issued = call.auth.tokens.lock().find_token(&call.auth.context.provider_context.provider.id, token).cloned();
    let grant = issued
        .filter(|issued| issued.is_valid(call.auth.context.now))
        .ok_or_else(|| IdentityError::with_status(404, "Failed to validate token"))?;
    if grant.user.domain == caller.domain {
        return Ok(grant);
    }
    Err(IdentityError::with_status(403, format!("You are not authorized to perform the requested action: identity:{action}.")))
}

/// Returns the user that the identity proves to be by each of its methods, once for each project: never none.
fn authenticate(call: &IdentityRequest<'_>, ask: &TokenRequest) -> Result<Vec<AcceptedUser>, IdentityError> {
    let by_password = ask.password.as_ref().map(|proof| by_password(call, proof)).transpose()?;
    let by_token = ask.token.as_deref().map(|token| by_token(call, token, call.auth.context.now)).transpose()?;
    if ask.totp.is_some() {
        // No user of the emulator has bound a virtual MFA device, so there is no passcode that is right.
        return Err(IdentityError::with_status(401, "Invalid username or TOTP passcode"));
    }
    match (by_password, by_token) {
        (Some(users), Some(others)) if users != others => Err(IdentityError::unauthorized()),
        (Some(users), _) | (None, Some(users)) => Ok(users),
        (None, None) => Err(IdentityError::unauthorized()),
    }
}

fn by_password(call: &IdentityRequest<'_>, proof: &UserCredentials) -> Result<Vec<AcceptedUser>, IdentityError> {
    let in_domain = |user: &AcceptedUser| proof.domain.as_ref().is_none_or(|domain| domain.is(&user.domain, || user.domain_id()));
    let meant = |user: &&AcceptedUser| proof.user.is(&user.name, || user.id()) && in_domain(user);
    let right = |user: &&AcceptedUser| user.password.expose() == proof.secret;
    let users: Vec<_> = call.auth.accounts.users().filter(meant).filter(right).cloned().collect();
    if users.is_empty() { Err(IdentityError::with_status(401, "The username or password is wrong.")) } else { Ok(users) }
}

fn by_token(call: &IdentityRequest<'_>, token: &str, now: Timestamp) -> Result<Vec<AcceptedUser>, IdentityError> {
    let tokens = call.auth.tokens.lock();
    let issued = tokens.find_token(&call.auth.context.provider_context.provider.id, token).filter(|issued| issued.is_valid(now));
    let holder = &issued.ok_or_else(IdentityError::unauthorized)?.user;
    let users = call.auth.accounts.users();
    Ok(users.filter(|user| (&user.name, &user.domain) == (&holder.name, &holder.domain)).cloned().collect())
}

/// Returns the user and the scope of the token; the project wins over the domain, and with neither it is the user's domain.
fn scope(ask: &TokenRequest, users: &[AcceptedUser]) -> Result<(AcceptedUser, Scope), IdentityError> {
    let found = if let Some(project) = &ask.project {
        let in_domain = |user: &AcceptedUser| ask.project_domain.as_ref().is_none_or(|domain| domain.is(&user.domain, || user.domain_id()));
        let user = users.iter().find(|user| project.is(&user.project, || user.project_id()) && in_domain(user));
        user.map(|user| (user.clone(), Scope::Project))
    } else {
        let meant = |user: &&AcceptedUser| ask.domain.as_ref().is_none_or(|domain| domain.is(&user.domain, || user.domain_id()));
        users.iter().find(meant).map(|user| (user.clone(), Scope::Domain))
    };
    found.ok_or_else(IdentityError::unauthorized)
}

/// Returns the body's account of a token.
fn describe(call: &IdentityRequest<'_>, grant: &IssuedToken) -> Value {
    let user = &grant.user;
    let domain = json!({"id": user.domain_id(), "name": user.domain});
    let mut token = json!({
        "methods": grant.methods,
        "expires_at": micros(grant.expires()),
        "issued_at": micros(grant.issued),
        "user": {"id": user.id(), "name": user.name, "domain": domain, "password_expires_at": ""},
        "roles": [{"id": "0", "name": "te_admin"}],
    });
    match grant.scope {
        Scope::Project => token["project"] = json!({"id": user.project_id(), "name": user.project, "domain": domain}),
        Scope::Domain => token["domain"] = domain,
    }
    if !parse_query(call.request.query()).iter().any(|(name, value)| name == "nocatalog" && !value.is_empty()) {
        token["catalog"] = services::catalog(call);
    }
    token
}

/// Returns a time with six decimals, as the identity service writes it.
fn micros(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
