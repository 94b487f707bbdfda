//! Source text of a language, made so that no text in it can be run.

use serde_json::{Number, Value};

use super::dialect::{Language, Pattern};
use crate::catalog::{Identifier, ToolWord, Variable};
use crate::export::quoting;

/// A piece of source text. It comes from the patterns of a dialect, from names that have a type, and from literals: there is no way to put
/// in another text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source(String);

impl Source {
    /// Takes text that stands in skydeck's own source.
    pub(super) fn fixed(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Returns a text as a literal of the language.
    pub(super) fn text(language: Language, text: &str) -> Self {
        Self(match language {
            Language::Python | Language::Go => quoting::code(text),
            // A NUL cannot stand in a shell's word. The bytes come from a text, and quotes add ASCII.
            Language::Shell => String::from_utf8_lossy(&quoting::shell(text.replace('\0', "").as_bytes())).into_owned(),
        })
    }

    /// Returns a word of a command line: a text that a shell takes as it is stands without quotes.
    pub(super) fn word(text: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_./:-".contains(c);
        let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain);
        if is_plain { Self(text.to_owned()) } else { Self::text(Language::Shell, text) }
    }

    /// Returns a number.
    pub(super) fn number(number: &Number) -> Self {
        Self(number.to_string())
    }

    /// Writes any JSON value as Python writes it.
    pub(super) fn python(value: &Value) -> Self {
        let language = Language::Python;
        match value {
            Value::Null => Self::fixed("None"),
            Value::Bool(truth) => Self::fixed(language.truth(*truth)),
            Value::Number(number) => Self::number(number),
            Value::String(text) => Self::text(language, text),
            Value::Array(elements) => Self::joined(elements.iter().map(Self::python)).surround("[", "]"),
            Value::Object(members) => {
                let member =
                    |(name, value): (&String, &Value)| Self::text(language, name).followed_by(": ").joined_with(&Self::python(value));
                Self::joined(members.iter().map(member)).surround("{", "}")
            }
        }
    }

    /// Returns a pattern whose `{}` is filled with this.
    pub(super) fn fill_pattern(&self, pattern: &Pattern) -> Self {
        Self(pattern.as_str().replacen("{}", &self.0, 1))
    }

    /// Creates a pattern with names filled in, each in the place of its `{mark}`.
    pub(super) fn of_names(pattern: &Pattern, names: &[(&'static str, &Identifier)]) -> Self {
        let fill = |text: String, (mark, name): &(&str, &Identifier)| text.replace(mark, name.as_str());
        Self(names.iter().fold(pattern.as_str().to_owned(), fill))
    }

    /// Creates a pattern as it is.
    pub(super) fn of_pattern(pattern: &Pattern) -> Self {
        Self(pattern.as_str().to_owned())
    }

    /// Creates a pattern in which each `@word@` is what a function gives for it.
    ///
    /// # Errors
    /// The function's.
    pub(super) fn of_words<E>(pattern: &Pattern, mut word: impl FnMut(&str) -> Result<Self, E>) -> Result<Self, E> {
        let (mut out, mut rest) = (String::new(), pattern.as_str());
        while let Some((before, name, after)) = next_word(rest) {
            out.push_str(before);
            out.push_str(&word(name)?.0);
            rest = after;
        }
        Ok(Self(out + rest))
    }

    /// Pieces with a comma between each two.
    pub(super) fn joined(pieces: impl IntoIterator<Item = Self>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0).collect::<Vec<_>>().join(", "))
    }

    /// Returns this between two texts that stand in skydeck's own source.
    pub(super) fn surround(self, before: &'static str, behind: &'static str) -> Self {
        Self(format!("{before}{}{behind}", self.0))
    }

    /// Returns this and a text that stands in skydeck's own source.
    pub(super) fn followed_by(mut self, text: &'static str) -> Self {
        self.0.push_str(text);
        self
    }

    /// Returns this and another piece.
    pub(super) fn joined_with(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// Returns this and so many spaces.
    pub(super) fn padded(mut self, spaces: usize) -> Self {
        self.0.push_str(&" ".repeat(spaces));
        self
    }

    /// Returns whether it takes more than one line.
    pub(super) fn has_lines(&self) -> bool {
        self.0.contains('\n')
    }

    /// Returns how many characters it has.
    pub(super) fn width(&self) -> usize {
        self.0.chars().count()
    }

    /// Returns its text.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

impl From<&Identifier> for Source {
    fn from(name: &Identifier) -> Self {
        Self(name.as_str().to_owned())
    }
}

impl From<&ToolWord> for Source {
    fn from(word: &ToolWord) -> Self {
        Self(word.as_str().to_owned())
    }
}

impl From<&Variable> for Source {
    fn from(variable: &Variable) -> Self {
        Self(variable.as_str().to_owned())
    }
}

/// Returns what stands before the next `@word@`, the word, and what follows it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find('@')?;
    let length = text[at + 1..].find('@')?;
    Some((&text[..at], &text[at + 1..at + 1 + length], &text[at + length + 2..]))
}
