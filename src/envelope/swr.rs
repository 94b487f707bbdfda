//! SWR of Huawei Cloud and of Open Telekom Cloud: plain answers, and five shapes of errors.
//!
//! The shapes: A a bare array (OTC, older Huawei regions), B the array in `errors`, C both that and
//! `error_code`/`error_msg` (Huawei today), D a top-level `errorCode`, E the API gateway's `error_code`,
//! `error_msg`, `request_id`. Creating answers with an empty object or no body, deleting with no body.

use serde_json::Value;

use super::body::{self, Members, first_text};
use super::render::{empty, json};
use super::tree::Tree;
use super::{Envelope, ErrorResponse, Foreign, RequestFacts, Verdict};
use crate::wire::{Headers, Response};

const CONTENT_TYPE: &str = "application/json;charset=utf-8";
const CODE: [&str; 5] = ["error_code", "errorCode", "errcode", "code", "Code"];
const MESSAGE: [&str; 7] = ["error_msg", "errorMsg", "errorMessage", "error_message", "errmsg", "message", "Message"];
const REQUEST_ID: [&str; 3] = ["request_id", "requestId", "RequestId"];

/// Members that hold the same error once more.
const REPEATED: [&str; 3] = ["errors", "details", "error"];

/// Statuses whose answer has no body by the vendor's pages and clients.
const WITHOUT_BODY: [u16; 3] = [201, 202, 204];

/// Reads an answer.
pub(super) fn decode(response: &Response, success: &[u16]) -> Envelope {
    let accepted = body::accepted(response.status, success);
    match body::read(response) {
        Err(Foreign::Empty) if accepted && WITHOUT_BODY.contains(&response.status) => body::bare(response, Verdict::Success),
        Err(what) => body::foreign(response, what),
        Ok(value) => match error_in(&value) {
            Some(error) => failure(response, &error),
            None if success.contains(&response.status) => Envelope { data: Some(value.into()), ..body::bare(response, Verdict::Success) },
            None => body::foreign(response, Foreign::OtherJson),
        },
    }
}

/// Returns the members of the error in any of the five shapes, the outermost first, or of a keystone error.
fn error_in(value: &Value) -> Option<Members> {
    match value {
        Value::Array(errors) => coded(errors.first()?.as_object()?),
        Value::Object(members) => {
            let inner = REPEATED.iter().find_map(|name| inner_error(members.get(*name)?));
            if first_text(members, &CODE).is_none() || first_text(members, &MESSAGE).is_none() && inner.is_none() {
                return inner.map(|inner| joined(inner, members));
            }
            Some(joined(members.clone(), &inner.unwrap_or_default()))
        }
        _ => None,
    }
}

fn inner_error(value: &Value) -> Option<Members> {
    match value {
        Value::Array(errors) => coded(errors.first()?.as_object()?),
        Value::Object(error) => coded(error),
        _ => None,
    }
}

fn coded(members: &Members) -> Option<Members> {
    let is_error = first_text(members, &CODE).is_some() && first_text(members, &MESSAGE).is_some();
    is_error.then(|| members.clone())
}

/// Returns `first` and after it what only `second` has, without the members that repeat the error.
fn joined(mut first: Members, second: &Members) -> Members {
    for (name, value) in second {
        first.entry(name.clone()).or_insert_with(|| value.clone());
    }
    first.retain(|name, value| !REPEATED.contains(&&**name) || !(value.is_array() || value.is_object()));
    first
}

fn failure(response: &Response, error: &Members) -> Envelope {
    let mut envelope = body::bare(response, Verdict::Failure);
    envelope.code = first_text(error, &CODE);
    envelope.message = first_text(error, &MESSAGE);
    envelope.request_id = first_text(error, &REQUEST_ID).or(envelope.request_id);
    let known = [&envelope.code, &envelope.message, &envelope.request_id];
    let is_new =
        |value: &Value| body::text(value).is_some_and(|text| !text.is_empty() && !known.iter().any(|known| known.as_ref() == Some(&text)));
    let others: Vec<_> = error.iter().filter(|(_, value)| is_new(value)).collect();
    for (name, value) in others {
        body::add_field(&mut envelope.fields, name, value);
    }
    envelope
}

/// Writes a success: the data as it is, or an empty object. Terraform's SDK (chnsz/golangsdk) reads a 201 without a body as a failure.
pub(super) fn render(status: u16, data: Option<Tree<'_>>, facts: &RequestFacts<'_>) -> Response {
    match data {
        None if status == 204 => empty(status, Headers::from_iter([("x-request-id", facts.request_id)])),
        data => json(status, CONTENT_TYPE, &[("x-request-id", facts.request_id)], &data.unwrap_or_else(|| Tree::object([]))),
    }
}

/// Writes an error of Huawei Cloud: shape C, or E when the gateway answers.
pub(super) fn render_huawei_error(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    if error.gateway {
        return render_gateway_error(error, facts);
    }
    let short = || Tree::object([("error_code", error.code.into()), ("error_msg", error.message.into())]);
    let body = Tree::object([
        ("errors", Tree::Array(vec![long(error)])),
        ("error_code", error.code.into()),
        ("error_msg", error.message.into()),
        ("details", Tree::Array(vec![short()])),
    ]);
    answer(error, facts, &body)
}

/// Writes an error of Open Telekom Cloud: shape A, or E when the gateway answers.
pub(super) fn render_otc_error(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    if error.gateway {
        return render_gateway_error(error, facts);
    }
    answer(error, facts, &Tree::Array(vec![long(error)]))
}

fn render_gateway_error(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    let body =
        Tree::object([("error_code", error.code.into()), ("error_msg", error.message.into()), ("request_id", facts.request_id.into())]);
    answer(error, facts, &body)
}

fn long<'a>(error: &ErrorResponse<'a>) -> Tree<'a> {
    Tree::object([("errorCode", error.code.into()), ("errorMessage", error.message.into()), ("detail", error.message.into())])
}

fn answer(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>, body: &Tree<'_>) -> Response {
    json(error.status, CONTENT_TYPE, &[("x-request-id", facts.request_id)], body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &'static str) -> Envelope {
        decode(&Response { status, body: body.into(), ..Response::default() }, &[201])
    }

    #[test]
    fn reads_all_five_shapes() {
        for body in [
            r#"[{"errorCode":"X","errorMessage":"no","detail":""}]"#,
            r#"{"errors":[{"errorCode":"X","errorMessage":"no","detail":""}]}"#,
            r#"{"errors":[{"errorCode":"X","errorMessage":"no"}],"error_code":"X","error_msg":"no","details":[]}"#,
            r#"{"errorCode":"X","errorMessage":"no"}"#,
            r#"{"error_msg":"no","error_code":"X","request_id":"r"}"#,
        ] {
            let envelope = read(409, body);
            assert_eq!(
                (envelope.verdict, envelope.code.as_deref(), envelope.message.as_deref()),
                (Verdict::Failure, Some("X"), Some("no")),
                "{body}"
            );
            assert_eq!(envelope.fields, [], "{body}");
        }
    }

    #[test]
    fn reads_an_error_in_a_2xx_as_failure() {
        assert_eq!(read(201, r#"{"error_code":"X","error_msg":"no"}"#).verdict, Verdict::Failure);
    }

    #[test]
    fn creating_answers_with_nothing() {
        assert_eq!(read(201, "").verdict, Verdict::Success);
        assert_eq!(read(204, "").verdict, Verdict::Success);
        assert_eq!(read(201, "{}").data, Some(Value::Object(Members::new()).into()));
        assert_eq!(read(200, "").verdict, Verdict::Foreign(Foreign::Empty));
        assert_eq!(read(502, "").verdict, Verdict::Foreign(Foreign::Empty));
        assert_eq!(read(200, "{}").verdict, Verdict::Foreign(Foreign::OtherJson));
    }

    #[test]
    fn keeps_other_members_of_an_error() {
        let envelope = read(
            403,
            r#"{"errors":[{"errorCode":"X","errorMessage":"no","detail":"why"}],"error_code":"X","error_msg":"no","encoded_authorization_message":"abc"}"#,
        );
        let fields = [("encoded_authorization_message", "abc"), ("detail", "why")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(envelope.fields, fields);
    }
}
