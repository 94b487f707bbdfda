//! Chance and rate: the share of requests that a fault applies to.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::Rate;

/// Returns whether the draw of this number hits. The same seed, fault and number always give the same.
pub(super) fn hits(percent: u8, seed: u64, fault: u32, number: u64) -> bool {
    let mixed = mix(mix(seed ^ u64::from(fault)).wrapping_add(number));
    mixed % 100 < u64::from(percent)
}

/// Spreads the bits of a number (the finalizer of `SplitMix64`).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The requests that a rate let through lately.
#[derive(Debug, Default)]
pub(super) struct Window(VecDeque<Timestamp>);

impl Window {
    /// Lets a request through, or says how long until the next is let through.
    pub(super) fn admit(&mut self, rate: Rate, now: Timestamp) -> Result<(), SignedDuration> {
        // A clock that was set back forgets what it has yet to reach.
        let recent = |then: &Timestamp| *then <= now && now.duration_since(*then) < rate.time();
        while self.0.front().is_some_and(|then| !recent(then)) {
            self.0.pop_front();
        }
        if self.0.len() < rate.most as usize {
            self.0.push_back(now);
            return Ok(());
        }
        Err(self.0.front().map_or(rate.time(), |first| rate.time() - now.duration_since(*first)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter::RateUnit;
    use super::*;

    #[test]
    fn draws_are_as_likely_as_said_and_the_same_for_the_same_seed() {
        let draws = |seed| (0..10_000).map(|number| hits(25, seed, 1, number)).collect::<Vec<_>>();
        let hit = draws(7).iter().filter(|hit| **hit).count();
        assert!((2300..2700).contains(&hit), "{hit}");
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
        assert!((0..1000).all(|number| hits(100, 7, 1, number)));
    }

    #[test]
    fn passes_calls_within_a_rate() {
        let rate = Rate { most: 2, unit: RateUnit::Second };
        let at = |millis| Timestamp::UNIX_EPOCH + SignedDuration::from_millis(millis);
        let mut window = Window::default();
        assert_eq!((window.admit(rate, at(0)), window.admit(rate, at(300))), (Ok(()), Ok(())));
        assert_eq!(window.admit(rate, at(400)), Err(SignedDuration::from_millis(600)));
        assert_eq!((window.admit(rate, at(1000)), window.admit(rate, at(1100)).is_err()), (Ok(()), true));
        assert_eq!(Window::default().admit(Rate { most: 0, ..rate }, at(0)), Err(rate.time()));
        assert_eq!(window.admit(rate, at(-5000)), Ok(()), "the clock was set back");
    }
}
