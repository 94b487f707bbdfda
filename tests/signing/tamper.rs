//! Every vector is refused after a change of one byte of its method, target, signed headers or body.
//!
//! Every position is tried with two other bytes, in a target with three. A few changes leave the request what it was: the case of a hex digit in an escape
//! (`%2f`), or one of two spellings that decode to the same. They are told apart by comparing the *decoded* requests, with a decoder
//! that shares nothing with the verifiers; such a request must still verify, and any other must not.

use bytes::Bytes;
use skydeck::auth::Scheme;
use skydeck::wire::{Headers, Request};

use crate::vector::{Vector, folder};

#[test]
fn alibaba_refuses_every_changed_byte() {
    for vector in folder("alibaba").iter().filter(|vector| vector.scheme == Scheme::Acs3) {
        every_change(vector, &[Part::Method, Part::Target, Part::Headers, Part::Body]);
    }
}

/// The older signature does not cover the body: the vendor's own SDKs send no `content-md5`.
#[test]
fn alibaba_v1_refuses_every_changed_byte_but_the_bodys() {
    for vector in folder("alibaba").iter().filter(|vector| vector.scheme == Scheme::Acs1) {
        every_change(vector, &[Part::Method, Part::Target, Part::Headers]);
    }
}

#[test]
fn volcengine_refuses_every_changed_byte() {
    for vector in &folder("volcengine") {
        every_change(vector, &[Part::Method, Part::Target, Part::Headers, Part::Body]);
    }
}

#[test]
fn huawei_refuses_every_changed_byte() {
    for vector in folder("huawei").iter().chain(&folder("huawei-go")).chain(&folder("otc-legacy")) {
        every_change(vector, &[Part::Method, Part::Target, Part::Headers, Part::Body]);
    }
}

#[test]
fn refuses_vectors_with_another_key() {
    for name in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"] {
        for mut vector in folder(name) {
            vector.key.secret = format!("{}x", vector.key.secret.expose()).into();
            assert!(vector.verify(&vector.request).is_err(), "{}", vector.name);
        }
    }
}

#[test]
fn refuses_vectors_with_a_header_missing_or_doubled() {
    for name in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"] {
        for vector in folder(name) {
            for header in vector.signed_headers() {
                let mut gone = vector.request.clone();
                gone.headers.remove(&header);
                assert!(vector.verify(&gone).is_err(), "{}: without {header}", vector.name);
                // Of a header that stands alone on its line, the older signature reads the first value only.
                if vector.scheme != Scheme::Acs1 || header.starts_with("x-acs-") {
                    let mut doubled = vector.request.clone();
                    doubled.headers.push(header.to_uppercase(), "x");
                    assert!(vector.verify(&doubled).is_err(), "{}: with two {header}", vector.name);
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Method,
    Target,
    Headers,
    Body,
}

fn every_change(vector: &Vector, parts: &[Part]) {
    let signed = vector.signed_headers();
    let meaning = Meaning::of(vector.scheme, &vector.request, &signed);
    let mut refused = 0;
    for changed in parts.iter().flat_map(|part| changes(vector, *part, &signed)) {
        let same = Meaning::of(vector.scheme, &changed, &signed) == meaning;
        let verifies = vector.verify(&changed).is_ok();
        assert_eq!(verifies, same, "{}: verifies: {verifies}, means the same: {same}: {changed:?}", vector.name);
        refused += usize::from(!verifies);
    }
    let bytes = vector.request.method.len() + vector.request.target.len();
    assert!(refused > bytes, "{}: only {refused} changes were refused", vector.name);
}

/// The request with one byte of the part changed, for every position.
fn changes(vector: &Vector, part: Part, signed: &[String]) -> Vec<Request> {
    let request = &vector.request;
    let text = |bytes| String::from_utf8(bytes).expect("ASCII stays ASCII");
    match part {
        Part::Method => variants(request.method.as_bytes()).map(|method| Request { method: text(method), ..request.clone() }).collect(),
        Part::Target => {
            let target = request.target.as_bytes();
            variants(target).chain(pluses(target)).map(|target| Request { target: text(target), ..request.clone() }).collect()
        }
        Part::Body => variants(&request.body).map(|body| Request { body: Bytes::from(body), ..request.clone() }).collect(),
        Part::Headers => {
            let fields = request.headers.iter().enumerate();
            let masked = fields.filter(|(_, (name, _))| signed.iter().any(|one| one.eq_ignore_ascii_case(name)));
            let values = masked.flat_map(|(at, (_, value))| variants(value).map(move |value| (at, value)));
            values.map(|(at, value)| Request { headers: with_value(&request.headers, at, &value), ..request.clone() }).collect()
        }
    }
}

/// The bytes with each one replaced: by its neighbour, and by itself in the other case.
fn variants(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let replacements = move |at: usize| [bytes[at] ^ 1, bytes[at] ^ 0x20];
    (0..bytes.len()).flat_map(move |at| replacements(at).map(|new| replaced(bytes, at, new)))
}

/// The bytes with a plus sign, which a query may read as a space, in the place of each one that is none.
fn pluses(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let places = (0..bytes.len()).filter(|at| bytes[*at] != b'+');
    places.map(|at| replaced(bytes, at, b'+'))
}

fn replaced(bytes: &[u8], at: usize, new: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] = new;
    changed
}

fn with_value(headers: &Headers, at: usize, value: &[u8]) -> Headers {
    headers.iter().enumerate().map(|(i, (name, old))| (name, if i == at { value.to_vec() } else { old.to_vec() })).collect()
}

/// A request as its scheme understands it.
#[derive(PartialEq)]
struct Meaning {
    method: String,
    path: Vec<Vec<u8>>,
    query: Vec<(Vec<u8>, Vec<u8>)>,
    headers: Vec<Vec<u8>>,
    body: Bytes,
}

impl Meaning {
    fn of(scheme: Scheme, request: &Request, signed: &[String]) -> Self {
        let values = signed.iter().map(|name| request.headers.get(name).unwrap_or_default().trim_ascii());
        let words = |value: &[u8]| value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ');
        let collapses = matches!(scheme, Scheme::Volcengine | Scheme::SdkHmacScoped);
        Self {
            method: request.method.clone(),
            path: path(scheme, request.path()),
            query: query(request.query()),
            headers: values.map(|value| if collapses { words(value) } else { value.to_vec() }).collect(),
            body: request.body.clone(),
        }
    }
}

/// The segments: raw for the scheme that signs the path as sent, and for Huawei those of the decoded path, a slash at its end ignored.
fn path(scheme: Scheme, path: &str) -> Vec<Vec<u8>> {
    let segments = |path: &[u8]| path.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect::<Vec<_>>();
    match scheme {
        Scheme::Acs1 => segments(path.as_bytes()),
        Scheme::SdkHmac | Scheme::SdkHmacScoped => {
            let decoded = decode(path.as_bytes());
            segments(decoded.strip_suffix(b"/").unwrap_or(&decoded))
        }
        _ => segments(path.as_bytes()).iter().map(|segment| decode(segment)).collect(),
    }
}

/// The parameters in an order that does not matter.
fn query(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let spaced = query.replace('+', " ");
    let pieces = spaced.split('&').filter(|piece| !piece.is_empty());
    let pair = |piece: &str| {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        (decode(name.as_bytes()), decode(value.as_bytes()))
    };
    let mut pairs: Vec<_> = pieces.map(pair).collect();
    pairs.sort();
    pairs
}

fn decode(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(first) = bytes.first() {
        let escaped = escape(bytes);
        out.push(escaped.unwrap_or(*first));
        bytes = &bytes[if escaped.is_some() { 3 } else { 1 }..];
    }
    out
}

/// The byte that an escape at the start stands for.
fn escape(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.strip_prefix(b"%")?.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
