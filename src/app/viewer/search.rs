//! Searching in the shown exchange: the lines before the body at once, the body off the loop when it is large.

use std::sync::Arc;

use super::head::HeadMatches;
use super::task::PendingTask;
use super::{BodyTask, MAX_INLINE_INDEX_BYTES, Viewport};
use crate::app::page::Line;
use crate::app::{Context, Effect, Notice};
use crate::body::{Matches, Pattern, View, VisibleMatches};

/// A search and what it has found.
#[derive(Debug)]
pub struct Search {
    /// The text searched for.
    pub text: String,
    /// Set when that is a regular expression.
    pub regex: bool,
    /// The reason why there is no search.
    pub mistake: Option<String>,
    /// The current match; those before the body are counted first.
    pub here: Option<usize>,
    /// The first line shown when the search began.
    pub(super) from: usize,
    head: HeadMatches,
    body: Arc<Matches>,
    pending: Option<PendingTask>,
    /// Set when the body is yet to be searched: it is not known yet what is masked in it.
    delayed: bool,
}

impl Search {
    /// Creates a search without a text.
    pub(super) fn new(regex: bool, from: usize) -> Self {
        Self {
            text: String::new(),
            regex,
            mistake: None,
            here: None,
            from,
            head: HeadMatches::default(),
            body: Arc::default(),
            pending: None,
            delayed: false,
        }
    }

    /// Returns how many matches there are, as far as they are known.
    pub fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// Returns whether there is none, or none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether more may be found.
    pub fn in_progress(&self) -> bool {
        self.delayed || self.pending.is_some()
    }

    /// Returns where the search stands: `3 of 17`.
    pub fn state(&self) -> String {
        let more = if self.body.more() { "+" } else { "" };
        let going = if self.in_progress() { "…" } else { "" };
        match (self.here, self.len()) {
            _ if self.text.is_empty() => String::new(),
            _ if self.mistake.is_some() => "not an expression".to_owned(),
            (_, 0) if self.in_progress() => "searching…".to_owned(),
            (_, 0) => "no match".to_owned(),
            (Some(here), all) => format!("{} of {all}{more}{going}", here + 1),
            (None, 1) => format!("1 match{going}"),
            (None, all) => format!("{all}{more} matches{going}"),
        }
    }

    /// Returns the matches to mark in the body.
    pub(super) fn visible(&self) -> VisibleMatches<'_> {
        VisibleMatches { matches: Some(&self.body), here: self.here.and_then(|here| here.checked_sub(self.head.len())) }
    }

    /// Marks the matches in lines before the body.
    pub(super) fn mark(&self, lines: &mut [Line], first: usize) {
        self.head.mark(lines, first, self.here);
    }

    fn forget(&mut self) {
        (self.here, self.pending, self.delayed, self.mistake) = (None, None, false, None);
        (self.head, self.body) = (HeadMatches::default(), Arc::default());
    }

    fn pattern(&mut self, view: View) -> Option<Arc<Pattern>> {
        if self.text.is_empty() {
            return None;
        }
        match Pattern::new(&self.text, self.regex, view) {
            Ok(pattern) => Some(Arc::new(pattern)),
            Err(error) => {
                self.mistake = Some(error.to_string());
                None
            }
        }
    }

    /// Searches what is shown now; a large body is searched by an effect.
    pub(super) fn run(&mut self, text: &mut Viewport) -> Option<Effect> {
        self.forget();
        let view = text.body.as_ref().map_or(View::Raw, |(rows, _)| rows.kind());
        let pattern = self.pattern(view)?;
        self.head = HeadMatches::of(&text.head, &pattern);
        let (rows, bytes) = text.body.as_ref()?;
        if !rows.fit(bytes) {
            self.delayed = true;
            return None;
        }
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            self.body = Arc::new(rows.find(bytes, &pattern, &mut |_| true));
            return None;
        }
        let (pending, effect) = text.start(BodyTask::Find(pattern))?;
        self.pending = Some(pending);
        Some(effect)
    }

    /// Begins a search that had to wait until the body was indexed.
    pub(super) fn run_delayed(&mut self, text: &mut Viewport) -> Option<Effect> {
        if !self.delayed {
            return None;
        }
        let here = self.here;
        let effect = self.run(text);
        self.here = here;
        effect
    }

    /// Searches for another text, from where the search began.
    pub(super) fn search_for(&mut self, pattern: String, text: &mut Viewport) -> Option<Effect> {
        self.text = pattern;
        text.scroll = self.from;
        let effect = self.run(text);
        self.look_at_first(text);
        effect
    }

    /// Takes the matches that were found so far.
    pub(super) fn take(&mut self, number: u64, matches: Arc<Matches>) {
        if self.pending.as_ref().is_none_or(|task| task.number() != number) {
            return;
        }
        if matches.complete() {
            self.pending = None;
        }
        self.body = matches;
    }

    /// Returns the first match from a line on; after the last one the first, if all are known.
    fn match_from(&self, line: usize, text: &Viewport) -> Option<usize> {
        let head = text.head.lines.len();
        let in_body = || Some(self.body.first_from(text.byte_at(line.max(head))?)? + self.head.len());
        let first = || (!self.is_empty() && !self.in_progress()).then_some(0);
        self.head.first_from(line).or_else(in_body).or_else(first)
    }

    /// Makes a match the current one, and brings it into sight.
    fn look_at(&mut self, number: usize, text: &mut Viewport) {
        let in_body = number.checked_sub(self.head.len()).and_then(|number| self.body.get(number));
        let line = match &in_body {
            Some(found) => text.line_with(found.start),
            None => self.head.line(number),
        };
        let Some(line) = line else { return };
        self.here = Some(number);
        if let Some(found) = in_body {
            text.show_part(found.start);
        }
        text.bring_into_sight(line);
    }

    /// Looks at the first match from where the search began, as soon as it is known.
    pub(super) fn look_at_first(&mut self, text: &mut Viewport) {
        if self.here.is_none()
            && let Some(number) = self.match_from(self.from, text)
        {
            self.look_at(number, text);
        }
    }

    /// Moves to the next match, or with -1 to the one before; after the last comes the first.
    pub(super) fn step(&mut self, by: isize, text: &mut Viewport, cx: &mut Context<'_>) {
        let all = self.len();
        if all == 0 {
            return cx.notify(Notice::warning(self.state()));
        }
        let next = match self.here {
            Some(here) => (here + all).wrapping_add_signed(by) % all,
            None => self.match_from(text.scroll, text).unwrap_or(0),
        };
        self.look_at(next, text);
    }
}
