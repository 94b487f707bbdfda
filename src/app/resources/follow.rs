//! Following a resource that is being made until it is.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::Row;
use super::errand::Occasion;
use crate::app::App;
use crate::app::message::Notice;
use crate::catalog::template::{as_text, member};
use crate::catalog::{Progress, Resources};

/// The pauses between two looks, in seconds; the last one stays. A workspace may take minutes, and a vendor counts calls.
const PAUSES: [i64; 5] = [1, 1, 2, 3, 5];

/// After so long nobody waits any more.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// A resource that is followed.
#[derive(Clone, Debug)]
pub struct Follow {
    /// What tells it from the others.
    pub key: String,
    /// How people speak of it.
    pub name: String,
    /// What it said of itself last.
    pub status: String,
    /// Since when.
    pub since: Timestamp,
    /// All that is known of it.
    resource: Json,
    /// When it is looked at next; `None` while an answer is awaited.
    next: Option<Timestamp>,
    looks: usize,
}

impl Follow {
    /// How long it has been followed.
    pub fn seconds(&self, now: Timestamp) -> i64 {
        now.duration_since(self.since).as_secs().max(0)
    }

    fn wait(&mut self, now: Timestamp) {
        let pause = PAUSES[self.looks.min(PAUSES.len() - 1)];
        self.looks += 1;
        self.next = now.checked_add(SignedDuration::from_secs(pause)).ok();
    }
}

impl App {
    /// Whether something is followed, so that time matters.
    pub fn follows(&self) -> bool {
        self.tabs.iter().any(|tab| tab.resources.follow.is_some())
    }

    /// Follows a resource if it is still being made.
    pub(super) fn begin_following(&mut self, tab: usize, resources: &Resources, row: &Row) {
        let Some(status) = resources.progress.as_ref().and_then(|progress| under_way(progress, row)) else { return };
        let now = self.now.time;
        let (key, name, resource) = (row.key.clone(), row.name.clone(), row.value.clone());
        let mut follow = Follow { key, name, status, since: now, resource, next: None, looks: 0 };
        follow.wait(now);
        self.tabs[tab].resources.follow = Some(follow);
    }

    /// What is followed was fetched again.
    pub(super) fn followed(&mut self, tab: usize, resources: &Resources, row: &Row) {
        let now = self.now.time;
        let Some(follow) = self.tabs[tab].resources.follow.as_mut().filter(|follow| follow.key == row.key) else { return };
        let Some(progress) = &resources.progress else { return };
        match under_way(progress, row) {
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
        self.tell(Notice::done(format!("{} is {status} after {seconds} s", row.name)));
    }

    /// A moment has passed: whatever is due is looked at.
    pub(in crate::app) fn look_after_followed(&mut self) {
        let now = self.now.time;
        for tab in 0..self.tabs.len() {
            let Some(follow) = &mut self.tabs[tab].resources.follow else { continue };
            if now.duration_since(follow.since) > PATIENCE {
                self.tabs[tab].resources.follow = None;
                self.tell(Notice::doubt("no longer followed: it takes too long; enter fetches it again"));
            } else if follow.next.is_some_and(|next| next <= now) {
                follow.next = None;
                let resource = follow.resource.clone();
                self.fetch_one(tab, &resource, Occasion::Followed);
            }
        }
    }

    /// Leaves what is followed in the shown tab; `false` if nothing is.
    pub(super) fn leave_followed(&mut self) -> bool {
        let Some(follow) = self.current_mut().resources.follow.take() else { return false };
        self.tell(Notice::doubt(format!("{} is no longer followed; enter fetches it again", follow.name)));
        true
    }
}

/// What a resource says of itself while it is being made.
fn under_way(progress: &Progress, row: &Row) -> Option<String> {
    Some(status(progress, row)).filter(|status| progress.under_way.contains(status))
}

fn status(progress: &Progress, row: &Row) -> String {
    member(&row.value, &progress.member).map(as_text).unwrap_or_default().into_owned()
}
