//! What a pane shows, for the clipboard or a file. Secrets stay covered unless the operator uncovered them.

use super::{App, Effect, Notice, Pane, Popup};

/// Lines of a page above which it is not copied to the clipboard.
const COPY_LINES: usize = 2000;

impl App {
    pub(super) fn copy(&mut self) {
        let text = match (&self.popup, self.pane) {
            (Some(Popup::Reading(reading)), _) => reading.page.plain(),
            (_, Pane::Form | Pane::Preview) => self.preview.page.plain(),
            (_, Pane::Log | Pane::Exchange) => match self.exchange_text() {
                Some(text) => text,
                None => return self.tell(Notice::doubt("too long for the clipboard: w writes it to a file")),
            },
        };
        self.effects.push(Effect::Copy(text));
    }

    /// The exchange pane's whole text, unless it is long or not laid out yet.
    fn exchange_text(&self) -> Option<String> {
        if self.viewer.len() > COPY_LINES || self.viewer.is_partial() {
            return None;
        }
        let lines = self.viewer.lines(0..self.viewer.len()).into_iter();
        Some(lines.map(|line| line.text().trim_end().to_owned() + "\n").collect())
    }

    pub(super) fn save(&mut self) {
        let effect = match (self.pane, self.log.selected()) {
            (Pane::Form | Pane::Preview, _) => {
                let name = format!("{}-{}.txt", self.current().id, self.preview.view.name());
                Effect::Save { name, head: self.preview.page.plain(), body: None }
            }
            (_, None) => return self.tell(Notice::doubt("nothing was sent yet")),
            (_, Some(exchange)) => {
                let name = format!("{}-{}-{}.txt", exchange.provider, exchange.id.0, self.viewer.view.name());
                Effect::Save { name, head: self.viewer.head.plain(), body: self.viewer.body.clone() }
            }
        };
        self.effects.push(effect);
    }

    pub(super) fn uncover(&mut self) {
        self.uncovered = !self.uncovered;
        let words = if self.uncovered { "secrets are shown: u covers them" } else { "secrets are covered" };
        self.tell(Notice::doubt(words));
    }
}
