//! The exchange pane: which view of the selected exchange, made for the pane's width, and how far it is scrolled.
//!
//! Whatever takes longer than a frame is a [`Task`]: it goes out as an effect, says as messages what it has found so far, and is
//! given up as soon as nobody holds it any more.

mod fold;
mod head;
mod jq;
mod keys;
mod long_lines;
mod prompt;
mod search;
mod task;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::App;
use super::keys::KeyMap;
use super::message::{BodyKey, BodyPart, Effect};
use super::page::{Line, Page, Role};
use super::pages;
use crate::body::{Fold, Rows, View, VisibleMatches, index, kind};
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::lab::SignatureComparison;
use crate::redact::Redactor;
use crate::wire::Response;

pub use fold::{Folding, Json};
pub use jq::{End, Filtered, Filtering, Jq, Limit};
pub use long_lines::LongLines;
pub use prompt::{Prompt, PromptKind};
pub use search::Search;
pub use task::{BodyTask, CancelToken, Task, TaskHandle, TaskOutcome};

/// Bodies up to this many bytes are indexed at once; larger ones off the loop.
pub(in crate::app) const MAX_INLINE_INDEX_BYTES: usize = 16 << 10;

/// The views of an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExchangeView {
    /// The vendor's envelope and what the error means.
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
}

/// The inputs of the shown page; a page with another key is built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
struct PageKey {
    exchange: ExchangeId,
    ended: bool,
    view: ExchangeView,
    body: View,
    width: usize,
    revealed: bool,
    numbered: bool,
    by_server: bool,
}

/// The exchange pane's state.
#[derive(Debug)]
pub struct Viewer {
    /// The view.
    pub view: ExchangeView,
    /// The view of bodies.
    pub body_view: View,
    /// The view that was left for the bytes of the answer, and is come back to.
    pub(in crate::app) left: Option<ExchangeView>,
    /// The first line shown.
    pub scroll: usize,
    /// The page before the body.
    pub head: Page,
    /// The body, indexed as far as it is.
    pub body: Option<(Arc<Rows>, Bytes)>,
    /// The line that is typed into.
    pub prompt: Option<Prompt>,
    /// The text searched for.
    pub search: Option<Search>,
    /// The line that is selected, once one is.
    pub cursor: Option<usize>,
    /// Whether the body's lines are numbered.
    pub numbered: bool,
    /// The display of the body's long lines.
    pub long: LongLines,
    /// The filter over the body, with its results.
    pub jq: Option<Jq>,
    /// The structure of a JSON body.
    pub json: Json,
    /// The brackets that are folded.
    pub(in crate::app) folds: Arc<[Fold]>,
    /// The number of tasks that were issued.
    pub(in crate::app) tasks: u64,
    /// The number of lines that are visible.
    height: usize,
    key: Option<PageKey>,
    /// Whether the page must be made again although nothing else is to be shown.
    stale: bool,
    awaited: Option<BodyKey>,
}

impl Default for Viewer {
    fn default() -> Self {
        Self {
            view: ExchangeView::default(),
            body_view: View::Pretty,
            left: None,
            scroll: 0,
            head: Page::default(),
            body: None,
            prompt: None,
            search: None,
            cursor: None,
            numbered: false,
            long: LongLines::default(),
            jq: None,
            json: Json::default(),
            folds: Arc::default(),
            tasks: 0,
            height: 0,
            key: None,
            stale: false,
            awaited: None,
        }
    }
}

impl Viewer {
    /// Returns how many lines there are.
    pub fn len(&self) -> usize {
        self.head.lines.len() + self.body.as_ref().map_or(0, |(rows, _)| self.long.len(rows))
    }

    /// Returns whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns some lines; those of the body are made now.
    pub fn lines(&self, range: Range<usize>) -> Vec<Line> {
        let head = self.head.lines.len();
        let mut lines: Vec<Line> = self.head.lines.get(range.start..range.end.min(head)).unwrap_or_default().to_vec();
        if let Some(search) = &self.search {
            search.mark(&mut lines, range.start);
        }
        if let Some((rows, bytes)) = &self.body {
            let found = self.search.as_ref().map_or(VisibleMatches::default(), Search::found);
            let below = |at: usize| at.saturating_sub(head);
            lines.extend(self.long.lines(rows, bytes, below(range.start)..below(range.end), found, self.gutter(bytes.len())));
        }
        lines
    }

    /// Takes a layout that was awaited; a search that waited for it goes out.
    pub fn indexed(&mut self, key: BodyKey, rows: Arc<Rows>) -> Vec<Effect> {
        let Some((shown, _)) = self.body.as_mut().filter(|_| self.awaited == Some(key)) else { return Vec::new() };
        let complete = rows.complete();
        *shown = rows;
        let mut effects: Vec<_> = self.search_delayed().into_iter().collect();
        if complete {
            effects.extend(self.rebuild_outline());
            effects.extend(self.refold());
        }
        effects
    }

    /// Returns what is to be found out about a body that is shown again.
    fn body_is_new(&mut self) -> Vec<Effect> {
        let effects = [self.rerun_search(), self.rebuild_outline(), self.refold()];
        effects.into_iter().flatten().collect()
    }

    /// Returns the columns that the numbers of a body's lines take: as many as there could be lines at most.
    fn gutter(&self, bytes: usize) -> usize {
        if self.numbered { bytes.to_string().len().clamp(2, 8) + 1 } else { 0 }
    }

    /// Scrolls a line into sight, if it is not; then it stands in the upper third.
    pub(in crate::app) fn bring_into_sight(&mut self, line: usize) {
        if !(self.scroll..self.scroll + self.height.max(1)).contains(&line) {
            self.scroll = line.saturating_sub(self.height / 3);
        }
    }

    /// Forgets what was made: secrets have become known that must be masked. What is shown, and where one is in it, stays.
    pub fn forget(&mut self) {
        self.stale = true;
        if let Some(jq) = &mut self.jq {
            jq.forget();
        }
    }

    /// Returns what of which exchange is shown, and whether masked.
    pub(in crate::app) fn shown_of(&self) -> Option<(ExchangeId, bool, ExchangeView, bool)> {
        self.key.map(|key| (key.exchange, key.ended, key.view, key.revealed))
    }

    /// Returns whether the shown layout is not whole yet.
    pub fn is_partial(&self) -> bool {
        self.body.as_ref().is_some_and(|(rows, bytes)| !rows.complete() || (rows.is_empty() && !bytes.is_empty()))
    }

    /// Keeps the scroll within what there is.
    pub fn clamp(&mut self, height: usize) {
        self.scroll = self.scroll.min(self.len().saturating_sub(height.max(1)));
    }
}

impl App {
    /// Makes the exchange pane's page for its width, if it is not made; a large body is indexed by an effect.
    pub(in crate::app) fn fit_viewer(&mut self, width: usize, height: usize) -> Vec<Effect> {
        self.viewer.height = height;
        let key = self.log.selected().map(|exchange| PageKey {
            exchange: exchange.id,
            ended: !exchange.in_flight(),
            view: self.viewer.view,
            body: self.viewer.body_view,
            width,
            revealed: self.revealed,
            numbered: self.viewer.numbered,
            by_server: self.clock.is_by_server(),
        });
        let mut effects = Vec::new();
        let stale = std::mem::take(&mut self.viewer.stale);
        if key != self.viewer.key || stale {
            effects.extend(self.make_page(key, width));
            effects.extend(self.viewer.body_is_new());
            effects.extend(self.rerun_filter());
        }
        self.viewer.show_filtered_body();
        self.viewer.tell_path();
        self.viewer.clamp(height);
        effects
    }

    fn make_page(&mut self, key: Option<PageKey>, width: usize) -> Option<Effect> {
        let other = self.viewer.key.map(|old| (old.exchange, old.view)) != key.map(|new| (new.exchange, new.view));
        if other {
            self.viewer.scroll = 0;
            self.viewer.cursor = None;
            self.viewer.folds = Arc::default();
            self.viewer.jq.iter_mut().for_each(Jq::move_on);
            if let LongLines::Cut(below) = &mut self.viewer.long {
                *below = 0;
            }
        }
        self.viewer.key = key;
        self.viewer.head = Page::new(width);
        self.viewer.body = None;
        self.viewer.awaited = None;
        let exchange = self.log.selected()?;
        let mut page = Page::new(width);
        let body = self.fill(&mut page, exchange, self.redactor());
        let columns = |bytes: &Bytes| width.saturating_sub(self.viewer.gutter(bytes.len())).max(1);
        let wanted = body.map(|(part, bytes)| (self.body_key(exchange.id, part, columns(&bytes)), bytes));
        self.viewer.head = page;
        let (key, bytes) = wanted?;
        self.show_body(key, bytes)
    }

    fn body_key(&self, exchange: ExchangeId, part: BodyPart, width: usize) -> BodyKey {
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        let view = if part == BodyPart::Data { View::Pretty } else { self.viewer.body_view };
        BodyKey { exchange, part, view, width, revealed: self.revealed }
    }

    /// Lays a small body out at once, or asks for the layout of a large one.
    fn show_body(&mut self, key: BodyKey, bytes: Bytes) -> Option<Effect> {
        let redactor = self.redactor().cloned().unwrap_or_else(Redactor::blind);
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            let rows = index(&bytes, key.view, key.width, &redactor);
            self.viewer.body = Some((Arc::new(rows), bytes));
            return None;
        }
        self.viewer.awaited = Some(key);
        let first = index(&bytes[..0], key.view, key.width, &redactor);
        self.viewer.body = Some((Arc::new(first), bytes.clone()));
        Some(Effect::Index { key, body: bytes, redactor })
    }

    /// Returns the redactor, unless secrets are revealed.
    pub fn redactor(&self) -> Option<&Redactor> {
        (!self.revealed).then_some(&self.redactor)
    }

    /// Fills the head; gives the body that follows it, and what it is of the exchange.
    pub(in crate::app) fn fill(&self, page: &mut Page, exchange: &Exchange, redactor: Option<&Redactor>) -> Option<(BodyPart, Bytes)> {
        match self.viewer.view {
            ExchangeView::Envelope => {
                let data = pages::envelope(page, &self.subject(exchange, redactor));
                self.created_page(page, exchange, redactor);
                let data = data?;
                page.heading("Data");
                return Some((BodyPart::Data, data));
            }
            ExchangeView::Request => {
                pages::request(page, &exchange.request, redactor);
                page.gap();
                return Some((BodyPart::Request, exchange.request.body.clone()));
            }
            ExchangeView::Response => return response(page, exchange, &self.keys, redactor),
            ExchangeView::Signing => self.signing(page, exchange, redactor),
            ExchangeView::Timing => pages::timing(page, exchange, &self.zone),
            ExchangeView::Explain => pages::explain(page, &self.subject(exchange, redactor)),
        }
        None
    }

    /// Adds the signing, beside the server's text where the error is about the signature.
    fn signing(&self, page: &mut Page, exchange: &Exchange, redactor: Option<&Redactor>) {
        let Some(trace) = &exchange.signing else { return page.text(Role::Dim, "This request carries no signature.") };
        let finding = self.refused_signature(exchange).and_then(|_| SignatureComparison::of(exchange));
        pages::signing(page, &pages::Signing { keys: &self.keys, trace, request: &exchange.request, finding: finding.as_ref() }, redactor);
    }
}

fn response(page: &mut Page, exchange: &Exchange, keys: &KeyMap, redactor: Option<&Redactor>) -> Option<(BodyPart, Bytes)> {
    let Some(response) = exchange.response() else {
        page.text(Role::Dim, &silence(&exchange.outcome, keys));
        return None;
    };
    pages::response(page, response, redactor);
    page.line(Line::of(Role::Dim, "(header names as the HTTP library keeps them, in lower case)").aside());
    if response.excess > 0 {
        let words = format!("{} bytes kept, {} more counted and let go", response.body.len(), response.excess);
        page.line(Line::of(Role::Warning, words).aside());
    }
    if let Outcome::Failed(failure) = &exchange.outcome {
        page.line(Line::of(Role::Failure, format!("the answer broke off: {}", pages::masked(&failure.detail, redactor))).aside());
    }
    if let Some(words) = what_it_is(response) {
        page.line(Line::of(Role::Warning, pages::masked(&words, redactor)).aside());
    }
    page.gap();
    Some((BodyPart::Answer, response.body.clone()))
}

/// Returns what a body is that cannot be read as it came.
fn what_it_is(response: &Response) -> Option<String> {
    let header = |name: &str| response.headers.get(name).map(|value| crate::visible::visible_bytes(value).into_owned());
    let encoding = header("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity") && !response.body.is_empty());
    match (encoding, kind(&response.body)) {
        (Some(coding), _) => Some(format!("the body is {coding}, as the server encoded it: shown as received, not decoded")),
        (None, Some(kind)) => Some(format!("the body is not text: {kind}, shown as received")),
        (None, None) => None,
    }
}

/// Returns what to say where there is no answer.
fn silence(outcome: &Outcome, keys: &KeyMap) -> String {
    match outcome {
        Outcome::InFlight => pages::waiting(keys),
        Outcome::Unrecorded => pages::UNRECORDED.to_owned(),
        Outcome::Cancelled => "Cancelled before an answer was received.".to_owned(),
        Outcome::Failed(_) | Outcome::Answered(_) => "No answer was received: the envelope and explain views say why.".to_owned(),
    }
}
