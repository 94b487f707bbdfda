//! Calls that are sent again after a wait: until when, and giving that up.
//!
//! ```text
//! attempt ended ──waiting──▶ until ──▶ next attempt
//!                              ╲ cancelled: given up
//! ```

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::{Action, App, Notice};
use crate::exchange::ExchangeId;

/// A wait before a call is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryWait {
    /// The attempt that it follows.
    pub after: ExchangeId,
    /// The length of the wait.
    pub wait: Duration,
    /// The reason for it.
    pub reason: String,
    /// The number of attempts that remain.
    pub left: u32,
}

/// Waits that are under way, and those that the operator ended.
#[derive(Debug, Default)]
pub struct Waits {
    in_progress: Vec<(ExchangeId, Timestamp)>,
    given_up: Vec<ExchangeId>,
}

/// The state of the wait after an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitState {
    /// The call is sent again then.
    Until(Timestamp),
    /// The operator gave it up.
    GivenUp,
}

impl Waits {
    /// Returns how it stands with the wait after an exchange; `None` where there is none.
    pub fn after(&self, id: ExchangeId) -> Option<WaitState> {
        let until = self.in_progress.iter().find(|(after, _)| *after == id).map(|(_, until)| WaitState::Until(*until));
        until.or_else(|| self.given_up.contains(&id).then_some(WaitState::GivenUp))
    }

    /// Returns how many seconds the shortest of those under way still is, begun ones included.
    pub fn seconds(&self, now: Timestamp) -> Option<i64> {
        let until = self.in_progress.iter().map(|(_, until)| *until).min()?;
        let left = until.duration_since(now).max(SignedDuration::ZERO);
        Some(left.as_secs() + i64::from(left.subsec_nanos() > 0))
    }

    /// Returns how many are under way.
    pub fn in_progress(&self) -> usize {
        self.in_progress.len()
    }
}

impl App {
    /// Handles a call that is sent again after a wait.
    pub(in crate::app) fn waits(&mut self, wait: &RetryWait) {
        let until = SignedDuration::try_from(wait.wait).ok().and_then(|wait| self.now.time.checked_add(wait).ok());
        self.waits.in_progress.push((wait.after, until.unwrap_or(Timestamp::MAX)));
        let words = format!(
            "again in {:.1} s ({} more, {} gives up): {}",
            wait.wait.as_secs_f64(),
            wait.left,
            self.keys.hint(Action::Cancel),
            wait.reason
        );
        self.notify(Notice::warning(words));
    }

    /// Handles the end of a wait: the call goes out again, or the operator gave it up.
    pub(in crate::app) fn waited(&mut self, after: ExchangeId, given_up: bool) {
        self.waits.in_progress.retain(|(id, _)| *id != after);
        if given_up {
            self.waits.given_up.push(after);
            self.notify(Notice::warning(format!("{after} is not sent again")));
        }
    }

    /// Returns the selected exchange, if it is in flight or its call waits to be sent again; else the last that waits.
    pub fn cancellable(&self) -> Option<ExchangeId> {
        let waits = |id| matches!(self.waits.after(id), Some(WaitState::Until(_)));
        let selected = self.log.selected().filter(|exchange| exchange.in_flight() || waits(exchange.id)).map(|exchange| exchange.id);
        selected.or(self.waits.in_progress.last().map(|(id, _)| *id))
    }
}
