//! Reading beside the thread that writes, with a connection of its own: a search never holds a request up.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::InterruptHandle;

use super::{HistoryError, Page, Store};
use crate::history::{SearchResult, StoredExchange};
use crate::query::Query;

/// The time that is looked at most before what was found is handed over.
const SEARCH_SLICE: Duration = Duration::from_millis(25);

/// Reads the history of a data folder. The file is opened when something is first asked.
pub struct Reader {
    folder: PathBuf,
    store: Mutex<Option<Store>>,
    /// Stops what is being read.
    stop: Mutex<Option<InterruptHandle>>,
    /// The number of the newest list that was asked for.
    newest: AtomicU64,
}

impl Reader {
    /// Creates a reader of a data folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, store: Mutex::default(), stop: Mutex::default(), newest: AtomicU64::new(0) }
    }

    /// Returns the number of exchanges, by their numbers (one that was cancelled before it was sent leaves a gap), and a number that is above all of
    /// theirs. It is asked for at the start: nothing is counted.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn extent(&self) -> Result<(u64, i64), HistoryError> {
        let (lowest, highest) = self.with(Store::extent)?;
        Ok((u64::try_from(highest - lowest + 1).unwrap_or_default(), highest + 1))
    }

    /// Returns a part of a list, as far as it is found within a moment; `None` when a newer one was asked for meanwhile (`number` counts them), which
    /// stops this one.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn list(&self, number: u64, query: &Query, page: Page) -> Result<Option<SearchResult>, HistoryError> {
        let outdated = || number < self.newest.load(Ordering::SeqCst);
        if outdated() {
            return Ok(None);
        }
        let listed = self.with(|store| if outdated() { Ok(SearchResult::default()) } else { store.search(query, page, SEARCH_SLICE) });
        if outdated() { Ok(None) } else { listed.map(Some) }
    }

    /// Records that a list with this number will be requested: an older one that is being read is stopped.
    pub fn supersede(&self, number: u64) {
        self.newest.store(number, Ordering::SeqCst);
        if let Some(stop) = &*self.stop.lock() {
            stop.interrupt();
        }
    }

    /// Returns one exchange in full; `None` when there is none of this number.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn get(&self, number: i64) -> Result<Option<StoredExchange>, HistoryError> {
        // What stops a list may meet this instead.
        self.with(|store| store.get(number)).or_else(|_| self.with(|store| store.get(number)))
    }

    fn with<T>(&self, read: impl FnOnce(&mut Store) -> Result<T, HistoryError>) -> Result<T, HistoryError> {
        let mut place = self.store.lock();
        if let Some(store) = &mut *place {
            return read(store);
        }
        let store = place.insert(Store::open(&self.folder)?);
        *self.stop.lock() = Some(store.interrupt_handle());
        read(store)
    }
}
