//! Whether a body is JSON, as far as it goes: one cut short is, so that what there is of it can be read.
//!
//! Brackets, commas, colons and the kinds of tokens are checked; what stands inside a string or a number is not.

use super::token::{skip_blanks, string_end};

/// The tokens that may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedToken {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
}

/// Returns whether the bytes are JSON, or begin a JSON object or array and break off.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let mut walk = JsonChecker { bytes, at: 0, open: OpenBrackets::default(), expect: ExpectedToken::Value };
    loop {
        walk.at = skip_blanks(bytes, walk.at);
        let Some(&byte) = bytes.get(walk.at) else { return walk.open.depth > 0 || walk.expect == ExpectedToken::CommaOrClose };
        let Some(expect) = walk.token(byte) else { return false };
        walk.expect = expect;
    }
}

struct JsonChecker<'a> {
    bytes: &'a [u8],
    at: usize,
    open: OpenBrackets,
    expect: ExpectedToken,
}

impl JsonChecker<'_> {
    /// Passes one token; `None` when it may not stand here.
    fn token(&mut self, byte: u8) -> Option<ExpectedToken> {
        use ExpectedToken::{Colon, CommaOrClose, Key, KeyOrClose, Value, ValueOrClose};
        match (self.expect, byte) {
            (Value | ValueOrClose, b'{') => Some(self.open(true)),
            (Value | ValueOrClose, b'[') => Some(self.open(false)),
            (Value | ValueOrClose, b'"') => Some(self.string(CommaOrClose)),
            (Value | ValueOrClose, b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.scalar(byte),
            (Key | KeyOrClose, b'"') => Some(self.string(Colon)),
            (Colon, b':') => self.pass(Value),
            (CommaOrClose, b',') if self.open.depth > 0 => self.pass(if self.open.in_object() { Key } else { Value }),
            (ValueOrClose | CommaOrClose, b']') => self.close(false),
            (KeyOrClose | CommaOrClose, b'}') => self.close(true),
            _ => None,
        }
    }

    #[allow(clippy::unnecessary_wraps)] // reads as an arm of `token`
    fn pass(&mut self, expect: ExpectedToken) -> Option<ExpectedToken> {
        self.at += 1;
        Some(expect)
    }

    fn open(&mut self, object: bool) -> ExpectedToken {
        self.at += 1;
        self.open.push(object);
        if object { ExpectedToken::KeyOrClose } else { ExpectedToken::ValueOrClose }
    }

    fn close(&mut self, object: bool) -> Option<ExpectedToken> {
        self.at += 1;
        (self.open.depth > 0 && self.open.in_object() == object).then(|| self.open.pop())?;
        Some(ExpectedToken::CommaOrClose)
    }

    fn string(&mut self, then: ExpectedToken) -> ExpectedToken {
        self.at = string_end(self.bytes, self.at);
        then
    }

    fn scalar(&mut self, first: u8) -> Option<ExpectedToken> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte))).unwrap_or(rest.len());
        let word = match first {
            b't' => "true",
            b'f' => "false",
            b'n' => "null",
            _ => "",
        };
        self.at += length;
        let cut_short = self.at == self.bytes.len() && self.open.depth > 0 && word.as_bytes().starts_with(&rest[..length]);
        (word.is_empty() || &rest[..length] == word.as_bytes() || cut_short).then_some(ExpectedToken::CommaOrClose)
    }
}

/// The open brackets: a bit for each, since there may be as many as bytes.
#[derive(Default)]
struct OpenBrackets {
    bits: Vec<u64>,
    depth: usize,
}

impl OpenBrackets {
    fn push(&mut self, object: bool) {
        if self.depth.is_multiple_of(64) {
            self.bits.truncate(self.depth / 64);
            self.bits.push(0);
        }
        let bit = 1 << (self.depth % 64);
        let word = &mut self.bits[self.depth / 64];
        *word = if object { *word | bit } else { *word & !bit };
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth -= 1;
    }

    fn in_object(&self) -> bool {
        let last = self.depth.wrapping_sub(1);
        self.bits.get(last / 64).is_some_and(|word| word >> (last % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_json() {
        for text in ["{}", " [ ] ", "[1,-2.5e3,true,false,null,\"a\\\"\"]", "{\"a\":{\"b\":[{}]},\"c\":[]}", "\"x\"", "12"] {
            assert!(is_json(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "OK",
            "404 page not found",
            "[2026-01-01] started",
            "{a:1}",
            "{\"a\" 1}",
            "[1 2]",
            "[1,]",
            "{}{}",
            "[}",
            "]",
            "{\"a\":nope}",
            "<p>",
        ] {
            assert!(!is_json(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn json_cut_anywhere_is_still_json() {
        let text = r#"{"a":[1,{"b":"x\"y"},true],"c":{}}"#;
        for cut in 1..text.len() {
            assert!(is_json(&text.as_bytes()[..cut]), "{}", &text[..cut]);
        }
    }

    #[test]
    fn remembers_any_depth() {
        let text = "[".repeat(200) + &"{\"a\":[".repeat(200) + &"]}".repeat(200) + &"]".repeat(200);
        assert!(is_json(text.as_bytes()));
        assert!(!is_json(text.replace("]}]", "]]]").as_bytes()));
    }
}
