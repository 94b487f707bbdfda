//! Outcomes of exchanges that could not be written when they arrived.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{HistoryError, Store};
use crate::history::OutcomeRecord;

/// The time that is waited before an end that could not be written is tried again.
const WRITE_RETRY_INTERVAL: Duration = Duration::from_secs(10);

/// The most ends that are held: beyond them the oldest is dropped, and its row goes on saying that no answer is recorded.
const MAX_UNWRITTEN_ENDS: usize = 16;

/// Ends that could not be written, oldest first.
pub(super) struct UnwrittenEnds {
    endings: VecDeque<(i64, OutcomeRecord)>,
    /// The time of the next try.
    due: Instant,
    on_loss: Box<dyn FnMut(HistoryError) + Send>,
}

impl UnwrittenEnds {
    /// Creates an empty list. `on_loss` hears why one is held.
    pub(super) fn new(on_loss: Box<dyn FnMut(HistoryError) + Send>) -> Self {
        Self { endings: VecDeque::new(), due: Instant::now(), on_loss }
    }

    /// Returns the time until they are tried again; `None` when there are none.
    pub(super) fn wait(&self) -> Option<Duration> {
        (!self.endings.is_empty()).then(|| self.due.saturating_duration_since(Instant::now()))
    }

    /// Holds an end that could not be written, and says so unless others are held already.
    pub(super) fn hold(&mut self, id: i64, ending: OutcomeRecord, error: HistoryError) {
        tracing::warn!(id, %error, "the end of an exchange is not written yet");
        self.due = Instant::now() + WRITE_RETRY_INTERVAL;
        if self.endings.is_empty() {
            (self.on_loss)(error);
        }
        self.endings.push_back((id, ending));
        if self.endings.len() > MAX_UNWRITTEN_ENDS {
            let dropped = self.endings.pop_front();
            tracing::warn!(id = dropped.map(|(id, _)| id), "the end of an exchange is given up");
        }
    }

    /// Writes them, until one cannot be written.
    pub(super) fn settle(&mut self, store: &mut Store) {
        while let Some((id, ending)) = self.endings.front() {
            if store.finish(*id, ending).is_err() {
                self.due = Instant::now() + WRITE_RETRY_INTERVAL;
                return;
            }
            self.endings.pop_front();
        }
    }

    /// Returns whether they are to be tried again.
    pub(super) fn is_due(&self) -> bool {
        !self.endings.is_empty() && self.due <= Instant::now()
    }
}
