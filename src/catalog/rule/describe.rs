//! A rule in words, for the reference: what a value must look like, before anything is typed.

use std::fmt::Display;

use super::{Check, Part, Rule};
use crate::catalog::words::{joined, quoted, shown};

impl Rule {
    /// What the rule asks for, as a sentence without a full stop: `1 to 64 characters`, `only a-z and 0-9`.
    pub fn describe(&self) -> String {
        let sentence = self.otherwise.clone().unwrap_or_else(|| self.check.describe());
        match self.part {
            Part::Whole => sentence,
            Part::Before(sign) => format!("before {}: {sentence}", shown(sign)),
            Part::After(sign) => format!("after {}: {sentence}", shown(sign)),
        }
    }
}

impl Check {
    fn describe(&self) -> String {
        match self {
            Self::Chars(from, to) => span(from, to, "characters"),
            Self::Bytes(from, to) => span(from, to, "bytes of UTF-8"),
            Self::Count(from, to) => span(from, to, "elements"),
            Self::Range(from, to) => format!("{from} to {to}"),
            Self::Starts(set) => format!("starts with {}", set.one_of()),
            Self::Ends(set) => format!("ends with {}", set.one_of()),
            Self::Alphabet(set) => format!("only {}", set.describe()),
            Self::Without(set) => format!("no {}", set.describe()),
            Self::Pattern(pattern) => format!("matches {}", pattern.as_str()),
            Self::Apart { signs, allowed } if allowed.is_empty() => format!("{} not next to each other", signs.describe()),
            Self::Apart { signs, allowed } => {
                format!("{} not next to each other, but for {}", signs.describe(), joined(allowed.iter().map(|run| quoted(run)), "and"))
            }
            Self::Contains(text) => format!("contains {}", quoted(text)),
            Self::Region => "the region of the call".to_owned(),
            Self::Unique => "nothing twice".to_owned(),
            Self::Combinations(allowed) => {
                let list = |texts: &Vec<String>| format!("[{}]", texts.join(", "));
                format!("{}, in any order", joined(allowed.iter().map(list), "or"))
            }
            Self::NoneOf(values) => format!("not {}", joined(values.iter().map(|value| quoted(value)), "or")),
        }
    }
}

fn span<T: Display + PartialEq + Default>(from: &T, to: &T, unit: &str) -> String {
    match from {
        _ if from == to => format!("exactly {from} {unit}"),
        _ if *from == T::default() => format!("at most {to} {unit}"),
        _ => format!("{from} to {to} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Holder {
        it: Rule,
    }

    #[test]
    fn rules_read_as_sentences() {
        for (text, sentence) in [
            ("chars = [1, 64]", "1 to 64 characters"),
            ("chars = [0, 100]", "at most 100 characters"),
            ("count = [2, 2]", "exactly 2 elements"),
            ("alphabet = 'a-z0-9'", "only a-z and 0-9"),
            ("alphabet = 'a-z0-9', after = ':'", "after ':': only a-z and 0-9"),
            ("apart = '._', allow = ['__']", "'.' and '_' not next to each other, but for \"__\""),
            ("starts = 'a-z', else = 'must start with a lower-case letter'", "must start with a lower-case letter"),
            ("none-of = ['default', 'public']", "not \"default\" or \"public\""),
        ] {
            let rule = toml::from_str::<Holder>(&format!("it = {{ {text} }}")).unwrap().it;
            assert_eq!(rule.describe(), sentence);
        }
    }
}
