//! The request as it would be sent, signed with the clock of the last keystroke.

use super::error::RequestError;
use crate::app::message::Now;
use crate::auth::{self, Credentials, Scope, Signed, SigningInputs};
use crate::catalog::Provider;
use crate::config::Access;
use crate::form::{Form, plan};
use crate::secret::Secret;

/// The placeholder for a token that is fetched only when the call is sent. It is shown masked, like a token.
const TOKEN_PLACEHOLDER: &str = "fetched-when-the-call-is-sent";

/// Builds and signs a form's request.
pub fn signed(provider: &Provider, form: &Form, access: &Access, now: &Now) -> Result<Signed, RequestError> {
    let plan = plan(provider, form, &access.endpoint)?;
    let moment = SigningInputs { now: now.time, nonce: now.nonce.clone() };
    let scope = Scope { region: &access.region, service: &provider.service };
    let to_come = Credentials::Token(Secret::new(TOKEN_PLACEHOLDER));
    let credentials = if access.awaits_token() { &to_come } else { &access.credentials };
    Ok(auth::sign(access.scheme, plan.request, credentials, scope, &moment, &[])?)
}
