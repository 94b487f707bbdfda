//! Looking back: rows of earlier sessions come into the log as it is scrolled, or as its filter asks for them.

use super::{Action, App, Effect, Notice, Recalled};

impl App {
    /// The history has said something.
    pub(super) fn recalled(&mut self, recalled: Recalled) {
        match recalled {
            Recalled::Open { kept, below } => self.log.past_opened(kept, below),
            Recalled::Rows(number, Ok(found)) => self.effects.extend(self.log.take_past(number, found).map(Effect::Recall)),
            Recalled::Rows(number, Err(reason)) => {
                self.log.past_failed(number);
                self.tell(Notice::failure(format!("the history cannot be read: {reason}")));
            }
            Recalled::Exchange(number, exchange) => {
                self.log.take_open(number, exchange);
                self.viewer.forget();
            }
        }
    }

    /// The log was scrolled: near its first row older ones are asked for. The first time the operator must want to go beyond it.
    pub(super) fn look_back(&mut self, action: Action, row: usize) {
        let up = matches!(action, Action::Up | Action::PageUp | Action::First);
        let near = row < self.sizes.log && self.log.past().wanted();
        if up && (row == 0 || near) {
            self.ask_past();
        }
    }

    /// Asks for older rows, if there are any.
    pub(super) fn ask_past(&mut self) {
        self.effects.extend(self.log.ask_past().map(Effect::Recall));
    }

    /// The filter is another one: rows that were loaded for the one before go, and are asked for anew if the operator wanted any.
    pub(super) fn recall_anew(&mut self) {
        self.log.forget_past();
        if self.log.past().wanted() {
            self.ask_past();
        }
    }
}
