//! The forms in which a secret value may stand in a text.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::wire::encode;

/// Base64 forms of fewer characters would be found by chance.
const MIN_BASE64_CHARS: usize = 5;

/// One form of a value.
pub(super) struct SecretForm {
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// `true` when the characters at its edges may still hold some bits of the value.
    pub leaks_at_edges: bool,
}

/// Returns every form of a value: as it is, percent-encoded, JSON-escaped, in hexadecimal, and in base64 (once or twice) at any place of a longer
/// text. What is escaped in any other way is [`super::escaped`]'s.
pub(super) fn of(value: &str) -> impl Iterator<Item = SecretForm> {
    let escaped = escaped(value);
    // An escaped beginning of a value that was cut off is known by these.
    let plain = [value.to_owned(), encode(value), escaped.replace('/', "\\/"), hex::encode(value), hex::encode_upper(value), escaped];
    let plain = plain
        .into_iter()
        .chain(hex_dumps(value))
        .map(|text| SecretForm { bytes: Zeroizing::new(text.into_bytes()), leaks_at_edges: false });
    let once: Vec<SecretForm> = base64(value.as_bytes()).collect();
    let twice: Vec<SecretForm> = once.iter().flat_map(|form| base64(&form.bytes)).collect();
    plain.chain(once).chain(twice)
}

/// Returns the forms in which the characters of a value may be escaped: as it is, and in base64.
pub(super) fn unescaped(value: &str) -> impl Iterator<Item = SecretForm> {
    let plain = SecretForm { bytes: Zeroizing::new(value.as_bytes().to_vec()), leaks_at_edges: false };
    std::iter::once(plain).chain(base64(value.as_bytes()))
}

/// Writes one byte of a dump.
type WriteByte = fn(u8) -> String;

/// Returns hexadecimal digits with something between the bytes, as dumps have them.
fn hex_dumps(value: &str) -> impl Iterator<Item = String> {
    let apart = |between: &str, write: WriteByte| value.bytes().map(write).collect::<Vec<_>>().join(between);
    let forms: [(&str, WriteByte); 9] = [
        (" ", |byte| format!("{byte:02x}")),
        (" ", |byte| format!("{byte:02X}")),
        (":", |byte| format!("{byte:02x}")),
        (":", |byte| format!("{byte:02X}")),
        ("-", |byte| format!("{byte:02X}")),
        (", ", |byte| format!("0x{byte:02x}")),
        (", ", |byte| format!("0x{byte:02X}")),
        (",", |byte| format!("0x{byte:02x}")),
        (",", |byte| byte.to_string()),
    ];
    forms.map(|(between, write)| apart(between, write)).into_iter()
}

/// Returns the value as JSON writes it between quotes.
fn escaped(value: &str) -> String {
    let quoted = Zeroizing::new(serde_json::to_string(value).unwrap_or_default());
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// Returns the characters that depend on the value alone when it stands in a longer text, for each of the three ways it can lie there.
fn base64(value: &[u8]) -> impl Iterator<Item = SecretForm> {
    let at = |before: usize| {
        let text = Zeroizing::new([&b"\0\0"[..before], value].concat());
        let whole = (text.len() * 8) / 6;
        let first = (before * 8).div_ceil(6);
        let encoded = [STANDARD_NO_PAD.encode(&*text), URL_SAFE_NO_PAD.encode(&*text)].map(Zeroizing::new);
        encoded.map(|encoded| Zeroizing::new(encoded.as_bytes()[first..whole].to_vec()))
    };
    let all = (0..3).flat_map(at).collect::<Vec<_>>();
    all.into_iter().filter(|bytes| bytes.len() >= MIN_BASE64_CHARS).map(|bytes| SecretForm { bytes, leaks_at_edges: true })
}
