//! The record of an exchange: masked, bounded, in two parts, and made into an exchange again.
//!
//! ```text
//! exchange, in flight ──Masker::beginning──▶ RequestRecord ─┐ kept before the request goes out
//! exchange, ended     ──Masker::ending─────▶ OutcomeRecord ─┤ added when the answer has come
//!                                                           └▶ StoredExchange ──exchange──▶ exchange
//! ```
//!
//! Nothing revealed gets past here: every head, body and text goes through the one redactor first, and only then is cut to its bound, so that no half of a
//! secret is left at the cut. What was masked has [`crate::secret::MASK`] in its place, in a binary body too, and is counted; lengths and
//! signatures stay those of the bytes that travelled. A field that is stored keeps its name for ever: files outlive programs.

mod head;
mod live;
mod masker;
mod revive;

use jiff::Timestamp;

use crate::query::{ExchangeFacts, OutcomeKind, SearchTexts};

pub use live::LiveFacts;
pub use masker::{CallRecord, Masker};
pub use revive::Damaged;

/// The record of an exchange when its request goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// The time at which it is sent, in nanoseconds since 1970.
    pub started: i64,
    /// The provider's id.
    pub provider: String,
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// The region.
    pub region: String,
    /// The server.
    pub endpoint: String,
    /// The number of the exchange that it repeats.
    pub origin: Option<i64>,
    /// `true` when the console sent it by itself, to show what there is.
    pub background_call: bool,
    /// Request line and headers, as HTTP.
    pub head: Vec<u8>,
    /// The body, as far as it is kept.
    pub body: Vec<u8>,
    /// The rest as JSON: the signature's trace, the form's values, what was masked and cut.
    pub rest: String,
}

/// The record of an exchange when it has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRecord {
    /// The outcome.
    pub ended: OutcomeKind,
    /// The answer's status.
    pub status: Option<u16>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's request id.
    pub request_id: Option<String>,
    /// From sending to the end, in nanoseconds.
    pub duration: Option<i64>,
    /// Status line and headers, as HTTP; empty without an answer.
    pub head: Vec<u8>,
    /// The body, as far as it is kept.
    pub body: Vec<u8>,
    /// The text on a failure, and the request id: both are found as text.
    pub note: String,
    /// The rest as JSON: envelope, failure, timings, what was masked and cut.
    pub rest: String,
}

/// An exchange as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredExchange {
    /// Its number in the history.
    pub id: i64,
    /// The record from when it was sent.
    pub beginning: RequestRecord,
    /// The result; `None` when nothing is recorded.
    pub ending: Option<OutcomeRecord>,
}

/// A line of the history: what a list shows, without heads and bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the history.
    pub id: i64,
    /// The time at which it was sent.
    pub started: Timestamp,
    /// The provider's id.
    pub provider: String,
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// The region.
    pub region: String,
    /// The server.
    pub endpoint: String,
    /// The number of the exchange that it repeats.
    pub origin: Option<i64>,
    /// `true` when the console sent it by itself.
    pub background_call: bool,
    /// The outcome.
    pub ended: OutcomeKind,
    /// The answer's status.
    pub status: Option<u16>,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's request id.
    pub request_id: Option<String>,
    /// From sending to the end, in nanoseconds.
    pub duration: Option<i64>,
}

/// Lines that a query holds for, as far as was looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// The lines, newest first.
    pub rows: Vec<Row>,
    /// Every exchange with this number or a higher one was looked at.
    pub below: i64,
    /// Whether there is none below that.
    pub whole: bool,
}

impl RequestRecord {
    /// Returns its searchable texts.
    pub fn texts(&self) -> SearchTexts<'_> {
        SearchTexts { request_head: &self.head, request_body: &self.body, ..SearchTexts::default() }
    }
}

impl OutcomeRecord {
    /// Returns its searchable texts.
    pub fn texts(&self) -> SearchTexts<'_> {
        SearchTexts { answer_head: &self.head, answer_body: &self.body, note: self.note.as_bytes(), ..SearchTexts::default() }
    }
}

impl StoredExchange {
    /// Returns the facts that a query may ask for.
    pub fn facts(&self) -> ExchangeFacts<'_> {
        let Self { id, beginning, ending } = self;
        let ending = ending.as_ref();
        let answer = ending.map(OutcomeRecord::texts).unwrap_or_default();
        ExchangeFacts {
            id: Some(*id),
            origin: beginning.origin,
            background_call: beginning.background_call,
            provider: &beginning.provider,
            operation: &beginning.operation,
            profile: &beginning.profile,
            region: &beginning.region,
            endpoint: &beginning.endpoint,
            code: ending.and_then(|ending| ending.code.as_deref()),
            request_id: ending.and_then(|ending| ending.request_id.as_deref()),
            status: ending.and_then(|ending| ending.status),
            ended: ending.map_or(OutcomeKind::Unanswered, |ending| ending.ended),
            duration: ending.and_then(|ending| ending.duration),
            started: beginning.started,
            texts: SearchTexts { request_head: &beginning.head, request_body: &beginning.body, ..answer },
        }
    }
}
