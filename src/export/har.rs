//! HTTP Archive 1.2: an entry for each exchange, readable by browsers' tools and by proxies.
//!
//! What the specification wants and an exchange does not know is `-1`, as it says. It has no field for a request's body that
//! is no text, so such a one stands there in base64 and a comment says so. Members that begin with `_` are our own: the
//! specification leaves them to applications.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{ExportInput, Secrets};
use crate::body::mask_json;
use crate::exchange::{Exchange, Outcome, Timings};
use crate::text::escape_json;
use crate::wire::{Headers, Request, Response, parse_query};

/// Returns the archive.
pub(super) fn render(subjects: &[ExportInput<'_>]) -> Vec<u8> {
    let mut log = json!({
        "version": "1.2",
        "creator": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "entries": subjects.iter().map(entry).collect::<Vec<_>>(),
    });
    if let Some(remark) = subjects.iter().find_map(ExportInput::remark) {
        log["comment"] = remark.into();
    }
    let text = serde_json::to_string_pretty(&json!({ "log": log })).unwrap_or_default();
    let masked = match subjects.first().map(|subject| subject.secrets) {
        Some(Secrets::Masked(redactor)) => redactor.text(&String::from_utf8_lossy(&mask_json(text.as_bytes(), redactor))),
        _ => text,
    };
    // The texts of the vendor and the system are covered here; what is built from the bytes was covered before.
    masked.lines().flat_map(|line| [escape_json(line), "\n".to_owned()]).collect::<String>().into_bytes()
}

fn entry(subject: &ExportInput<'_>) -> Value {
    let exchange = subject.exchange;
    let timings = timings(&exchange.timings);
    let mut entry = json!({
        "startedDateTime": exchange.started.to_string(),
        "time": total(&timings),
        "request": request(subject),
        "response": exchange.response().map_or_else(no_response, |response| self::response(subject, response)),
        "cache": {},
        "timings": timings,
        "comment": format!("{} {}, profile {}, region {}", exchange.provider, exchange.operation, exchange.profile, exchange.region),
    });
    if let Some(reason) = no_answer(exchange) {
        entry["_error"] = reason.into();
    }
    entry
}

/// Returns why there is no whole answer.
fn no_answer(exchange: &Exchange) -> Option<String> {
    match &exchange.outcome {
        Outcome::Answered(_) => None,
        Outcome::InFlight => Some("no answer yet".to_owned()),
        Outcome::Unrecorded => Some("no answer recorded".to_owned()),
        Outcome::Cancelled => Some("cancelled".to_owned()),
        Outcome::Failed(failure) => Some(format!("{}: {}", failure.class.name(), failure.detail)),
    }
}

fn request(subject: &ExportInput<'_>) -> Value {
    let Request { method, headers, body, .. } = &subject.exchange.request;
    let query = subject.secrets.text(subject.exchange.request.query());
    let query: Vec<Value> = parse_query(&query).into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let mut request = json!({
        "method": method,
        "url": subject.url(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": fields(&subject.secrets.headers(headers)),
        "queryString": query,
        "headersSize": subject.exchange.request.head().len(),
        "bodySize": body.len(),
    });
    if !body.is_empty() {
        request["postData"] = post_data(headers, subject.secrets.bytes(body));
    }
    request
}

fn post_data(headers: &Headers, body: Vec<u8>) -> Value {
    let kind = mime_type(headers);
    match String::from_utf8(body) {
        Ok(text) => json!({ "mimeType": kind, "text": text }),
        Err(error) => json!({
            "mimeType": kind,
            "text": STANDARD.encode(error.as_bytes()),
            "comment": "the body is no text: base64 of its bytes",
            "_encoding": "base64",
        }),
    }
}

fn response(subject: &ExportInput<'_>, response: &Response) -> Value {
    let redirect = response.headers.get("location").map(|value| latin(&subject.secrets.header("location", value))).unwrap_or_default();
    json!({
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": response.version,
        "cookies": [],
        "headers": fields(&subject.secrets.headers(&response.headers)),
        "content": content(&response.headers, response.body.len(), subject.secrets.bytes(&response.body)),
        "redirectURL": redirect,
        "headersSize": response.head().len(),
        "bodySize": response.body.len() as u64 + response.excess,
    })
}

fn content(headers: &Headers, size: usize, body: Vec<u8>) -> Value {
    let mut content = json!({ "size": size, "mimeType": mime_type(headers) });
    match String::from_utf8(body) {
        Ok(text) => content["text"] = text.into(),
        Err(error) => {
            content["text"] = STANDARD.encode(error.as_bytes()).into();
            content["encoding"] = "base64".into();
        }
    }
    content
}

/// Returns what stands for an answer that did not come, as browsers write it.
fn no_response() -> Value {
    json!({
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": { "size": 0, "mimeType": "" },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    })
}

fn fields(headers: &Headers) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": latin(value) })).collect()
}

fn mime_type(headers: &Headers) -> String {
    headers.get("content-type").map(latin).unwrap_or_default()
}

/// Returns a header's value as text; one that is no UTF-8 has its bytes as the characters of the same numbers.
fn latin(value: &[u8]) -> String {
    std::str::from_utf8(value).map_or_else(|_| value.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

/// Milliseconds of each part. The look-up and the connection are parts of the time to the first byte; TLS is in the connection.
fn timings(timings: &Timings) -> Map<String, Value> {
    let before = timings.dns.unwrap_or_default() + timings.connect.unwrap_or_default();
    let first = timings.first_byte.or(timings.total).unwrap_or_default();
    let wait = first.saturating_sub(before);
    let receive = timings.total.unwrap_or_default().saturating_sub(first);
    let or_none = |part: Option<Duration>| part.map_or_else(|| Value::from(-1), millis);
    let parts = [
        ("blocked", Value::from(-1)),
        ("dns", or_none(timings.dns)),
        ("connect", or_none(timings.connect)),
        ("ssl", Value::from(-1)),
        ("send", Value::from(0)),
        ("wait", millis(wait)),
        ("receive", millis(receive)),
    ];
    parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn millis(part: Duration) -> Value {
    ((part.as_secs_f64() * 1e6).round() / 1e3).into()
}

/// Returns the sum of the parts that there were, as the specification wants it.
fn total(timings: &Map<String, Value>) -> f64 {
    let sum: f64 = timings.values().filter_map(Value::as_f64).filter(|part| *part > 0.0).sum();
    (sum * 1e3).round() / 1e3
}
