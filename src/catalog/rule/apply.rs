//! Applying a rule to a value.

use super::{Check, Part, Rule, Violation};
use crate::catalog::CharSet;
use crate::text::{joined, quoted, quoted_char};

/// A violation found by a check, before the rule's own message is filled in.
struct RuleMismatch {
    at: Option<usize>,
    /// The finding, put before a rule's own sentence: `'_' at 7`.
    seen: Option<String>,
    /// The check's own message.
    message: String,
}

impl Rule {
    /// Checks a text; `region` is the one that the call goes to. Of an empty text only the length is checked.
    pub fn text(&self, value: &str, region: &str) -> Option<Violation> {
        if value.is_empty() && !matches!(self.check, Check::Chars(..) | Check::Bytes(..)) {
            return None;
        }
        let (part, offset) = self.part.of(value)?;
        self.check.text(part, offset, region).map(|fault| self.violation(fault))
    }

    /// Checks a whole list.
    pub fn list<T: AsRef<str>>(&self, elements: &[T]) -> Option<Violation> {
        self.check.list(elements).map(|fault| self.violation(fault))
    }

    fn violation(&self, fault: RuleMismatch) -> Violation {
        let message = match (&self.otherwise, fault.seen) {
            (None, _) => fault.message,
            (Some(otherwise), Some(seen)) => format!("{seen}: {otherwise}"),
            (Some(otherwise), None) => otherwise.clone(),
        };
        Violation { at: fault.at, message }
    }
}

impl Part {
    /// Returns the part of a value, and how many characters stand before it.
    fn of<'a>(&self, value: &'a str) -> Option<(&'a str, usize)> {
        match *self {
            Self::Whole => Some((value, 0)),
            Self::Before(sign) => value.split_once(sign).map(|(before, _)| (before, 0)),
            Self::After(sign) => value.split_once(sign).map(|(before, after)| (after, before.chars().count() + 1)),
        }
    }
}

impl Check {
    /// Returns whether it speaks of a list as a whole, not of a text.
    pub fn is_of_lists(&self) -> bool {
        matches!(self, Self::Count(..) | Self::Unique | Self::Combinations(_))
    }

    fn text(&self, part: &str, offset: usize, region: &str) -> Option<RuleMismatch> {
        match self {
            Self::Chars(from, to) => length(part.chars().count(), ["character", "characters"], *from, *to),
            Self::Bytes(from, to) => length(part.len(), ["byte", "bytes"], *from, *to),
            Self::Starts(set) => end(part.chars().next(), offset, set, "start"),
            Self::Ends(set) => end(part.chars().next_back(), offset + part.chars().count().saturating_sub(1), set, "end"),
            Self::Alphabet(set) => {
                find_disallowed(part, offset, |c| set.contains(c)).map(|(at, c)| character(c, at, &format!("only {}", set.describe())))
            }
            Self::Without(set) => {
                find_disallowed(part, offset, |c| !set.contains(c)).map(|(at, c)| character(c, at, &format!("no {}", set.describe())))
            }
            Self::Pattern(pattern) => (!pattern.matches(part)).then(|| plain(format!("does not match {pattern}"))),
            Self::Apart { characters, allowed } => check_separators(part, offset, characters, allowed),
            Self::Contains(text) => (!part.contains(text)).then(|| plain(format!("must contain {}", quoted(text)))),
            Self::Region => (part != region).then(|| plain(format!("{} is not {region}, the region of the call", quoted(part)))),
            Self::Range(from, to) => range(part, *from, *to),
            Self::NoneOf(values) => values.iter().any(|value| value == part).then(|| plain(format!("{} may not be used", quoted(part)))),
            Self::Count(..) | Self::Unique | Self::Combinations(_) => None,
        }
    }

    fn list<T: AsRef<str>>(&self, elements: &[T]) -> Option<RuleMismatch> {
        match self {
            Self::Count(from, to) => length(elements.len(), ["element", "elements"], *from, *to),
            Self::Unique => repeated(elements).map(|twice| plain(format!("{} occurs twice", quoted(twice)))),
            Self::Combinations(allowed) => combination(elements, allowed),
            _ => None,
        }
    }
}

fn plain(message: String) -> RuleMismatch {
    RuleMismatch { at: None, seen: None, message }
}

/// Returns a fault of which something can be said even when the rule brings its own sentence.
fn seen(at: Option<usize>, seen: String, expected: &str) -> RuleMismatch {
    RuleMismatch { at, message: format!("{seen}: {expected}"), seen: Some(seen) }
}

fn character(c: char, at: usize, expected: &str) -> RuleMismatch {
    seen(Some(at), format!("{} at {}", quoted_char(c), at + 1), expected)
}

fn length(count: usize, [one, many]: [&str; 2], from: usize, to: usize) -> Option<RuleMismatch> {
    if (from..=to).contains(&count) {
        return None;
    }
    let unit = if count == 1 { one } else { many };
    Some(seen(None, format!("{count} {unit}"), &bound(count < from, &from, &to)))
}

fn bound<T: std::fmt::Display + PartialEq>(too_small: bool, from: &T, to: &T) -> String {
    match too_small {
        _ if from == to => format!("exactly {from}"),
        true => format!("at least {from}"),
        false => format!("at most {to}"),
    }
}

fn range(part: &str, from: i64, to: i64) -> Option<RuleMismatch> {
    // What is no number at all is for the type check to say.
    let number: i64 = part.parse().ok()?;
    (!(from..=to).contains(&number)).then(|| seen(None, number.to_string(), &bound(number < from, &from, &to)))
}

fn end(c: Option<char>, at: usize, set: &CharSet, verb: &str) -> Option<RuleMismatch> {
    let c = c.filter(|c| !set.contains(*c))?;
    let message = format!("must {verb} with {}, not {}", set.one_of(), quoted_char(c));
    Some(RuleMismatch { message, ..character(c, at, "") })
}

/// Returns the first character that is not allowed, and its place in the whole value.
fn find_disallowed(part: &str, offset: usize, allowed: impl Fn(char) -> bool) -> Option<(usize, char)> {
    part.chars().enumerate().find(|(_, c)| !allowed(*c)).map(|(at, c)| (offset + at, c))
}

fn check_separators(part: &str, offset: usize, characters: &CharSet, allowed: &[String]) -> Option<RuleMismatch> {
    let mut run = String::new();
    let mut chars = part.chars().enumerate().peekable();
    while let Some((at, c)) = chars.next() {
        if !characters.contains(c) {
            run.clear();
            continue;
        }
        run.push(c);
        let ends = chars.peek().is_none_or(|(_, next)| !characters.contains(*next));
        if !is_allowed_run(&run, ends, allowed) {
            return Some(character(c, offset + at, &apart_sentence(characters, allowed)));
        }
    }
    None
}

/// Returns whether a run of signs is allowed as it stands or, when it goes on, may become so.
fn is_allowed_run(run: &str, ends: bool, allowed: &[String]) -> bool {
    let alone = run.chars().nth(1).is_none();
    alone || allowed.iter().any(|allowed| allows(allowed, run, ends))
}

fn allows(allowed: &str, run: &str, ends: bool) -> bool {
    let (least, repeats) = allowed.strip_suffix('+').map_or((allowed, None), |least| (least, least.chars().next_back()));
    match run.strip_prefix(least) {
        Some(rest) => rest.is_empty() || repeats.is_some_and(|sign| rest.chars().all(|c| c == sign)),
        None => !ends && least.starts_with(run),
    }
}

fn apart_sentence(characters: &CharSet, allowed: &[String]) -> String {
    let rest =
        if allowed.is_empty() { String::new() } else { format!(", only {} may", joined(allowed.iter().map(|run| quoted(run)), "and")) };
    format!("{} may not stand next to each other{rest}", characters.describe())
}

fn repeated<T: AsRef<str>>(elements: &[T]) -> Option<&str> {
    let mut rest = elements.iter().map(AsRef::as_ref).enumerate();
    rest.find_map(|(at, element)| elements[..at].iter().any(|earlier| earlier.as_ref() == element).then_some(element))
}

fn combination<T: AsRef<str>>(elements: &[T], allowed: &[Vec<String>]) -> Option<RuleMismatch> {
    let sorted = |texts: &mut dyn Iterator<Item = &str>| {
        let mut texts: Vec<String> = texts.map(str::to_owned).collect();
        texts.sort_unstable();
        texts
    };
    let given = sorted(&mut elements.iter().map(AsRef::as_ref));
    if allowed.iter().any(|combination| sorted(&mut combination.iter().map(String::as_str)) == given) {
        return None;
    }
    let list = |texts: &[String]| format!("[{}]", texts.join(", "));
    let expected = joined(allowed.iter().map(|combination| list(combination)), "or");
    Some(seen(None, list(&given), &format!("must be {expected}, in any order")))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Holder {
        it: Rule,
    }

    fn rule(text: &str) -> Rule {
        toml::from_str::<Holder>(&format!("it = {{ {text} }}")).unwrap().it
    }

    fn check(text: &str, value: &str) -> Option<(Option<usize>, String)> {
        rule(text).text(value, "cn-hangzhou").map(|violation| (violation.at, violation.message))
    }

    fn list(text: &str, elements: &[&str]) -> Option<String> {
        rule(text).list(elements).map(|violation| violation.message)
    }

    #[test]
    fn says_what_and_where() {
        let long = "x".repeat(65);
        let cases: [(&str, &str, Option<usize>, &str); 21] = [
            ("chars = [1, 64]", &long, None, "65 characters: at most 64"),
            ("chars = [3, 64]", "名", None, "1 character: at least 3"),
            ("chars = [4, 4]", "abc", None, "3 characters: exactly 4"),
            ("bytes = [1, 2]", "名", None, "3 bytes: at most 2"),
            ("starts = 'a-z'", "1a", Some(0), "must start with a lower-case letter, not '1'"),
            ("ends = 'a-z0-9'", "ab-", Some(2), "must end with a lower-case letter or a digit, not '-'"),
            ("alphabet = 'a-z0-9'", "orders_eu", Some(6), "'_' at 7: only a-z and 0-9"),
            ("alphabet = 'a-z'", "名\u{200b}", Some(0), "'名' at 1: only a-z"),
            ("alphabet = 'a-z'", "a\u{200b}", Some(1), "U+200B at 2: only a-z"),
            ("alphabet = 'a-z', after = ':'", "cn-é:ab_", Some(7), "'_' at 8: only a-z"),
            ("without = 'A-Z'", "abC", Some(2), "'C' at 3: no A-Z"),
            ("apart = '_-', allow = ['-+']", "a--_b", Some(3), "'_' at 4: '_' and '-' may not stand next to each other, only \"-+\" may"),
            ("starts = 'a-z', after = ':'", "x:1", Some(2), "must start with a lower-case letter, not '1'"),
            ("pattern = '[a-z]+'", "ab1", None, "does not match [a-z]+"),
            ("apart = '._-'", "a.-b", Some(2), "'-' at 3: '.', '_' and '-' may not stand next to each other"),
            ("apart = '_', allow = ['__']", "a___b", Some(3), "'_' at 4: '_' may not stand next to each other, only \"__\" may"),
            ("contains = ':'", "ab", None, "must contain \":\""),
            ("region = true, before = ':'", "cn-beijing:a", None, "\"cn-beijing\" is not cn-hangzhou, the region of the call"),
            ("range = [1, 100]", "0", None, "0: at least 1"),
            ("range = [1, 100]", "101", None, "101: at most 100"),
            ("none-of = ['default']", "default", None, "\"default\" may not be used"),
        ];
        for (text, value, at, message) in cases {
            assert_eq!(check(text, value), Some((at, message.to_owned())), "{text} on {value}");
        }
    }

    #[test]
    fn passes_what_fits() {
        let cases = [
            ("chars = [1, 1]", "名"),
            ("bytes = [3, 3]", "名"),
            ("alphabet = 'a-z', before = ':'", "ab:1"),
            ("alphabet = 'a-z', before = ':'", "1"),
            ("pattern = 'a|bc'", "bc"),
            ("apart = '._-', allow = ['__']", "a__b.c-d"),
            ("apart = '._-'", "a.b_c"),
            ("apart = '._-', allow = ['__', '-+']", "a---b__c--d_e"),
            ("without = 'A-Z'", "ab"),
            ("region = true", "cn-hangzhou"),
            ("range = [1, 5]", "5"),
            ("range = [1, 5]", "many"),
            ("none-of = ['default']", "defaults"),
            ("contains = ':'", ""),
            ("pattern = 'a'", ""),
        ];
        for (text, value) in cases {
            assert_eq!(check(text, value), None, "{text} on {value}");
        }
        assert_eq!(check("pattern = 'a|bc'", "abc").map(|(at, _)| at), Some(None));
        assert!(check("chars = [1, 2]", "").is_some());
    }

    #[test]
    fn keeps_the_observed_value_in_the_rules_sentence() {
        assert_eq!(check("alphabet = 'a-z', else = 'no'", "a1").unwrap().1, "'1' at 2: no");
        assert_eq!(check("starts = 'a-z', else = 'no'", "1a").unwrap().1, "'1' at 1: no");
        assert_eq!(check("chars = [0, 1], else = 'no'", "ab").unwrap().1, "2 characters: no");
        assert_eq!(check("pattern = 'a', else = 'no'", "ab").unwrap().1, "no");
    }

    #[test]
    fn checks_whole_lists() {
        assert_eq!(list("count = [1, 2]", &["a", "b", "c"]).unwrap(), "3 elements: at most 2");
        assert_eq!(list("unique = true", &["a", "b", "a"]).unwrap(), "\"a\" occurs twice");
        let modes = "combinations = [['prod'], ['dev', 'prod']]";
        assert_eq!(list(modes, &["dev"]).unwrap(), "[dev]: must be [prod] or [dev, prod], in any order");
        assert_eq!(list(modes, &["prod", "dev"]), None);
        assert!(list(modes, &["prod", "prod"]).is_some());
        assert_eq!(list("unique = true", &["a", "b"]), None);
    }
}
