//! Names that become part of a program: each has a type, and a text that is none is refused where it is read.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, de};

use crate::text::quoted;

/// Longer names are refused.
const MAX_BYTES: usize = 128;

/// The name of an environment variable: a letter or `_`, then letters, digits and `_`. A shell can take nothing else for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable(Cow<'static, str>);

/// A name as Python and Go have them: a letter or `_`, then letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier(String);

/// A word of a tool: a package, a module, a product. Letters, digits, `.`, `_`, `/` and `-`, and a letter first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolWord(String);

fn is_identifier(text: &str) -> bool {
    text.len() <= MAX_BYTES
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Variable {
    /// Creates the variable of a name that stands in this program.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Returns the variable of a name with a number behind it: `SECRET_2`.
    pub fn numbered(name: &'static str, number: usize) -> Self {
        Self(Cow::Owned(format!("{name}_{number}")))
    }

    /// Returns its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Identifier {
    /// Creates the identifier of this text; `None` for a text that is none.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        is_identifier(&text).then_some(Self(text))
    }

    /// Returns its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ToolWord {
    /// Returns its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn read<'de, D: Deserializer<'de>>(from: D, is: impl Fn(&str) -> bool, what: &str) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if is(&text) { Ok(text) } else { Err(de::Error::custom(format!("{} is not {what}", quoted(&text)))) }
}

impl<'de> Deserialize<'de> for Variable {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let what = "the name of an environment variable: it begins with a letter and has only letters, digits and `_`";
        read(from, is_identifier, what).map(|text| Self(Cow::Owned(text)))
    }
}

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read(from, is_identifier, "a name: it begins with a letter and has only letters, digits and `_`").map(Self)
    }
}

impl<'de> Deserialize<'de> for ToolWord {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let is = |text: &str| {
            text.len() <= MAX_BYTES
                && text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c))
        };
        read(from, is, "a word of a tool: it begins with a letter and has only letters, digits, `.`, `_`, `/` and `-`").map(Self)
    }
}

/// Reads the version of an API, which stands in requests and in the calls of tools: letters, digits, `.`, `_` and `-`.
pub(super) fn version<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let is = |text: &str| text.len() <= MAX_BYTES && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    read(from, is, "a version: it has only letters, digits, `.`, `_` and `-`")
}

/// Reads an optional version.
pub(super) fn some_version<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    version(from).map(Some)
}

/// Returns whether a text may be the id of an operation: letters, digits, `.`, `_` and `-`, and a letter first.
pub(super) fn is_operation_id(text: &str) -> bool {
    text.len() <= MAX_BYTES
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// Returns whether a text may be the name of a parameter or a member: as an operation's id, and `[`, `]`, `:`, `$` and `@` besides.
pub(super) fn is_parameter_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_BYTES && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-[]:$@".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses<T: for<'a> Deserialize<'a>>(texts: &[&str]) {
        for text in texts {
            assert!(serde_json::from_value::<T>((*text).into()).is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_what_a_program_could_take_for_more_than_a_name() {
        let hostile = ["", "a b", "a`id`", "$(id)", "a\"b", "a'b", "a\nb", "a;b", "é", "1a", "-a", "a{}", "a\\", "${a:-b}"];
        refuses::<Variable>(&hostile);
        refuses::<Identifier>(&hostile);
        refuses::<ToolWord>(&hostile);
        assert!(hostile.iter().all(|text| !is_operation_id(text)));
        refuses::<Identifier>(&["a-b", "a.b"]);
        refuses::<ToolWord>(&["/etc/x", "a@b", &"a".repeat(200)]);
        assert!(!is_parameter_name("a`b") && !is_parameter_name("a b") && is_parameter_name("tags[0].key"));
    }
}
