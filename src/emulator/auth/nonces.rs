//! Nonces that were used, kept for as long as a request that carries one could still be within the clock window.

use std::collections::{HashSet, VecDeque};

use foldhash::fast::RandomState;
use jiff::{SignedDuration, Timestamp};

use crate::auth::sha256_of;

/// A request is refused when its date is more than 15 minutes from the clock, so one that is accepted now could
/// come again for 30 minutes at most.
const NONCE_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// No more than this many are kept; the oldest go first.
const MAX_NONCES: usize = 200_000;

/// Used nonces, by access key.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    seen: HashSet<u128, RandomState>,
    order: VecDeque<(Timestamp, u128)>,
}

impl Nonces {
    /// Takes a nonce as used; `false` if it was already.
    pub(crate) fn take(&mut self, key_id: &str, nonce: &[u8], now: Timestamp) -> bool {
        self.forget(now);
        let digest = digest(key_id, nonce);
        if !self.seen.insert(digest) {
            return false;
        }
        self.order.push_back((now, digest));
        true
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((taken, digest)) = self.order.front() {
            if self.order.len() < MAX_NONCES && now.duration_since(*taken) <= NONCE_LIFETIME {
                return;
            }
            self.seen.remove(digest);
            self.order.pop_front();
        }
    }
}

/// Returns a nonce in 16 bytes, however long it is.
fn digest(key_id: &str, nonce: &[u8]) -> u128 {
    sha256_of([key_id.as_bytes(), b"\n", nonce]).first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    #[test]
    fn accepts_a_nonce_once_per_key() {
        let mut nonces = Nonces::default();
        assert!(nonces.take("a", b"1", at(0)));
        assert!(!nonces.take("a", b"1", at(29)));
        assert!(nonces.take("b", b"1", at(29)));
    }

    #[test]
    fn forgets_what_no_window_admits() {
        let mut nonces = Nonces::default();
        for minute in 0..100 {
            assert!(nonces.take("a", minute.to_string().as_bytes(), at(minute)));
        }
        assert_eq!((nonces.seen.len(), nonces.order.len()), (31, 31));
        assert!(nonces.take("a", b"1", at(100)));
    }
}
