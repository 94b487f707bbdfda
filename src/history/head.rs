//! Heads of HTTP read back: the ones that `wire` writes.

use crate::wire::{Headers, Request, Response};

/// Returns a request's line and headers; `None` when it is no such head.
pub(super) fn request(head: &[u8]) -> Option<Request> {
    let (line, headers) = parts(head)?;
    let (method, rest) = line.split_once(' ')?;
    let target = rest.strip_suffix(" HTTP/1.1")?;
    Some(Request { method: method.to_owned(), target: target.to_owned(), headers, ..Request::default() })
}

/// Returns an answer's line and headers; `None` when it is no such head.
pub(super) fn answer(head: &[u8]) -> Option<Response> {
    let (line, headers) = parts(head)?;
    let (version, rest) = line.split_once(' ')?;
    let (status, reason) = rest.split_once(' ')?;
    let status = status.parse().ok()?;
    Some(Response { version: version.to_owned().into(), status, reason: reason.to_owned().into(), headers, ..Response::default() })
}

fn parts(head: &[u8]) -> Option<(String, Headers)> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = String::from_utf8(lines.next()?.to_vec()).ok()?;
    let mut headers = Headers::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = String::from_utf8(line[..colon].to_vec()).ok()?;
        let value = &line[colon + 1..];
        headers.push(name, value.strip_prefix(b" ").unwrap_or(value));
    }
    Some((first, headers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_round_trips() {
        let headers: Headers = [("host", b"a".to_vec()), ("x", b"".to_vec()), ("y", b" a: b\xff ".to_vec())].into_iter().collect();
        let sent = Request { method: "POST".into(), target: "/a?b=c d".into(), headers: headers.clone(), ..Request::default() };
        assert_eq!(request(&sent.head()), Some(sent));
        let came = Response { version: "HTTP/1.1".into(), status: 404, reason: "Not Found".into(), headers, ..Response::default() };
        assert_eq!(answer(&came.head()), Some(came.clone()));
        assert_eq!(answer(&Response { reason: "".into(), ..came.clone() }.head()).map(|answer| answer.status), Some(404));
    }

    #[test]
    fn rejects_anything_else() {
        for head in [&b""[..], b"x", b"GET /", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"\xff / HTTP/1.1\r\n\r\n"] {
            assert_eq!(request(head), None);
            assert_eq!(answer(head), None);
        }
    }
}
