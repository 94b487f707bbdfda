//! Patterns that speak of a whole value.

use std::fmt;
use std::str::FromStr;

use regex_lite::Regex;

/// A regular expression that the whole value must match, so that nobody need write `^` and `$`.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    whole: Regex,
}

impl Pattern {
    /// Returns whether the whole value matches.
    pub fn matches(&self, value: &str) -> bool {
        self.whole.is_match(value)
    }
}

impl FromStr for Pattern {
    type Err = regex_lite::Error;

    fn from_str(text: &str) -> Result<Self, regex_lite::Error> {
        Ok(Self { written: text.to_owned(), whole: Regex::new(&format!("^(?:{text})$"))? })
    }
}

/// As it stands in the file.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}
