//! A rule in words, for the field's documentation.

use super::{Check, Part, Rule};

impl Rule {
    /// Describes a valid value: `1 to 64 characters`, `only a-z and 0-9 (after ':')`.
    pub fn describe(&self) -> String {
        let words = self.otherwise.clone().unwrap_or_else(|| self.check.describe());
        match self.part {
            Part::Whole => words,
            Part::Before(sign) => format!("before '{sign}': {words}"),
            Part::After(sign) => format!("after '{sign}': {words}"),
        }
    }
}

impl Check {
    /// Describes the check.
    pub fn describe(&self) -> String {
        match self {
            Self::Chars(from, to) => span(*from, *to, "characters"),
            Self::Bytes(from, to) => span(*from, *to, "bytes"),
            Self::Count(from, to) => span(*from, *to, "elements"),
            Self::Range(from, to) => format!("{from} to {to}"),
            Self::Starts(set) => format!("begins with {}", set.describe()),
            Self::Ends(set) => format!("ends with {}", set.describe()),
            Self::Alphabet(set) => format!("only {}", set.describe()),
            Self::Without(set) => format!("no {}", set.describe()),
            Self::Pattern(pattern) => format!("matches {pattern}"),
            Self::Apart { characters, allowed } => apart(&characters.describe(), allowed),
            Self::Contains(text) => format!("contains \"{text}\""),
            Self::Region => "is the region that the call goes to".to_owned(),
            Self::Unique => "nothing twice".to_owned(),
            Self::Combinations(all) => all.iter().map(|one| one.join(" and ")).collect::<Vec<_>>().join(", or "),
            Self::NoneOf(values) => format!("not {}", values.join(", ")),
        }
    }
}

fn span(from: usize, to: usize, what: &str) -> String {
    match (from, to) {
        (0, to) => format!("at most {to} {what}"),
        (from, usize::MAX) => format!("at least {from} {what}"),
        (from, to) if from == to => format!("{from} {what}"),
        (from, to) => format!("{from} to {to} {what}"),
    }
}

fn apart(characters: &str, allowed: &[String]) -> String {
    let but = if allowed.is_empty() { String::new() } else { format!(", but for {}", allowed.join(" and ")) };
    format!("{characters} never next to each other{but}")
}
