//! Text for messages: characters, values and lists as a sentence quotes them, the nearest names, and JSON that is safe to print.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use crate::visible::VisibleForm;

/// The number of characters of a value a message shows.
const MAX_SHOWN_CHARS: usize = 48;

/// Longer names are compared with none: nobody mistypes that much, and comparing takes time that grows with the square of the length.
const MAX_COMPARED_CHARS: usize = 256;

/// The similarity that a name must have to be suggested, from 0 (nothing in common) to 1 (equal).
const MIN_SIMILARITY: f64 = 0.8;

/// Returns a character as a message shows it: `'_'`, and one that cannot be seen as `U+200B`.
pub fn quoted_char(c: char) -> String {
    if visible(c) { format!("'{c}'") } else { code_point(c) }
}

/// Returns a value as a message shows it: in quotation marks, what cannot be seen as `U+XXXX`, cut off when it is long.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for (at, c) in text.chars().enumerate() {
        match c {
            _ if at == MAX_SHOWN_CHARS => {
                out.push('…');
                break;
            }
            c if visible(c) => out.push(c),
            c => out.push_str(&code_point(c)),
        }
    }
    out.push('"');
    out
}

/// Returns a name as a message repeats it: cut off when it is long.
pub fn brief(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &name[..at]).into(),
        None => name.into(),
    }
}

/// Returns the parts as a sentence lists them: `a, b and c`.
pub fn joined(parts: impl IntoIterator<Item = String>, last: &str) -> String {
    let mut parts: Vec<String> = parts.into_iter().collect();
    match parts.pop() {
        None => String::new(),
        Some(only) if parts.is_empty() => only,
        Some(end) => format!("{} {last} {end}", parts.join(", ")),
    }
}

/// Returns the names nearest to `name`, best first, at most three; case does not count. For every "did you mean".
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    if name.len() > MAX_COMPARED_CHARS {
        return Vec::new();
    }
    let lower = name.to_lowercase();
    let score = |candidate: &str| strsim::jaro_winkler(&lower, &candidate.to_lowercase());
    let mut near: Vec<(f64, &str)> = candidates.into_iter().map(|candidate| (score(candidate), candidate)).collect();
    near.retain(|(score, _)| *score >= MIN_SIMILARITY);
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.dedup_by(|(_, one), (_, other)| one == other);
    near.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// Returns the end of a sentence that offers the nearest names: `: did you mean a or b?`, or nothing.
pub fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(": did you mean {}?", joined(near.iter().cloned(), "or")) }
}

/// Returns JSON in which characters that steer a terminal or hide from the eye are written as escapes: it means the same.
pub fn escape_json(json: &str) -> String {
    if !json.contains(|c| VisibleForm::new(c).is_some()) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if VisibleForm::new(c).is_none() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a text cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

/// Returns whether a reader can see the character for itself: it takes room, and is no other space than the common one.
fn visible(c: char) -> bool {
    c == ' ' || !(VisibleForm::new(c).is_some() || c.is_whitespace() || c.width().unwrap_or(0) == 0)
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_invisible_characters() {
        let cases = [('a', "'a'"), (' ', "' '"), ('名', "'名'"), ('\n', "U+000A"), ('\u{200b}', "U+200B"), ('\u{202e}', "U+202E")];
        for (c, text) in cases {
            assert_eq!(quoted_char(c), text);
        }
        assert_eq!(quoted("a\u{feff}b\u{a0}"), "\"aU+FEFFbU+00A0\"");
        assert_eq!(quoted(&"x".repeat(99)).chars().count(), MAX_SHOWN_CHARS + 3);
    }

    #[test]
    fn lists_as_a_sentence_does() {
        let list = |parts: &[&str]| joined(parts.iter().map(ToString::to_string), "and");
        assert_eq!((list(&[]), list(&["a"]), list(&["a", "b", "c"])), (String::new(), "a".into(), "a, b and c".into()));
    }

    #[test]
    fn offers_the_nearest_names_whatever_their_case() {
        let names = ["NamespaceName", "NamespaceId", "NameSpaceShortId", "EnableMicroRegistration"];
        assert_eq!(nearest("namespacename", names)[0], "NamespaceName");
        assert_eq!(nearest("NamespaceShortID", names)[0], "NameSpaceShortId");
        assert_eq!(nearest("EnableMicroRegistraton", names), ["EnableMicroRegistration"]);
        assert!(nearest("zone", names).is_empty());
        assert_eq!(did_you_mean(&nearest("x", names)), "");
    }

    #[test]
    fn cuts_a_very_long_name() {
        assert_eq!(brief(&"é".repeat(99)), format!("{}…", "é".repeat(MAX_SHOWN_CHARS)));
        assert_eq!(brief("é"), "é");
        assert!(nearest(&"a".repeat(1 << 20), [&*"a".repeat(1 << 20)]).is_empty());
    }

    #[test]
    fn json_means_the_same_when_escaped() {
        let value = serde_json::json!({ "a": "x\u{202e}y\u{9b}\u{e0041}\n" });
        let text = escape_json(&value.to_string());
        assert!(text.is_ascii(), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
