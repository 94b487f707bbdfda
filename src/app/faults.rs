//! The faults of the built-in emulator: those that are set, those that can be, and the popups that show and set them.
//!
//! ```text
//! panel ─a─▶ picker (what can strike this tab's provider) ─▶ draft (the fault's text, to be changed) ─▶ set ─▶ panel
//!                                                               ╲ refused: the draft again, with the reason
//! ```

use tui_input::Input;

use super::popup::{Choice, Picker, PickerKind};
use super::{App, Effect, Notice, Popup};

/// The emulator's faults as the console last saw them.
#[derive(Debug, Default)]
pub struct Faults {
    /// Those that are set, in the order in which they were.
    pub set: Vec<FaultEntry>,
    /// Those that can be set for the provider whose panel was opened last.
    pub possible: Vec<PossibleFault>,
}

/// A fault that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultEntry {
    /// Its number, by which it is removed.
    pub number: u32,
    /// As it is written.
    pub text: String,
    /// The number of requests that it was applied to.
    pub strike_count: u64,
    /// Whether it has struck as often as it is to.
    pub spent: bool,
}

/// A fault that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PossibleFault {
    /// The operation that alone has it.
    pub operation: Option<String>,
    /// The syntax behind the `:`.
    pub what: String,
    /// The status that comes with it, where it is an error code.
    pub status: Option<u16>,
    /// The effect, or the cause in the vendor's cloud.
    pub meaning: String,
    /// Whether it lasts unless it is counted; others strike once.
    pub lasts: bool,
}

/// A request to read or change the emulator's faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultRequest {
    /// Tell which are set.
    Look,
    /// Tell also what can be set for this provider.
    List(String),
    /// Set one more.
    Set(String),
    /// Take one back.
    Remove(u32),
    /// Take all back.
    Clear,
}

/// The emulator's reply about its faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultReport {
    /// Those that are set.
    Current(Vec<FaultEntry>),
    /// Those that can be set.
    Available(Vec<PossibleFault>),
    /// A text that is no fault, and why.
    Refused(String, String),
}

/// The list of those that are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultPanel {
    /// The selected one, counted from 0.
    pub selected: usize,
}

/// A fault being written.
#[derive(Debug)]
pub struct FaultDraft {
    /// Its text.
    pub input: Input,
    /// The effect.
    pub meaning: String,
}

impl App {
    /// Returns how many faults may still strike the calls of the chosen profile.
    pub fn faults_at_work(&self) -> usize {
        if self.profile().demo { self.faults.set.iter().filter(|mark| !mark.spent).count() } else { 0 }
    }

    /// Opens the panel; it has something to show only where the built-in emulator answers.
    pub(super) fn open_faults(&mut self) {
        if !self.profile().demo {
            let words = format!(
                "faults apply to the built-in emulator only, which profile {} does not use: choose profile demo",
                self.profile().name
            );
            return self.notify(Notice::warning(words));
        }
        self.effects.push(Effect::Faults(FaultRequest::List(self.current().id.clone())));
        self.popup = Some(Popup::Faults(FaultPanel::default()));
    }

    /// Takes what the emulator tells.
    pub(super) fn fault_news(&mut self, news: FaultReport) {
        match news {
            FaultReport::Current(set) => {
                self.faults.set = set;
                self.step_fault(0);
            }
            FaultReport::Available(possible) => {
                self.faults.possible = possible;
                self.refill_faults();
            }
            FaultReport::Refused(text, reason) => {
                self.notify(Notice::failure(reason));
                self.draft(text, String::new());
            }
        }
    }

    /// Counts again after a call, which a fault may have struck.
    pub(super) fn look_at_faults(&mut self) {
        if self.faults_at_work() > 0 {
            self.effects.push(Effect::Faults(FaultRequest::Look));
        }
    }

    /// Moves the panel's selection.
    pub(super) fn step_fault(&mut self, by: isize) {
        let last = self.faults.set.len().saturating_sub(1);
        if let Some(Popup::Faults(panel)) = &mut self.popup {
            panel.selected = panel.selected.saturating_add_signed(by).min(last);
        }
    }

    /// Lists what can strike this tab's provider; what is this operation's own stands first.
    pub(super) fn pick_fault(&mut self) {
        self.popup = Some(Popup::Picker(Picker::new(PickerKind::Fault, self.fault_choices(), "")));
    }

    /// Refills the list, which has come while it is being chosen from.
    fn refill_faults(&mut self) {
        let choices = self.fault_choices();
        if let Some(Popup::Picker(picker)) = self.popup.as_mut().filter(|popup| leads_to_a_fault(popup)) {
            picker.choices = choices;
        }
    }

    fn fault_choices(&self) -> Vec<Choice> {
        let mut sorted: Vec<&PossibleFault> = self.faults.possible.iter().collect();
        sorted.sort_by_key(|one| match &one.operation {
            Some(_) if self.is_here(one) => 0,
            None => 1,
            Some(_) => 2,
        });
        sorted.into_iter().map(|one| self.fault_choice(one)).collect()
    }

    /// Lets the operator finish the text of the fault that was picked.
    pub(super) fn draft_fault(&mut self, name: &str) {
        let Some(picked) = self.faults.possible.iter().find(|one| self.fault_name(one) == name) else { return };
        let operation = picked.operation.as_ref().map(|operation| format!("/{operation}")).unwrap_or_default();
        let once = if picked.lasts || picked.what.contains('*') { "" } else { "*1" };
        let text = format!("{}{operation}:{}{once}", self.current().id, picked.what);
        let meaning = picked.meaning.clone();
        self.draft(text, meaning);
    }

    /// Returns whether it is this tab's operation that alone has it.
    fn is_here(&self, one: &PossibleFault) -> bool {
        let here = self.current().operation().map(|operation| operation.id.as_str());
        one.operation.is_some() && one.operation.as_deref() == here
    }

    /// Returns what a fault is called in the picker: with the operation that alone has it, if it is another.
    fn fault_name(&self, one: &PossibleFault) -> String {
        match &one.operation {
            Some(operation) if !self.is_here(one) => format!("{} · {operation}", one.what),
            _ => one.what.clone(),
        }
    }

    fn fault_choice(&self, one: &PossibleFault) -> Choice {
        let status = one.status.map(|status| format!("{status}  ")).unwrap_or_default();
        Choice { name: self.fault_name(one), detail: format!("{status}{}", one.meaning) }
    }

    fn draft(&mut self, text: String, meaning: String) {
        self.popup = Some(Popup::Fault(FaultDraft { input: Input::new(text), meaning }));
    }

    /// Handles the closing of a popup: what leads to a fault leads back to the panel.
    pub(super) fn closed(&mut self, popup: &Popup) {
        self.popup = leads_to_a_fault(popup).then(|| Popup::Faults(FaultPanel::default()));
    }

    /// Sets the fault as it was written.
    pub(super) fn set_fault(&mut self, draft: &FaultDraft) {
        self.popup = Some(Popup::Faults(FaultPanel { selected: self.faults.set.len() }));
        self.effects.push(Effect::Faults(FaultRequest::Set(draft.input.value().trim().to_owned())));
    }

    pub(super) fn remove_fault(&mut self) {
        let Some(Popup::Faults(panel)) = &self.popup else { return };
        match self.faults.set.get(panel.selected) {
            Some(mark) => self.effects.push(Effect::Faults(FaultRequest::Remove(mark.number))),
            None => self.notify(Notice::warning("no fault is set")),
        }
    }

    pub(super) fn clear_faults(&mut self) {
        self.effects.push(Effect::Faults(FaultRequest::Clear));
    }
}

/// Returns whether a popup is one on the way to a fault.
fn leads_to_a_fault(popup: &Popup) -> bool {
    match popup {
        Popup::Picker(picker) => picker.subject == PickerKind::Fault,
        other => matches!(other, Popup::Fault(_)),
    }
}
