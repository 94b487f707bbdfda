//! Calls that are sent again after a wait: until when, and giving that up.
//!
//! ```text
//! attempt ended ──waiting──▶ until ──▶ next attempt
//!                              ╲ cancelled: given up
//! ```

use jiff::{SignedDuration, Timestamp};

use crate::app::message::RetryWait;
use crate::exchange::ExchangeId;

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
    /// Returns the state of the wait after an exchange; `None` where there is none.
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

    /// Returns the exchange that the last one under way follows.
    pub(super) fn last(&self) -> Option<ExchangeId> {
        self.in_progress.last().map(|(id, _)| *id)
    }

    /// Begins a wait.
    pub(super) fn begin(&mut self, wait: &RetryWait, now: Timestamp) {
        let until = SignedDuration::try_from(wait.wait).ok().and_then(|wait| now.checked_add(wait).ok());
        self.in_progress.push((wait.after, until.unwrap_or(Timestamp::MAX)));
    }

    /// Ends the wait after an exchange: the call goes out again, or the operator gave it up.
    pub(super) fn end(&mut self, after: ExchangeId, given_up: bool) {
        self.in_progress.retain(|(id, _)| *id != after);
        if given_up {
            self.given_up.push(after);
        }
    }
}
