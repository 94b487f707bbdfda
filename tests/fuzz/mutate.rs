//! Changes to an input.

use super::dice::Dice;

/// Texts that parsers stumble over, of whatever format.
const COMMON: &[&str] = &[
    "\0",
    "\t",
    "\n",
    "\r\n",
    "\r\n\r\n",
    " ",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{202e}",
    "\u{200d}",
    "\u{301}",
    "é",
    "İ",
    "ß",
    "名",
    "𝒳",
    "\u{10ffff}",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\u{",
    "\\x",
    "\\\"",
    "\"",
    "'",
    "`",
    "$'",
    "%",
    "%2",
    "%zz",
    "%00",
    "%ff",
    "%25",
    "+",
    "&",
    "=",
    "&&",
    "?",
    "#",
    "/",
    "//",
    "..",
    ";",
    ",",
    ":",
    "::",
    "|",
    "*",
    "@",
    "~",
    "^",
    "-",
    "--",
    "{",
    "}",
    "{{",
    "[",
    "]",
    "[[",
    "(",
    ")",
    "<",
    ">",
    "<!--",
    "]]>",
    "0",
    "-0",
    "-1",
    "1e999",
    "1e-999",
    "0x",
    "NaN",
    "inf",
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "\"\"",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999999999",
    "0.1",
    "2026-11-22T00:00:00Z",
    "0000-00-00",
    "9999-12-31T23:59:59Z",
    "-009999-01-01T00:00:00Z",
    "20260230T256199Z",
];

/// Bytes that are no UTF-8, or only a part of a character.
const BROKEN: [&[u8]; 6] = [b"\xff", b"\xc3", b"\xe5\x90", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf"];

/// The most copies of a piece: deep enough for a parser that calls itself.
const MAX_COPIES: usize = 400;

/// Changes an input in one way.
pub fn mutate(input: &mut Vec<u8>, entries: &[Vec<u8>], words: &[&str], dice: &mut Dice) {
    let at = dice.below(input.len() + 1);
    let end = at + dice.below((input.len() - at).min(32) + 1);
    match dice.below(12) {
        0 if at < input.len() => input[at] ^= 1 << dice.below(8),
        1 if at < input.len() => input[at] = dice.pick(b"\0\t\n\r \"'\\%&=?/:;,.{}[]()<>#0-9azAZ\x7f\x80\xff").to_owned(),
        2 => drop(input.drain(at..end)),
        3 => input.truncate(at),
        4 => repeat(input, at, end, dice),
        5 => splice(input, at, dice.pick::<Vec<u8>>(entries), dice),
        6 => exchange(input, dice.pick::<Vec<u8>>(entries), dice),
        7 => number(input, at, dice),
        8 => insert(input, at, &dice.bytes(6)),
        9 => insert(input, at, dice.pick::<&[u8]>(&BROKEN)),
        10 if !words.is_empty() => put(input, at, end, dice.pick::<&str>(words), dice),
        _ => put(input, at, end, dice.pick::<&str>(COMMON), dice),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

/// Puts a word in, or in the place of something.
fn put(input: &mut Vec<u8>, at: usize, end: usize, word: &str, dice: &mut Dice) {
    let end = if dice.once_in(2) { at } else { end };
    input.splice(at..end, word.bytes());
}

/// Repeats a piece once, or so often that it is deeply nested or very long.
fn repeat(input: &mut Vec<u8>, at: usize, end: usize, dice: &mut Dice) {
    let copies = if dice.once_in(6) { dice.below(MAX_COPIES) } else { 1 };
    let more = input[at..end].repeat(copies);
    insert(input, end, &more);
}

/// Goes on as another input does.
fn splice(input: &mut Vec<u8>, at: usize, other: &[u8], dice: &mut Dice) {
    input.truncate(at);
    input.extend_from_slice(&other[dice.below(other.len() + 1)..]);
}

/// Takes a token of another input in the place of one of its own.
fn exchange(input: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let (ours, theirs) = (token(input, dice), token(other, dice));
    input.splice(ours, other[theirs].iter().copied());
}

/// A run of letters and digits, or of anything else.
fn token(bytes: &[u8], dice: &mut Dice) -> std::ops::Range<usize> {
    let start = dice.below(bytes.len() + 1);
    let like = bytes.get(start).is_some_and(u8::is_ascii_alphanumeric);
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() == like).count();
    start..start + length
}

/// Changes the next number.
fn number(input: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let Some(start) = input[at..].iter().position(u8::is_ascii_digit).map(|start| at + start) else { return };
    let length = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let other = *dice.pick(&["0", "1", "-1", "255", "256", "65536", "4294967296", "9223372036854775807", "18446744073709551616", "1e400"]);
    input.splice(start..start + length, other.bytes());
}
