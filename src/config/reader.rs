//! Reading TOML with the place of every mistake: a table knows which keys it was asked for, and reports the rest.

use std::cell::RefCell;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::catalog::{LoadError, Vendor};
use crate::secret::Secret;
use crate::text::{did_you_mean, nearest};
use crate::wire::{Endpoint, EndpointError};

/// A value with its place.
pub(super) type Item<'t, 'i> = &'t Spanned<DeValue<'i>>;

/// An error in a value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(super) enum ValueError {
    /// Another kind of value than the key has.
    #[error("must be {expected}, not {found}")]
    Kind { expected: &'static str, found: String },
    /// Out of its range, or not in its format.
    #[error("must be {0}")]
    Format(&'static str),
    /// Nothing in it.
    #[error("must not be empty")]
    Empty,
    /// None of the words that there are.
    #[error("{text:?} is none of {}{}", words.join(", "), did_you_mean(&nearest(text, words.iter().copied())))]
    Word { text: String, words: Vec<&'static str> },
    /// Not an endpoint.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// No profile of this name.
    #[error("there is no profile {name:?}{}", did_you_mean(near))]
    Profile { name: String, near: Vec<String> },
    /// The file of another vendor's tool.
    #[error("this is a file of {}, not of {}", file.title(), account.title())]
    Vendor { file: Vendor, account: Vendor },
}

impl ValueError {
    fn kind(expected: &'static str, found: &DeValue<'_>) -> Self {
        Self::Kind { expected, found: type_with_article(found) }
    }
}

/// A text being read, and what was found wrong with it.
pub(super) struct ParsedText<'a> {
    file: &'a str,
    whole: &'a str,
    problems: RefCell<Vec<LoadError>>,
}

/// A table being read. Keys that nobody asked for are problems.
pub(super) struct Table<'t, 'i> {
    source: &'t ParsedText<'i>,
    name: String,
    span: Range<usize>,
    entries: &'t DeTable<'i>,
    asked: Vec<&'static str>,
}

impl<'a> ParsedText<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, whole: text, problems: RefCell::new(Vec::new()) }
    }

    /// Returns the whole text as a table; `None`, and problems, when it is not TOML.
    pub(super) fn parse(&self) -> Option<Spanned<DeTable<'a>>> {
        let (root, errors) = DeTable::parse_recoverable(self.whole);
        for error in &errors {
            self.problem(error.span().unwrap_or(0..0), error.message().to_owned());
        }
        errors.is_empty().then_some(root)
    }

    pub(super) fn problem(&self, span: Range<usize>, reason: String) {
        self.problems.borrow_mut().push(LoadError::at(self.file, self.whole, span.start, reason));
    }

    /// Returns everything found wrong, in the order of the text.
    pub(super) fn into_problems(self) -> Vec<LoadError> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| (problem.line, problem.column));
        problems.dedup();
        problems
    }
}

impl<'t, 'i> Table<'t, 'i> {
    /// Creates a table that problems call `name`; `span` is what is pointed at when something is missing in it.
    pub(super) fn new(source: &'t ParsedText<'i>, name: impl Into<String>, table: (&'t DeTable<'i>, Range<usize>)) -> Self {
        Self { source, name: name.into(), entries: table.0, span: table.1, asked: Vec::new() }
    }

    /// Returns the value of a key, read by `read`; `None` when it is not there or cannot be read.
    pub(super) fn take<T>(&mut self, key: &'static str, read: impl FnOnce(&DeValue<'i>) -> Result<T, ValueError>) -> Option<T> {
        let item = self.item(key)?;
        self.read(key, item, read)
    }

    /// Returns the value of a key as it stands, with its place.
    pub(super) fn item(&mut self, key: &'static str) -> Option<Item<'t, 'i>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.get(key)
    }

    /// Returns a table inside this one.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Table<'t, 'i>> {
        let item = self.item(key)?;
        self.inside(key, item)
    }

    /// Takes a value of this table for a table of its own.
    pub(super) fn inside(&self, key: &str, item: Item<'t, 'i>) -> Option<Table<'t, 'i>> {
        let name = if self.name.is_empty() { format!("[{key}]") } else { format!("[{}.{key}]", self.bare_name()) };
        match item.get_ref() {
            DeValue::Table(entries) => Some(Table::new(self.source, name, (entries, item.span()))),
            other => {
                self.source.problem(item.span(), format!("`{key}` must be a table ({name}), not {}", type_with_article(other)));
                None
            }
        }
    }

    /// Returns the keys of a table that may have any, with their places.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, Range<usize>, Item<'t, 'i>)> + use<'t, 'i> {
        self.entries.iter().map(|(key, item)| (key.get_ref().as_ref(), key.span(), item))
    }

    /// Returns whether the table has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn problem(&self, span: Range<usize>, reason: impl Into<String>) {
        self.source.problem(span, reason.into());
    }

    /// Reports a problem of the table as a whole.
    pub(super) fn report_missing(&self, reason: impl Into<String>) {
        self.source.problem(self.span.clone(), reason.into());
    }

    /// Reads a value, and reports what is wrong with it.
    pub(super) fn read<T>(&self, key: &str, item: Item<'t, 'i>, read: impl FnOnce(&DeValue<'i>) -> Result<T, ValueError>) -> Option<T> {
        read(item.get_ref()).map_err(|reason| self.source.problem(item.span(), format!("`{key}`: {reason}"))).ok()
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self) {
        for (key, span, _) in self.entries().filter(|(key, ..)| !self.asked.contains(key)) {
            self.source.problem(span, self.unknown(key));
        }
    }

    fn unknown(&self, key: &str) -> String {
        let near = nearest(key, self.asked.iter().copied());
        let hint = if near.is_empty() { format!("; there are {}", self.asked.join(", ")) } else { did_you_mean(&near) };
        if self.name.is_empty() { format!("unknown key `{key}`{hint}") } else { format!("unknown key `{key}` in {}{hint}", self.name) }
    }

    fn bare_name(&self) -> &str {
        self.name.trim_matches(['[', ']'])
    }
}

/// Returns a value's type with its article, for a sentence.
fn type_with_article(value: &DeValue<'_>) -> String {
    let kind = value.type_str();
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

pub(super) fn string(value: &DeValue<'_>) -> Result<String, ValueError> {
    let text = value.as_str().ok_or_else(|| ValueError::kind("a text in quotes", value))?;
    if text.trim().is_empty() { Err(ValueError::Empty) } else { Ok(text.to_owned()) }
}

pub(super) fn secret(value: &DeValue<'_>) -> Result<Secret, ValueError> {
    string(value).map(Secret::from)
}

pub(super) fn path(value: &DeValue<'_>) -> Result<PathBuf, ValueError> {
    string(value).map(PathBuf::from)
}

pub(super) fn flag(value: &DeValue<'_>) -> Result<bool, ValueError> {
    value.as_bool().ok_or_else(|| ValueError::kind("true or false", value))
}

pub(super) fn endpoint(value: &DeValue<'_>) -> Result<Endpoint, ValueError> {
    Ok(string(value)?.parse()?)
}

pub(super) fn strings(value: &DeValue<'_>) -> Result<Vec<String>, ValueError> {
    let items = value.as_array().ok_or_else(|| ValueError::kind("a list of texts", value))?;
    let texts: Vec<String> = items.iter().map(|item| string(item.get_ref())).collect::<Result<_, _>>()?;
    if texts.is_empty() { Err(ValueError::Empty) } else { Ok(texts) }
}

/// Returns a reader of one of the words, each with its meaning.
pub(super) fn word<T: Copy>(words: &'static [(&'static str, T)]) -> impl FnOnce(&DeValue<'_>) -> Result<T, ValueError> {
    move |value| {
        let text = string(value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        found.ok_or_else(|| ValueError::Word { text, words: words.iter().map(|(word, _)| *word).collect() })
    }
}

/// Reads a time in seconds, whole or not.
pub(super) fn seconds(value: &DeValue<'_>) -> Result<Duration, ValueError> {
    const SECONDS_PER_DAY: f64 = 86_400.0;
    const EXPECTED: &str = "a number of seconds between 0.001 and 86400";
    let digits = match value {
        DeValue::Integer(integer) => integer.as_str(),
        DeValue::Float(float) => float.as_str(),
        _ => return Err(ValueError::kind(EXPECTED, value)),
    };
    let number = plain(digits).parse().ok().filter(|number| (0.001..=SECONDS_PER_DAY).contains(number));
    number.map(Duration::from_secs_f64).ok_or(ValueError::Format(EXPECTED))
}

/// Reads a whole number.
pub(super) fn count(value: &DeValue<'_>) -> Result<u64, ValueError> {
    const EXPECTED: &str = "a whole number, 0 or more";
    let DeValue::Integer(integer) = value else { return Err(ValueError::kind(EXPECTED, value)) };
    plain(integer.as_str()).parse().map_err(|_| ValueError::Format(EXPECTED))
}

/// Reads an age: a text such as `"90 days"`.
pub(super) fn age(value: &DeValue<'_>) -> Result<Duration, ValueError> {
    const EXPECTED: &str = "a text like \"90 days\" (units: hours, days, weeks)";
    const UNITS: [(&str, u64); 3] = [("hours", 3600), ("days", 86_400), ("weeks", 604_800)];
    let DeValue::String(text) = value else { return Err(ValueError::kind(EXPECTED, value)) };
    with_unit(text, &UNITS).map(Duration::from_secs).ok_or(ValueError::Format(EXPECTED))
}

/// Reads a number of bytes: a whole number, or a text with a unit (`"64 MiB"`).
pub(super) fn bytes(value: &DeValue<'_>) -> Result<u64, ValueError> {
    const EXPECTED: &str = "a number of bytes, or a text like \"64 MiB\" (units: B, KiB, MiB, GiB)";
    const UNITS: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)];
    let number = match value {
        DeValue::Integer(integer) => plain(integer.as_str()).parse().ok(),
        DeValue::String(text) => with_unit(text, &UNITS),
        _ => return Err(ValueError::kind(EXPECTED, value)),
    };
    number.ok_or(ValueError::Format(EXPECTED))
}

/// Reads a whole number with one of the units behind it, in the smallest unit.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, size) = units.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, size)))?;
    number.trim_end().parse::<u64>().ok()?.checked_mul(*size)
}

/// Drops `_`: TOML allows `_` between digits.
fn plain(digits: &str) -> String {
    digits.replace('_', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Spanned<DeValue<'_>> {
        DeValue::parse(text).unwrap()
    }

    #[test]
    fn reads_sizes_and_times() {
        assert_eq!(bytes(value("\"64 MiB\"").get_ref()), Ok(64 << 20));
        assert_eq!(bytes(value("\"12B\"").get_ref()), Ok(12));
        assert_eq!(bytes(value("1_000").get_ref()), Ok(1000));
        assert!(bytes(value("\"99999999999 GiB\"").get_ref()).is_err());
        assert_eq!(seconds(value("0.5").get_ref()), Ok(Duration::from_millis(500)));
        assert!(seconds(value("0").get_ref()).is_err());
        assert!(seconds(value("inf").get_ref()).is_err());
    }

    #[test]
    fn counts_columns_in_characters() {
        let text = ParsedText::new("c.toml", "# é\né = 1");
        text.problem(text.whole.find('=').unwrap()..0, "x".into());
        assert_eq!(text.into_problems()[0].to_string(), "c.toml:2:3: x");
    }
}
