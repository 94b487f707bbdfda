//! The request as it would be sent, signed with the clock of the last keystroke.

use crate::auth::{self, Credentials, Scope, Signed, SigningInputs};
use crate::catalog::Provider;
use crate::config::Access;
use crate::form::{Form, Target, plan};
use crate::secret::Secret;

use crate::app::message::Now;

/// The placeholder for a token that is fetched only when the call is sent. It is shown masked, like a token.
const TOKEN_TO_COME: &str = "fetched-when-the-call-is-sent";

/// The `user-agent` of our requests.
pub const USER_AGENT: &str = concat!("skydeck/", env!("CARGO_PKG_VERSION"));

/// Builds and signs a form's request; the sentence says why there is none.
pub fn signed(provider: &Provider, form: &Form, access: &Access, now: &Now) -> Result<Signed, String> {
    let target = Target { endpoint: &access.endpoint, user_agent: USER_AGENT };
    let plan = plan(provider, form, target).map_err(|error| error.to_string())?;
    let moment = SigningInputs { now: now.time, nonce: now.nonce.clone() };
    let scope = Scope { region: &access.region, service: &provider.service };
    let to_come = Credentials::Token(Secret::new(TOKEN_TO_COME));
    let credentials = if awaits_token(access) { &to_come } else { &access.credentials };
    auth::sign(access.scheme, plan.request, credentials, scope, &moment, &[]).map_err(|error| error.to_string())
}

/// Returns whether the request's token is fetched when it is sent.
pub fn awaits_token(access: &Access) -> bool {
    access.scheme == auth::Scheme::IamToken && matches!(access.credentials, Credentials::Login(_))
}
