//! Delivers a reply: whole through the HTTP server, or in one of the ways that no HTTP server allows.
//!
//! ```text
//! Reply ─▶ whole ──────────────────────────────▶ hyper's answer
//!       ╲ reset, truncated, not HTTP, drip ─▶ RawDelivery ─▶ hyper gives the connection back ─▶ bytes on the bare socket
//! ```

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::Full;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::emulator::reply::{Delivery, PlaceInResponse, Reply};
use crate::wire::{Headers, Request, Response};

/// The bytes sent in place of HTTP: the greeting of a shell server.
const SSH_BANNER: &[u8] = b"SSH-2.0-OpenSSH_9.6\r\n";

/// The time that a client may take to hang up after an answer that broke off in good order.
const CLIENT_CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The time that what is sent before a reset has to arrive.
const RESET_DELAY: Duration = Duration::from_millis(20);

/// The headers sent only where the connection stays open.
const KEEP_ALIVE: &str = "keep-alive";

/// An answer as the HTTP server sends it.
pub(crate) type HttpResponse = http::Response<Full<Bytes>>;

/// Bytes to be put on the socket past the HTTP server, which takes it for the error that ends its part.
#[derive(Clone, Debug, Error)]
#[error("the connection goes on without HTTP")]
pub(crate) struct RawDelivery {
    bytes: Bytes,
    byte_interval: Option<(usize, Duration)>,
    reset: bool,
}

/// Sends a reply: gives what the HTTP server is to answer, or what is to be done in its stead.
pub(crate) async fn deliver(reply: Reply) -> Result<HttpResponse, RawDelivery> {
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    let raw = |bytes: Vec<u8>| RawDelivery { bytes: bytes.into(), byte_interval: None, reset: false };
    match reply.delivery {
        Delivery::Whole => Ok(from_wire(reply.response)),
        Delivery::ResetBefore => Err(RawDelivery { reset: true, ..raw(Vec::new()) }),
        Delivery::ResetInside(place) => Err(RawDelivery { reset: true, ..raw(until(&reply.response, place)) }),
        Delivery::Truncated(place) => Err(raw(until(&reply.response, place))),
        Delivery::NotHttp => Err(raw(SSH_BANNER.to_vec())),
        Delivery::Drip { bytes, every } => Err(RawDelivery { byte_interval: Some((bytes, every)), ..raw(whole(&reply.response)) }),
    }
}

impl RawDelivery {
    /// Returns the raw delivery that the HTTP server ended with, if that was the cause.
    pub(crate) fn cause_of(error: &hyper::Error) -> Option<Self> {
        std::error::Error::source(error)?.downcast_ref::<Self>().cloned()
    }

    /// Writes it to the bare socket, and ends the connection.
    ///
    /// # Errors
    /// The system's, when the client is gone.
    pub(crate) async fn write_to(&self, mut stream: TcpStream) -> io::Result<()> {
        self.write(&mut stream).await?;
        if self.reset {
            if !self.bytes.is_empty() {
                // A reset overtakes what has not left yet.
                tokio::time::sleep(RESET_DELAY).await;
            }
            // Closing without lingering is what makes a reset of it.
            return stream.set_zero_linger();
        }
        stream.shutdown().await?;
        // To close while the client still sends would be a reset.
        let hang_up = async { while stream.read(&mut [0; 1024]).await.is_ok_and(|count| count > 0) {} };
        // A client that stays is left to itself.
        let _ = tokio::time::timeout(CLIENT_CLOSE_TIMEOUT, hang_up).await;
        Ok(())
    }

    async fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Some((size, every)) = self.byte_interval else { return stream.write_all(&self.bytes).await };
        for (at, drop) in self.bytes.chunks(size).enumerate() {
            if at > 0 {
                tokio::time::sleep(every).await;
            }
            stream.write_all(drop).await?;
        }
        Ok(())
    }
}

/// Returns the bytes of an answer up to a place.
fn until(response: &Response, place: PlaceInResponse) -> Vec<u8> {
    let mut bytes = whole(response);
    let head = bytes.len() - response.body.len();
    bytes.truncate(match place {
        PlaceInResponse::Head => head / 2,
        PlaceInResponse::Body(count) => head + count,
    });
    bytes
}

/// Returns the bytes of an answer, after which the connection ends.
fn whole(response: &Response) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} {}\r\n", response.status, status(response).canonical_reason().unwrap_or_default()).into_bytes();
    let framing = [("content-length", response.body.len().to_string()), ("connection", "close".to_owned())];
    let date = (!response.headers.contains("date")).then(date_now).flatten().map(|date| ("date", date));
    for (name, value) in vendors(&response.headers).filter(|(name, _)| *name != KEEP_ALIVE) {
        add_header(&mut bytes, name, value);
    }
    for (name, value) in date.iter().chain(&framing) {
        add_header(&mut bytes, name, value.as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&response.body);
    bytes
}

fn date_now() -> Option<String> {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now()).ok()
}

/// Writes a header with each word of its name in a capital, as the HTTP server writes it.
fn add_header(bytes: &mut Vec<u8>, name: &str, value: &[u8]) {
    let mut begins = true;
    for byte in name.bytes() {
        bytes.push(if begins { byte.to_ascii_uppercase() } else { byte });
        begins = byte == b'-';
    }
    bytes.extend_from_slice(b": ");
    bytes.extend_from_slice(value);
    bytes.extend_from_slice(b"\r\n");
}

/// Returns the request as it came. An absolute target is cut to its path and query: that is what is signed. One without a path has the root's
/// (RFC 9112, section 3.2.1).
pub(crate) fn to_wire(head: &http::request::Parts) -> Request {
    let target = head.uri.path_and_query().map_or_else(|| head.uri.to_string(), |target| target.as_str().to_owned());
    let target = if target.starts_with('?') { format!("/{target}") } else { target };
    let bytes = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let mut headers = Headers::with_capacity(head.headers.len(), bytes);
    head.headers.iter().for_each(|(name, value)| headers.push(name, value));
    Request { method: head.method.as_str().to_owned(), target, headers, body: Bytes::new() }
}

fn from_wire(response: Response) -> HttpResponse {
    let mut out = plain(status(&response));
    // Room for the server's own as well.
    out.headers_mut().reserve(response.headers.len() + 2);
    for (name, value) in response.headers.into_shared().filter(|(name, _)| is_vendors(name)) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(&name), HeaderValue::from_maybe_shared(value)) {
            out.headers_mut().append(name, value);
        }
    }
    *out.body_mut() = Full::new(response.body);
    out
}

/// Completes a `keep-alive` header with `connection`, or removes it where the client closes the connection.
pub(crate) fn set_keep_alive(asked: &http::request::Parts, answer: &mut HttpResponse) {
    if !answer.headers().contains_key(KEEP_ALIVE) {
        return;
    }
    let is_close = |value: &HeaderValue| value.as_bytes().to_ascii_lowercase().windows(5).any(|word| word == b"close");
    if asked.version < http::Version::HTTP_11 || asked.headers.get_all(http::header::CONNECTION).iter().any(is_close) {
        answer.headers_mut().remove(KEEP_ALIVE);
    } else {
        answer.headers_mut().insert(http::header::CONNECTION, HeaderValue::from_static(KEEP_ALIVE));
    }
}

fn status(response: &Response) -> StatusCode {
    StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Returns the vendor's headers.
fn vendors(headers: &Headers) -> impl Iterator<Item = (&str, &[u8])> {
    headers.iter().filter(|(name, _)| is_vendors(name.as_bytes()))
}

/// Returns whether a header is the vendor's: length and framing are the server's own.
fn is_vendors(name: &[u8]) -> bool {
    !["connection", "content-length", "transfer-encoding"].iter().any(|own| name.eq_ignore_ascii_case(own.as_bytes()))
}

/// Returns a bare answer with a status.
pub(crate) fn plain(status: StatusCode) -> HttpResponse {
    let mut out = http::Response::new(Full::default());
    *out.status_mut() = status;
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> Response {
        let headers = Headers::from_iter([("x-request-id", "r"), ("Content-Length", "7"), ("date", "today")]);
        Response { status: 404, headers, body: "0123456789".into(), ..Response::default() }
    }

    #[test]
    fn cuts_an_absolute_target_to_path_and_query() {
        let target = |uri: &str| to_wire(&http::Request::builder().uri(uri).body(()).unwrap().into_parts().0).target;
        assert_eq!(target("http://127.0.0.1:80/a%2fb?x=+%41"), "/a%2fb?x=+%41");
        assert_eq!(target("/a!'()*?b"), "/a!'()*?b");
        assert_eq!(target("*"), "*");
        assert_eq!((target("http://127.0.0.1?b"), target("http://127.0.0.1")), ("/?b".to_owned(), "/".to_owned()));
    }

    #[test]
    fn parses_an_answer_as_the_server_writes_it() {
        let text = String::from_utf8(whole(&response())).unwrap();
        assert_eq!(
            text,
            "HTTP/1.1 404 Not Found\r\nX-Request-Id: r\r\nDate: today\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789"
        );
        assert!(String::from_utf8(whole(&Response { headers: Headers::new(), ..response() })).unwrap().contains(" GMT\r\n"));
    }

    #[test]
    fn ends_an_answer_where_it_is_cut() {
        assert!(until(&response(), PlaceInResponse::Body(3)).ends_with(b"\r\n\r\n012"));
        assert!(!until(&response(), PlaceInResponse::Head).windows(4).any(|four| four == b"\r\n\r\n"));
    }
}
