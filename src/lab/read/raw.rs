//! Raw HTTP: from a capture, a proxy's log, `curl -v`, a browser's tools, an editor.

use bytes::Bytes;

use super::{InputFormat, PastedRequest, ReadError, Url, beginning};
use crate::wire::{Headers, Request};

/// A line with its number and whether it ended in CR LF.
struct Line<'a> {
    number: usize,
    text: &'a [u8],
}

pub(super) fn read(bytes: &[u8]) -> Result<PastedRequest, ReadError> {
    let (owned, answer) = without_marks(bytes);
    let bytes = owned.as_deref().unwrap_or(bytes);
    let (lines, body) = split(bytes);
    let mut head = Head::default();
    for line in &lines {
        head.take(line)?;
    }
    let mut pasted = head.pasted(bytes)?;
    pasted.answer = answer;
    fit_body(&mut pasted, body);
    Ok(pasted)
}

/// Returns what `curl -v` prints: lines that begin with `>` are the request, those with `<` the answer, with `*` its own words. What follows
/// the answer's head without a mark is its body.
fn without_marks(bytes: &[u8]) -> (Option<Vec<u8>>, Option<String>) {
    let mut request = Vec::new();
    let (mut answer, mut answered) = (String::new(), false);
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    if !lines.iter().any(|line| line.starts_with(b"> ")) {
        return (None, None);
    }
    for line in lines {
        let bare = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(rest) = bare.strip_prefix(b">") {
            request.extend_from_slice(rest.strip_prefix(b" ").unwrap_or(rest));
            request.push(b'\n');
        } else if bare.starts_with(b"<") && !bare.starts_with(b"</") && (bare.len() == 1 || bare[1] == b' ') {
            answered = true;
        } else if !bare.starts_with(b"*") && !bare.starts_with(b"{ [") && !bare.starts_with(b"} [") && answered {
            answer.push_str(&String::from_utf8_lossy(bare));
            answer.push('\n');
        }
    }
    (Some(request), Some(answer).filter(|text| !text.trim().is_empty()))
}

/// Returns the head's lines, and the body.
fn split(bytes: &[u8]) -> (Vec<Line<'_>>, &[u8]) {
    let (mut lines, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length);
        let text = bytes[at..end].strip_suffix(b"\r").unwrap_or(&bytes[at..end]);
        at = (end + 1).min(bytes.len());
        if text.is_empty() {
            return (lines, &bytes[at..]);
        }
        lines.push(Line { number: lines.len() + 1, text });
    }
    (lines, &[])
}

/// The head as far as it is read.
#[derive(Default)]
struct Head {
    request_line: Option<(String, String)>,
    pseudo: Vec<(String, String)>,
    headers: Vec<(String, Vec<u8>)>,
}

impl Head {
    fn take(&mut self, line: &Line<'_>) -> Result<(), ReadError> {
        if self.request_line.is_none() && self.pseudo.is_empty() && self.headers.is_empty() {
            let text = String::from_utf8_lossy(line.text);
            if let Some(found) = request_line(&text) {
                self.request_line = Some(found);
                return Ok(());
            }
            if !text.starts_with(':') {
                return Err(ReadError::NoRequestLine { line: line.number, text: beginning(&text) });
            }
        }
        // A line that begins with white space goes on with the one before.
        if line.text[0].is_ascii_whitespace()
            && let Some((_, value)) = self.headers.last_mut()
        {
            value.push(b' ');
            value.extend_from_slice(line.text.trim_ascii());
            return Ok(());
        }
        self.header(line)
    }

    fn header(&mut self, line: &Line<'_>) -> Result<(), ReadError> {
        let pseudo = usize::from(line.text.starts_with(b":"));
        let colon = line.text[pseudo..].iter().position(|byte| *byte == b':').map(|at| at + pseudo);
        let name = colon.and_then(|at| std::str::from_utf8(&line.text[..at]).ok()).map(str::trim).filter(|name| is_name(name));
        let (Some(at), Some(name)) = (colon, name) else {
            return Err(ReadError::BadHeader { line: line.number, text: unsecret(&String::from_utf8_lossy(line.text)) });
        };
        let value = &line.text[at + 1..];
        // One space is the protocol's; what is beyond it is kept, for it may have been signed.
        let value = value.strip_prefix(b" ").unwrap_or(value);
        if pseudo == 1 {
            self.pseudo.push((name.to_owned(), String::from_utf8_lossy(value.trim_ascii()).into_owned()));
        } else {
            self.headers.push((name.to_owned(), value.to_vec()));
        }
        Ok(())
    }

    fn pseudo(&self, name: &str) -> Option<&str> {
        self.pseudo.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn pasted(self, bytes: &[u8]) -> Result<PastedRequest, ReadError> {
        let of_pseudo = || Some((self.pseudo(":method")?.to_owned(), self.pseudo(":path")?.to_owned()));
        let Some((method, target)) = self.request_line.clone().or_else(of_pseudo) else {
            return Err(ReadError::NoRequestLine { line: 1, text: beginning(&String::from_utf8_lossy(bytes)) });
        };
        let url = (!target.starts_with('/')).then(|| Url::read(&target)).flatten();
        let target = url.as_ref().map_or(target, |url| url.target.clone());
        let host = url.as_ref().map(Url::host).or_else(|| self.pseudo(":authority").map(str::to_owned));
        let mut headers: Headers = self.headers.into_iter().collect();
        let mut notes = Vec::new();
        if let Some(host) = host.as_ref().filter(|_| !headers.contains("host")) {
            headers.push("host", host.as_str());
            notes.push(format!("host is taken from the request line: {host}"));
        }
        let mut pasted = PastedRequest::new(InputFormat::Raw, Request { method, target, headers, body: Bytes::new() });
        (pasted.url_host, pasted.notes) = (url.map(|url| url.host()), notes);
        Ok(pasted)
    }
}

/// Reads method and target; the version may be missing.
fn request_line(text: &str) -> Option<(String, String)> {
    let mut words = text.split_ascii_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let version = words.next().is_none_or(|word| word.to_ascii_uppercase().starts_with("HTTP/"));
    let word = method.bytes().all(|byte| byte.is_ascii_alphabetic());
    let place = target.starts_with('/') || target.contains("://");
    (word && place && version && words.next().is_none()).then(|| (method.to_owned(), target.to_owned()))
}

fn is_name(name: &str) -> bool {
    let rest = name.strip_prefix(':').unwrap_or(name);
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Returns the beginning of a line that may hold a secret: only what stands before white space or a colon.
fn unsecret(text: &str) -> String {
    let word = text.split([' ', ':', '=']).next().unwrap_or_default();
    if word.len() < text.len() { format!("{} ...", beginning(word)) } else { beginning(text) }
}

/// Takes of the bytes behind the head what is the body.
fn fit_body(pasted: &mut PastedRequest, bytes: &[u8]) {
    let headers = &pasted.request.headers;
    let chunked = headers.get_str("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let length = headers.get_str("content-length").and_then(|text| text.trim().parse::<usize>().ok());
    if let Some(body) = chunked.then(|| unchunked(bytes)).flatten() {
        pasted.notes.push("the body's chunks are joined".to_owned());
        pasted.request.body = body.into();
        return;
    }
    let body = match length {
        Some(length) if bytes.len() > length && bytes[length..].iter().all(u8::is_ascii_whitespace) => {
            pasted.notes.push("white space after the body is left out: content-length ends before it".to_owned());
            bytes[..length].to_vec()
        }
        Some(length) => with_line_ends(bytes, length, &mut pasted.notes),
        None => {
            pasted.loose_end = bytes.ends_with(b"\n");
            bytes.to_vec()
        }
    };
    pasted.request.body = body.into();
}

/// Returns the body with the line ends that its length asks for.
fn with_line_ends(bytes: &[u8], length: usize, notes: &mut Vec<String>) -> Vec<u8> {
    if bytes.len() >= length {
        return bytes.to_vec();
    }
    let dos: Vec<u8> =
        bytes.iter().flat_map(|byte| if *byte == b'\n' { &b"\r\n"[..] } else { std::slice::from_ref(byte) }).copied().collect();
    if dos.len() == length && !bytes.contains(&b'\r') {
        notes.push("the body's line ends are taken for CR LF: content-length counts them so".to_owned());
        return dos;
    }
    bytes.to_vec()
}

/// Joins chunks; none when they are none.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let size = std::str::from_utf8(&bytes[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        bytes = &bytes[end + 1..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(..size)?);
        bytes = &bytes[size..];
        bytes = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted(text: &str) -> PastedRequest {
        read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    #[test]
    fn reads_both_line_ends_and_folded_lines() {
        let dos = pasted("POST /a?b HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n  2\r\nContent-Length: 3\r\n\r\na\nb\r\n");
        assert_eq!((&*dos.request.method, &*dos.request.target, &dos.request.body[..]), ("POST", "/a?b", &b"a\nb"[..]));
        assert_eq!(dos.request.headers.get_str("x-a"), Some("1 2"));
        let unix = pasted("POST /a HTTP/1.1\nContent-Length: 4\n\na\nb");
        assert_eq!(&unix.request.body[..], b"a\r\nb");
        assert!(pasted("POST /a\nHost: h\n\nab\n").loose_end);
    }

    #[test]
    fn reads_what_other_tools_print() {
        let verbose = pasted("* Connected\n> GET /a HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 400 Bad\n< x: y\n<\n{\"Code\":1}\n");
        assert_eq!((verbose.request.headers.get_str("host"), verbose.answer.as_deref()), (Some("h"), Some("{\"Code\":1}\n\n")));
        let browser = pasted(":authority: h\n:method: GET\n:path: /x?y\naccept: */*\n");
        assert_eq!((&*browser.request.target, browser.request.headers.get_str("host")), ("/x?y", Some("h")));
        let proxied = pasted("GET http://h:8080/x HTTP/1.1\n\n");
        assert_eq!((&*proxied.request.target, proxied.request.headers.get_str("host")), ("/x", Some("h:8080")));
        let chunked = pasted("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n1;x\r\nd\r\n0\r\n\r\n");
        assert_eq!(&chunked.request.body[..], b"abcd");
    }

    #[test]
    fn says_what_cannot_be_read_without_repeating_a_secret() {
        let error = read(b"GET / HTTP/1.1\nX-Auth-Token hunter2\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && !error.contains("hunter2"), "{error}");
        assert!(read(b"GET").is_err() && read(b"GET x y z").is_err() && read(&[0xff, 0xfe]).is_err());
    }
}
