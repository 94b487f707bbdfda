//! Popups: what lies over the panes until it is answered or closed.
//!
//! A kind of popup is a file here: something to read is a [`TextPopup`] with other words, anything else a variant of [`Popup`].
//! It describes itself for the screen, with the keys that it takes ([`View`]), and answers input with a [`Reaction`]; what that
//! means for the rest of the console is a [`PopupOutcome`], which the root carries out.

mod comparison;
mod component;
mod confirm;
mod faults;
mod field;
mod help;
mod laboratory;
mod picker;
mod question;
mod text;
mod type_ahead;
mod warnings;

use std::collections::VecDeque;

use crossterm::event::{KeyCode, KeyEvent};

use super::keys::Action;
use super::message::Question;

pub use comparison::comparison;
pub use component::{Body, ConfirmedAction, Hint, PickerKind, PopupContext, PopupInput, PopupOutcome, Reaction, Row, View};
pub use confirm::{Confirm, RequiredName};
pub use faults::{FaultDraft, FaultPanel};
pub use field::field_help;
pub use help::help;
pub use laboratory::laboratory;
pub use picker::{Choice, Picker};
pub use question::QuestionPopup;
pub use text::TextPopup;
pub use type_ahead::TypeAhead;
pub use warnings::warnings;

/// A popup.
#[derive(Debug)]
pub enum Popup {
    /// Something to read.
    Text(TextPopup),
    /// A name is typed before a call that changes something.
    Confirm(Confirm),
    /// Something is chosen from a list.
    Picker(Picker),
    /// The operator is asked for a password or a key.
    Question(QuestionPopup),
    /// The faults that are set on the built-in emulator.
    Faults(FaultPanel),
    /// A fault is written.
    FaultDraft(FaultDraft),
}

impl Popup {
    /// Describes it for the screen.
    pub fn view<'a>(&'a self, context: &PopupContext<'a>) -> View<'a> {
        match self {
            Self::Text(popup) => popup.view(),
            Self::Confirm(popup) => popup.view(),
            Self::Picker(popup) => popup.view(context),
            Self::Question(popup) => popup.view(),
            Self::Faults(popup) => popup.view(context),
            Self::FaultDraft(popup) => popup.view(),
        }
    }

    fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        match self {
            Self::Text(popup) => popup.update(input, context),
            Self::Confirm(popup) => popup.update(input),
            Self::Picker(popup) => popup.update(input),
            Self::Question(popup) => popup.update(input),
            Self::Faults(popup) => popup.update(input, context),
            Self::FaultDraft(popup) => popup.update(input),
        }
    }
}

/// What lies over the panes.
#[derive(Debug, Default)]
enum Layer {
    /// Nothing.
    #[default]
    Closed,
    /// Nothing to be seen, but a question is on its way: what is typed is kept for it.
    Expecting(TypeAhead),
    /// A popup.
    Open(Popup),
}

/// The owner of the popups: the open one, and the questions to the operator, asked one after the other.
#[derive(Debug, Default)]
pub struct Popups {
    layer: Layer,
    questions: VecDeque<Question>,
}

impl Popups {
    /// Returns the open popup.
    pub fn open(&self) -> Option<&Popup> {
        if let Layer::Open(popup) = &self.layer { Some(popup) } else { None }
    }

    /// Returns `true` if a popup is open.
    pub fn is_open(&self) -> bool {
        self.open().is_some()
    }

    /// Opens a popup in the place of whatever is open.
    pub fn show(&mut self, popup: Popup) {
        self.layer = Layer::Open(popup);
    }

    /// Closes the open popup.
    pub fn close(&mut self) {
        if self.is_open() {
            self.layer = Layer::Closed;
        }
    }

    /// Makes what the open popup shows for the columns and rows inside its frame.
    pub fn fit(&mut self, size: (usize, usize), context: &PopupContext<'_>) {
        if let Layer::Open(Popup::Text(popup)) = &mut self.layer {
            popup.fit(size, context);
        }
    }

    /// Gives an input to the open popup.
    pub fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Option<PopupOutcome> {
        let Layer::Open(popup) = &mut self.layer else { return None };
        let reaction = popup.update(input, context);
        let goes_back = matches!((&reaction, input), (Reaction::Stay, PopupInput::Action(Action::Back)));
        self.react(if goes_back { Reaction::Close } else { reaction })
    }

    fn react(&mut self, reaction: Reaction) -> Option<PopupOutcome> {
        match reaction {
            Reaction::Stay => None,
            Reaction::Do(outcome) => Some(outcome),
            Reaction::Finish(outcome) => {
                self.layer = Layer::Closed;
                Some(outcome)
            }
            Reaction::Close => {
                self.layer = Layer::Closed;
                None
            }
            Reaction::Expect(ahead) => {
                self.layer = Layer::Expecting(ahead);
                None
            }
        }
    }

    /// Fills the open picker again, if it is of this kind.
    pub fn refill(&mut self, kind: PickerKind, choices: Vec<Choice>) {
        if let Layer::Open(Popup::Picker(picker)) = &mut self.layer
            && picker.kind == kind
        {
            picker.choices = choices;
        }
    }

    /// Queues a question.
    pub fn ask(&mut self, question: Question) {
        self.questions.push_back(question);
    }

    /// Shows the next question, unless a popup is open; what was typed ahead is its answer.
    pub fn show_next_question(&mut self) {
        while !self.is_open()
            && let Some(question) = self.questions.pop_front()
        {
            let mut popup = QuestionPopup::new(question);
            let typed = if let Layer::Expecting(ahead) = &self.layer { popup.paste(ahead.text()) } else { Reaction::Stay };
            self.show(Popup::Question(popup));
            self.react(typed);
        }
    }

    /// Keeps what is typed from now on for the next question, until the credentials are known.
    pub fn expect_question(&mut self) {
        self.layer = Layer::Expecting(TypeAhead::default());
    }

    /// Stops keeping what is typed: no more questions come.
    pub fn expect_no_question(&mut self) {
        if let Layer::Expecting(_) = self.layer {
            self.layer = Layer::Closed;
        }
    }

    /// Keeps a key for a question that is on its way; `false` when none is, or the key is no part of an answer.
    pub fn type_ahead(&mut self, key: KeyEvent) -> bool {
        match &mut self.layer {
            Layer::Expecting(_) if key.code == KeyCode::Esc => self.layer = Layer::Closed,
            Layer::Expecting(ahead) => return ahead.key(key),
            _ => return false,
        }
        true
    }

    /// Keeps pasted text for a question that is on its way; `false` when none is.
    pub fn paste_ahead(&mut self, text: &str) -> bool {
        let Layer::Expecting(ahead) = &mut self.layer else { return false };
        ahead.push(text);
        true
    }
}
