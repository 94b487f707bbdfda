//! Stub.
use super::{Envelope, ErrorAnswer, RequestFacts};
use crate::wire::Response;
use serde_json::Value;
pub(super) fn decode_service(_: &Response, _: &[u16]) -> Envelope {
    unimplemented!()
}
pub(super) fn decode_flat(_: &Response, _: &[u16]) -> Envelope {
    unimplemented!()
}
pub(super) fn render_service(_: u16, _: Option<Value>, _: &RequestFacts<'_>) -> Response {
    unimplemented!()
}
pub(super) fn render_flat(_: u16, _: Option<Value>, _: &RequestFacts<'_>) -> Response {
    unimplemented!()
}
pub(super) fn render_error(_: &ErrorAnswer<'_>, _: &RequestFacts<'_>) -> Response {
    unimplemented!()
}
