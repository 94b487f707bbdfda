//! Popups that are read: a page, scrolled and copied.

use std::borrow::Cow;
use std::fmt;

use super::component::{Body, Hint, PopupContext, PopupInput, PopupOutcome, Reaction, View};
use crate::app::keys::{Action, KeyContext};
use crate::app::message::Effect;
use crate::app::page::Page;
use crate::redact::Redactor;

/// Writes a text; without a redactor secrets are not masked.
type Write = dyn Fn(&mut Page, &PopupContext<'_>, Option<&Redactor>);

/// A text in a popup.
pub struct TextPopup {
    /// The title.
    pub title: String,
    /// Returns the columns and rows that it would like for so many lines.
    pub size: fn(u16) -> (u16, u16),
    /// The contexts in which keys are looked up, the closest first.
    pub contexts: &'static [KeyContext],
    /// The actions that the footer shows, the most useful first.
    pub hints: &'static [Hint],
    /// The actions in the popup's own last line.
    pub keys: &'static [Hint],
    /// Takes an input that neither scrolls nor copies.
    pub react: fn(PopupInput<'_>) -> Reaction,
    /// Set when a click beside it closes it.
    pub is_dismissible: bool,
    /// The text, made for the popup's width.
    pub page: Page,
    /// The first line shown.
    pub scroll: usize,
    /// The columns and the version of the redactor that the page was made for; none while secrets are shown.
    pub(super) made_for: Option<(usize, Option<u64>)>,
    pub(super) rows: usize,
    pub(super) write: Box<Write>,
}

impl fmt::Debug for TextPopup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextPopup").field("title", &self.title).field("page", &self.page).finish_non_exhaustive()
    }
}

/// The keys of a text.
pub const TEXT_HINTS: &[Hint] =
    &[(Action::Back, "close"), (Action::Up, "up"), (Action::Down, "down"), (Action::PageDown, "page down"), (Action::Copy, "copy")];

impl TextPopup {
    /// Creates a popup that is only read; its page is made before it is drawn.
    pub fn new(title: impl Into<String>, write: impl Fn(&mut Page, &PopupContext<'_>, Option<&Redactor>) + 'static) -> Self {
        Self {
            title: title.into(),
            size: |lines| (84, lines.max(3).saturating_add(3)),
            contexts: &[KeyContext::Popup, KeyContext::Reading],
            hints: TEXT_HINTS,
            keys: &[],
            react: |_| Reaction::Stay,
            is_dismissible: true,
            page: Page::default(),
            scroll: 0,
            made_for: None,
            rows: 0,
            write: Box::new(write),
        }
    }

    fn written(&self, columns: usize, context: &PopupContext<'_>, redactor: Option<&Redactor>) -> Page {
        let mut page = Page::new(columns);
        (self.write)(&mut page, context, redactor);
        page
    }

    /// Makes the page for the columns and rows inside the frame.
    pub fn fit(&mut self, (columns, rows): (usize, usize), context: &PopupContext<'_>) {
        let redactor = (!context.revealed).then_some(context.redactor);
        let key = Some((columns, redactor.map(Redactor::version)));
        if self.made_for != key {
            self.page = self.written(columns, context, redactor);
            self.made_for = key;
        }
        self.rows = rows;
        self.scroll = self.scroll.min(self.page.lines.len().saturating_sub(rows.max(1)));
    }

    /// Describes it for the screen.
    pub fn view(&self) -> View<'_> {
        let size = (self.size)(u16::try_from(self.page.lines.len()).unwrap_or(u16::MAX));
        let body = Body::Lines(Cow::Borrowed(&self.page.lines), self.scroll);
        let view = View::read(&self.title, size, (self.contexts, self.hints), body);
        View { keys: self.keys, is_dismissible: self.is_dismissible, ..view }
    }

    /// Takes an input.
    pub fn update(&mut self, input: PopupInput<'_>, context: &PopupContext<'_>) -> Reaction {
        match input {
            PopupInput::Wheel(lines) => self.scroll = self.scroll.saturating_add_signed(lines),
            PopupInput::Action(action) if action.moves() => self.scroll = action.moved(self.scroll, self.rows),
            PopupInput::Action(Action::Copy) => {
                let text = self.written(0, context, Some(context.redactor)).plain();
                return Reaction::Do(PopupOutcome::Effect(Effect::Copy(text)));
            }
            other => return (self.react)(other),
        }
        Reaction::Stay
    }
}
