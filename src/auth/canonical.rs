//! What the canonical forms of the vendors share: path, query, headers, and the canonical request made of them.
//!
//! All start from the *decoded* request, because clients put the same request on the wire in different ways: a space in a query
//! travels as `+` or `%20`, some characters travel bare, and only the canonical form has one spelling.

use std::borrow::Cow;

use super::computed_signature::Texts;
use super::hash::HashFunction;
use crate::wire::{Headers, Request, encode_to, is_unreserved, plain_form, plain_path, raw_pairs};

/// A scheme's format of the headers that it signs.
#[derive(Clone, Copy)]
pub(super) struct HeaderStyle {
    /// Whether runs of white space inside a value become one space. White space around it never counts.
    pub(super) collapse: bool,
    /// The treatment of a repeated header.
    pub(super) repeats: RepeatedHeaders,
    /// Whether `:80` and `:443` are left out of `host`.
    pub(super) bare_host: bool,
}

/// The treatment of a header that occurs more than once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RepeatedHeaders {
    /// The values in their order, with commas between them.
    Joined,
    /// The sorted values, with commas between them.
    SortedJoined,
    /// A line for each of the sorted values.
    SortedLines,
}

/// The parts of a canonical request.
pub(super) struct Canonical<'a> {
    /// The request, for its method and headers.
    pub(super) request: &'a Request,
    /// The canonical path.
    pub(super) uri: &'a str,
    /// The parameters of the canonical query, in its order.
    pub(super) query: &'a [Pair<'a>],
    /// The names of the signed headers, in lower case.
    pub(super) signed: &'a [Cow<'a, str>],
    /// The format of their lines.
    pub(super) style: HeaderStyle,
    /// The last line.
    pub(super) payload: &'a [u8],
}

impl Canonical<'_> {
    /// Returns the canonical request, and behind it the text that is signed: these lines and the hash of the canonical request.
    pub(super) fn under(&self, hash: HashFunction, lines: &[&str]) -> Texts {
        let mut bytes = Vec::with_capacity(1024);
        self.write(&mut bytes);
        let (border, hash) = (bytes.len(), hash.hex(&bytes));
        for line in lines {
            push_line(&mut bytes, line);
        }
        bytes.extend_from_slice(hash.as_bytes());
        Texts { bytes, border }
    }

    /// Writes the canonical request: method, path, query, header lines, an empty line, names of the signed headers, payload.
    fn write(&self, out: &mut Vec<u8>) {
        push_line(out, &self.request.method);
        push_line(out, self.uri);
        encode_query(out, self.query);
        out.push(b'\n');
        for name in self.signed {
            self.style.write(out, name, &self.request.headers);
        }
        let mut before = b'\n';
        for name in self.signed {
            out.push(before);
            out.extend_from_slice(name.as_bytes());
            before = b';';
        }
        out.push(b'\n');
        out.extend_from_slice(self.payload);
    }
}

fn push_line(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.as_bytes());
    out.push(b'\n');
}

impl HeaderStyle {
    /// Writes `name:value` and a line feed. A header that is not there has an empty value.
    pub(super) fn write(self, out: &mut Vec<u8>, name: &str, headers: &Headers) {
        let mut values = headers.get_all(name).map(<[u8]>::trim_ascii);
        push_name(out, name);
        match (values.next(), values.next()) {
            (Some(first), Some(second)) => self.push_several(out, name, [first, second].into_iter().chain(values).collect()),
            (only, _) => only.into_iter().for_each(|value| self.push_value(out, name, value)),
        }
        out.push(b'\n');
    }

    fn push_several(self, out: &mut Vec<u8>, name: &str, mut values: Vec<&[u8]>) {
        if self.repeats != RepeatedHeaders::Joined {
            values.sort_unstable();
        }
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.separate(out, name);
            }
            self.push_value(out, name, value);
        }
    }

    fn separate(self, out: &mut Vec<u8>, name: &str) {
        if self.repeats == RepeatedHeaders::SortedLines {
            out.push(b'\n');
            push_name(out, name);
        } else {
            out.push(b',');
        }
    }

    fn push_value(self, out: &mut Vec<u8>, name: &str, value: &[u8]) {
        let value = if self.bare_host && name == "host" { without_default_port(value) } else { value };
        // Nearly all values have no white space inside; this looks at all bytes at once, not at each.
        let has_space = || value.iter().copied().fold(u8::MAX, u8::min) <= b' ';
        if !self.collapse || !has_space() {
            return out.extend_from_slice(value);
        }
        let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        for (at, word) in words.enumerate() {
            if at > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word);
        }
    }
}

fn push_name(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
}

fn without_default_port(host: &[u8]) -> &[u8] {
    host.strip_suffix(b":80").or_else(|| host.strip_suffix(b":443")).unwrap_or(host)
}

/// Returns bytes as text, for a trace.
pub(super) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// A parameter of a query, decoded: name and value.
pub(super) type Pair<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

/// Returns the decoded parameters of a query, as sent; an empty piece between two `&` is none.
pub(super) fn parameters(query: &str) -> Vec<Pair<'_>> {
    raw_pairs(query).map(|(name, value)| (plain_form(name), plain_form(value))).collect()
}

/// Returns the parameters of the canonical query: sorted by decoded name, then value.
pub(super) fn query(query: &str) -> Vec<Pair<'_>> {
    let mut pairs = parameters(query);
    pairs.sort_unstable();
    pairs
}

/// Writes parameters in their order, strictly encoded; an empty value keeps its `=`.
pub(super) fn encode_query(out: &mut Vec<u8>, pairs: &[Pair<'_>]) {
    for (at, (name, value)) in pairs.iter().enumerate() {
        if at > 0 {
            out.push(b'&');
        }
        encode_to(out, name);
        out.push(b'=');
        encode_to(out, value);
    }
}

/// Returns the path with each segment decoded and strictly encoded: `%2F` stays inside its segment.
pub(super) fn path(path: &str) -> Cow<'_, str> {
    if path.is_empty() {
        return Cow::Borrowed("/");
    }
    if is_plain(path) {
        return Cow::Borrowed(path);
    }
    let mut out = Vec::with_capacity(path.len());
    for (at, segment) in path.split('/').enumerate() {
        out.extend_from_slice(if at > 0 { b"/" } else { b"" });
        encode_to(&mut out, &plain_path(segment));
    }
    Cow::Owned(text(out))
}

/// Returns whether nothing in a path is encoded or wants to be.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|byte| byte == b'/' || is_unreserved(byte))
}

/// Returns the path as Huawei signs it: decoded as a whole, so that `%2F` becomes a plain slash, and with a slash at its end.
pub(super) fn slashed_path(path: &str) -> Cow<'_, str> {
    if path.starts_with('/') && is_plain(path) {
        return if path.ends_with('/') { Cow::Borrowed(path) } else { Cow::Owned([path, "/"].concat()) };
    }
    let decoded = plain_path(path);
    let mut out = Vec::with_capacity(path.len() + 2);
    if decoded.first().is_some_and(|byte| *byte != b'/') {
        out.push(b'/');
    }
    for segment in decoded.split(|byte| *byte == b'/') {
        encode_to(&mut out, segment);
        out.push(b'/');
    }
    if decoded.ends_with(b"/") {
        out.pop();
    }
    Cow::Owned(text(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(style: HeaderStyle, fields: &[(&str, &str)], name: &str) -> String {
        let mut out = Vec::new();
        style.write(&mut out, name, &fields.iter().copied().collect());
        text(out)
    }

    const PLAIN: HeaderStyle = HeaderStyle { collapse: false, repeats: RepeatedHeaders::Joined, bare_host: false };

    #[test]
    fn values_are_trimmed_and_perhaps_collapsed() {
        let fields = [("User-Agent", " a  b\t c ")];
        assert_eq!(line(PLAIN, &fields, "user-agent"), "user-agent:a  b\t c\n");
        assert_eq!(line(HeaderStyle { collapse: true, ..PLAIN }, &fields, "user-agent"), "user-agent:a b c\n");
        assert_eq!(line(PLAIN, &fields, "absent"), "absent:\n");
    }

    #[test]
    fn repeated_headers_follow_the_scheme() {
        let fields = [("x", "b"), ("X", " a "), ("y", "")];
        assert_eq!(line(PLAIN, &fields, "x"), "x:b,a\n");
        assert_eq!(line(HeaderStyle { repeats: RepeatedHeaders::SortedJoined, ..PLAIN }, &fields, "x"), "x:a,b\n");
        assert_eq!(line(HeaderStyle { repeats: RepeatedHeaders::SortedLines, ..PLAIN }, &fields, "x"), "x:a\nx:b\n");
    }

    #[test]
    fn a_default_port_may_be_left_out() {
        let bare = HeaderStyle { bare_host: true, ..PLAIN };
        for (host, signed) in [("a:80", "a"), ("a:443", "a"), ("a:8080", "a:8080"), ("[::1]:80", "[::1]"), ("a", "a")] {
            assert_eq!(line(bare, &[("Host", host)], "host"), format!("host:{signed}\n"));
            assert_eq!(line(PLAIN, &[("Host", host)], "host"), format!("host:{host}\n"));
        }
        assert_eq!(line(bare, &[("x-host", "a:80")], "x-host"), "x-host:a:80\n");
    }

    #[test]
    fn a_query_is_sorted_by_its_decoded_bytes() {
        let query = |query: &str| {
            let mut out = Vec::new();
            encode_query(&mut out, &super::query(query));
            text(out)
        };
        assert_eq!(query("NamespaceDescription=1&NameSpaceShortId=2"), "NameSpaceShortId=2&NamespaceDescription=1");
        assert_eq!(query("b=+&a=%2a&&a=!&c&%61=~"), "a=%21&a=%2A&a=~&b=%20&c=");
        assert_eq!(query("%5B=1&A=2&%zz=3"), "%25zz=3&A=2&%5B=1");
        assert_eq!(query("a=%ff"), "a=%FF", "what is not UTF-8 is kept byte by byte");
        assert_eq!(query(""), "");
    }

    #[test]
    fn a_slash_in_a_segment_stays_or_not() {
        assert_eq!(path("/a%2fb/ü c+%7E"), "/a%2Fb/%C3%BC%20c%2B~");
        assert_eq!(path(""), "/");
        assert_eq!(path("/"), "/");
        assert_eq!(slashed_path("/a%2fb/ü c+%7E"), "/a/b/%C3%BC%20c%2B~/");
        assert_eq!(slashed_path("/a/"), "/a/");
        assert_eq!(slashed_path("/"), "/");
        assert_eq!(slashed_path(""), "/");
        assert_eq!(slashed_path("a//"), "/a//");
    }
}
