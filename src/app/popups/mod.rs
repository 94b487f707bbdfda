//! Popups: what lies over the panes until it is answered or closed.
//!
//! A kind of popup is a file here with a variant of [`Popup`]. It says which keys it takes ([`Component::contexts`]), describes
//! itself for the screen ([`View`]) and answers input with a [`Reaction`]; what that means for the rest of the console is a
//! [`PopupOutcome`], which the root carries out.

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

pub use comparison::Comparison;
pub use component::{Body, Component, ConfirmedAction, PickerKind, PopupContext, PopupInput, PopupOutcome, Reaction, Row, View};
pub use confirm::{Confirm, RequiredName};
pub use faults::{FaultDraft, FaultForm, FaultPanel, FaultPicker};
pub use field::FieldHelp;
pub use help::Help;
pub use laboratory::Examination;
pub use picker::{Choice, ChoiceList, Picker};
pub use question::QuestionPopup;
pub use text::{Text, TextPopup};
pub use type_ahead::TypeAhead;
pub use warnings::Warnings;

/// Declares the kinds of popups: a variant each, made from what it holds.
macro_rules! popups {
    ($($(#[doc = $doc:literal])+ $variant:ident($component:ty),)+) => {
        /// A popup.
        #[derive(Debug)]
        pub enum Popup {
            $($(#[doc = $doc])+ $variant($component),)+
        }

        impl Popup {
            /// Returns what its kind does.
            pub fn component(&self) -> &dyn Component {
                match self {
                    $(Self::$variant(component) => component,)+
                }
            }

            fn component_mut(&mut self) -> &mut dyn Component {
                match self {
                    $(Self::$variant(component) => component,)+
                }
            }
        }

        $(impl From<$component> for Popup {
            fn from(component: $component) -> Self {
                Self::$variant(component)
            }
        })+
    };
}

popups! {
    /// Every key.
    Help(TextPopup<Help>),
    /// The documentation of a field.
    Field(TextPopup<FieldHelp>),
    /// The laboratory.
    Laboratory(TextPopup<Examination>),
    /// Two exchanges side by side.
    Comparison(TextPopup<Comparison>),
    /// The form has errors: is it sent all the same?
    Warnings(TextPopup<Warnings>),
    /// A name is typed before a call that changes something.
    Confirm(Confirm),
    /// Something is chosen from a list.
    Picker(Picker),
    /// The operator is asked for a password or a key.
    Question(QuestionPopup),
    /// The faults that are set on the built-in emulator.
    Faults(FaultPanel),
    /// A fault is chosen.
    FaultPicker(FaultPicker),
    /// A fault is written.
    FaultDraft(FaultDraft),
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
    Open(Box<Popup>),
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
    pub fn show(&mut self, popup: impl Into<Popup>) {
        self.layer = Layer::Open(Box::new(popup.into()));
    }

    /// Closes the open popup.
    pub fn close(&mut self) {
        if self.is_open() {
            self.layer = Layer::Closed;
        }
    }

    /// Makes what the open popup shows for the columns and rows inside its frame.
    pub fn fit(&mut self, (columns, rows): (usize, usize), context: &PopupContext<'_>) {
        if let Layer::Open(popup) = &mut self.layer {
            popup.component_mut().fit(columns, rows, context);
        }
    }

    /// Gives an input to the open popup.
    pub fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Option<PopupOutcome> {
        let Layer::Open(popup) = &mut self.layer else { return None };
        let reaction = popup.component_mut().update(input, context);
        let goes_back = matches!((&reaction, input), (Reaction::Stay, PopupInput::Action(Action::Back)));
        self.react(if goes_back { Reaction::Close } else { reaction })
    }

    /// Closes the open popup after a click beside it, if nothing is lost with it.
    pub fn dismiss(&mut self) {
        if self.open().is_some_and(|popup| popup.component().is_dismissible()) {
            self.close();
        }
    }

    fn react(&mut self, reaction: Reaction) -> Option<PopupOutcome> {
        let (layer, outcome) = match reaction {
            Reaction::Stay => return None,
            Reaction::Do(outcome) => return Some(outcome),
            Reaction::Close => (Layer::Closed, None),
            Reaction::Finish(outcome) => (Layer::Closed, Some(outcome)),
            Reaction::Open(popup) => (Layer::Open(popup), None),
            Reaction::Replace(popup, outcome) => (Layer::Open(popup), Some(outcome)),
            Reaction::Expect(ahead) => (Layer::Expecting(ahead), None),
        };
        self.layer = layer;
        outcome
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
            self.show(popup);
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
