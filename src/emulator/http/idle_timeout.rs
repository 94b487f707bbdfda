//! The idle time-out of a connection.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::framing::Framing;

/// Measures the time in which nothing was answered and nothing written: while a head has not arrived, or nobody takes an answer.
///
/// One timer serves a connection for as long as it is there; the HTTP server's own way takes a new one for every head.
#[derive(Debug)]
pub(crate) struct IdleTimer(Mutex<State>);

#[derive(Debug)]
struct State {
    /// The connection's beginning, the last answer, or the last bytes of one that went out.
    since: Instant,
    /// `true` while a request is being answered, which takes as long as it takes.
    is_busy: bool,
}

/// A connection whose writing resets the idle timer, and whose heads are checked before the HTTP server reads them.
#[derive(Debug)]
pub(crate) struct IdleTrackedStream<'q> {
    /// The connection.
    pub stream: TcpStream,
    /// Its idle timer.
    pub idle_timer: &'q IdleTimer,
    /// The boundaries of its requests.
    pub framing: Framing,
    /// The reason why a head of it was refused.
    pub refused: &'q OnceLock<&'static str>,
}

/// A byte that no head may have: the server answers 400 to it anywhere.
const NO_HEAD: u8 = 0;

impl Default for IdleTimer {
    /// Starts it with the connection.
    fn default() -> Self {
        Self(Mutex::new(State { since: Instant::now(), is_busy: false }))
    }
}

impl IdleTimer {
    /// Records that a request is being answered.
    pub(crate) fn end(&self) {
        self.0.lock().is_busy = true;
    }

    /// Records that it has been answered, but for what is still to be written.
    pub(crate) fn begin(&self) {
        *self.0.lock() = State { since: Instant::now(), is_busy: false };
    }

    /// Waits until it has been idle for so long without a break.
    pub(crate) async fn wait_until_idle(&self, timeouts: Duration) {
        while let Some(left) = self.remaining(timeouts, Instant::now()) {
            tokio::time::sleep(left).await;
        }
    }

    /// Returns the time that is left, at least, until it has been idle for so long; `None` when it has.
    fn remaining(&self, timeouts: Duration, now: Instant) -> Option<Duration> {
        let state = self.0.lock();
        let lasted = if state.is_busy { Duration::ZERO } else { now.saturating_duration_since(state.since) };
        timeouts.checked_sub(lasted).filter(|left| !left.is_zero())
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(1..)) = written {
            self.0.lock().since = Instant::now();
        }
        written
    }
}

impl AsyncRead for IdleTrackedStream<'_> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Err(refused) = self.framing.take(&buffer.filled()[before..]) {
            // The server reads up to the reason, and there what it refuses as well.
            buffer.set_filled(before + refused.at);
            buffer.put_slice(&[NO_HEAD]);
            let _ = self.refused.set(refused.reason);
        }
        read
    }
}

impl AsyncWrite for IdleTrackedStream<'_> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.idle_timer.note(written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.idle_timer.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_out_only_after_unbroken_idleness() {
        let (idle_timer, seconds) = (IdleTimer::default(), Duration::from_secs);
        let left = |after| idle_timer.remaining(seconds(10), Instant::now() + seconds(after)).map(|left| left.as_secs_f64().round());
        assert_eq!([0, 4, 11].map(left), [Some(10.0), Some(6.0), None]);
        idle_timer.end();
        assert_eq!([0, 11].map(left), [Some(10.0), Some(10.0)], "it answers");
        idle_timer.begin();
        assert_eq!([1, 11].map(left), [Some(9.0), None]);
        idle_timer.0.lock().since -= seconds(8);
        assert_eq!([1, 3].map(left), [Some(1.0), None]);
        let _ = idle_timer.note(Poll::Pending);
        assert_eq!([1, 3].map(left), [Some(1.0), None], "nothing was written");
        let _ = idle_timer.note(Poll::Ready(Ok(7)));
        assert_eq!([1, 11].map(left), [Some(9.0), None]);
    }
}
