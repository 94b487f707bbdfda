//! A call about to be sent, and why it may not be.

mod guard;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::auth::{SignError, TokenError, Trace};
use crate::catalog::{Operation, Provider};
use crate::config::Access;
use crate::exchange::{ExchangeId, FailureClass, Purpose};
use crate::form::{Plan, Value, secrets};
use crate::redact::SecretRegistry;
use crate::wire::{Endpoint, Request};

pub use guard::{check_call, check_guard};

/// A call about to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// The provider.
    pub provider: Arc<Provider>,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The account, the region and the server.
    pub access: Arc<Access>,
    /// The unsigned request.
    pub plan: Plan,
    /// The form's values that were set, for the history.
    pub values: Vec<(String, Value)>,
    /// The number, in the history, of the exchange that this call repeats.
    pub origin: Option<i64>,
    /// Names of headers to sign besides those that the scheme signs by rule.
    pub also_signed: Vec<String>,
    /// The offset of the clock that it is signed by from this machine's.
    pub ahead: SignedDuration,
    /// Whether the operator confirmed this call by the profile's name.
    pub confirmed: bool,
    /// For whom it is made.
    pub purpose: Purpose,
    /// The earlier request that it repeats.
    pub again: Resend,
}

impl Call {
    /// Returns a moment of this machine's clock, by the clock that the call is signed by.
    pub fn to_signing_clock(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.ahead).unwrap_or(now)
    }

    /// Registers the secrets that it is sent with, and the names of those that it may be answered with.
    pub fn register_secrets(&self, registry: &SecretRegistry) {
        registry.add_names(self.operation.secret_names());
        registry.add(&secrets(&self.operation, &self.values).collect::<Vec<_>>());
        registry.add(self.access.credentials.secrets());
    }
}

/// A call that was sent before, or may be sent several times.
#[derive(Clone, Debug, Default)]
pub struct Resend {
    /// The exchange of this session that it repeats.
    pub repeats: Option<ExchangeId>,
    /// The very bytes to send, in place of a request that is signed now.
    pub exact: Option<Box<ExactRequest>>,
    /// The number of attempts that remain when the vendor throttles or fails.
    pub retries: u32,
}

/// A request that was sent once and is sent again as it was.
#[derive(Clone, Debug)]
pub struct ExactRequest {
    /// The request, signed as it was then.
    pub request: Request,
    /// The trace of its signing then.
    pub signing: Option<Trace>,
    /// The destination.
    pub endpoint: Endpoint,
}

/// The reason why nothing was sent.
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
    NoToken(#[from] NoToken),
    /// No nonce can be made: the system gives no random bytes, and says why.
    #[error("the system gives no random numbers for a nonce: {0}")]
    NoRandomness(String),
}

/// The reason why a call has no token.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoToken {
    /// No token service is known.
    #[error("no token service is known for region {region}: name one in the profile")]
    NoService {
        /// The region.
        region: String,
    },
    /// The answer has none.
    #[error("{error}{}", .message.as_ref().map(|message| format!(": {message}")).unwrap_or_default())]
    Answer {
        /// The error.
        error: TokenError,
        /// The token service's own message.
        message: Option<String>,
    },
    /// No answer came.
    #[error("{}: {detail}", .class.name())]
    Failed {
        /// The kind of failure.
        class: FailureClass,
        /// The message of the library or the system.
        detail: String,
    },
    /// The token service was not asked.
    #[error("the token service was not asked")]
    NotAsked,
}
