//! Finding exchanges: the log's filter, as it is typed.

use crossterm::event::Event;
use tui_input::backend::crossterm::EventHandler;

use crate::app::input_line::paste_into;
use crate::app::{Action, App, Pane};
use crate::exchange::Exchange;
use crate::history::LiveFacts;
use crate::query::{KnownNames, QueryTime};

impl App {
    /// Returns whether the log's filter is being typed.
    pub fn finding(&self) -> bool {
        self.pane == Pane::Log && self.log.filter.typing
    }

    /// Begins to type the log's filter.
    pub(in crate::app) fn find(&mut self) {
        let providers = self.tabs.iter().filter_map(|tab| tab.provider.as_deref());
        let known = KnownNames::new(providers, self.profiles.iter().map(|profile| profile.name.as_str()));
        self.focus_pane(Pane::Log);
        self.log.filter.begin(known);
    }

    /// Handles a key in the log's filter.
    pub(in crate::app) fn type_query(&mut self, event: &Event) {
        self.log.filter.input.handle_event(event);
        self.read_query();
    }

    /// Handles a paste into the log's filter.
    pub(in crate::app) fn paste_query(&mut self, text: &str) {
        paste_into(&mut self.log.filter.input, text);
        self.read_query();
    }

    /// Takes the chosen candidate into the log's filter.
    pub(in crate::app) fn take_candidate(&mut self) {
        if self.log.filter.take_candidate() {
            self.read_query();
        }
    }

    /// Chooses another candidate.
    pub(in crate::app) fn travel_candidates(&mut self, action: Action) {
        self.log.filter.step(if action == Action::Up { -1 } else { 1 });
    }

    /// Leaves the log's filter: what was typed is in force, unless it is no query.
    pub(in crate::app) fn end_finding(&mut self) {
        if let Some(mistake) = self.log.filter.mistake() {
            let words = mistake.to_string();
            return self.notify(crate::app::Notice::failure(words));
        }
        self.log.filter.typing = false;
        if !self.log.filter.is_empty() {
            self.request_history_rows();
        }
    }

    /// Takes the log's filter away; `false` if there is none.
    pub(in crate::app) fn back_from_finding(&mut self) -> bool {
        let filter = &self.log.filter;
        if self.pane != Pane::Log || (!filter.typing && filter.is_empty()) {
            return false;
        }
        self.log.clear_filter();
        self.reload_history();
        true
    }

    fn read_query(&mut self) {
        let moment = QueryTime { now: self.now.time, zone: self.zone.clone() };
        if self.log.filter.read(&moment) {
            self.apply_filter();
            self.reload_history();
        }
    }

    /// Holds every exchange of this session against the query.
    fn apply_filter(&mut self) {
        let entries = self.log.entries();
        let shown = (0..entries.len()).filter(|at| self.holds(&entries[*at], self.log.number(*at))).collect();
        let filtered = (!self.log.filter.is_empty()).then_some(shown);
        self.log.filter_all(filtered);
    }

    /// Returns whether the log's filter lets an exchange through.
    pub(in crate::app) fn holds(&self, exchange: &Exchange, number: Option<i64>) -> bool {
        let query = self.log.filter.query();
        if query.is_empty() {
            return true;
        }
        let origin = self.log.origin(exchange);
        // Covering the texts is the dear part: only where they decide.
        let decided = query.decided(&LiveFacts::new(exchange).facts(number, origin));
        decided.unwrap_or_else(|| query.matches(&LiveFacts::with_texts(exchange, &self.redactor).facts(number, origin)))
    }
}
