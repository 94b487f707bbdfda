//! Popups: opened, chosen from, answered.

use tui_input::Input;

use super::page::Page;
use super::popup::{Choice, Confirm, ConfirmedAction, Picker, PickerKind, RequiredName, TextPopup, Topic};
use super::{App, Effect, Notice, Popup, ProfileSummary};
use crate::export::Format;

impl App {
    pub(super) fn read(&mut self, topic: Topic) {
        self.popup = Some(Popup::Text(TextPopup { topic, page: Page::default(), scroll: 0 }));
    }

    pub(super) fn open_picker(&mut self, subject: PickerKind) {
        let (choices, current) = match subject {
            PickerKind::Profile => (self.profile_choices(), self.profile().name.clone()),
            PickerKind::Region => (self.region_choices(), self.current().region().to_owned()),
            PickerKind::CopyAs | PickerKind::WriteAs => (format_choices(), String::new()),
            PickerKind::Operation => {
                (self.operation_choices(), self.current().operation().map_or_else(String::new, |operation| operation.id.clone()))
            }
            PickerKind::Fault => return self.pick_fault(),
        };
        self.popup = Some(Popup::Picker(Picker::new(subject, choices, &current)));
    }

    fn profile_choices(&self) -> Vec<Choice> {
        let detail = |mark: &ProfileSummary| match (mark.demo, mark.guard) {
            (true, _) => "the built-in emulator".to_owned(),
            (false, guard) => format!("guard {}", guard.name()),
        };
        self.profiles.iter().map(|mark| Choice { name: mark.name.clone(), detail: detail(mark) }).collect()
    }

    fn region_choices(&self) -> Vec<Choice> {
        let Some(provider) = &self.current().provider else { return Vec::new() };
        provider.regions.iter().map(|region| Choice { name: region.id.clone(), detail: region.title.clone() }).collect()
    }

    fn operation_choices(&self) -> Vec<Choice> {
        let Some(provider) = &self.current().provider else { return Vec::new() };
        provider.operations.iter().map(|operation| Choice { name: operation.id.clone(), detail: operation.title.clone() }).collect()
    }

    pub(super) fn pick_row(&mut self, row: usize) {
        if let Some(Popup::Picker(picker)) = &mut self.popup {
            picker.selected = row;
            self.choose();
        } else if let Some(Popup::Faults(panel)) = &mut self.popup {
            panel.selected = row;
        }
    }

    pub(super) fn choose(&mut self) {
        if self.prompting() {
            return self.take_prompt();
        }
        match self.popup.take() {
            Some(Popup::Confirm(confirm)) => self.confirm(confirm),
            Some(Popup::Ask(asking)) => self.answer(asking),
            Some(Popup::Fault(draft)) => self.set_fault(&draft),
            Some(Popup::Picker(picker)) => match picker.chosen() {
                Some(name) => self.picked(picker.subject, &name),
                None => self.popup = Some(Popup::Picker(picker)),
            },
            other => self.popup = other,
        }
    }

    /// Takes the typed name if it is the one that is wanted, and asks for the next or sends.
    fn confirm(&mut self, mut confirm: Confirm) {
        let typed = confirm.input.value().trim().to_owned();
        let Some(wanted) = confirm.wanted.pop_front().filter(|wanted| wanted.name() != typed) else {
            return self.confirmed(confirm);
        };
        let words = match wanted {
            RequiredName::Profile(name) => format!("not sent: that is not the profile's name ({name})"),
            RequiredName::Resource(name) => format!("not sent: that is not what the form names ({name})"),
        };
        self.notify(Notice::failure(words));
    }

    fn confirmed(&mut self, confirm: Confirm) {
        match (confirm.wanted.is_empty(), confirm.then) {
            (true, ConfirmedAction::Form) => return self.send_now(true),
            (true, ConfirmedAction::Exact(id)) => return self.send_exactly_now(id, true),
            (false, _) => {}
        }
        self.popup = Some(Popup::Confirm(Confirm { input: Input::default(), ..confirm }));
    }

    fn picked(&mut self, subject: PickerKind, name: &str) {
        match subject {
            PickerKind::Fault => self.draft_fault(name),
            PickerKind::Profile => self.use_profile(name),
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

    /// Has other credentials asked for, for the shown tab's vendor and this session.
    pub(super) fn ask_other_key(&mut self) {
        let Some(vendor) = self.current().provider.as_ref().map(|provider| provider.vendor) else {
            return self.notify(Notice::warning("the catalog is still being read"));
        };
        self.expect_question();
        self.effects.push(Effect::OtherKey { profile: self.profile().name.clone(), vendor });
        for at in 0..self.tabs.len() {
            if self.tabs[at].provider.as_ref().is_some_and(|provider| provider.vendor == vendor) {
                self.forget_access(at);
            }
        }
        self.resolve_all();
    }

    fn use_profile(&mut self, name: &str) {
        self.profile = self.profiles.iter().position(|mark| mark.name == name).unwrap_or(self.profile);
        for tab in 0..self.tabs.len() {
            self.tabs[tab].region = None;
            self.forget_access(tab);
        }
        self.effects.push(Effect::AskAgain);
        self.resolve_all();
    }
}

fn format_choices() -> Vec<Choice> {
    Format::ALL.iter().map(|format| Choice { name: format.name().to_owned(), detail: format.about().to_owned() }).collect()
}
