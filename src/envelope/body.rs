//! What a body is: JSON to be read, or one of the things that stand in its place.

use serde_json::{Map, Value};

use super::{Envelope, Foreign, MAX_READ_BYTES, Verdict};
use crate::wire::Response;

/// A JSON object's members in order.
pub(super) type Members = Map<String, Value>;

/// Headers in which the vendors and their gateways name a request.
const REQUEST_ID_HEADERS: [&str; 5] = ["x-acs-request-id", "x-tt-logid", "x-request-id", "x-openstack-request-id", "x-iam-trace-id"];

/// The bytes of a page in which its title is searched.
const MAX_TITLE_SEARCH_BYTES: usize = 64 * 1024;

/// The most characters of a title; longer ones are cut.
const MAX_TITLE_CHARS: usize = 120;

/// Returns the JSON value that the body is, or what the body is instead.
pub(super) fn read(response: &Response) -> Result<Value, Foreign> {
    let total = response.body.len().saturating_add(usize::try_from(response.excess).unwrap_or(usize::MAX));
    if response.excess > 0 || total > MAX_READ_BYTES {
        return Err(Foreign::TooLarge(total));
    }
    if (300..400).contains(&response.status) {
        return Err(Foreign::Redirect(header(response, "location")));
    }
    if let Some(coding) = coding(response) {
        return Err(Foreign::Encoded(coding));
    }
    parse(&response.body)
}

/// Returns the object that the body is, or what the body is instead.
pub(super) fn read_object(response: &Response) -> Result<Members, Foreign> {
    match read(response)? {
        Value::Object(members) => Ok(members),
        _ => Err(Foreign::OtherJson),
    }
}

/// Creates an envelope with only a verdict and the request id of the headers.
pub(super) fn bare(response: &Response, verdict: Verdict) -> Envelope {
    Envelope { verdict, request_id: request_id(response), code: None, message: None, data: None, fields: Vec::new() }
}

/// Creates the envelope of an answer that is not in the vendor's format.
pub(super) fn foreign(response: &Response, what: Foreign) -> Envelope {
    bare(response, Verdict::Foreign(what))
}

/// Returns the request id that a header names.
pub(super) fn request_id(response: &Response) -> Option<String> {
    REQUEST_ID_HEADERS.iter().find_map(|name| header(response, name)).filter(|id| !id.is_empty())
}

/// Returns a member's value as text: strings as they are, numbers and booleans as written, the rest as compact JSON; `None` for null.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Returns the first of `names` that is present and not empty.
pub(super) fn first_text(members: &Members, names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| members.get(*name)).filter(|value| !value.is_object() && !value.is_array()).find_map(scalar_text)
}

fn scalar_text(value: &Value) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// Returns whether the HTTP status says success: a listed one, or any 2xx.
pub(super) fn accepted(status: u16, success: &[u16]) -> bool {
    success.contains(&status) || (200..300).contains(&status)
}

/// Adds a member to the fields; an object's members are added each under its dotted name.
pub(super) fn add_field(fields: &mut Vec<(String, String)>, name: &str, value: &Value) {
    let Value::Object(members) = value else {
        fields.extend(text(value).map(|text| (name.to_owned(), text)));
        return;
    };
    let named = members.iter().filter_map(|(member, value)| text(value).map(|text| (format!("{name}.{member}"), text)));
    fields.extend(named);
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned())
}

fn coding(response: &Response) -> Option<String> {
    header(response, "content-encoding").filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}

fn parse(body: &[u8]) -> Result<Value, Foreign> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if text.trim_ascii().is_empty() {
        return Err(Foreign::Empty);
    }
    serde_json::from_slice(text).map_err(|error| markup(text).unwrap_or_else(|| damaged(body, &error)))
}

fn damaged(body: &[u8], error: &serde_json::Error) -> Foreign {
    if error.is_eof() { Foreign::TruncatedJson(body.len()) } else { Foreign::NotJson(error.to_string()) }
}

/// Returns whether it is HTML or XML, if the body begins like either.
fn markup(body: &[u8]) -> Option<Foreign> {
    let head = &body[..body.len().min(MAX_TITLE_SEARCH_BYTES)];
    let start = head.trim_ascii_start();
    if !start.starts_with(b"<") {
        return None;
    }
    let declared = ["<?xml", "<error"].iter().any(|mark| starts_with_ignoring_case(start, mark));
    if declared && find_ignoring_case(head, "<html").is_none() { Some(Foreign::Xml) } else { Some(page_or_xml(head, start)) }
}

fn page_or_xml(head: &[u8], start: &[u8]) -> Foreign {
    const PAGE_MARKS: [&str; 6] = ["<html", "<!doctype html", "<head", "<body", "<title", "<h1"];
    if PAGE_MARKS.iter().any(|mark| find_ignoring_case(head, mark).is_some()) || starts_with_ignoring_case(start, "<!--") {
        Foreign::Html(title(head))
    } else {
        Foreign::Xml
    }
}

fn title(head: &[u8]) -> Option<String> {
    let from = find_ignoring_case(head, "<title")?;
    let open = from + memchr::memchr(b'>', &head[from..])? + 1;
    let inner = &head[open..];
    let end = find_ignoring_case(inner, "</").or_else(|| memchr::memchr(b'<', inner))?;
    let words = unescape(&String::from_utf8_lossy(&inner[..end]));
    let whole = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut title: String = whole.chars().take(MAX_TITLE_CHARS).collect();
    if title.len() < whole.len() {
        title.push('…');
    }
    (!title.is_empty()).then_some(title)
}

/// Returns the text of XML character data, with the five entities of XML put back.
pub(super) fn unescape(text: &str) -> String {
    const ENTITIES: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

fn starts_with_ignoring_case(bytes: &[u8], start: &str) -> bool {
    bytes.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

fn find_ignoring_case(bytes: &[u8], needle: &str) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign_of(body: &'static str) -> Foreign {
        let response = Response { status: 200, body: body.into(), ..Response::default() };
        read(&response).unwrap_err()
    }

    #[test]
    fn names_what_is_not_json() {
        assert_eq!(foreign_of(" \r\n"), Foreign::Empty);
        assert_eq!(
            foreign_of("<!DOCTYPE html><html><head><title lang=en>\n 502 Bad &amp; worse\n</title>"),
            Foreign::Html(Some("502 Bad & worse".into()))
        );
        assert_eq!(foreign_of("<HTML><body>Log in</body></HTML>"), Foreign::Html(None));
        assert_eq!(foreign_of("<?xml version='1.0'?><Error><Code>X</Code></Error>"), Foreign::Xml);
        assert_eq!(foreign_of("{\"a\": [1, 2"), Foreign::TruncatedJson(11));
        assert!(matches!(foreign_of("upstream connect error"), Foreign::NotJson(_)));
    }

    #[test]
    fn reads_json_behind_a_byte_order_mark() {
        let response = Response { status: 200, body: "\u{feff}{}".into(), ..Response::default() };
        assert_eq!(read(&response).unwrap(), Value::Object(Members::new()));
    }

    #[test]
    fn does_not_read_what_was_coded_sent_elsewhere_or_is_too_large() {
        let mut response = Response { status: 200, body: "{}".into(), ..Response::default() };
        response.headers.push("content-encoding", "gzip");
        assert_eq!(read(&response), Err(Foreign::Encoded("gzip".into())));
        response.headers.push("location", "https://login.example/");
        response.status = 302;
        assert_eq!(read(&response), Err(Foreign::Redirect(Some("https://login.example/".into()))));
        response.excess = 7;
        assert_eq!(read(&response), Err(Foreign::TooLarge(9)));
    }

    #[test]
    fn refuses_nesting_too_deep_to_read() {
        let response = Response { status: 200, body: "[".repeat(5000).into(), ..Response::default() };
        assert!(matches!(read(&response), Err(Foreign::NotJson(_))));
    }
}
