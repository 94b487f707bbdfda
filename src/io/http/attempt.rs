//! One request on its way: awaiting head and body, each wait with its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::HttpInfo;
use tokio::time::timeout_at;

use super::body::PartialBody;
use super::failure::body_failure;
use super::hint::FailureContext;
use super::watch::Watch;
use crate::exchange::{Failure, FailureClass};
use crate::wire::Response;

/// The message for a head that is late. Bytes of it may have come: the library reports it as a whole.
const LATE_HEAD: &str = "the head of an answer was not complete";

/// A request on its way.
pub(super) struct Attempt<'a> {
    pub(super) circumstances: FailureContext<'a>,
    pub(super) watch: &'a Arc<Watch>,
}

impl Attempt<'_> {
    /// Awaits the answer's head. Silence counts from the connection on: connecting has a time-out of its own, kept by the library.
    pub(super) async fn head(
        &self,
        sending: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
    ) -> Result<reqwest::Response, Failure> {
        let mut sending = std::pin::pin!(Arc::clone(self.watch).observe(sending));
        loop {
            let quiet_since = self.watch.quiet_since().unwrap_or_else(Instant::now);
            let Ok(result) = timeout_at(self.deadline(quiet_since).into(), &mut sending).await else {
                self.check_deadline()?;
                continue;
            };
            let answer = result.map_err(|error| self.circumstances.failure(&error, self.watch))?;
            self.watch.record_head(answer.extensions().get::<HttpInfo>().map(HttpInfo::local_addr));
            return Ok(answer);
        }
    }

    /// Awaits the body. What came of a broken one is kept in the failure.
    pub(super) async fn body(&self, mut answer: reqwest::Response) -> Result<Response, Failure> {
        let settings = self.circumstances.settings;
        let mut partial = PartialBody::new(&answer, settings.body_limit);
        while partial.received() < settings.count_limit {
            match self.next_bytes(&mut answer).await {
                Ok(Some(chunk)) => partial.take(&chunk),
                Ok(None) => break,
                Err(failure) => return Err(Failure { partial: Some(Box::new(partial.finish())), ..failure }),
            }
        }
        Ok(partial.finish())
    }

    async fn next_bytes(&self, answer: &mut reqwest::Response) -> Result<Option<bytes::Bytes>, Failure> {
        match timeout_at(self.deadline(Instant::now()).into(), answer.chunk()).await {
            Ok(result) => result.map_err(|error| body_failure(&error)),
            Err(_) => Err(self.timed_out("nothing came")),
        }
    }

    /// Returns the moment at which waiting ends if nothing has arrived since `quiet_since`.
    fn deadline(&self, quiet_since: Instant) -> Instant {
        self.total_end().min(later(quiet_since, self.circumstances.settings.read_timeout))
    }

    fn total_end(&self) -> Instant {
        later(self.watch.begun(), self.circumstances.settings.total_timeout)
    }

    /// Fails if a time-out has passed; none has when the connection was made while the timer ran.
    fn check_deadline(&self) -> Result<(), Failure> {
        let now = Instant::now();
        let silent = self.watch.quiet_since().is_some_and(|since| later(since, self.circumstances.settings.read_timeout) <= now);
        if silent || self.total_end() <= now { Err(self.timed_out(LATE_HEAD)) } else { Ok(()) }
    }

    fn timed_out(&self, missing: &str) -> Failure {
        let class = if self.total_end() <= Instant::now() { FailureClass::TotalTimeout } else { FailureClass::ReadTimeout };
        self.circumstances.timed_out(class, missing)
    }
}

/// Adds a duration to a moment; years away when the clock cannot hold it.
fn later(from: Instant, by: Duration) -> Instant {
    const NO_TIMEOUT: Duration = Duration::from_secs(365 * 86_400);
    from + by.min(NO_TIMEOUT)
}
