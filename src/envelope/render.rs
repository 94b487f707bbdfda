//! Putting an answer together: members in order, headers, reason phrase.

use super::tree::Tree;
use crate::wire::{Headers, Response};

/// Returns an answer without a body.
pub(super) fn empty(status: u16, headers: Headers) -> Response {
    Response { version: "HTTP/1.1".into(), status, reason: reason(status).into(), headers, ..Response::default() }
}

/// Returns an answer with a JSON body; `headers` follow the content type.
pub(super) fn json(status: u16, content_type: &str, headers: &[(&str, &str)], body: &Tree<'_>) -> Response {
    let all = [("content-type", content_type)].into_iter().chain(headers.iter().copied());
    let all = all.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.as_bytes()));
    Response { body: body.bytes().into(), ..empty(status, all.collect()) }
}

/// Returns the standard reason phrase of a status; empty for one without.
pub fn reason(status: u16) -> &'static str {
    let known = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    known.unwrap_or_default()
}
