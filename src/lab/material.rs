//! All that a signature is made of, each part as a value of its own: what a mistake changes before the signature is made again.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::claim::{Claim, ScopeParts};
use super::encoding::Encoding;
use super::string::{Digest, Key, KeyDerivation, Piece, SignatureFunction, StringToSignLayout, pieces};
use crate::auth::hex_sha256;
use crate::auth::scheme::{HashFunction, Order, PathForm, PayloadLine, Repeats, SchemeDescriptor, Slash, TextLayout};
pub(super) use crate::auth::without_default_port;
use crate::wire::{Request, decode_form, decode_path};

/// A parameter of the query, decoded: name and value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// A signed header's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The name in lower case.
    pub name: String,
    /// The value as it is signed.
    pub value: Vec<u8>,
    /// Set when the value is written without its name.
    pub bare: bool,
}

/// The layout of lines; the default is every scheme's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Between a header's name and its value.
    pub colon: &'static str,
    /// The end of a line.
    pub end: &'static str,
    /// The text after the headers, a line feed for each empty line: one.
    pub gap: &'static str,
    /// Set when an empty query has its line.
    pub empty_query: bool,
    /// The text after the payload: none.
    pub tail: &'static str,
    /// Between two names of signed headers.
    pub names: &'static str,
    /// Set when an empty value of the query keeps its `=`.
    pub equals: bool,
}

const LAYOUT: Layout = Layout { colon: ":", end: "\n", gap: "\n", empty_query: true, tail: "", names: ";", equals: true };

/// The parts of a signature.
#[derive(Clone, Debug)]
pub(super) struct SignatureParts {
    pub dialect: &'static SchemeDescriptor,
    pub method: String,
    pub path: Vec<u8>,
    pub path_form: PathForm,
    pub slash: Slash,
    pub path_encoding: Encoding,
    pub pairs: Vec<Pair>,
    pub order: Order,
    pub query_encoding: Encoding,
    /// The second encoding of the whole query, in the layout that has one.
    pub outer: Encoding,
    /// A text in place of the query's line.
    pub query_text: Option<Vec<u8>>,
    pub lines: Vec<Line>,
    pub names: Vec<String>,
    pub layout: Layout,
    pub payload: Vec<u8>,
    pub algorithm: String,
    pub date: String,
    pub scope: Option<ScopeParts>,
    pub digest: Digest,
    pub string_layout: StringToSignLayout,
    pub key: Key,
}

impl SignatureParts {
    /// Returns what the scheme makes of a request as it came, and of the caller's list of signed headers.
    pub(super) fn of(dialect: &'static SchemeDescriptor, request: &Request, claim: &Claim, secret: &str) -> Self {
        let names = signed_names(dialect, request, claim);
        let (pairs, payload) = query_and_payload(dialect, request, &request.method);
        let date = request.headers.get(dialect.date).unwrap_or_default().trim_ascii();
        let encoding = if dialect.is_encoded { Encoding::STRICT } else { Encoding::PLAIN };
        Self {
            dialect,
            method: request.method.clone(),
            path: request.path().as_bytes().to_vec(),
            path_form: dialect.path,
            slash: dialect.slash,
            path_encoding: encoding,
            pairs,
            order: dialect.order,
            query_encoding: encoding,
            outer: Encoding::STRICT,
            query_text: None,
            lines: lines(dialect, request, &names),
            names: if dialect.is_plain() { names } else { claim.names.clone() },
            layout: Layout { equals: dialect.keeps_equals(), ..LAYOUT },
            payload: payload.into_bytes(),
            algorithm: dialect.algorithm.to_owned(),
            date: String::from_utf8_lossy(date).into_owned(),
            scope: claim.scope.clone().filter(|_| dialect.terminator.is_some()),
            digest: Digest::Hex,
            string_layout: StringToSignLayout { pieces: pieces(dialect), joint: "\n", tail: "" },
            key: Key {
                secret: Arc::new(Zeroizing::new(secret.as_bytes().to_vec())),
                around: ("", ""),
                prefix: dialect.prefix,
                suffix: dialect.suffix,
                derived: dialect.terminator.is_some(),
                steps: KeyDerivation::All,
                sha1: dialect.hash_function == HashFunction::Sha1,
                maker: SignatureFunction::Hmac,
            },
        }
    }

    /// Makes it another method's: with some schemes it decides where the parameters are signed.
    pub(super) fn set_method(&mut self, request: &Request, method: &str) {
        method.clone_into(&mut self.method);
        let as_body = |method| self.dialect.signs_query_as_body(method, &request.body);
        if as_body(&request.method) != as_body(method) {
            let (pairs, payload) = query_and_payload(self.dialect, request, method);
            (self.pairs, self.payload) = (pairs, payload.into_bytes());
        }
    }

    /// Gives a header that is signed this value, on one line.
    pub(super) fn set_line(&mut self, name: &str, value: &[u8]) {
        let mut first = true;
        self.lines.retain(|line| line.name != name || std::mem::take(&mut first));
        if let Some(line) = self.lines.iter_mut().find(|line| line.name == name) {
            value.clone_into(&mut line.value);
        }
    }

    /// Returns the path's line.
    pub(super) fn path_line(&self) -> Vec<u8> {
        let mut out = match self.path_form {
            PathForm::AsSent => self.path.clone(),
            PathForm::Opaque => self.path_encoding.write(&decoded(&self.path)),
            PathForm::Segments => self.encoded(self.path.split(|byte| *byte == b'/').map(decoded)),
            PathForm::Whole => self.encoded(decoded(&self.path).split(|byte| *byte == b'/').map(<[u8]>::to_vec)),
        };
        if out.is_empty() && self.path_form != PathForm::AsSent {
            out.push(b'/');
        }
        match self.slash {
            Slash::Added if !out.ends_with(b"/") => out.push(b'/'),
            Slash::Removed if out.len() > 1 && out.ends_with(b"/") => drop(out.pop()),
            _ => {}
        }
        out
    }

    fn encoded(&self, segments: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
        let encoded: Vec<Vec<u8>> = segments.map(|segment| self.path_encoding.write(&segment)).collect();
        encoded.join(&b'/')
    }

    /// Returns the query's line.
    pub(super) fn query_line(&self) -> Vec<u8> {
        if let Some(text) = &self.query_text {
            return text.clone();
        }
        let mut pairs = self.pairs.clone();
        self.order.apply(&mut pairs, &self.query_encoding);
        let mut out = Vec::new();
        for (name, value) in &pairs {
            if !out.is_empty() {
                out.push(b'&');
            }
            out.extend(self.query_encoding.write(name));
            if self.layout.equals || !value.is_empty() {
                out.push(b'=');
            }
            out.extend(self.query_encoding.write(value));
        }
        out
    }

    /// Returns the canonical request; of a layout that has none the string to sign itself.
    pub(super) fn canonical(&self) -> Vec<u8> {
        if self.dialect.text == TextLayout::Rpc {
            let parameters = self.outer.write(&self.query_line());
            let path: &[u8] = if self.path_form == PathForm::AsSent { b"&/&" } else { b"&%2F&" };
            return [self.method.as_bytes(), path, &parameters].concat();
        }
        if !self.dialect.is_plain() {
            return self.segments().concat();
        }
        let headers = self.lines.iter().map(|line| self.header(line));
        let mut out = [self.ended(self.method.as_bytes())].into_iter().chain(headers).collect::<Vec<_>>().concat();
        out.extend(self.path_line());
        let query = self.query_line();
        if !query.is_empty() {
            out.push(b'?');
            out.extend(query);
        }
        out
    }

    /// Returns the pieces of a canonical request: method, path, query, a piece for each line of headers, the list of names, the payload.
    pub(super) fn segments(&self) -> Vec<Vec<u8>> {
        let query = self.query_line();
        let no_query = query.is_empty() && !self.layout.empty_query;
        let query = if no_query { query } else { self.ended(&query) };
        let mut pieces = vec![self.ended(self.method.as_bytes()), self.ended(&self.path_line()), query];
        pieces.extend(self.lines.iter().map(|line| self.header(line)));
        let gap = self.layout.end.repeat(self.layout.gap.len());
        pieces.push([gap.as_bytes(), &self.ended(self.names.join(self.layout.names).as_bytes())].concat());
        pieces.push([&self.payload, self.layout.tail.as_bytes()].concat());
        pieces
    }

    fn ended(&self, line: &[u8]) -> Vec<u8> {
        [line, self.layout.end.as_bytes()].concat()
    }

    fn header(&self, line: &Line) -> Vec<u8> {
        let (name, colon) = if line.bare { ("", "") } else { (line.name.as_str(), self.layout.colon) };
        [name.as_bytes(), colon.as_bytes(), &line.value, self.layout.end.as_bytes()].concat()
    }

    /// Returns the string to sign.
    pub(super) fn string_to_sign(&self) -> Vec<u8> {
        let mut text = if self.dialect.is_plain() { self.canonical() } else { self.string_layout() };
        text.extend_from_slice(self.string_layout.tail.as_bytes());
        text
    }

    fn string_layout(&self) -> Vec<u8> {
        let line = |piece: &Piece| match piece {
            Piece::Algorithm => Some(self.algorithm.clone().into_bytes()),
            Piece::Date => Some(self.date.clone().into_bytes()).filter(|date| !date.is_empty()),
            Piece::Scope => self.scope.as_ref().map(|scope| scope.text().into_bytes()),
            Piece::Digest => Some(self.digest.of(self.canonical())),
        };
        let lines: Vec<Vec<u8>> = self.string_layout.pieces.iter().filter_map(line).collect();
        lines.join(self.string_layout.joint.as_bytes())
    }

    /// Returns the signature's bytes.
    pub(super) fn signature(&self) -> Vec<u8> {
        let (text, secret) = (self.string_to_sign(), self.key.bytes());
        match &self.scope {
            Some(scope) if self.key.derived && !self.key.sha1 => {
                self.key.sign(&self.key.derive(&secret, scope.derivation_parts(), &self.date), &text)
            }
            _ => self.key.sign(&secret, &text),
        }
    }
}

impl Order {
    fn apply(self, pairs: &mut [Pair], encoding: &Encoding) {
        match self {
            Self::Sorted => pairs.sort_unstable(),
            Self::NoCase => pairs.sort_by_cached_key(|(name, _)| Encoding::STRICT.write(name).to_ascii_lowercase()),
            Self::EncodedNames => pairs.sort_by_cached_key(|(name, value)| (encoding.write(name), encoding.write(value))),
            Self::AsSent => {}
            Self::NameOnly => pairs.sort_by(|(one, _), (other, _)| one.cmp(other)),
            Self::Encoded => pairs.sort_by_cached_key(|(name, value)| [encoding.write(name), encoding.write(value)].join(&b'=')),
            Self::Natural => pairs.sort_by_cached_key(|(name, value)| (natural(name), value.clone())),
            Self::Reversed => pairs.reverse(),
        }
    }
}

/// Returns a name in pieces as natural orders compare them: numbers by what they count, and before text.
fn natural(name: &[u8]) -> Vec<(bool, u64, Vec<u8>)> {
    let pieces = name.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    let number = |piece: &[u8]| std::str::from_utf8(piece).ok()?.parse().ok();
    pieces.map(|piece| number(piece).map_or_else(|| (true, 0, piece.to_vec()), |number| (false, number, Vec::new()))).collect()
}

/// Decodes `%XX` of bytes that need not be UTF-8.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.to_vec(), decode_path)
}

/// Returns the query's parameters, decoded, as sent.
pub(super) fn parameters(query: &str) -> Vec<Pair> {
    let pieces = query.split('&').filter(|piece| !piece.is_empty());
    pieces.map(|piece| piece.split_once('=').unwrap_or((piece, ""))).map(|(name, value)| (decode_form(name), decode_form(value))).collect()
}

/// Returns the names of the lines: those of the list, or what the older layout signs by rule.
fn signed_names(dialect: &SchemeDescriptor, request: &Request, claim: &Claim) -> Vec<String> {
    let Some(own) = dialect.own.filter(|_| dialect.signs_by_rule()) else { return claim.names.clone() };
    // A date that travels in the query stands among the headers for our use alone.
    let stands_in = |name: &str| dialect.query.is_some() && name == dialect.date;
    let by_rule = |name: &String| {
        (name.starts_with(own) && !stands_in(name)) || (!dialect.is_plain() && matches!(name.as_str(), "content-md5" | "content-type"))
    };
    let names = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).filter(by_rule);
    let mut names: Vec<String> = names.chain(claim.names.iter().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn lines(dialect: &SchemeDescriptor, request: &Request, names: &[String]) -> Vec<Line> {
    let mut lines = Vec::new();
    let line = |name: &str| Line { name: name.to_owned(), value: values(dialect, request, name).concat(), bare: true };
    lines.extend(dialect.bare.iter().chain(dialect.bare.first().map(|_| &dialect.date)).map(|name| line(name)));
    for name in names {
        let line = |value| Line { name: name.clone(), value, bare: false };
        lines.extend(values(dialect, request, name).into_iter().map(line));
    }
    lines
}

/// Returns the values of a header as they are signed; one that is not there has an empty one.
fn values(dialect: &SchemeDescriptor, request: &Request, name: &str) -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = request.headers.get_all(name).map(|value| tidy(dialect, name, value)).collect();
    if dialect.repeats != Repeats::Joined {
        values.sort_unstable();
    }
    if dialect.repeats == Repeats::SortedLines && !values.is_empty() { values } else { vec![values.join(&b',')] }
}

/// Returns a value as the dialect writes it.
fn tidy(dialect: &SchemeDescriptor, name: &str, value: &[u8]) -> Vec<u8> {
    let value = value.trim_ascii();
    let bare = if dialect.bare_host && name == "host" { without_default_port(value) } else { value };
    if dialect.collapse { collapsed(bare) } else { bare.to_vec() }
}

/// Returns a value with runs of white space as one space.
pub(super) fn collapsed(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}

/// Returns the query's parameters and the payload's line.
fn query_and_payload(dialect: &SchemeDescriptor, request: &Request, method: &str) -> (Vec<Pair>, String) {
    let pairs = parameters(request.query());
    if dialect.signs_query_as_body(method, &request.body) {
        return (Vec::new(), hex_sha256(&form(pairs)));
    }
    let hash = || hex_sha256(&request.body);
    let declared = declared(dialect, request);
    let payload = match dialect.payload {
        PayloadLine::Hash => {
            let unsigned = declared.filter(|hash| *hash == UNSIGNED && dialect.may_leave_body && !request.body.is_empty());
            unsigned.map_or_else(hash, str::to_owned)
        }
        PayloadLine::Declared => declared.map_or_else(hash, str::to_owned),
        PayloadLine::Unsigned => declared.unwrap_or(UNSIGNED).to_owned(),
    };
    (pairs, payload)
}

/// The declaration of an unsigned body in the SDK scheme.
pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Returns the hash that the request declares for its body.
pub(super) fn declared<'a>(dialect: &SchemeDescriptor, request: &'a Request) -> Option<&'a str> {
    request.headers.get_str(dialect.hash?).map(str::trim_ascii)
}

/// Returns parameters as a form body: sorted by name, a space as `+`.
fn form(mut pairs: Vec<Pair>) -> Vec<u8> {
    let encoding = Encoding { plus: true, ..Encoding::STRICT };
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let written: Vec<Vec<u8>> = pairs.iter().map(|(name, value)| [encoding.write(name), encoding.write(value)].join(&b'=')).collect();
    written.join(&b'&')
}
