//! Fresh identifiers, made from a seed and a count: never the same twice, and not to be guessed without the seed.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;
use jiff::{SignedDuration, Timestamp};

use crate::auth::{DateFormat, hex_digits, sha256};
use crate::catalog::ResponseFormat;

/// Fresh identifiers for one request: threads meet once for all of them.
#[derive(Debug)]
pub(super) struct IdBatch<'a> {
    ids: &'a Ids,
    number: u64,
    used: Cell<u32>,
}

/// A source of fresh identifiers, for several requests at once.
#[derive(Debug)]
pub(super) struct Ids {
    seed: [u8; 32],
    count: CachePadded<AtomicU64>,
}

impl Ids {
    /// Starts from a seed; the same seed gives the same identifiers.
    pub(super) fn new(seed: [u8; 32]) -> Self {
        Self { seed, count: CachePadded::default() }
    }

    /// Returns the number of identifiers issued.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Goes on where an earlier source stopped.
    pub(super) fn resume(&mut self, count: u64) {
        let own = self.count.get_mut();
        *own = count.max(*own);
    }

    /// Returns the identifiers of one request.
    pub(super) fn next_batch(&self) -> IdBatch<'_> {
        IdBatch { ids: self, number: self.next(), used: Cell::new(0) }
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }
}

impl IdBatch<'_> {
    /// Returns the number of identifiers issued, to this request and to others.
    pub(super) fn issued(&self) -> u64 {
        self.ids.count()
    }

    /// Returns 64 lower-case hex digits.
    pub(super) fn hex64(&self) -> String {
        text(&self.hex::<64>())
    }

    /// Returns 32 lower-case hex digits.
    pub(super) fn hex32(&self) -> String {
        text(&self.hex::<32>())
    }

    /// Returns so many lower-case hex digits: an even number, 64 at most.
    fn hex<const DIGITS: usize>(&self) -> [u8; DIGITS] {
        let mut basis = [0; 44];
        basis[..32].copy_from_slice(&self.ids.seed);
        basis[32..40].copy_from_slice(&self.number.to_be_bytes());
        basis[40..].copy_from_slice(&self.used.replace(self.used.get() + 1).to_be_bytes());
        hex_digits(&sha256(&basis))
    }

    /// Returns a random UUID (version 4) in lower case.
    pub(super) fn uuid(&self) -> String {
        let hex = self.hex::<32>();
        let mut uuid = *b"00000000-0000-4000-8000-000000000000";
        for (to, from) in [(0..8, 0..8), (9..13, 8..12), (15..18, 13..16), (20..23, 17..20), (24..36, 20..32)] {
            uuid[to].copy_from_slice(&hex[from]);
        }
        uuid[19] = b"89ab"[usize::from(hex[16]) % 4];
        text(&uuid)
    }

    /// Returns a number of six digits or more, one higher each time.
    pub(super) fn digits(&self) -> String {
        (self.ids.next().saturating_add(100_000)).to_string()
    }

    /// Returns a request id as the vendor of this format writes it.
    pub(super) fn request_id(&self, format: ResponseFormat, now: Timestamp) -> String {
        match format {
            ResponseFormat::AlibabaService | ResponseFormat::AlibabaFlat => {
                let mut id = self.uuid();
                id.make_ascii_uppercase();
                id
            }
            ResponseFormat::Volcengine => self.volcengine(now),
            ResponseFormat::HuaweiSwr | ResponseFormat::OtcSwr => self.hex32(),
        }
    }

    /// Returns a trace id as Alibaba Cloud writes it, 32 lower-case hex digits; empty for a vendor that has none.
    pub(super) fn trace_id(&self, format: ResponseFormat) -> String {
        match format {
            ResponseFormat::AlibabaService | ResponseFormat::AlibabaFlat => self.hex32(),
            ResponseFormat::Volcengine | ResponseFormat::HuaweiSwr | ResponseFormat::OtcSwr => String::new(),
        }
    }

    /// Returns Beijing time in 14 digits, the server's address with zeros in 12, and six hex digits.
    fn volcengine(&self, now: Timestamp) -> String {
        let local = now.saturating_add(SignedDuration::from_hours(8)).unwrap_or(now);
        let (date, tail) = (DateFormat::Basic.write(local), self.hex::<6>().map(|digit| digit.to_ascii_uppercase()));
        let mut id = *b"00000000000000127000000001000000";
        id[..8].copy_from_slice(&date.as_bytes()[..8]);
        id[8..14].copy_from_slice(&date.as_bytes()[9..15]);
        id[26..].copy_from_slice(&tail);
        text(&id)
    }
}

fn text(ascii: &[u8]) -> String {
    String::from_utf8(ascii.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_look_like_the_vendors() {
        let source = Ids::new([7; 32]);
        let ids = source.next_batch();
        let now: Timestamp = "2026-11-22T20:30:00Z".parse().unwrap();
        let shape = |text: &str| text.replace(|c: char| c.is_ascii_hexdigit(), "h");
        assert_eq!(shape(&ids.uuid()), "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh");
        assert_eq!(&ids.uuid()[14..15], "4");
        let volcengine = ids.request_id(ResponseFormat::Volcengine, now);
        assert!(volcengine.starts_with("20261123043000127000000001"), "{volcengine}");
        assert_eq!(volcengine.len(), 32);
        let alibaba = ids.request_id(ResponseFormat::AlibabaService, now);
        assert!(!alibaba.chars().any(|c| c.is_ascii_lowercase()), "{alibaba}");
        assert_eq!((ids.hex32().len(), ids.trace_id(ResponseFormat::AlibabaFlat).len()), (32, 32));
    }

    #[test]
    fn makes_no_duplicates() {
        let source = Ids::new([0; 32]);
        let (ids, others) = (source.next_batch(), source.next_batch());
        let made: std::collections::HashSet<_> = (0..100).flat_map(|_| [ids.uuid(), others.uuid()]).collect();
        assert_eq!(made.len(), 200);
        assert_ne!(ids.digits(), ids.digits());
        assert_ne!(ids.digits(), others.digits());
        assert_ne!(Ids::new([1; 32]).next_batch().uuid(), Ids::new([2; 32]).next_batch().uuid());
    }
}
