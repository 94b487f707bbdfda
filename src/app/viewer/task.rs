//! Work on a body that may take longer than a frame.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::Filtered;
use super::fold::{Folding, MAX_PATH_CANDIDATES};
use crate::app::Message;
use crate::body::{Matches, Outline, Pattern, Rows, Target, complete, follow};

/// Held by who wants a task done.
#[derive(Debug, Default)]
pub struct TaskHandle(Arc<()>);

impl TaskHandle {
    /// Returns what the task has of it.
    pub fn wanted(&self) -> CancelToken {
        CancelToken(Arc::downgrade(&self.0))
    }
}

/// A token that reports cancellation: a task is wanted until its [`TaskHandle`] is dropped.
#[derive(Clone, Debug)]
pub struct CancelToken(Weak<()>);

impl CancelToken {
    /// Returns whether it is.
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
    pub wanted: CancelToken,
    /// The body's rows, which know what is masked.
    pub rows: Arc<Rows>,
    /// The body.
    pub body: Bytes,
    /// The work to do.
    pub work: BodyTask,
}

/// Work on a body.
#[derive(Debug)]
pub enum BodyTask {
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

/// The result of a task, or what there is of it so far.
#[derive(Debug)]
pub enum TaskOutcome {
    /// Matches of a search.
    Matches(Arc<Matches>),
    /// The index of a JSON body.
    Outline(Arc<Outline>),
    /// The rows with the folds changed.
    Folded(Arc<Rows>),
    /// The target of a path.
    Place(Target),
    /// Names that go on with a path.
    Names(Vec<String>),
    /// The results of a filter.
    Filtered(Filtered),
}

impl Task {
    /// Does the work, and tells what comes of it until it is no longer wanted.
    pub fn run(&self, notify: &mut dyn FnMut(Message)) {
        let outcome = match &self.work {
            BodyTask::Find(pattern) => return self.find(pattern, notify),
            BodyTask::Outline => TaskOutcome::Outline(Arc::new(Outline::new(&self.body))),
            BodyTask::Fold(change) => TaskOutcome::Folded(Arc::new(change.rows(&self.rows, &self.body, &mut || self.wanted.still()))),
            BodyTask::Follow(path) => TaskOutcome::Place(follow(&self.body, path)),
            BodyTask::Complete(path) => TaskOutcome::Names(complete(&self.body, path, MAX_PATH_CANDIDATES)),
        };
        if self.wanted.still() {
            notify(Message::Read(self.number, outcome));
        }
    }

    /// Searches; the matches are told at once and then ever more seldom, since all of them are told each time.
    fn find(&self, pattern: &Pattern, notify: &mut dyn FnMut(Message)) {
        let message = |matches: Matches| Message::Read(self.number, TaskOutcome::Matches(Arc::new(matches)));
        let mut windows = 0_usize;
        let mut publish = |matches: &Matches| {
            windows += 1;
            if windows.is_power_of_two() && self.wanted.still() {
                notify(message(matches.clone()));
            }
            self.wanted.still()
        };
        let matches = self.rows.find(&self.body, pattern, &mut publish);
        if self.wanted.still() {
            notify(message(matches));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{View, index};
    use crate::redact::Redactor;

    #[test]
    fn cancels_task_without_holder() {
        let body = Bytes::from("needle ".repeat(200_000));
        let rows = Arc::new(index(&body, View::Raw, 80, &Redactor::default()));
        let hold = TaskHandle::default();
        let pattern = Arc::new(Pattern::new("needle", false, View::Raw).unwrap());
        let task = Task { number: 1, wanted: hold.wanted(), rows, body, work: BodyTask::Find(pattern) };
        let mut hold = Some(hold);
        let mut told = 0;
        task.run(&mut |_| {
            told += 1;
            hold = None;
        });
        assert_eq!(told, 1);
    }
}
