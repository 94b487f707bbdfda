//! What the forms have in common that carry a signature as it was made.

use crate::exchange::Exchange;
use crate::text::quoted;
use crate::wire::{Headers, is_token};

use super::ExportInput;

/// Returns the headers that a client must be told: those that it makes of the URL and the body by itself are left out, and what no request
/// can carry: a row of the history may hold anything.
pub(super) fn headers(exchange: &Exchange) -> Headers {
    let own = exchange.endpoint.authority();
    let told = |name: &str, value: &[u8]| match name.to_ascii_lowercase().as_str() {
        "host" => value != own.as_bytes(),
        "content-length" => exchange.request.body.is_empty(),
        _ => is_sendable(name, value),
    };
    exchange.request.headers.iter().filter(|(name, value)| told(name, value)).collect()
}

/// Returns a sentence for each header that no request can carry.
pub(super) fn omitted_header_notes(exchange: &Exchange) -> impl Iterator<Item = String> {
    let headers = exchange.request.headers.iter().filter(|(name, value)| !is_sendable(name, value));
    headers.map(|(name, _)| format!("left out: the header {}, which no request can carry", quoted(name)))
}

fn is_sendable(name: &str, value: &[u8]) -> bool {
    is_token(name) && !value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
}

/// Returns the method: of one that no request can carry, its letters.
pub(super) fn method(exchange: &Exchange) -> String {
    exchange.request.method.chars().filter(char::is_ascii_alphabetic).collect()
}

/// Returns the whole URL, secrets included. What follows the server always begins with `/`, so that nothing else becomes the server.
pub(super) fn url(exchange: &Exchange) -> String {
    let target = &exchange.request.target;
    let slash = if target.starts_with('/') { "" } else { "/" };
    format!("{}{slash}{target}", exchange.endpoint)
}

/// Returns a sentence on how long the request is good for; `None` for one without a signature.
pub(super) fn validity_note(subject: &ExportInput<'_>) -> Option<&'static str> {
    Some(match subject.exchange.signing.as_ref()?.scheme.descriptor() {
        None => "good as long as its token: put one in where it is covered",
        Some(scheme) if scheme.nonce.is_some() => "signed: good for 15 minutes, and once only (the nonce)",
        Some(_) => "signed: good for 15 minutes",
    })
}
