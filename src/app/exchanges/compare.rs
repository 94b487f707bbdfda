//! Comparing: one exchange is marked, another one is held against it.

use crate::app::{App, Notice};

impl App {
    /// Marks the selected exchange, or compares it with the marked one.
    pub(in crate::app) fn compare_selected(&mut self) {
        let Some(selected) = self.log.selected().map(|exchange| exchange.id) else {
            return self.notify(Notice::warning("nothing was sent yet"));
        };
        match self.marked.take() {
            Some(marked) if marked != selected && self.log.exchange(marked).is_some() => {
                self.open_comparison(marked, selected);
            }
            Some(_) => self.notify(Notice::done("no longer marked")),
            None => {
                self.marked = Some(selected);
                self.log.pin(selected);
                self.notify(Notice::done(format!("{selected} is marked: the same key on another one compares the two")));
            }
        }
    }
}
