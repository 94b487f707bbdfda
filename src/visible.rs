//! Characters that steer a terminal or hide from the eye, put into signs that can be seen.
//!
//! Whatever a network sent passes here before it is shown. C0 controls and DEL become the pictures that Unicode
//! has for them (`␛`), everything else its number (`<U+202E>`), and bytes that are no UTF-8 become `\xNN`.

use std::borrow::Cow;
use std::fmt::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// First and last of each run of characters that are shown by their number: C1 controls, the soft hyphen,
/// bidirectional marks and overrides, zero-width and other format characters, line separators, tags.
const HIDDEN: [(char, char); 11] = [
    ('\u{80}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e01ef}'),
];

/// What is shown in the place of a character that must not be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandIn {
    /// One of Unicode's pictures of control characters.
    Picture(char),
    /// The character's number.
    Number(u32),
}

impl StandIn {
    /// What stands for `c`; `None` for a character that may be printed as it is.
    pub fn of(c: char) -> Option<Self> {
        match c {
            '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).map(Self::Picture),
            ' '..='~' => None,
            '\u{7f}' => Some(Self::Picture('␡')),
            _ => HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&c)).then_some(Self::Number(c.into())),
        }
    }

    /// How many columns it takes.
    pub fn columns(self) -> u16 {
        match self {
            Self::Picture(_) => 1,
            Self::Number(0..=0xffff) => 8,
            Self::Number(0x1_0000..=0xf_ffff) => 9,
            Self::Number(_) => 10,
        }
    }
}

impl fmt::Display for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(picture) => f.write_char(*picture),
            Self::Number(number) => write!(f, "<U+{number:04X}>"),
        }
    }
}

/// The text with signs for what cannot be seen; line feeds and tabs are left to the caller.
pub fn visible(text: &str) -> Cow<'_, str> {
    shown(text, |c| matches!(c, '\n' | '\t'))
}

/// The text as one line: line feeds and tabs get signs too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    shown(text, |_| false)
}

/// Bytes as [`visible`] text; those that are no UTF-8 become `\xNN`.
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

/// A line around one of its bytes, within so many columns where it is longer, as [`visible_line`] text; with the column at which
/// that byte stands. What is left out is marked `…`. Two texts that begin alike are cut at the same place.
pub fn around(text: &str, at: usize, columns: usize) -> (String, usize) {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (before, after) = (visible_line(&text[..at]), visible_line(&text[at..]));
    let (before, after) = (last_columns(&before, columns / 3 * 2), after.as_ref());
    let column = before.width();
    (before + &first_columns(after, columns.saturating_sub(column)), column)
}

/// A text that takes so many columns at most, cut off at its beginning.
fn last_columns(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let kept = fitting(text.chars().rev(), room);
    format!("…{}", &text[text.len() - kept..])
}

/// The same, cut off at its end.
fn first_columns(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let kept = fitting(text.chars(), room);
    format!("{}…", &text[..kept])
}

/// How many bytes of these characters fit into so many columns.
fn fitting(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= columns
    };
    characters.take_while(fits).map(char::len_utf8).sum()
}

fn shown(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let stand_in = |c: char| if kept(c) { None } else { StandIn::of(c) };
    let Some(first) = text.find(|c| stand_in(c).is_some()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        match stand_in(c) {
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
    fn a_long_line_is_cut_around_a_byte() {
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
    fn shows_bytes_that_are_no_text() {
        assert_eq!(visible_bytes(b"a\xff\x1b\xc3("), "a\\xFF␛\\xC3(");
    }

    #[test]
    fn knows_its_columns() {
        for c in ['\0', '\u{7f}', '\u{ad}', '\u{202e}', '\u{1d173}', '\u{e0001}'] {
            let sign = StandIn::of(c).unwrap();
            assert_eq!(usize::from(sign.columns()), sign.to_string().chars().count(), "{c:?}");
        }
    }
}
