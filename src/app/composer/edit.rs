//! Typing: keys that are no shortcut, pastes, and the pointer in a field.

use crossterm::event::{Event, KeyEvent};
use tui_input::backend::crossterm::EventHandler;

use crate::app::{App, Pane, Popup};

impl App {
    /// Passes a key that is no shortcut to whatever is being typed into.
    pub(in crate::app) fn type_key(&mut self, key: KeyEvent) {
        let (filtering, finding, prompting) = (self.filtering(), self.finding(), self.prompting());
        match &mut self.popup {
            Some(Popup::Picker(picker)) => {
                if picker.input.handle_event(&Event::Key(key)).is_some_and(|change| change.value) {
                    picker.selected = 0;
                }
            }
            Some(Popup::Confirm(confirm)) => {
                confirm.input.handle_event(&Event::Key(key));
            }
            Some(Popup::Fault(draft)) => {
                draft.input.handle_event(&Event::Key(key));
            }
            Some(Popup::Ask(_)) => self.answer_key(key),
            None if filtering => self.type_filter(&Event::Key(key)),
            None if prompting => self.type_prompt(&Event::Key(key)),
            None if finding => self.type_query(&Event::Key(key)),
            None if self.editing => self.edit(|field, choices| field.key(key, choices)),
            Some(_) | None => {}
        }
    }

    /// Handles a paste: pasted text goes where typing goes; outside a field into the focused one, if the form has the focus.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.notice = None;
        if self.paste_ahead(text) {
            return;
        }
        if self.in_laboratory() {
            return self.examine(text);
        }
        let (filtering, finding, prompting) = (self.filtering(), self.finding(), self.prompting());
        let table = self.resources_shown();
        match &mut self.popup {
            Some(Popup::Picker(picker)) => paste_into(&mut picker.input, text),
            Some(Popup::Confirm(confirm)) => paste_into(&mut confirm.input, text),
            Some(Popup::Fault(draft)) => paste_into(&mut draft.input, text),
            Some(Popup::Ask(_)) => self.type_answer(text.trim_end_matches(['\r', '\n'])),
            None if filtering => self.paste_filter(text),
            None if prompting => self.paste_prompt(text),
            None if finding => self.paste_query(text),
            None if self.pane == Pane::Form && !table => {
                self.editing = true;
                self.edit(|field, _| field.paste(text));
            }
            Some(_) | None => {}
        }
    }

    /// Changes the focused field, checks the form and signs again.
    pub(in crate::app) fn edit(&mut self, change: impl FnOnce(&mut crate::app::Field, usize)) {
        let tab = self.current_mut();
        let choices = tab.focused().map_or(0, |(parameter, _)| parameter.values.len());
        let focus = tab.focus;
        if let Some(field) = tab.fields.get_mut(focus) {
            change(field, choices);
            self.refresh();
        }
    }

    /// Handles a click on a field: it gets the focus, and the cursor goes there.
    pub(in crate::app) fn point(&mut self, field: usize, part: usize, character: usize) {
        self.focus_pane(Pane::Form);
        self.editing = true;
        let tab = self.current_mut();
        tab.focus = field.min(tab.fields.len().saturating_sub(1));
        let focus = tab.focus;
        let Some(field) = tab.fields.get_mut(focus) else { return };
        field.part = part.min(field.parts().saturating_sub(1));
        if field.input().is_some() {
            return field.point(character);
        }
        self.edit(|field, choices| field.step(1, false, choices));
    }
}

pub(in crate::app) fn paste_into(input: &mut tui_input::Input, text: &str) {
    let line = text.lines().next().unwrap_or_default();
    *input = tui_input::Input::new(format!("{}{line}", input.value()));
}
