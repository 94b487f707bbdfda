//! The record of a request for an access log. No secret, no token, no signature.

use std::borrow::Cow;
use std::fmt::Debug;
use std::time::Duration;

use jiff::Timestamp;

use super::fault::{AppliedFaults, Failure};
use super::refusal::Refusal;
use crate::catalog::{Name, Operation, Provider};

/// One request and its answer. What came from the network stands as it came.
#[derive(Clone, Copy, Debug)]
pub struct AccessRecord<'a> {
    /// The time at which the request had arrived.
    pub arrived: Timestamp,
    /// The provider's id.
    pub provider: Name,
    /// The method; empty for what was no HTTP, or no connection at all.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// The answer's status; 0 when there was no answer.
    pub status: u16,
    /// The size of the answer's body in bytes.
    pub bytes: usize,
    /// From the request's head to the answer, injected delays included.
    pub took: Duration,
    /// The emulator's record of it.
    pub note: &'a Note,
}

/// A receiver of access records.
pub trait AccessSink: Debug + Send + Sync {
    /// Tells of a request. The answer waits until this returns: it must never wait for anybody itself.
    fn notify(&self, access: &AccessRecord<'_>);
}

/// The note on a request to which a fault was applied.
const INJECTED: &str = "injected";

/// The emulator's record of how it handled a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The operation's id; empty when there is no such route.
    pub operation: Name,
    /// The caller: an access key id or a user's name. Of a refused request, the id that it names; empty when it names none.
    pub caller: Cow<'static, str>,
    /// The vendor's code of a refusal; empty for a success.
    pub code: String,
    /// The reason why the credentials were refused, or a note that a fault was injected.
    pub reason: String,
    /// The id that was given to the request.
    pub request_id: String,
}

impl Note {
    /// Returns a note that has nothing but a reason.
    pub(super) fn from_reason(reason: &str) -> Self {
        Self { reason: reason.to_owned(), ..Self::default() }
    }

    /// Creates a note of a request for an operation.
    pub(super) fn of(operation: Name) -> Self {
        Self { operation, ..Self::default() }
    }

    /// Notes the faults that were applied. Delays and a clock that is off leave the answer as it is.
    pub(super) fn inject(&mut self, applied: &AppliedFaults) {
        if let Some(Failure::Code(code, _)) = &applied.instead {
            code.clone_into(&mut self.code);
        }
        if applied.instead.is_some() || applied.content.is_some() || applied.delivery.is_some() {
            INJECTED.clone_into(&mut self.reason);
        }
    }

    /// Notes that it was refused.
    pub(super) fn refuse(&mut self, refusal: &Refusal, provider: &Provider, operation: Option<&Operation>) {
        self.code = refusal.full_code(provider, operation);
        refusal.reason().clone_into(&mut self.reason);
        if self.caller.is_empty() {
            self.caller = refusal.caller().to_owned().into();
        }
    }
}
