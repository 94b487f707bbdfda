//! What a pane shows, for the clipboard or a file: secrets masked, lines not broken at the pane's width.

use crate::app::message::BodyCopy;
use crate::app::page::Page;
use crate::app::{Action, App, Effect, Notice, Pane, pages};
use crate::body::index;
use crate::exchange::Exchange;

/// Bodies of more bytes are not copied to the clipboard: terminals take no more.
pub(in crate::app) const MAX_CLIPBOARD_BODY_BYTES: usize = 64 << 10;

impl App {
    pub(in crate::app) fn copy(&mut self) {
        let text = match (self.pane, self.log.selected()) {
            (Pane::Form | Pane::Preview, _) => self.preview_text(),
            (Pane::Exchange, _) if self.viewer.jq.is_some() => match self.results_copy() {
                Ok(text) => text,
                Err(reason) => return self.notify(Notice::warning(reason)),
            },
            (Pane::Log | Pane::Exchange, None) => return self.notify(Notice::warning("nothing was sent yet")),
            (Pane::Log | Pane::Exchange, Some(exchange)) => match self.exchange_text(exchange) {
                Some(text) => text,
                None => return self.notify(self.too_much("too long for the clipboard", Action::Save)),
            },
        };
        self.effects.push(Effect::Copy(text));
    }

    fn preview_text(&self) -> String {
        self.preview_page(0, Some(&self.with_typed(&self.redactor))).plain()
    }

    /// Returns the exchange pane's view: what stands before the body, and the body.
    fn exchange_parts(&self, exchange: &Exchange) -> (String, Option<BodyCopy>) {
        let mut page = Page::new(0);
        let body = self.fill(&mut page, exchange, Some(&self.redactor));
        let body = body.map(|(_, bytes)| BodyCopy { view: self.viewer.body_view, bytes, redactor: self.redactor.clone() });
        (page.plain(), body)
    }

    /// Returns the exchange pane's view as text, unless it is long.
    fn exchange_text(&self, exchange: &Exchange) -> Option<String> {
        let (mut text, body) = self.exchange_parts(exchange);
        if let Some(BodyCopy { view, bytes, redactor }) = body.filter(|body| !body.bytes.is_empty()) {
            if bytes.len() > MAX_CLIPBOARD_BODY_BYTES {
                return None;
            }
            let rows = index(&bytes, view, u16::MAX, &redactor);
            pages::add_text(&mut text, &rows.screen(0..rows.len(), &bytes));
        }
        Some(text)
    }

    /// Returns the results of the filter, or why they cannot be copied.
    fn results_copy(&self) -> Result<String, String> {
        if self.revealed {
            let key = self.keys.hint(Action::Reveal);
            return Err(format!("the filter read revealed secrets, and copies are always masked: press {key} first"));
        }
        self.results_text().ok_or_else(|| "the filter has given nothing to copy".to_owned())
    }

    pub(in crate::app) fn save(&mut self) {
        let effect = match (self.pane, self.log.selected()) {
            (Pane::Form | Pane::Preview, _) => {
                let part = if self.resources_shown() { "resource" } else { self.preview.view.name() };
                let name = format!("{}-{part}.txt", self.current().id);
                Effect::Save { name, head: self.preview_text(), body: None }
            }
            (_, None) => return self.notify(Notice::warning("nothing was sent yet")),
            (Pane::Exchange, Some(exchange)) if self.viewer.jq.is_some() => match self.results_copy() {
                Ok(head) => Effect::Save { name: format!("{}-{}-jq.json", exchange.provider, number(exchange)), head, body: None },
                Err(reason) => return self.notify(Notice::warning(reason)),
            },
            (_, Some(exchange)) => {
                let name = format!("{}-{}-{}.txt", exchange.provider, number(exchange), self.viewer.view.name());
                let (head, body) = self.exchange_parts(exchange);
                Effect::Save { name, head, body }
            }
        };
        self.effects.push(effect);
    }

    /// Returns what is said of something that the clipboard does not take, with the key that writes it to a file.
    pub(super) fn too_much(&self, reason: &str, write: Action) -> Notice {
        Notice::warning(format!("{reason}: {} writes it to a file", self.keys.hint(write)))
    }

    pub(in crate::app) fn reveal(&mut self) {
        self.revealed = !self.revealed;
        let words = match self.revealed {
            true => format!("secrets are revealed, and stay masked in copies: {} masks them", self.keys.hint(Action::Reveal)),
            false => "secrets are masked".to_owned(),
        };
        self.notify(Notice::warning(words));
    }
}

/// Returns the exchange's number, for the name of a file.
fn number(exchange: &Exchange) -> String {
    exchange.id.to_string().trim_start_matches('#').to_owned()
}
