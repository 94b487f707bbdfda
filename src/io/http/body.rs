//! Collects an answer: its head as it arrived, its body within limits.

use bytes::Bytes;

use crate::wire::Response;

/// The most that is set aside on the word of a `content-length` alone.
const MAX_RESERVED_BYTES: u64 = 64 << 20;

/// An answer as far as it has come.
#[derive(Debug)]
pub(super) struct PartialBody {
    head: Response,
    body: Vec<u8>,
    limit: usize,
}

impl PartialBody {
    /// Begins with the head. Room for the stated length is made at once, so that a body is never moved as it grows.
    pub(super) fn new(answer: &reqwest::Response, limit: usize) -> Self {
        let stated = answer.content_length().unwrap_or_default().min(MAX_RESERVED_BYTES);
        let room = usize::try_from(stated).unwrap_or(limit).min(limit);
        Self { head: head(answer), body: Vec::with_capacity(room), limit }
    }

    /// Takes the next bytes of the body; what is beyond the limit is counted only.
    pub(super) fn take(&mut self, chunk: &[u8]) {
        let stored = chunk.len().min(self.limit - self.body.len());
        self.body.extend_from_slice(&chunk[..stored]);
        self.head.excess += (chunk.len() - stored) as u64;
    }

    /// Returns the number of bytes of the body that have arrived.
    pub(super) fn received(&self) -> u64 {
        self.body.len() as u64 + self.head.excess
    }

    /// Returns the answer with what has come of its body.
    pub(super) fn finish(mut self) -> Response {
        self.body.shrink_to_fit();
        Response { body: Bytes::from(self.body), ..self.head }
    }
}

fn head(answer: &reqwest::Response) -> Response {
    Response {
        version: format!("{:?}", answer.version()).into(),
        status: answer.status().as_u16(),
        reason: reason(answer).into(),
        headers: answer.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect(),
        ..Response::default()
    }
}

/// Returns the reason phrase. The library keeps it only when it is not the usual one.
fn reason(answer: &reqwest::Response) -> String {
    match answer.extensions().get::<hyper::ext::ReasonPhrase>() {
        Some(own) => String::from_utf8_lossy(own.as_bytes()).into_owned(),
        None => answer.status().canonical_reason().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &'static str) -> reqwest::Response {
        http::Response::builder().status(200).body(body).unwrap().into()
    }

    #[test]
    fn counts_what_is_beyond_the_limit() {
        let mut partial = PartialBody::new(&answer(""), 4);
        for chunk in [b"abc".as_slice(), b"def", b"ghi"] {
            partial.take(chunk);
        }
        assert_eq!(partial.received(), 9);
        let response = partial.finish();
        assert_eq!((response.body.as_ref(), response.excess), (b"abcd".as_slice(), 5));
    }

    #[test]
    fn makes_room_for_the_stated_length_once() {
        assert_eq!(PartialBody::new(&answer("0123456789"), 64).body.capacity(), 10);
        assert_eq!(PartialBody::new(&answer("0123456789"), 3).body.capacity(), 3);
    }
}
