//! What a profile's guard is asked about: the operation, and whatever else the request names.

use super::{Call, Refusal};
use crate::catalog::{Operation, Provider, Vendor, is_same_path, names_action};
use crate::config::Guard;
use crate::wire::{Request, parse_query};

/// Methods that change nothing.
const SAFE_METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/// Methods that change something by their very meaning. `POST` is not among them: vendors read with it.
const CHANGING_METHODS: [&str; 3] = ["PUT", "PATCH", "DELETE"];

/// Whether a profile's guard lets an operation through. Others than the sender may ask beforehand.
///
/// # Errors
/// [`Refusal::ReadOnly`] and [`Refusal::Unconfirmed`], for what changes something.
pub fn check_guard(guard: Guard, profile: &str, operation: &Operation, confirmed: bool) -> Result<(), Refusal> {
    let changing = operation.changes.then(|| operation.id.clone());
    check(guard, profile, changing, confirmed)
}

/// Whether the profile's guard lets a call through, with every header and member of its request. The sender enforces it.
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

/// What in the request of an operation that reads names a call that changes something. What is not known counts as changing.
fn named_change(provider: &Provider, operation: &Operation, request: &Request) -> Option<String> {
    let with = |what: &str| format!("{} with {what}", operation.id);
    if CHANGING_METHODS.iter().any(|method| request.method.eq_ignore_ascii_case(method)) {
        return Some(with(&request.method));
    }
    let headers = request.headers.iter().map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned()));
    let members = parse_query(request.query()).into_iter().chain(parse_query(form_body(request)));
    let members = members.map(|(name, value)| (name.into_owned(), value.into_owned()));
    let mut named = headers.chain(members);
    let found = named.find(|(name, value)| names_change(provider, operation, name, value));
    found.map(|(name, value)| with(&format!("{name}: {value}"))).or_else(|| changing_path(provider, request))
}

/// The operation that changes something and has the request's method and path, where those alone tell operations apart.
fn changing_path(provider: &Provider, request: &Request) -> Option<String> {
    let is_called =
        |known: &&std::sync::Arc<Operation>| known.changes && known.method == request.method && is_same_path(request.path(), &known.path);
    let by_path = matches!(provider.vendor, Vendor::Huawei | Vendor::Otc);
    provider.operations.iter().filter(|_| by_path).find(is_called).map(|known| known.id.clone())
}

/// The body as a form; empty where it is JSON, whose members name no call.
fn form_body(request: &Request) -> &str {
    let is_json = request.body.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'{' | b'['));
    if is_json { "" } else { std::str::from_utf8(&request.body).unwrap_or_default() }
}

/// Whether a header, or a member of a query or a form, names a call that changes something or that nobody knows.
fn names_change(provider: &Provider, operation: &Operation, name: &str, value: &str) -> bool {
    let (name, value) = (name.to_ascii_lowercase().replace('_', "-"), value.trim());
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    if name.starts_with("access-control-") {
        return false;
    }
    if has("override") || words == ["method"] || name.ends_with("http-method") {
        return !SAFE_METHODS.iter().any(|safe| value.eq_ignore_ascii_case(safe));
    }
    if has("method") {
        return CHANGING_METHODS.iter().chain(&["POST"]).any(|method| value.eq_ignore_ascii_case(method));
    }
    if (has("original") || has("rewrite")) && (has("url") || has("uri") || has("path")) {
        return true;
    }
    let by_action = matches!(provider.vendor, Vendor::Alibaba | Vendor::Volcengine);
    by_action && names_action(&name) && value != operation.id && provider.operation(value).is_none_or(|named| named.changes)
}
