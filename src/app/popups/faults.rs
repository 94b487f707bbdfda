//! The popups of the built-in emulator's faults.
//!
//! ```text
//! panel ─add─▶ picker (what can strike this tab's provider) ─▶ draft (the fault's text, to be changed) ─▶ set ─▶ panel
//!                                                                 ╲ refused: the draft again, with the reason
//! ```

use std::borrow::Cow;

use tui_input::Input;

use super::component::{Body, Component, PopupContext, PopupInput, PopupOutcome, Reaction, Row, View, hints, type_into};
use super::picker::{Choice, ChoiceList, MAX_ROWS, NOTHING_FITS};
use crate::app::faults::{FaultEntry, FaultRequest, Faults, PossibleFault};
use crate::app::keys::{Action, KeyContext};
use crate::app::message::{Effect, Notice};
use crate::app::page::{Line, Page, Role};

/// The marks that a fault may have, in a line.
const MARKS: &str = "*3 three times   %25 a quarter   @5/s beyond that rate   none: always";

/// The form whose provider the faults are for.
#[derive(Clone, Debug)]
pub struct FaultForm {
    /// The provider's id.
    pub provider: String,
    /// The operation's id, if the form has one.
    pub operation: Option<String>,
}

/// The list of the faults that are set.
#[derive(Clone, Debug)]
pub struct FaultPanel {
    /// The form.
    pub form: FaultForm,
    /// The selected fault, counted from 0; the last one where it is beyond that.
    pub selected: usize,
}

impl FaultPanel {
    fn selected<'a>(&self, faults: &'a Faults) -> (usize, Option<&'a FaultEntry>) {
        let at = self.selected.min(faults.set.len().saturating_sub(1));
        (at, faults.set.get(at))
    }
}

impl Component for FaultPanel {
    fn contexts(&self) -> &'static [KeyContext] {
        &[KeyContext::Faults, KeyContext::Popup]
    }

    fn hints(&self, context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        match context.faults.set.is_empty() {
            true => hints([Action::AddFault, Action::Back, Action::Up, Action::Down]),
            false => hints([Action::AddFault, Action::RemoveFault, Action::ClearFaults, Action::Back, Action::Up, Action::Down]),
        }
    }

    fn view<'a>(&'a self, context: &PopupContext<'a>) -> View<'a> {
        let (set, (selected, _)) = (&context.faults.set, self.selected(context.faults));
        let rows = u16::try_from(set.len()).unwrap_or(u16::MAX).clamp(2, MAX_ROWS) + 2;
        let body = if set.is_empty() {
            let how = format!("{} sets one for this tab's provider.", context.keys.hint(Action::AddFault));
            Body::remark(["No fault is set: every call is answered as the vendor would.", &how])
        } else {
            Body::Rows { rows: set.iter().map(row).collect(), selected, name_columns: None }
        };
        View { body, ..View::new("Faults of the built-in emulator", (84, rows)) }
    }

    fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        let (at, fault) = self.selected(context.faults);
        self.selected = at;
        match input {
            PopupInput::Action(Action::AddFault) => return Reaction::open(FaultPicker::new(self.form.clone(), context.faults)),
            PopupInput::Action(Action::RemoveFault) => {
                return Reaction::Do(fault.map_or_else(
                    || PopupOutcome::Notice(Notice::warning("no fault is set")),
                    |fault| PopupOutcome::Effect(Effect::Faults(FaultRequest::Remove(fault.number))),
                ));
            }
            PopupInput::Action(Action::ClearFaults) => return Reaction::Do(PopupOutcome::Effect(Effect::Faults(FaultRequest::Clear))),
            PopupInput::Action(action) if action.moves() => self.selected = action.moved(at, usize::from(MAX_ROWS)),
            PopupInput::Wheel(lines) => self.selected = at.saturating_add_signed(lines.signum()),
            PopupInput::Click(row) => self.selected = row,
            _ => {}
        }
        Reaction::Stay
    }
}

fn row(fault: &FaultEntry) -> Row<'_> {
    let (role, spent) = if fault.spent { (Role::Dim, ", spent") } else { (Role::Text, "") };
    Row { name: &fault.text, role, detail: format!("{} injected{spent}", fault.strike_count).into() }
}

/// The list of the faults that can be set.
#[derive(Debug)]
pub struct FaultPicker {
    form: FaultForm,
    /// The list.
    pub list: ChoiceList,
}

impl FaultPicker {
    fn new(form: FaultForm, faults: &Faults) -> Self {
        Self { list: ChoiceList::new(form.choices(faults), ""), form }
    }
}

impl FaultForm {
    /// Lists what can strike the provider; what is this operation's own stands first.
    fn choices(&self, faults: &Faults) -> Vec<Choice> {
        let mut sorted: Vec<&PossibleFault> = faults.possible.iter().collect();
        sorted.sort_by_key(|one| match &one.operation {
            Some(_) if self.has(one) => 0,
            None => 1,
            Some(_) => 2,
        });
        let choice = |one: &PossibleFault| {
            let status = one.status.map(|status| format!("{status}  ")).unwrap_or_default();
            Choice { name: self.name(one), detail: format!("{status}{}", one.meaning) }
        };
        sorted.into_iter().map(choice).collect()
    }

    /// Returns whether it is this form's operation that alone has it.
    fn has(&self, one: &PossibleFault) -> bool {
        one.operation.is_some() && one.operation == self.operation
    }

    /// Returns what a fault is called in the list: with the operation that alone has it, if it is another.
    fn name(&self, one: &PossibleFault) -> String {
        match &one.operation {
            Some(operation) if !self.has(one) => format!("{} · {operation}", one.what),
            _ => one.what.clone(),
        }
    }

    /// Returns the text of a fault, to be finished.
    fn draft(self, one: &PossibleFault) -> FaultDraft {
        let operation = one.operation.as_ref().map(|operation| format!("/{operation}")).unwrap_or_default();
        let once = if one.lasts || one.what.contains('*') { "" } else { "*1" };
        let text = format!("{}{operation}:{}{once}", self.provider, one.what);
        FaultDraft::new(self, text, one.meaning.clone())
    }
}

impl Component for FaultPicker {
    fn hints(&self, _context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        hints([Action::Choose, Action::Back, Action::Up, Action::Down])
    }

    fn view<'a>(&'a self, _context: &PopupContext<'a>) -> View<'a> {
        self.list.view("Fault to set", 100, 44, NOTHING_FITS)
    }

    fn fit(&mut self, _columns: usize, _rows: usize, context: &PopupContext<'_>) {
        // The list may come while it is being chosen from.
        self.list.choices = self.form.choices(context.faults);
    }

    fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        if let PopupInput::Action(Action::Back) = input {
            return Reaction::open(FaultPanel { form: self.form.clone(), selected: 0 });
        }
        let chosen = self.list.update(input).then(|| self.list.chosen()).flatten();
        let found = context.faults.possible.iter().find(|one| chosen.as_ref().is_some_and(|name| self.form.name(one) == *name));
        found.map_or(Reaction::Stay, |one| Reaction::open(self.form.clone().draft(one)))
    }
}

/// A fault being written.
#[derive(Debug)]
pub struct FaultDraft {
    form: FaultForm,
    /// Its text.
    pub input: Input,
    /// The effect.
    meaning: String,
    page: Page,
}

impl FaultDraft {
    /// Creates a draft of this text.
    pub fn new(form: FaultForm, text: String, meaning: String) -> Self {
        Self { form, input: Input::new(text), meaning, page: Page::default() }
    }
}

impl Component for FaultDraft {
    fn hints(&self, _context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        vec![(Action::Choose, "set"), (Action::Back, "back")]
    }

    fn view<'a>(&'a self, _context: &PopupContext<'a>) -> View<'a> {
        let body = Body::Lines(Cow::Borrowed(&self.page.lines), 0);
        View { input: Some(Cow::Borrowed(&self.input)), body, ..View::new("Set this fault", (84, 11)) }
    }

    fn fit(&mut self, columns: usize, _rows: usize, _context: &PopupContext<'_>) {
        self.page = Page::new(columns);
        self.page.line(Line::of(Role::Dim, MARKS));
        if !self.meaning.is_empty() {
            self.page.gap();
            self.page.text(Role::Text, &self.meaning);
        }
    }

    fn is_dismissible(&self) -> bool {
        false
    }

    fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        let panel = |selected: usize| FaultPanel { form: self.form.clone(), selected };
        match input {
            PopupInput::Action(Action::Back) => Reaction::open(panel(0)),
            PopupInput::Action(Action::Choose) => {
                let request = FaultRequest::Set(self.input.value().trim().to_owned());
                Reaction::Replace(Box::new(panel(context.faults.set.len()).into()), PopupOutcome::Effect(Effect::Faults(request)))
            }
            other => {
                type_into(&mut self.input, other);
                Reaction::Stay
            }
        }
    }
}
