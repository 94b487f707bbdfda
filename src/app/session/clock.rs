//! The clock that calls are signed by: this machine's or, while that one is wrong, the servers' as their answers tell it.

use jiff::SignedDuration;

use crate::app::keys::{Action, KeyMap};
use crate::app::message::Notice;
use crate::explain::MIN_REPORTED_SKEW_SECONDS;

/// The console's estimate of the servers' clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// The seconds that the last answer's clock was ahead of ours.
    ahead: Option<i64>,
    /// Set when calls are signed by it.
    by_server: bool,
}

/// The change of a correction that no longer fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChange {
    /// The clocks agree: calls are signed by this machine's again.
    Agrees,
    /// The servers' clock is so many seconds ahead of ours by now.
    Moved(i64),
}

impl ClockChange {
    /// Returns a sentence on it.
    pub(in crate::app) fn describe(self, keys: &KeyMap) -> String {
        match self {
            Self::Agrees => format!("clocks agree, {} is off", keys.hint(Action::ServerClock)),
            Self::Moved(ahead) => format!("the server's clock is now {} ours", side(ahead)),
        }
    }
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

    /// Takes the clock of an answer. Once the clocks agree, ours is good enough again. Returns what becomes of a correction that no
    /// longer fits.
    pub(in crate::app) fn learn(&mut self, ahead: i64) -> Option<ClockChange> {
        let before = self.ahead.replace(ahead).filter(|_| self.by_server)?;
        self.by_server = self.skew().is_some();
        if !self.by_server {
            return Some(ClockChange::Agrees);
        }
        (before.abs_diff(ahead) > MIN_REPORTED_SKEW_SECONDS.unsigned_abs()).then_some(ClockChange::Moved(ahead))
    }

    /// Signs by the servers' clock from now on, or by this machine's again.
    pub(in crate::app) fn toggle(&mut self, keys: &KeyMap) -> Notice {
        let notice = match self.skew() {
            _ if self.by_server => Notice::done("signed by this machine's clock again"),
            Some(ahead) => {
                let key = keys.hint(Action::ServerClock);
                Notice::done(format!("from now on signed by the server's clock, {} ours; {key} turns back", side(ahead)))
            }
            None if self.ahead.is_some() => Notice::warning("this machine's clock agrees with the server's: nothing to correct"),
            None => Notice::warning("no answer has shown the server's clock yet"),
        };
        self.by_server = !self.by_server && self.skew().is_some();
        notice
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
    fn follows_the_servers_clock_until_it_agrees() {
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
