//! A key with its modifiers, and how it is written.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers, written as `s`, `^s`, `alt-1`, `shift-F6`, `pgup`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no key: a character, F1 to F12, enter, esc, tab, space, pgup, with ^, alt- or shift- before it")]
pub struct UnknownKey(String);

/// Keys that are written by a name.
const NAMES: [(KeyCode, &str); 14] = [
    (KeyCode::Enter, "enter"),
    (KeyCode::Esc, "esc"),
    (KeyCode::Tab, "tab"),
    (KeyCode::BackTab, "shift-tab"),
    (KeyCode::Up, "↑"),
    (KeyCode::Down, "↓"),
    (KeyCode::Left, "←"),
    (KeyCode::Right, "→"),
    (KeyCode::PageUp, "pgup"),
    (KeyCode::PageDown, "pgdn"),
    (KeyCode::Home, "home"),
    (KeyCode::End, "end"),
    (KeyCode::Delete, "del"),
    (KeyCode::Char(' '), "space"),
];

/// Modifiers as they are written before a key.
const PREFIXES: [(KeyModifiers, &str); 3] = [(KeyModifiers::CONTROL, "^"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")];

impl Chord {
    /// Returns whether this key was pressed. The shift of a character is in the character.
    pub fn matches(self, key: KeyEvent) -> bool {
        let shift = if matches!(key.code, KeyCode::Char(_) | KeyCode::BackTab) { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        self.code == key.code && self.modifiers == key.modifiers.difference(shift)
    }

    /// Returns whether it types a character in a field.
    pub fn is_character(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// Returns the same key with another digit, for a row of keys that differ in the digit alone.
    pub(super) fn with_digit(self, digit: u8) -> Self {
        Self { code: KeyCode::Char(char::from(b'0' + digit)), ..self }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        text.extend(PREFIXES.iter().filter(|(modifier, _)| self.modifiers.contains(*modifier)).map(|(_, prefix)| *prefix));
        match (NAMES.iter().find(|(code, _)| *code == self.code), self.code) {
            (Some((_, name)), _) => text.push_str(name),
            (None, KeyCode::Char(character)) => text.push(character),
            (None, other) => text.push_str(&other.to_string()),
        }
        f.pad(&text)
    }
}

impl FromStr for Chord {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        let (mut modifiers, mut rest) = (KeyModifiers::NONE, text);
        loop {
            if let Some((code, _)) = NAMES.iter().find(|(_, name)| *name == rest) {
                return Ok(Self { code: *code, modifiers });
            }
            let prefix = PREFIXES.iter().find_map(|(modifier, prefix)| Some((*modifier, rest.strip_prefix(prefix)?)));
            let Some((modifier, behind)) = prefix.filter(|(_, behind)| !behind.is_empty()) else { break };
            (modifiers, rest) = (modifiers | modifier, behind);
        }
        let mut characters = rest.chars();
        let code = match (characters.next(), characters.as_str()) {
            (Some(character), "") => Some(KeyCode::Char(character)),
            (Some('F'), number) => number.parse().ok().filter(|number| (1..=12).contains(number)).map(KeyCode::F),
            _ => None,
        };
        code.map(|code| Self { code, modifiers }).ok_or_else(|| UnknownKey(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_texts_that_name_no_key() {
        for text in ["", "escape", "F0", "F13", "alt-", "ctrl-s"] {
            assert!(text.parse::<Chord>().is_err(), "{text}");
        }
        assert!("^".parse::<Chord>().is_ok());
    }

    #[test]
    fn ignores_shift_on_characters() {
        let is = |written: &str, key: KeyEvent| written.parse::<Chord>().is_ok_and(|chord| chord.matches(key));
        assert!(is("G", KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)));
        assert!(is("shift-tab", KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)));
        assert!(!is("F6", KeyEvent::new(KeyCode::F(6), KeyModifiers::SHIFT)));
        assert!(is("shift-F6", KeyEvent::new(KeyCode::F(6), KeyModifiers::SHIFT)));
    }
}
