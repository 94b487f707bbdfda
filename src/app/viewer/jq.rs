//! jq on the shown body, with its results beside it.
//!
//! The filter runs outside, in a process that can be killed; the body is masked before it gets there. What is typed runs at
//! once, over a large body when it is taken.

use bytes::Bytes;

use super::fold::MAX_PATH_CANDIDATES;
use super::{CancelToken, Prompt, PromptKind, TaskHandle};
use crate::app::keys::KeyMap;
use crate::app::page::{Line, Page, Role};
use crate::app::pages;
use crate::app::viewer::Viewer;
use crate::app::{Action, App, Effect, Notice, Pane};
use crate::body::{Rows, VisibleMatches, complete, index_values};
use crate::exchange::ExchangeId;
use crate::jq::JqError;
use crate::redact::Redactor;

/// Over larger bodies a filter runs when it is taken, not with every key.
const MAX_LIVE_FILTER_BYTES: usize = 1 << 20;

/// Examples of filters, shown while nothing is typed.
const EXAMPLES: [&str; 3] = [".Data", ".Data | keys", ".. | .Name? // empty"];

/// A filter to be run.
#[derive(Debug)]
pub struct Filtering {
    /// Its number: what comes of it carries the same.
    pub number: u64,
    /// Whether it is still wanted.
    pub wanted: CancelToken,
    /// The filter.
    pub filter: String,
    /// The body, as it came.
    pub body: Bytes,
    /// The redactor that masks in it first.
    pub redactor: Redactor,
}

/// The result of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtered {
    /// The results, each as JSON on a line.
    pub results: Bytes,
    /// The outcome.
    pub end: End,
}

/// The end of a filter's run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It gave all its results.
    Whole,
    /// It is none, or failed.
    Failed(JqError),
    /// It was stopped.
    Stopped(Limit),
    /// It could not be run, or broke off: why.
    Broken(String),
}

/// The limit that stopped a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It ran for so many seconds.
    Time(u64),
    /// It wanted more memory than this many MiB.
    Memory(u64),
    /// It gave more than this many bytes.
    Output(usize),
    /// It called itself too often.
    Depth,
}

/// Of which exchange's body the results are.
type Source = (ExchangeId, bool, crate::app::ExchangeView, bool);

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
    /// Whether the filter was changed since it was run.
    changed: bool,
    awaited: Option<(u64, TaskHandle)>,
    /// The first line of the exchange that was shown before.
    from: usize,
    /// Whether it was opened since the last frame: the body is to be visible.
    opened: bool,
    source: Option<Source>,
    /// The text before the results.
    head: Option<Page>,
    /// The results, indexed for a width.
    rows: Option<(usize, Rows)>,
}

impl Jq {
    /// Returns how many lines there are.
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
        self.awaited.is_some()
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
    pub(in crate::app) fn move_on(&mut self) {
        (self.from, self.opened) = (0, true);
    }

    /// Forgets what was made of the body: it must be read again.
    pub(in crate::app) fn forget(&mut self) {
        self.source = None;
    }

    fn clear(&mut self) {
        (self.results, self.count, self.end, self.scroll) = (Bytes::new(), 0, None, 0);
        (self.rows, self.head) = (None, None);
    }

    /// Makes what is shown for a width, if it is not made.
    pub(in crate::app) fn fit(&mut self, (width, height): (usize, usize), redactor: &Redactor) {
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
        // While a filter is typed it is wrong more often than not: what the last right one gave stays in sight.
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

impl Limit {
    /// Returns what happened, and what to do about it.
    fn words(self) -> String {
        match self {
            Self::Time(seconds) => format!("stopped after {seconds} s: the filter runs on and on, or the body is too much for it"),
            Self::Memory(mebibytes) => format!("stopped: the filter needed more than {mebibytes} MiB of memory"),
            Self::Output(bytes) => format!("stopped after {} MiB of results: these are the first", bytes >> 20),
            Self::Depth => "stopped: the filter calls itself without an end".to_owned(),
        }
    }
}

impl Viewer {
    /// Has the body visible, beside which the results stand since a moment ago.
    pub(in crate::app) fn show_filtered_body(&mut self) {
        let head = self.head.lines.len();
        if self.jq.as_mut().is_some_and(|jq| std::mem::take(&mut jq.opened)) {
            self.scroll = self.scroll.max(head);
        }
    }

    /// Closes the filter, which stops it; `false` if there is none.
    pub(super) fn close_jq(&mut self) -> bool {
        let Some(jq) = self.jq.take() else { return false };
        self.scroll = jq.from;
        true
    }
}

impl App {
    /// Opens the line for a filter; the last one stands in it.
    pub(in crate::app) fn begin_jq(&mut self) {
        if self.viewer.body.as_ref().is_none_or(|(_, bytes)| bytes.is_empty()) {
            return self.notify(Notice::warning("no body in this view: ← and → go to another"));
        }
        self.focus_pane(Pane::Exchange);
        let from = self.viewer.scroll;
        let jq = self.viewer.jq.get_or_insert_with(|| Jq { from, opened: true, ..Jq::default() });
        let filter = jq.filter.clone();
        self.viewer.prompt = Some(Prompt { asked: PromptKind::Filter, input: tui_input::Input::new(filter) });
    }

    /// Takes what is typed for the filter.
    pub(super) fn filter_changed(&mut self, filter: String) {
        let live = self.viewer.body.as_ref().is_some_and(|(_, bytes)| bytes.len() <= MAX_LIVE_FILTER_BYTES);
        let Some(jq) = &mut self.viewer.jq else { return };
        (jq.filter, jq.changed, jq.awaited) = (filter, true, None);
        if jq.filter.trim().is_empty() {
            jq.clear();
        } else if live {
            let effect = self.run_filter();
            self.effects.extend(effect);
        }
    }

    /// Completes a filter that is a path so far with the first name that goes on with it.
    pub(super) fn complete_filter(&mut self) {
        let (Some(prompt), Some((_, bytes))) = (&self.viewer.prompt, &self.viewer.body) else { return };
        let path = prompt.input.value().strip_prefix('.').filter(|_| bytes.len() <= MAX_LIVE_FILTER_BYTES);
        let names = path.map(|path| complete(bytes, path, MAX_PATH_CANDIDATES)).unwrap_or_default();
        let open = |name: &&String| self.redactor().is_none_or(|redactor| redactor.text(name) == **name);
        let Some(name) = names.iter().find(open).map(|name| format!(".{name}")) else { return };
        self.viewer.prompt = Some(Prompt { asked: PromptKind::Filter, input: tui_input::Input::new(name) });
        self.prompt_changed();
    }

    /// Ends the typing; an empty filter is none.
    pub(super) fn keep_filter(&mut self) {
        self.viewer.jq.take_if(|jq| jq.filter.trim().is_empty());
        if self.viewer.jq.as_ref().is_some_and(|jq| jq.changed) {
            let effect = self.run_filter();
            self.effects.extend(effect);
        }
    }

    /// Runs the filter over a body that is shown again.
    pub(in crate::app) fn rerun_filter(&mut self) -> Option<Effect> {
        let source = self.viewer.shown_of();
        let jq = self.viewer.jq.as_mut()?;
        if jq.source == source || jq.filter.trim().is_empty() {
            return None;
        }
        jq.clear();
        self.run_filter()
    }

    fn run_filter(&mut self) -> Option<Effect> {
        let redactor = self.redactor().cloned().unwrap_or_else(Redactor::blind);
        let viewer = &mut self.viewer;
        let source = viewer.shown_of();
        let jq = viewer.jq.as_mut()?;
        (jq.awaited, jq.changed, jq.source) = (None, false, source);
        let Some((_, body)) = viewer.body.as_ref().filter(|(_, bytes)| !bytes.is_empty()) else {
            jq.take(Filtered { results: Bytes::new(), end: End::Broken("no body in this view".to_owned()) });
            return None;
        };
        viewer.tasks += 1;
        let hold = TaskHandle::default();
        let (number, wanted) = (viewer.tasks, hold.wanted());
        jq.awaited = Some((number, hold));
        jq.ran.clone_from(&jq.filter);
        Some(Effect::Filter(Box::new(Filtering { number, wanted, filter: jq.filter.clone(), body: body.clone(), redactor })))
    }

    /// Takes what came of a filter.
    pub(super) fn filtered(&mut self, number: u64, filtered: Filtered) {
        let Some(jq) = &mut self.viewer.jq else { return };
        if jq.awaited.take_if(|(awaited, _)| *awaited == number).is_some() {
            jq.take(filtered);
        }
    }

    /// Returns the results as text, for a copy: a line a member, secrets masked. `None` where there is none.
    pub(in crate::app) fn results_text(&self) -> Option<String> {
        let jq = self.viewer.jq.as_ref().filter(|jq| jq.count > 0)?;
        let rows = index_values(&jq.results, u16::MAX, &self.redactor);
        let mut text = String::new();
        pages::add_text(&mut text, &rows.screen(0..rows.len(), &jq.results));
        Some(text)
    }
}
