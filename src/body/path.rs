//! Following a path into a JSON body, the names that complete one, and what stands directly inside of a bracket.

use std::ops::Range;

use super::Fold;
use super::outline::is_plain;
use super::token::{scalar_end, skip_blanks, string_end};

/// The target of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The byte at which it begins: of a member, its name.
    At(usize),
    /// The path leads nowhere; this much of it exists.
    Missing(String),
}

/// Follows a path: `Data.Namespaces[3]["a name"]`. Names are compared as they are written in the body.
pub fn follow(bytes: &[u8], path: &str) -> Target {
    let mut value = skip_blanks(bytes, 0);
    let mut place = value;
    let path = path.trim();
    let mut known = "";
    let mut rest = path.trim_start_matches(['.', '$']);
    while !rest.is_empty() {
        let (wanted, behind) = first_step(rest);
        match children(bytes, value).find(|child| child.is(bytes, wanted)) {
            Some(child) => (place, value) = (child.name.as_ref().map_or(child.value, |name| name.start), child.value),
            None => return Target::Missing(known.to_owned()),
        }
        known = path[..path.len() - behind.len()].trim_end_matches('.');
        rest = behind.trim_start_matches('.');
    }
    Target::At(place)
}

/// Returns the paths that complete a path, at most `most`: its last complete step with the names of the members there.
pub fn complete(bytes: &[u8], path: &str, most: usize) -> Vec<String> {
    let Some((stem, typed)) = unfinished(path) else { return Vec::new() };
    let (typed, quoted) = (typed.to_lowercase(), !stem.is_empty() && !stem.ends_with('.'));
    let Target::At(at) = follow(bytes, stem) else { return Vec::new() };
    let value = if stem.is_empty() { at } else { behind_name(bytes, at) };
    let names = children(bytes, value).filter_map(|child| child.name);
    let names =
        names.map(|name| String::from_utf8_lossy(&bytes[name.start + 1..name.end.saturating_sub(1).max(name.start + 1)]).into_owned());
    names.filter(|name| name.to_lowercase().starts_with(&typed)).take(most).map(|name| joined(stem, &name, quoted)).collect()
}

/// Splits a path into its complete steps and the beginning of the name being typed; `None` where no name can follow.
fn unfinished(path: &str) -> Option<(&str, &str)> {
    let quoted = path.rfind("[\"").filter(|open| !path[open + 2..].contains("\"]"));
    if let Some(open) = quoted {
        return Some((&path[..open], &path[open + 2..]));
    }
    // A dot within a quoted name parts nothing.
    let behind = path.rfind("\"]").map_or(0, |close| close + 2);
    match path[behind..].rfind('.') {
        Some(dot) => Some(path.split_at(behind + dot + 1)),
        None => (behind == 0).then_some(("", path)),
    }
}

/// Appends a name to a path: behind a dot, or in brackets where the name is not plain.
fn joined(stem: &str, name: &str, quoted: bool) -> String {
    if is_plain(name) && !quoted { format!("{stem}{name}") } else { format!("{}[\"{name}\"]", stem.trim_end_matches('.')) }
}

/// Returns the value of a member that begins with its name; of anything else the same place.
fn behind_name(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) != Some(&b'"') {
        return at;
    }
    let colon = skip_blanks(bytes, string_end(bytes, at));
    if bytes.get(colon) == Some(&b':') { skip_blanks(bytes, colon + 1) } else { at }
}

/// Returns the bracket that a row opens which begins at a byte.
pub fn opens(bytes: &[u8], at: usize) -> Option<usize> {
    let value = behind_name(bytes, at);
    matches!(bytes.get(value), Some(b'{' | b'[')).then_some(value)
}

/// Returns the first step of a path, and what comes behind it.
fn first_step(path: &str) -> (&str, &str) {
    let end = match path.strip_prefix('[') {
        // A bracket within a quoted name closes nothing.
        Some(inside) => {
            let from = if inside.starts_with('"') { string_end(path.as_bytes(), 1) } else { 1 };
            path.get(from..).and_then(|rest| rest.find(']')).map_or(path.len(), |close| from + close + 1)
        }
        None => path.find(['.', '[']).unwrap_or(path.len()),
    };
    path.split_at(end)
}

/// The most brackets that are folded at once.
const MAX_FOLDS: usize = 1 << 20;

/// Returns every bracket directly inside of the outermost one.
pub fn fold_inside(bytes: &[u8]) -> Vec<Fold> {
    let brackets =
        children(bytes, skip_blanks(bytes, 0)).map(|child| child.value).filter(|value| matches!(bytes.get(*value), Some(b'{' | b'[')));
    brackets.filter_map(|bracket| Fold::at(bytes, bracket)).take(MAX_FOLDS).collect()
}

/// A member or an element.
struct Child {
    /// The member's name with its quotes.
    name: Option<Range<usize>>,
    index: usize,
    /// The start of the value.
    value: usize,
}

impl Child {
    fn is(&self, bytes: &[u8], step: &str) -> bool {
        let inside = step.strip_prefix('[').map(|rest| rest.trim_end_matches(']'));
        let name = self.name.as_ref().and_then(|name| std::str::from_utf8(&bytes[name.clone()]).ok());
        match (name, inside) {
            (Some(name), Some(inside)) => name == inside,
            (Some(name), None) => name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) == Some(step),
            (None, Some(inside)) => inside.parse() == Ok(self.index),
            (None, None) => false,
        }
    }
}

/// Returns the members or elements directly inside of the bracket at a byte.
fn children(bytes: &[u8], bracket: usize) -> impl Iterator<Item = Child> {
    let object = bytes.get(bracket) == Some(&b'{');
    let mut at = if object || bytes.get(bracket) == Some(&b'[') { bracket + 1 } else { bytes.len() };
    (0..).map_while(move |index| {
        let start = skip_blanks(bytes, at);
        let first = bytes.get(start).filter(|first| !matches!(first, b'}' | b']'))?;
        let name = (object && *first == b'"').then(|| start..string_end(bytes, start));
        let value = if name.is_some() { behind_name(bytes, start) } else { start };
        let end = skip_blanks(bytes, value_end(bytes, value));
        at = end + usize::from(bytes.get(end) == Some(&b',')).max(usize::from(end == start));
        Some(Child { name, index, value })
    })
}

fn value_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => string_end(bytes, at),
        Some(b'{' | b'[') => Fold::at(bytes, at).map_or_else(|| skip_blanks(bytes, at + 1) + 1, |fold| fold.end as usize).min(bytes.len()),
        _ => scalar_end(bytes, at),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::body::sample::{BODY, place};

    #[test]
    fn follows_a_path_back() {
        let follow = |path: &str| follow(BODY.as_bytes(), path);
        assert_eq!(follow("Data.Namespaces[1].Name"), Target::At(place("\"Name\":\"b")));
        assert_eq!(follow("Data.Namespaces[1][\"x y\"][1]"), Target::At(place("2]")));
        assert_eq!(follow(".ok"), Target::At(place("\"ok\"")));
        assert_eq!(follow("Data.Nothing.At.All"), Target::Missing("Data".to_owned()));
        assert_eq!(follow(""), Target::At(0));
    }

    #[test]
    fn folds_what_is_directly_inside() {
        let inside: Vec<_> = fold_inside(BODY.as_bytes()).iter().map(|fold| fold.start as usize).collect();
        assert_eq!(inside, [place("{\"Namespaces")]);
    }

    #[test]
    fn names_that_are_there_complete_a_path() {
        let complete = |path: &str| complete(BODY.as_bytes(), path, 9);
        assert_eq!(complete(""), ["Id", "Data", "ok"]);
        assert_eq!(complete("Data.n"), ["Data.Namespaces"]);
        assert_eq!(complete("Data.Namespaces[1]."), ["Data.Namespaces[1].Name", "Data.Namespaces[1][\"x y\"]"]);
        assert_eq!(complete("Data.Namespaces[1][\"X"), ["Data.Namespaces[1][\"x y\"]"]);
        assert!(complete("Nothing.").is_empty());
    }

    #[test]
    fn offers_only_names_that_exist() {
        let body = br#"{"a.b":{"c]":{"d\"e":1},"f":2},"plain":3}"#;
        let mut paths = complete(body, "", 9);
        assert_eq!(paths, ["[\"a.b\"]", "plain"]);
        paths.extend(complete(body, "[\"a.b\"].", 9));
        paths.extend(complete(body, "[\"a.b\"][\"c]\"].", 9));
        assert_eq!(paths.len(), 5);
        for path in paths {
            assert!(matches!(follow(body, &path), Target::At(_)), "{path}");
        }
        assert!(complete(body, "[\"a.b\"]", 9).is_empty());
    }

    proptest! {
        #[test]
        fn broken_json_ends(text in "[\\[\\]{}\",:a1 \\\\]{0,60}") {
            follow(text.as_bytes(), &text);
            complete(text.as_bytes(), &text, 9);
            fold_inside(text.as_bytes());
        }
    }
}
