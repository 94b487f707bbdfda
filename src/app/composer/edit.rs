//! Typing: keys that are no shortcut, pastes, and the pointer in a field.

use crossterm::event::{Event, KeyEvent};

use crate::app::popups::PopupInput;
use crate::app::{App, Pane};

impl App {
    /// Passes a key that is no shortcut to whatever is being typed into.
    pub(in crate::app) fn type_key(&mut self, key: KeyEvent) {
        if self.popups.is_open() {
            self.popup_input(PopupInput::Key(key));
        } else if self.filtering() {
            self.type_filter(&Event::Key(key));
        } else if self.prompting() {
            self.type_prompt(&Event::Key(key));
        } else if self.finding() {
            self.type_query(&Event::Key(key));
        } else if self.editing {
            self.edit(|field, choices| field.key(key, choices));
        }
    }

    /// Handles a paste: pasted text goes where typing goes; outside a field into the focused one, if the form has the focus.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.notice = None;
        if self.popups.paste_ahead(text) {
            return;
        }
        if self.popups.is_open() {
            self.popup_input(PopupInput::Paste(text));
        } else if self.filtering() {
            self.paste_filter(text);
        } else if self.prompting() {
            self.paste_prompt(text);
        } else if self.finding() {
            self.paste_query(text);
        } else if self.pane == Pane::Form && !self.resources_shown() {
            self.editing = true;
            self.edit(|field, _| field.paste(text));
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
