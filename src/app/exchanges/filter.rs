//! The line in which the log is filtered: what is typed, what it means, and what may be typed next.

use tui_input::Input;

use crate::query::{Candidate, Completion, KnownNames, Query, QueryError, QueryTime, complete, parse};

/// The log's filter.
#[derive(Debug, Default)]
pub struct Filter {
    /// The typed text.
    pub input: Input,
    /// Set when it is being typed.
    pub typing: bool,
    /// The candidate that would be taken, counted from 0.
    pub choice: usize,
    /// The last valid query that was typed.
    query: Query,
    mistake: Option<QueryError>,
    completion: Completion,
    known: KnownNames,
}

impl Filter {
    /// Begins to be typed, with the names that are known by now.
    pub(in crate::app) fn begin(&mut self, known: KnownNames) {
        self.typing = true;
        self.known = known;
        self.look_up();
    }

    /// Reads what is typed; whether the query is another one now. A text that is none leaves the one before in force.
    pub(in crate::app) fn read(&mut self, moment: &QueryTime) -> bool {
        self.look_up();
        match parse(self.input.value(), moment) {
            Ok(query) => {
                self.mistake = None;
                let other = query != self.query;
                self.query = query;
                other
            }
            Err(mistake) => {
                self.mistake = Some(mistake);
                false
            }
        }
    }

    /// Lets everything through again.
    pub(super) fn clear(&mut self) {
        *self = Self { known: std::mem::take(&mut self.known), ..Self::default() };
    }

    /// Puts the chosen candidate in its place; whether there was one.
    pub(in crate::app) fn take_candidate(&mut self) -> bool {
        let Some(candidate) = self.completion.candidates.get(self.choice) else { return false };
        let range = self.completion.range.clone();
        let mut text = self.input.value().to_owned();
        text.replace_range(range.clone(), &candidate.text);
        let mut end = range.start + candidate.text.len();
        // A field awaits its value; behind a value or a joint the next part begins.
        if !candidate.text.ends_with(':') && !text[end..].starts_with(' ') {
            text.insert(end, ' ');
            end += 1;
        }
        let caret = text[..end].chars().count();
        self.input = Input::new(text).with_cursor(caret);
        true
    }

    /// Chooses another candidate.
    pub(in crate::app) fn step(&mut self, by: isize) {
        let last = self.completion.candidates.len().saturating_sub(1);
        self.choice = self.choice.saturating_add_signed(by).min(last);
    }

    fn look_up(&mut self) {
        let caret = self.input.value().chars().take(self.input.cursor()).map(char::len_utf8).sum();
        self.completion = complete(self.input.value(), caret, &self.known);
        self.choice = 0;
    }

    /// Returns what is let through.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Returns whether everything is let through.
    pub fn is_empty(&self) -> bool {
        self.query.is_empty()
    }

    /// Returns why what is typed is no query, with the place.
    pub fn mistake(&self) -> Option<&QueryError> {
        self.mistake.as_ref()
    }

    /// Returns what may stand at the caret.
    pub fn candidates(&self) -> &[Candidate] {
        &self.completion.candidates
    }
}
