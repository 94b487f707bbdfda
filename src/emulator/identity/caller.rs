//! Who asks the identity service: the holder of a token, or an account by its access key.

use super::{IdentityError, IdentityRequest};
use crate::catalog::Scheme;
use crate::emulator::auth::authenticate::{AuthenticationContext, by_signature};
use crate::wire::Response;

/// The caller of the identity service.
pub(super) struct IdentityCaller {
    /// The name of the domain: the account.
    pub domain: String,
    /// The id of the user; an access key names none.
    pub user_id: Option<String>,
}

/// Lets a caller in. Tokens of a domain are as good here as those of a project.
///
/// # Errors
/// The answer: keystone's to a token, the gateway's to a signature.
pub(super) fn admit(visit: &IdentityRequest<'_>) -> Result<IdentityCaller, Box<Response>> {
    let headers = &visit.request.headers;
    if let Some(token) = headers.get_str("x-auth-token") {
        let tokens = visit.identity_service.tokens.lock();
        let grant = tokens
            .grant(&visit.identity_service.provider_context.provider.id, token)
            .filter(|grant| grant.holds(visit.request_context.now));
        let user = grant.map(|grant| &grant.user).ok_or_else(|| Box::new(visit.deny(&IdentityError::unauthorized())))?;
        return Ok(IdentityCaller { domain: user.domain.clone(), user_id: Some(user.id()) });
    }
    if !headers.contains("authorization") {
        return Err(Box::new(visit.deny(&IdentityError::unauthorized())));
    }
    let identity_service = visit.identity_service;
    let gate = AuthenticationContext {
        provider_context: identity_service.provider_context,
        accounts: identity_service.accounts,
        tokens: identity_service.tokens,
        failures: identity_service.failures,
        now: visit.request_context.now,
    };
    let proof = by_signature(&gate, visit.request, Scheme::SdkHmac);
    let proof = proof.map_err(|refusal| Box::new(refusal.render(identity_service.provider_context, None, visit.request_context)))?;
    Ok(IdentityCaller { domain: identity_service.accounts.owner(&proof.caller.name).to_owned(), user_id: None })
}
