//! Searching in the shown exchange: the lines before the body at once, the body off the loop when it is large.

use std::sync::Arc;

use super::head::HeadMatches;
use super::{BodyTask, MAX_INLINE_INDEX_BYTES, Task, TaskHandle, TaskOutcome, Viewer};
use crate::app::page::Line;
use crate::app::{Action, App, Effect, Notice};
use crate::body::{Matches, Pattern, View, VisibleMatches};

/// A search and what it has found.
#[derive(Debug)]
pub struct Search {
    /// The text searched for.
    pub text: String,
    /// Whether that is a regular expression.
    pub regex: bool,
    /// The reason why there is no search.
    pub mistake: Option<String>,
    /// The match that is looked at; those before the body are counted first.
    pub here: Option<usize>,
    /// The first line shown when the search began.
    pub(super) from: usize,
    head: HeadMatches,
    body: Arc<Matches>,
    /// The task that is under way.
    awaited: Option<(u64, TaskHandle)>,
    /// Whether the body is yet to be searched: what is masked in it is not known.
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
            awaited: None,
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
        self.delayed || self.awaited.is_some()
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

    /// Returns what is to be seen of it in the body.
    pub(in crate::app) fn found(&self) -> VisibleMatches<'_> {
        VisibleMatches { matches: Some(&self.body), here: self.here.and_then(|here| here.checked_sub(self.head.len())) }
    }

    /// Marks what is to be seen of it in lines before the body.
    pub(in crate::app) fn mark(&self, lines: &mut [Line], first: usize) {
        self.head.mark(lines, first, self.here);
    }

    fn forget(&mut self) {
        (self.here, self.awaited, self.delayed, self.mistake) = (None, None, false, None);
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
}

impl Viewer {
    /// Searches what is shown now; a large body is searched by an effect.
    pub(in crate::app) fn rerun_search(&mut self) -> Option<Effect> {
        let search = self.search.as_mut()?;
        search.forget();
        let view = self.body.as_ref().map_or(View::Raw, |(rows, _)| rows.kind());
        let pattern = search.pattern(view)?;
        search.head = HeadMatches::of(&self.head, &pattern);
        let (rows, bytes) = self.body.as_ref()?;
        if !rows.fit(bytes) {
            search.delayed = true;
            return None;
        }
        if bytes.len() <= MAX_INLINE_INDEX_BYTES {
            search.body = Arc::new(rows.find(bytes, &pattern, &mut |_| true));
            return None;
        }
        let (rows, body) = (Arc::clone(rows), bytes.clone());
        let hold = TaskHandle::default();
        self.tasks += 1;
        let task = Task { number: self.tasks, wanted: hold.wanted(), rows, body, work: BodyTask::Find(pattern) };
        search.awaited = Some((task.number, hold));
        Some(Effect::Read(Box::new(task)))
    }

    /// Begins a search that had to wait for the layout.
    pub(in crate::app) fn search_delayed(&mut self) -> Option<Effect> {
        let search = self.search.as_ref().filter(|search| search.delayed)?;
        let here = search.here;
        let effect = self.rerun_search();
        if let Some(search) = &mut self.search {
            search.here = here;
        }
        effect
    }

    /// Takes what a search has found so far.
    fn found(&mut self, number: u64, matches: Arc<Matches>) {
        let Some(search) = &mut self.search else { return };
        if search.awaited.as_ref().is_none_or(|(awaited, _)| *awaited != number) {
            return;
        }
        if matches.complete() {
            search.awaited = None;
        }
        search.body = matches;
    }

    /// Returns the match that is first met from a line on; after the last one the first, if all are known.
    fn match_from(&self, line: usize) -> Option<usize> {
        let search = self.search.as_ref()?;
        let (lines, head) = (self.head.lines.len(), search.head.len());
        let in_body = || {
            let (rows, bytes) = self.body.as_ref()?;
            let start = rows.row(self.long.row(rows, bytes, line.saturating_sub(lines)), bytes)?.start;
            Some(search.body.first_from(start)? + head)
        };
        let first = || (!search.is_empty() && !search.in_progress()).then_some(0);
        search.head.first_from(line).or_else(in_body).or_else(first)
    }

    /// Returns the line of a match.
    fn line_of(&self, number: usize) -> Option<usize> {
        let search = self.search.as_ref()?;
        let Some(number) = number.checked_sub(search.head.len()) else { return search.head.line(number) };
        self.line_with(search.body.get(number)?.start)
    }

    /// Looks at a match: it is brought into sight.
    fn look_at(&mut self, number: usize) {
        let Some(line) = self.line_of(number) else { return };
        let Some(search) = &mut self.search else { return };
        search.here = Some(number);
        let in_body = number.checked_sub(search.head.len()).and_then(|number| search.body.get(number));
        if let Some(found) = in_body {
            self.show_part(found.start);
        }
        self.bring_into_sight(line);
    }

    /// Looks at the first match from where the search began, as soon as it is known.
    fn look_at_first(&mut self) {
        let Some(search) = self.search.as_ref().filter(|search| search.here.is_none()) else { return };
        if let Some(number) = self.match_from(search.from) {
            self.look_at(number);
        }
    }
}

impl App {
    /// Searches for what is typed.
    pub(super) fn search_for(&mut self, text: String) {
        let Some(search) = &mut self.viewer.search else { return };
        search.text = text;
        self.viewer.scroll = search.from;
        let effect = self.viewer.rerun_search();
        self.effects.extend(effect);
        self.viewer.look_at_first();
    }

    /// Takes the typed text for a regular expression, or no longer.
    pub(in crate::app) fn toggle_regex(&mut self) {
        if let Some(search) = &mut self.viewer.search {
            search.regex = !search.regex;
            self.prompt_changed();
        }
    }

    /// Ends the typing; an empty search is none.
    pub(super) fn keep_search(&mut self) {
        let mistake = self.viewer.search.as_ref().and_then(|search| search.mistake.clone());
        if let Some(mistake) = mistake {
            self.notify(Notice::warning(format!("not a regular expression: {}", mistake.lines().last().unwrap_or_default())));
        }
        self.viewer.search.take_if(|search| search.text.is_empty() || search.mistake.is_some());
    }

    /// Moves to the next match, or with -1 to the one before; behind the last comes the first.
    pub(in crate::app) fn step_match(&mut self, by: isize) {
        let viewer = &mut self.viewer;
        let Some(search) = &viewer.search else {
            return self.notify(Notice::warning(format!("nothing is searched for: {} searches", self.keys.hint(Action::Search))));
        };
        let all = search.len();
        if all == 0 {
            let words = search.state();
            return self.notify(Notice::warning(words));
        }
        let next = match search.here {
            Some(here) => (here + all).wrapping_add_signed(by) % all,
            None => viewer.match_from(viewer.scroll).unwrap_or(0),
        };
        viewer.look_at(next);
    }

    /// Takes what came of a task.
    pub(in crate::app) fn read_outcome(&mut self, number: u64, outcome: TaskOutcome) {
        match outcome {
            TaskOutcome::Matches(matches) => {
                self.viewer.found(number, matches);
                if self.prompting() {
                    self.viewer.look_at_first();
                }
            }
            TaskOutcome::Filtered(filtered) => self.filtered(number, filtered),
            other => self.json_outcome(number, other),
        }
    }
}
