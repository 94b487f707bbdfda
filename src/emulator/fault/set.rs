//! The faults that are set, and those that apply to a request.

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
    /// The number of requests that it matched so far.
    pub matched_count: u64,
    /// The number of requests that it was applied to.
    pub applied_count: u64,
}

impl SetFault {
    /// Returns whether it has been applied as often as it may be.
    pub fn is_spent(&self) -> bool {
        self.fault.filter.count.is_some_and(|count| self.applied_count >= u64::from(count))
    }
}

/// A request that faults may apply to.
pub(in crate::emulator) struct FaultCandidate<'a> {
    /// The port's provider.
    pub provider: &'a Provider,
    /// The operation it asks for ([`super::TOKEN`] for a token request; `None` when the route is unknown).
    pub operation: Option<&'a str>,
    /// The time at which it arrived.
    pub now: Timestamp,
}

/// The faults that apply to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::emulator) struct AppliedFaults {
    /// The delay of the answer.
    pub delay: Duration,
    /// The offset of the clock.
    pub clock: SignedDuration,
    /// Set when the tokens issued so far are revoked.
    pub revoke: bool,
    /// The failure that is sent instead of the answer.
    pub instead: Option<Failure>,
    /// The time to call again, where a rate was exceeded.
    pub retry_after: Option<SignedDuration>,
    /// The failure that damages the answer's content.
    pub content: Option<Failure>,
    /// The failure that damages the delivery.
    pub delivery: Option<Failure>,
}

/// The stage of an answer at which a failure applies.
enum Stage {
    /// It adds to others of its kind.
    Sum,
    /// It takes the answer's place.
    Instead,
    /// It spoils what the answer holds.
    Content,
    /// It spoils how the answer travels.
    Delivery,
}

impl Failure {
    fn stage(&self) -> Stage {
        match self {
            Self::Delay(_) | Self::Clock(_) | Self::Revoke => Stage::Sum,
            Self::Code(..) | Self::Throttle | Self::Status(_) | Self::Html(_) => Stage::Instead,
            Self::ContentType(_) | Self::Malformed(_) => Stage::Content,
            Self::Reset(_) | Self::Truncated(_) | Self::NotHttp | Self::Drip { .. } => Stage::Delivery,
        }
    }
}

impl AppliedFaults {
    /// Returns whether there is room for a failure.
    fn has_room_for(&self, failure: &Failure) -> bool {
        match failure.stage() {
            Stage::Sum => true,
            Stage::Instead => self.instead.is_none(),
            Stage::Content => self.content.is_none(),
            Stage::Delivery => self.delivery.is_none(),
        }
    }

    fn add(&mut self, failure: &Failure, wait: Option<SignedDuration>) {
        match failure {
            Failure::Delay(delay) => self.delay += *delay,
            Failure::Clock(skew) => self.clock = self.clock.saturating_add(*skew),
            Failure::Revoke => self.revoke = true,
            other => {
                let place = match other.stage() {
                    Stage::Content => &mut self.content,
                    Stage::Delivery => &mut self.delivery,
                    Stage::Instead | Stage::Sum => {
                        self.retry_after = wait;
                        &mut self.instead
                    }
                };
                *place = Some(other.clone());
            }
        }
    }
}

/// The application of a fault to a request.
struct Trigger {
    /// The time until its rate lets a request through again, where it has one.
    wait: Option<SignedDuration>,
}

/// A fault that is set, with the state of its filter.
#[derive(Debug)]
struct ActiveFault {
    set: SetFault,
    window: Window,
}

impl ActiveFault {
    /// Applies it to a request that it is for, unless a condition of its filter says otherwise.
    fn applies(&mut self, seed: u64, now: Timestamp) -> Option<Trigger> {
        let (filter, number) = (&self.set.fault.filter, self.set.matched_count);
        self.set.matched_count += 1;
        if filter.skipped_requests.is_some_and(|skipped_requests| number < u64::from(skipped_requests)) || self.set.is_spent() {
            return None;
        }
        let wait = match filter.rate {
            Some(rate) => Some(self.window.admit(rate, now).err()?),
            None => None,
        };
        filter.percent.is_none_or(|percent| hits(percent, seed, self.set.number, number)).then_some(Trigger { wait })
    }
}

/// The faults that are set.
#[derive(Debug)]
pub(in crate::emulator) struct Faults {
    stored: Vec<ActiveFault>,
    last_number: u32,
    seed: u64,
}

impl Faults {
    /// Creates a set with no faults; chance is drawn by the seed.
    pub(in crate::emulator) fn new(seed: u64) -> Self {
        Self { stored: Vec::new(), last_number: 0, seed }
    }

    /// Sets one more, and returns its number.
    pub(in crate::emulator) fn add(&mut self, fault: Fault) -> u32 {
        self.last_number += 1;
        let set = SetFault { number: self.last_number, fault, matched_count: 0, applied_count: 0 };
        self.stored.push(ActiveFault { set, window: Window::default() });
        self.last_number
    }

    /// Returns all faults, spent ones too, in the order in which they were set.
    pub(in crate::emulator) fn list(&self) -> Vec<SetFault> {
        self.stored.iter().map(|stored| stored.set.clone()).collect()
    }

    /// Removes one; returns whether it was set.
    pub(in crate::emulator) fn remove(&mut self, number: u32) -> bool {
        let before = self.stored.len();
        self.stored.retain(|stored| stored.set.number != number);
        self.stored.len() < before
    }

    /// Returns whether there are none.
    pub(in crate::emulator) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// Removes all of them.
    pub(in crate::emulator) fn clear(&mut self) {
        self.stored.clear();
    }

    /// Returns the faults that apply to a request; counts are used up.
    pub(in crate::emulator) fn apply(&mut self, candidate: &FaultCandidate<'_>) -> AppliedFaults {
        let mut applied = AppliedFaults::default();
        for stored in &mut self.stored {
            let fault = &stored.set.fault;
            if !fault.is_for(candidate.provider, candidate.operation) || !applied.has_room_for(&fault.failure) {
                continue;
            }
            if let Some(trigger) = stored.applies(self.seed, candidate.now) {
                stored.set.applied_count += 1;
                applied.add(&stored.set.fault.failure, trigger.wait);
            }
        }
        applied
    }
}
