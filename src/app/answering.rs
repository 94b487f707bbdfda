//! Answering what only the operator knows: a key, a password.
//!
//! Between two questions (a key's id, then its secret) some moments pass. What is typed or pasted then begins the next
//! answer: taken for keys of the console it would be carried out, and be seen.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroizing;

use super::message::Question;
use super::popup::SecretInput;
use super::{App, Popup};

/// Room for what is typed ahead, in bytes: enough that typing does not leave copies behind by growing.
const TYPE_AHEAD_CAPACITY_BYTES: usize = 4096;

/// Keys typed before their question is shown. A line break ends an answer.
pub(super) struct TypeAhead(Zeroizing<String>);

impl Default for TypeAhead {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(TYPE_AHEAD_CAPACITY_BYTES)))
    }
}

impl fmt::Debug for TypeAhead {
    /// Does not show what was typed: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ahead")
    }
}

impl App {
    /// Directs what is typed from now on to the next question, until the credentials are known.
    pub(super) fn expect_question(&mut self) {
        self.ahead = Some(TypeAhead::default());
    }

    /// Keeps a key for a question that is on its way; `false` when none is, or the key is no part of an answer.
    pub(super) fn type_ahead(&mut self, key: KeyEvent) -> bool {
        let Some(TypeAhead(text)) = self.ahead.as_mut().filter(|_| self.popup.is_none()) else { return false };
        match key.code {
            KeyCode::Char(character) if is_plain(key) => text.push(character),
            KeyCode::Enter => text.push('\n'),
            KeyCode::Backspace => drop(text.pop()),
            KeyCode::Esc => self.ahead = None,
            _ => return false,
        }
        true
    }

    /// Returns the same for pasted text.
    pub(super) fn paste_ahead(&mut self, pasted: &str) -> bool {
        let Some(TypeAhead(text)) = self.ahead.as_mut().filter(|_| self.popup.is_none()) else { return false };
        text.push_str(pasted);
        true
    }

    /// Asks; what was typed ahead is the answer.
    pub(super) fn put_question(&mut self, question: Question) {
        self.popup = Some(Popup::Ask(SecretInput::new(question)));
        if let Some(TypeAhead(text)) = self.ahead.take() {
            self.type_answer(&text);
        }
    }

    /// Adds to the answer. A line break ends it, and what follows is for the next question.
    pub(super) fn type_answer(&mut self, text: &str) {
        let Some(Popup::Ask(asking)) = &mut self.popup else { return };
        let Some((line, rest)) = text.split_once(['\r', '\n']) else { return asking.push(text) };
        asking.push(line);
        if let Some(Popup::Ask(asking)) = self.popup.take() {
            self.answer(asking);
        }
        self.paste_ahead(rest.trim_start_matches(['\r', '\n']));
    }

    /// Handles a key for the answer.
    pub(super) fn answer_key(&mut self, key: KeyEvent) {
        let Some(Popup::Ask(asking)) = &mut self.popup else { return };
        match key.code {
            KeyCode::Char(character) if is_plain(key) => asking.push(character.encode_utf8(&mut [0; 4])),
            KeyCode::Char('u') if key.modifiers == KeyModifiers::CONTROL => asking.clear(),
            KeyCode::Backspace => asking.pop(),
            _ => {}
        }
    }

    /// Hands the answer over. Another question may follow; none does when nothing was typed.
    pub(super) fn answer(&mut self, asking: SecretInput) {
        if asking.answer() {
            self.expect_question();
        }
    }
}

fn is_plain(key: KeyEvent) -> bool {
    key.modifiers.difference(KeyModifiers::SHIFT).is_empty()
}
