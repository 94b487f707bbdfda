//! The guard of a profile: checks the operation, and whatever else the request names.

use std::borrow::Cow;

use super::{Call, Refusal};
use crate::catalog::{Operation, Provider, Vendor, is_same_path, names_action};
use crate::config::Guard;
use crate::wire::{Request, parse_query};

/// Methods that change nothing.
const SAFE_METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/// Methods that change something by their very meaning. `POST` is not among them: vendors read with it.
const CHANGING_METHODS: [&str; 11] = ["PUT", "PATCH", "DELETE", "MERGE", "MOVE", "COPY", "MKCOL", "PROPPATCH", "UPDATE", "LINK", "UNLINK"];

/// Returns whether a profile's guard lets an operation through. Others than the sender may ask beforehand.
///
/// # Errors
/// [`Refusal::ReadOnly`] and [`Refusal::Unconfirmed`], for what changes something.
pub fn check_guard(guard: Guard, profile: &str, operation: &Operation, confirmed: bool) -> Result<(), Refusal> {
    let changing = operation.changes.then(|| operation.id.clone());
    check(guard, profile, changing, confirmed)
}

/// Returns whether the profile's guard lets a call through, with every header and member of its request. The sender enforces it.
///
/// # Errors
/// [`Refusal::ReadOnly`] and [`Refusal::Unconfirmed`], for what changes something.
pub fn check_call(call: &Call) -> Result<(), Refusal> {
    let request = call.again.exact.as_ref().map_or(&call.plan.request, |exact| &exact.request);
    let operation = &call.operation;
    let changing = if operation.changes { Some(operation.id.clone()) } else { named_change(&call.provider, operation, request) };
    check(call.access.guard, &call.access.profile, changing, call.confirmed)
}

/// Decides about what changes something, if anything does.
fn check(guard: Guard, profile: &str, changing: Option<String>, confirmed: bool) -> Result<(), Refusal> {
    let Some(operation) = changing else { return Ok(()) };
    let profile = profile.to_owned();
    match guard {
        Guard::ReadOnly => Err(Refusal::ReadOnly { profile, operation }),
        Guard::Confirm if !confirmed => Err(Refusal::Unconfirmed { profile, operation }),
        Guard::Confirm | Guard::None => Ok(()),
    }
}

/// Returns the part of a reading operation's request that names a call that changes something. An unknown call counts as changing.
fn named_change(provider: &Provider, operation: &Operation, request: &Request) -> Option<String> {
    let with = |what: &str| format!("{} with {what}", operation.id);
    if CHANGING_METHODS.iter().any(|method| request.method.trim().eq_ignore_ascii_case(method)) {
        return Some(with(&request.method));
    }
    if is_multipart(request) {
        return Some(with("a multipart body"));
    }
    let headers = request.headers.iter().map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned()));
    let form = form_body(request);
    let members = parse_query(request.query()).into_iter().chain(parse_query(&form));
    let members = members.map(|(name, value)| (name.into_owned(), value.into_owned()));
    let mut named = headers.chain(members);
    let found = named.find(|(name, value)| names_change(provider, operation, name, value));
    found.map(|(name, value)| with(&format!("{name}: {value}"))).or_else(|| changing_path(provider, request))
}

/// Returns the operation that changes something and has the request's method and path, where those alone tell operations apart.
fn changing_path(provider: &Provider, request: &Request) -> Option<String> {
    let is_called =
        |known: &&std::sync::Arc<Operation>| known.changes && known.method == request.method && is_same_path(request.path(), &known.path);
    let by_path = matches!(provider.vendor, Vendor::Huawei | Vendor::Otc);
    provider.operations.iter().filter(|_| by_path).find(is_called).map(|known| known.id.clone())
}

/// Returns the body as a form; empty where it is JSON, whose members name no call.
fn form_body(request: &Request) -> Cow<'_, str> {
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&request.body).is_ok();
    if is_json { Cow::Borrowed("") } else { String::from_utf8_lossy(&request.body) }
}

/// Returns whether the body has parts with names of their own, which are not read here.
fn is_multipart(request: &Request) -> bool {
    request.headers.get_str("content-type").is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("multipart/"))
}

/// Returns whether a header, or a member of a query or a form, names a call that changes something or that nobody knows.
fn names_change(provider: &Provider, operation: &Operation, name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let (name, value) = (name.trim_matches('-'), value.trim());
    if name.starts_with("access-control-") {
        return false;
    }
    let letters = name.replace('-', "");
    let is_method = matches!(letters.trim_start_matches('x'), "method" | "httpmethod" | "verb" | "httpverb");
    if letters.contains("override") || is_method {
        return !SAFE_METHODS.iter().any(|safe| value.eq_ignore_ascii_case(safe));
    }
    if letters.contains("method") || letters.contains("verb") {
        let changes = |word: &str| CHANGING_METHODS.iter().chain(&["POST"]).any(|method| word.eq_ignore_ascii_case(method));
        return value.split(|c: char| !c.is_ascii_alphanumeric()).any(changes);
    }
    if names_target(name) {
        return true;
    }
    let by_action = matches!(provider.vendor, Vendor::Alibaba | Vendor::Volcengine);
    by_action && names_action(name) && value != operation.id && provider.operation(value).is_none_or(|named| named.changes)
}

/// Returns whether a proxy may take the value of this header for what is called: `x-original-url`, `x-forwarded-uri`.
fn names_target(name: &str) -> bool {
    let has = |words: &[&str]| name.split('-').any(|word| words.contains(&word));
    has(&["original", "rewrite", "forwarded", "replaced", "request"]) && has(&["url", "uri", "path", "prefix"])
}
