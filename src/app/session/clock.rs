//! By whose clock calls are signed: this machine's or, while that one is wrong, the servers' as their answers tell it.

use jiff::SignedDuration;

use crate::app::{Action, App, Notice, Now};
use crate::explain::MIN_REPORTED_SKEW_SECONDS;

/// The console's estimate of the servers' clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// The seconds that the last answer's clock was ahead of ours.
    ahead: Option<i64>,
    /// Whether calls are signed by it.
    by_server: bool,
}

/// What becomes of a correction that no longer fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClockChange {
    /// The clocks agree: calls are signed by this machine's again.
    Agrees,
    /// The servers' clock is so many seconds ahead of ours by now.
    Moved(i64),
}

impl Clock {
    /// Returns how many seconds the servers' clock is ahead of ours (negative: behind), where that is worth a word.
    pub fn skew(&self) -> Option<i64> {
        self.ahead.filter(|ahead| ahead.abs() > MIN_REPORTED_SKEW_SECONDS)
    }

    /// Returns whether calls are signed by the servers' clock.
    pub fn is_by_server(&self) -> bool {
        self.by_server
    }

    /// Returns how far the clock that calls are signed by is ahead of this machine's.
    pub fn offset(&self) -> SignedDuration {
        SignedDuration::from_secs(self.ahead.filter(|_| self.by_server).unwrap_or(0))
    }

    /// Takes what an answer tells. Once the clocks agree, ours is good enough again. Gives what becomes of a correction that no
    /// longer fits.
    fn learn(&mut self, ahead: i64) -> Option<ClockChange> {
        let before = self.ahead.replace(ahead).filter(|_| self.by_server)?;
        self.by_server = self.skew().is_some();
        if !self.by_server {
            return Some(ClockChange::Agrees);
        }
        (before.abs_diff(ahead) > MIN_REPORTED_SKEW_SECONDS.unsigned_abs()).then_some(ClockChange::Moved(ahead))
    }
}

impl App {
    /// Returns the moment that a request is signed with.
    pub(in crate::app) fn signing_moment(&self) -> Now {
        let now = self.now.clone();
        Now { time: now.time.checked_add(self.clock.offset()).unwrap_or(now.time), ..now }
    }

    /// Takes what an answer tells of its server's clock; what the operator must know of it, if calls were signed by that clock.
    pub(in crate::app) fn learn_clock(&mut self, ahead: i64) -> Option<String> {
        let before = self.clock.offset();
        let change = self.clock.learn(ahead);
        if self.clock.offset() != before {
            self.refresh();
        }
        change.map(|change| match change {
            ClockChange::Agrees => format!("clocks agree, {} is off", self.keys.hint(Action::ServerClock)),
            ClockChange::Moved(ahead) => format!("the server's clock is now {} ours", side(ahead)),
        })
    }

    /// Signs by the servers' clock from now on, or by this machine's again.
    pub(in crate::app) fn turn_clock(&mut self) {
        let notice = match self.clock.skew() {
            _ if self.clock.by_server => Notice::done("signed by this machine's clock again"),
            Some(ahead) => {
                let key = self.keys.hint(Action::ServerClock);
                Notice::done(format!("from now on signed by the server's clock, {} ours; {key} turns back", side(ahead)))
            }
            None if self.clock.ahead.is_some() => Notice::warning("this machine's clock agrees with the server's: nothing to correct"),
            None => Notice::warning("no answer has shown the server's clock yet"),
        };
        self.clock.by_server = !self.clock.by_server && self.clock.skew().is_some();
        self.refresh();
        self.notify(notice);
    }
}

/// Returns on which side of ours a clock is that is so many seconds ahead.
fn side(ahead: i64) -> String {
    format!("{} s {}", ahead.unsigned_abs(), if ahead > 0 { "ahead of" } else { "behind" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_clock_is_followed_until_it_agrees_with_ours() {
        let mut clock = Clock::default();
        assert_eq!(clock.learn(1200), None);
        assert_eq!((clock.skew(), clock.offset()), (Some(1200), SignedDuration::ZERO));
        clock.by_server = true;
        assert_eq!(clock.learn(1201), None);
        assert_eq!(clock.offset(), SignedDuration::from_secs(1201));
        assert_eq!(clock.learn(-90), Some(ClockChange::Moved(-90)));
        assert_eq!(clock.offset(), SignedDuration::from_secs(-90));
        assert_eq!(clock.learn(2), Some(ClockChange::Agrees));
        assert_eq!((clock.skew(), clock.offset(), clock.by_server), (None, SignedDuration::ZERO, false));
        assert_eq!(clock.learn(1200), None);
        assert_eq!(clock.offset(), SignedDuration::ZERO, "ours was good enough; the operator has to say so again");
    }
}
