//! The line at the foot of the exchange pane that is typed into.

use crossterm::event::Event;
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::Search;
use crate::app::input_line::paste_into;
use crate::app::viewer::Viewer;
use crate::app::{App, Notice, Pane};
use crate::body::View;

/// The kind of input that a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// The text to search for.
    Search,
    /// A path in a JSON body.
    Path,
    /// A filter of jq.
    Filter,
}

/// The line.
#[derive(Debug)]
pub struct Prompt {
    /// The kind of input.
    pub asked: PromptKind,
    /// The typed text.
    pub input: Input,
}

impl App {
    /// Returns whether the exchange pane's line is being typed into.
    pub(in crate::app) fn prompting(&self) -> bool {
        !self.popups.is_open() && !self.editing && self.pane == Pane::Exchange && self.viewer.prompt.is_some()
    }

    /// Opens the line for a search, of the sort of the last one.
    pub(in crate::app) fn begin_search(&mut self) {
        if self.log.selected().is_none() {
            return self.notify(Notice::warning("nothing was sent yet"));
        }
        self.focus_pane(Pane::Exchange);
        let viewer = &mut self.viewer;
        let regex = viewer.search.take().is_some_and(|last| last.regex);
        viewer.search = Some(Search::new(regex, viewer.scroll));
        viewer.prompt = Some(Prompt { asked: PromptKind::Search, input: Input::default() });
    }

    /// Handles a key in the line.
    pub(in crate::app) fn type_prompt(&mut self, event: &Event) {
        let Some(prompt) = &mut self.viewer.prompt else { return };
        if prompt.input.handle_event(event).is_some_and(|change| change.value) {
            self.prompt_changed();
        }
    }

    /// Handles a paste into the line.
    pub(in crate::app) fn paste_prompt(&mut self, text: &str) {
        let Some(prompt) = &mut self.viewer.prompt else { return };
        paste_into(&mut prompt.input, text);
        self.prompt_changed();
    }

    pub(super) fn prompt_changed(&mut self) {
        let Some(Prompt { asked, input }) = &self.viewer.prompt else { return };
        let text = input.value().to_owned();
        match asked {
            PromptKind::Search => self.search_for(text),
            PromptKind::Path => self.offer(text),
            PromptKind::Filter => self.filter_changed(text),
        }
    }

    /// Leaves the line with what is typed in it.
    pub(in crate::app) fn take_prompt(&mut self) {
        let Some(prompt) = self.viewer.prompt.take() else { return };
        match prompt.asked {
            PromptKind::Search => self.keep_search(),
            PromptKind::Path => self.take_path(prompt.input.value().to_owned()),
            PromptKind::Filter => self.keep_filter(),
        }
    }

    /// Leaves the line, or what it led to; `false` if there was neither.
    pub(in crate::app) fn back_from_reading(&mut self) -> bool {
        let viewer = &mut self.viewer;
        match viewer.prompt.take().map(|prompt| prompt.asked) {
            Some(PromptKind::Search) => viewer.scroll = viewer.search.take().map_or(viewer.scroll, |search| search.from),
            Some(PromptKind::Path) => {}
            Some(PromptKind::Filter) => return viewer.close_jq(),
            None => return viewer.search.take().is_some() || viewer.cursor.take().is_some() || viewer.close_jq() || viewer.come_back(),
        }
        true
    }
}

impl Viewer {
    /// Returns whether there is something to go back from: what is typed, a search, a selected line, a filter, the bytes of the answer.
    pub fn reads(&self) -> bool {
        self.prompt.is_some() || self.search.is_some() || self.cursor.is_some() || self.jq.is_some() || self.left.is_some()
    }

    /// Comes back to the view that was left for the bytes of the answer; `false` if none was.
    pub(in crate::app) fn come_back(&mut self) -> bool {
        let Some(left) = self.left.take() else { return false };
        (self.view, self.body_view) = (left, View::Pretty);
        true
    }
}
