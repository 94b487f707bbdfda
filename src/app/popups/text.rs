//! Popups that are read: a page, scrolled and copied.

use std::borrow::Cow;
use std::fmt;

use super::component::{Body, Component, PopupContext, PopupInput, PopupOutcome, Reaction, View, hints};
use crate::app::keys::{Action, KeyContext};
use crate::app::message::Effect;
use crate::app::page::Page;
use crate::redact::Redactor;

/// A kind of text.
pub trait Text: fmt::Debug {
    /// Returns the title.
    fn title(&self) -> Cow<'_, str>;

    /// Writes the text; without a redactor secrets are not masked.
    fn write(&self, page: &mut Page, context: &PopupContext<'_>, redactor: Option<&Redactor>);

    /// Returns the columns and rows that it would like for so many lines.
    fn size(&self, lines: u16) -> (u16, u16) {
        (84, lines.max(3).saturating_add(3))
    }

    /// Returns keys written below the text, with their words.
    fn keys(&self) -> &'static [(Action, &'static str)] {
        &[]
    }

    /// Returns the contexts in which keys are looked up, the closest first.
    fn contexts(&self) -> &'static [KeyContext] {
        &[KeyContext::Popup, KeyContext::Reading]
    }

    /// Returns the actions that the footer shows, with their words, the most useful first.
    fn hints(&self, _context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        let mut shown = vec![(Action::Back, "close")];
        shown.extend(hints([Action::Up, Action::Down, Action::PageDown, Action::Copy]));
        shown
    }

    /// Returns `true` if a click beside it closes it.
    fn is_dismissible(&self) -> bool {
        true
    }

    /// Takes an input that neither scrolls nor copies.
    fn update(&mut self, _input: PopupInput<'_>) -> Reaction {
        Reaction::Stay
    }
}

/// A text in a popup.
#[derive(Debug, Default)]
pub struct TextPopup<T> {
    /// The text's kind.
    pub text: T,
    /// The text, made for the popup's width.
    pub page: Page,
    /// The first line shown.
    pub scroll: usize,
    rows: usize,
}

impl<T: Text> TextPopup<T> {
    /// Creates a popup whose page is made before it is drawn.
    pub fn new(text: T) -> Self {
        Self { text, page: Page::default(), scroll: 0, rows: 0 }
    }

    fn written(&self, columns: usize, context: &PopupContext<'_>, redactor: Option<&Redactor>) -> Page {
        let mut page = Page::new(columns);
        self.text.write(&mut page, context, redactor);
        page
    }
}

impl<T: Text> Component for TextPopup<T> {
    fn contexts(&self) -> &'static [KeyContext] {
        self.text.contexts()
    }

    fn hints(&self, context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        self.text.hints(context)
    }

    fn is_dismissible(&self) -> bool {
        self.text.is_dismissible()
    }

    fn view<'a>(&'a self, _context: &PopupContext<'a>) -> View<'a> {
        let size = self.text.size(u16::try_from(self.page.lines.len()).unwrap_or(u16::MAX));
        let body = Body::Lines(Cow::Borrowed(&self.page.lines), self.scroll);
        View { body, keys: self.text.keys(), ..View::new(self.text.title(), size) }
    }

    fn fit(&mut self, columns: usize, rows: usize, context: &PopupContext<'_>) {
        if self.page.width() != columns {
            self.page = self.written(columns, context, (!context.revealed).then_some(context.redactor));
        }
        self.rows = rows;
        self.scroll = self.scroll.min(self.page.lines.len().saturating_sub(rows.max(1)));
    }

    fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        match input {
            PopupInput::Wheel(lines) => self.scroll = self.scroll.saturating_add_signed(lines),
            PopupInput::Action(action) if action.moves() => self.scroll = action.moved(self.scroll, self.rows),
            PopupInput::Action(Action::Copy) => {
                let text = self.written(0, context, Some(context.redactor)).plain();
                return Reaction::Do(PopupOutcome::Effect(Effect::Copy(text)));
            }
            other => return self.text.update(other),
        }
        Reaction::Stay
    }
}
