//! What keys do in the table of resources.

use std::sync::Arc;

use crossterm::event::Event;
use tui_input::backend::crossterm::EventHandler;

use super::background_call::FetchReason;
use super::fill::filled;
use super::{ResourceTable, State};
use crate::app::input_line::paste_into;
use crate::app::message::Notice;
use crate::app::{Action, App, Field, Pane};
use crate::catalog::{ResourceCall, Resources};
use crate::form;

impl App {
    /// Returns whether the table stands in the place of the form.
    pub fn resources_shown(&self) -> bool {
        self.current().resources.shown
    }

    /// Returns what the catalog says of the table that stands in the place of the form, if it does.
    pub fn shown_resources(&self) -> Option<&Resources> {
        self.current().provider.as_ref()?.resources.as_ref().filter(|_| self.resources_shown())
    }

    /// Puts the table in the place of the form, or the form back.
    pub(in crate::app) fn toggle_resources(&mut self) {
        if self.resources_shown() {
            let editing = self.current().left_editing;
            self.show_form();
            self.pane = Pane::Form;
            self.editing = editing;
            return;
        }
        let editing = self.editing;
        let Some(provider) = &self.current().provider else { return self.notify(Notice::warning("the catalog is still being read")) };
        if provider.resources.is_none() {
            let words = format!("the catalog does not say how the resources of {} are listed", provider.title);
            return self.notify(Notice::warning(words));
        }
        self.show_resources();
        self.current_mut().left_editing = editing;
        if matches!(self.current().resources.state, State::Unknown | State::Failed(_)) {
            self.list_resources(self.tab);
        }
    }

    /// Puts the form back in its place.
    pub(in crate::app) fn show_form(&mut self) {
        let tab = self.current_mut();
        tab.resources.shown = false;
        tab.resources.filtering = false;
        tab.resources.opened_form = false;
        tab.left_editing = false;
        tab.revision += 1;
    }

    /// Carries out what a key of the table is for.
    pub(in crate::app) fn act_on_resources(&mut self, action: Action) {
        match action {
            Action::Refresh => self.list_resources(self.tab),
            Action::ShowResource => self.show_resource(),
            Action::FillShow => self.fill_in(|resources| resources.show.as_ref(), "shown"),
            Action::FillUpdate => {
                self.fill_in(|resources| resources.update.as_ref(), "changed");
                // What is to be changed is typed at once: a letter is no command there.
                self.editing = !self.resources_shown();
            }
            Action::FillDelete => self.fill_in(|resources| resources.delete.as_ref(), "deleted"),
            Action::NewResource => self.new_resource(),
            Action::Sort => {
                let columns = self.resources_of(self.tab).map_or(0, |resources| resources.columns.len());
                self.change_table(|table| table.next_sort(columns));
            }
            Action::TurnSort => self.change_table(ResourceTable::turn_sort),
            Action::Filter => self.current_mut().resources.filtering = true,
            _ => {}
        }
    }

    /// Changes the table; the details beside it follow.
    pub(in crate::app) fn change_table(&mut self, change: impl FnOnce(&mut ResourceTable)) {
        let tab = self.current_mut();
        change(&mut tab.resources);
        tab.revision += 1;
    }

    /// Returns whether the table's filter is being typed.
    pub(in crate::app) fn filtering(&self) -> bool {
        self.pane == Pane::Form && self.current().resources.filtering
    }

    /// Handles a key in the filter.
    pub(in crate::app) fn type_filter(&mut self, event: &Event) {
        self.current_mut().resources.filter.handle_event(event);
        self.change_table(ResourceTable::narrow);
    }

    /// Handles a paste into the filter.
    pub(in crate::app) fn paste_filter(&mut self, text: &str) {
        paste_into(&mut self.current_mut().resources.filter, text);
        self.change_table(ResourceTable::narrow);
    }

    /// Leaves the filter, what is followed, the table: one at a time. `false` if there was none of them.
    pub(in crate::app) fn back_from_resources(&mut self) -> bool {
        if !self.resources_shown() {
            return false;
        }
        let table = &mut self.current_mut().resources;
        if table.filtering || !table.filter.value().is_empty() {
            table.filtering = false;
            table.filter.reset();
            self.change_table(ResourceTable::narrow);
        } else if !self.leave_followed() {
            self.show_form();
        }
        true
    }

    fn show_resource(&mut self) {
        let Some(row) = self.current().resources.selected() else { return self.notify(Notice::warning("nothing is selected")) };
        let value = row.value.clone();
        self.fetch_one(self.tab, &value, FetchReason::PromptKind);
    }

    /// Fills the selected resource into the form of a call about it.
    fn fill_in(&mut self, which: fn(&Resources) -> Option<&ResourceCall>, participle: &str) {
        let Some(resources) = self.resources_of(self.tab) else { return };
        let Some(deed) = which(&resources) else {
            return self.notify(Notice::warning(format!(
                "this API has no call by which one of the {} is {participle}",
                resources.title.to_lowercase()
            )));
        };
        let Some((row, _)) = self.current().resources.details() else { return self.notify(Notice::warning("nothing is selected")) };
        let (key, value) = (row.key.clone(), row.value.clone());
        let Some(operation) = self.operation_of(self.tab, &deed.operation) else { return };
        let form = filled(&operation, deed, &value);
        self.open_form(&deed.operation);
        let fields = operation.parameters.iter().zip(&form.values).map(|(parameter, value)| Field::showing(parameter, value));
        self.current_mut().fields = fields.collect();
        // What says which one is meant is not what the operator came to type.
        let meant = |value: &form::Value| matches!(value, form::Value::Text(text) if *text == key);
        self.current_mut().focus = form.values.iter().position(|value| !meant(value)).unwrap_or(0);
        self.refresh();
        self.notify(Notice::done(format!("{} is filled in with {key}", deed.operation)));
    }

    fn new_resource(&mut self) {
        let Some(create) = self.resources_of(self.tab).and_then(|resources| resources.create) else {
            return self.notify(Notice::warning("the catalog names no call that creates one"));
        };
        self.open_form(&create.operation);
        self.refresh();
        self.editing = true;
    }

    fn open_form(&mut self, operation: &str) {
        self.show_form();
        let tab = self.current_mut();
        tab.resources.opened_form = true;
        let known = tab.provider.as_ref().map(Arc::clone);
        let at = known.and_then(|provider| provider.operations.iter().position(|known| known.id == operation));
        tab.choose(at.unwrap_or(tab.operation));
    }
}
