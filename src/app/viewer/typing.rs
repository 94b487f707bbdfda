//! What is typed into the exchange pane's own line, and what becomes of it.

use crossterm::event::Event;
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::{Jq, Prompt, PromptKind, Search, Viewer, jq};
use crate::app::input_line::paste_into;
use crate::app::keys::Action;
use crate::app::{Context, Notice, Pane};

impl Viewer {
    /// Opens the line for a search, of the sort of the last one.
    pub(super) fn begin_search(&mut self, cx: &mut Context<'_>) {
        if self.key.is_none() {
            return cx.notify(Notice::warning("nothing was sent yet"));
        }
        let regex = self.search.take().is_some_and(|last| last.regex);
        self.search = Some(Search::new(regex, self.text.scroll));
        self.open_prompt(PromptKind::Search, String::new(), cx);
    }

    /// Opens the line for a path.
    pub(super) fn begin_path(&mut self, cx: &mut Context<'_>) {
        if self.text.json().is_none() {
            return cx.notify(Notice::warning("no path here: no JSON in the pretty view"));
        }
        self.open_prompt(PromptKind::Path, String::new(), cx);
        self.json.offer(String::new(), &mut self.text, cx);
    }

    /// Opens the line for a filter; the last one stands in it.
    pub(super) fn begin_jq(&mut self, cx: &mut Context<'_>) {
        if self.text.body.as_ref().is_none_or(|(_, bytes)| bytes.is_empty()) {
            return cx.notify(Notice::warning("no body in this view: ← and → go to another"));
        }
        let text = &self.text;
        let filter = self.jq.get_or_insert_with(|| Jq::open(text)).filter.clone();
        self.open_prompt(PromptKind::Filter, filter, cx);
    }

    fn open_prompt(&mut self, kind: PromptKind, text: String, cx: &mut Context<'_>) {
        self.prompt = Some(Prompt::new(kind, text));
        cx.focus(Pane::Exchange);
    }

    /// Handles a key in the line.
    pub(in crate::app) fn type_key(&mut self, event: &Event, cx: &mut Context<'_>) {
        let Some(prompt) = &mut self.prompt else { return };
        if prompt.input.handle_event(event).is_some_and(|change| change.value) {
            self.prompt_changed(cx);
        }
    }

    /// Handles a paste into the line.
    pub(in crate::app) fn paste(&mut self, text: &str, cx: &mut Context<'_>) {
        let Some(prompt) = &mut self.prompt else { return };
        paste_into(&mut prompt.input, text);
        self.prompt_changed(cx);
    }

    pub(super) fn prompt_changed(&mut self, cx: &mut Context<'_>) {
        let Some(Prompt { kind, input }) = &self.prompt else { return };
        let typed = input.value().to_owned();
        let text = &mut self.text;
        let effect = match (kind, &mut self.search, &mut self.jq) {
            (PromptKind::Search, Some(search), _) => search.search_for(typed, text),
            (PromptKind::Filter, _, Some(jq)) => jq.type_filter(typed, self.key, text, cx.session.redactor_or_blind()),
            (PromptKind::Path, _, _) => return self.json.offer(typed, text, cx),
            _ => None,
        };
        cx.effects(effect);
    }

    /// Completes what is typed with the first name that continues it.
    pub(super) fn complete(&mut self, cx: &mut Context<'_>) {
        let Some(prompt) = &mut self.prompt else { return };
        let completed = match prompt.kind {
            PromptKind::Path => self.json.offered.first().cloned(),
            PromptKind::Filter => jq::completed(prompt.input.value(), &self.text, cx.session.screen_redactor()),
            PromptKind::Search => None,
        };
        if let Some(completed) = completed {
            prompt.input = Input::new(completed);
            self.prompt_changed(cx);
        }
    }

    /// Leaves the line and keeps what is typed in it.
    pub(super) fn take_prompt(&mut self, cx: &mut Context<'_>) {
        let Some(prompt) = self.prompt.take() else { return };
        match prompt.kind {
            PromptKind::Search => {
                if let Some(mistake) = self.search.as_ref().and_then(|search| search.mistake.as_ref()) {
                    let mistake = mistake.lines().last().unwrap_or_default();
                    cx.notify(Notice::warning(format!("not a regular expression: {mistake}")));
                }
                // An empty search is none.
                self.search.take_if(|search| search.text.is_empty() || search.mistake.is_some());
            }
            PromptKind::Path if self.json.follow(prompt.input.value(), &mut self.text, cx) => {}
            // To be corrected, not typed again.
            PromptKind::Path => self.prompt = Some(Prompt::new(PromptKind::Path, prompt.input.value().to_owned())),
            PromptKind::Filter => {
                self.jq.take_if(|jq| jq.filter.trim().is_empty());
                let (key, text, redactor) = (self.key, &mut self.text, cx.session.redactor_or_blind());
                let effect = self.jq.as_mut().and_then(|jq| jq.run_changed(key, text, redactor));
                cx.effects(effect);
            }
        }
    }

    /// Leaves the line, or what it led to; `false` if there was neither.
    pub(in crate::app) fn back(&mut self) -> bool {
        match self.prompt.take().map(|prompt| prompt.kind) {
            Some(PromptKind::Search) => self.text.scroll = self.search.take().map_or(self.text.scroll, |search| search.from),
            Some(PromptKind::Path) => {}
            Some(PromptKind::Filter) => return self.close_jq(),
            None => {
                return self.search.take().is_some() || self.text.cursor.take().is_some() || self.close_jq() || self.return_to_view();
            }
        }
        true
    }

    /// Returns whether there is something to go back from: what is typed, a search, a selected line, a filter, the bytes of the answer.
    pub fn reads(&self) -> bool {
        self.prompt.is_some() || self.search.is_some() || self.text.cursor.is_some() || self.jq.is_some() || self.left.is_some()
    }

    /// Closes the filter, which stops it; `false` if there is none.
    fn close_jq(&mut self) -> bool {
        let Some(jq) = self.jq.take() else { return false };
        self.text.scroll = jq.from;
        true
    }

    /// Moves to the next match, or with -1 to the one before.
    pub(super) fn step_match(&mut self, by: isize, cx: &mut Context<'_>) {
        match &mut self.search {
            Some(search) => search.step(by, &mut self.text, cx),
            None => {
                cx.notify(Notice::warning(format!("nothing is searched for: {} searches", cx.key(Action::Search))));
            }
        }
    }
}
