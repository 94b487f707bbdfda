//! Sets of characters written as in a bracket expression: `a-z0-9._-`.

use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

use crate::text::{joined, quoted_char};

/// A set of characters.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct CharSet {
    ranges: Vec<(char, char)>,
}

/// An error from parsing a set of characters.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InvalidCharSet {
    /// Nothing in it.
    #[error("a set of characters has at least one: `a-z0-9`")]
    Empty,
    /// A range that runs backwards.
    #[error("`{0}-{1}` runs backwards: write `{1}-{0}`")]
    Backwards(char, char),
    /// A `-` in the middle that joins nothing. Holds its place, counted from 1.
    #[error("the `-` at {0} stands for no range: put it first or last to mean the sign itself")]
    LooseHyphen(usize),
}

impl CharSet {
    /// Returns whether the character is one of the set.
    pub fn contains(&self, c: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c))
    }

    /// Returns the set in words: `a-z, 0-9 and '_'`.
    pub fn describe(&self) -> String {
        let parts = self.ranges.iter().map(|range| match range {
            (first, last) if first == last => quoted_char(*first),
            (first, last) => format!("{first}-{last}"),
        });
        joined(parts, "and")
    }

    /// Returns one character of the set in words: `a lower-case letter or a digit`.
    pub(super) fn one_of(&self) -> String {
        let letters = self.ranges.contains(&('a', 'z')) && self.ranges.contains(&('A', 'Z'));
        let parts = self.ranges.iter().filter_map(|range| match range {
            ('a', 'z') if letters => Some("a letter".to_owned()),
            ('A', 'Z') if letters => None,
            ('a', 'z') => Some("a lower-case letter".to_owned()),
            ('A', 'Z') => Some("an upper-case letter".to_owned()),
            ('0', '9') => Some("a digit".to_owned()),
            (first, last) if first == last => Some(quoted_char(*first)),
            (first, last) => Some(format!("one of {first}-{last}")),
        });
        joined(parts, "or")
    }
}

impl FromStr for CharSet {
    type Err = InvalidCharSet;

    /// Reads `a-z0-9._-`; a `-` at either end is the sign itself.
    fn from_str(text: &str) -> Result<Self, InvalidCharSet> {
        let chars: Vec<char> = text.chars().collect();
        let mut ranges = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let (range, width) = range(&chars, at)?;
            ranges.push(range);
            at += width;
        }
        if ranges.is_empty() { Err(InvalidCharSet::Empty) } else { Ok(Self { ranges }) }
    }
}

/// Returns the range that begins at `at`, and how many characters were used to write it.
fn range(chars: &[char], at: usize) -> Result<((char, char), usize), InvalidCharSet> {
    let at_an_end = at == 0 || at + 1 == chars.len();
    match chars[at..] {
        ['-', ..] if at_an_end => Ok((('-', '-'), 1)),
        ['-', ..] => Err(InvalidCharSet::LooseHyphen(at + 1)),
        [first, '-', last, ..] if first <= last => Ok(((first, last), 3)),
        [first, '-', last, ..] => Err(InvalidCharSet::Backwards(first, last)),
        _ => Ok(((chars[at], chars[at]), 1)),
    }
}

impl TryFrom<String> for CharSet {
    type Error = InvalidCharSet;

    fn try_from(text: String) -> Result<Self, InvalidCharSet> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> CharSet {
        text.parse().unwrap()
    }

    #[test]
    fn reads_a_hyphen_at_either_end_literally() {
        for text in ["-a-z", "a-z-", "._-"] {
            assert!(set(text).contains('-'), "{text}");
        }
        assert!(set("-").contains('-'));
        assert!(!set("a-z").contains('-'));
    }

    #[test]
    fn holds_its_ranges_and_nothing_else() {
        let set = set("a-z0-9._-");
        assert!("az09._-m".chars().all(|c| set.contains(c)));
        assert!(!"A`{/:é".chars().any(|c| set.contains(c)));
    }

    #[test]
    fn speaks_in_words() {
        assert_eq!(set("a-z0-9").describe(), "a-z and 0-9");
        assert_eq!(set("a-z0-9._-").describe(), "a-z, 0-9, '.', '_' and '-'");
        assert_eq!(set("a-z").one_of(), "a lower-case letter");
        assert_eq!(set("a-zA-Z0-9").one_of(), "a letter or a digit");
        assert_eq!(set("0-9a-f_").one_of(), "a digit, one of a-f or '_'");
    }

    #[test]
    fn says_what_is_malformed() {
        let wrong = |text: &str| text.parse::<CharSet>().unwrap_err();
        assert_eq!(wrong(""), InvalidCharSet::Empty);
        assert_eq!(wrong("z-a"), InvalidCharSet::Backwards('z', 'a'));
        assert_eq!(wrong("a-z-9"), InvalidCharSet::LooseHyphen(4));
    }
}
