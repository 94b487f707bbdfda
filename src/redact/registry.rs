//! The secrets of this process: registered where they come into being, asked for by every sink.
//!
//! ```text
//! credentials, tokens, form values, headers ──add──▶ SecretRegistry ──newest snapshot──▶ the Redactor of each sink
//! ```
//!
//! Whoever adds a value prepares the search for it. A sink compares one number with its snapshot's, and takes the newest only when that has moved:
//! a key or a frame waits for no preparation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use super::{Redactor, ValueSearch, is_searchable, secret_part};
use crate::secret::Secret;
use crate::wire::Headers;

/// The most values that are known at once. Beyond it those that were registered longest ago are forgotten: tokens and form values of
/// earlier calls. What is in use stays, since each call registers its secrets again.
const MAX_VALUES: usize = 4096;

/// The most values in the second search, which is prepared again for each new one; then they join those of the first.
const MAX_RECENT_VALUES: usize = 64;

/// The next version of any registry: a snapshot of one is never taken for another's. 0 is that of an empty one.
static NEXT_VERSION: AtomicU64 = AtomicU64::new(1);

/// The secrets of a process. Cheap to clone: every clone is a handle to the same.
#[derive(Clone, Debug, Default)]
pub struct SecretRegistry(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// The version of `newest`.
    version: AtomicU64,
    newest: RwLock<Redactor>,
    known: Mutex<KnownSecrets>,
}

/// The registered values and names, locked while a search is prepared.
#[derive(Debug, Default)]
struct KnownSecrets {
    /// The values of either search, the most recently registered last.
    values: Vec<Secret>,
    /// The number of values in the first search.
    settled: usize,
    redactor: Redactor,
}

impl SecretRegistry {
    /// Registers values that are secret wherever they stand. Values of fewer than four characters are known by name only.
    pub fn add<'s>(&self, secrets: impl IntoIterator<Item = &'s Secret>) {
        self.change(|known| known.add(secrets));
    }

    /// Registers names whose values are secret besides the usual ones: sensitive fields of the operator's own catalog.
    /// Case, `-`, `_` and `.` do not matter.
    pub fn add_names<'n>(&self, names: impl IntoIterator<Item = &'n str>) {
        self.change(|known| {
            let is_known = |name: &str| known.redactor.names.kind(name.as_bytes()).is_some();
            let new: Vec<&str> = names.into_iter().filter(|name| !is_known(name)).collect();
            // The list is shared with the snapshots: it is copied only for a new name.
            !new.is_empty() && {
                let own = Arc::make_mut(&mut known.redactor.names);
                new.into_iter().filter(|name| own.add(name)).count() > 0
            }
        });
    }

    /// Registers what is secret in headers by their names.
    pub fn add_headers(&self, headers: &Headers) {
        let parts = headers.iter().filter_map(|(name, value)| secret_part(name, value));
        self.add(&parts.map(|part| Secret::new(String::from_utf8_lossy(part))).collect::<Vec<_>>());
    }

    /// Returns the newest snapshot.
    pub fn redactor(&self) -> Redactor {
        self.0.newest.read().clone()
    }

    /// Returns the newest snapshot, or `None` where this very thread may be putting another in its place: for the report of a panic.
    pub fn try_redactor(&self) -> Option<Redactor> {
        self.0.newest.try_read().map(|newest| newest.clone())
    }

    /// Replaces a snapshot by the newest; `true` when it was older.
    pub fn refresh(&self, redactor: &mut Redactor) -> bool {
        let is_old = self.0.version.load(Ordering::Acquire) != redactor.version;
        if is_old {
            *redactor = self.redactor();
        }
        is_old
    }

    /// Makes a new version where `change` says that something is new.
    fn change(&self, change: impl FnOnce(&mut KnownSecrets) -> bool) {
        let mut known = self.0.known.lock();
        if !change(&mut known) {
            return;
        }
        known.redactor.version = NEXT_VERSION.fetch_add(1, Ordering::Relaxed);
        let (version, next) = (known.redactor.version, known.redactor.clone());
        // Freeing the old one may take its time: nobody who reads waits for it.
        let old = std::mem::replace(&mut *self.0.newest.write(), next);
        self.0.version.store(version, Ordering::Release);
        drop(old);
    }
}

impl KnownSecrets {
    fn add<'s>(&mut self, secrets: impl IntoIterator<Item = &'s Secret>) -> bool {
        let before = self.values.len();
        for secret in secrets.into_iter().filter(|secret| is_searchable(secret)) {
            match self.values.iter().position(|known| known == secret) {
                Some(at) => self.keep(at),
                None => self.values.push(secret.clone()),
            }
        }
        let is_new = self.values.len() > before;
        if is_new {
            self.prepare(self.values.len() - before);
        }
        is_new
    }

    /// Moves a value to the end of those in its search, so that it is not forgotten soon.
    fn keep(&mut self, at: usize) {
        let end = if at < self.settled { self.settled } else { self.values.len() };
        self.values[at..end].rotate_left(1);
    }

    /// Prepares the search for the values, the last `added` of which are new: none of those is forgotten.
    fn prepare(&mut self, added: usize) {
        let searches = &mut self.redactor.values;
        if self.values.len() - self.settled <= MAX_RECENT_VALUES {
            searches.truncate(usize::from(self.settled > 0));
            searches.push(ValueSearch::new(&self.values[self.settled..]));
            return;
        }
        self.values.drain(..self.values.len().saturating_sub(MAX_VALUES.max(added)));
        self.settled = self.values.len();
        *searches = vec![ValueSearch::new(&self.values)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::MASK;

    fn numbered(numbers: std::ops::Range<usize>) -> Vec<Secret> {
        numbers.map(|number| Secret::new(format!("secret-{number:05}-of-many"))).collect()
    }

    #[test]
    fn replaces_a_snapshot_only_for_news() {
        let registry = SecretRegistry::default();
        let mut redactor = registry.redactor();
        assert!(!registry.refresh(&mut redactor));
        registry.clone().add([&Secret::new("hunter2!")]);
        assert_eq!(redactor.text("hunter2!"), "hunter2!");
        assert!(registry.refresh(&mut redactor) && !registry.refresh(&mut redactor));
        assert_eq!(redactor.text("hunter2!"), MASK);
        registry.add([&Secret::new("hunter2!"), &Secret::new("abc")]);
        registry.add_names(["token"; 0]);
        assert!(!registry.refresh(&mut redactor));
    }

    #[test]
    fn masks_by_registered_names_and_headers() {
        let registry = SecretRegistry::default();
        registry.add_names(["Pin-Code"]);
        registry.add_headers(&Headers::from_iter([("x-auth-token", "hunter2!"), ("host", "example.org")]));
        let shown = registry.redactor().text(r#"{"pin_code":1234,"PinCodes":1,"note":"hunter2! example.org"}"#);
        assert_eq!(shown, format!(r#"{{"pin_code":{MASK},"PinCodes":1,"note":"{MASK} example.org"}}"#));
    }

    #[test]
    fn knows_every_value_of_any_batch() {
        let registry = SecretRegistry::default();
        let all = numbered(0..MAX_RECENT_VALUES * 3);
        for (at, secret) in all.iter().enumerate() {
            registry.add([secret]);
            let known = all[..=at].iter().map(Secret::expose).collect::<Vec<_>>().join(" ");
            assert!(!registry.redactor().text(&known).contains("secret"), "{at}");
        }
    }

    #[test]
    fn forgets_the_oldest_beyond_its_bound() {
        let registry = SecretRegistry::default();
        registry.add(&numbered(0..MAX_VALUES));
        registry.add(&numbered(MAX_VALUES..MAX_VALUES + MAX_RECENT_VALUES + 1));
        let redactor = registry.redactor();
        assert!(redactor.text("secret-00000-of-many").contains("secret"));
        assert_eq!(redactor.text("secret-00070-of-many secret-04160-of-many"), format!("{MASK} {MASK}"));
    }

    #[test]
    fn keeps_all_of_a_large_batch() {
        let registry = SecretRegistry::default();
        registry.add(&numbered(0..MAX_VALUES + MAX_RECENT_VALUES + 1));
        assert_eq!(registry.redactor().text("secret-00000-of-many"), MASK);
    }

    #[test]
    fn keeps_what_is_registered_again() {
        let registry = SecretRegistry::default();
        let in_use = [Secret::new("hunter2-of-the-profile")];
        registry.add(&in_use);
        registry.add(&numbered(1..MAX_VALUES));
        registry.add(&in_use);
        registry.add(&numbered(MAX_VALUES..MAX_VALUES + MAX_RECENT_VALUES + 1));
        let redactor = registry.redactor();
        assert!(redactor.text("secret-00001-of-many").contains("secret"));
        assert_eq!(redactor.text("hunter2-of-the-profile"), MASK);
    }

    #[test]
    fn never_prints_what_it_knows() {
        let registry = SecretRegistry::default();
        registry.add([&Secret::new("hunter2!")]);
        assert!(!format!("{registry:?} {:?}", registry.redactor()).contains("hunter2"));
    }
}
