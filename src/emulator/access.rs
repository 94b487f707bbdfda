//! The record of a request for an access log.

use std::fmt::Debug;
use std::time::Duration;

use jiff::Timestamp;

use super::Note;
use crate::catalog::Name;

/// One request and its answer. What came from the network stands as it came.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// The time at which the request had come.
    pub arrived: Timestamp,
    /// The provider's id.
    pub provider: Name,
    /// The method; empty for what was no HTTP, or no connection at all.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// The answer's status; 0 when there was no answer.
    pub status: u16,
    /// The size of the answer's body in bytes.
    pub bytes: usize,
    /// From the request's head to the answer, injected delays included.
    pub took: Duration,
    /// The emulator's record of it.
    pub note: &'a Note,
}

/// A receiver of access records.
pub trait AccessSink: Debug + Send + Sync {
    /// Tells of a request. The answer waits until this returns: it must never wait for anybody itself.
    fn notify(&self, access: &Access<'_>);
}
