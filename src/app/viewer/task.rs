//! Work on a body that may take longer than a frame.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use crate::body::{Fold, Matches, Outline, Pattern, Rows, Target, complete, fold_inside, follow, index_folded};
use crate::jq::JqError;
use crate::redact::Redactor;

/// The number of names that are offered for a path.
pub(super) const MAX_PATH_CANDIDATES: usize = 20;

/// A task that is under way; dropping it gives the task up.
#[derive(Debug)]
pub struct PendingTask {
    number: u64,
    token: Arc<()>,
}

/// Reports whether a task is still pending: whether its [`PendingTask`] exists.
#[derive(Clone, Debug)]
pub struct CancelToken(Weak<()>);

impl CancelToken {
    /// Returns whether nobody awaits the task any more.
    pub fn is_cancelled(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// Numbers tasks, so that each outcome finds whoever awaits it.
#[derive(Debug, Default)]
pub struct TaskNumbers {
    last: u64,
}

impl TaskNumbers {
    /// Returns a new task to await.
    pub fn issue(&mut self) -> PendingTask {
        self.last += 1;
        PendingTask { number: self.last, token: Arc::default() }
    }
}

impl PendingTask {
    /// Returns its number.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the token by which the task learns that nobody awaits it any more.
    pub fn cancel_token(&self) -> CancelToken {
        CancelToken(Arc::downgrade(&self.token))
    }
}

/// A task.
#[derive(Debug)]
pub struct Task {
    /// Its number, which its outcome carries too.
    pub number: u64,
    /// The token that cancels it.
    pub cancel: CancelToken,
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
    /// Index its parts.
    Outline,
    /// Fold or unfold.
    Fold(Folding),
    /// Go along a path.
    Follow(String),
    /// Find the names that continue a path.
    Complete(String),
}

/// A change of the folds.
#[derive(Clone, Debug)]
pub enum Folding {
    /// Fold the bracket at this byte, or unfold it.
    Toggle(usize),
    /// Fold every bracket directly inside of the outermost.
    Inside,
    /// Fold these and no others.
    These(Arc<[Fold]>),
}

impl Folding {
    /// Returns the folds after the change.
    fn of(&self, before: &[Fold], bytes: &[u8]) -> Arc<[Fold]> {
        match self {
            Self::These(folds) => Arc::clone(folds),
            Self::Inside => fold_inside(bytes).into(),
            Self::Toggle(bracket) => {
                let others: Vec<_> = before.iter().filter(|fold| fold.start as usize != *bracket).copied().collect();
                let new = if others.len() == before.len() { Fold::at(bytes, *bracket) } else { None };
                let mut folds: Vec<_> = others.into_iter().chain(new).collect();
                folds.sort_unstable_by_key(|fold| fold.start);
                folds.into()
            }
        }
    }

    /// Indexes the body again with the change made.
    pub(super) fn rows(&self, before: &Rows, bytes: &[u8], proceed: &mut dyn FnMut() -> bool) -> Rows {
        index_folded(bytes, before, self.of(before.folds(), bytes), &mut |_| proceed())
    }
}

/// A filter to be run.
#[derive(Debug)]
pub struct Filtering {
    /// Its number, which its outcome carries too.
    pub number: u64,
    /// The token that cancels it.
    pub cancel: CancelToken,
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

impl Limit {
    /// Returns a sentence on what happened, and what to do about it.
    pub(super) fn words(self) -> String {
        match self {
            Self::Time(seconds) => format!("stopped after {seconds} s: the filter runs on and on, or the body is too much for it"),
            Self::Memory(mebibytes) => format!("stopped: the filter needed more than {mebibytes} MiB of memory"),
            Self::Output(bytes) => format!("stopped after {} MiB of results: these are the first", bytes >> 20),
            Self::Depth => "stopped: the filter calls itself without an end".to_owned(),
        }
    }
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
    /// Names that continue a path.
    Names(Vec<String>),
    /// The results of a filter.
    Filtered(Filtered),
}

impl Task {
    /// Does the work, and reports its outcome until the task is cancelled.
    pub fn run(&self, report: &mut dyn FnMut(TaskOutcome)) {
        let outcome = match &self.work {
            BodyTask::Find(pattern) => return self.find(pattern, report),
            BodyTask::Outline => TaskOutcome::Outline(Arc::new(Outline::new(&self.body))),
            BodyTask::Fold(change) => {
                TaskOutcome::Folded(Arc::new(change.rows(&self.rows, &self.body, &mut || !self.cancel.is_cancelled())))
            }
            BodyTask::Follow(path) => TaskOutcome::Place(follow(&self.body, path)),
            BodyTask::Complete(path) => TaskOutcome::Names(complete(&self.body, path, MAX_PATH_CANDIDATES)),
        };
        if !self.cancel.is_cancelled() {
            report(outcome);
        }
    }

    /// Searches; the matches are reported at once and then ever more seldom, since all of them are reported each time.
    fn find(&self, pattern: &Pattern, report: &mut dyn FnMut(TaskOutcome)) {
        let outcome = |matches: Matches| TaskOutcome::Matches(Arc::new(matches));
        let mut windows = 0_usize;
        let mut publish = |matches: &Matches| {
            windows += 1;
            if windows.is_power_of_two() && !self.cancel.is_cancelled() {
                report(outcome(matches.clone()));
            }
            !self.cancel.is_cancelled()
        };
        let matches = self.rows.find(&self.body, pattern, &mut publish);
        if !self.cancel.is_cancelled() {
            report(outcome(matches));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{View, index};
    use crate::redact::Redactor;

    #[test]
    fn stops_when_nobody_awaits_the_task() {
        let body = Bytes::from("needle ".repeat(200_000));
        let rows = Arc::new(index(&body, View::Raw, 80, &Redactor::default()));
        let pattern = Arc::new(Pattern::new("needle", false, View::Raw).unwrap());
        let pending = TaskNumbers::default().issue();
        let task = Task { number: 1, cancel: pending.cancel_token(), rows, body, work: BodyTask::Find(pattern) };
        let mut pending = Some(pending);
        let mut reports = 0;
        task.run(&mut |_| {
            reports += 1;
            pending = None;
        });
        assert_eq!(reports, 1);
    }
}
