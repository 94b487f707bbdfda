//! What every popup is: it describes itself for the screen, and answers input with a reaction.

use std::borrow::Cow;

use crossterm::event::{Event, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::Popup;
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
    /// It stays open. Going back closes a popup that does no more about it than this.
    Stay,
    /// It is closed.
    Close,
    /// Another popup takes its place.
    Open(Box<Popup>),
    /// It is closed, and a question is expected: it is answered by what was typed ahead.
    Expect(TypeAhead),
    /// It stays open, and the console does something.
    Do(PopupOutcome),
    /// It is closed, and the console does something.
    Finish(PopupOutcome),
    /// Another popup takes its place, and the console does something.
    Replace(Box<Popup>, PopupOutcome),
}

impl Reaction {
    /// Returns the reaction that opens another popup in the place of this one.
    pub fn open(popup: impl Into<Popup>) -> Self {
        Self::Open(Box::new(popup.into()))
    }
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
    /// The form in which the selected exchange is copied.
    CopyAs,
    /// The form in which the selected exchange is written to a file.
    WriteAs,
}

/// The action that follows a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmedAction {
    /// The shown form is sent.
    Form,
    /// The exact bytes of this exchange are sent again.
    Exact(ExchangeId),
}

/// A plain description of a popup, from which the screen draws it.
#[derive(Debug)]
pub struct View<'a> {
    /// The title in the frame.
    pub title: Cow<'a, str>,
    /// The columns and rows that it would like, the frame included.
    pub size: (u16, u16),
    /// Lines at the top.
    pub head: Vec<Line>,
    /// The line that is typed into.
    pub input: Option<Cow<'a, Input>>,
    /// The text or the rows below.
    pub body: Body<'a>,
    /// Keys written into the last line, with their words.
    pub keys: &'static [(Action, &'static str)],
}

impl<'a> View<'a> {
    /// Returns an empty popup of a title and size.
    pub fn new(title: impl Into<Cow<'a, str>>, size: (u16, u16)) -> Self {
        Self { title: title.into(), size, head: Vec::new(), input: None, body: Body::Lines(Cow::Borrowed(&[]), 0), keys: &[] }
    }
}

/// The larger part of a popup.
#[derive(Debug)]
pub enum Body<'a> {
    /// Lines, and the first one shown.
    Lines(Cow<'a, [Line]>, usize),
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
    /// Returns lines of lesser weight.
    pub fn remark<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Self {
        Self::Lines(lines.into_iter().map(|line| Line::of(Role::Dim, line)).collect(), 0)
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

/// A kind of popup.
pub trait Component {
    /// Returns the contexts in which keys are looked up, the closest first.
    fn contexts(&self) -> &'static [KeyContext] {
        &[KeyContext::Picker]
    }

    /// Returns the actions that the footer shows, with their words, the most useful first.
    fn hints(&self, context: &PopupContext<'_>) -> Vec<(Action, &'static str)>;

    /// Describes it for the screen.
    fn view<'a>(&'a self, context: &PopupContext<'a>) -> View<'a>;

    /// Makes what it shows for the columns and rows inside its frame.
    fn fit(&mut self, _columns: usize, _rows: usize, _context: &PopupContext<'_>) {}

    /// Returns `true` if a click beside it closes it: nothing is lost with it.
    fn is_dismissible(&self) -> bool {
        true
    }

    /// Takes an input.
    fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction;
}

/// Returns actions with the words of the action table.
pub fn hints<const N: usize>(actions: [Action; N]) -> Vec<(Action, &'static str)> {
    actions.map(|action| (action, action.info().hint)).to_vec()
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
