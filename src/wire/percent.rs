//! Percent-encoding as every vendor here signs it: `A-Z a-z 0-9 - _ . ~` stay, all else is `%XX`.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The bytes that RFC 3986 leaves as they are: every byte that is signed is looked up here.
const UNRESERVED: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0_u8);
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    table
};

/// Returns whether RFC 3986 leaves this byte as it is.
#[inline]
pub fn is_unreserved(byte: u8) -> bool {
    UNRESERVED[usize::from(byte)]
}

/// Encodes a name, a value or one path segment; a space becomes `%20`, hex digits are upper case.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4);
    encode_to(&mut out, bytes);
    // Nothing but ASCII is in it.
    String::from_utf8(out).unwrap_or_default()
}

/// Does the same at the end of other bytes.
pub fn encode_to(out: &mut Vec<u8>, bytes: &[u8]) {
    let plain = bytes.iter().take_while(|byte| is_unreserved(**byte)).count();
    let (plain, rest) = bytes.split_at(plain);
    out.extend_from_slice(plain);
    for &byte in rest {
        if is_unreserved(byte) { out.push(byte) } else { escape_to(out, byte) }
    }
}

fn escape_to(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
}

/// Decodes `%XX`; a `%` that starts no escape stays as it is.
pub fn decode_path(text: &str) -> Vec<u8> {
    plain_path(text).into_owned()
}

/// Decodes `%XX` and `+` (a space), as in a query or a form body.
pub fn decode_form(text: &str) -> Vec<u8> {
    plain_form(text).into_owned()
}

/// Works as [`decode_path`], with no copy of a text that has nothing to decode.
pub fn plain_path(text: &str) -> Cow<'_, [u8]> {
    if text.bytes().any(|byte| byte == b'%') { decode(text, false).into() } else { text.as_bytes().into() }
}

/// Works as [`decode_form`], with no copy of a text that has nothing to decode.
pub fn plain_form(text: &str) -> Cow<'_, [u8]> {
    if text.bytes().any(|byte| matches!(byte, b'%' | b'+')) { decode(text, true).into() } else { text.as_bytes().into() }
}

fn decode(text: &str, plus_is_space: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some(byte) = escape(&bytes[at..]) {
            out.push(byte);
            at += 3;
        } else {
            out.push(if plus_is_space && bytes[at] == b'+' { b' ' } else { bytes[at] });
            at += 1;
        }
    }
    out
}

/// Returns the byte that `%XX` at the start of `bytes` stands for.
fn escape(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*high)? << 4 | digit(*low)?)
}

/// Returns what stands before the first of this ASCII sign and what stands after it; all and nothing when there is none. For the short texts
/// that requests are made of, where a search for characters takes longer to begin than this does to end.
#[inline]
pub fn cut(text: &str, sign: u8) -> (&str, &str) {
    match text.bytes().position(|byte| byte == sign) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// Returns the names and values of a query as they stand in it, in the order sent. An empty piece between two `&` is left out.
pub fn raw_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = query;
    let pieces = std::iter::from_fn(move || {
        let piece;
        (piece, rest) = cut(Some(rest).filter(|rest| !rest.is_empty())?, b'&');
        Some(piece)
    });
    pieces.filter(|piece| !piece.is_empty()).map(|piece| cut(piece, b'='))
}

/// Splits a query into decoded names and values, in the order sent. An empty piece between two `&` is left out.
pub fn parse_query(query: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let text = |raw| match plain_form(raw) {
        Cow::Borrowed(_) => Cow::Borrowed(raw),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    };
    raw_pairs(query).map(|(name, value)| (text(name), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_what_is_not_unreserved() {
        assert_eq!(encode("a b*c~d+e/f名"), "a%20b%2Ac~d%2Be%2Ff%E5%90%8D");
    }

    #[test]
    fn decodes_what_clients_send() {
        assert_eq!(decode_form("a+b%2Ac%zz%4"), b"a b*c%zz%4");
        assert_eq!(decode_path("a+b%2f"), b"a+b/");
        assert_eq!(parse_query("b=2&&a=1=1&c"), [("b".into(), "2".into()), ("a".into(), "1=1".into()), ("c".into(), "".into())]);
    }
}
