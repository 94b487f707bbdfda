//! Looking back: rows of earlier sessions come into the log as it is scrolled, or as its filter asks for them.

use crate::app::{Action, App, Effect, HistoryReply, Notice};

impl App {
    /// Handles a reply of the history.
    pub(in crate::app) fn history_replied(&mut self, history_replied: HistoryReply) {
        match history_replied {
            HistoryReply::Open { stored, below } => self.log.past_opened(stored, below),
            HistoryReply::Rows(number, Ok(found)) => self.effects.extend(self.log.take_past(number, found).map(Effect::HistoryRequest)),
            HistoryReply::Rows(number, Err(reason)) => {
                self.log.past_failed(number);
                self.notify(Notice::failure(format!("the history cannot be read: {reason}")));
            }
            HistoryReply::Exchange(number, exchange) => {
                self.log.take_open(number, exchange);
                self.viewer.forget();
            }
        }
    }

    /// Handles scrolling of the log: near its first row older ones are asked for. The first time the operator must want to go beyond it.
    pub(in crate::app) fn load_older_rows(&mut self, action: Action, row: usize) {
        let up = matches!(action, Action::Up | Action::PageUp | Action::First);
        let near = row < self.sizes.log && self.log.past().wanted();
        if up && (row == 0 || near) {
            self.request_history_rows();
        }
    }

    /// Asks for older rows, if there are any.
    pub(in crate::app) fn request_history_rows(&mut self) {
        self.effects.extend(self.log.request_history_rows().map(Effect::HistoryRequest));
    }

    /// Reloads the rows for another filter: rows that were loaded for the one before go, and are asked for again if the operator wanted any.
    pub(in crate::app) fn reload_history(&mut self) {
        self.log.forget_past();
        if self.log.past().wanted() {
            self.request_history_rows();
        }
    }
}
