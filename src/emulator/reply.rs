//! The emulator's reply to a request: the answer, and how it is delivered.

use std::time::Duration;

use super::access::Note;
use super::request_context::RequestContext;
use crate::wire::Response;

/// The emulator's reply to a request.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The answer.
    pub response: Response,
    /// The time to wait before it goes out.
    pub delay: Duration,
    /// The delivery of the answer.
    pub delivery: Delivery,
    /// The record for the access log.
    pub note: Note,
}

/// The delivery of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// As it should.
    Whole,
    /// Not at all: the connection is reset.
    ResetBefore,
    /// Up to a place, at which the connection is reset.
    ResetInside(PlaceInResponse),
    /// Up to a place, at which the connection is closed in good order.
    Truncated(PlaceInResponse),
    /// In its place comes something that is no HTTP.
    NotHttp,
    /// In small pieces.
    Drip {
        /// The number of bytes at a time.
        bytes: usize,
        /// The time between them.
        every: Duration,
    },
}

/// A place in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceInResponse {
    /// In the middle of the head.
    Head,
    /// Behind so many bytes of the body.
    Body(usize),
}

impl Reply {
    /// Adds the note of the request.
    pub(super) fn with_note(self, note: Note, context: RequestContext<'_>) -> Self {
        Self { note: Note { request_id: context.request_id, ..note }, ..self }
    }
}
