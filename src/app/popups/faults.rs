//! The popups of the built-in emulator's faults.
//!
//! ```text
//! panel ─add─▶ picker (what can strike this tab's provider) ─▶ draft (the fault's text, to be changed) ─▶ set ─▶ panel
//!                                                                 ╲ refused: the draft again, with the reason
//! ```

use std::borrow::Cow;

use tui_input::Input;

use super::component::{Body, Hint, PopupContext, PopupInput, PopupOutcome, Reaction, Row, View, type_into};
use super::picker::MAX_ROWS;
use crate::app::faults::{FaultEntry, FaultRequest};
use crate::app::keys::{Action, KeyContext};
use crate::app::message::{Effect, Notice};
use crate::app::page::{Line, Role};

/// The marks that a fault may have, in a line.
const MARKS: &str = "*3 three times   %25 a quarter   @5/s beyond that rate   none: always";

/// The list of the faults that are set.
#[derive(Clone, Copy, Debug, Default)]
pub struct FaultPanel {
    /// The selected fault, counted from 0; the last one where it is beyond that.
    pub selected: usize,
}

impl FaultPanel {
    /// Describes it for the screen.
    pub fn view<'a>(&'a self, context: &PopupContext<'a>) -> View<'a> {
        const ALL: &[Hint] = &[
            (Action::AddFault, "add"),
            (Action::RemoveFault, "remove"),
            (Action::ClearFaults, "clear all"),
            (Action::Back, "back"),
            (Action::Up, "up"),
            (Action::Down, "down"),
        ];
        const NONE: &[Hint] = &[(Action::AddFault, "add"), (Action::Back, "back"), (Action::Up, "up"), (Action::Down, "down")];
        let set = &context.faults.set;
        let rows = u16::try_from(set.len()).unwrap_or(u16::MAX).clamp(2, MAX_ROWS) + 2;
        let body = if set.is_empty() {
            let how = format!("{} sets one for this tab's provider.", context.keys.hint(Action::AddFault));
            Body::remarks(["No fault is set: every call is answered as the vendor would.", &how])
        } else {
            Body::Rows { rows: set.iter().map(row).collect(), selected: self.selected.min(set.len() - 1), name_columns: None }
        };
        let hints = if set.is_empty() { NONE } else { ALL };
        View::read("Faults of the built-in emulator", (84, rows), (&[KeyContext::Faults, KeyContext::Popup], hints), body)
    }

    /// Takes an input.
    pub fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        let at = self.selected.min(context.faults.set.len().saturating_sub(1));
        self.selected = match input {
            PopupInput::Action(Action::AddFault) => return Reaction::Finish(PopupOutcome::PickFault),
            PopupInput::Action(Action::RemoveFault) => {
                return Reaction::Do(match context.faults.set.get(at) {
                    Some(fault) => PopupOutcome::Effect(Effect::Faults(FaultRequest::Remove(fault.number))),
                    None => PopupOutcome::Notice(Notice::warning("no fault is set")),
                });
            }
            PopupInput::Action(Action::ClearFaults) => return Reaction::Do(PopupOutcome::Effect(Effect::Faults(FaultRequest::Clear))),
            PopupInput::Action(action) if action.moves() => action.moved(at, usize::from(MAX_ROWS)),
            PopupInput::Wheel(lines) => at.saturating_add_signed(lines.signum()),
            PopupInput::Click(row) => row,
            _ => at,
        };
        Reaction::Stay
    }
}

fn row(fault: &FaultEntry) -> Row<'_> {
    let (role, spent) = if fault.spent { (Role::Dim, ", spent") } else { (Role::Text, "") };
    Row { name: &fault.text, role, detail: format!("{} injected{spent}", fault.strike_count).into() }
}

/// A fault being written.
#[derive(Debug)]
pub struct FaultDraft {
    /// Its text.
    pub input: Input,
    /// The effect.
    pub meaning: String,
}

impl FaultDraft {
    /// Describes it for the screen.
    pub fn view(&self) -> View<'_> {
        let lines = [Line::of(Role::Dim, MARKS), Line::default(), Line::of(Role::Text, &self.meaning)];
        let hints = &[(Action::Choose, "set"), (Action::Back, "back")];
        View { body: Body::Wrapped(lines.to_vec()), ..View::typed("Set this fault", (84, 11), Cow::Borrowed(&self.input), hints) }
    }

    /// Takes an input.
    pub fn update(&mut self, input: PopupInput<'_>) -> Reaction {
        match input {
            PopupInput::Action(Action::Back) => Reaction::Finish(PopupOutcome::ShowFaults),
            PopupInput::Action(Action::Choose) => Reaction::Finish(PopupOutcome::SetFault(self.input.value().trim().to_owned())),
            other => {
                type_into(&mut self.input, other);
                Reaction::Stay
            }
        }
    }
}
