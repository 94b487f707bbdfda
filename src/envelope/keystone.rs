//! The identity service of Huawei Cloud and Open Telekom Cloud: answers to `POST /v3/auth/tokens`.
//!
//! The token itself travels in the header `x-subject-token` and never enters an envelope: only what the body
//! tells about it (when it expires, for which project) does.

use serde_json::Value;

use super::body::{self, Members, first_text};
use super::render::json;
use super::tree::Tree;
use super::{Envelope, Foreign, RequestFacts, Verdict};
use crate::secret::MASK;
use crate::wire::Response;

/// Reads an answer to a token request.
pub(super) fn decode(response: &Response) -> Envelope {
    let members = match body::read_object(response) {
        Ok(members) => members,
        Err(what) => return body::foreign(response, what),
    };
    match members.get("error") {
        Some(Value::Object(error)) => failure(response, error, &["code"], &["message"]),
        _ if members.contains_key("error_code") => failure(response, &members, &["error_code"], &["error_msg"]),
        _ => success(response, members).unwrap_or_else(|| body::foreign(response, Foreign::OtherJson)),
    }
}

fn failure(response: &Response, error: &Members, code: &[&str], message: &[&str]) -> Envelope {
    let mut envelope = body::bare(response, Verdict::Failure);
    envelope.code = first_text(error, code);
    envelope.message = first_text(error, message);
    envelope.request_id = first_text(error, &["request_id"]).or(envelope.request_id);
    let known = [code, message, &["request_id"]].concat();
    let others = error.iter().filter(|(name, _)| !known.contains(&&***name));
    others.for_each(|(name, value)| body::add_field(&mut envelope.fields, name, value));
    envelope
}

/// Returns a 201 with the token in its header and what the body tells of it.
fn success(response: &Response, mut members: Members) -> Option<Envelope> {
    let secret = response.headers.get_str("x-subject-token").filter(|token| !token.is_empty())?;
    if !body::accepted(response.status, &[201]) {
        return None;
    }
    let mut data = members.shift_remove("token")?;
    mask(&mut data, secret);
    Some(Envelope { data: Some(data.into()), ..body::bare(response, Verdict::Success) })
}

/// Puts the mask wherever a text holds the token.
fn mask(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) if text.contains(secret) => MASK.clone_into(text),
        Value::Array(elements) => elements.iter_mut().for_each(|element| mask(element, secret)),
        Value::Object(members) => members.values_mut().for_each(|member| mask(member, secret)),
        _ => {}
    }
}

/// Writes an error: `{"error": {"message", "code", "title"}}`.
pub(super) fn render_error(status: u16, message: &str, title: &str, facts: &RequestFacts<'_>) -> Response {
    let error = Tree::object([("message", message.into()), ("code", Value::from(status).into()), ("title", title.into())]);
    json(status, "application/json;charset=UTF-8", &[("x-request-id", facts.request_id)], &Tree::object([("error", error)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_token_in_its_header() {
        let body = r#"{"token":{"expires_at":"2026-11-23T00:00:00.000000Z","id":"MIIFakeToken","project":{"name":"eu-de"}}}"#;
        let mut response = Response { status: 201, body: body.into(), ..Response::default() };
        assert_eq!(decode(&response).verdict, Verdict::Foreign(Foreign::OtherJson));
        response.headers.push("x-subject-token", "MIIFakeToken");
        let envelope = decode(&response);
        assert!(envelope.succeeded() && !format!("{envelope:?}").contains("MIIFakeToken"));
        assert_eq!(envelope.data.unwrap().value()["project"]["name"], "eu-de");
    }

    #[test]
    fn reads_both_shapes_of_errors() {
        let response = render_error(401, "The username or password is wrong.", "Unauthorized", &RequestFacts::default());
        let envelope = decode(&response);
        assert_eq!((envelope.verdict, envelope.code.as_deref()), (Verdict::Failure, Some("401")));
        assert_eq!(envelope.fields, [("title".to_owned(), "Unauthorized".to_owned())]);
        let other = Response { status: 400, body: r#"{"error_msg":"no","error_code":"IAM.0006"}"#.into(), ..Response::default() };
        assert_eq!(decode(&other).code.as_deref(), Some("IAM.0006"));
    }
}
