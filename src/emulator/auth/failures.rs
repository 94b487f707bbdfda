//! Signatures that failed in a row, by access key: Huawei's gateway locks a key after more than five of them, for five minutes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::fast::RandomState;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// The most failures in a row that do not lock a key.
const MAX_FAILURES: u32 = 5;

/// The time that a key is locked.
const LOCK_DURATION: SignedDuration = SignedDuration::from_mins(5);

/// The failures of known keys: there are no more entries than accepted keys.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    by_key: Mutex<HashMap<String, FailureCount, RandomState>>,
    /// Set once there are any: most requests need not take the lock.
    has_any: AtomicBool,
}

/// The failures of one key.
#[derive(Clone, Copy, Debug)]
struct FailureCount {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// Returns whether a key is locked. The time of a lock that is over is a new beginning.
    pub(crate) fn is_locked(&self, key_id: &str, now: Timestamp) -> bool {
        if !self.has_any.load(Ordering::Acquire) {
            return false;
        }
        let mut by_key = self.by_key.lock();
        let Some(row) = by_key.get(key_id).filter(|row| row.count > MAX_FAILURES) else { return false };
        if now.duration_since(row.last) < LOCK_DURATION {
            return true;
        }
        by_key.remove(key_id);
        false
    }

    /// Counts a failure.
    pub(crate) fn add(&self, key_id: &str, now: Timestamp) {
        self.has_any.store(true, Ordering::Release);
        let mut by_key = self.by_key.lock();
        let row = by_key.entry(key_id.to_owned()).or_insert(FailureCount { count: 0, last: now });
        *row = FailureCount { count: row.count + 1, last: now };
    }

    /// Forgets the failures of a key: its signature held.
    pub(crate) fn clear(&self, key_id: &str) {
        if self.has_any.load(Ordering::Acquire) {
            self.by_key.lock().remove(key_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn locks_after_more_than_five_in_a_row_for_five_minutes() {
        let failures = Failures::default();
        (0..5).for_each(|second| failures.add("AK", at(second)));
        assert!(!failures.is_locked("AK", at(5)));
        failures.add("AK", at(5));
        assert!(failures.is_locked("AK", at(304)) && !failures.is_locked("SK", at(6)));
        assert!(!failures.is_locked("AK", at(305)));
        failures.add("AK", at(306));
        assert!(!failures.is_locked("AK", at(306)), "the count restarted");
    }

    #[test]
    fn clears_the_count_on_success() {
        let failures = Failures::default();
        (0..5).for_each(|second| failures.add("AK", at(second)));
        failures.clear("AK");
        (5..10).for_each(|second| failures.add("AK", at(second)));
        assert!(!failures.is_locked("AK", at(10)));
    }
}
