//! Requests and answers as people read them: the lines of HTTP, secrets masked.

use super::output::{Ink, Output};
use crate::visible::visible_bytes;
use crate::wire::{Endpoint, Headers, Request, Response};

/// A request: where it goes, request line, headers, body.
pub fn request(endpoint: &Endpoint, request: &Request, output: &mut Output) {
    output.line(&[(Ink::Label, &format!("# {endpoint}"))]);
    output.plain(&format!("{} {} HTTP/1.1", request.method, request.target));
    headers(request, output);
    body(&request.body, output);
}

/// The headers of a request, a line each.
pub fn headers(request: &Request, output: &mut Output) {
    fields(&request.headers, output);
}

/// An answer: status line, headers, body.
pub fn response(response: &Response, output: &mut Output) {
    output.plain(&format!("{} {} {}", response.version, response.status, response.reason));
    fields(&response.headers, output);
    body(&response.body, output);
}

fn fields(headers: &Headers, output: &mut Output) {
    for (name, value) in output.redactor.headers(headers).iter() {
        output.line(&[(Ink::Label, &format!("{name}: ")), (Ink::Plain, &visible_bytes(value))]);
    }
}

fn body(bytes: &[u8], output: &mut Output) {
    if !bytes.is_empty() {
        output.plain("");
        output.plain(&visible_bytes(&output.redactor.bytes(bytes)));
    }
}
