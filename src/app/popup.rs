//! Popups: what lies over the panes until it is answered or closed.

use std::collections::VecDeque;
use std::fmt;

use tui_input::Input;
use zeroize::{Zeroize, Zeroizing};

use super::faults::{FaultDraft, FaultPanel};
use super::message::Question;
use super::page::Page;
use crate::exchange::ExchangeId;
use crate::secret::Secret;

/// A popup.
#[derive(Debug)]
pub enum Popup {
    /// Something to read.
    Text(TextPopup),
    /// A rule is broken: send all the same?
    Warning(Page),
    /// A name is typed before a call that changes something.
    Confirm(Confirm),
    /// Something is chosen from a list.
    Picker(Picker),
    /// The operator is asked for a password or a key.
    Ask(SecretInput),
    /// The faults that are set on the built-in emulator.
    Faults(FaultPanel),
    /// A fault is written.
    Fault(FaultDraft),
}

/// Names to be typed, one after the other, before a call is sent.
#[derive(Debug)]
pub struct Confirm {
    /// The typed text.
    pub input: Input,
    /// The names that are wanted; the first is asked for.
    pub wanted: VecDeque<RequiredName>,
    /// The action that follows when they are given.
    pub then: ConfirmedAction,
}

/// The action that follows a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmedAction {
    /// The shown form is sent.
    Form,
    /// The very bytes of this exchange are sent again.
    Exact(ExchangeId),
}

/// A name that confirms a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequiredName {
    /// The profile's, where its guard asks for it.
    Profile(String),
    /// The resource's, where what the call does to it cannot be had back.
    Resource(String),
}

impl RequiredName {
    /// Returns the name itself.
    pub fn name(&self) -> &str {
        match self {
            Self::Profile(name) | Self::Resource(name) => name,
        }
    }
}

/// An answer being typed. It is zeroed when dropped, and so has no more of an editor than its end.
pub struct SecretInput {
    /// The question, with the channel for its answer.
    pub question: Question,
    typed: Zeroizing<String>,
}

impl fmt::Debug for SecretInput {
    /// Does not show what was typed: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").field("question", &self.question).finish_non_exhaustive()
    }
}

impl SecretInput {
    /// Creates an empty line.
    pub fn new(question: Question) -> Self {
        // Room enough that typing does not leave copies behind by growing.
        Self { question, typed: Zeroizing::new(String::with_capacity(4096)) }
    }

    /// Adds to the end.
    pub fn push(&mut self, text: &str) {
        self.typed.push_str(text);
    }

    /// Takes the last character away.
    pub fn pop(&mut self) {
        self.typed.pop();
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.typed.zeroize();
    }

    /// Returns what is shown of the answer: a dot a character when it is masked.
    pub fn shown(&self) -> String {
        if self.question.masked { "•".repeat(self.typed.chars().count()) } else { self.typed.to_string() }
    }

    /// Hands the answer over; `false` for an empty one, which is none.
    pub fn answer(self) -> bool {
        if !self.typed.is_empty() {
            // Who asked may have gone; then nobody needs the answer.
            let _ = self.question.answer.send(Secret::new(self.typed.as_str()));
        }
        !self.typed.is_empty()
    }
}

/// A page to read.
#[derive(Debug)]
pub struct TextPopup {
    /// The subject of the text.
    pub topic: Topic,
    /// The text, made for the popup's width.
    pub page: Page,
    /// The first line shown.
    pub scroll: usize,
}

/// The subject of a text popup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Every key.
    Help,
    /// The focused field.
    Field,
    /// A request that was signed elsewhere, and what was found about it.
    Laboratory,
    /// Two exchanges side by side.
    Compare(ExchangeId, ExchangeId),
}

/// A list to choose from, narrowed by what is typed.
#[derive(Debug)]
pub struct Picker {
    /// The kind of item that is chosen.
    pub subject: PickerKind,
    /// The typed text to narrow the list.
    pub input: Input,
    /// Everything that can be chosen.
    pub choices: Vec<Choice>,
    /// The selected one of those that are shown.
    pub selected: usize,
}

/// The kind of item that a picker chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerKind {
    /// The profile, for every tab.
    Profile,
    /// The region of this tab.
    Region,
    /// The operation of this tab.
    Operation,
    /// A fault for this tab's provider.
    Fault,
    /// The form in which the selected exchange is copied.
    CopyAs,
    /// The form in which the selected exchange is written to a file.
    WriteAs,
}

impl PickerKind {
    /// Returns the popup's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Region => "Region",
            Self::Operation => "Operation",
            Self::Fault => "Fault to set",
            Self::CopyAs => "Copy as",
            Self::WriteAs => "Write as",
        }
    }
}

/// A row of a picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The kind of item that is chosen.
    pub name: String,
    /// A description.
    pub detail: String,
}

impl Picker {
    /// Creates a picker with the choice of this name selected.
    pub fn new(subject: PickerKind, choices: Vec<Choice>, current: &str) -> Self {
        let selected = choices.iter().position(|choice| choice.name == current).unwrap_or(0);
        Self { subject, input: Input::default(), choices, selected }
    }

    /// Returns the choices that fit what is typed: each typed word occurs in the name or the detail. Names that begin so stand first.
    pub fn shown(&self) -> Vec<&Choice> {
        let typed = self.input.value().to_lowercase();
        let fits = |choice: &&Choice| {
            let text = format!("{} {}", choice.name, choice.detail).to_lowercase();
            typed.split_whitespace().all(|word| text.contains(word))
        };
        let mut shown: Vec<&Choice> = self.choices.iter().filter(fits).collect();
        shown.sort_by_key(|choice| !choice.name.to_lowercase().starts_with(&typed));
        shown
    }

    /// Returns the selected choice, if any fits. A region may also be typed that no list knows.
    pub fn chosen(&self) -> Option<String> {
        let typed = self.input.value().trim();
        let listed = self.shown().get(self.selected).map(|choice| choice.name.clone());
        listed.or_else(|| (self.subject == PickerKind::Region && !typed.is_empty()).then(|| typed.to_owned()))
    }

    /// Moves the selection within what is shown.
    pub fn step(&mut self, by: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(subject: PickerKind) -> Picker {
        let choice = |name: &str, detail: &str| Choice { name: name.into(), detail: detail.into() };
        Picker::new(subject, vec![choice("cn-hangzhou", "China East"), choice("eu-de", "Germany"), choice("eu-nl", "Netherlands")], "eu-de")
    }

    #[test]
    fn typing_narrows() {
        let mut picker = picker(PickerKind::Region);
        assert_eq!(picker.chosen().as_deref(), Some("eu-de"));
        picker.input = Input::new("EU neth".into());
        picker.selected = 0;
        assert_eq!(picker.chosen().as_deref(), Some("eu-nl"));
    }

    #[test]
    fn an_unlisted_region_can_be_typed_but_no_unlisted_profile() {
        for (subject, chosen) in [(PickerKind::Region, Some("mars-1".to_owned())), (PickerKind::Profile, None)] {
            let mut picker = picker(subject);
            picker.input = Input::new("mars-1".into());
            assert_eq!(picker.chosen(), chosen);
        }
    }
}
