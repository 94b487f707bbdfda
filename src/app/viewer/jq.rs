//! jq on the shown body, with its results beside it.
//!
//! The filter runs outside, in a process that can be killed; the body is masked before it gets there. What is typed runs at
//! once, over a large body when it is taken.

use bytes::Bytes;

use super::task::{End, Filtered, Filtering, MAX_PATH_CANDIDATES, PendingTask};
use super::{PageKey, Viewport};
use crate::app::keys::{Action, KeyMap};
use crate::app::page::{Line, Page, Role};
use crate::app::{Effect, pages};
use crate::body::{Rows, VisibleMatches, complete, index_values};
use crate::jq::JqError;
use crate::redact::Redactor;

/// Over larger bodies a filter runs when it is taken, not with every key.
const MAX_LIVE_FILTER_BYTES: usize = 1 << 20;

/// Examples of filters, shown while nothing is typed.
const EXAMPLES: [&str; 3] = [".Data", ".Data | keys", ".. | .Name? // empty"];

/// A filter and its results.
#[derive(Debug, Default)]
pub struct Jq {
    /// The filter.
    pub filter: String,
    /// The first line shown.
    pub scroll: usize,
    /// The end of the newest run.
    pub end: Option<End>,
    /// The filter that was run last.
    ran: String,
    results: Bytes,
    /// The filter that gave them.
    given: String,
    /// The number of results there are.
    count: usize,
    /// Set when the filter was changed since it was run.
    changed: bool,
    pending: Option<PendingTask>,
    /// The first line of the exchange that was shown before.
    pub(super) from: usize,
    /// Set when it was opened since the last frame: the body is to be visible.
    opened: bool,
    /// The page whose body gave the results.
    source: Option<PageKey>,
    /// The text before the results.
    head: Option<Page>,
    /// The results, indexed for a width.
    rows: Option<(usize, Rows)>,
}

impl Jq {
    /// Opens a filter beside the text.
    pub(super) fn open(text: &Viewport) -> Self {
        Self { from: text.scroll, opened: true, ..Self::default() }
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        self.head_len() + self.rows.as_ref().map_or(0, |(_, rows)| rows.len())
    }

    fn head_len(&self) -> usize {
        self.head.as_ref().map_or(0, |head| head.lines.len())
    }

    /// Returns whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether the filter runs.
    pub fn running(&self) -> bool {
        self.pending.is_some()
    }

    /// Returns where it stands: `3 results`.
    pub fn state(&self, keys: &KeyMap) -> String {
        match (&self.end, self.count) {
            _ if self.running() => format!("running: {} stops it", keys.hint(Action::Back)),
            _ if self.changed && !self.filter.is_empty() => format!("{} runs it", keys.hint(Action::Choose)),
            (None, _) => String::new(),
            (Some(End::Failed(JqError::Filter { at, .. })), _) => format!("mistake at {}", at + 1),
            (Some(_), 1) => "1 result".to_owned(),
            (Some(_), count) => format!("{count} results"),
        }
    }

    /// Returns some lines.
    pub fn lines(&self, height: usize) -> Vec<Line> {
        let (first, head) = (self.scroll, self.head_len());
        let mut lines: Vec<Line> = self.head.iter().flat_map(|head| &head.lines).skip(first).take(height).cloned().collect();
        if let Some((_, rows)) = &self.rows {
            let below = |at: usize| at.saturating_sub(head);
            lines.extend(pages::lines(rows, &self.results, below(first)..below(first + height), VisibleMatches::default(), 0));
        }
        lines
    }

    /// Resets the page when another exchange's body, or another body of it, takes the place of the one that was read.
    pub(super) fn move_on(&mut self) {
        (self.from, self.opened) = (0, true);
    }

    /// Forgets what was made of the body: it must be read again.
    pub(super) fn forget(&mut self) {
        self.source = None;
    }

    fn clear(&mut self) {
        (self.results, self.count, self.end, self.scroll) = (Bytes::new(), 0, None, 0);
        (self.rows, self.head) = (None, None);
    }

    /// Makes what is shown for a width, if it is not made.
    pub(super) fn fit(&mut self, (width, height): (usize, usize), redactor: &Redactor) {
        if self.rows.as_ref().is_none_or(|(made_for, _)| *made_for != width) {
            let columns = u16::try_from(width).unwrap_or(u16::MAX);
            self.rows = Some((width, index_values(&self.results, columns, redactor)));
        }
        if self.head.as_ref().is_none_or(|head| head.width() != width) {
            self.head = Some(self.head(width, redactor));
        }
        self.scroll = self.scroll.min(self.len().saturating_sub(height.max(1)));
    }

    fn head(&self, width: usize, redactor: &Redactor) -> Page {
        let mut page = Page::new(width);
        match &self.end {
            None if self.filter.is_empty() => {
                page.text(Role::Dim, "A filter of jq, such as");
                for example in EXAMPLES {
                    page.line(Line::of(Role::Text, format!("  {example}")));
                }
            }
            None | Some(End::Whole) => {}
            Some(End::Failed(error)) => {
                page.line(Line::of(Role::Failure, format!("✗ {}", redactor.text(&error.to_string()))).hanging(2));
                if let JqError::Filter { at, .. } = error {
                    mistake(&mut page, &self.ran, *at);
                }
            }
            Some(End::Stopped(limit)) => page.line(Line::of(Role::Warning, format!("! {}", limit.words())).hanging(2)),
            Some(End::Broken(reason)) => page.line(Line::of(Role::Failure, format!("✗ {}", redactor.text(reason))).hanging(2)),
        }
        if matches!(self.end, Some(End::Whole)) && self.count == 0 {
            page.text(Role::Dim, "The filter gives no result.");
        }
        let stale = matches!(self.end, Some(End::Failed(JqError::Filter { .. })));
        match self.count {
            0 => {}
            _ if stale => page.text(Role::Dim, &redactor.text(&format!("What {} gave:", self.given.trim()))),
            _ => page.gap(),
        }
        page
    }

    fn take(&mut self, filtered: Filtered) {
        // While a filter is typed it is wrong more often than not: the results of the last valid one stay visible.
        if !matches!(filtered.end, End::Failed(JqError::Filter { .. })) {
            self.count = memchr::memchr_iter(b'\n', &filtered.results).count();
            self.results = filtered.results;
            self.given.clone_from(&self.ran);
            self.rows = None;
            self.scroll = 0;
        }
        self.end = Some(filtered.end);
        self.head = None;
    }

    /// Scrolls the text to its body, if the filter was opened a moment ago.
    pub(super) fn show_body(&mut self, text: &mut Viewport) {
        if std::mem::take(&mut self.opened) {
            text.scroll = text.scroll.max(text.head.lines.len());
        }
    }

    /// Takes what is typed for the filter; over a small body it is run at once.
    pub(super) fn type_filter(&mut self, filter: String, page: Option<PageKey>, text: &mut Viewport, redactor: Redactor) -> Option<Effect> {
        (self.filter, self.changed, self.pending) = (filter, true, None);
        if self.filter.trim().is_empty() {
            self.clear();
            return None;
        }
        let live = text.body.as_ref().is_some_and(|(_, bytes)| bytes.len() <= MAX_LIVE_FILTER_BYTES);
        if live { self.run(page, text, redactor) } else { None }
    }

    /// Runs the filter, if it was changed since it was run.
    pub(super) fn run_changed(&mut self, page: Option<PageKey>, text: &mut Viewport, redactor: Redactor) -> Option<Effect> {
        if self.changed { self.run(page, text, redactor) } else { None }
    }

    /// Runs the filter over a body that is shown again, unless the results are of that body already.
    pub(super) fn rerun(&mut self, page: Option<PageKey>, text: &mut Viewport, redactor: Redactor) -> Option<Effect> {
        if self.source.map(PageKey::body_source) == page.map(PageKey::body_source) || self.filter.trim().is_empty() {
            return None;
        }
        self.clear();
        self.run(page, text, redactor)
    }

    fn run(&mut self, page: Option<PageKey>, text: &mut Viewport, redactor: Redactor) -> Option<Effect> {
        (self.pending, self.changed, self.source) = (None, false, page);
        let Some((_, body)) = text.body.as_ref().filter(|(_, bytes)| !bytes.is_empty()) else {
            self.take(Filtered { results: Bytes::new(), end: End::Broken("no body in this view".to_owned()) });
            return None;
        };
        let pending = text.tasks.issue();
        let (number, cancel, body) = (pending.number(), pending.cancel_token(), body.clone());
        self.pending = Some(pending);
        self.ran.clone_from(&self.filter);
        Some(Effect::Filter(Box::new(Filtering { number, cancel, filter: self.filter.clone(), body, redactor })))
    }

    /// Takes the outcome of a run.
    pub(super) fn take_outcome(&mut self, number: u64, filtered: Filtered) {
        if self.pending.take_if(|task| task.number() == number).is_some() {
            self.take(filtered);
        }
    }

    /// Returns the results as text for a copy: a line a member, secrets masked. `None` where there is none.
    pub(in crate::app) fn results_text(&self, redactor: &Redactor) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let rows = index_values(&self.results, u16::MAX, redactor);
        let mut text = String::new();
        pages::add_text(&mut text, &rows.screen(0..rows.len(), &self.results));
        Some(text)
    }
}

/// Returns the first name that continues a filter which is a path so far, but none in which something is masked.
pub(super) fn completed(filter: &str, text: &Viewport, redactor: Option<&Redactor>) -> Option<String> {
    let (_, bytes) = text.body.as_ref().filter(|(_, bytes)| bytes.len() <= MAX_LIVE_FILTER_BYTES)?;
    let names = complete(bytes, filter.strip_prefix('.')?, MAX_PATH_CANDIDATES);
    let open = |name: &&String| redactor.is_none_or(|redactor| redactor.text(name) == **name);
    names.iter().find(open).map(|name| format!(".{name}"))
}

/// Draws the filter with a mark under a character, as much of it as there is room for.
fn mistake(page: &mut Page, filter: &str, at: usize) {
    let room = page.width().saturating_sub(3).max(1);
    let from = (at + 1).saturating_sub(room);
    let shown: String = filter.chars().skip(from).take(room).collect();
    let before: String = filter.chars().skip(from).take(at - from).collect();
    page.line(Line::of(Role::Text, format!("  {shown}")));
    let column = unicode_width::UnicodeWidthStr::width(before.as_str());
    page.line(Line::of(Role::Failure, format!("  {}^", " ".repeat(column))));
}
