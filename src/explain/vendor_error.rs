//! What the vendor said: its status, code and message, the catalog's entry for them, and what they are about.

use std::borrow::Cow;

use super::category::Category;
use super::condition::conditions;
use super::error_text::ErrorText;
use crate::catalog::{Condition, ErrorCode, Layer, MessageRule, Operation, Provider};
use crate::envelope::{Envelope, Foreign, Verdict};
use crate::exchange::Exchange;

/// The status with which a proxy asks for a login of its own.
const PROXY_LOGIN: u16 = 407;

/// An error of the vendor's.
pub(super) struct VendorError<'a> {
    /// The HTTP status; 0 where it is not known.
    pub(super) status: u16,
    pub(super) envelope: Cow<'a, Envelope>,
    pub(super) entry: Option<&'a ErrorCode>,
    /// The rule for the message, where it tells more than the code.
    pub(super) rule: Option<&'a MessageRule>,
    /// The catalog's conditions that the code and the message can stand for; empty where they do not tell.
    pub(super) conditions: Vec<Condition>,
    pub(super) category: Category,
}

impl<'a> VendorError<'a> {
    /// Reads the answer; `None` when there is none, when it is a success, and when somebody else seems to have answered.
    pub(super) fn from_exchange(provider: &'a Provider, operation: Option<&'a Operation>, exchange: &'a Exchange) -> Option<Self> {
        let answered = exchange.answered()?;
        let (status, envelope) = (answered.response.status, &answered.envelope);
        let coded = envelope.code.as_ref().is_some_and(|code| !code.is_empty());
        match &envelope.verdict {
            Verdict::Success => None,
            Verdict::Failure => Some(Self::new(provider, operation, status, Cow::Borrowed(envelope))),
            Verdict::Foreign(_) if coded => Some(Self::new(provider, operation, status, Cow::Borrowed(envelope))),
            Verdict::Foreign(_) if status < 400 || status == PROXY_LOGIN => None,
            Verdict::Foreign(what) => {
                let inner = ErrorText::find_in_body(provider, &answered.response.body).map(|inner| inner.envelope(envelope));
                inner.map(|inner| Self::new(provider, operation, status, Cow::Owned(inner))).or_else(|| {
                    // An error without a code, where the catalog documents one of this status.
                    let documented = matches!(what, Foreign::Empty | Foreign::OtherJson);
                    let entry = provider.error_without_code(operation, status).filter(|_| documented)?;
                    Some(Self::with_entry(provider, operation, Some(entry), status, Cow::Borrowed(envelope)))
                })
            }
        }
    }

    fn new(provider: &'a Provider, operation: Option<&'a Operation>, status: u16, envelope: Cow<'a, Envelope>) -> Self {
        let code = envelope.code.as_deref().filter(|code| !code.is_empty());
        let entry = code.and_then(|code| provider.error(operation, Some(status), code));
        Self::with_entry(provider, operation, entry, status, envelope)
    }

    /// Creates an error whose entry, if there is one, is known.
    pub(super) fn with_entry(
        provider: &'a Provider,
        operation: Option<&'a Operation>,
        entry: Option<&'a ErrorCode>,
        status: u16,
        envelope: Cow<'a, Envelope>,
    ) -> Self {
        let code = envelope.code.as_deref().unwrap_or_default();
        let message = envelope.message.as_deref().unwrap_or_default();
        let rule = provider.message_rule(operation, code, message).filter(|rule| !is_implied_by_code(provider, operation, entry, rule));
        let conditions = match (rule, entry) {
            (Some(rule), _) => rule.condition.into_iter().collect(),
            (None, Some(entry)) => conditions(provider, operation, entry, message),
            (None, None) => Vec::new(),
        };
        let status = if status == 0 { rule.and_then(|rule| rule.status).or_else(|| status_in(code)).unwrap_or(0) } else { status };
        let by_rule = rule.filter(|rule| rule.condition.is_none()).and_then(|rule| rule.status);
        let category = by_rule.map_or_else(|| Category::classify(&conditions, status, code), Category::by_status);
        Self { status, envelope, entry, rule, conditions, category }
    }

    /// Returns the code; empty where the vendor documents an answer without one.
    pub(super) fn code(&self) -> &str {
        self.envelope.code.as_deref().unwrap_or_default()
    }

    pub(super) fn message(&self) -> &str {
        self.envelope.message.as_deref().unwrap_or_default()
    }

    /// Returns whether this may be what the answer means.
    pub(super) fn may_mean(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }

    /// Returns whether the code or the message is about a token.
    pub(super) fn is_about_token(&self) -> bool {
        use Condition::{ExpiredToken, MissingSecurityToken, UnknownToken, WrongSecurityToken};
        let by_condition = [ExpiredToken, MissingSecurityToken, UnknownToken, WrongSecurityToken].into_iter().any(|of| self.may_mean(of));
        let code = self.code().to_ascii_lowercase();
        by_condition || (code.contains("token") && !self.may_mean(Condition::NoCredentials))
    }

    /// Returns whether the answer asks for a token of the identity service, or refuses one.
    pub(super) fn wants_login_token(&self) -> bool {
        use Condition::{ExpiredToken, NoCredentials, UnknownToken};
        let by_message = self.rule.is_some() && self.message().to_ascii_lowercase().contains("token");
        match self.conditions.as_slice() {
            [UnknownToken | ExpiredToken] => true,
            [NoCredentials] if by_message => true,
            _ => self.status == 401 && self.entry.is_some_and(ErrorCode::has_no_code),
        }
    }

    /// Returns whether the service itself answered, behind the gateway.
    pub(super) fn is_from_service(&self) -> bool {
        self.entry.is_some_and(|entry| entry.layer == Layer::Service)
    }

    /// Returns what to do by the message, by the catalog, or else by what the error is about.
    pub(super) fn remedy(&self) -> String {
        let known = self.rule.map(|rule| &rule.remedy).or(self.entry.map(|entry| &entry.remedy));
        known.cloned().unwrap_or_else(|| self.category.remedy().to_owned())
    }

    /// Returns the value of another of the envelope's fields.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.envelope.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Returns whether the code alone says what a rule for any code says: it stands for nothing but the rule's condition.
fn is_implied_by_code(provider: &Provider, operation: Option<&Operation>, entry: Option<&ErrorCode>, rule: &MessageRule) -> bool {
    let Some((entry, condition)) = entry.zip(rule.condition).filter(|_| rule.codes.is_empty()) else { return false };
    conditions(provider, operation, entry, "") == [condition]
}

/// Returns the HTTP status that SWR's codes begin with: `SVCSTG.SWR.4090060`.
fn status_in(code: &str) -> Option<u16> {
    let digits = code.rsplit('.').next().filter(|last| last.len() == 7 && last.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits[..3].parse().ok().filter(|status| (400..600).contains(status))
}
