//! Rules as they stand in a file, and how they become [`Rule`]s and [`JointRule`]s.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::{Check, JointCheck, JointRule, Part, Rule, Severity};
use crate::catalog::CharSet;
use crate::text::joined;

/// An error in the table of a rule or of a joint.
#[derive(Debug, Error)]
enum RuleError {
    #[error("this {what} checks nothing: give it one of {keys}")]
    NoCheck { what: &'static str, keys: String },
    #[error("this {what} has both `{first}` and `{second}`: make two of it")]
    TwoChecks { what: &'static str, first: &'static str, second: &'static str },
    #[error("`allow` belongs to `apart`, which is not there")]
    AllowWithoutApart,
    #[error("`{key} = [{from}, {to}]` runs backwards: the smaller bound comes first")]
    Backwards { key: &'static str, from: String, to: String },
    #[error("`{0} = false` says nothing: leave it out")]
    False(&'static str),
    #[error("`pattern` is not a regular expression: {0}")]
    Pattern(#[from] regex_lite::Error),
    #[error("a rule speaks of the part `before` a character or `after` one, not both")]
    TwoParts,
    #[error("`{key}` is one character, such as \":\", not {text:?}")]
    NotOneCharacter { key: &'static str, text: String },
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Self, D::Error> {
        file.deserialize_map(Table::<RawRule, Self>(PhantomData))
    }
}

impl<'de> Deserialize<'de> for JointRule {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Self, D::Error> {
        file.deserialize_map(Table::<RawJoint, Self>(PhantomData))
    }
}

/// Reads a table as `Raw` and makes a `T` of it. `serde(try_from)` would do, but for where its errors stand: at the list
/// that holds the table, not at the table.
struct Table<Raw, T>(PhantomData<(Raw, T)>);

impl<'de, Raw: Deserialize<'de>, T: TryFrom<Raw, Error = RuleError>> Visitor<'de> for Table<Raw, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let raw = Raw::deserialize(MapAccessDeserializer::new(map))?;
        T::try_from(raw).map_err(A::Error::custom)
    }
}

/// A rule's table: every key that one may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    chars: Option<[usize; 2]>,
    bytes: Option<[usize; 2]>,
    starts: Option<CharSet>,
    ends: Option<CharSet>,
    alphabet: Option<CharSet>,
    without: Option<CharSet>,
    pattern: Option<String>,
    apart: Option<CharSet>,
    allow: Option<Vec<String>>,
    contains: Option<String>,
    region: Option<bool>,
    range: Option<[i64; 2]>,
    count: Option<[usize; 2]>,
    unique: Option<bool>,
    combinations: Option<Vec<Vec<String>>>,
    none_of: Option<Vec<String>>,
    before: Option<String>,
    after: Option<String>,
    #[serde(rename = "else")]
    otherwise: Option<String>,
    #[serde(default)]
    severity: Severity,
    source: Option<String>,
    code: Option<String>,
}

impl TryFrom<RawRule> for Rule {
    type Error = RuleError;

    fn try_from(mut raw: RawRule) -> Result<Self, RuleError> {
        Ok(Self {
            part: part(raw.before.take(), raw.after.take())?,
            otherwise: raw.otherwise.take(),
            severity: raw.severity,
            source: raw.source.take(),
            code: raw.code.take(),
            check: raw.check()?,
        })
    }
}

impl RawRule {
    fn check(self) -> Result<Check, RuleError> {
        if self.allow.is_some() && self.apart.is_none() {
            return Err(RuleError::AllowWithoutApart);
        }
        let checks = [
            ("chars", between("chars", self.chars, Check::Chars)?),
            ("bytes", between("bytes", self.bytes, Check::Bytes)?),
            ("starts", self.starts.map(Check::Starts)),
            ("ends", self.ends.map(Check::Ends)),
            ("alphabet", self.alphabet.map(Check::Alphabet)),
            ("without", self.without.map(Check::Without)),
            ("pattern", self.pattern.as_deref().map(pattern).transpose()?),
            ("apart", self.apart.map(|characters| Check::Apart { characters, allowed: self.allow.unwrap_or_default() })),
            ("contains", self.contains.map(Check::Contains)),
            ("region", only_true("region", self.region, Check::Region)?),
            ("range", between("range", self.range, Check::Range)?),
            ("count", between("count", self.count, Check::Count)?),
            ("unique", only_true("unique", self.unique, Check::Unique)?),
            ("combinations", self.combinations.map(Check::Combinations)),
            ("none-of", self.none_of.map(Check::NoneOf)),
        ];
        exactly_one("rule", checks)
    }
}

/// A joint's table: every key that one may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawJoint {
    any_of: Option<Vec<String>>,
    at_most_one: Option<Vec<String>>,
    overrides: Option<(String, String)>,
    #[serde(rename = "else")]
    otherwise: Option<String>,
    #[serde(default)]
    severity: Severity,
    source: Option<String>,
    code: Option<String>,
}

impl TryFrom<RawJoint> for JointRule {
    type Error = RuleError;

    fn try_from(raw: RawJoint) -> Result<Self, RuleError> {
        let checks = [
            ("any-of", raw.any_of.map(JointCheck::AnyOf)),
            ("at-most-one", raw.at_most_one.map(JointCheck::AtMostOne)),
            ("overrides", raw.overrides.map(|(first, second)| JointCheck::Overrides(first, second))),
        ];
        let check = exactly_one("joint", checks)?;
        let otherwise = raw.otherwise.unwrap_or_else(|| check.sentence());
        Ok(Self { check, otherwise, severity: raw.severity, source: raw.source, code: raw.code })
    }
}

impl JointCheck {
    /// Returns the sentence of a joint that brings none of its own.
    fn sentence(&self) -> String {
        match self {
            Self::AnyOf(names) => format!("set at least one of {}", joined(names.iter().cloned(), "and")),
            Self::AtMostOne(names) => format!("set at most one of {}", joined(names.iter().cloned(), "and")),
            Self::Overrides(first, second) => format!("{second} has no effect when {first} is set"),
        }
    }
}

/// Returns the one check that is there; else an error that says which keys are there, or which could be.
fn exactly_one<T, const N: usize>(what: &'static str, checks: [(&'static str, Option<T>); N]) -> Result<T, RuleError> {
    let keys = joined(checks.iter().map(|(key, _)| format!("`{key}`")), "or");
    let mut given = checks.into_iter().filter_map(|(key, check)| check.map(|check| (key, check)));
    let Some((first, check)) = given.next() else {
        return Err(RuleError::NoCheck { what, keys });
    };
    match given.next() {
        None => Ok(check),
        Some((second, _)) => Err(RuleError::TwoChecks { what, first, second }),
    }
}

fn between<T: PartialOrd + Copy + fmt::Display>(
    key: &'static str,
    bounds: Option<[T; 2]>,
    check: fn(T, T) -> Check,
) -> Result<Option<Check>, RuleError> {
    match bounds {
        Some([from, to]) if from > to => Err(RuleError::Backwards { key, from: from.to_string(), to: to.to_string() }),
        bounds => Ok(bounds.map(|[from, to]| check(from, to))),
    }
}

fn only_true(key: &'static str, given: Option<bool>, check: Check) -> Result<Option<Check>, RuleError> {
    match given {
        Some(false) => Err(RuleError::False(key)),
        given => Ok(given.map(|_| check)),
    }
}

fn pattern(text: &str) -> Result<Check, RuleError> {
    Ok(Check::Pattern(text.parse()?))
}

fn part(before: Option<String>, after: Option<String>) -> Result<Part, RuleError> {
    match (before, after) {
        (None, None) => Ok(Part::Whole),
        (Some(sign), None) => single("before", &sign).map(Part::Before),
        (None, Some(sign)) => single("after", &sign).map(Part::After),
        (Some(_), Some(_)) => Err(RuleError::TwoParts),
    }
}

fn single(key: &'static str, text: &str) -> Result<char, RuleError> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(sign), None) => Ok(sign),
        _ => Err(RuleError::NotOneCharacter { key, text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Holder<T> {
        it: T,
    }

    fn rule(text: &str) -> Result<Rule, String> {
        toml::from_str::<Holder<Rule>>(&format!("it = {{ {text} }}")).map(|holder| holder.it).map_err(|error| error.message().to_owned())
    }

    fn joint(text: &str) -> Result<JointRule, String> {
        toml::from_str::<Holder<JointRule>>(&format!("it = {{ {text} }}"))
            .map(|holder| holder.it)
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn reads_every_check() {
        let checks = [
            "chars = [1, 64]",
            "bytes = [1, 64]",
            "starts = 'a-z'",
            "ends = 'a-z'",
            "alphabet = 'a-z'",
            "without = 'A-Z'",
            "pattern = '[a-z]+'",
            "apart = '._-', allow = ['__']",
            "contains = ':'",
            "region = true, before = ':'",
            "range = [1, 100]",
            "count = [0, 50]",
            "unique = true",
            "combinations = [['prod'], ['dev', 'prod']]",
            "none-of = ['default']",
        ];
        for text in checks {
            assert!(rule(text).is_ok(), "{text}: {:?}", rule(text).err());
        }
    }

    #[test]
    fn reads_how_to_speak_of_it() {
        let read = rule("chars = [0, 63], after = ':', else = 'e', severity = 'warning', source = 's', code = 'C'").unwrap();
        assert_eq!((read.part, read.severity), (Part::After(':'), Severity::Warning));
        assert_eq!([read.otherwise, read.source, read.code], [Some("e".into()), Some("s".into()), Some("C".into())]);
    }

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            ("else = 'x'", "checks nothing: give it one of `chars`"),
            ("chars = [1, 2], ends = 'a'", "both `chars` and `ends`"),
            ("chars = [2, 1]", "runs backwards"),
            ("unique = false", "leave it out"),
            ("pattern = '('", "not a regular expression"),
            ("alphabet = 'z-a'", "write `a-z`"),
            ("allow = ['__'], chars = [1, 2]", "belongs to `apart`"),
            ("region = true, before = '::'", "one character"),
            ("region = true, before = ':', after = ':'", "not both"),
            ("lenght = [1, 2]", "unknown field `lenght`"),
        ];
        for (text, wrong) in cases {
            let error = rule(text).unwrap_err();
            assert!(error.contains(wrong), "{text}: {error}");
        }
    }

    #[test]
    fn joints_have_a_sentence_of_their_own() {
        assert_eq!(joint("any-of = ['A', 'B']").unwrap().otherwise, "set at least one of A and B");
        assert_eq!(joint("at-most-one = ['A', 'B'], else = 'x'").unwrap().otherwise, "x");
        let overrides = joint("overrides = ['A', 'B'], severity = 'warning'").unwrap();
        assert_eq!(overrides.check, JointCheck::Overrides("A".into(), "B".into()));
        assert_eq!(overrides.otherwise, "B has no effect when A is set");
        assert!(joint("any-of = ['A'], overrides = ['A', 'B']").unwrap_err().contains("both"));
        assert!(joint("severity = 'error'").unwrap_err().contains("this joint checks nothing"));
    }
}
