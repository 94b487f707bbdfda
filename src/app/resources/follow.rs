//! Following a resource that is being made until it is.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::Row;
use super::background_call::FetchReason;
use crate::app::message::Notice;
use crate::app::{Action, App};
use crate::catalog::as_text;
use crate::catalog::template::member;
use crate::catalog::{Progress, Resources};

/// The pauses between two looks, in seconds; the last one stays. A workspace may take minutes, and a vendor counts calls.
const POLL_INTERVALS_SECONDS: [i64; 5] = [1, 1, 2, 3, 5];

/// After so long nobody waits any more.
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

    fn wait(&mut self, now: Timestamp) {
        let pause = POLL_INTERVALS_SECONDS[self.looks.min(POLL_INTERVALS_SECONDS.len() - 1)];
        self.looks += 1;
        self.next = now.checked_add(SignedDuration::from_secs(pause)).ok();
    }
}

impl App {
    /// Returns whether something is followed, so that time matters.
    pub fn follows(&self) -> bool {
        self.tabs.iter().any(|tab| tab.resources.follow.is_some())
    }

    /// Follows a resource if it is still being made.
    pub(super) fn begin_following(&mut self, tab: usize, resources: &Resources, row: &Row) {
        let Some(status) = resources.progress.as_ref().and_then(|progress| in_progress(progress, row)) else { return };
        let now = self.now.time;
        let (key, name, resource) = (row.key.clone(), row.name.clone(), row.value.clone());
        let mut follow = Follow { key, name, status, since: now, resource, next: None, looks: 0 };
        follow.wait(now);
        self.tabs[tab].resources.follow = Some(follow);
    }

    /// Handles a followed resource that was fetched again.
    pub(super) fn followed(&mut self, tab: usize, resources: &Resources, row: &Row) {
        let now = self.now.time;
        let Some(follow) = self.tabs[tab].resources.follow.as_mut().filter(|follow| follow.key == row.key) else { return };
        let Some(progress) = &resources.progress else { return };
        match in_progress(progress, row) {
            Some(status) => {
                follow.status = status;
                follow.wait(now);
            }
            None => self.made(tab, progress, row),
        }
    }

    fn made(&mut self, tab: usize, progress: &Progress, row: &Row) {
        let Some(follow) = self.tabs[tab].resources.follow.take() else { return };
        let (seconds, status) = (follow.seconds(self.now.time), status(progress, row));
        self.notify(Notice::done(format!("{} is {status} after {seconds} s", row.name)));
    }

    /// Handles a tick: whatever is due is looked at.
    pub(in crate::app) fn look_after_followed(&mut self) {
        let (now, again) = (self.now.time, self.keys.hint(Action::ShowResource));
        for tab in 0..self.tabs.len() {
            let Some(follow) = &mut self.tabs[tab].resources.follow else { continue };
            if now.duration_since(follow.since) > FOLLOW_TIMEOUT {
                self.tabs[tab].resources.follow = None;
                self.notify(Notice::warning(format!("no longer followed: it takes too long; {again} fetches it again")));
            } else if follow.next.is_some_and(|next| next <= now) {
                follow.next = None;
                let resource = follow.resource.clone();
                self.fetch_one(tab, &resource, FetchReason::Followed);
            }
        }
    }

    /// Leaves what is followed in the shown tab; `false` if nothing is.
    pub(super) fn leave_followed(&mut self) -> bool {
        let Some(follow) = self.current_mut().resources.follow.take() else { return false };
        self.notify(Notice::warning(format!(
            "{} is no longer followed; {} fetches it again",
            follow.name,
            self.keys.hint(Action::ShowResource)
        )));
        true
    }
}

/// Returns what a resource says of itself while it is being made.
fn in_progress(progress: &Progress, row: &Row) -> Option<String> {
    Some(status(progress, row)).filter(|status| progress.in_progress.contains(status))
}

fn status(progress: &Progress, row: &Row) -> String {
    member(&row.value, &progress.member).map(as_text).unwrap_or_default().into_owned()
}
