//! Calls that wait for another attempt: the vendor throttles, or its server failed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{App, Notice};
use crate::exchange::ExchangeId;

/// A call that waits for another attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The attempt that it comes after.
    pub after: ExchangeId,
    /// How long it waits.
    pub wait: Duration,
    /// Why, and why so long.
    pub reason: String,
    /// How many attempts are left.
    pub left: u32,
}

/// An attempt that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToCome {
    /// The attempt that it comes after.
    pub after: ExchangeId,
    /// When it goes out.
    at: Timestamp,
}

impl ToCome {
    /// How many seconds it still waits, begun ones included.
    pub fn seconds(&self, now: Timestamp) -> i64 {
        let left = self.at.duration_since(now).max(SignedDuration::ZERO);
        left.as_secs() + i64::from(left.subsec_nanos() > 0)
    }
}

impl App {
    /// A call waits for another attempt.
    pub(super) fn waits(&mut self, waiting: &Waiting) {
        let wait = SignedDuration::try_from(waiting.wait).unwrap_or_default();
        let at = self.now.time.checked_add(wait).unwrap_or(self.now.time);
        self.to_come.push(ToCome { after: waiting.after, at });
        let Waiting { reason, left, .. } = waiting;
        self.tell(Notice::doubt(format!("again in {:.1} s ({left} more, F9 gives up): {reason}", waiting.wait.as_secs_f64())));
    }

    /// A call no longer waits.
    pub(super) fn waited(&mut self, after: ExchangeId) {
        self.to_come.retain(|to_come| to_come.after != after);
    }

    /// The attempt that is to come after the selected exchange, or else any.
    pub(super) fn attempt_to_come(&self) -> Option<ExchangeId> {
        let selected = self.log.selected().map(|exchange| exchange.id);
        let its = self.to_come.iter().find(|to_come| Some(to_come.after) == selected);
        its.or(self.to_come.last()).map(|to_come| to_come.after)
    }
}
