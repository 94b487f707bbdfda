//! Where one is in a JSON body: the path of a place, and the brackets around it.
//!
//! The body is walked once; every 64 KiB the walk's state is kept, so that any place is found again by a short walk.

use std::fmt::Write;
use std::ops::Range;

use super::check::{is_blank, string_end};

/// Bytes between two states that are kept.
const CHECKPOINT_INTERVAL_BYTES: usize = 64 * 1024;

/// Brackets whose inside is told apart; deeper ones are counted only.
const MAX_TRACKED_DEPTH: usize = 64;

/// An open bracket, and what of its inside has been come to.
#[derive(Clone, Debug)]
struct Level {
    /// The bracket.
    start: usize,
    object: bool,
    /// The member's name, with its quotes; empty before the first.
    name: Range<usize>,
    /// Elements that are behind.
    index: usize,
    /// Whether a name comes next.
    expects_name: bool,
}

/// A walk from token to token.
#[derive(Clone, Debug, Default)]
struct OutlineScanner {
    at: usize,
    levels: Vec<Level>,
    /// Brackets that are open beyond [`MAX_TRACKED_DEPTH`].
    deeper: usize,
}

impl OutlineScanner {
    /// Goes to the next token; `None` at the end.
    fn settle(&mut self, bytes: &[u8]) -> Option<u8> {
        self.at += bytes.get(self.at..)?.iter().take_while(|byte| is_blank(**byte)).count();
        bytes.get(self.at).copied()
    }

    /// Passes a token that begins with this byte.
    fn pass(&mut self, bytes: &[u8], first: u8) {
        let start = self.at;
        self.at = match first {
            b'"' => string_end(bytes, start),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => start + 1,
            _ => start + bytes[start..].iter().take_while(|byte| !is_blank(**byte) && !b",:{}[]\"".contains(byte)).count(),
        };
        match first {
            b'"' => self.name(start..self.at),
            b'{' | b'[' => self.open(start, first == b'{'),
            b'}' | b']' => self.close(),
            b',' => self.comma(),
            _ => {}
        }
    }

    fn name(&mut self, range: Range<usize>) {
        if let Some(level) = self.level().filter(|level| level.expects_name) {
            (level.name, level.expects_name) = (range, false);
        }
    }

    fn open(&mut self, start: usize, object: bool) {
        if self.levels.len() == MAX_TRACKED_DEPTH {
            self.deeper += 1;
        } else {
            self.levels.push(Level { start, object, name: 0..0, index: 0, expects_name: object });
        }
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.levels.pop();
        }
    }

    fn comma(&mut self) {
        if let Some(level) = self.level() {
            level.index += 1;
            level.expects_name = level.object;
        }
    }

    /// Returns the innermost bracket, if its inside is told apart.
    fn level(&mut self) -> Option<&mut Level> {
        if self.deeper > 0 { None } else { self.levels.last_mut() }
    }

    /// Goes on to the token that begins at a byte or behind it.
    fn go_to(&mut self, bytes: &[u8], at: usize) -> Option<u8> {
        loop {
            let first = self.settle(bytes)?;
            if self.at >= at {
                return Some(first);
            }
            self.pass(bytes, first);
        }
    }
}

/// An index of the positions in a JSON body.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    states: Vec<OutlineScanner>,
}

impl Outline {
    /// Walks a body.
    pub fn new(bytes: &[u8]) -> Self {
        let (mut walk, mut states) = (OutlineScanner::default(), vec![OutlineScanner::default()]);
        while let Some(first) = walk.go_to(bytes, states.len() * CHECKPOINT_INTERVAL_BYTES) {
            states.push(walk.clone());
            walk.pass(bytes, first);
        }
        Self { states }
    }

    fn walk_to(&self, bytes: &[u8], at: usize) -> Option<(OutlineScanner, u8)> {
        let known = self.states.partition_point(|walk| walk.at <= at);
        let mut walk = self.states.get(known.checked_sub(1)?)?.clone();
        let first = walk.go_to(bytes, at)?;
        Some((walk, first))
    }

    /// Returns the path of what stands at a byte: `Data.Namespaces[3].Name`; empty for the whole. A closing bracket stands where the opening one does.
    pub fn path(&self, bytes: &[u8], at: usize) -> String {
        let Some((mut walk, first)) = self.walk_to(bytes, at) else { return String::new() };
        if matches!(first, b'"' | b'}' | b']') {
            walk.pass(bytes, first);
        }
        let mut path = String::new();
        for level in &walk.levels {
            step(&mut path, level, bytes);
        }
        if walk.deeper > 0 {
            path.push('…');
        }
        path
    }

    /// Returns the bracket around a byte: what a row that opens none is folded into.
    pub fn bracket_around(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let (walk, _) = self.walk_to(bytes, at)?;
        walk.levels.last().map(|level| level.start)
    }
}

fn step(path: &mut String, level: &Level, bytes: &[u8]) {
    if !level.object {
        let _ = write!(path, "[{}]", level.index);
        return;
    }
    let name = String::from_utf8_lossy(bytes.get(level.name.clone()).unwrap_or_default());
    let bare = name.trim_matches('"');
    match (name.is_empty(), is_plain(bare)) {
        (true, _) => {}
        (_, true) if path.is_empty() => path.push_str(bare),
        (_, true) => path.extend([".", bare]),
        (_, false) => path.extend(["[", &name, "]"]),
    }
}

/// Returns whether a name stands in a path without quotation marks.
fn is_plain(bare: &str) -> bool {
    !bare.is_empty() && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

/// The target of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// It stands at this byte: a member at its name.
    At(usize),
    /// There is nothing of the kind; this much of the path there is.
    Missing(String),
}

/// Goes along a path: `Data.Namespaces[3]["a name"]`. Names are compared as they are written in the body.
pub fn follow(bytes: &[u8], path: &str) -> Target {
    let mut value = blank(bytes, 0);
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

/// Returns the names that go on with a path, at most `most`: those of the members of what its last complete step leads to.
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

/// Returns a path up to its last complete step, and the beginning of the name that is being typed; none where no name can follow.
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

/// Returns the path that goes on with a name: behind a dot, or in brackets where the name is not plain.
fn joined(stem: &str, name: &str, quoted: bool) -> String {
    if is_plain(name) && !quoted { format!("{stem}{name}") } else { format!("{}[\"{name}\"]", stem.trim_end_matches('.')) }
}

/// Returns the value of a member that begins with its name; of anything else the same place.
fn behind_name(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) != Some(&b'"') {
        return at;
    }
    let colon = blank(bytes, string_end(bytes, at));
    if bytes.get(colon) == Some(&b':') { blank(bytes, colon + 1) } else { at }
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

/// Returns what stands directly inside of the bracket at a byte.
fn children(bytes: &[u8], bracket: usize) -> impl Iterator<Item = Child> {
    let object = bytes.get(bracket) == Some(&b'{');
    let mut at = if object || bytes.get(bracket) == Some(&b'[') { bracket + 1 } else { bytes.len() };
    (0..).map_while(move |index| {
        let start = blank(bytes, at);
        let first = bytes.get(start).filter(|first| !matches!(first, b'}' | b']'))?;
        let name = (object && *first == b'"').then(|| start..string_end(bytes, start));
        let value = if name.is_some() { behind_name(bytes, start) } else { start };
        let end = blank(bytes, value_end(bytes, value));
        at = end + usize::from(bytes.get(end) == Some(&b',')).max(usize::from(end == start));
        Some(Child { name, index, value })
    })
}

/// A bracket that is shown closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The opening bracket.
    pub start: u32,
    /// The byte behind the closing one.
    pub end: u32,
    /// The number of members or elements that stand directly inside.
    pub members: u32,
}

impl Fold {
    /// Creates the fold of the bracket at a byte; none where nothing stands inside.
    pub fn at(bytes: &[u8], bracket: usize) -> Option<Self> {
        let start = u32::try_from(bracket).ok()?;
        let mut members = 0;
        let mut inside = 0_usize;
        let mut walk = bracket;
        while let Some(&first) = bytes.get(walk) {
            match first {
                b'{' | b'[' => inside += 1,
                b'}' | b']' => inside -= 1,
                b',' if inside == 1 => members += 1,
                _ => {}
            }
            walk = if first == b'"' { string_end(bytes, walk) } else { walk + 1 };
            if inside == 0 {
                break;
            }
        }
        let end = u32::try_from(walk).ok()?;
        let empty = matches!(bytes.get(blank(bytes, bracket + 1)), Some(b'}' | b']') | None);
        (!empty).then_some(Self { start, end, members: members + 1 })
    }
}

/// At most this many brackets are folded at once.
const MAX_FOLDS: usize = 1 << 20;

/// Returns every bracket directly inside of the outermost one.
pub fn fold_inside(bytes: &[u8]) -> Vec<Fold> {
    let brackets = children(bytes, blank(bytes, 0)).map(|child| child.value).filter(|value| matches!(bytes.get(*value), Some(b'{' | b'[')));
    brackets.filter_map(|bracket| Fold::at(bytes, bracket)).take(MAX_FOLDS).collect()
}

fn value_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => string_end(bytes, at),
        Some(b'{' | b'[') => Fold::at(bytes, at).map_or_else(|| blank(bytes, at + 1) + 1, |fold| fold.end as usize).min(bytes.len()),
        _ => at + bytes.get(at..).unwrap_or_default().iter().take_while(|byte| !is_blank(**byte) && !b",:{}[]\"".contains(byte)).count(),
    }
}

fn blank(bytes: &[u8], at: usize) -> usize {
    at + bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_blank(**byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &str = r#"{"Id":"1","Data":{"Namespaces":[{"Name":"a"},{"Name":"b\"]","x y":[1,2]}],"Empty":{}},"ok":true}"#;

    fn place(text: &str) -> usize {
        BODY.find(text).unwrap()
    }

    #[test]
    fn every_place_has_its_path() {
        let outline = Outline::new(BODY.as_bytes());
        let path = |at: usize| outline.path(BODY.as_bytes(), at);
        assert_eq!(path(0), "");
        assert_eq!(path(place("\"Data\"")), "Data");
        assert_eq!(path(place("{\"Name\":\"b")), "Data.Namespaces[1]");
        assert_eq!(path(place("\"Name\":\"b")), "Data.Namespaces[1].Name");
        assert_eq!(path(place("2]")), "Data.Namespaces[1][\"x y\"][1]");
        assert_eq!(path(place("],\"Empty")), "Data.Namespaces");
        assert_eq!(path(place("\"ok\"")), "ok");
    }

    #[test]
    fn a_path_leads_back() {
        let follow = |path: &str| follow(BODY.as_bytes(), path);
        assert_eq!(follow("Data.Namespaces[1].Name"), Target::At(place("\"Name\":\"b")));
        assert_eq!(follow("Data.Namespaces[1][\"x y\"][1]"), Target::At(place("2]")));
        assert_eq!(follow(".ok"), Target::At(place("\"ok\"")));
        assert_eq!(follow("Data.Nothing.At.All"), Target::Missing("Data".to_owned()));
        assert_eq!(follow(""), Target::At(0));
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
    fn every_name_that_is_offered_leads_somewhere() {
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

    #[test]
    fn folds_know_their_ends() {
        let fold = Fold::at(BODY.as_bytes(), place("[{")).unwrap();
        assert_eq!(&BODY[fold.start as usize..fold.end as usize], r#"[{"Name":"a"},{"Name":"b\"]","x y":[1,2]}]"#);
        assert_eq!(fold.members, 2);
        assert_eq!(Fold::at(BODY.as_bytes(), place("{}")), None);
        assert_eq!(fold_inside(BODY.as_bytes()).len(), 1);
    }

    proptest! {
        #[test]
        fn broken_json_ends(text in "[\\[\\]{}\",:a1 \\\\]{0,60}", at in 0usize..60) {
            let bytes = text.as_bytes();
            let outline = Outline::new(bytes);
            outline.path(bytes, at);
            outline.bracket_around(bytes, at);
            follow(bytes, &text);
            complete(bytes, &text, 9);
            fold_inside(bytes);
        }
    }
}
