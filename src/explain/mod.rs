//! Explanations: what a failed call means, why, and which field to fix. They add to the vendor's text, never replace it.
//!
//! ```text
//! failed call ─ no answer ──────────────▶ transport  (what sort of failure)          ┐
//!             ├ not the vendor's format ▶ foreign    (who answered instead)          ├▶ check (what else is odd, in order)
//!             └ the vendor's error ─────▶ answered   (the rule for its message, the  ┘
//!                                                     catalog's entry, or else its category)
//! pasted text ─▶ error_text ────────────▶ answered   (without checks: there is no exchange to look at)
//! ```

mod answered;
mod category;
mod check;
mod checklist;
mod clock;
mod condition;
mod endpoint;
mod error_text;
mod foreign;
mod key;
mod network;
mod parameter;
mod permission;
mod refusal;
mod throttle;
mod times;
mod token;
mod transport;
mod vendor_error;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::auth::Credentials;
use std::borrow::Cow;

use crate::catalog::{ErrorCode, Operation, Provider};
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome};
use crate::lab::Cause;
use crate::visible::visible_line;
use check::CheckInput;
use vendor_error::VendorError;

pub use check::{Checked, State};
pub use clock::clock_skew;
pub use error_text::ErrorText;
pub use permission::MissingPermission;
pub use throttle::{MAX_ACCEPTED_WAIT, RequestedWait, wait};

/// A difference between two clocks, in seconds, that is worth reporting; smaller ones come from transmission.
pub const MIN_REPORTED_SKEW_SECONDS: i64 = 30;

/// The name in the log of an exchange that fetches a token.
const TOKEN_REQUEST: &str = "IAM token";

/// The most characters of a name or a header that an explanation repeats.
const MAX_QUOTED_CHARS: usize = 96;

/// The explanation of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The event, in a few words: `the vendor's gateway refused the signature`.
    pub summary: String,
    /// The vendor's status, code and message, as they came (control characters too); empty when no answer came.
    pub vendor: String,
    /// The reason why it happens.
    pub cause: String,
    /// The remedy.
    pub remedy: String,
    /// The parameter it speaks of: the field to jump to.
    pub parameter: Option<String>,
    /// The permission that is missing, when it is the cause and the vendor names one.
    pub permission: Option<String>,
    /// Set when the same call may succeed a little later.
    pub transient: bool,
    /// The source.
    pub source: Option<String>,
    /// The checks, in the order in which a good engineer would make them; empty when there was nothing to examine.
    pub checks: Vec<Checked>,
    /// The action that was denied, with a policy that would allow it.
    pub missing: Option<MissingPermission>,
    /// The wait that the answer asks for before the next call.
    pub wait: Option<RequestedWait>,
    /// The difference between our signature and the text that the server shows, if it shows one and the error is about the signature.
    pub signature: Option<Cause>,
    /// The nearest of the catalog's codes, where the code is not in the catalog; `None` where it is, or where there is none.
    pub nearest: Option<Vec<String>>,
}

/// Context of an explanation beside the exchange. It holds names and times only: no secret enters an explanation.
#[derive(Clone, Debug)]
pub struct ExplanationContext<'a> {
    /// The names of the credentials that have white space in them; `None` when the credentials are not at hand.
    names_with_spaces: Option<Vec<&'static str>>,
    /// The exchange that brought the token that the call was sent with.
    token: Option<&'a Exchange>,
    /// The zone in which times are shown.
    zone: TimeZone,
}

impl Default for ExplanationContext<'_> {
    fn default() -> Self {
        Self { names_with_spaces: None, token: None, zone: TimeZone::UTC }
    }
}

impl<'a> ExplanationContext<'a> {
    /// Creates a context with nothing but the zone in which times are shown.
    pub fn in_zone(zone: TimeZone) -> Self {
        Self { zone, ..Self::default() }
    }

    /// Sets the credentials that the call was sent with: only the names of those with white space in them are kept.
    #[must_use]
    pub fn with_credentials(self, credentials: &Credentials) -> Self {
        Self { names_with_spaces: Some(credentials.spaced()), ..self }
    }

    /// Adds the exchanges before it: the one that brought the token of `exchange` is looked for among them.
    #[must_use]
    pub fn with_earlier(self, earlier: impl DoubleEndedIterator<Item = &'a Exchange>, exchange: &Exchange) -> Self {
        Self { token: earlier.rev().find(|earlier| token::fetched_token_of(earlier, exchange)), ..self }
    }

    /// Returns a moment as a person reads it.
    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl Explanation {
    /// Creates an explanation of which only the words are known.
    fn new(summary: impl Into<String>, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            vendor: String::new(),
            cause: cause.into(),
            remedy: remedy.into(),
            parameter: None,
            permission: None,
            transient: false,
            source: None,
            checks: Vec::new(),
            missing: None,
            wait: None,
            signature: None,
            nearest: None,
        }
    }

    /// Returns the likely cause: the first check that found something.
    pub fn likely(&self) -> Option<&Checked> {
        self.checks.iter().find(|checked| checked.state == State::Found)
    }

    /// Returns every text in it that may repeat what the vendor or somebody on the way said, to be masked.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let own = [&mut self.summary, &mut self.vendor, &mut self.cause, &mut self.remedy];
        let missing =
            self.missing.iter_mut().flat_map(|missing| [Some(&mut missing.action), Some(&mut missing.resource), missing.policy.as_mut()]);
        let checks = self.checks.iter_mut().flat_map(|checked| [&mut checked.says, &mut checked.remedy]);
        let signature = self.signature.iter_mut().map(|cause| &mut cause.detail);
        own.into_iter().chain(&mut self.permission).chain(missing.flatten()).chain(checks).chain(signature)
    }

    /// Returns a note that the code is not in the catalog, with the nearest codes; `None` when it is in the catalog.
    pub fn catalog_note(&self) -> Option<String> {
        let near = self.nearest.as_ref()?.join(", ");
        Some(if near.is_empty() { "not in the catalog".to_owned() } else { format!("not in the catalog; nearest: {near}") })
    }

    /// Returns the likely cause, unless the vendor's own code says it already.
    pub fn hint(&self) -> Option<&Checked> {
        self.likely().filter(|checked| checked.adds_to_code)
    }
}

/// Explains an exchange that did not succeed, from the exchange alone; `None` for one that succeeded or has no answer.
pub fn explain(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<Explanation> {
    explain_with(provider, operation, exchange, &ExplanationContext::default())
}

/// Explains an exchange that did not succeed, from the exchange and the context.
pub fn explain_with(
    provider: &Provider,
    operation: Option<&Operation>,
    exchange: &Exchange,
    known: &ExplanationContext<'_>,
) -> Option<Explanation> {
    let vendor_error = VendorError::from_exchange(provider, operation, exchange);
    let signature = refusal::cause(exchange, vendor_error.as_ref());
    let case = CheckInput { provider, operation, exchange, known, vendor_error, signature };
    let explanation = explain_outcome(&case)?;
    if matches!(exchange.outcome, Outcome::Cancelled) {
        return Some(explanation);
    }
    let missing = permission::missing(&case);
    Some(Explanation {
        permission: missing.as_ref().map(|missing| missing.action.clone()),
        checks: checklist::all(&case, &explanation),
        wait: wait(provider, exchange),
        missing,
        signature: case.signature,
        ..explanation
    })
}

/// Returns the parameter that an exchange's failure is about, from the exchange alone, without the slower checks.
pub fn blamed(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<String> {
    let known = ExplanationContext::default();
    explain_outcome(&CheckInput {
        provider,
        operation,
        exchange,
        known: &known,
        vendor_error: VendorError::from_exchange(provider, operation, exchange),
        signature: None,
    })?
    .parameter
}

/// Returns where the signature of a refused exchange differs from the text that the server shows; `None` when the error is about something else.
pub fn signature_cause(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<Cause> {
    refusal::cause(exchange, VendorError::from_exchange(provider, operation, exchange).as_ref())
}

/// Returns what the outcome means by itself.
fn explain_outcome(case: &CheckInput<'_>) -> Option<Explanation> {
    let CheckInput { provider, operation, exchange, .. } = *case;
    match &exchange.outcome {
        Outcome::InFlight | Outcome::Unrecorded => None,
        Outcome::Cancelled => Some(transport::cancelled(operation)),
        Outcome::Failed(failure) => Some(transport::failed(failure, exchange, operation)),
        Outcome::Answered(answer) => match (&answer.envelope.verdict, &case.vendor_error) {
            (_, Some(vendor_error)) => {
                Some(refusal::with_proven_cause(answered::explained(provider, operation, Some(exchange), vendor_error), case))
            }
            (Verdict::Foreign(what), None) => Some(foreign::explained(what, exchange, answer)),
            (Verdict::Success | Verdict::Failure, None) => None,
        },
    }
}

/// Explains an error from its text, without an exchange: from what the catalog knows about message and code, or else from their
/// words and the status.
pub fn explain_error(provider: &Provider, error: &ErrorText) -> Explanation {
    let status = error.status.unwrap_or(0);
    if error.page && error.code.is_none() {
        return foreign::page(error.message.as_deref(), status);
    }
    let (operation, entry) = error.code.as_deref().and_then(|code| entry(provider, code, error.status)).unzip();
    let (operation, envelope) = (operation.flatten(), Cow::Owned(error.as_envelope()));
    let vendor_error =
        VendorError::with_entry(provider, operation, entry, error.status.or(entry.map(|entry| entry.status)).unwrap_or(0), envelope);
    let explanation = answered::explained(provider, operation, None, &vendor_error);
    // Where no message is given, the catalog's.
    let message = error.message.as_deref().or(entry.map(|entry| entry.message.as_str()));
    Explanation {
        vendor: vendor_text(vendor_error.status, error.code.as_deref(), message),
        parameter: explanation
            .parameter
            .or_else(|| entry.filter(|_| vendor_error.rule.is_none())?.parameter_in(vendor_error.code()).map(str::to_owned)),
        permission: permission::denied(provider, operation, &vendor_error),
        ..explanation
    }
}

/// An entry, with the operation that lists it where it is not the provider's own.
type Entry<'a> = (Option<&'a Operation>, &'a ErrorCode);

/// Returns the entry for a code, or for the number that the vendor has beside it; one of this status before others.
fn entry<'a>(provider: &'a Provider, code: &str, status: Option<u16>) -> Option<Entry<'a>> {
    let common = provider.errors.iter().map(|error| (None, error));
    let own = provider.operations.iter().flat_map(|operation| operation.errors.iter().map(move |error| (Some(&**operation), error)));
    let number = code.parse::<i64>().ok();
    let named: Vec<Entry<'a>> =
        own.chain(common).filter(|(_, error)| error.names(code) || (number.is_some() && error.number == number)).collect();
    named.iter().find(|(_, error)| Some(error.status) == status).or(named.first()).copied()
}

/// Creates an explanation from a catalog entry.
fn from_entry(error: &ErrorCode, summary: String) -> Explanation {
    Explanation { transient: error.transient, ..Explanation::new(summary, error.cause.clone(), error.remedy.clone()) }
}

/// Status, code and message in one line, as they came.
fn vendor_text(status: u16, code: Option<&str>, message: Option<&str>) -> String {
    let status = if status == 0 { String::new() } else { status.to_string() };
    // The identity service repeats the status as the code.
    let code = code.filter(|code| *code != status);
    let parts = [Some(status.as_str()), code, message].into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("  ")
}

fn link(provider: &Provider, operation: Option<&Operation>) -> Option<String> {
    operation.and_then(|operation| operation.link.clone()).or_else(|| provider.link.clone())
}

/// Returns a name or a header of an answer, made visible. What is too long is cut at white space: within a word there might be a secret, and
/// nothing would mask half of one.
fn shortened(text: &str) -> String {
    let text = visible_line(text);
    let Some((limit, _)) = text.char_indices().nth(MAX_QUOTED_CHARS) else { return text.into_owned() };
    let end = text[..limit].rfind(char::is_whitespace).unwrap_or_default();
    format!("{}…", text[..end].trim_end())
}
