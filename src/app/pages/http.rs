//! Heads of requests and answers, byte for byte but for what is masked.

use super::{Line, Page, Role, mask, masked};
use crate::redact::Redactor;
use crate::wire::{Headers, Request, Response};

/// Adds a request's head.
pub fn request(page: &mut Page, request: &Request, redactor: Option<&Redactor>) {
    let target = masked(&request.target, redactor);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut line = Line::of(Role::Accent, &request.method).with(Role::Text, " ").with(Role::Heading, path).hanging(4);
    for (at, piece) in query.split('&').filter(|piece| !piece.is_empty()).enumerate() {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        line.push(Role::Punctuation, if at == 0 { "?" } else { "&" });
        line.push(Role::Key, name);
        line.push(Role::Punctuation, "=");
        line.push(Role::String, value);
    }
    page.line(line.with(Role::Dim, " HTTP/1.1"));
    headers(page, &request.headers, redactor);
}

/// Adds an answer's head.
pub fn response(page: &mut Page, response: &Response, redactor: Option<&Redactor>) {
    let role = if response.status < 400 { Role::Success } else { Role::Failure };
    let status = format!("{} {}", response.status, masked(&response.reason, redactor));
    page.line(Line::of(Role::Dim, &response.version).with(Role::Text, " ").with(role, status.trim_end()));
    headers(page, &response.headers, redactor);
}

fn headers(page: &mut Page, headers: &Headers, redactor: Option<&Redactor>) {
    let shown = redactor.map(|redactor| redactor.headers(headers));
    for (name, value) in shown.as_ref().unwrap_or(headers).iter() {
        let value = String::from_utf8_lossy(value);
        let line = Line::of(Role::Key, name).with(Role::Punctuation, ": ").with(mask(&value, Role::Text), &value);
        page.line(line.hanging(4));
    }
}
