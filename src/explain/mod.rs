//! Explanations: what a failed call means, why, and which field to mend. They add to the vendor's text, never replace it.
//!
//! ```text
//! failed call ─ no answer ──────────────▶ transport  (what sort of failure)
//!             ├ not the vendor's format ▶ foreign    (who answered instead)
//!             └ the vendor's error ─────▶ answered   (the catalog's entry, or else the matter: code, status)
//! ```

mod answered;
mod foreign;
mod matter;
mod parameter;
mod transport;

use jiff::fmt::rfc2822;

use crate::catalog::{ErrorCode, Operation, Provider};
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome};
use matter::Matter;

/// A difference between two clocks, in seconds, that is worth a word; smaller ones come from the way.
pub const SKEW_WORTH_SAYING: i64 = 30;

/// What a failure means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in a few words: `the vendor's gateway refused the signature`.
    pub summary: String,
    /// The vendor's status, code and message, as they came (control characters too); empty when no answer came.
    pub vendor: String,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// The parameter it speaks of: the field to jump to.
    pub parameter: Option<String>,
    /// The permission that is missing, where that is the matter and the vendor names one.
    pub permission: Option<String>,
    /// Whether the same call may succeed a little later.
    pub transient: bool,
    /// Where it is written.
    pub source: Option<String>,
}

impl Explanation {
    /// An explanation of which only the words are known.
    fn of(summary: impl Into<String>, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            vendor: String::new(),
            cause: cause.into(),
            remedy: remedy.into(),
            parameter: None,
            permission: None,
            transient: false,
            source: None,
        }
    }
}

/// Explains an exchange that did not succeed; `None` for one that did, or of which no answer is there.
pub fn explain(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<Explanation> {
    match &exchange.outcome {
        Outcome::InFlight | Outcome::Unrecorded => None,
        Outcome::Cancelled => Some(transport::cancelled(operation)),
        Outcome::Failed(failure) => Some(transport::failed(failure, exchange, operation)),
        Outcome::Answered(answer) => match &answer.envelope.verdict {
            Verdict::Success => None,
            Verdict::Failure => Some(answered::explained(provider, operation, exchange, answer)),
            Verdict::Foreign(_) if answer.envelope.code.is_some() => Some(answered::explained(provider, operation, exchange, answer)),
            Verdict::Foreign(what) => Some(
                answered::without_code(provider, operation, exchange, answer).unwrap_or_else(|| foreign::explained(what, exchange, answer)),
            ),
        },
    }
}

/// Explains an error code without an exchange; `None` when the provider has no such code.
pub fn explain_code(provider: &Provider, code: &str) -> Option<Explanation> {
    let common = provider.errors.iter().map(|error| (None, error));
    let own = provider.operations.iter().flat_map(|operation| operation.errors.iter().map(move |error| (Some(&**operation), error)));
    let (operation, error) = own.chain(common).find(|(_, error)| error.names(code))?;
    let matter = Matter::of(provider, operation, Some(error), error.status, code);
    let explanation = from_entry(error, matter.summary(error.layer.into()));
    Some(Explanation {
        vendor: vendor_text(error.status, Some(code), Some(&error.message)),
        parameter: error.parameter.clone().or_else(|| error.parameter_in(code).map(str::to_owned)),
        permission: matter.permission(operation),
        source: error.source.clone().or_else(|| link(provider, operation)),
        ..explanation
    })
}

/// How many seconds the server's clock is ahead of ours (negative: behind), by the answer's `date` header and the moment
/// its head arrived; `None` without an answer or a readable date. Exact to a second and half the way there and back.
pub fn clock_skew(exchange: &Exchange) -> Option<i64> {
    let date = exchange.response()?.headers.get_str("date")?;
    let server = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(date.trim()).ok()?;
    let waited = exchange.timings.first_byte.unwrap_or_default();
    let ours = exchange.started.checked_add(jiff::SignedDuration::try_from(waited).ok()?).ok()?;
    Some(server.as_second() - ours.as_second())
}

/// What the catalog's entry says.
fn from_entry(error: &ErrorCode, summary: String) -> Explanation {
    Explanation { transient: error.transient, ..Explanation::of(summary, error.cause.clone(), error.remedy.clone()) }
}

/// Status, code and message in one line, as they came.
fn vendor_text(status: u16, code: Option<&str>, message: Option<&str>) -> String {
    let mut text = status.to_string();
    for part in [code, message].into_iter().flatten().filter(|part| !part.is_empty()) {
        text.push_str("  ");
        text.push_str(part);
    }
    text
}

fn link(provider: &Provider, operation: Option<&Operation>) -> Option<String> {
    operation.and_then(|operation| operation.link.clone()).or_else(|| provider.link.clone())
}

/// A sentence on the clocks, when they differ enough to be worth one.
fn on_clocks(exchange: &Exchange) -> Option<String> {
    let skew = clock_skew(exchange).filter(|skew| skew.abs() > SKEW_WORTH_SAYING)?;
    let side = if skew > 0 { "behind" } else { "ahead of" };
    Some(format!("This machine's clock is {} s {side} the server's, by the date of its answer: set it right first.", skew.abs()))
}
