//! A call that changes something is confirmed by typing names.

use std::borrow::Cow;
use std::collections::VecDeque;

use tui_input::Input;

use super::component::{ConfirmedAction, PopupInput, PopupOutcome, Reaction, View, type_into};
use crate::app::keys::Action;
use crate::app::message::Notice;
use crate::app::page::{Line, Role};

/// Names to be typed, one after the other, before a call is sent.
#[derive(Debug)]
pub struct Confirm {
    /// The operation of the call.
    pub operation: String,
    /// The endpoint that it goes to, if that is known.
    pub endpoint: String,
    /// The names that are required; the first is asked for.
    pub required: VecDeque<RequiredName>,
    /// The action that follows when they are given.
    pub then: ConfirmedAction,
    /// The typed text.
    pub input: Input,
}

/// A name that confirms a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequiredName {
    /// The profile's, where its guard asks for it.
    Profile(String),
    /// The resource's, where what the call does to it cannot be undone.
    Resource(String),
}

impl Confirm {
    /// Describes it for the screen.
    pub fn view(&self) -> View<'_> {
        let (does, asks) = match self.required.front() {
            Some(RequiredName::Resource(name)) => (format!("removes {name} for good at"), format!("Type its name, {name}, to send it:")),
            Some(RequiredName::Profile(name)) => ("changes something at".into(), format!("Type the profile's name, {name}, to send it:")),
            None => ("changes something at".into(), String::new()),
        };
        let first = Line::of(Role::Text, format!("{} {does}", self.operation));
        let head = vec![first, Line::of(Role::Heading, &self.endpoint), Line::of(Role::Text, asks)];
        let hints = &[(Action::Choose, "send"), (Action::Back, "back")];
        View { head, ..View::typed("Confirm", (64, 8), Cow::Borrowed(&self.input), hints) }
    }

    /// Takes an input: a name that is not the required one ends it, the last one confirms.
    pub fn update(&mut self, input: PopupInput<'_>) -> Reaction {
        if !matches!(input, PopupInput::Action(Action::Choose)) {
            type_into(&mut self.input, input);
            return Reaction::Stay;
        }
        let typed = self.input.value().trim();
        let refusal = match self.required.pop_front() {
            Some(RequiredName::Profile(name)) if name != typed => format!("not sent: that is not the profile's name ({name})"),
            Some(RequiredName::Resource(name)) if name != typed => format!("not sent: that is not what the form names ({name})"),
            _ if self.required.is_empty() => return Reaction::Finish(PopupOutcome::Confirmed(self.then)),
            _ => {
                self.input.reset();
                return Reaction::Stay;
            }
        };
        Reaction::Finish(PopupOutcome::Notice(Notice::failure(refusal)))
    }
}
