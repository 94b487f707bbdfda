//! Looking for many values at once, in one pass that skips most bytes (the way of Wu and Manber).
//!
//! Every needle's first `reach` bytes are cut into pairs; a pair tells how far the window may move on without missing
//! a needle. Only where it may not move are needles compared, and only those that have this pair there.

use std::fmt;
use std::ops::Range;

use super::MIN_VALUE_CHARS;
use super::forms::SecretForm;

/// Size of the table of pairs.
const PAIR_TABLE_SIZE: usize = 1 << 12;

/// The values to look for.
#[derive(Default)]
pub(super) struct Search {
    /// All forms, in the order of their pair, those of one pair in the order of their bytes.
    needles: Vec<SecretForm>,
    /// The first four bytes of each, as a number: with thousands of values most candidates are dismissed by these.
    heads: Vec<u32>,
    /// The number of bytes of every needle that the window spans.
    reach: usize,
    /// The distance that the window may move for each pair at its end.
    shift: Vec<u8>,
    /// The start in `needles` of the needles with each pair at the window's end; one more for the end.
    buckets: Vec<u32>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search({} forms)", self.needles.len())
    }
}

/// Returns two neighbouring bytes as a place in the table; different pairs may share one, which only makes the window move less.
fn pair(first: u8, second: u8) -> usize {
    (usize::from(first) << 4 ^ usize::from(second)) % PAIR_TABLE_SIZE
}

/// Returns the first bytes as a number that orders as they do.
fn head(bytes: &[u8]) -> u32 {
    bytes.iter().take(MIN_VALUE_CHARS).fold(0, |head, byte| head << 8 | u32::from(*byte))
}

impl Search {
    /// Prepares the search; equal and too short forms are dropped.
    pub(super) fn new(forms: impl Iterator<Item = SecretForm>) -> Self {
        let mut needles: Vec<SecretForm> = forms.filter(|form| form.bytes.len() >= MIN_VALUE_CHARS).collect();
        needles.sort_unstable_by(|a, b| a.bytes.cmp(&b.bytes).then(a.leaks_at_edges.cmp(&b.leaks_at_edges)));
        needles.dedup_by(|a, b| a.bytes == b.bytes);
        let reach = needles.iter().map(|needle| needle.bytes.len()).min().unwrap_or(0).min(usize::from(u8::MAX));
        if reach == 0 {
            return Self::default();
        }
        let last = |needle: &SecretForm| pair(needle.bytes[reach - 2], needle.bytes[reach - 1]);
        needles.sort_by_key(last);
        let buckets = (0..=PAIR_TABLE_SIZE).map(|place| needles.partition_point(|needle| last(needle) < place) as u32).collect();
        let shift = shifts(&needles, reach);
        let heads = needles.iter().map(|needle| head(&needle.bytes)).collect();
        Self { needles, heads, reach, shift, buckets }
    }

    /// Adds the places of every needle to `spans`.
    pub(super) fn find(&self, bytes: &[u8], spans: &mut Vec<Range<usize>>) {
        if self.needles.is_empty() {
            return;
        }
        let mut end = self.reach - 1;
        while end < bytes.len() {
            let place = pair(bytes[end - 1], bytes[end]);
            let step = usize::from(self.shift[place]);
            if step == 0 {
                self.compare(bytes, end + 1 - self.reach, place, spans);
            }
            end += step.max(1);
        }
    }

    /// Returns with how many bytes of a needle's beginning a text ends: the most of any, and none if they are fewer than a value must have.
    pub(super) fn partial_match_before(&self, text: &[u8]) -> usize {
        let begun =
            |needle: &SecretForm| (MIN_VALUE_CHARS..needle.bytes.len()).rev().find(|length| text.ends_with(&needle.bytes[..*length]));
        self.needles.iter().filter_map(begun).max().unwrap_or(0)
    }

    /// Adds the longest needle that begins at `start`, of those with this pair.
    fn compare(&self, bytes: &[u8], start: usize, place: usize, spans: &mut Vec<Range<usize>>) {
        let (from, to) = (self.buckets[place] as usize, self.buckets[place + 1] as usize);
        let (heads, here) = (&self.heads[from..to], head(&bytes[start..]));
        let (first, behind) = (heads.partition_point(|head| *head < here), heads.partition_point(|head| *head <= here));
        let candidates = &self.needles[from + first..from + behind];
        let fits = |needle: &&SecretForm| bytes[start..].starts_with(&needle.bytes);
        if let Some(found) = candidates.iter().filter(fits).max_by_key(|needle| needle.bytes.len()) {
            spans.push(extended(bytes, start..start + found.bytes.len(), found.leaks_at_edges));
        }
    }
}

fn shifts(needles: &[SecretForm], reach: usize) -> Vec<u8> {
    let mut shift = vec![(reach - 1) as u8; PAIR_TABLE_SIZE];
    for needle in needles {
        for second in 1..reach {
            let entry = &mut shift[pair(needle.bytes[second - 1], needle.bytes[second])];
            *entry = (*entry).min((reach - 1 - second) as u8);
        }
    }
    shift
}

/// Returns the span with one more base64 character at either end, which may hold bits of the value.
fn extended(bytes: &[u8], span: Range<usize>, leaks: bool) -> Range<usize> {
    let digit = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
    if !leaks {
        return span;
    }
    let before = span.start > 0 && digit(span.start - 1);
    span.start - usize::from(before)..span.end + usize::from(digit(span.end))
}

impl SecretForm {
    #[cfg(test)]
    fn plain(text: &str) -> Self {
        Self { bytes: zeroize::Zeroizing::new(text.as_bytes().to_vec()), leaks_at_edges: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_needle_at_every_place() {
        let words = ["abcd", "bcdefg", "hunter2-hunter2", "zzzz"];
        let search = Search::new(words.iter().map(|word| SecretForm::plain(word)));
        for word in words {
            for before in 0..40 {
                let text = format!("{}{word}{}", "-".repeat(before), "-".repeat(before % 7));
                let mut spans = Vec::new();
                search.find(text.as_bytes(), &mut spans);
                assert!(spans.contains(&(before..before + word.len())), "{text} {spans:?}");
            }
        }
    }

    #[test]
    fn takes_the_longest_and_looks_inside_it_too() {
        let search = Search::new(["abcd", "abcdefgh", "efghijkl"].iter().map(|word| SecretForm::plain(word)));
        let mut spans = Vec::new();
        search.find(b"xabcdefghijklx", &mut spans);
        assert_eq!(spans, [1..9, 5..13]);
    }
}
