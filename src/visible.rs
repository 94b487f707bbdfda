//! Characters that steer a terminal or hide from the eye, put into signs that can be seen.
//!
//! Whatever a network sent passes here before it is shown. C0 controls and DEL become the pictures that Unicode
//! has for them (`␛`), everything else its number (`<U+202E>`), and bytes that are no UTF-8 become `\xNN`.

use std::borrow::Cow;
use std::fmt::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// First and last of each run of characters that are shown by their number, in order: C1 controls, what Unicode lets a program ignore
/// (`Default_Ignorable_Code_Point`: soft hyphen, joiners, fillers, selectors, tags), bidirectional marks, line separators, and what looks
/// like nothing or like a space and is none. The ideographic space is left: it is common in Chinese texts, and as wide as its neighbours.
const HIDDEN: [(char, char); 22] = [
    ('\u{80}', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{2000}', '\u{200f}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{16fe4}', '\u{16fe4}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d159}', '\u{1d159}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// The number of characters of no width may that stand on another. Those of real scripts have three or four; more would climb over the lines around.
const MAX_MARKS: usize = 5;

/// The visible form of a character that must not be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisibleForm {
    /// One of Unicode's pictures of control characters.
    Picture(char),
    /// The character's number.
    Number(u32),
}

impl VisibleForm {
    /// Returns what stands for `c`; `None` for a character that may be printed as it is.
    pub fn new(c: char) -> Option<Self> {
        match c {
            '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(Self::Picture),
            ' '..='~' => None,
            '\u{7f}' => Some(Self::Picture('␡')),
            _ => is_hidden(c).then_some(Self::Number(c.into())),
        }
    }

    /// Returns what stands for `c` where these texts stand before and behind it. A few characters are shown as they are in their place alone: marks on a
    /// letter, up to `MAX_MARKS`; the selector behind a character that may be an emoji; a joiner between letters of a script that joins.
    pub fn in_context(before: &str, c: char, behind: &str) -> Option<Self> {
        if c < '\u{300}' {
            return Self::new(c);
        }
        let last = before.chars().next_back();
        match c {
            '\u{fe0e}' | '\u{fe0f}' if last.is_some_and(may_be_emoji) => None,
            '\u{200c}' | '\u{200d}' if last.is_some_and(joins) && behind.chars().next().is_some_and(joins) => None,
            _ => Self::new(c).or_else(|| (c.width() == Some(0) && !has_room(before)).then_some(Self::Number(c.into()))),
        }
    }

    /// Returns how many columns it takes.
    pub fn columns(self) -> u16 {
        match self {
            Self::Picture(_) => 1,
            Self::Number(0..=0xffff) => 8,
            Self::Number(0x1_0000..=0xf_ffff) => 9,
            Self::Number(_) => 10,
        }
    }
}

fn is_hidden(c: char) -> bool {
    let after = HIDDEN.partition_point(|(first, _)| *first <= c);
    after.checked_sub(1).is_some_and(|at| c <= HIDDEN[at].1)
}

/// Returns whether a mark may stand behind this text: there is a character to carry it, which has not many yet.
fn has_room(before: &str) -> bool {
    let is_mark = |c: &char| c.width() == Some(0) && (matches!(c, '\u{fe0e}' | '\u{fe0f}') || VisibleForm::new(*c).is_none());
    let carrier = before.chars().rev().take(MAX_MARKS).find(|c| !is_mark(c));
    carrier.is_some_and(|c| VisibleForm::new(c).is_none())
}

/// Returns whether a selector says how this character is drawn: digits and signs of keycaps, symbols, emoji.
fn may_be_emoji(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9' | '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{27ff}' | '\u{2900}'..='\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Returns whether this is a character of a script whose letters join: Arabic and its kin, the scripts of India.
fn joins(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

impl fmt::Display for VisibleForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(picture) => f.write_char(*picture),
            Self::Number(number) => write!(f, "<U+{number:04X}>"),
        }
    }
}

/// Returns the text with signs for what cannot be seen; line feeds and tabs are left to the caller.
pub fn visible(text: &str) -> Cow<'_, str> {
    shown(text, |c| matches!(c, '\n' | '\t'))
}

/// Returns the text as one line: line feeds and tabs get signs too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    shown(text, |_| false)
}

/// Returns bytes as [`visible`] text; those that are no UTF-8 become `\xNN`.
pub fn visible_bytes(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return visible(text);
    }
    let mut out = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        out.push_str(&visible(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    Cow::Owned(out)
}

/// Returns a line around one of its bytes, within so many columns where it is longer, as [`visible_line`] text; with the column at which
/// that byte stands. What is left out is marked `…`. Two texts that begin alike are cut at the same place.
pub fn around(text: &str, at: usize, columns: usize) -> (String, usize) {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (before, after) = (visible_line(&text[..at]), visible_line(&text[at..]));
    let (before, after) = (last_columns(&before, columns / 3 * 2), after.as_ref());
    let column = before.width();
    (before + &first_columns(after, columns.saturating_sub(column)), column)
}

/// Returns a text that takes so many columns at most, cut off at its beginning.
fn last_columns(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let stored = fitting(text.chars().rev(), room);
    format!("…{}", &text[text.len() - stored..])
}

/// Returns the same, cut off at its end.
fn first_columns(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let stored = fitting(text.chars(), room);
    format!("{}…", &text[..stored])
}

/// Returns how many bytes of these characters fit into so many columns.
fn fitting(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= columns
    };
    characters.take_while(fits).map(char::len_utf8).sum()
}

fn shown(text: &str, stored: impl Fn(char) -> bool) -> Cow<'_, str> {
    let stand_in =
        |(at, c): (usize, char)| if stored(c) { None } else { VisibleForm::in_context(&text[..at], c, &text[at + c.len_utf8()..]) };
    let Some((first, _)) = text.char_indices().find(|place| stand_in(*place).is_some()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for (at, c) in text[first..].char_indices() {
        match stand_in((first + at, c)) {
            Some(sign) => {
                let _ = write!(out, "{sign}");
            }
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_long_line_around_a_byte() {
        assert_eq!(around("abc", 1, 180), ("abc".to_owned(), 1));
        assert_eq!(around("名前x", 6, 180), ("名前x".to_owned(), 4));
        assert_eq!(around("名前x", 5, 180), ("名前x".to_owned(), 2), "not in the middle of a character");
        assert_eq!(around("a\nb", 99, usize::MAX), ("a␊b".to_owned(), 3));
        assert_eq!(around("", 0, 0), (String::new(), 0));
        for (text, columns) in [("a".repeat(500), 60), ("名".repeat(500), 61), ("\u{202e}x".repeat(200), 40), ("a".repeat(9), 4)] {
            for at in [0, text.len() / 2, text.len()] {
                let (shown, column) = around(&text, at, columns);
                assert!(shown.width() <= columns && column <= columns && shown.contains('…'), "{shown} {column}");
            }
        }
        let same = "b".repeat(100);
        let (one, other) = (around(&format!("{same}x"), 100, 120), around(&format!("{same}{}", "y".repeat(90)), 100, 120));
        assert_eq!((one.1, &one.0[..one.1]), (other.1, &other.0[..other.1]));
    }

    #[test]
    fn leaves_plain_text_alone() {
        assert!(matches!(visible("äß 名前 ❤\u{fe0f}\n\tend"), Cow::Borrowed(_)));
    }

    #[test]
    fn shows_what_steers_a_terminal() {
        assert_eq!(visible("a\u{1b}[31m\r\0\u{7f}"), "a␛[31m␍␀␡");
        assert_eq!(
            visible("\u{9b}2J\u{202e}x\u{2066}\u{200d}\u{feff}\u{2028}\u{e0041}"),
            "<U+009B>2J<U+202E>x<U+2066><U+200D><U+FEFF><U+2028><U+E0041>"
        );
        assert_eq!(visible_line("a\nb\tc"), "a␊b␉c");
    }

    #[test]
    fn shows_what_cannot_be_seen() {
        let hidden =
            "\u{3164}\u{115f}\u{1160}\u{2800}\u{34f}\u{ffa0}\u{ad}\u{180e}\u{200b}\u{2064}\u{fe00}\u{e0041}\u{feff}\u{a0}\u{17b4}\u{fff0}";
        for c in hidden.chars().chain('\u{2000}'..='\u{200f}').chain('\u{2060}'..='\u{206f}').chain('\u{fe00}'..='\u{fe0f}') {
            let shown = visible(&format!("a{c}b")).into_owned();
            assert_eq!(shown, format!("a<U+{:04X}>b", u32::from(c)));
        }
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn selectors_and_joiners_stay_in_their_place() {
        for text in ["❤\u{fe0f}", "1\u{fe0f}\u{20e3}", "می\u{200c}خواهم", "क्\u{200d}ष", "e\u{301}", "ที่", "각"] {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible("❤\u{fe0f}\u{fe0f}"), "❤\u{fe0f}<U+FE0F>");
        assert_eq!(visible("a\u{200d}b می\u{200c}"), "a<U+200D>b می<U+200C>");
        assert_eq!(visible("👩\u{200d}👩"), "👩<U+200D>👩", "columns are counted by characters");
    }

    #[test]
    fn marks_on_a_character_are_bounded() {
        let zalgo = format!("z{}x", "\u{301}".repeat(100));
        let shown = visible(&zalgo);
        assert_eq!(shown.matches('\u{301}').count(), MAX_MARKS);
        assert_eq!(shown.matches("<U+0301>").count(), 100 - MAX_MARKS);
        assert_eq!(visible("\u{301}a\n\u{301}"), "<U+0301>a\n<U+0301>", "there is nothing that carries them");
    }

    #[test]
    fn shows_bytes_that_are_no_text() {
        assert_eq!(visible_bytes(b"a\xff\x1b\xc3("), "a\\xFF␛\\xC3(");
    }

    #[test]
    fn knows_its_columns() {
        for c in ['\0', '\u{7f}', '\u{ad}', '\u{202e}', '\u{1d173}', '\u{e0001}'] {
            let sign = VisibleForm::new(c).unwrap();
            assert_eq!(usize::from(sign.columns()), sign.to_string().chars().count(), "{c:?}");
        }
    }
}
