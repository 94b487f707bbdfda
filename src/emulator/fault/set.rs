//! The faults that are set, and what strikes a request.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::draw::{Window, hits};
use super::{Failure, Fault};
use crate::catalog::Provider;

/// A fault that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFault {
    /// Its number, by which it is removed: counted from 1, never used again.
    pub number: u32,
    /// The fault.
    pub fault: Fault,
    /// How many requests it was for so far.
    pub met: u64,
    /// How many of them it struck.
    pub struck: u64,
}

impl SetFault {
    /// Whether it has struck as often as it is to.
    pub fn is_spent(&self) -> bool {
        self.fault.marks.count.is_some_and(|count| self.struck >= u64::from(count))
    }
}

/// A request that faults may strike.
pub(in crate::emulator) struct Occasion<'a> {
    /// Where it arrived.
    pub provider: &'a Provider,
    /// The operation it asks for ([`super::TOKEN`] for a token request; `None` when the route is unknown).
    pub operation: Option<&'a str>,
    /// When it arrived.
    pub now: Timestamp,
}

/// What strikes one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::emulator) struct Strike {
    /// How much later the answer comes.
    pub delay: Duration,
    /// How far the clock is off.
    pub clock: SignedDuration,
    /// Whether the tokens given out so far are taken back.
    pub revoke: bool,
    /// What is answered instead.
    pub instead: Option<Failure>,
    /// When to come again, where a rate was exceeded.
    pub retry_after: Option<SignedDuration>,
    /// What is spoilt in what the answer holds.
    pub content: Option<Failure>,
    /// What is spoilt in how it travels.
    pub travel: Option<Failure>,
}

/// What a failure is to an answer.
enum Sort {
    /// It adds to others of its kind.
    Sum,
    /// It takes the answer's place.
    Instead,
    /// It spoils what the answer holds.
    Content,
    /// It spoils how the answer travels.
    Travel,
}

impl Failure {
    fn sort(&self) -> Sort {
        match self {
            Self::Delay(_) | Self::Clock(_) | Self::Revoke => Sort::Sum,
            Self::Code(..) | Self::Throttle | Self::Status(_) | Self::Html(_) => Sort::Instead,
            Self::ContentType(_) | Self::Malformed(_) => Sort::Content,
            Self::Reset(_) | Self::Truncated(_) | Self::NotHttp | Self::Drip { .. } => Sort::Travel,
        }
    }
}

impl Strike {
    /// Whether there is room for a failure.
    fn takes(&self, failure: &Failure) -> bool {
        match failure.sort() {
            Sort::Sum => true,
            Sort::Instead => self.instead.is_none(),
            Sort::Content => self.content.is_none(),
            Sort::Travel => self.travel.is_none(),
        }
    }

    fn add(&mut self, failure: &Failure, wait: Option<SignedDuration>) {
        match failure {
            Failure::Delay(delay) => self.delay += *delay,
            Failure::Clock(skew) => self.clock = self.clock.saturating_add(*skew),
            Failure::Revoke => self.revoke = true,
            other => {
                let place = match other.sort() {
                    Sort::Content => &mut self.content,
                    Sort::Travel => &mut self.travel,
                    Sort::Instead | Sort::Sum => {
                        self.retry_after = wait;
                        &mut self.instead
                    }
                };
                *place = Some(other.clone());
            }
        }
    }
}

/// A fault's strike.
struct Hit {
    /// How long until its rate lets a request through again, where it has one.
    wait: Option<SignedDuration>,
}

/// A fault that is set, with what its marks need to remember.
#[derive(Debug)]
struct Kept {
    set: SetFault,
    window: Window,
}

impl Kept {
    /// Whether it strikes a request that it is for.
    fn strikes(&mut self, seed: u64, now: Timestamp) -> Option<Hit> {
        let (marks, number) = (&self.set.fault.marks, self.set.met);
        self.set.met += 1;
        if marks.spared.is_some_and(|spared| number < u64::from(spared)) || self.set.is_spent() {
            return None;
        }
        let wait = match marks.rate {
            Some(rate) => Some(self.window.admit(rate, now).err()?),
            None => None,
        };
        marks.percent.is_none_or(|percent| hits(percent, seed, self.set.number, number)).then_some(Hit { wait })
    }
}

/// The faults that are set.
#[derive(Debug)]
pub(in crate::emulator) struct Faults {
    kept: Vec<Kept>,
    last_number: u32,
    seed: u64,
}

impl Faults {
    /// No faults; chance is drawn by the seed.
    pub(in crate::emulator) fn new(seed: u64) -> Self {
        Self { kept: Vec::new(), last_number: 0, seed }
    }

    /// Sets one more, and says its number.
    pub(in crate::emulator) fn add(&mut self, fault: Fault) -> u32 {
        self.last_number += 1;
        let set = SetFault { number: self.last_number, fault, met: 0, struck: 0 };
        self.kept.push(Kept { set, window: Window::default() });
        self.last_number
    }

    /// Those that are set, spent ones too, in the order in which they were.
    pub(in crate::emulator) fn list(&self) -> Vec<SetFault> {
        self.kept.iter().map(|kept| kept.set.clone()).collect()
    }

    /// Takes one back; whether it was set.
    pub(in crate::emulator) fn remove(&mut self, number: u32) -> bool {
        let before = self.kept.len();
        self.kept.retain(|kept| kept.set.number != number);
        self.kept.len() < before
    }

    /// Whether there are none.
    pub(in crate::emulator) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Takes all of them back.
    pub(in crate::emulator) fn clear(&mut self) {
        self.kept.clear();
    }

    /// What strikes a request; counts are used up.
    pub(in crate::emulator) fn strike(&mut self, occasion: &Occasion<'_>) -> Strike {
        let mut strike = Strike::default();
        for kept in &mut self.kept {
            let fault = &kept.set.fault;
            if !fault.is_for(occasion.provider, occasion.operation) || !strike.takes(&fault.failure) {
                continue;
            }
            if let Some(hit) = kept.strikes(self.seed, occasion.now) {
                kept.set.struck += 1;
                strike.add(&kept.set.fault.failure, hit.wait);
            }
        }
        strike
    }
}
