//! Names whose values are secret, and where such values stand: JSON members in any spacing (and JSON inside JSON texts),
//! `name=value` pairs, header lines.
//!
//! The text is read from sign to sign (`:` and `=`): what stands before a sign may be a name. White space is passed at
//! most once in either direction and a name has a bounded length, so the whole is linear.

use std::ops::Range;

use memchr::{memchr, memchr2_iter, memrchr};

/// Names that are secret as they stand, in lower case and without `-`, `_`, `.`. `AccessKey` is a secret in SAE's
/// answers (the key of a configuration service).
const EXACT: [&str; 8] = ["token", "sk", "pwd", "accesskey", "cookie", "setcookie", "proxyauthorization", "passphrase"];

/// Endings that make any name secret.
const ENDINGS: [&str; 16] = [
    "password",
    "passwd",
    "secret",
    "secretkey",
    "secretaccesskey",
    "privatekey",
    "apikey",
    "authtoken",
    "subjecttoken",
    "securitytoken",
    "sessiontoken",
    "accesstoken",
    "refreshtoken",
    "ststoken",
    "idtoken",
    "bearertoken",
];

/// Names whose value goes to the end of the line when no quotes stand around them.
const HEADER_LINES: [&str; 8] =
    ["xauthtoken", "xsubjecttoken", "xacssecuritytoken", "xsecuritytoken", "xacsbearertoken", "cookie", "setcookie", "proxyauthorization"];

/// The longest name that is looked at, in bytes.
const LONGEST: usize = 64;

/// Which names are secret.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Names learned besides the known ones, normalised.
    learned: Vec<String>,
    /// Which pairs of bytes may end a secret name: most names are dismissed by their end.
    ends: [bool; ENDS],
}

/// Size of the table of endings: five bits of each of two letters, in which case makes no difference.
const ENDS: usize = 1 << 10;

impl Default for Names {
    fn default() -> Self {
        let mut names = Self { learned: Vec::new(), ends: [false; ENDS] };
        EXACT.iter().chain(&ENDINGS).for_each(|name| names.may_end_in(name));
        names
    }
}

/// A name as it stands before a sign.
struct Named<'a> {
    /// The bytes of the name.
    name: &'a [u8],
    /// The quote after the name (`"` or `'`), or the one before it when there is none after.
    quote: Option<u8>,
    /// Whether the quotes enclose the name alone.
    closed: bool,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        let mut space = [0; LONGEST];
        let name = &name.as_bytes()[..name.len().min(LONGEST)];
        let normal = String::from_utf8_lossy(normalised(name, &mut space)).into_owned();
        if !self.learned.contains(&normal) {
            self.may_end_in(&normal);
            self.learned.push(normal);
        }
    }

    fn may_end_in(&mut self, name: &str) {
        if let Some(end) = end_of(name.as_bytes()) {
            self.ends[end] = true;
        }
    }

    /// Whether the value of this name is secret.
    pub(super) fn holds(&self, name: &[u8]) -> bool {
        if name.len() > LONGEST || !end_of(name).is_some_and(|end| self.ends[end]) {
            return false;
        }
        let mut space = [0; LONGEST];
        let normal = normalised(name, &mut space);
        let is = |known: &str| normal == known.as_bytes();
        EXACT.iter().any(|known| is(known))
            || self.learned.iter().any(|known| is(known))
            || ENDINGS.iter().any(|ending| normal.ends_with(ending.as_bytes()))
            || normal.ends_with(b"sk") && name.len() > 2 && matches!(name[name.len() - 3], b'_' | b'-')
    }

    /// The values of secret names, in order.
    pub(super) fn spans(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        let mut passed = 0;
        for sign in memchr2_iter(b':', b'=', bytes) {
            if sign < passed {
                continue;
            }
            let Some(span) = self.value_after(bytes, sign) else { continue };
            passed = span.end;
            spans.push(span);
        }
        spans
    }

    fn value_after(&self, bytes: &[u8], sign: usize) -> Option<Range<usize>> {
        let named = self.name_before(bytes, sign)?;
        let line = bytes[sign] == b':' && !named.closed;
        if line && !is_header(named.name) {
            return None;
        }
        let value = if line { line_value(bytes, sign + 1, named.quote) } else { member_value(bytes, sign + 1) };
        value.filter(|span| !span.is_empty())
    }

    /// The name that ends before a sign, if it is secret.
    fn name_before<'a>(&self, bytes: &'a [u8], sign: usize) -> Option<Named<'a>> {
        let before = without_blank_end(&bytes[..sign]);
        let named = match *before.last()? {
            quote @ (b'"' | b'\'') => quoted_name(&before[..before.len() - 1], quote)?,
            _ => bare_name(before),
        };
        self.holds(named.name).then_some(named)
    }
}

/// The place of a name's last two letters in the table of endings.
fn end_of(name: &[u8]) -> Option<usize> {
    let [.., before, last] = name else { return None };
    let before = if matches!(before, b'-' | b'_' | b'.') { name.get(name.len().wrapping_sub(3))? } else { before };
    Some(usize::from(before & 31) << 5 | usize::from(last & 31))
}

/// The name in lower case without `-`, `_` and `.`.
fn normalised<'a>(name: &[u8], space: &'a mut [u8; LONGEST]) -> &'a [u8] {
    let letters = name.iter().filter(|byte| !matches!(byte, b'-' | b'_' | b'.'));
    let length = space.iter_mut().zip(letters).map(|(place, letter)| *place = letter.to_ascii_lowercase()).count();
    &space[..length]
}

fn is_header(name: &[u8]) -> bool {
    let mut space = [0; LONGEST];
    let normal = normalised(name, &mut space);
    HEADER_LINES.iter().any(|header| normal == header.as_bytes())
}

/// The text without the white space at its end; in a JSON text that may be written `\n`.
fn without_blank_end(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_end();
    while let [before @ .., b'n' | b'r' | b't'] = rest {
        let slashes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
        if slashes == 0 {
            break;
        }
        rest = before[..before.len() - slashes].trim_ascii_end();
    }
    rest
}

/// Where the white space that begins at `from` ends.
fn behind_blank(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let slashes = bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
        if slashes == 0 || !matches!(bytes.get(at + slashes), Some(b'n' | b'r' | b't')) {
            return at;
        }
        at += slashes + 1;
    }
}

/// The name before its closing quote; a quote inside another JSON text has backslashes before it.
fn quoted_name(before: &[u8], quote: u8) -> Option<Named<'_>> {
    let slashes = before.iter().rev().take(LONGEST).take_while(|byte| **byte == b'\\').count();
    let inner = &before[..before.len() - slashes];
    let window = &inner[inner.len().saturating_sub(LONGEST + 1)..];
    let open = memrchr(quote, window)?;
    Some(Named { name: &window[open + 1..], quote: Some(quote), closed: true })
}

/// The name of letters, digits, `-`, `_` and `.` at the end; it may open a quoted line (`'x-auth-token: ...'`).
fn bare_name(before: &[u8]) -> Named<'_> {
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let length = before.iter().rev().take(LONGEST + 1).take_while(in_name).count();
    let (rest, name) = before.split_at(before.len() - length);
    let quote = rest.last().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    Named { name, quote, closed: false }
}

/// A value to the end of its line, of the quotes around the line, or of the text that holds it.
fn line_value(bytes: &[u8], from: usize, quote: Option<u8>) -> Option<Range<usize>> {
    let start = from + bytes[from..].iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n' | b'\\' | b'"') || Some(*byte) == quote;
    let length = bytes[start..].iter().position(ends).unwrap_or(bytes.len() - start);
    Some(start..start + bytes[start..start + length].trim_ascii_end().len())
}

/// The value of a JSON member or of a `name=value` pair: what stands between quotes, or else a word.
fn member_value(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let start = behind_blank(bytes, from);
    let slashes = bytes[start..].iter().take(LONGEST).take_while(|byte| **byte == b'\\').count();
    match bytes.get(start + slashes)? {
        quote @ (b'"' | b'\'') => {
            let open = start + slashes + 1;
            Some(open..open + closing(&bytes[open..], *quote, slashes))
        }
        b'{' | b'[' => None,
        _ => word(bytes, start),
    }
}

fn word(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",;&}])<>\"'\\".contains(byte);
    let length = bytes[start..].iter().position(ends).unwrap_or(bytes.len() - start);
    let says_nothing = [b"null".as_slice(), b"true", b"false"].contains(&&bytes[start..start + length]);
    (!says_nothing).then_some(start..start + length)
}

/// Where the quoted text ends: before the closing quote and its backslashes, or at the end of a text cut short.
/// In a text that is itself `n` times quoted, a quote that closes has `2^n - 1` backslashes before it; one inside has more.
fn closing(text: &[u8], quote: u8, slashes: usize) -> usize {
    let mut from = 0;
    while let Some(found) = memchr(quote, &text[from..]) {
        let at = from + found;
        let before = text[from..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        if before % (2 * (slashes + 1)) == slashes {
            return at - slashes;
        }
        from = at + 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        Names::default().spans(text.as_bytes()).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn finds_members_in_any_spacing() {
        assert_eq!(found(r#"{"SecretKey":"a\"b","x":"c"}"#), [r#"a\"b"#]);
        assert_eq!(found("{ \"session-token\"\n\t:\r\n  \"abc\" , \"SK\" : 123 }"), ["abc", "123"]);
        assert_eq!(found(r#"{"Data":{"AccessKey":"k","AccessKeyId":"LTAI"}}"#), ["k"]);
        assert_eq!(found(r#"{"password":null,"NextToken":"n","token":{"id":1},"methods":["password"]}"#), [""; 0]);
        assert_eq!(found("{'Password': 'p'}"), ["p"]);
    }

    #[test]
    fn finds_members_of_json_inside_json() {
        assert_eq!(found(r#"{"body":"{\"SecretKey\":\"a\\\"b\",\"y\":\"c\"}"}"#), [r#"a\\\"b"#]);
        assert_eq!(found(r#"{"b":"{\"c\":\"{\\\"sk\\\": \\\"abc\\\"}\"}"}"#), ["abc"]);
    }

    #[test]
    fn finds_pairs_and_header_lines() {
        assert_eq!(found("a=1&X-Security-Token=T%2F&b=2 SecretAccessKey = 'q r'"), ["T%2F", "q r"]);
        assert_eq!(found("HUAWEICLOUD_SDK_SK=abc; disk=1 task=2"), ["abc"]);
        assert_eq!(found("host: h\r\nX-Auth-Token: abc def \r\nx: y"), ["abc def"]);
        assert_eq!(found("curl -H 'x-auth-token: abc' -d '{}'"), ["abc"]);
        assert_eq!(found(r#"{"raw":"x-acs-security-token:abc\nx-acs-version:1"}"#), ["abc"]);
        assert_eq!(found("wrong password: try another"), [""; 0]);
    }

    #[test]
    fn covers_to_the_end_of_a_text_cut_short() {
        assert_eq!(found(r#"{"password":"abc"#), ["abc"]);
        assert_eq!(found(r#"{"password":"#), [""; 0]);
    }

    #[test]
    fn hostile_input_takes_linear_time() {
        for unit in ["\"sk\":", "\"sk\"  ", "sk=", "=\\", "\"\\\\\\\\", "cookie:", ":   "] {
            let text = unit.repeat(400_000 / unit.len());
            let _ = Names::default().spans(text.as_bytes());
        }
        let text = format!("\"sk\":\"{}\"", "\\\"".repeat(200_000));
        assert_eq!(Names::default().spans(text.as_bytes()).len(), 1);
    }
}
