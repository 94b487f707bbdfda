//! Stub.
use super::{Envelope, ErrorAnswer, RequestFacts};
use crate::wire::Response;
use serde_json::Value;
pub(super) fn decode(_: &Response, _: &[u16]) -> Envelope {
    unimplemented!()
}
pub(super) fn render(_: u16, _: Option<Value>, _: &RequestFacts<'_>) -> Response {
    unimplemented!()
}
pub(super) fn render_error(_: &ErrorAnswer<'_>, _: &RequestFacts<'_>) -> Response {
    unimplemented!()
}
