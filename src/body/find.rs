//! Searching a body for a text or a regular expression.
//!
//! What is masked never reaches the pattern: the body is searched piece by piece between the secrets, so that neither
//! a match nor its absence tells what one begins with.

use std::ops::Range;

use memchr::{memchr2, memmem};
use regex_lite::{Regex, RegexBuilder};
use thiserror::Error;

use super::{Matches, View};

/// The most matches that are kept; the search ends there.
pub const MAX_MATCHES: usize = 100_000;

/// Bytes that are searched before the matches are published and the search may be given up.
const SEARCH_WINDOW_BYTES: usize = 256 * 1024;

/// Bytes that a match of a regular expression may reach beyond a window.
const MAX_REGEX_OVERLAP_BYTES: usize = 4096;

/// A compiled search pattern.
///
/// Small letters alone (a to z) find capital ones as well; a capital letter anywhere makes the case matter.
#[derive(Debug)]
pub struct Pattern(PatternKind);

#[derive(Debug)]
enum PatternKind {
    Exact(Box<memmem::Finder<'static>>),
    /// A text in lower case that matches any case.
    Folded(Vec<u8>),
    Regex(Regex),
}

/// An error from compiling a search pattern.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PatternError {
    /// Nothing to search for.
    #[error("nothing to search for")]
    Empty,
    /// The regular expression is malformed.
    #[error("{0}")]
    Regex(String),
}

impl Pattern {
    /// Compiles a text, or a regular expression in which `^` and `$` match at the ends of a line; a match is at most 4 KiB long.
    ///
    /// In the pretty view a blank behind a member's colon matches whether it is in the body or not; in the hex view `0x1f8b` is
    /// searched for as bytes.
    pub fn new(text: &str, regex: bool, view: View) -> Result<Self, PatternError> {
        match text {
            "" => Err(PatternError::Empty),
            _ if regex => expression(text, has_capital(&without_escapes(text))),
            _ => plain(text, view),
        }
    }

    /// Returns the first match that begins at `from` or behind it and before `until`.
    fn next(&self, haystack: SearchWindow<'_>, from: usize, until: usize) -> Option<Range<usize>> {
        let text = haystack.bytes;
        let reach = |more: usize| until.saturating_add(more).min(text.len());
        match &self.0 {
            PatternKind::Exact(finder) => {
                let length = finder.needle().len();
                let at = finder.find(&text[from..reach(length - 1)])?;
                Some(from + at..from + at + length)
            }
            PatternKind::Folded(word) => folded(&text[..reach(word.len() - 1)], from, word),
            PatternKind::Regex(regex) => {
                let text = &haystack.text[..boundary(text, until.saturating_add(MAX_REGEX_OVERLAP_BYTES))];
                next_of(regex, text, from).filter(|found| found.start < until)
            }
        }
    }

    fn is_regex(&self) -> bool {
        matches!(self.0, PatternKind::Regex(_))
    }
}

fn exact(bytes: &[u8]) -> Pattern {
    Pattern(PatternKind::Exact(Box::new(memmem::Finder::new(bytes).into_owned())))
}

fn plain(text: &str, view: View) -> Result<Pattern, PatternError> {
    let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok()).filter(|bytes| !bytes.is_empty());
    match bytes {
        Some(bytes) if view == View::Hex => Ok(exact(&bytes)),
        _ if view == View::Pretty && text.contains("\": ") => {
            expression(&regex_lite::escape(text).replace("\": ", "\"\\s*:\\s*"), has_capital(text))
        }
        _ if has_capital(text) => Ok(exact(text.as_bytes())),
        _ => Ok(Pattern(PatternKind::Folded(text.as_bytes().to_vec()))),
    }
}

fn expression(text: &str, case_matters: bool) -> Result<Pattern, PatternError> {
    let built = RegexBuilder::new(text).case_insensitive(!case_matters).multi_line(true).build();
    built.map(|regex| Pattern(PatternKind::Regex(regex))).map_err(|error| PatternError::Regex(error.to_string()))
}

fn has_capital(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
}

/// Returns the expression without what stands behind backslashes: `\S` is no capital letter.
fn without_escapes(text: &str) -> String {
    let mut escaped = false;
    let plain = |c: &char| {
        let drop = escaped || *c == '\\';
        escaped = !escaped && *c == '\\';
        !drop
    };
    text.chars().filter(plain).collect()
}

fn folded(text: &[u8], from: usize, word: &[u8]) -> Option<Range<usize>> {
    let (small, capital) = (word[0], word[0].to_ascii_uppercase());
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(|rest| memchr2(small, capital, rest)) {
        at += found;
        if text.get(at..at + word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word)) {
            return Some(at..at + word.len());
        }
        at += 1;
    }
    None
}

/// Returns the next match that is not empty.
fn next_of(regex: &Regex, text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    while at <= text.len() {
        let found = regex.find_at(text, at)?;
        if !found.is_empty() {
            return Some(found.range());
        }
        at = found.end() + text[found.end()..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// One window of the search: bytes, and for a regular expression the same as text.
#[derive(Clone, Copy)]
struct SearchWindow<'a> {
    bytes: &'a [u8],
    text: &'a str,
}

/// Searches what is not masked; see [`super::Rows::find`].
pub(super) fn find(bytes: &[u8], masks: &[Range<u32>], pattern: &Pattern, publish: &mut dyn FnMut(&Matches) -> bool) -> Matches {
    let bytes = &bytes[..bytes.len().min(u32::MAX as usize)];
    let mut search = Search { pattern, matches: Matches::default(), since: 0, publish };
    let ends = masks.iter().map(|mask| mask.start as usize..mask.end as usize).chain(std::iter::once(bytes.len()..bytes.len()));
    let mut from = 0;
    for mask in ends {
        if from < mask.start && !search.open(bytes, from..mask.start) {
            return search.matches;
        }
        from = from.max(mask.end);
    }
    search.matches.complete = true;
    search.matches
}

struct Search<'a> {
    pattern: &'a Pattern,
    matches: Matches,
    /// Bytes since the matches were published.
    since: usize,
    publish: &'a mut dyn FnMut(&Matches) -> bool,
}

impl Search<'_> {
    /// Searches the bytes between two secrets; returns whether to go on.
    fn open(&mut self, bytes: &[u8], range: Range<usize>) -> bool {
        let text = &bytes[range.clone()];
        if !self.pattern.is_regex() {
            return self.text(SearchWindow { bytes: text, text: "" }, range.start);
        }
        let mut at = range.start;
        text.utf8_chunks().all(|chunk| {
            let start = at;
            at += chunk.valid().len() + chunk.invalid().len();
            self.text(SearchWindow { bytes: chunk.valid().as_bytes(), text: chunk.valid() }, start)
        })
    }

    /// Searches a text that begins at this byte of the body, window by window.
    fn text(&mut self, text: SearchWindow<'_>, start: usize) -> bool {
        let mut from = 0;
        while from < text.bytes.len() {
            let until = boundary(text.bytes, from.saturating_add(SEARCH_WINDOW_BYTES));
            let next = self.window(text, from..until, start);
            self.since += next - from;
            from = next;
            if self.matches.len() >= MAX_MATCHES {
                (self.matches.more, self.matches.complete) = (true, true);
                return false;
            }
            if self.since >= SEARCH_WINDOW_BYTES && !self.publish() {
                return false;
            }
        }
        true
    }

    fn publish(&mut self) -> bool {
        self.since = 0;
        (self.publish)(&self.matches)
    }

    /// Searches for matches that begin in the window; returns where to go on.
    fn window(&mut self, text: SearchWindow<'_>, window: Range<usize>, start: usize) -> usize {
        let mut from = window.start;
        while let Some(found) = self.pattern.next(text, from, window.end) {
            from = found.end;
            self.matches.add(start + found.start..start + found.end);
            if self.matches.len() >= MAX_MATCHES || from >= window.end {
                break;
            }
        }
        from.max(window.end)
    }
}

/// Returns the next character boundary.
fn boundary(text: &[u8], at: usize) -> usize {
    let inside = |byte: &u8| byte & 0xc0 == 0x80;
    text.get(at..).map_or(text.len(), |rest| at + rest.iter().take(3).take_while(|byte| inside(byte)).count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the first byte of each match, and the one behind it.
    fn places(text: &[u8], masks: &[(u32, u32)], pattern: &Pattern) -> Vec<(usize, usize)> {
        let masks: Vec<_> = masks.iter().map(|(start, end)| *start..*end).collect();
        let matches = find(text, &masks, pattern, &mut |_| true);
        assert!(matches.complete());
        (0..matches.len()).filter_map(|number| matches.get(number)).map(|range| (range.start, range.end)).collect()
    }

    fn raw(text: &str, regex: bool) -> Pattern {
        Pattern::new(text, regex, View::Raw).unwrap()
    }

    #[test]
    fn respects_case_after_a_capital_letter() {
        assert_eq!(places(b"Name name NAME", &[], &raw("name", false)).len(), 3);
        assert_eq!(places(b"Name name NAME", &[], &raw("Name", false)), [(0, 4)]);
        assert_eq!(places(b"Name name NAME", &[], &raw(r"\bna\Se", true)).len(), 3);
        assert_eq!(places(b"Name name NAME", &[], &raw("N[a-z]+", true)), [(0, 4)]);
    }

    #[test]
    fn finds_nothing_in_masked_text() {
        let text = b"key=hunter2 hunter2";
        for regex in [false, true] {
            assert_eq!(places(text, &[(4, 11)], &raw("hunter2", regex)), [(12, 19)]);
            assert!(places(text, &[(4, 11)], &raw("key=h", regex)).is_empty());
        }
        assert_eq!(places(text, &[(4, 11)], &raw("key=.*", true)), [(0, 4)]);
    }

    #[test]
    fn lines_begin_and_end_where_they_do() {
        assert_eq!(places(b"one\ntwo\nthree", &[], &raw("^t.*$", true)), [(4, 7), (8, 13)]);
        assert!(places(b"aaa", &[], &raw("b*", true)).is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_do_not_end_the_search() {
        assert_eq!(places(b"a1\xff\xfea2\xc3", &[], &raw(r"a\d", true)), [(0, 2), (4, 6)]);
        let bytes = Pattern::new("0xfffe", false, View::Hex).unwrap();
        assert_eq!(places(b"a1\xff\xfea2", &[], &bytes), [(2, 4)]);
    }

    #[test]
    fn finds_blanks_of_the_pretty_view() {
        let pattern = Pattern::new("\"a\": 1", false, View::Pretty).unwrap();
        assert_eq!(places(br#"{"a":1,"a" : 1}"#, &[], &pattern), [(1, 6), (7, 14)]);
    }

    #[test]
    fn stops_a_search_at_its_bound() {
        let text = "ab......".repeat(MAX_MATCHES * 2);
        let given_up = find(text.as_bytes(), &[], &raw("a", false), &mut |_| false);
        assert!(!given_up.complete() && given_up.len() < MAX_MATCHES, "{}", given_up.len());
        let all = find(text.as_bytes(), &[], &raw("a", false), &mut |_| true);
        assert!(all.complete() && all.more());
        assert_eq!(all.len(), MAX_MATCHES);
    }

    #[test]
    fn locates_the_error_of_an_expression() {
        assert!(matches!(Pattern::new("a(", true, View::Raw), Err(PatternError::Regex(_))));
        assert_eq!(Pattern::new("", false, View::Raw).unwrap_err(), PatternError::Empty);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6))]
        #[test]
        fn windows_lose_nothing(seed in prop::collection::vec(SEARCH_WINDOW_BYTES - 6000..SEARCH_WINDOW_BYTES + 10, 1..20), regex: bool) {
            let mut text = vec![b'.'; SEARCH_WINDOW_BYTES + 5000];
            for at in seed {
                text[at..at + 6].copy_from_slice(b"needle");
            }
            let expected: Vec<_> = memmem::find_iter(&text, b"needle").map(|at| (at, at + 6)).collect();
            prop_assert_eq!(places(&text, &[], &raw("needle", regex)), expected);
        }
    }
}
