//! Errors in JSON, wherever it stands in a text: in the vendor's shape, or in any object that has a code and a message.

use serde_json::{Map, Value};

use super::{ErrorText, is_known};
use crate::catalog::Provider;
use crate::envelope::{self, Envelope, Verdict};
use crate::wire::Response;

/// The most places tried as the beginning of JSON.
const MAX_JSON_STARTS: usize = 200;

/// The depth to which texts in JSON are read that are JSON themselves.
const MAX_DEPTH: usize = 4;

/// Names of members, without `_` and `-` and in lower case, the likelier first.
const CODES: [&str; 3] = ["errorcode", "errcode", "code"];
const MESSAGES: [&str; 6] = ["errormsg", "errmsg", "errormessage", "message", "msg", "errordescription"];
const STATUSES: [&str; 5] = ["httpstatuscode", "statuscode", "httpcode", "httpstatus", "status"];
const REQUEST_IDS: [&str; 1] = ["requestid"];

/// The value of Alibaba SAE's `ErrorCode` in an answer that is no error.
const NO_CODE: &str = "success";

/// Finds the first error that has a code, or else the first that has a message.
pub(super) fn find(provider: &Provider, text: &str) -> Option<ErrorText> {
    find_at(provider, text, 0)
}

fn find_at(provider: &Provider, text: &str, depth: usize) -> Option<ErrorText> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut behind = 0;
    let mut uncoded = None;
    for (at, _) in text.match_indices(['{', '[']).take(MAX_JSON_STARTS) {
        if at < behind {
            continue;
        }
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else { continue };
        behind = at + values.byte_offset();
        match in_value(provider, &value, depth) {
            Some(found) if found.code.is_some() => return Some(found),
            found => uncoded = uncoded.or(found),
        }
    }
    uncoded
}

/// Returns the error in a value: one whose code is known, then one in the provider's shape, then the first.
fn in_value(provider: &Provider, value: &Value, depth: usize) -> Option<ErrorText> {
    let mut errors = Vec::new();
    collect(provider, value, depth, &mut errors);
    let status = errors.iter().find_map(|error| error.status);
    let request_id = errors.iter().find_map(|error| error.request_id.clone()).or_else(|| named(value, &REQUEST_IDS));
    let known = errors.iter().find(|error| error.code.as_ref().is_some_and(|code| is_known(provider, code))).cloned();
    let found = known.or_else(|| decoded(provider, value)).or_else(|| best(&errors))?;
    let found = unwrap_nested(provider, found, depth);
    Some(found.filled_from(ErrorText { status, request_id, ..ErrorText::default() }))
}

/// Returns the first with both, else the first.
fn best(errors: &[ErrorText]) -> Option<ErrorText> {
    errors.iter().find(|error| error.code.is_some() && error.message.is_some()).or_else(|| errors.first()).cloned()
}

/// Decodes a value as the provider's answers are. The status is made up: an error must not look like a success.
fn decoded(provider: &Provider, value: &Value) -> Option<ErrorText> {
    let response = Response { status: 400, body: value.to_string().into(), ..Response::default() };
    let own = envelope::decode(provider.answer_format, &response, &[200]);
    let Envelope { verdict: Verdict::Failure, code: Some(code), message, request_id, .. } = own else { return None };
    let status = code.parse().ok().filter(is_error);
    let success = code.len() == 3 && code.starts_with('2');
    (!success).then_some(ErrorText { status, code: Some(code), message, request_id, page: false })
}

/// Returns the error inside the message when that is JSON, else the error itself.
fn unwrap_nested(provider: &Provider, found: ErrorText, depth: usize) -> ErrorText {
    let inner = found.message.as_deref().filter(|message| message.contains('{')).and_then(|message| find_at(provider, message, depth + 1));
    match inner.filter(|inner| inner.code.is_some()) {
        Some(inner) => inner.filled_from(found),
        None => found,
    }
}

/// Collects every object with a code or a message, the outer before the inner; texts that are JSON are looked into.
fn collect(provider: &Provider, value: &Value, depth: usize, errors: &mut Vec<ErrorText>) {
    match value {
        Value::Object(members) => {
            errors.extend(in_object(members));
            members.values().for_each(|member| collect(provider, member, depth, errors));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(provider, item, depth, errors)),
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => errors.extend(find_at(provider, text, depth + 1)),
        _ => {}
    }
}

fn in_object(members: &Map<String, Value>) -> Option<ErrorText> {
    let code = member(members, &CODES).filter(|code| code.is_ascii() && code != NO_CODE);
    let message = member(members, &MESSAGES);
    let status = member(members, &STATUSES).or_else(|| code.clone()).and_then(|status| status.parse().ok()).filter(is_error);
    (code.is_some() || message.is_some()).then(|| ErrorText {
        status,
        code,
        message,
        request_id: member(members, &REQUEST_IDS),
        page: false,
    })
}

/// Returns the member of one of these names, anywhere in the value.
fn named(value: &Value, names: &[&str]) -> Option<String> {
    match value {
        Value::Object(members) => member(members, names).or_else(|| members.values().find_map(|value| named(value, names))),
        Value::Array(items) => items.iter().find_map(|item| named(item, names)),
        _ => None,
    }
}

/// Returns the member of the first of these names that is a text or a number and says something.
fn member(members: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let vendor_error = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let is =
        |written: &str, name: &str| written.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).eq(name.chars());
    names.iter().find_map(|name| members.iter().filter(|(written, _)| is(written, name)).find_map(|(_, value)| vendor_error(value)))
}

#[allow(clippy::trivially_copy_pass_by_ref)] // a filter's
fn is_error(status: &u16) -> bool {
    (400..600).contains(status)
}
