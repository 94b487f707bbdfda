//! Alibaba Cloud: SAE's wrapped answers, PAI's flat ones, and the errors of the gateway before both.
//!
//! Shapes and headers as in the vendor's API pages and SDKs. A 200 may be a failure (`Success: false`, or a `Code`
//! that is no 2xx); `Code` is a string or a number; `ErrorCode` means nothing when `Success` is true.

use serde_json::Value;

use super::body::{self, Members, first_text};
use super::render::json;
use super::tree::Tree;
use super::{Envelope, ErrorResponse, Foreign, RequestFacts, Verdict};
use crate::wire::{Response, encode};

const CONTENT_TYPE: &str = "application/json;charset=utf-8";
const REQUEST_ID: [&str; 2] = ["RequestId", "requestId"];
const CODE: [&str; 2] = ["Code", "code"];
const MESSAGE: [&str; 2] = ["Message", "message"];
const ERROR_CODE: [&str; 2] = ["ErrorCode", "errorCode"];

/// The value of `ErrorCode` that SAE's page shows in an answer that is no error: the Chinese word for "empty".
const NO_ERROR_CODE: [&str; 2] = ["空", "success"];

/// Reads an answer of SAE.
pub(super) fn decode_service(response: &Response, success: &[u16]) -> Envelope {
    match body::read_object(response) {
        Err(what) => unread(response, what),
        // One operation of SAE (DescribeRegions) wraps nothing.
        Ok(members) if members.contains_key("Success") || members.contains_key("Data") => read(response, success, members, true),
        Ok(members) => read(response, success, members, false),
    }
}

/// Reads an answer of PAI.
pub(super) fn decode_flat(response: &Response, success: &[u16]) -> Envelope {
    match body::read_object(response) {
        Err(what) => unread(response, what),
        Ok(members) => read(response, success, members, false),
    }
}

fn read(response: &Response, success: &[u16], mut members: Members, wrapped: bool) -> Envelope {
    if !is_vendors(response, success, &members) {
        return body::foreign(response, Foreign::OtherJson);
    }
    let succeeded = succeeded(response.status, success, &members);
    let verdict = if succeeded { Verdict::Success } else { Verdict::Failure };
    let mut envelope = body::bare(response, verdict);
    envelope.request_id = take_text(&mut members, &REQUEST_ID).or(envelope.request_id);
    envelope.message = take_text(&mut members, &MESSAGE);
    envelope.code = take_code(&mut members, succeeded);
    members.shift_remove("Success");
    if wrapped {
        envelope.data = members.shift_remove("Data").filter(|data| !data.is_null()).map(Into::into);
    } else if succeeded {
        envelope.data = Some(Value::Object(std::mem::take(&mut members)).into());
    }
    members.iter().for_each(|(name, value)| body::add_field(&mut envelope.fields, name, value));
    envelope
}

/// Returns whether the object has what this vendor's answers have: an id, a verdict, or a code with its message.
fn is_vendors(response: &Response, success: &[u16], members: &Members) -> bool {
    let coded = first_text(members, &CODE).is_some() && first_text(members, &MESSAGE).is_some();
    let named = first_text(members, &REQUEST_ID).is_some() || response.headers.contains("x-acs-request-id");
    named || coded || (body::accepted(response.status, success) && members.contains_key("Success"))
}

fn succeeded(status: u16, success: &[u16], members: &Members) -> bool {
    if !body::accepted(status, success) {
        return false;
    }
    match members.get("Success") {
        Some(Value::Bool(says)) => *says,
        Some(Value::String(says)) => says.eq_ignore_ascii_case("true"),
        _ => first_text(members, &CODE).is_none_or(|code| means_success(&code)),
    }
}

fn means_success(code: &str) -> bool {
    is_status(code) && code.starts_with('2') || code.eq_ignore_ascii_case("ok") || code.eq_ignore_ascii_case("success")
}

fn is_status(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes the code out: `Code`, unless that only repeats the HTTP status and `ErrorCode` says more.
fn take_code(members: &mut Members, succeeded: bool) -> Option<String> {
    let error_code = take_text(members, &ERROR_CODE).filter(|code| !succeeded && !NO_ERROR_CODE.contains(&&**code));
    let code = first_text(members, &CODE);
    let Some(specific) = error_code else { return take_text(members, &CODE) };
    match code {
        // The status stays behind as a field.
        Some(status) if is_status(&status) => Some(specific),
        Some(_) => take_text(members, &CODE),
        None => Some(specific),
    }
}

fn take_text(members: &mut Members, names: &[&str]) -> Option<String> {
    let found = first_text(members, names);
    for name in names.iter().filter(|_| found.is_some()) {
        members.shift_remove(*name);
    }
    found
}

/// Returns what was no JSON object. The gateway's own XML error (sent to who asked for no JSON) still gives its code and message.
fn unread(response: &Response, what: Foreign) -> Envelope {
    let is_error = what == Foreign::Xml;
    let mut envelope = body::foreign(response, what);
    let text = String::from_utf8_lossy(&response.body);
    if is_error && text.contains("<Error>") {
        envelope.code = element(&text, "Code");
        envelope.message = element(&text, "Message");
        envelope.request_id = element(&text, "RequestId").or(envelope.request_id);
    }
    envelope
}

fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(body::unescape(text.trim())).filter(|text| !text.is_empty())
}

/// Writes a success of SAE: `Data` between the ids and the codes, as on the vendor's page.
pub(super) fn render_service(status: u16, data: Option<Tree<'_>>, facts: &RequestFacts<'_>) -> Response {
    let head = [("RequestId", facts.request_id.into()), ("Message", "success".into()), ("TraceId", facts.trace_id.into())];
    let data = data.map(|data| ("Data", data));
    let tail = [("Code", status.to_string().into()), ("Success", true.into())];
    answer(status, &Tree::object(head.into_iter().chain(data).chain(tail)), facts)
}

/// Writes a success of PAI: the members of `data` beside the request id.
pub(super) fn render_flat(status: u16, data: Option<Tree<'_>>, facts: &RequestFacts<'_>) -> Response {
    let mut members = vec![("RequestId".into(), facts.request_id.into())];
    if let Some(Tree::Object(data)) = data {
        members.extend(data.into_iter().filter(|(name, _)| name != "RequestId"));
    }
    answer(status, &Tree::Object(members), facts)
}

/// Writes an error of SAE. The code stands in `Code` as well: the SDKs raise what they find there.
pub(super) fn render_service_error(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    if error.gateway {
        return render_error(error, facts);
    }
    let body = Tree::object([
        ("RequestId", facts.request_id.into()),
        ("Message", error.message.into()),
        ("TraceId", facts.trace_id.into()),
        ("ErrorCode", error.code.into()),
        ("Code", error.code.into()),
        ("Success", false.into()),
    ]);
    answer(error.status, &body, facts)
}

/// Writes an error of the gateway, or of PAI, whose errors look the same.
pub(super) fn render_error(error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    let body = Tree::object([
        ("RequestId", facts.request_id.into()),
        ("HostId", facts.host.into()),
        ("Code", error.code.into()),
        ("Message", error.message.into()),
        ("Recommend", recommend(error.code, facts).into()),
    ]);
    answer(error.status, &body, facts)
}

fn recommend(code: &str, facts: &RequestFacts<'_>) -> String {
    let product = if facts.product.is_empty() { String::new() } else { format!("&product={}", encode(facts.product)) };
    format!("https://api.aliyun.com/troubleshoot?q={}{product}&requestId={}", encode(code), encode(facts.request_id))
}

fn answer(status: u16, body: &Tree<'_>, facts: &RequestFacts<'_>) -> Response {
    json(status, CONTENT_TYPE, &[("x-acs-request-id", facts.request_id), ("x-acs-trace-id", facts.trace_id)], body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(status: u16, body: &'static str) -> Envelope {
        decode_service(&Response { status, body: body.into(), ..Response::default() }, &[200])
    }

    #[test]
    fn reads_a_failure_from_a_200() {
        let envelope =
            service(200, r#"{"RequestId":"r","Message":"no","ErrorCode":"InvalidNamespaceId.NotFound","Code":"400","Success":false}"#);
        assert_eq!((envelope.verdict, envelope.code.as_deref()), (Verdict::Failure, Some("InvalidNamespaceId.NotFound")));
        assert_eq!(envelope.fields, [("Code".to_owned(), "400".to_owned())]);
        let envelope = service(200, r#"{"RequestId":"r","Code":"InvalidNamespaceId.NotFound","Message":"no"}"#);
        assert_eq!(envelope.verdict, Verdict::Failure);
    }

    #[test]
    fn error_code_means_nothing_on_success() {
        let envelope = service(200, r#"{"RequestId":"r","ErrorCode":"空","Code":200,"Success":true,"Data":null}"#);
        assert_eq!((envelope.verdict, envelope.code.as_deref(), envelope.data), (Verdict::Success, Some("200"), None));
        assert_eq!(envelope.fields, []);
    }

    #[test]
    fn somebody_elses_json_is_named() {
        assert_eq!(service(404, r#"{"message":"no Route matched"}"#).verdict, Verdict::Foreign(Foreign::OtherJson));
        assert_eq!(service(200, r#"{"ok":true}"#).verdict, Verdict::Foreign(Foreign::OtherJson));
    }

    #[test]
    fn renders_members_in_the_order_of_the_page() {
        let facts = RequestFacts { request_id: "R", trace_id: "T", ..RequestFacts::default() };
        let response = render_service(200, Some(Tree::object([("NamespaceId", "a".into())])), &facts);
        let body = r#"{"RequestId":"R","Message":"success","TraceId":"T","Data":{"NamespaceId":"a"},"Code":"200","Success":true}"#;
        assert_eq!(response.body, body);
        assert_eq!(response.headers.get_str("x-acs-request-id"), Some("R"));
    }
}
