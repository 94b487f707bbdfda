//! HTTP as bytes: what goes out and what comes back, before anybody interprets it.
//!
//! Nothing here knows a vendor. A [`Request`] is held exactly as it travels over HTTP/1.1, so what
//! is signed, sent and logged is one value.

mod endpoint;
mod headers;
mod percent;

use std::borrow::Cow;

use bytes::Bytes;

pub use endpoint::{Endpoint, EndpointError, Protocol};
pub use headers::{Headers, is_token};
pub use percent::{cut, decode_form, decode_path, encode, encode_to, is_unreserved, parse_query, plain_form, plain_path, raw_pairs};

/// The content type of a form body.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request as it travels: method, origin-form target, headers in order, body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// Path and query as on the request line, already percent-encoded: `/v2/x?a=b`.
    pub target: String,
    /// Every header in order, `host` and `content-length` included.
    pub headers: Headers,
    /// The body's exact bytes.
    pub body: Bytes,
}

impl Request {
    /// Returns the target up to the `?`.
    pub fn path(&self) -> &str {
        cut(&self.target, b'?').0
    }

    /// Returns the target after the first `?`, or an empty text.
    pub fn query(&self) -> &str {
        cut(&self.target, b'?').1
    }

    /// Returns the body, where the content type says that it is a form; one that is not UTF-8 has no fields.
    pub fn form_body(&self) -> Option<&str> {
        let kind = self.headers.get_str("content-type").unwrap_or_default();
        let is_form = cut(kind, b';').0.trim().eq_ignore_ascii_case(FORM);
        is_form.then(|| std::str::from_utf8(&self.body).unwrap_or_default())
    }

    /// Returns the head as sent over HTTP/1.1: request line, headers, empty line.
    pub fn head(&self) -> Vec<u8> {
        let mut out = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        self.headers.write_to(&mut out);
        out.extend_from_slice(b"\r\n");
        out
    }
}

/// An answer as it arrived. Header names are in lower case: the HTTP library keeps no other form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The protocol version of the status line: `HTTP/1.1` or `HTTP/1.0`.
    pub version: Cow<'static, str>,
    /// The status code.
    pub status: u16,
    /// The reason phrase of the status line; may be empty.
    pub reason: Cow<'static, str>,
    /// Every header value, in order.
    pub headers: Headers,
    /// The body's bytes before any decoding, at most as many as the size bound allowed.
    pub body: Bytes,
    /// Bytes of the body that came beyond the size bound and were counted but not kept.
    pub excess: u64,
}

impl Response {
    /// Returns the head in HTTP/1.1 form: status line, headers, empty line.
    pub fn head(&self) -> Vec<u8> {
        let mut out = format!("{} {} {}\r\n", self.version, self.status, self.reason).into_bytes();
        self.headers.write_to(&mut out);
        out.extend_from_slice(b"\r\n");
        out
    }
}
