//! Text that is typed for a question, before it is shown or after.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::{Zeroize, Zeroizing};

/// Room for what is typed, in bytes: enough that typing does not leave copies behind by growing.
const TYPED_CAPACITY_BYTES: usize = 4096;

/// Text typed before its question is shown. A line break ends an answer. It is zeroed when dropped.
pub struct TypeAhead(Zeroizing<String>);

impl Default for TypeAhead {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(TYPED_CAPACITY_BYTES)))
    }
}

impl fmt::Debug for TypeAhead {
    /// Does not show what was typed: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypeAhead")
    }
}

impl TypeAhead {
    /// Returns the typed text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Adds pasted text.
    pub fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.0.zeroize();
    }

    /// Adds a key; `false` if it is no part of an answer.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        match key.code {
            KeyCode::Char(character) if is_plain(key) => self.0.push(character),
            KeyCode::Enter => self.0.push('\n'),
            KeyCode::Backspace => drop(self.0.pop()),
            _ => return false,
        }
        true
    }
}

fn is_plain(key: KeyEvent) -> bool {
    key.modifiers.difference(KeyModifiers::SHIFT).is_empty()
}
