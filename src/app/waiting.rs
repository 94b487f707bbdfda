//! Calls that are sent again after a wait: until when, and giving that up.
//!
//! ```text
//! attempt ended ──waiting──▶ until ──▶ next attempt
//!                              ╲ cancelled: given up
//! ```

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{App, Notice};
use crate::exchange::ExchangeId;

/// A wait before a call is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The attempt that it follows.
    pub after: ExchangeId,
    /// How long it is.
    pub wait: Duration,
    /// What makes it necessary.
    pub reason: String,
    /// How many more attempts there may be.
    pub left: u32,
}

/// Waits that are under way, and those that the operator ended.
#[derive(Debug, Default)]
pub struct Waits {
    under_way: Vec<(ExchangeId, Timestamp)>,
    given_up: Vec<ExchangeId>,
}

/// How it stands with the wait after an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// The call is sent again then.
    Until(Timestamp),
    /// The operator gave it up.
    GivenUp,
}

impl Waits {
    /// How it stands with the wait after an exchange; `None` where there is none.
    pub fn after(&self, id: ExchangeId) -> Option<Waited> {
        let until = self.under_way.iter().find(|(after, _)| *after == id).map(|(_, until)| Waited::Until(*until));
        until.or_else(|| self.given_up.contains(&id).then_some(Waited::GivenUp))
    }

    /// How many seconds the shortest of those under way still is, begun ones included.
    pub fn seconds(&self, now: Timestamp) -> Option<i64> {
        let until = self.under_way.iter().map(|(_, until)| *until).min()?;
        let left = until.duration_since(now).max(SignedDuration::ZERO);
        Some(left.as_secs() + i64::from(left.subsec_nanos() > 0))
    }

    /// How many are under way.
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }
}

impl App {
    /// A call is sent again after a wait.
    pub(super) fn waits(&mut self, wait: &Wait) {
        let until = SignedDuration::try_from(wait.wait).ok().and_then(|wait| self.now.time.checked_add(wait).ok());
        self.waits.under_way.push((wait.after, until.unwrap_or(Timestamp::MAX)));
        let words = format!("again in {:.1} s ({} more, F9 gives up): {}", wait.wait.as_secs_f64(), wait.left, wait.reason);
        self.tell(Notice::doubt(words));
    }

    /// A wait is over: the call goes out again, or the operator gave it up.
    pub(super) fn waited(&mut self, after: ExchangeId, given_up: bool) {
        self.waits.under_way.retain(|(id, _)| *id != after);
        if given_up {
            self.waits.given_up.push(after);
            self.tell(Notice::doubt(format!("{after} is not sent again")));
        }
    }

    /// The selected exchange, if it is in flight or its call waits to be sent again; else the last that waits.
    pub fn cancellable(&self) -> Option<ExchangeId> {
        let waits = |id| matches!(self.waits.after(id), Some(Waited::Until(_)));
        let selected = self.log.selected().filter(|exchange| exchange.in_flight() || waits(exchange.id)).map(|exchange| exchange.id);
        selected.or(self.waits.under_way.last().map(|(id, _)| *id))
    }
}
