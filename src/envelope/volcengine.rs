//! Volcengine: `ResponseMetadata` with the ids and perhaps an `Error`, and `Result` beside it.
//!
//! An `Error` makes a failure of any status, 2xx too: the vendor's own SDK raises it.

use serde_json::Value;

use super::body::{self, first_text};
use super::render::json;
use super::tree::Tree;
use super::{Envelope, ErrorResponse, Foreign, RequestFacts, Verdict};
use crate::wire::Response;

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Reads an answer.
pub(super) fn decode(response: &Response, success: &[u16]) -> Envelope {
    let mut members = match body::read_object(response) {
        Ok(members) => members,
        Err(what) => return body::foreign(response, what),
    };
    let Some(Value::Object(mut metadata)) = members.shift_remove("ResponseMetadata") else {
        return body::foreign(response, Foreign::OtherJson);
    };
    let error = metadata.shift_remove("Error").filter(|error| !error.is_null());
    let succeeded = error.is_none() && body::accepted(response.status, success);
    let mut envelope = body::bare(response, if succeeded { Verdict::Success } else { Verdict::Failure });
    envelope.request_id = first_text(&metadata, &["RequestId"]).or(envelope.request_id);
    metadata.shift_remove("RequestId");
    envelope.data = members.shift_remove("Result").filter(|result| !result.is_null()).map(Into::into);
    metadata.iter().chain(&members).for_each(|(name, value)| body::add_field(&mut envelope.fields, name, value));
    if let Some(error) = error {
        add_error(&mut envelope, &error);
    }
    envelope
}

fn add_error(envelope: &mut Envelope, error: &Value) {
    let Value::Object(error) = error else {
        envelope.message = body::text(error);
        return;
    };
    envelope.code = first_text(error, &["Code"]);
    envelope.message = first_text(error, &["Message"]);
    let others = error.iter().filter(|(name, _)| *name != "Code" && *name != "Message");
    others.for_each(|(name, value)| body::add_field(&mut envelope.fields, name, value));
}

/// Writes a success. Without data the `Result` is empty, since the SDK drops the metadata when there is none.
pub(super) fn render(status: u16, data: Option<Tree<'_>>, facts: &RequestFacts<'_>) -> Response {
    let result = data.unwrap_or_else(|| Tree::object([]));
    answer(status, [("ResponseMetadata", Tree::object(metadata(facts))), ("Result", result)], facts)
}

/// Writes an error; there is no `Result` beside it.
pub(super) fn render_error(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    let number = error.number.map(|number| ("CodeN", Value::from(number).into()));
    let members = number.into_iter().chain([("Code", error.code.into()), ("Message", error.message.into())]);
    let metadata = metadata(facts).chain([("Error", Tree::object(members))]);
    answer(error.status, [("ResponseMetadata", Tree::object(metadata))], facts)
}

/// Returns the metadata that every answer has; what the gateway does not know yet is left out.
fn metadata<'a>(facts: &RequestFacts<'a>) -> impl Iterator<Item = (&'a str, Tree<'a>)> {
    let known = [
        ("RequestId", facts.request_id),
        ("Action", facts.action),
        ("Version", facts.version),
        ("Service", facts.service),
        ("Region", facts.region),
    ];
    known.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.into()))
}

fn answer<const N: usize>(status: u16, members: [(&str, Tree<'_>); N], facts: &RequestFacts<'_>) -> Response {
    json(status, CONTENT_TYPE, &[("x-tt-logid", facts.request_id)], &Tree::object(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &'static str) -> Envelope {
        decode(&Response { status, body: body.into(), ..Response::default() }, &[200])
    }

    #[test]
    fn reads_an_error_inside_a_200_as_failure() {
        let envelope = read(200, r#"{"ResponseMetadata":{"RequestId":"r","Error":{"CodeN":100013,"Code":"AccessDenied","Message":"no"}}}"#);
        assert_eq!((envelope.verdict, envelope.code.as_deref()), (Verdict::Failure, Some("AccessDenied")));
        assert_eq!(envelope.fields, [("CodeN".to_owned(), "100013".to_owned())]);
    }

    #[test]
    fn reads_a_null_error_as_none() {
        let envelope = read(200, r#"{"ResponseMetadata":{"RequestId":"r","Error":null},"Result":null}"#);
        assert_eq!((envelope.verdict, envelope.data), (Verdict::Success, None));
    }

    #[test]
    fn treats_an_answer_without_metadata_as_foreign() {
        assert_eq!(read(200, r#"{"Result":{}}"#).verdict, Verdict::Foreign(Foreign::OtherJson));
    }

    #[test]
    fn renders_the_error_in_the_gateways_order() {
        let facts = RequestFacts {
            request_id: "R",
            action: "CreateNamespace",
            version: "2025-10-30",
            region: "cn-beijing",
            ..RequestFacts::default()
        };
        let error = ErrorResponse { status: 401, code: "SignatureDoesNotMatch", message: "no", number: Some(100_010), gateway: true };
        let body = r#"{"ResponseMetadata":{"RequestId":"R","Action":"CreateNamespace","Version":"2025-10-30","Region":"cn-beijing","Error":{"CodeN":100010,"Code":"SignatureDoesNotMatch","Message":"no"}}}"#;
        assert_eq!(render_error(&error, &facts).body, body);
    }
}
