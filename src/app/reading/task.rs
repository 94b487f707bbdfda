//! Work on a body that may take longer than a frame.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::Filtered;
use super::fold::{Folding, OFFERED};
use crate::app::Message;
use crate::body::{Matches, Outline, Pattern, Rows, Target, complete, follow};

/// Held by who wants a task done.
#[derive(Debug, Default)]
pub struct Hold(Arc<()>);

impl Hold {
    /// What the task has of it.
    pub fn wanted(&self) -> Wanted {
        Wanted(Arc::downgrade(&self.0))
    }
}

/// Whether a task is still wanted: until its [`Hold`] is dropped.
#[derive(Clone, Debug)]
pub struct Wanted(Weak<()>);

impl Wanted {
    /// Whether it is.
    pub fn still(&self) -> bool {
        self.0.strong_count() > 0
    }
}

/// A task.
#[derive(Debug)]
pub struct Task {
    /// Its number: what comes of it carries the same.
    pub number: u64,
    /// Whether it is still wanted.
    pub wanted: Wanted,
    /// The body's rows, which know what is covered.
    pub rows: Arc<Rows>,
    /// The body.
    pub body: Bytes,
    /// What is to be done.
    pub work: Work,
}

/// What is to be done with a body.
#[derive(Debug)]
pub enum Work {
    /// Search it.
    Find(Arc<Pattern>),
    /// Find out where its parts stand.
    Outline,
    /// Fold or unfold.
    Fold(Folding),
    /// Go along a path.
    Follow(String),
    /// Find the names that go on with a path.
    Complete(String),
}

/// What came of a task, or has come so far.
#[derive(Debug)]
pub enum Outcome {
    /// Matches of a search.
    Matches(Arc<Matches>),
    /// Where the parts of a JSON body stand.
    Outline(Arc<Outline>),
    /// The rows with the folds changed.
    Folded(Arc<Rows>),
    /// Where a path leads.
    Place(Target),
    /// Names that go on with a path.
    Names(Vec<String>),
    /// What a filter gave.
    Filtered(Filtered),
}

impl Task {
    /// Does the work, and tells what comes of it until it is no longer wanted.
    pub fn run(&self, tell: &mut dyn FnMut(Message)) {
        let outcome = match &self.work {
            Work::Find(pattern) => return self.find(pattern, tell),
            Work::Outline => Outcome::Outline(Arc::new(Outline::of(&self.body))),
            Work::Fold(change) => Outcome::Folded(Arc::new(change.rows(&self.rows, &self.body, &mut || self.wanted.still()))),
            Work::Follow(path) => Outcome::Place(follow(&self.body, path)),
            Work::Complete(path) => Outcome::Names(complete(&self.body, path, OFFERED)),
        };
        if self.wanted.still() {
            tell(Message::Read(self.number, outcome));
        }
    }

    /// Searches; the matches are told at once and then ever more seldom, since all of them are told each time.
    fn find(&self, pattern: &Pattern, tell: &mut dyn FnMut(Message)) {
        let message = |matches: Matches| Message::Read(self.number, Outcome::Matches(Arc::new(matches)));
        let mut windows = 0_usize;
        let mut publish = |matches: &Matches| {
            windows += 1;
            if windows.is_power_of_two() && self.wanted.still() {
                tell(message(matches.clone()));
            }
            self.wanted.still()
        };
        let matches = self.rows.find(&self.body, pattern, &mut publish);
        if self.wanted.still() {
            tell(message(matches));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{View, index};
    use crate::redact::Redactor;

    #[test]
    fn what_nobody_holds_is_given_up() {
        let body = Bytes::from("needle ".repeat(200_000));
        let rows = Arc::new(index(&body, View::Raw, 80, &Redactor::default()));
        let hold = Hold::default();
        let pattern = Arc::new(Pattern::new("needle", false, View::Raw).unwrap());
        let task = Task { number: 1, wanted: hold.wanted(), rows, body, work: Work::Find(pattern) };
        let mut hold = Some(hold);
        let mut told = 0;
        task.run(&mut |_| {
            told += 1;
            hold = None;
        });
        assert_eq!(told, 1);
    }
}
