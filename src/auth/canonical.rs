//! The canonical forms of the vendors: path, query, headers, payload, and the canonical request made of them.
//!
//! All start from the *decoded* request, because clients put the same request on the wire in different ways: a space in a query
//! travels as `+` or `%20`, some characters travel bare, and only the canonical form has one spelling.

use std::borrow::Cow;

use super::hash::EncodedDigest;
use super::scheme::{Order, PathForm, Piece, Repeats, SchemeDescriptor, Slash, TextLayout};
use crate::wire::{Headers, Request, encode, encode_to, is_unreserved, plain_form, plain_path, raw_pairs};

/// The value declared in place of a hash when the body is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The canonical request and the text that is signed, one behind the other in one piece of memory.
#[derive(Debug)]
pub(super) struct SigningTexts {
    pub(super) bytes: Vec<u8>,
    /// The start of the string to sign.
    pub(super) border: usize,
}

impl SigningTexts {
    /// Returns the text that is signed.
    pub(super) fn to_sign(&self) -> &[u8] {
        &self.bytes[self.border..]
    }
}

/// The parts of a canonical request.
pub(super) struct Canonical<'a> {
    pub(super) scheme: &'static SchemeDescriptor,
    /// The request, for its method and headers.
    pub(super) request: &'a Request,
    /// The canonical path.
    pub(super) uri: &'a str,
    /// The parameters of the canonical query, in its order.
    pub(super) query: &'a [Pair<'a>],
    /// The names of the signed headers, in lower case.
    pub(super) signed: &'a [Cow<'a, str>],
    /// The last line.
    pub(super) payload: &'a [u8],
}

impl Canonical<'_> {
    /// Returns the canonical request, and behind it the text that is signed.
    pub(super) fn texts(&self, date: &str, scope: &str) -> SigningTexts {
        let mut bytes = Vec::with_capacity(1024);
        self.write(&mut bytes);
        let (border, hash) = (bytes.len(), self.scheme.hash_function.hex(&bytes));
        let TextLayout::Canonical(pieces) = self.scheme.text else { return SigningTexts { bytes, border } };
        for piece in pieces {
            match piece {
                Piece::Algorithm => push_line(&mut bytes, self.scheme.algorithm),
                Piece::Date => push_line(&mut bytes, date),
                Piece::Scope => push_line(&mut bytes, scope),
                Piece::Digest => bytes.extend_from_slice(hash.as_bytes()),
            }
        }
        SigningTexts { bytes, border }
    }

    /// Writes the canonical request: method, path, query, header lines, an empty line, names of the signed headers, payload.
    fn write(&self, out: &mut Vec<u8>) {
        push_line(out, &self.request.method);
        push_line(out, self.uri);
        encode_query(out, self.query);
        out.push(b'\n');
        for name in self.signed {
            write_header(self.scheme, out, name, &self.request.headers);
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

/// Writes `name:value` and a line feed as the scheme signs it. A header that is not there has an empty value.
pub(super) fn write_header(scheme: &SchemeDescriptor, out: &mut Vec<u8>, name: &str, headers: &Headers) {
    let mut values = headers.get_all(name).map(<[u8]>::trim_ascii);
    push_name(out, name);
    match (values.next(), values.next()) {
        (Some(first), Some(second)) => push_several(scheme, out, name, [first, second].into_iter().chain(values).collect()),
        (only, _) => only.into_iter().for_each(|value| push_value(scheme, out, name, value)),
    }
    out.push(b'\n');
}

fn push_several(scheme: &SchemeDescriptor, out: &mut Vec<u8>, name: &str, mut values: Vec<&[u8]>) {
    if scheme.repeats != Repeats::Joined {
        values.sort_unstable();
    }
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 && scheme.repeats == Repeats::SortedLines {
            out.push(b'\n');
            push_name(out, name);
        } else if at > 0 {
            out.push(b',');
        }
        push_value(scheme, out, name, value);
    }
}

fn push_value(scheme: &SchemeDescriptor, out: &mut Vec<u8>, name: &str, value: &[u8]) {
    let value = if scheme.bare_host && name == "host" { without_default_port(value) } else { value };
    // Nearly all values have no white space inside; this looks at all bytes at once, not at each.
    let has_space = || value.iter().copied().fold(u8::MAX, u8::min) <= b' ';
    if !scheme.collapse || !has_space() {
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

fn push_name(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
}

/// Returns a host without a port that the protocol implies.
pub(crate) fn without_default_port(host: &[u8]) -> &[u8] {
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

/// Returns the parameters of the canonical query in their order.
pub(super) fn query<'r>(scheme: &SchemeDescriptor, request: &'r Request) -> Vec<Pair<'r>> {
    let as_body = scheme.signs_query_as_body(&request.method, &request.body);
    if as_body { Vec::new() } else { sorted(scheme, parameters(request.query())) }
}

/// Returns the payload's line as a verifier computes it: it lets a caller leave the body unsigned, but not declare another one.
pub(super) fn payload(scheme: &SchemeDescriptor, request: &Request) -> EncodedDigest {
    if declared_payload(scheme, request) == Some(UNSIGNED_PAYLOAD) {
        return EncodedDigest::Text(UNSIGNED_PAYLOAD.into());
    }
    let as_body = scheme.signs_query_as_body(&request.method, &request.body);
    let form = if as_body { form(parameters(request.query())) } else { String::new() };
    EncodedDigest::Hex(scheme.hash_function.hex(if as_body { form.as_bytes() } else { &request.body }))
}

fn sorted<'r>(scheme: &SchemeDescriptor, mut pairs: Vec<Pair<'r>>) -> Vec<Pair<'r>> {
    if scheme.order == Order::NoCase {
        pairs.sort_by_cached_key(|(name, _)| encode(name).to_ascii_lowercase());
    } else {
        pairs.sort_unstable();
    }
    pairs
}

/// Returns parameters as a form body, as Go's `url.Values.Encode` writes it: sorted by name, a space as `+`.
fn form(mut pairs: Vec<Pair<'_>>) -> String {
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut out = Vec::new();
    encode_query(&mut out, &pairs);
    text(out).replace("%20", "+")
}

/// Returns the payload's line that a request declares, where the scheme lets it. None when there is no body: then nothing is the payload.
pub(super) fn declared_payload<'r>(scheme: &SchemeDescriptor, request: &'r Request) -> Option<&'r str> {
    let header = scheme.hash.filter(|_| scheme.may_leave_body && !request.body.is_empty())?;
    request.headers.get_str(header).map(str::trim_ascii)
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

/// Returns the scheme's canonical path.
pub(super) fn path<'p>(scheme: &SchemeDescriptor, path: &'p str) -> Cow<'p, str> {
    let (whole, added) = (scheme.path == PathForm::Whole, scheme.slash == Slash::Added);
    if path.starts_with('/') && path.bytes().all(|byte| byte == b'/' || is_unreserved(byte)) {
        return if added && !path.ends_with('/') { Cow::Owned([path, "/"].concat()) } else { Cow::Borrowed(path) };
    }
    let mut out = Vec::with_capacity(path.len() + 2);
    if whole {
        encode_segments(&mut out, plain_path(path).split(|byte| *byte == b'/'));
    } else {
        encode_segments(&mut out, path.split('/').map(plain_path));
    }
    if out.is_empty() || (whole && out[0] != b'/') {
        out.insert(0, b'/');
    }
    if added && !out.ends_with(b"/") {
        out.push(b'/');
    }
    Cow::Owned(text(out))
}

fn encode_segments(out: &mut Vec<u8>, segments: impl Iterator<Item: AsRef<[u8]>>) {
    for (at, segment) in segments.enumerate() {
        out.extend_from_slice(if at > 0 { b"/" } else { b"" });
        encode_to(out, segment.as_ref());
    }
}

/// Returns the other canonical form of a path that official SDKs sign with some schemes: the path as sent but for the three differences
/// between `encodeURIComponent` or `quote` and strict encoding.
pub(crate) fn sent_path(path: &str) -> String {
    path.replace('+', "%20").replace('*', "%2A").replace("%7E", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Scheme, hex_sha256};

    fn scheme(scheme: Scheme) -> &'static SchemeDescriptor {
        scheme.descriptor().unwrap()
    }

    /// Returns the line of a header with each scheme: Volcengine, the older ROA scheme of Alibaba Cloud, its current one, Huawei.
    fn lines(fields: &[(&str, &str)], name: &str) -> [String; 4] {
        [Scheme::Volcengine, Scheme::Acs1, Scheme::Acs3, Scheme::SdkHmac].map(|one| {
            let mut out = Vec::new();
            write_header(scheme(one), &mut out, name, &fields.iter().copied().collect());
            text(out)
        })
    }

    #[test]
    fn values_are_trimmed_and_perhaps_collapsed() {
        let (collapsed, kept) = ("user-agent:a b c\n", "user-agent:a  b\t c\n");
        assert_eq!(lines(&[("User-Agent", " a  b\t c ")], "user-agent"), [collapsed, kept, kept, kept]);
        assert_eq!(lines(&[], "absent"), ["absent:\n"; 4]);
    }

    #[test]
    fn repeated_headers_follow_the_scheme() {
        let fields = [("x", "b"), ("X", " a "), ("y", "")];
        assert_eq!(lines(&fields, "x"), ["x:b,a\n", "x:b,a\n", "x:a,b\n", "x:a\nx:b\n"]);
    }

    #[test]
    fn accepts_an_omitted_default_port() {
        for (host, signed) in [("a:80", "a"), ("a:443", "a"), ("a:8080", "a:8080"), ("[::1]:80", "[::1]"), ("a", "a")] {
            let [bare, whole, ..] = lines(&[("Host", host)], "host");
            assert_eq!((bare, whole), (format!("host:{signed}\n"), format!("host:{host}\n")));
        }
        assert_eq!(lines(&[("x-host", "a:80")], "x-host"), ["x-host:a:80\n"; 4]);
    }

    #[test]
    fn sorts_a_query_by_its_decoded_bytes() {
        let query = |query: &str| {
            let mut out = Vec::new();
            encode_query(&mut out, &sorted(scheme(Scheme::Acs3), parameters(query)));
            text(out)
        };
        assert_eq!(query("NamespaceDescription=1&NameSpaceShortId=2"), "NameSpaceShortId=2&NamespaceDescription=1");
        assert_eq!(query("b=+&a=%2a&&a=!&c&%61=~"), "a=%21&a=%2A&a=~&b=%20&c=");
        assert_eq!(query("%5B=1&A=2&%zz=3"), "%25zz=3&A=2&%5B=1");
        assert_eq!(query("a=%ff"), "a=%FF", "what is not UTF-8 is kept byte by byte");
        assert_eq!(query(""), "");
    }

    /// Returns the path as Alibaba Cloud signs it.
    fn by_segments(text: &str) -> Cow<'_, str> {
        path(scheme(Scheme::Acs3), text)
    }

    /// Returns the path as Huawei signs it.
    fn slashed_path(text: &str) -> Cow<'_, str> {
        path(scheme(Scheme::SdkHmac), text)
    }

    #[test]
    fn accepts_both_encodings_of_a_slash() {
        assert_eq!(by_segments("/a%2fb/ü c+%7E"), "/a%2Fb/%C3%BC%20c%2B~");
        assert_eq!(by_segments(""), "/");
        assert_eq!(by_segments("/"), "/");
        assert_eq!(slashed_path("/a%2fb/ü c+%7E"), "/a/b/%C3%BC%20c%2B~/");
        assert_eq!(slashed_path("/a/"), "/a/");
        assert_eq!(slashed_path("/"), "/");
        assert_eq!(slashed_path(""), "/");
        assert_eq!(slashed_path("a//"), "/a//");
    }

    #[test]
    fn accepts_both_canonical_paths() {
        let paths = |path| [by_segments(path).into_owned(), sent_path(path)];
        assert_eq!(paths("/a!b(c)"), ["/a%21b%28c%29", "/a!b(c)"]);
        assert_eq!(paths("/a%20b%2Fc*d~e%2Bf"), ["/a%20b%2Fc%2Ad~e%2Bf", "/a%20b%2Fc%2Ad~e%2Bf"]);
        assert_eq!(paths("/a+%7E"), ["/a%2B~", "/a%20~"]);
    }

    #[test]
    fn signs_the_query_of_a_post_without_body() {
        let mut request = Request { method: "POST".into(), target: "/p?b=x+y&B=%20&a=1".into(), ..Request::default() };
        let found = |request: &Request| {
            let (scheme, mut out) = (scheme(Scheme::SdkHmacScoped), Vec::new());
            encode_query(&mut out, &query(scheme, request));
            (text(out), payload(scheme, request).as_str().to_owned())
        };
        assert_eq!(found(&request), (String::new(), hex_sha256(b"B=+&a=1&b=x+y")));
        request.body = "{}".into();
        assert_eq!(found(&request), ("a=1&b=x%20y&B=%20".into(), hex_sha256(b"{}")));
        request.method = "DELETE".into();
        request.body = "".into();
        assert_eq!(found(&request).1, hex_sha256(b""));
    }
}
