//! Stub.
use super::{Envelope, RequestFacts};
use crate::wire::Response;
pub(super) fn decode(_: &Response) -> Envelope {
    unimplemented!()
}
pub(super) fn render_error(_: u16, _: &str, _: &str, _: &RequestFacts<'_>) -> Response {
    unimplemented!()
}
