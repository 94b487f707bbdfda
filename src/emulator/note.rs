//! The emulator's note on a request, for the access log. No secret, no token, no signature.

use std::borrow::Cow;

use super::fault::{AppliedFaults, Failure};
use super::refusal::Refusal;
use crate::catalog::{Name, Operation, Provider};

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
    pub(super) fn because(reason: &str) -> Self {
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
