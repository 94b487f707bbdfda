//! Requests and answers as people read them: the lines of HTTP, secrets masked.

use super::output::{ColorRole, Output};
use crate::visible::visible_bytes;
use crate::wire::{Endpoint, Headers, Request, Response};

/// Adds a request: where it goes, request line, headers, body.
pub fn request(endpoint: &Endpoint, request: &Request, output: &mut Output) {
    output.line(&[(ColorRole::Label, &format!("# {endpoint}"))]);
    output.plain(&format!("{} {} HTTP/1.1", request.method, request.target));
    headers(request, output);
    body(&request.body, output);
}

/// Adds the headers of a request, a line each.
pub fn headers(request: &Request, output: &mut Output) {
    fields(&request.headers, output);
}

/// Adds an answer: status line, headers, body.
pub fn response(response: &Response, output: &mut Output) {
    output.plain(&format!("{} {} {}", response.version, response.status, response.reason));
    fields(&response.headers, output);
    body(&response.body, output);
}

fn fields(headers: &Headers, output: &mut Output) {
    for (name, value) in output.redactor().headers(headers).iter() {
        output.line(&[(ColorRole::Label, &format!("{name}: ")), (ColorRole::Plain, &visible_bytes(value))]);
    }
}

fn body(bytes: &[u8], output: &mut Output) {
    if !bytes.is_empty() {
        output.plain("");
        output.plain(&visible_bytes(&output.redactor().bytes(bytes)));
    }
}
