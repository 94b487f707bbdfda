//! Popups and the rest of the console: opened with what they show, given their input, and their outcomes carried out.

use std::sync::Arc;

use tui_input::Input;

use super::faults::{FaultReport, FaultRequest, PossibleFault};
use super::laboratory::{ExaminationReport, ExamineError, Stage};
use super::popups::{
    Choice, Confirm, ConfirmedAction, FaultDraft, FaultPanel, Picker, PickerKind, Popup, PopupContext, PopupInput, PopupOutcome,
    RequiredName, comparison, field_help, laboratory,
};
use super::{Action, App, Effect, KeyContext, Notice, ProfileSummary, Tab};
use crate::auth::{AccessKey, Credentials};
use crate::catalog::{Operation, Provider, Vendor};
use crate::exchange::ExchangeId;
use crate::export::Format;
use crate::form::route::Router;
use crate::form::{Form, decode};
use crate::text::joined;
use crate::wire::{Request, parse_query};

impl App {
    /// Returns what popups read of the console.
    pub fn popup_context(&self) -> PopupContext<'_> {
        PopupContext {
            keys: &self.keys,
            redactor: &self.redactor,
            revealed: self.revealed,
            log: &self.log,
            laboratory: &self.laboratory,
            faults: &self.faults,
        }
    }

    /// Gives an input to the open popup, and does what comes of it.
    pub(super) fn popup_input(&mut self, input: PopupInput<'_>) {
        let mut popups = std::mem::take(&mut self.popups);
        let outcome = popups.update(input, &self.popup_context());
        self.popups = popups;
        match outcome {
            Some(PopupOutcome::Effect(effect)) => self.effects.push(effect),
            Some(PopupOutcome::Notice(notice)) => self.notify(notice),
            Some(PopupOutcome::SendAnyway) => self.send_anyway(),
            Some(PopupOutcome::Confirmed(ConfirmedAction::Form)) => self.send_now(true),
            Some(PopupOutcome::Confirmed(ConfirmedAction::Exact(id))) => self.send_exactly_now(id, true),
            Some(PopupOutcome::Chosen(kind, name)) => self.chosen(kind, &name),
            Some(PopupOutcome::Examine(text)) => self.examine(&text),
            Some(PopupOutcome::FillExamined) => self.fill_examined(),
            Some(PopupOutcome::ShowFaults) => self.popups.show(Popup::Faults(FaultPanel::default())),
            Some(PopupOutcome::PickFault) => self.open_picker(PickerKind::Fault),
            Some(PopupOutcome::SetFault(text)) => {
                self.popups.show(Popup::Faults(FaultPanel { selected: self.faults.set.len() }));
                self.effects.push(Effect::Faults(FaultRequest::Set(text)));
            }
            None => {}
        }
    }

    /// Closes the open popup after a click beside it, if nothing is lost with it.
    pub(super) fn dismiss_popup(&mut self) {
        if self.popups.open().is_some_and(|popup| popup.view(&self.popup_context()).is_dismissible) {
            self.popups.close();
        }
    }

    /// Makes what the open popup shows for the columns and rows inside its frame.
    pub(super) fn fit_popup(&mut self, size: (usize, usize)) {
        let mut popups = std::mem::take(&mut self.popups);
        popups.fit(size, &self.popup_context());
        self.popups = popups;
    }

    fn chosen(&mut self, kind: PickerKind, name: &str) {
        match kind {
            PickerKind::Profile => self.use_profile(name),
            PickerKind::Fault => self.draft_fault(name),
            PickerKind::CopyAs => self.copy_as(name),
            PickerKind::WriteAs => self.write_as(name),
            PickerKind::Region => {
                self.current_mut().region = Some(name.to_owned());
                self.forget_access(self.tab);
                self.resolve_shown();
            }
            PickerKind::Operation => {
                let tab = self.current_mut();
                let at = tab.provider.as_ref().and_then(|provider| provider.operations.iter().position(|operation| operation.id == name));
                tab.choose(at.unwrap_or(tab.operation));
                self.refresh();
            }
        }
    }

    fn use_profile(&mut self, name: &str) {
        self.profile = self.profiles.iter().position(|profile| profile.name == name).unwrap_or(self.profile);
        for tab in 0..self.tabs.len() {
            self.tabs[tab].region = None;
            self.forget_access(tab);
        }
        self.effects.push(Effect::AskAgain);
        self.resolve_all();
    }

    /// Opens the documentation of the focused field.
    pub(super) fn open_field_help(&mut self) {
        let tab = self.current();
        let help = field_help(tab.operation().cloned(), tab.focus);
        self.popups.show(Popup::Text(help));
    }

    /// Opens a list.
    pub(super) fn open_picker(&mut self, kind: PickerKind) {
        let tab = self.current();
        let (choices, current) = match kind {
            PickerKind::Profile => (self.profiles.iter().map(profile_choice).collect(), self.profile().name.clone()),
            PickerKind::CopyAs | PickerKind::WriteAs => {
                (Format::ALL.iter().map(|format| choice(format.name(), format.about())).collect(), String::new())
            }
            PickerKind::Fault => (self.fault_choices(), String::new()),
            PickerKind::Region => (
                tab.provider.iter().flat_map(|provider| &provider.regions).map(|region| choice(&region.id, &region.title)).collect(),
                tab.region().to_owned(),
            ),
            PickerKind::Operation => (
                tab.provider.iter().flat_map(|provider| &provider.operations).map(|one| choice(&one.id, &one.title)).collect(),
                tab.operation().map_or_else(String::new, |operation| operation.id.clone()),
            ),
        };
        self.popups.show(Popup::Picker(Picker::new(kind, choices, &current)));
    }

    /// Opens the comparison of two exchanges, the marked one first.
    pub(super) fn open_comparison(&mut self, left: ExchangeId, right: ExchangeId) {
        let providers = [left, right].map(|id| self.log.exchange(id).and_then(|exchange| self.provider_of(exchange)));
        let volatile = providers.iter().flatten().flat_map(|provider| provider.volatile.iter().cloned()).collect();
        self.popups.show(Popup::Text(comparison(left, right, volatile)));
    }

    /// Asks for names to be typed before a call is sent.
    pub(super) fn open_confirmation(&mut self, required: std::collections::VecDeque<RequiredName>, then: ConfirmedAction) {
        let tab = self.current();
        let operation = tab.operation().map_or_else(String::new, |operation| operation.id.clone());
        let endpoint = tab.access.iter().flatten().map(|access| access.endpoint.to_string()).collect();
        self.popups.show(Popup::Confirm(Confirm { operation, endpoint, required, then, input: Input::default() }));
    }

    /// Opens the faults; there is something to show only where the built-in emulator answers.
    pub(super) fn open_faults(&mut self) {
        if !self.profile().demo {
            let words = format!(
                "faults apply to the built-in emulator only, which profile {} does not use: choose profile demo",
                self.profile().name
            );
            return self.notify(Notice::warning(words));
        }
        self.effects.push(Effect::Faults(FaultRequest::List(self.current().id.clone())));
        self.popups.show(Popup::Faults(FaultPanel::default()));
    }

    /// Lists what can strike this tab's provider; what is this operation's own stands first.
    fn fault_choices(&self) -> Vec<Choice> {
        let mut sorted: Vec<&PossibleFault> = self.faults.possible.iter().collect();
        sorted.sort_by_key(|one| match &one.operation {
            Some(_) if self.is_own(one) => 0,
            None => 1,
            Some(_) => 2,
        });
        let detail = |one: &PossibleFault| match one.status {
            Some(status) => format!("{status}  {}", one.meaning),
            None => one.meaning.clone(),
        };
        sorted.into_iter().map(|one| choice(&self.fault_name(one), &detail(one))).collect()
    }

    /// Returns whether it is the shown operation that alone has a fault.
    fn is_own(&self, fault: &PossibleFault) -> bool {
        let shown = self.current().operation().map(|operation| operation.id.as_str());
        fault.operation.is_some() && fault.operation.as_deref() == shown
    }

    /// Returns what a fault is called in the list: with the operation that alone has it, if it is another.
    fn fault_name(&self, fault: &PossibleFault) -> String {
        match &fault.operation {
            Some(operation) if !self.is_own(fault) => format!("{} · {operation}", fault.what),
            _ => fault.what.clone(),
        }
    }

    /// Opens the text of the chosen fault, to be finished.
    fn draft_fault(&mut self, name: &str) {
        let Some(fault) = self.faults.possible.iter().find(|one| self.fault_name(one) == name) else { return };
        let operation = fault.operation.as_ref().map(|operation| format!("/{operation}")).unwrap_or_default();
        let once = if fault.lasts || fault.what.contains('*') { "" } else { "*1" };
        let text = format!("{}{operation}:{}{once}", self.current().id, fault.what);
        let draft = FaultDraft { input: Input::new(text), meaning: fault.meaning.clone() };
        self.popups.show(Popup::FaultDraft(draft));
    }

    /// Takes the emulator's report of its faults.
    pub(super) fn fault_report(&mut self, report: FaultReport) {
        match report {
            FaultReport::Current(set) => self.faults.set = set,
            FaultReport::Available(possible) => {
                self.faults.possible = possible;
                // The list may come while it is being chosen from.
                let choices = self.fault_choices();
                self.popups.refill(PickerKind::Fault, choices);
            }
            FaultReport::Refused(text, reason) => {
                self.notify(Notice::failure(reason));
                self.popups.show(Popup::FaultDraft(FaultDraft { input: Input::new(text), meaning: String::new() }));
            }
        }
    }

    /// Returns how many faults may still strike the calls of the chosen profile.
    pub fn active_faults(&self) -> usize {
        if self.profile().demo { self.faults.set.iter().filter(|fault| !fault.spent).count() } else { 0 }
    }

    /// Reads the faults again after a call, which one may have struck.
    pub(super) fn read_faults(&mut self) {
        if self.active_faults() > 0 {
            self.effects.push(Effect::Faults(FaultRequest::Look));
        }
    }

    /// Has other credentials asked for, for the shown tab's vendor and this session.
    pub(super) fn ask_other_key(&mut self) {
        let Some(vendor) = self.current().provider.as_ref().map(|provider| provider.vendor) else {
            return self.notify(Notice::warning("the catalog is still being read"));
        };
        self.popups.expect_question();
        self.effects.push(Effect::OtherKey { profile: self.profile().name.clone(), vendor });
        for at in 0..self.tabs.len() {
            if self.tabs[at].provider.as_ref().is_some_and(|provider| provider.vendor == vendor) {
                self.forget_access(at);
            }
        }
        self.resolve_all();
    }

    /// Opens the laboratory with what was examined last.
    pub(super) fn open_laboratory(&mut self) {
        self.popups.show(Popup::Text(laboratory(self.laboratory.is_examined())));
    }

    /// Has a pasted text examined.
    fn examine(&mut self, text: &str) {
        let (keys, profile) = (self.access_keys(), &self.profiles[self.profile]);
        if let Some(sample) = self.laboratory.begin(text, profile, keys, self.now.time) {
            self.effects.push(Effect::Examine(Box::new(sample)));
        }
        self.open_laboratory();
    }

    /// Takes a report, unless something else was pasted since.
    pub(super) fn examined(&mut self, number: u64, outcome: Result<Box<ExaminationReport>, ExamineError>) {
        if !self.laboratory.finish(number, outcome) {
            return;
        }
        if self.contexts().contains(&KeyContext::Laboratory) {
            return self.open_laboratory();
        }
        self.notify(Notice::done(format!("what was pasted is examined: {} shows it", self.keys.hint(Action::Laboratory))));
    }

    /// Puts the parameters of the examined request into the form of its call.
    fn fill_examined(&mut self) {
        match self.form_of_examined() {
            Ok((tab, form, lost)) => {
                self.popups.close();
                self.fill_form(tab, &form);
                let what_now = format!("{} signs and sends it with profile {}", self.keys.hint(Action::Send), self.profile().name);
                self.notify(if lost.is_empty() {
                    Notice::done(format!("in its form: {what_now}"))
                } else {
                    Notice::warning(format!("in its form, without {}, which the call does not have: {what_now}", joined(lost, "and")))
                });
            }
            Err(reason) => self.notify(Notice::warning(reason)),
        }
    }

    /// Returns the examined request as a form, with its tab (the shown one, where it has such a call) and what the form does not take.
    fn form_of_examined(&self) -> Result<(usize, Form, Vec<String>), String> {
        let Stage::Done(Ok(examined)) = &self.laboratory.stage else { return Err("no request was examined yet: paste one".to_owned()) };
        let ExaminationReport { request, report, .. } = &**examined;
        let vendors = report.claim.as_ref().map(|claim| claim.scheme.vendors());
        let found = (self.tab..self.tabs.len()).chain(0..self.tab).find_map(|at| {
            let provider =
                self.tabs[at].provider.as_ref().filter(|provider| vendors.is_none_or(|known| known.contains(&provider.vendor)))?;
            let router = Router::new(provider);
            let route = router.find(request).route.ok()?;
            Some((at, provider, Arc::clone(route.operation), route.path))
        });
        let (tab, provider, operation, path) = found.ok_or_else(|| format!("no tab has a call {} {}", request.method, request.path()))?;
        let form = decode(&operation, request, &path).map_err(|error| format!("not into a form: {error}"))?;
        Ok((tab, form, without_parameter(provider, &operation, request)))
    }

    /// Returns the profile's keys that are known, the shown tab's first.
    fn access_keys(&self) -> Vec<(Vendor, AccessKey)> {
        let (before, from) = self.tabs.split_at(self.tab);
        let key = |tab: &Tab| match (&tab.provider, &tab.access) {
            (Some(provider), Some(Ok(access))) => match &access.credentials {
                Credentials::AccessKey(key) => Some((provider.vendor, key.clone())),
                Credentials::Login(_) | Credentials::Token(_) => None,
            },
            _ => None,
        };
        from.iter().chain(before).filter_map(key).collect()
    }
}

fn choice(name: &str, detail: &str) -> Choice {
    Choice { name: name.to_owned(), detail: detail.to_owned() }
}

fn profile_choice(profile: &ProfileSummary) -> Choice {
    let detail = if profile.demo { "the built-in emulator".to_owned() } else { format!("guard {}", profile.guard.name()) };
    choice(&profile.name, &detail)
}

/// Returns the names in the query and in the body that the call has no parameter for.
fn without_parameter(provider: &Provider, operation: &Operation, request: &Request) -> Vec<String> {
    let body = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&request.body).unwrap_or_default();
    let query = parse_query(request.query()).into_iter().map(|(name, _)| name.into_owned());
    let constants = || provider.constants.iter().chain(&operation.constants);
    let known = |name: &String| operation.parameter(name).is_some() || constants().any(|constant| constant.name == *name);
    query.chain(body.into_iter().map(|(name, _)| name)).filter(|name| !known(name)).collect()
}
