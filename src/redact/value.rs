//! The secret part of a value, by the kind that its name says it has.

use std::ops::Range;

use super::rule::SecretKind;
use crate::secret::KeyShape;

/// Words that begin an `authorization` with a signature behind them, which may be seen.
const SIGNED: [&[u8]; 5] = [b"acs ", b"oss ", b"obs ", b"aws ", b"q-sign-"];

/// Returns the part of a value that is secret; `None` when it is none.
pub(super) fn secret_part(bytes: &[u8], value: Range<usize>, kind: SecretKind) -> Option<Range<usize>> {
    let text = &bytes[value.clone()];
    let whole = || Some(value.clone()).filter(|value| !value.is_empty());
    match kind {
        SecretKind::Whole => whole(),
        SecretKind::AccessKey => whole().filter(|_| !is_key_id(text)),
        SecretKind::Authorization => credentials(text).map(|part| value.start + part.start..value.start + part.end),
        SecretKind::Credential => whole().filter(|_| !is_scope(text) && !is_source(text) && bytes.get(value.end) != Some(&b',')),
    }
}

fn is_key_id(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|value| KeyShape::detect(value).is_some())
}

/// Returns what stands behind `Basic`, `Bearer` or another scheme that does not sign.
fn credentials(value: &[u8]) -> Option<Range<usize>> {
    let begins = |word: &&[u8]| value.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    let has = |word: &[u8]| memchr::memmem::find(value, word).is_some();
    if SIGNED.iter().any(begins) || has(b"HMAC") || has(b"Credential=") || has(b"Signature=") || has(b"signature=") {
        return None;
    }
    let behind = value.iter().position(u8::is_ascii_whitespace).map_or(0, |at| at + 1);
    (behind < value.len()).then_some(behind..value.len())
}

/// Returns whether a text is `LTAI.../20261122/...`: the key's id with the scope of a signature.
fn is_scope(value: &[u8]) -> bool {
    memchr::memchr(b'/', value).is_some() || memchr::memmem::find(value, b"%2F").is_some() || is_key_id(value)
}

/// Returns a word that says where credentials come from: `env`.
fn is_source(value: &[u8]) -> bool {
    value.len() <= 12 && value.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-')
}
