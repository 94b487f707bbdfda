//! Who asks the identity service: the holder of a token, or an account by its access key.

use super::{Denied, Visit};
use crate::catalog::Scheme;
use crate::emulator::authenticate::{Gate, by_signature};
use crate::emulator::locked::locked;
use crate::wire::Response;

/// Who asks.
pub(super) struct Visitor {
    /// The name of the domain: the account.
    pub domain: String,
    /// The id of the user; an access key names none.
    pub user_id: Option<String>,
}

/// Lets a caller in. Tokens of a domain are as good here as those of a project.
///
/// # Errors
/// The answer: keystone's to a token, the gateway's to a signature.
pub(super) fn admit(visit: &Visit<'_>) -> Result<Visitor, Box<Response>> {
    let headers = &visit.request.headers;
    if let Some(token) = headers.get_str("x-auth-token") {
        let tokens = locked(visit.desk.tokens);
        let grant = tokens.grant(&visit.desk.station.provider.id, token).filter(|grant| grant.holds(visit.facts.now));
        let user = grant.map(|grant| &grant.user).ok_or_else(|| Box::new(visit.deny(&Denied::unauthorized())))?;
        return Ok(Visitor { domain: user.domain.clone(), user_id: Some(user.id()) });
    }
    if !headers.contains("authorization") {
        return Err(Box::new(visit.deny(&Denied::unauthorized())));
    }
    let desk = visit.desk;
    let gate = Gate { station: desk.station, accounts: desk.accounts, tokens: desk.tokens, failures: desk.failures, now: visit.facts.now };
    let proof = by_signature(&gate, visit.request, Scheme::SdkHmac);
    let proof = proof.map_err(|refusal| Box::new(refusal.render(desk.station, None, visit.facts)))?;
    Ok(Visitor { domain: desk.accounts.owner(&proof.caller.name).to_owned(), user_id: None })
}
