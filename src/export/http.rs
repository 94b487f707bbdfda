//! A request for the HTTP clients of editors (`.http`, `.rest`): comments, request line with the whole URL, headers, body.
//!
//! The body's bytes are as they were sent. `content-length` is left out: the client counts for itself.

use super::Subject;
use super::signed::{self, validity};

/// The request.
pub(super) fn render(subject: &Subject<'_>) -> Vec<u8> {
    let request = &subject.exchange.request;
    let mut out = Vec::new();
    for remark in [Some(subject.title()), validity(subject).map(str::to_owned), subject.remark().map(str::to_owned)].into_iter().flatten() {
        out.extend_from_slice(format!("# {remark}\n").as_bytes());
    }
    out.extend_from_slice(format!("{} {} HTTP/1.1\n", request.method, subject.url()).as_bytes());
    for (name, value) in subject.secrets.headers(&signed::headers(subject.exchange)).iter() {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(&subject.secrets.bytes(&request.body));
    out
}
