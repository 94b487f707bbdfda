//! How long a connection has been quiet: a part of the listener, which has the clock.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::locked::locked;

/// Since when no request is being answered: between a connection's beginning or its last answer and its next whole head.
///
/// One timer serves a connection for as long as it is there; the HTTP server's own way takes a new one for every head.
#[derive(Debug)]
pub(super) struct Quiet(Mutex<Option<Instant>>);

impl Default for Quiet {
    /// It begins with the connection.
    fn default() -> Self {
        Self(Mutex::new(Some(Instant::now())))
    }
}

impl Quiet {
    /// A request is being answered.
    pub(super) fn end(&self) {
        *locked(&self.0) = None;
    }

    /// It has been answered.
    pub(super) fn begin(&self) {
        *locked(&self.0) = Some(Instant::now());
    }

    /// Waits until it has been quiet for so long without a break.
    pub(super) async fn lasts(&self, patience: Duration) {
        while let Some(left) = self.left(patience, Instant::now()) {
            tokio::time::sleep(left).await;
        }
    }

    /// How long it must go on from now, at least, to have lasted so long; `None` when it has.
    fn left(&self, patience: Duration, now: Instant) -> Option<Duration> {
        let lasted = locked(&self.0).map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        patience.checked_sub(lasted).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_quiet_without_a_break_counts() {
        let (quiet, seconds) = (Quiet::default(), Duration::from_secs);
        let left = |after| quiet.left(seconds(10), Instant::now() + seconds(after)).map(|left| left.as_secs_f64().round());
        assert_eq!([0, 4, 11].map(left), [Some(10.0), Some(6.0), None]);
        quiet.end();
        assert_eq!([0, 11].map(left), [Some(10.0), Some(10.0)], "it answers");
        quiet.begin();
        assert_eq!([1, 11].map(left), [Some(9.0), None]);
    }
}
