//! The path of a place in a JSON body, and the bracket around it.
//!
//! The body is walked once; every 64 KiB the walk's state is kept, so that any place is found again by a short walk.

use std::fmt::Write;
use std::ops::Range;

use super::token::{scalar_end, skip_blanks, string_end};

/// Bytes between two checkpoints, but for a longer token.
const CHECKPOINT_INTERVAL_BYTES: usize = 64 * 1024;

/// The depth up to which brackets are tracked; deeper ones are only counted.
const MAX_TRACKED_DEPTH: usize = 64;

/// An open bracket, and the position inside of it.
#[derive(Clone, Debug)]
struct Level {
    /// The bracket.
    start: usize,
    object: bool,
    /// The member's name, with its quotes; empty before the first.
    name: Range<usize>,
    /// The number of elements passed.
    index: usize,
    /// `true` when a name comes next.
    expects_name: bool,
}

/// A scanner that goes from token to token.
#[derive(Clone, Debug, Default)]
struct OutlineScanner {
    at: usize,
    levels: Vec<Level>,
    /// Brackets that are open beyond [`MAX_TRACKED_DEPTH`].
    deeper: usize,
}

impl OutlineScanner {
    /// Goes to the next token; `None` at the end.
    fn next(&mut self, bytes: &[u8]) -> Option<Token> {
        self.at = skip_blanks(bytes, self.at);
        let first = *bytes.get(self.at)?;
        let end = match first {
            b'"' => string_end(bytes, self.at),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => self.at + 1,
            _ => scalar_end(bytes, self.at),
        };
        Some(Token { first, end })
    }

    fn pass(&mut self, token: Token) {
        let start = std::mem::replace(&mut self.at, token.end);
        match token.first {
            b'"' => self.name(start..token.end),
            b'{' | b'[' => self.open(start, token.first == b'{'),
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

    /// Returns the innermost bracket, if it is tracked.
    fn level(&mut self) -> Option<&mut Level> {
        if self.deeper > 0 { None } else { self.levels.last_mut() }
    }
}

/// A token: its first byte, and the position behind its last.
#[derive(Clone, Copy, Debug)]
struct Token {
    first: u8,
    end: usize,
}

/// The walk's state before a token. A token longer than the interval has a checkpoint of its own, so that nothing walks over it again.
#[derive(Clone, Debug)]
struct Checkpoint {
    walk: OutlineScanner,
    token: Token,
}

/// An index of the positions in a JSON body.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    checkpoints: Vec<Checkpoint>,
}

impl Outline {
    /// Builds the outline of a body.
    pub fn new(bytes: &[u8]) -> Self {
        let (mut walk, mut checkpoints, mut due) = (OutlineScanner::default(), Vec::new(), 0);
        while let Some(token) = walk.next(bytes) {
            if walk.at >= due || token.end - walk.at >= CHECKPOINT_INTERVAL_BYTES {
                checkpoints.push(Checkpoint { walk: walk.clone(), token });
                due = walk.at + CHECKPOINT_INTERVAL_BYTES;
            }
            walk.pass(token);
        }
        Self { checkpoints }
    }

    /// Returns the walk at the token that a byte belongs to, or at the next one.
    fn walk_to(&self, bytes: &[u8], at: usize) -> Option<(OutlineScanner, Token)> {
        let behind = self.checkpoints.partition_point(|checkpoint| checkpoint.walk.at <= at);
        let Checkpoint { mut walk, mut token } = self.checkpoints.get(behind.saturating_sub(1))?.clone();
        while token.end <= at {
            walk.pass(token);
            token = walk.next(bytes)?;
        }
        Some((walk, token))
    }

    /// Returns the path of what stands at a byte: `Data.Namespaces[3].Name`; empty for the whole. A closing bracket stands where the opening one does.
    pub fn path(&self, bytes: &[u8], at: usize) -> String {
        let Some((mut walk, token)) = self.walk_to(bytes, at) else { return String::new() };
        if matches!(token.first, b'"' | b'}' | b']') {
            walk.pass(token);
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
pub(super) fn is_plain(bare: &str) -> bool {
    !bare.is_empty() && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::body::sample::{BODY, place};

    #[test]
    fn finds_the_path_of_every_position() {
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
    fn a_place_in_a_long_string_is_found_without_walking_over_it() {
        let long = "z".repeat(3 * CHECKPOINT_INTERVAL_BYTES);
        let body = format!(r#"{{"a":[1,{{"Text":"{long}"}}],"b":2}}"#);
        let outline = Outline::new(body.as_bytes());
        // Whatever stands in the string now: it is not looked at.
        let other = body.replace('z', "}");
        for at in [body.find('z').unwrap(), body.len() / 2, body.rfind('z').unwrap()] {
            assert_eq!(outline.path(other.as_bytes(), at), "a[1].Text");
            assert_eq!(outline.bracket_around(other.as_bytes(), at), body.find(r#"{"Text"#));
        }
        assert_eq!(outline.path(body.as_bytes(), body.find("\"b\"").unwrap()), "b");
    }

    proptest! {
        #[test]
        fn broken_json_ends(text in "[\\[\\]{}\",:a1 \\\\]{0,60}", at in 0usize..60) {
            let outline = Outline::new(text.as_bytes());
            outline.path(text.as_bytes(), at);
            outline.bracket_around(text.as_bytes(), at);
        }
    }
}
