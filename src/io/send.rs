//! The one function that sends: guard, token, signature, request, answer. Guards are enforced here and nowhere else.

use std::sync::Arc;

use thiserror::Error;

use crate::auth::SignError;
use crate::catalog::{Operation, Provider};
use crate::config::Access;
use crate::exchange::{Exchange, ExchangeId};
use crate::form::Plan;

/// A call about to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// The provider.
    pub provider: Arc<Provider>,
    /// The operation.
    pub operation: Arc<Operation>,
    /// Whose account, which region, which server.
    pub access: Arc<Access>,
    /// The unsigned request.
    pub plan: Plan,
    /// Names of headers to sign besides those that the scheme signs by rule.
    pub also_signed: Vec<String>,
    /// Whether the operator confirmed this call by the profile's name.
    pub confirmed: bool,
}

/// What happens on the way. A call is several exchanges when a token is fetched first, or once more after a 401.
#[derive(Debug)]
pub enum Progress {
    /// A request is going out; its outcome is `InFlight`.
    Started(Box<Exchange>),
    /// An exchange has ended.
    Finished(Box<Exchange>),
}

/// Why nothing was sent.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// The profile's guard is `read-only`.
    #[error("profile `{profile}` is read-only, and {operation} changes something")]
    ReadOnly {
        /// The profile.
        profile: String,
        /// The operation.
        operation: String,
    },
    /// The profile's guard is `confirm`, and nobody confirmed.
    #[error("profile `{profile}` wants {operation} to be confirmed by the profile's name")]
    Unconfirmed {
        /// The profile.
        profile: String,
        /// The operation.
        operation: String,
    },
    /// It cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The token that the call needs was not had; the token request's own exchange says why.
    #[error("no token: {0}")]
    NoToken(String),
}

/// Sends calls; keeps connections and tokens between them.
#[derive(Debug)]
pub struct Sender {}

impl Sender {
    /// Sends a call and reports every exchange of it, the last one being the call's own. Dropping the future cancels it.
    ///
    /// # Errors
    /// [`Refusal`] when nothing was sent for the call itself.
    pub async fn send(
        &self,
        call: &Call,
        next_id: &(dyn Fn() -> ExchangeId + Sync),
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(), Refusal> {
        let _ = (call, next_id, progress);
        unimplemented!()
    }
}
