//! The caller of the identity service: the holder of a token, or an account by its access key.

use super::{IdentityError, IdentityRequest};
use crate::catalog::Scheme;
use crate::emulator::auth::authenticate::by_signature;
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
pub(super) fn admit(call: &IdentityRequest<'_>) -> Result<IdentityCaller, Box<Response>> {
    let headers = &call.request.headers;
    if let Some(token) = headers.get_str("x-auth-token") {
        let (context, tokens) = (call.auth.context, call.auth.tokens.lock());
        let issued = tokens.find_token(&context.provider_context.provider.id, token).filter(|issued| issued.is_valid(context.now));
        let user = issued.map(|issued| &issued.user).ok_or_else(|| Box::new(call.deny(&IdentityError::unauthorized())))?;
        return Ok(IdentityCaller { domain: user.domain.clone(), user_id: Some(user.id()) });
    }
    if !headers.contains("authorization") {
        return Err(Box::new(call.deny(&IdentityError::unauthorized())));
    }
    let proof = by_signature(call.auth, call.request, Scheme::SdkHmac);
    let proof = proof.map_err(|refusal| Box::new(refusal.render(None, call.auth.context)))?;
    Ok(IdentityCaller { domain: call.auth.accounts.owner(&proof.caller.name).to_owned(), user_id: None })
}
