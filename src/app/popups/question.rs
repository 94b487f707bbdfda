//! A question that only the operator can answer: a key, a password.
//!
//! Between two questions (a key's id, then its secret) some moments pass. What is typed or pasted then begins the next
//! answer: taken for keys of the console it would be carried out, and be seen.

use std::borrow::Cow;

use crossterm::event::{KeyCode, KeyModifiers};
use tui_input::Input;

use super::component::{PopupInput, Reaction, View};
use super::type_ahead::TypeAhead;
use crate::app::keys::Action;
use crate::app::message::Question;
use crate::app::page::{Line, Role};
use crate::secret::Secret;

/// An answer being typed. It is zeroed when dropped, and can be changed at its end only.
#[derive(Debug)]
pub struct QuestionPopup {
    question: Question,
    typed: TypeAhead,
}

impl QuestionPopup {
    /// Creates an empty line.
    pub fn new(question: Question) -> Self {
        Self { question, typed: TypeAhead::default() }
    }

    /// Returns what is shown of the answer: a dot a character when it is masked.
    pub fn shown(&self) -> String {
        let typed = self.typed.text();
        if self.question.masked { "•".repeat(typed.chars().count()) } else { typed.to_owned() }
    }

    /// Adds to the answer. A line break ends it, and what follows is for the next question.
    pub fn paste(&mut self, text: &str) -> Reaction {
        let Some((line, rest)) = text.split_once(['\r', '\n']) else {
            self.typed.push(text);
            return Reaction::Stay;
        };
        self.typed.push(line);
        self.answer(rest.trim_start_matches(['\r', '\n']))
    }

    /// Hands the answer over. Another question may follow; none does when nothing was typed.
    fn answer(&self, rest: &str) -> Reaction {
        if self.typed.text().is_empty() {
            return Reaction::Close;
        }
        // Who asked may have gone; then nobody needs the answer.
        let _ = self.question.answer.send(Secret::new(self.typed.text()));
        let mut ahead = TypeAhead::default();
        ahead.push(rest);
        Reaction::Expect(ahead)
    }

    /// Describes it for the screen.
    pub fn view(&self) -> View<'_> {
        let head = vec![Line::of(Role::Text, &self.question.text)];
        let hints = &[(Action::Choose, "answer"), (Action::Back, "back")];
        View { head, ..View::typed("The profile asks", (64, 6), Cow::Owned(Input::new(self.shown())), hints) }
    }

    /// Takes an input.
    pub fn update(&mut self, input: PopupInput<'_>) -> Reaction {
        match input {
            PopupInput::Action(Action::Choose) => return self.answer(""),
            PopupInput::Paste(text) => return self.paste(text.trim_end_matches(['\r', '\n'])),
            PopupInput::Key(key) if key.code == KeyCode::Char('u') && key.modifiers == KeyModifiers::CONTROL => self.typed.clear(),
            PopupInput::Key(key) if key.code != KeyCode::Enter => drop(self.typed.key(key)),
            _ => {}
        }
        Reaction::Stay
    }
}
