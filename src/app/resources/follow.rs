//! Following a resource that is being made until it is.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::row::Row;
use crate::catalog::as_text;
use crate::catalog::template::member;
use crate::catalog::{Progress, Resources};

/// The pauses between two looks, in seconds; the last one stays. A workspace may take minutes, and a vendor counts calls.
const POLL_INTERVALS_SECONDS: [i64; 5] = [1, 1, 2, 3, 5];

/// The time after which a resource is no longer followed.
const FOLLOW_TIMEOUT: SignedDuration = SignedDuration::from_mins(15);

/// A resource that is followed.
#[derive(Clone, Debug)]
pub struct Follow {
    /// The property that identifies it.
    pub key: String,
    /// The name that people use for it.
    pub name: String,
    /// The last status that it reported.
    pub status: String,
    /// Since when.
    pub since: Timestamp,
    /// All that is known of it.
    resource: Json,
    /// The time at which it is looked at next; `None` while an answer is awaited.
    next: Option<Timestamp>,
    looks: usize,
}

impl Follow {
    /// Returns how long it has been followed.
    pub fn seconds(&self, now: Timestamp) -> i64 {
        now.duration_since(self.since).as_secs().max(0)
    }

    /// Follows a resource, if it is still being made.
    pub(super) fn begin(resources: &Resources, row: &Row, now: Timestamp) -> Option<Self> {
        let status = in_progress(resources.progress.as_ref()?, row)?;
        let (key, name, resource) = (row.key.clone(), row.name.clone(), row.value.clone());
        let mut follow = Self { key, name, status, since: now, resource, next: None, looks: 0 };
        follow.wait(now);
        Some(follow)
    }

    /// Takes the status that the resource reports now.
    pub(super) fn progress(&mut self, resources: &Resources, row: &Row, now: Timestamp) -> Progressed {
        let Some(progress) = &resources.progress else { return Progressed::InProgress };
        match in_progress(progress, row) {
            Some(status) => {
                self.status = status;
                self.wait(now);
                Progressed::InProgress
            }
            None => Progressed::Made(format!("{} is {} after {} s", row.name, status(progress, row), self.seconds(now))),
        }
    }

    /// Returns the resource if it is to be fetched now.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Json> {
        self.next.take_if(|next| *next <= now).map(|_| self.resource.clone())
    }

    /// Returns whether it has been followed for too long.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) > FOLLOW_TIMEOUT
    }

    fn wait(&mut self, now: Timestamp) {
        let pause = POLL_INTERVALS_SECONDS[self.looks.min(POLL_INTERVALS_SECONDS.len() - 1)];
        self.looks += 1;
        self.next = now.checked_add(SignedDuration::from_secs(pause)).ok();
    }
}

/// The progress of a followed resource.
#[derive(Debug)]
pub(super) enum Progressed {
    /// It is still being made.
    InProgress,
    /// It is made, in a sentence.
    Made(String),
}

/// Returns the status of a resource that is still being made.
fn in_progress(progress: &Progress, row: &Row) -> Option<String> {
    Some(status(progress, row)).filter(|status| progress.in_progress.contains(status))
}

fn status(progress: &Progress, row: &Row) -> String {
    member(&row.value, &progress.member).map(as_text).unwrap_or_default().into_owned()
}
