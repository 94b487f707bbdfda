//! What is told of every request, for an access log. Telling costs the answer next to nothing: it never waits, and what
//! the log cannot take is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use jiff::Timestamp;

use super::Note;
use crate::catalog::Name;

/// So many requests may wait to be written: a tenth of a second of the greatest load.
const WAITING: usize = 8192;

/// One request and its answer. What came from the network stands as it came.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// When the request had come.
    pub arrived: Timestamp,
    /// The provider's id.
    pub provider: Name,
    /// The method; empty for what was no HTTP, or no connection at all.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The answer's status; 0 when there was no answer.
    pub status: u16,
    /// The size of the answer's body in bytes.
    pub bytes: usize,
    /// From the request's head to the answer, injected delays included.
    pub took: Duration,
    /// What the emulator made of it.
    pub note: Note,
}

/// Where accesses are told.
#[derive(Clone, Debug)]
pub struct AccessSink {
    waiting: SyncSender<Access>,
    lost: Arc<AtomicU64>,
}

/// Where accesses are heard.
#[derive(Debug)]
pub struct Accesses {
    waiting: Receiver<Access>,
    lost: Arc<AtomicU64>,
}

/// A sink and its other end.
pub fn accesses() -> (AccessSink, Accesses) {
    let (sender, receiver) = sync_channel(WAITING);
    let lost = Arc::new(AtomicU64::new(0));
    (AccessSink { waiting: sender, lost: Arc::clone(&lost) }, Accesses { waiting: receiver, lost })
}

impl AccessSink {
    /// Tells of a request. Nothing happens when nobody hears it any more.
    pub fn tell(&self, access: Access) {
        if let Err(TrySendError::Full(_)) = self.waiting.try_send(access) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Accesses {
    /// Waits for the next one; `None` when there will be no more.
    pub fn wait(&self) -> Option<Access> {
        self.waiting.recv().ok()
    }

    /// The next one, if it is there already.
    pub fn next(&self) -> Option<Access> {
        self.waiting.try_recv().ok()
    }

    /// How many were lost since this was last asked.
    pub fn lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_wait_is_counted_and_nobody_is_held_up() {
        let (sink, heard) = accesses();
        for _ in 0..WAITING + 7 {
            sink.tell(Access::default());
        }
        assert_eq!((heard.lost(), heard.lost()), (7, 0));
        drop(sink);
        assert_eq!(std::iter::from_fn(|| heard.wait()).count(), WAITING);
    }

    #[test]
    fn a_log_that_has_gone_is_no_trouble() {
        let (sink, heard) = accesses();
        drop(heard);
        sink.tell(Access::default());
        assert_eq!(sink.lost.load(Ordering::Relaxed), 0);
    }
}
