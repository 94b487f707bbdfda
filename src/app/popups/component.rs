//! What popups have in common: what they read and are given, how they describe themselves, and what they answer with.

use std::borrow::Cow;

use crossterm::event::{Event, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::type_ahead::TypeAhead;
use crate::app::Log;
use crate::app::faults::Faults;
use crate::app::input_line::paste_into;
use crate::app::keys::{Action, KeyContext, KeyMap};
use crate::app::laboratory::Laboratory;
use crate::app::message::{Effect, Notice};
use crate::app::page::{Line, Role};
use crate::exchange::ExchangeId;
use crate::redact::Redactor;

/// The parts of the console that popups read.
#[derive(Clone, Copy, Debug)]
pub struct PopupContext<'a> {
    /// The keys.
    pub keys: &'a KeyMap,
    /// The redactor that masks secrets.
    pub redactor: &'a Redactor,
    /// Set when secrets are shown on the screen; copies mask them all the same.
    pub revealed: bool,
    /// Every exchange.
    pub log: &'a Log,
    /// The laboratory.
    pub laboratory: &'a Laboratory,
    /// The built-in emulator's faults.
    pub faults: &'a Faults,
}

/// Something that happens to the open popup.
#[derive(Clone, Copy, Debug)]
pub enum PopupInput<'a> {
    /// A key that stands for an action in one of the popup's contexts.
    Action(Action),
    /// Any other key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(&'a str),
    /// A click on a row, counted from 0.
    Click(usize),
    /// The wheel, in lines; negative: up.
    Wheel(isize),
}

/// The effect of an input on the open popup.
#[derive(Debug)]
pub enum Reaction {
    /// It stays open; going back closes a popup that does no more about it.
    Stay,
    /// It is closed.
    Close,
    /// It is closed, and another question is expected: what was typed ahead is its answer.
    Expect(TypeAhead),
    /// It stays open, and the console does something.
    Do(PopupOutcome),
    /// It is closed, and the console does something.
    Finish(PopupOutcome),
}

/// What a popup hands to the console.
#[derive(Debug)]
pub enum PopupOutcome {
    /// Something is to be done outside.
    Effect(Effect),
    /// The operator is told something.
    Notice(Notice),
    /// The form is sent although it has errors.
    SendAnyway,
    /// Every name that was asked for was typed.
    Confirmed(ConfirmedAction),
    /// This item of a list was chosen.
    Chosen(PickerKind, String),
    /// A pasted text is to be examined in the laboratory.
    Examine(String),
    /// The examined request goes into the form of its call.
    FillExamined,
    /// The faults are shown again.
    ShowFaults,
    /// A fault is to be chosen.
    PickFault,
    /// A fault is set.
    SetFault(String),
}

/// The action that follows a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmedAction {
    /// The shown form is sent.
    Form,
    /// The exact bytes of this exchange are sent again.
    Exact(ExchangeId),
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

/// An action with its word.
pub type Hint = (Action, &'static str);

/// A plain description of a popup, from which the screen draws it.
#[derive(Debug)]
pub struct View<'a> {
    /// The title in the frame.
    pub title: &'a str,
    /// The columns and rows that it would like, the frame included.
    pub size: (u16, u16),
    /// The contexts in which keys are looked up, the closest first.
    pub contexts: &'static [KeyContext],
    /// The actions that the footer shows, the most useful first.
    pub hints: &'static [Hint],
    /// The actions in the popup's own last line.
    pub keys: &'static [Hint],
    /// Lines at the top.
    pub head: Vec<Line>,
    /// The line that is typed into.
    pub input: Option<Cow<'a, Input>>,
    /// The text or the rows below.
    pub body: Body<'a>,
    /// Set when a click beside it closes it: nothing is lost with it.
    pub is_dismissible: bool,
}

impl<'a> View<'a> {
    /// Returns a popup that is typed into.
    pub fn typed(title: &'a str, size: (u16, u16), input: Cow<'a, Input>, hints: &'static [Hint]) -> Self {
        let read = Self::read(title, size, (&[KeyContext::Picker], hints), Body::Wrapped(Vec::new()));
        Self { input: Some(input), is_dismissible: false, ..read }
    }

    /// Returns a popup that is only read, with the contexts of its keys and what the footer shows of them.
    pub fn read(title: &'a str, size: (u16, u16), keys: (&'static [KeyContext], &'static [Hint]), body: Body<'a>) -> Self {
        let (contexts, hints) = keys;
        Self { title, size, contexts, hints, keys: &[], head: Vec::new(), input: None, body, is_dismissible: true }
    }
}

/// The larger part of a popup.
#[derive(Debug)]
pub enum Body<'a> {
    /// Lines, and the first one shown.
    Lines(Cow<'a, [Line]>, usize),
    /// Lines that are broken at the popup's width.
    Wrapped(Vec<Line>),
    /// Rows, one of which is selected.
    Rows {
        /// The rows.
        rows: Vec<Row<'a>>,
        /// The selected one, counted from 0.
        selected: usize,
        /// The columns that the names may take at most, with the details behind them; `None` for details at the right edge.
        name_columns: Option<u16>,
    },
}

impl Body<'_> {
    /// Returns lines of lesser weight, cut off at the popup's edge.
    pub fn remarks<const N: usize>(lines: [&str; N]) -> Self {
        Self::Lines(lines.map(|line| Line::of(Role::Dim, line)).to_vec().into(), 0)
    }
}

/// A row of a popup.
#[derive(Debug)]
pub struct Row<'a> {
    /// The name.
    pub name: &'a str,
    /// The name's role.
    pub role: Role,
    /// A description, in lesser weight.
    pub detail: Cow<'a, str>,
}

/// Types a key or a paste into a line; `true` if that changed its text.
pub fn type_into(line: &mut Input, input: PopupInput<'_>) -> bool {
    match input {
        PopupInput::Key(key) => line.handle_event(&Event::Key(key)).is_some_and(|change| change.value),
        PopupInput::Paste(text) => {
            paste_into(line, text);
            true
        }
        _ => false,
    }
}
