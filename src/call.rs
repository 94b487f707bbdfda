//! A call about to be sent, and why it may not be.

use std::sync::Arc;

use thiserror::Error;

use crate::auth::{SignError, Trace};
use crate::catalog::{Operation, Provider};
use crate::config::{Access, Guard};
use crate::exchange::{ExchangeId, Purpose};
use crate::form::{Plan, Value};
use crate::wire::{Endpoint, Request};

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
    /// The form's values that were set, for the history.
    pub values: Vec<(String, Value)>,
    /// The number, in the history, of the exchange that this call repeats.
    pub origin: Option<i64>,
    /// Names of headers to sign besides those that the scheme signs by rule.
    pub also_signed: Vec<String>,
    /// Whether the operator confirmed this call by the profile's name.
    pub confirmed: bool,
    /// For whom it is made.
    pub purpose: Purpose,
    /// What of it was sent before.
    pub again: Again,
}

/// A call that was sent before, or may be sent several times.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// The exchange of this session that it repeats.
    pub repeats: Option<ExchangeId>,
    /// The very bytes to send, in place of a request that is signed now.
    pub exact: Option<Box<Exact>>,
    /// How many more attempts there may be when the vendor throttles or fails.
    pub retries: u32,
}

/// A request that was sent once and is sent again as it was.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The request, signed as it was then.
    pub request: Request,
    /// How it was signed then.
    pub signing: Option<Trace>,
    /// Where it went.
    pub endpoint: Endpoint,
}

/// Whether a profile's guard lets an operation through. The sender enforces it; others may ask beforehand.
///
/// # Errors
/// [`Refusal::ReadOnly`] and [`Refusal::Unconfirmed`], for what changes something.
pub fn check_guard(guard: Guard, profile: &str, operation: &Operation, confirmed: bool) -> Result<(), Refusal> {
    let (profile, id) = (profile.to_owned(), operation.id.clone());
    match guard {
        _ if !operation.changes => Ok(()),
        Guard::ReadOnly => Err(Refusal::ReadOnly { profile, operation: id }),
        Guard::Confirm if !confirmed => Err(Refusal::Unconfirmed { profile, operation: id }),
        Guard::Confirm | Guard::None => Ok(()),
    }
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
    /// No nonce can be made: the system gives no random bytes, and says why.
    #[error("the system gives no random numbers for a nonce: {0}")]
    NoRandomness(String),
}
