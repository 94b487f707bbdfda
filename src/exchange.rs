//! An exchange: one request as sent, with its answer, its timings and how it ended.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::auth::Trace;
use crate::envelope::Envelope;
use crate::wire::{Endpoint, Request, Response};

/// The number of an exchange: in the log, counted from 1 (`#17`), or that of one which was read from the history (`h17`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub u64);

impl ExchangeId {
    /// The bit that is set in the numbers of the history: the two kinds are never taken for one another.
    const HISTORY_FLAG: u64 = 1 << 63;

    /// Finds it by its number in the history.
    pub fn stored(number: i64) -> Self {
        Self(Self::HISTORY_FLAG | number.unsigned_abs())
    }

    /// Returns its number in the history, if it was read from there.
    pub fn stored_number(self) -> Option<i64> {
        (self.0 & Self::HISTORY_FLAG != 0).then(|| i64::try_from(self.0 & !Self::HISTORY_FLAG).unwrap_or_default())
    }
}

impl fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stored_number() {
            Some(number) => write!(f, "h{number}"),
            None => write!(f, "#{}", self.0),
        }
    }
}

/// For whom an exchange was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The operator sent it.
    #[default]
    Operator,
    /// The console sent it by itself, to show what there is; the number tells one background call from another.
    BackgroundCall(u64),
}

/// The origin of an exchange that repeats another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The exchange of this session that it repeats.
    pub repeats: Option<ExchangeId>,
    /// Whether it repeats the other's very bytes, old date, nonce and signature included.
    pub exact: bool,
    /// The retry that makes it another attempt of the same call; `None` for the first.
    pub retry: Option<Retry>,
}

/// Another attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The number of the attempt, the first being 1.
    pub attempt: u32,
    /// The wait before it.
    pub waited: Duration,
    /// The reason for it: `429 Throttling.User, retry-after: 2`.
    pub reason: String,
}

/// One request as sent and all that came of it. Secrets stand in it in the clear: whatever shows it goes through `redact`.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Its number in the log.
    pub id: ExchangeId,
    /// The provider's id.
    pub provider: String,
    /// The operation's id; a token request is `IAM token`.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// The region that the call goes to.
    pub region: String,
    /// For whom it was made.
    pub purpose: Purpose,
    /// The origin of the call.
    pub call_origin: Origin,
    /// The time at which it was sent.
    pub started: Timestamp,
    /// The server it was sent to.
    pub endpoint: Endpoint,
    /// The request exactly as it went out.
    pub request: Request,
    /// The trace of its signing; `None` for a request that needs no signature (a token request).
    pub signing: Option<Trace>,
    /// The outcome, or that it has not.
    pub outcome: Outcome,
    /// The durations of the parts, as far as it came.
    pub timings: Timings,
}

/// The outcome of an exchange.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing has come yet.
    InFlight,
    /// The server answered.
    Answered(Box<Answered>),
    /// No answer, or not a whole one.
    Failed(Failure),
    /// The operator cancelled it. The request may have reached the vendor.
    Cancelled,
    /// It was sent, and no answer is recorded: the program that sent it was ended meanwhile, or still waits. In the history alone.
    Unrecorded,
}

/// A whole answer and what it says.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The answer's bytes.
    pub response: Response,
    /// The vendor's envelope.
    pub envelope: Envelope,
}

/// The durations of an exchange's parts. A reused connection has neither look-up nor connect.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Timings {
    /// Looking the host up.
    pub dns: Option<Duration>,
    /// Connecting, TLS included.
    pub connect: Option<Duration>,
    /// From sending to the answer's head.
    pub first_byte: Option<Duration>,
    /// From sending to the end.
    pub total: Option<Duration>,
}

/// A failure to get a whole answer.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind of failure.
    pub class: FailureClass,
    /// The message of the library or the system.
    pub detail: String,
    /// A hint what to try.
    pub hint: String,
    /// The part of the answer that arrived before it broke.
    pub partial: Option<Box<Response>>,
}

/// Sorts of failures to get an answer. The names stand in history files: they stay.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum FailureClass {
    /// The request could not be built or sent as signed; nothing left the machine.
    NotSent,
    /// The host name could not be resolved.
    Dns,
    /// The server refused the connection.
    Refused,
    /// The host cannot be reached.
    Unreachable,
    /// The TLS handshake failed.
    Tls,
    /// Connecting took too long.
    ConnectTimeout,
    /// The server was silent for too long, or did not finish the head of its answer.
    ReadTimeout,
    /// The whole exchange took too long.
    TotalTimeout,
    /// The answer broke off or is not HTTP.
    BrokenAnswer,
    /// The proxy of the environment failed.
    Proxy,
}

impl FailureClass {
    /// Returns whether the vendor may have carried the call out.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, Self::ReadTimeout | Self::TotalTimeout | Self::BrokenAnswer)
    }

    /// Returns a few words for the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not sent",
            Self::Dns => "DNS",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Tls => "TLS",
            Self::ConnectTimeout => "connect time-out",
            Self::ReadTimeout => "read time-out",
            Self::TotalTimeout => "total time-out",
            Self::BrokenAnswer => "broken answer",
            Self::Proxy => "proxy",
        }
    }
}

impl Exchange {
    /// Returns the answer, if a whole one came.
    pub fn answered(&self) -> Option<&Answered> {
        match &self.outcome {
            Outcome::Answered(answered) => Some(answered),
            _ => None,
        }
    }

    /// Returns the answer's bytes, whole or not.
    pub fn response(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Answered(answered) => Some(&answered.response),
            Outcome::Failed(failure) => failure.partial.as_deref(),
            Outcome::InFlight | Outcome::Cancelled | Outcome::Unrecorded => None,
        }
    }

    /// Returns whether the answer is still pending.
    pub fn in_flight(&self) -> bool {
        matches!(self.outcome, Outcome::InFlight)
    }

    /// Returns whether the vendor says that the call succeeded.
    pub fn succeeded(&self) -> bool {
        self.answered().is_some_and(|answered| answered.envelope.succeeded())
    }
}
