//! Refusals: from the condition or code to the vendor's answer.

use super::request_context::RequestContext;
use crate::catalog::{Condition, ErrorCode, Layer, Operation, Provider, ResponseFormat};
use crate::envelope::{ErrorResponse, reason, render_error};
use crate::wire::Response;

/// The status of a refusal for which the catalog names no code.
const UNNAMED_STATUS: u16 = 400;

/// Its code.
const UNNAMED_CODE: &str = "BadRequest";

/// The refusal of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    reason: Reason,
    wording: Box<MessageValues>,
}

/// The values that fill in an error's text from the catalog, or replace it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct MessageValues {
    fill: Vec<String>,
    parameter: String,
    message: Option<String>,
    tail: String,
    caller: String,
    reason: String,
}

/// The reason that selects the error.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Condition(Condition),
    Code(String, Option<u16>),
}

impl Refusal {
    /// Creates a refusal in a condition; the catalog names the code.
    pub(super) fn for_condition(condition: Condition) -> Self {
        Self::new(Reason::Condition(condition))
    }

    /// Creates a refusal with a code of the catalog.
    pub(super) fn with_code(code: &str) -> Self {
        Self::new(Reason::Code(code.to_owned(), None))
    }

    /// Creates a refusal with a code that was injected: the parameter is the one in the code, or the one that the code is always about, or the first.
    /// `status` tells entries of one code apart.
    pub(super) fn injected(code: &str, status: Option<u16>, provider: &Provider, operation: Option<&Operation>) -> Self {
        let entry = provider.error(operation, status, code);
        let named = entry.and_then(|entry| entry.parameter_in(code).filter(|name| *name != "{parameter}").or(entry.parameter.as_deref()));
        let first = || operation.and_then(|operation| operation.parameters.first()).map(|parameter| parameter.name.as_str());
        Self::new(Reason::Code(code.to_owned(), status)).with_parameter(named.or_else(first).unwrap_or_default())
    }

    fn new(reason: Reason) -> Self {
        Self { reason, wording: Box::default() }
    }

    /// Sets the values of each `%s` of the message, in order; the last also serves those that follow.
    pub(super) fn with_values<T: AsRef<str>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.wording.fill = values.into_iter().map(|value| value.as_ref().to_owned()).collect();
        self
    }

    /// Sets the parameter it is about: it stands for `{parameter}`, and for `%s` when nothing else does.
    pub(super) fn with_parameter(mut self, parameter: &str) -> Self {
        parameter.clone_into(&mut self.wording.parameter);
        if self.wording.fill.is_empty() {
            self.wording.fill.push(parameter.to_owned());
        }
        self
    }

    /// Sets another message than the catalog's.
    pub(super) fn with_message(mut self, message: &str) -> Self {
        self.wording.message = Some(message.to_owned());
        self
    }

    /// Sets the text that follows the message.
    pub(super) fn with_suffix(mut self, tail: String) -> Self {
        self.wording.tail = tail;
        self
    }

    /// Sets the caller, as far as the request names one.
    pub(super) fn with_caller(mut self, caller: &str) -> Self {
        caller.clone_into(&mut self.wording.caller);
        self
    }

    /// Sets the reason for the access log: the vendor's answer need not say it.
    pub(super) fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.wording.reason = reason.into();
        self
    }

    /// Returns the caller; empty when nobody knows.
    pub(super) fn caller(&self) -> &str {
        &self.wording.caller
    }

    /// Returns the reason, in words; empty when the code says it all.
    pub(super) fn reason(&self) -> &str {
        &self.wording.reason
    }

    /// Returns the code as it is answered.
    pub(super) fn full_code(&self, provider: &Provider, operation: Option<&Operation>) -> String {
        self.code(provider, operation).unwrap_or(UNNAMED_CODE).replace("{parameter}", &self.wording.parameter)
    }

    /// Returns the vendor's answer.
    pub(super) fn render(&self, operation: Option<&Operation>, context: &RequestContext<'_>) -> Response {
        let provider = &*context.provider_context.provider;
        let code = self.code(provider, operation);
        let entry = code.and_then(|code| provider.error(operation, self.status(), code));
        let message = self.message(provider, operation, entry);
        let answer = ErrorResponse {
            status: entry.map_or(UNNAMED_STATUS, |entry| entry.status),
            code: &self.full_code(provider, operation),
            message: &message,
            number: entry.and_then(|entry| entry.number),
            gateway: entry.is_some_and(|entry| entry.layer == Layer::Gateway),
        };
        render_error(format(provider, context), &answer, &context.for_envelope())
    }

    fn code<'a>(&'a self, provider: &'a Provider, operation: Option<&'a Operation>) -> Option<&'a str> {
        match &self.reason {
            Reason::Code(code, _) => Some(code),
            Reason::Condition(condition) => condition_code(provider, operation, *condition),
        }
    }

    /// Returns the status that tells entries of one code apart.
    fn status(&self) -> Option<u16> {
        match self.reason {
            Reason::Code(_, status) => status,
            Reason::Condition(_) => None,
        }
    }

    fn message(&self, provider: &Provider, operation: Option<&Operation>, entry: Option<&ErrorCode>) -> String {
        let of_entry = entry.into_iter().flat_map(|entry| [entry.message.as_str(), &entry.emulator_message]);
        let pattern = self.own_message(provider, operation).into_iter().chain(of_entry).find(|pattern| !pattern.is_empty());
        // Causes and remedies are ours: where the catalog has no message the status alone speaks.
        let pattern = pattern.unwrap_or_else(|| reason(entry.map_or(UNNAMED_STATUS, |entry| entry.status)));
        fill(&pattern.replace("{parameter}", &self.wording.parameter), &self.wording.fill) + &self.wording.tail
    }

    /// Returns the message of this refusal or of its condition, where it is not the one of the error's entry.
    fn own_message<'a>(&'a self, provider: &'a Provider, operation: Option<&'a Operation>) -> Option<&'a str> {
        let of_condition = || match &self.reason {
            Reason::Condition(condition) => {
                operation.and_then(|own| own.messages.get(condition)).or_else(|| provider.messages.get(condition))
            }
            Reason::Code(..) => None,
        };
        self.wording.message.as_ref().or_else(of_condition).map(String::as_str)
    }
}

/// Returns the shape of an error. OTC's bare array is for callers with a token: those that sign are the vendor's SDKs, which read no code in it.
fn format(provider: &Provider, context: &RequestContext<'_>) -> ResponseFormat {
    match provider.answer_format {
        ResponseFormat::OtcSwr if context.is_signed => ResponseFormat::HuaweiSwr,
        format => format,
    }
}

/// Returns the code of a condition: the operation's own, the provider's, or that of the next broader condition.
fn condition_code<'a>(provider: &'a Provider, operation: Option<&'a Operation>, condition: Condition) -> Option<&'a str> {
    let own = operation.and_then(|operation| operation.conditions.get(&condition));
    match own.or_else(|| provider.conditions.get(&condition)) {
        Some(code) => Some(code),
        None => condition_code(provider, operation, condition.broader()?),
    }
}

/// Puts values in the place of each `%s`.
fn fill(pattern: &str, values: &[String]) -> String {
    let mut pieces = pattern.split("%s");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for (at, piece) in pieces.enumerate() {
        out.push_str(values.get(at).or(values.last()).map_or("", String::as_str));
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_a_message_in_order_and_repeats_the_last() {
        let values = ["a".to_owned(), "b".to_owned()];
        assert_eq!(fill("%s {%s}: %s.", &values), "a {b}: b.");
        assert_eq!(fill("none", &values), "none");
        assert_eq!(fill("{%s}", &[]), "{}");
    }
}
