//! What the vendor said: its status, code and message, the catalog's entry for them, and what they are about.

use super::condition::conditions;
use super::matter::Matter;
use crate::catalog::{Condition, ErrorCode, Layer, Operation, Provider};
use crate::envelope::{Envelope, Foreign, Verdict};
use crate::exchange::Exchange;

/// An error of the vendor's.
pub(super) struct Said<'a> {
    pub(super) status: u16,
    /// Empty where the vendor documents an answer without a code.
    pub(super) code: &'a str,
    pub(super) message: &'a str,
    pub(super) envelope: &'a Envelope,
    pub(super) entry: Option<&'a ErrorCode>,
    /// Which of the catalog's conditions the code and the message can stand for; empty where they do not tell.
    pub(super) conditions: Vec<Condition>,
    pub(super) matter: Matter,
}

impl<'a> Said<'a> {
    /// Reads the answer; `None` when there is none, when it is a success, and when somebody else seems to have answered.
    pub(super) fn of(provider: &'a Provider, operation: Option<&'a Operation>, exchange: &'a Exchange) -> Option<Self> {
        let answered = exchange.answered()?;
        let (status, envelope) = (answered.response.status, &answered.envelope);
        let code = envelope.code.as_deref().unwrap_or_default();
        let message = envelope.message.as_deref().unwrap_or_default();
        let entry = match &envelope.verdict {
            Verdict::Success => return None,
            // An error without a code, where the catalog documents one of this status.
            Verdict::Foreign(Foreign::Empty | Foreign::OtherJson) if code.is_empty() && status >= 400 => {
                Some(provider.error_without_code(operation, status)?)
            }
            Verdict::Foreign(_) if code.is_empty() => return None,
            Verdict::Failure | Verdict::Foreign(_) => provider.error(operation, Some(status), code).filter(|_| !code.is_empty()),
        };
        let conditions = entry.map(|entry| conditions(provider, operation, entry, message)).unwrap_or_default();
        let matter = Matter::of(&conditions, status, code);
        Some(Self { status, code, message, envelope, entry, conditions, matter })
    }

    /// Whether this may be what the answer means.
    pub(super) fn may_mean(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }

    /// Whether the code is about a token.
    pub(super) fn is_about_a_token(&self) -> bool {
        use Condition::{ExpiredToken, MissingSecurityToken, UnknownToken, WrongSecurityToken};
        let by_condition = [ExpiredToken, MissingSecurityToken, UnknownToken, WrongSecurityToken].into_iter().any(|of| self.may_mean(of));
        let code = self.code.to_ascii_lowercase();
        by_condition || (code.contains("token") && !self.may_mean(Condition::NoCredentials))
    }

    /// Whether the service itself answered, behind the gateway.
    pub(super) fn is_the_services(&self) -> bool {
        self.entry.is_some_and(|entry| entry.layer == Layer::Service)
    }

    /// What to do by the catalog, or else by what the error is about.
    pub(super) fn remedy(&self) -> String {
        self.entry.map_or_else(|| self.matter.remedy().to_owned(), |entry| entry.remedy.clone())
    }

    /// The value of another of the envelope's fields.
    pub(super) fn field(&self, name: &str) -> Option<&'a str> {
        self.envelope.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
