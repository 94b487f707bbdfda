//! Rules: what a value must look like, with the sentence shown when it does not.
//!
//! In a file a rule is a table with exactly one check and, if wanted, how to speak of it:
//! `{ alphabet = "a-z0-9", else = "only a-z and 0-9", code = "InvalidNamespaceIdSuffix.Format" }`.

mod apply;
mod describe;
mod pattern;
mod read;

use serde::{Deserialize, Serialize};

use super::CharSet;
pub use pattern::Pattern;

/// A constraint on one parameter.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The check.
    pub check: Check,
    /// The part of the value that is checked.
    pub part: Part,
    /// The sentence shown instead of the check's own, without the position.
    pub otherwise: Option<String>,
    /// The severity: the call fails, or may.
    pub severity: Severity,
    /// The vendor's page that states it.
    pub source: Option<String>,
    /// The vendor's error code for a value that breaks it; the emulator answers with it, even when the rule is a
    /// [`Severity::Warning`]. A warning without a code passes there.
    pub code: Option<String>,
}

/// The severity of a broken rule.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The vendor's pages contradict each other: the call may fail.
    Warning,
    /// The vendor states it: the call fails.
    #[default]
    Error,
}

/// The part of a value that a rule speaks of. Positions are counted in the whole value all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// The part before the first of this character; nothing is checked when it is not there.
    Before(char),
    /// The part after the first of this character; nothing is checked when it is not there.
    After(char),
}

/// The check of a rule. Lengths are in characters (Unicode scalar values), not bytes, unless stated.
#[derive(Clone, Debug)]
pub enum Check {
    /// Length in characters, from and to.
    Chars(usize, usize),
    /// Length in UTF-8 bytes, from and to.
    Bytes(usize, usize),
    /// The first character.
    Starts(CharSet),
    /// The last character.
    Ends(CharSet),
    /// Every character.
    Alphabet(CharSet),
    /// No character.
    Without(CharSet),
    /// The whole value.
    Pattern(Pattern),
    /// Signs that may not stand next to each other, but for the runs that are allowed (`__`).
    Apart {
        /// The signs.
        characters: CharSet,
        /// Runs that may stand all the same: `__` for two of a sign, `-+` for any number of it.
        allowed: Vec<String>,
    },
    /// A text that must occur.
    Contains(String),
    /// Equal to the region that the call goes to.
    Region,
    /// A whole number, from and to.
    Range(i64, i64),
    /// The number of elements a list has, from and to.
    Count(usize, usize),
    /// A list in which nothing occurs twice.
    Unique,
    /// A list that is one of these, in any order.
    Combinations(Vec<Vec<String>>),
    /// A value other than these.
    NoneOf(Vec<String>),
}

/// A constraint on several parameters of an operation.
#[derive(Clone, Debug)]
pub struct JointRule {
    /// The check.
    pub check: JointCheck,
    /// The sentence shown when it does not hold.
    pub otherwise: String,
    /// The severity: the call fails, or may.
    pub severity: Severity,
    /// The vendor's page that states it.
    pub source: Option<String>,
    /// The vendor's error code; the emulator answers with it, as for a [`Rule`].
    pub code: Option<String>,
}

/// The check of a rule on several parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JointCheck {
    /// At least one of these is set.
    AnyOf(Vec<String>),
    /// At most one of these is set.
    AtMostOne(Vec<String>),
    /// The time at which the first is set, the second has no effect.
    Overrides(String, String),
}

/// A broken check: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The character it is about, counted from 0 in the whole value; `None` when it is about all of it.
    pub at: Option<usize>,
    /// The error: `'-' at 7: only a-z and 0-9`.
    pub message: String,
}
