//! The stop-watch of one exchange, found by whatever looks up and connects on its behalf.
//!
//! The library has no place for a request's own data in its connector, but it connects within the request's
//! future: a task-local carries the watch there, and each request has its own, however many are in flight.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use crate::exchange::Timings;

tokio::task_local! {
    static CURRENT: Arc<Watch>;
}

/// A recorder of an exchange's events and their times.
#[derive(Debug)]
pub(super) struct Watch {
    begun: Instant,
    times: Mutex<WatchTimes>,
}

/// The times of an exchange's events.
#[derive(Debug, Default)]
pub(super) struct WatchTimes {
    /// Set when a look-up has begun; an address needs none.
    pub(super) lookup_begun: bool,
    pub(super) lookup: Option<Duration>,
    pub(super) connect_begun: Option<Instant>,
    connect_ended: Option<Instant>,
    /// Our end of the connection that was made for this exchange.
    made: Option<SocketAddr>,
    /// Our end of the connection that the answer came over.
    used: Option<SocketAddr>,
    first_byte: Option<Duration>,
}

impl Watch {
    pub(super) fn start() -> Arc<Self> {
        Arc::new(Self { begun: Instant::now(), times: Mutex::default() })
    }

    /// Returns the watch of the exchange on whose behalf this code runs.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Runs a future on behalf of this exchange.
    pub(super) async fn observe<F: Future>(self: Arc<Self>, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    pub(super) fn begun(&self) -> Instant {
        self.begun
    }

    /// Records that connecting has ended, well or not; `local` is our end of the connection.
    pub(super) fn connect_ends(&self, local: Option<SocketAddr>) {
        let mut times = self.times();
        times.connect_ended = Some(Instant::now());
        times.made = local;
    }

    /// Records that the answer's head is here; `local` is our end of the connection that it came over.
    pub(super) fn record_head(&self, local: Option<SocketAddr>) {
        let took = self.begun.elapsed();
        let mut times = self.times();
        times.first_byte = Some(took);
        times.used = local;
    }

    /// Returns since when nothing has come; `None` while connecting, which has a time-out of its own.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        let times = self.times();
        match (times.connect_begun, times.connect_ended) {
            (Some(_), None) => None,
            (_, ended) => Some(ended.unwrap_or(self.begun)),
        }
    }

    /// Returns whether the host is being looked up and no answer has come.
    pub(super) fn lookup_pending(&self) -> bool {
        let times = self.times();
        times.lookup_begun && times.lookup.is_none()
    }

    /// Returns the timings as of now, `total` included.
    pub(super) fn timings(&self) -> Timings {
        let total = Some(self.begun.elapsed());
        let times = self.times();
        let first_byte = times.first_byte;
        if times.took_another_connection() {
            return Timings { first_byte, total, ..Timings::default() };
        }
        Timings { dns: times.lookup, connect: times.connecting(), first_byte, total }
    }

    /// Returns the times so far, to read and to add to.
    pub(super) fn times(&self) -> MutexGuard<'_, WatchTimes> {
        self.times.lock()
    }
}

impl WatchTimes {
    /// Returns whether a connection that somebody else had made came free first and was used instead of our own.
    fn took_another_connection(&self) -> bool {
        self.used.is_some() && self.used != self.made
    }

    fn connecting(&self) -> Option<Duration> {
        let whole = self.connect_ended?.saturating_duration_since(self.connect_begun?);
        Some(whole.saturating_sub(self.lookup.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn times_a_new_connection() {
        let watch = Watch::start();
        watch.times().connect_begun = Some(Instant::now());
        assert!(watch.quiet_since().is_none());
        watch.times().lookup = Some(Duration::ZERO);
        watch.connect_ends(Some(address(1)));
        assert!(watch.quiet_since().is_some());
        watch.record_head(Some(address(1)));
        let timings = watch.timings();
        assert!(timings.dns.is_some() && timings.connect.is_some());
        assert!(timings.first_byte <= timings.total);
    }

    #[test]
    fn times_no_lookup_for_a_reused_connection() {
        let watch = Watch::start();
        watch.times().connect_begun = Some(Instant::now());
        watch.times().lookup = Some(Duration::ZERO);
        watch.connect_ends(Some(address(1)));
        watch.record_head(Some(address(2)));
        let timings = watch.timings();
        assert_eq!((timings.dns, timings.connect), (None, None));
    }
}
