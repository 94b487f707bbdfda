//! What a pane shows, for the clipboard or a file: as it is shown, but without the line breaks that the pane's width makes.
//!
//! Secrets stay covered unless the operator uncovered them.

use bytes::Bytes;

use super::message::BodyCopy;
use super::page::Page;
use super::{App, Effect, Notice, Pane, Popup, pages};
use crate::body::index;

/// Bytes of a body above which it is not copied to the clipboard.
const COPY_LIMIT: usize = 256 << 10;

impl App {
    pub(super) fn copy(&mut self) {
        let text = match (&self.popup, self.pane) {
            (Some(Popup::Reading(reading)), _) => reading.page.plain(),
            (_, Pane::Form | Pane::Preview) => self.preview_page(0).plain(),
            (_, Pane::Log | Pane::Exchange) => match self.exchange_text() {
                Ok(text) => text,
                Err(reason) => return self.tell(Notice::doubt(reason)),
            },
        };
        self.effects.push(Effect::Copy(text));
    }

    /// The exchange pane's whole text, unless there is none or it is long.
    fn exchange_text(&self) -> Result<String, &'static str> {
        let exchange = self.log.selected().ok_or("nothing was sent yet")?;
        let mut page = Page::new(0);
        if let Some((_, bytes)) = self.fill(&mut page, exchange) {
            if bytes.len() > COPY_LIMIT {
                return Err("too long for the clipboard: w writes it to a file");
            }
            let copy = self.body_copy(bytes);
            let rows = index(&copy.bytes, copy.view, u16::MAX, &copy.redactor);
            pages::rows(&mut page, &rows, &copy.bytes);
        }
        Ok(page.plain())
    }

    fn body_copy(&self, bytes: Bytes) -> BodyCopy {
        BodyCopy { bytes, view: self.viewer.body_view, redactor: self.redactor().cloned().unwrap_or_default() }
    }

    pub(super) fn save(&mut self) {
        let effect = match (self.pane, self.log.selected()) {
            (Pane::Form | Pane::Preview, _) => {
                let name = format!("{}-{}.txt", self.current().id, self.preview.view.name());
                Effect::Save { name, head: self.preview_page(0).plain(), body: None }
            }
            (_, None) => return self.tell(Notice::doubt("nothing was sent yet")),
            (_, Some(exchange)) => {
                let name = format!("{}-{}-{}.txt", exchange.provider, exchange.id.0, self.viewer.view.name());
                let mut page = Page::new(0);
                let body = self.fill(&mut page, exchange).map(|(_, bytes)| self.body_copy(bytes));
                Effect::Save { name, head: page.plain(), body }
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
