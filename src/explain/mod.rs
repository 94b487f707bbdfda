//! Explanations: what a failed call means, why, and which field to mend. They add to the vendor's text, never replace it.
//!
//! ```text
//! failed call ─ no answer ──────────────▶ transport  (what sort of failure)          ┐
//!             ├ not the vendor's format ▶ foreign    (who answered instead)          ├▶ check (what else is odd, in order)
//!             └ the vendor's error ─────▶ answered   (the catalog's entry, or else   ┘
//!                                                     the matter: code, status)
//! ```

mod answered;
mod check;
mod clock;
mod condition;
mod foreign;
mod key;
mod matter;
mod parameter;
mod permission;
mod place;
mod refused;
mod said;
mod throttle;
mod token;
mod transport;
mod way;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::auth::Credentials;
use crate::catalog::{ErrorCode, Operation, Provider};
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome};
use crate::visible::visible_line;
use check::Case;
use matter::Matter;
use said::Said;

pub use check::{Checked, State};
pub use clock::clock_skew;
pub use permission::Missing;
pub use throttle::{LONGEST_WAIT, Wait, wait};

/// A difference between two clocks, in seconds, that is worth a word; smaller ones come from the way.
pub const SKEW_WORTH_SAYING: i64 = 30;

/// What an exchange that fetches a token is called in the log.
const TOKEN_REQUEST: &str = "IAM token";

/// The most characters of a name or a header that an explanation repeats.
const BRIEF: usize = 96;

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
    /// What was checked, in the order in which a good engineer would; empty where there was nothing to look at.
    pub checks: Vec<Checked>,
    /// The action that was denied, with a policy that would allow it.
    pub missing: Option<Missing>,
    /// How long the answer asks to wait before the next call.
    pub wait: Option<Wait>,
}

/// What is known beside the exchange. Names and times alone: no secret enters an explanation.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// The names of the credentials that have white space in them; `None` when the credentials are not at hand.
    spaced: Option<Vec<&'static str>>,
    /// The exchange that brought the token that the call was sent with.
    token: Option<&'a Exchange>,
    /// The zone in which times are told.
    zone: TimeZone,
}

impl Default for Known<'_> {
    fn default() -> Self {
        Self { spaced: None, token: None, zone: TimeZone::UTC }
    }
}

impl<'a> Known<'a> {
    /// Nothing but the zone in which times are told.
    pub fn in_zone(zone: TimeZone) -> Self {
        Self { zone, ..Self::default() }
    }

    /// With the credentials that the call was sent with: which of them have white space in them is all that is kept.
    #[must_use]
    pub fn with_credentials(self, credentials: &Credentials) -> Self {
        Self { spaced: Some(credentials.spaced()), ..self }
    }

    /// With the exchanges before it: the one that brought the token of `exchange` is looked for among them.
    #[must_use]
    pub fn with_earlier(self, earlier: impl DoubleEndedIterator<Item = &'a Exchange>, exchange: &Exchange) -> Self {
        Self { token: earlier.rev().find(|earlier| token::brought(earlier, exchange)), ..self }
    }

    /// A moment as a person reads it.
    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
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
            checks: Vec::new(),
            missing: None,
            wait: None,
        }
    }

    /// The likely cause: the first check that found something.
    pub fn likely(&self) -> Option<&Checked> {
        self.checks.iter().find(|checked| checked.state == State::Found)
    }

    /// Every text in it that may repeat what the vendor or somebody on the way said, to be covered.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let own = [&mut self.summary, &mut self.vendor, &mut self.cause, &mut self.remedy];
        let missing =
            self.missing.iter_mut().flat_map(|missing| [Some(&mut missing.action), Some(&mut missing.resource), missing.policy.as_mut()]);
        let checks = self.checks.iter_mut().flat_map(|checked| [&mut checked.says, &mut checked.remedy]);
        own.into_iter().chain(&mut self.permission).chain(missing.flatten()).chain(checks)
    }

    /// The likely cause, where the vendor's own code does not say it already.
    pub fn hint(&self) -> Option<&Checked> {
        self.likely().filter(|checked| checked.beyond)
    }
}

/// Explains an exchange that did not succeed, by what it tells itself; `None` for one that did, or of which no answer is there.
pub fn explain(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<Explanation> {
    explain_with(provider, operation, exchange, &Known::default())
}

/// Explains an exchange that did not succeed, by what it tells and what is known beside it.
pub fn explain_with(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange, known: &Known<'_>) -> Option<Explanation> {
    let case = Case { provider, operation, exchange, known, said: Said::of(provider, operation, exchange) };
    let explanation = words(&case)?;
    if matches!(exchange.outcome, Outcome::Cancelled) {
        return Some(explanation);
    }
    let missing = permission::missing(&case);
    Some(Explanation {
        permission: missing.as_ref().map(|missing| missing.action.clone()),
        checks: check::all(&case, &explanation),
        wait: wait(provider, exchange),
        missing,
        ..explanation
    })
}

/// The parameter that an exchange's failure is about, by what the exchange tells itself: without the checks, which cost more.
pub fn blamed(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<String> {
    let known = Known::default();
    words(&Case { provider, operation, exchange, known: &known, said: Said::of(provider, operation, exchange) })?.parameter
}

/// What the outcome means by itself.
fn words(case: &Case<'_>) -> Option<Explanation> {
    let Case { provider, operation, exchange, .. } = *case;
    match &exchange.outcome {
        Outcome::InFlight | Outcome::Unrecorded => None,
        Outcome::Cancelled => Some(transport::cancelled(operation)),
        Outcome::Failed(failure) => Some(transport::failed(failure, exchange, operation)),
        Outcome::Answered(answer) => match (&answer.envelope.verdict, &case.said) {
            (_, Some(said)) => Some(answered::explained(provider, operation, exchange, said)),
            (Verdict::Foreign(what), None) => Some(foreign::explained(what, exchange, answer)),
            (Verdict::Success | Verdict::Failure, None) => None,
        },
    }
}

/// Explains an error code without an exchange; `None` when the provider has no such code.
pub fn explain_code(provider: &Provider, code: &str) -> Option<Explanation> {
    let common = provider.errors.iter().map(|error| (None, error));
    let own = provider.operations.iter().flat_map(|operation| operation.errors.iter().map(move |error| (Some(&**operation), error)));
    let (operation, error) = own.chain(common).find(|(_, error)| error.names(code))?;
    let matter = Matter::of(&condition::conditions(provider, operation, error, ""), error.status, code);
    let explanation = from_entry(error, matter.summary(error.layer.into()));
    Some(Explanation {
        vendor: vendor_text(error.status, Some(code), Some(&error.message)),
        parameter: error.parameter.clone().or_else(|| error.parameter_in(code).map(str::to_owned)),
        permission: matter.permission(operation),
        source: error.source.clone().or_else(|| link(provider, operation)),
        ..explanation
    })
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

/// A name or a header of an answer, made visible. What is too long is cut at white space: within a word there might be a secret, and
/// nothing would cover half of one.
fn brief(text: &str) -> String {
    let text = visible_line(text);
    let Some((limit, _)) = text.char_indices().nth(BRIEF) else { return text.into_owned() };
    let end = text[..limit].rfind(char::is_whitespace).unwrap_or_default();
    format!("{}…", text[..end].trim_end())
}
