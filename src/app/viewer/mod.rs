//! The exchange pane: the selected exchange in one of its views, made for the pane's width, and what is searched, folded and
//! filtered in it.
//!
//! Whatever takes longer than a frame is a [`Task`]: it goes out as an effect, reports as messages what it has found so far, and is
//! given up as soon as nobody awaits it any more.

mod exchange_page;
mod head;
mod jq;
mod prompt;
mod search;
mod structure;
mod task;
mod typing;
mod viewport;

use std::ops::Range;
use std::sync::Arc;

use super::exchanges::ExchangeContext;
use super::focus::stepped;
use super::message::{BodyCopy, BodyKey, BodyPart, Effect};
use super::page::{Line, Page};
use super::session::Session;
use super::{Action, Context, Notice};
use crate::body::{Rows, View, VisibleMatches};
use crate::exchange::ExchangeId;
use crate::redact::Redactor;

pub use jq::Jq;
pub use prompt::{Prompt, PromptKind};
pub use search::Search;
pub use structure::Structure;
pub use task::{BodyTask, CancelToken, End, Filtered, Filtering, Folding, Limit, PendingTask, Task, TaskNumbers, TaskOutcome};
pub use viewport::{LongLines, Viewport};

/// Bodies up to this many bytes are indexed at once; larger ones off the loop.
const MAX_INLINE_INDEX_BYTES: usize = 16 << 10;

/// The views of an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExchangeView {
    /// The vendor's envelope and the explanation of an error.
    #[default]
    Envelope,
    /// The request as sent.
    Request,
    /// The answer as received.
    Response,
    /// The signature step by step.
    Signing,
    /// The durations of an exchange.
    Timing,
    /// The explanation of a failure.
    Explain,
}

impl ExchangeView {
    /// Every view in the order of the pane's head.
    pub const ALL: [Self; 6] = [Self::Envelope, Self::Request, Self::Response, Self::Signing, Self::Timing, Self::Explain];

    /// Returns its name in the pane's head.
    pub fn name(self) -> &'static str {
        match self {
            Self::Envelope => "envelope",
            Self::Request => "request",
            Self::Response => "response",
            Self::Signing => "signing",
            Self::Timing => "timing",
            Self::Explain => "explain",
        }
    }

    /// Returns whether it shows the bytes of a body.
    fn shows_body(self) -> bool {
        matches!(self, Self::Request | Self::Response)
    }
}

/// The inputs of the shown page; a page with another key is built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct PageKey {
    exchange: ExchangeId,
    ended: bool,
    view: ExchangeView,
    body: View,
    width: usize,
    revealed: bool,
    numbered: bool,
    by_server: bool,
}

impl PageKey {
    fn new(viewer: &Viewer, subject: ExchangeContext<'_>, width: usize) -> Self {
        Self {
            exchange: subject.exchange.id,
            ended: !subject.exchange.in_flight(),
            view: viewer.view,
            body: viewer.body_view,
            width,
            revealed: subject.session.revealed,
            numbered: viewer.text.numbered,
            by_server: subject.session.clock.is_by_server(),
        }
    }

    /// Returns what its body depends on, however it is shown.
    fn body_source(self) -> (ExchangeId, bool, ExchangeView, bool) {
        (self.exchange, self.ended, self.view, self.revealed)
    }
}

/// The exchange pane's state.
#[derive(Debug)]
pub struct Viewer {
    /// The view.
    pub view: ExchangeView,
    /// The view of bodies.
    pub body_view: View,
    /// The shown text.
    pub text: Viewport,
    /// The line that is typed into.
    pub prompt: Option<Prompt>,
    /// The text searched for.
    pub search: Option<Search>,
    /// The filter over the body, with its results.
    pub jq: Option<Jq>,
    /// The structure of a JSON body.
    pub json: Structure,
    /// The view that was left for the bytes of the answer, to return to.
    left: Option<ExchangeView>,
    key: Option<PageKey>,
    /// Set when the page must be made again although its key is the same.
    stale: bool,
    /// The index of the body that is being made.
    pending: Option<BodyKey>,
    /// The number of visible lines of results.
    results_height: usize,
}

impl Default for Viewer {
    fn default() -> Self {
        Self {
            view: ExchangeView::default(),
            body_view: View::Pretty,
            text: Viewport::default(),
            prompt: None,
            search: None,
            jq: None,
            json: Structure::default(),
            left: None,
            key: None,
            stale: false,
            pending: None,
            results_height: 0,
        }
    }
}

impl Viewer {
    /// Returns some lines of the shown text, with the matches of the search marked.
    pub fn lines(&self, range: Range<usize>) -> Vec<Line> {
        let Some(search) = &self.search else { return self.text.lines(range, VisibleMatches::default()) };
        let first = range.start;
        let mut lines = self.text.lines(range, search.visible());
        search.mark(&mut lines, first);
        lines
    }

    /// Forgets the page: secrets have become known that must be masked. The position in it stays.
    pub(super) fn forget(&mut self) {
        self.stale = true;
        if let Some(jq) = &mut self.jq {
            jq.forget();
        }
    }

    /// Makes the page of the selected exchange for the pane's columns and rows, unless it is made; a large body is indexed by an effect.
    pub(super) fn fit(
        &mut self,
        subject: Option<ExchangeContext<'_>>,
        size: (usize, usize),
        results: (usize, usize),
        cx: &mut Context<'_>,
    ) {
        let (width, session) = (size.0, cx.session);
        (self.text.height, self.results_height) = (size.1, results.1);
        let key = subject.map(|subject| PageKey::new(self, subject, width));
        if std::mem::take(&mut self.stale) || key != self.key {
            let effect = self.make_page(subject, key, width, session);
            let redactor = session.redactor_or_blind();
            let text = &mut self.text;
            let made = [
                effect,
                self.search.as_mut().and_then(|search| search.run(text)),
                self.json.rebuild(text),
                self.json.refold(text),
                self.jq.as_mut().and_then(|jq| jq.rerun(key, text, redactor)),
            ];
            cx.effects(made.into_iter().flatten());
        }
        if let Some(jq) = &mut self.jq {
            jq.show_body(&mut self.text);
            jq.fit(results, &session.redactor_or_blind());
        }
        self.json.update_path(&self.text);
        self.text.clamp();
    }

    fn make_page(&mut self, subject: Option<ExchangeContext<'_>>, key: Option<PageKey>, width: usize, session: &Session) -> Option<Effect> {
        let other = self.key.map(|old| (old.exchange, old.view)) != key.map(|new| (new.exchange, new.view));
        if other {
            self.text.rewind();
            self.json.clear();
            self.jq.iter_mut().for_each(Jq::move_on);
        }
        (self.key, self.pending, self.text.body) = (key, None, None);
        self.text.head = Page::new(width);
        let subject = subject?;
        let (part, bytes) = exchange_page::fill(&mut self.text.head, self.view, subject, session.screen_redactor())?;
        let columns = width.saturating_sub(self.text.gutter(bytes.len())).max(1);
        let view = if part == BodyPart::Data { View::Pretty } else { self.body_view };
        let width = u16::try_from(columns).unwrap_or(u16::MAX);
        let key = BodyKey { exchange: subject.exchange.id, part, view, width, revealed: session.revealed };
        let effect = self.text.show_body(key, bytes, session.redactor_or_blind());
        self.pending = effect.is_some().then_some(key);
        effect
    }

    /// Takes the pending index; a search that waited for it goes out.
    pub(super) fn indexed(&mut self, key: BodyKey, rows: Arc<Rows>, cx: &mut Context<'_>) {
        let Some((shown, _)) = self.text.body.as_mut().filter(|_| self.pending == Some(key)) else { return };
        let complete = rows.complete();
        *shown = rows;
        let text = &mut self.text;
        let mut effects = vec![self.search.as_mut().and_then(|search| search.run_delayed(text))];
        if complete {
            effects.extend([self.json.rebuild(text), self.json.refold(text)]);
        }
        cx.effects(effects.into_iter().flatten());
    }

    /// Takes the outcome of a task.
    pub(super) fn task_done(&mut self, number: u64, outcome: TaskOutcome, cx: &mut Context<'_>) {
        match (outcome, &mut self.search, &mut self.jq) {
            (TaskOutcome::Matches(matches), Some(search), _) => {
                search.take(number, matches);
                if self.prompt.is_some() {
                    search.look_at_first(&mut self.text);
                }
            }
            (TaskOutcome::Filtered(filtered), _, Some(jq)) => jq.take_outcome(number, filtered),
            (TaskOutcome::Matches(_) | TaskOutcome::Filtered(_), _, _) => {}
            (other, _, _) => self.json.take(number, other, &mut self.text, cx),
        }
    }

    /// Carries out an action of the pane.
    pub(super) fn act(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Search => self.begin_search(cx),
            Action::NextMatch => self.step_match(1, cx),
            Action::PreviousMatch => self.step_match(-1, cx),
            Action::Regex => {
                if let Some(search) = &mut self.search {
                    search.regex = !search.regex;
                    self.prompt_changed(cx);
                }
            }
            Action::Fold | Action::FoldAll | Action::UnfoldAll if self.text.json().is_none() => {
                cx.notify(Notice::warning("nothing to fold here: no JSON in the pretty view"));
            }
            Action::Fold => cx.effects(self.json.toggle_fold(&mut self.text)),
            Action::FoldAll | Action::UnfoldAll => cx.effects(self.json.fold_all(action == Action::FoldAll, &mut self.text)),
            Action::Path => self.begin_path(cx),
            Action::Jq => self.begin_jq(cx),
            Action::Complete => self.complete(cx),
            Action::Choose => self.take_prompt(cx),
            Action::Wrap => self.text.toggle_wrap(),
            Action::ScrollRight => self.text.step_part(1, cx),
            Action::ScrollLeft => self.text.step_part(-1, cx),
            Action::LineNumbers => self.text.numbered = !self.text.numbered,
            Action::NextView => self.show_view(stepped(&ExchangeView::ALL, self.view, 1)),
            Action::PreviousView => self.show_view(stepped(&ExchangeView::ALL, self.view, -1)),
            Action::BodyView => self.step_body_view(),
            _ => self.travel(action, cx),
        }
    }

    /// Moves from match to match while a search is typed; else the results of a filter, the selected line or the text.
    fn travel(&mut self, action: Action, cx: &mut Context<'_>) {
        let page = self.text.height;
        match (self.prompt.as_ref().map(|prompt| prompt.kind), &mut self.jq) {
            (Some(PromptKind::Search), _) => self.step_match(if matches!(action, Action::Up | Action::PageUp) { -1 } else { 1 }, cx),
            (Some(PromptKind::Filter), Some(jq)) => jq.scroll = action.moved(jq.scroll, self.results_height),
            (Some(_), _) => {}
            (None, Some(jq)) if self.text.cursor.is_none() => jq.scroll = action.moved(jq.scroll, self.results_height),
            (None, _) => self.text.travel(|line| action.moved(line, page)),
        }
    }

    /// Shows a view.
    pub(super) fn show_view(&mut self, view: ExchangeView) {
        (self.left, self.view) = (None, view);
    }

    /// Shows the body in its next form. From a view without one it is the answer's, and after the last form that view again.
    fn step_body_view(&mut self) {
        self.body_view = stepped(&[View::Pretty, View::Raw, View::Hex], self.body_view, 1);
        if !self.view.shows_body() {
            self.left = Some(self.view);
            (self.view, self.body_view) = (ExchangeView::Response, View::Raw);
        } else if self.body_view == View::Pretty {
            self.return_to_view();
        }
    }

    /// Returns to the view that was left for the bytes of the answer; `false` if none was.
    fn return_to_view(&mut self) -> bool {
        let Some(left) = self.left.take() else { return false };
        (self.view, self.body_view) = (left, View::Pretty);
        true
    }

    /// Returns the shown view for a copy, masked: the text before the body, and the body.
    pub(super) fn copy(&self, subject: ExchangeContext<'_>, redactor: &Redactor) -> (String, Option<BodyCopy>) {
        let mut page = Page::new(0);
        let body = exchange_page::fill(&mut page, self.view, subject, Some(redactor));
        let body = body.map(|(_, bytes)| BodyCopy { view: self.body_view, bytes, redactor: redactor.clone() });
        (page.plain(), body)
    }
}
