//! What a signature speaks of, worked out without the code that verifies: two requests that differ in it cannot both be valid.

use std::collections::{BTreeMap, BTreeSet};

use skydeck::wire::{Headers, Request};

/// Bytes that are printed as text.
#[derive(Clone, PartialEq, Eq)]
struct Text(Vec<u8>);

impl std::fmt::Debug for Text {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "\"{}\"", self.0.escape_ascii())
    }
}

/// What a signed request says.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    method: String,
    path: Text,
    query: Vec<(Text, Text)>,
    headers: BTreeMap<String, Vec<Text>>,
    authorization: BTreeSet<String>,
    body: Option<Text>,
}

/// Whether two requests say the same, so that the signature of one holds for the other.
pub fn says_the_same(original: &Request, other: &Request) -> bool {
    difference(original, other).is_none()
}

/// What two requests say, where that differs.
pub fn difference(original: &Request, other: &Request) -> Option<String> {
    let signed = signed_headers(original);
    let (one, other) = (message_text(original, &signed), message_text(other, &signed));
    // Line by line, what stands in one alone.
    let lines = |message_text: &Said| format!("{message_text:#?}").lines().map(str::to_owned).collect::<BTreeSet<_>>();
    (one != other).then(|| format!("{:?}", lines(&one).symmetric_difference(&lines(&other)).collect::<Vec<_>>()))
}

/// Whether a request needs no credentials: the versions of SWR and of the identity service, and its tokens for the right password.
pub fn is_open(request: &Request) -> bool {
    let path = request.path().trim_end_matches('/');
    let body = String::from_utf8_lossy(&request.body);
    let shows = ["", "/v2", "/v3", "/identity", "/identity/v3", "/swr-api", "/swr-api/v2"].contains(&path);
    shows && ["GET", "HEAD"].contains(&request.method.as_str()) || path.ends_with("/v3/auth/tokens") && body.contains("Skydeck-Demo-1")
}

fn message_text(request: &Request, signed: &BTreeSet<String>) -> Said {
    let older = is_older(request);
    let bare = |name: &str| request.headers.get_all(name).map(squeezed).collect::<Vec<_>>();
    let mut headers: BTreeMap<String, Vec<Vec<u8>>> = signed.iter().map(|name| (name.clone(), sorted(bare(name)))).collect();
    // A header that is there without a value counts as one that is not.
    headers.retain(|_, values| values.iter().any(|value| !value.is_empty()));
    if let Some(host) = headers.get_mut("host") {
        *host = host.iter().map(|host| host.strip_suffix(b":80").or(host.strip_suffix(b":443")).unwrap_or(host).to_vec()).collect();
    }
    let query = if older { plain_query(request.query()) } else { parameters(request.query()) };
    Said {
        method: request.method.clone(),
        path: Text(without_slash(decoded(request.path()))),
        query: query.into_iter().map(|(name, value)| (Text(name), Text(value))).collect(),
        headers: headers.into_iter().map(|(name, values)| (name, values.into_iter().map(Text).collect())).collect(),
        authorization: authorization(&request.headers),
        // The older signature covers no body.
        body: (!older).then(|| Text(request.body.to_vec())),
    }
}

fn without_slash(mut path: Vec<u8>) -> Vec<u8> {
    while path.last() == Some(&b'/') {
        path.pop();
    }
    path
}

fn sorted(mut values: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    values.sort();
    values
}

fn is_older(request: &Request) -> bool {
    request.headers.get_str("authorization").is_some_and(|value| value.trim().starts_with("acs "))
}

/// The names of the headers that the signature covers.
fn signed_headers(request: &Request) -> BTreeSet<String> {
    let value = request.headers.get_str("authorization").unwrap_or_default();
    let list = value.split(',').find_map(|piece| piece.split_once("SignedHeaders=")).map(|(_, list)| list.trim().to_owned());
    let own = |name: &str| name.starts_with("x-acs-") || ["accept", "content-md5", "content-type", "date"].contains(&name);
    match list {
        Some(list) => list.split(';').map(str::to_lowercase).collect(),
        None => request.headers.iter().map(|(name, _)| name.to_lowercase()).filter(|name| own(name)).collect(),
    }
}

/// The parts of the credential, in whatever order they stand.
fn authorization(headers: &Headers) -> BTreeSet<String> {
    let value = headers.get_str("authorization").unwrap_or_default().trim().to_owned();
    let (kind, rest) = value.split_once(' ').unwrap_or((&value, ""));
    let known = |piece: &&str| ["Credential=", "Access=", "SignedHeaders=", "Signature="].iter().any(|name| piece.starts_with(name));
    let older = kind == "acs";
    let parts = rest.split(',').map(str::trim).filter(move |piece| older || known(piece));
    let lower = |piece: &str| {
        if piece.starts_with("SignedHeaders=") { piece.replacen("SignedHeaders=", "", 1).to_lowercase() } else { piece.to_owned() }
    };
    parts.map(lower).chain([kind.to_owned()]).collect()
}

/// Parameters in any order and spelling.
fn parameters(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pieces = query.split('&').filter(|piece| !piece.is_empty());
    let mut pairs: Vec<_> = pieces.map(|piece| piece.split_once('=').unwrap_or((piece, ""))).map(|(n, v)| (form(n), form(v))).collect();
    pairs.sort();
    pairs
}

/// The older signature covers the plain text alone, in which `&` and `%26` are one: the names and values of it.
fn plain_query(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let text =
        parameters(query).into_iter().map(|(name, value)| if value.is_empty() { name } else { [name, b"=".to_vec(), value].concat() });
    let all: Vec<Vec<u8>> = text.collect();
    let joined = all.join(&b'&');
    vec![(joined.strip_suffix(b"=").unwrap_or(&joined).to_vec(), Vec::new())]
}

fn form(text: &str) -> Vec<u8> {
    decoded(&text.replace('+', " "))
}

fn decoded(text: &str) -> Vec<u8> {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (bytes[at], escape) {
            (b'%', Some(byte)) if bytes[at + 1] != b'+' => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// A value with its white space made one.
fn squeezed(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}
