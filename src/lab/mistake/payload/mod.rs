//! Mistakes with the body and its hash.

mod digest;
mod json;
mod repair;

pub(in crate::lab::mistake) use json::MAX_EDITED_BYTES;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use unicode_normalization::UnicodeNormalization as _;

use super::{Aspect, Mistake, MistakeContext, PairingScope};
use crate::auth::hex_sha256;
use crate::lab::encoding::{doubled, gbk, latin1};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::{SignatureParts, UNSIGNED, declared, parameters};
use crate::wire::{decode_form, encode};

/// A payload's line that may have been signed, with its fault and its words.
type Line = (&'static MistakeKind, String, String);

/// The maximum length of a line that is tried beside other mistakes: each signature hashes all of it.
const MAX_PAIRED_LINE_BYTES: usize = 4 << 10;

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    if context.base.dialect.is_plain() {
        return;
    }
    for (fault, how, payload) in lines(context) {
        let reach = if payload.len() > MAX_PAIRED_LINE_BYTES { PairingScope::Alone } else { reach(fault, &how) };
        let detail = format!("{how} (payload {})", brief(&payload));
        let make = move |m: &mut SignatureParts| payload.as_bytes().clone_into(&mut m.payload);
        all.push(Mistake::new(fault, Aspect::Payload, detail, make).reaching(reach));
    }
    for (how, shape) in SHAPES {
        let right = hex_sha256(&context.request.body);
        let detail = format!("{how} was signed (payload {})", brief(&shape(&right)));
        let make = move |m: &mut SignatureParts| m.payload = shape(&String::from_utf8_lossy(&m.payload)).into_bytes();
        all.push(Mistake::new(&fault::PAYLOAD_SHAPE, Aspect::PayloadShape, detail, make));
    }
}

/// The faults that come by the hundred.
const RARE: [&MistakeKind; 5] =
    [&fault::PAYLOAD_ESCAPED, &fault::PAYLOAD_WRAPPED, &fault::PAYLOAD_DIGEST, &fault::PAYLOAD_CHANGED, &fault::PAYLOAD_JSON];

/// Returns the payloads that are tried beside all other mistakes: those that no other word describes, and JSON in a plain layout.
fn reach(fault: &MistakeKind, how: &str) -> PairingScope {
    let plain = json::is_plain(how) || how.starts_with(DECLARED);
    if plain || !RARE.contains(&fault) { PairingScope::Common } else { PairingScope::Series }
}

/// The description of a hash that the request declares for another body.
const DECLARED: &str = "what the request declares was signed";

/// A way to write a hash: its words, and what it makes of the lower-case hex digits.
type HashForm = (&'static str, fn(&str) -> String);

/// Other ways to write the payload's hash.
const SHAPES: [HashForm; 3] = [
    ("the hash in capitals", str::to_ascii_uppercase),
    ("the hash in Base64", |digits| hex::decode(digits).map_or_else(|_| digits.to_owned(), |bytes| STANDARD.encode(bytes))),
    ("the hash of the hash", |digits| hex_sha256(digits.as_bytes())),
];

/// The declaration of another vendor's callers for a body that is signed in pieces.
const STREAMING: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

/// Returns the beginning of a hash, or a short text whole.
fn brief(payload: &str) -> String {
    if payload.len() == 64 && payload.is_ascii() { format!("{}...", &payload[..8]) } else { format!("`{payload:.40}`") }
}

/// Returns every line that may have been signed for the payload.
fn lines(context: &MistakeContext<'_>) -> Vec<Line> {
    let request = context.request;
    let mut lines = Vec::new();
    hashes(Some(&request.body), &mut |line| lines.push(line));
    lines.extend(of_query(request.query()));
    let right = hex_sha256(&request.body);
    let shape = |how: &str, line: String| (&fault::PAYLOAD_SHAPE, how.to_owned(), line);
    lines.push(shape("nothing at all", String::new()));
    lines.extend(std::str::from_utf8(&request.body).ok().map(|body| shape("the body itself", body.to_owned())));
    lines.extend([UNSIGNED, STREAMING].map(|word| (&fault::PAYLOAD_UNSIGNED, format!("{word} was signed"), word.to_owned())));
    lines.extend(digest::others(&request.body, context.key.secret.expose()).map(|(how, line)| (&fault::PAYLOAD_DIGEST, how, line)));
    // After all that can be recognised: some other body was hashed.
    let declared = declared(context.base.dialect, request).filter(|hash| *hash != right);
    lines.extend(declared.map(|hash| {
        let fault = if hash.len() == 64 { &fault::PAYLOAD_CHANGED } else { &fault::PAYLOAD_SHAPE };
        (fault, format!("{DECLARED}, and the body's is {}", brief(&right)), hash.to_owned())
    }));
    lines
}

/// Returns what a payload line is the hash of, seen from this body.
pub(in crate::lab) fn recognise(line: &str, body: Option<&[u8]>) -> Option<(&'static MistakeKind, String)> {
    if line == UNSIGNED {
        return Some((&fault::PAYLOAD_UNSIGNED, "it is declared as not signed".to_owned()));
    }
    let mut found = None;
    hashes(body, &mut |(fault, how, hash)| {
        if found.is_none() && hash.eq_ignore_ascii_case(line) {
            found = Some((fault, how));
        }
    });
    found
}

/// Bodies that need no body to start from.
const CONSTANTS: [(&MistakeKind, &str, &str); 13] = [
    (&fault::PAYLOAD_EMPTY, "the hash of an empty body was signed", ""),
    (&fault::PAYLOAD_BRACES, "the hash of the two bytes {} was signed", "{}"),
    (&fault::PAYLOAD_JSON, "the hash of [] was signed", "[]"),
    (&fault::PAYLOAD_JSON, "the hash of null was signed", "null"),
    (&fault::PAYLOAD_JSON, "the hash of two quotation marks was signed", "\"\""),
    (&fault::PAYLOAD_NEWLINE, "the hash of a single line feed was signed", "\n"),
    (&fault::PAYLOAD_NEWLINE, "the hash of {} and a line feed was signed", "{}\n"),
    (&fault::PAYLOAD_CHANGED, "the hash of the word None was signed", "None"),
    (&fault::PAYLOAD_CHANGED, "the hash of the word undefined was signed", "undefined"),
    (&fault::PAYLOAD_CHANGED, "the hash of the word nil was signed", "nil"),
    (&fault::PAYLOAD_CHANGED, "the hash of the word false was signed", "false"),
    (&fault::PAYLOAD_CHANGED, "the hash of the text [object Object] was signed", "[object Object]"),
    (&fault::PAYLOAD_CHANGED, "the hash of a file's name was signed, @body.json", "@body.json"),
];

/// Adds the hash of every body that this one may have been. Each is dropped once it is hashed: there are hundreds of them.
fn hashes(body: Option<&[u8]>, seen: &mut dyn FnMut(Line)) {
    let mut push = |fault, how: &str, bytes: Vec<u8>| {
        if Some(bytes.as_slice()) != body {
            seen((fault, how.to_owned(), hex_sha256(&bytes)));
        }
    };
    for (fault, how, text) in CONSTANTS {
        push(fault, how, text.as_bytes().to_vec());
    }
    let Some(sent) = body else { return };
    newlines(sent, &mut push);
    charsets(sent, &mut push);
    json::variants(sent, &mut push);
    repair::all(sent, &mut push);
    push(&fault::PAYLOAD_CHANGED, "the body was signed percent-encoded", encode(sent).into_bytes());
    if let Ok(text) = std::str::from_utf8(sent) {
        push(&fault::PAYLOAD_CHANGED, "the body was signed percent-decoded", decode_form(text));
    }
}

type Push<'p> = &'p mut dyn FnMut(&'static MistakeKind, &str, Vec<u8>);

fn newlines(sent: &[u8], push: Push<'_>) {
    let fault = &fault::PAYLOAD_NEWLINE;
    let without = |odd: &[u8]| sent.iter().copied().filter(|byte| !odd.contains(byte)).collect::<Vec<u8>>();
    let unix = without(b"\r");
    let dos: Vec<u8> = unix.iter().flat_map(|byte| if *byte == b'\n' { b"\r\n".to_vec() } else { vec![*byte] }).collect();
    push(fault, "the body was signed with a line feed at its end, and is sent without", [sent, b"\n"].concat());
    push(fault, "the body was signed with CR LF at its end, and is sent without", [sent, b"\r\n"].concat());
    push(fault, "the body was signed without the white space at its end", sent.trim_ascii_end().to_vec());
    push(fault, "the body was signed without the white space around it", sent.trim_ascii().to_vec());
    push(fault, "the body was signed with LF, and is sent with CR LF", unix.clone());
    push(fault, "the body was signed with CR LF, and is sent with LF", dos.clone());
    push(fault, "the body was signed with LF and one at its end, and is sent otherwise", [unix.trim_ascii_end(), b"\n"].concat());
    push(fault, "the body was signed with CR LF and one at its end, and is sent otherwise", [dos.trim_ascii_end(), b"\r\n"].concat());
    push(fault, "the body was signed without its line ends", without(b"\r\n"));
}

fn charsets(sent: &[u8], push: Push<'_>) {
    let fault = &fault::PAYLOAD_CHARSET;
    push(fault, "the body was signed with a byte order mark before it", [b"\xef\xbb\xbf", sent].concat());
    push(fault, "the body was signed without its byte order mark", sent.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sent).to_vec());
    if let Some(bytes) = latin1(sent) {
        push(fault, "the Latin-1 bytes of the body were signed", bytes);
    }
    if let Some(bytes) = gbk(sent) {
        push(fault, "the GBK bytes of the body were signed", bytes);
    }
    push(fault, "the body's UTF-8 was taken for Latin-1 and encoded once more", doubled(sent));
    let Ok(text) = std::str::from_utf8(sent) else { return };
    if let Some(bytes) = latin1(sent).filter(|bytes| std::str::from_utf8(bytes).is_ok()) {
        push(fault, "the body travels as UTF-8 encoded twice, and was signed encoded once", bytes);
    }
    wide(text, push);
    if text.is_ascii() {
        return;
    }
    let replaced: String = text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
    push(fault, "the body was signed with ? for each character that is not ASCII", replaced.into_bytes());
    push(fault, "the body was signed with composed characters (NFC)", text.nfc().collect::<String>().into_bytes());
    push(fault, "the body was signed with decomposed characters (NFD)", text.nfd().collect::<String>().into_bytes());
}

fn wide(text: &str, push: Push<'_>) {
    let fault = &fault::PAYLOAD_CHARSET;
    let wide: Vec<u16> = text.encode_utf16().collect();
    push(fault, "the body was signed as UTF-16", wide.iter().flat_map(|unit| unit.to_le_bytes()).collect());
    push(fault, "the body was signed as UTF-16, high byte first", wide.iter().flat_map(|unit| unit.to_be_bytes()).collect());
}

/// Returns the query signed as if it were the body.
fn of_query(query: &str) -> impl Iterator<Item = Line> {
    let (fault, how) = (&fault::PAYLOAD_QUERY, "the query was signed as the body".to_owned());
    let mut pairs = parameters(query);
    pairs.sort_unstable();
    let encoded: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let written = encoded.join("&");
    let forms = [query.to_owned(), written.replace("%20", "+"), written];
    forms.into_iter().filter(|form| !form.is_empty()).map(move |form| (fault, how.clone(), hex_sha256(form.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_recognised() {
        let name = |line: &str, body: Option<&[u8]>| recognise(line, body).map(|(fault, _)| fault.id);
        assert_eq!(name("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Some(b"{}")), Some("payload-empty"));
        assert_eq!(name("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", None), Some("payload-braces"));
        assert_eq!(name(&hex_sha256(b"{\"a\": 1}"), Some(b"{\"a\":1}")), Some("payload-json"));
        assert_eq!(name(&hex_sha256(b"x\r\ny"), Some(b"x\ny")), Some("payload-newline"));
        assert_eq!(name(&hex_sha256(b"something else"), Some(b"{}")), None);
        assert_eq!(name("UNSIGNED-PAYLOAD", None), Some("payload-unsigned"));
    }
}
