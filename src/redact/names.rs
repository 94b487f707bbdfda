//! Names whose values are secret, and where such values stand: JSON members in any spacing (and JSON inside JSON texts),
//! `name=value` pairs, header lines.
//!
//! The text is read from sign to sign (`:` and `=`): what stands before a sign may be a name. White space is passed at
//! most once in either direction and a name has a bounded length, so the whole is linear.

use std::ops::Range;

use memchr::{memchr, memchr2_iter, memrchr};

use super::rule::{self, MAX_NAME_BYTES, SecretKind};
use super::value;

/// The names that are secret.
#[derive(Clone, Debug, Default)]
pub(super) struct SecretNames {
    /// Names besides those that the rule knows, normalised.
    registered: Vec<String>,
}

/// A name as it stands before a sign.
struct NameSpan<'a> {
    /// The bytes of the name.
    name: &'a [u8],
    /// The quote after the name (`"` or `'`), or the one before it when there is none after.
    quote: Option<u8>,
    /// `true` when the quotes enclose the name alone.
    closed: bool,
    /// `true` when nothing stands before it on its line.
    first: bool,
}

impl SecretNames {
    /// Adds a name; `false` when it is known already.
    pub(super) fn add(&mut self, name: &str) -> bool {
        let is_new = self.kind(name.as_bytes()).is_none();
        if is_new {
            self.registered.push(normalised(name.as_bytes()));
        }
        is_new
    }

    /// Returns what the value of this name is, if it is secret.
    pub(super) fn kind(&self, name: &[u8]) -> Option<SecretKind> {
        rule::kind(name).or_else(|| self.is_registered(name).then_some(SecretKind::Whole))
    }

    fn is_registered(&self, name: &[u8]) -> bool {
        let letters = || name.iter().filter(|byte| !rule::is_separator(**byte)).map(u8::to_ascii_lowercase);
        self.registered.iter().any(|known| letters().eq(known.bytes()))
    }

    /// Returns the values of secret names, in order.
    pub(super) fn spans(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        let mut passed = 0;
        for sign in memchr2_iter(b':', b'=', bytes) {
            if sign < passed {
                continue;
            }
            self.values_after(bytes, sign, &mut spans);
            passed = spans.last().map_or(passed, |span| span.end.max(passed));
        }
        spans
    }

    fn values_after(&self, bytes: &[u8], sign: usize, spans: &mut Vec<Range<usize>>) {
        let Some(named) = name_before(bytes, sign) else { return };
        let Some(kind) = self.kind_of(&named) else {
            if named.closed {
                spans.extend(self.paired_value(named.name, bytes, sign + 1));
            }
            return;
        };
        if bytes[sign] == b':' && !named.closed {
            return spans.extend(line_value(bytes, sign + 1, &named).and_then(|value| value::secret_part(bytes, value, kind)));
        }
        let start = behind_blank(bytes, sign + 1);
        if bytes.get(start) == Some(&b'[') {
            return texts_of_list(bytes, start + 1, spans);
        }
        let value = match kind {
            SecretKind::Authorization if !is_quoted(bytes, start) => end_of_line(bytes, start, named.quote).map(|end| start..end),
            _ => member_value(bytes, start),
        };
        spans.extend(value.and_then(|value| value::secret_part(bytes, value, kind)));
    }

    /// Returns the kind of a name in which a JSON text may have written letters as escapes.
    fn kind_of(&self, named: &NameSpan<'_>) -> Option<SecretKind> {
        if named.closed && memchr(b'\\', named.name).is_some() {
            return self.kind(&unescaped(named.name));
        }
        self.kind(named.name)
    }

    /// Reads `{"name": "x-token", "value": "..."}`: the value, where the name is one of secrets.
    fn paired_value(&self, name: &[u8], bytes: &[u8], from: usize) -> Option<Range<usize>> {
        if !name.eq_ignore_ascii_case(b"name") && !name.eq_ignore_ascii_case(b"key") {
            return None;
        }
        let start = behind_blank(bytes, from);
        let named = member_value(bytes, start).filter(|_| is_quoted(bytes, start))?;
        let kind = self.kind(&bytes[named.clone()])?;
        let behind = &bytes[named.end..];
        let sign = named.end + behind.iter().take(MAX_NAME_BYTES).position(|byte| *byte == b':')?;
        name_before(bytes, sign).filter(|next| next.closed && next.name.eq_ignore_ascii_case(b"value"))?;
        let value = member_value(bytes, behind_blank(bytes, sign + 1))?;
        value::secret_part(bytes, value, kind)
    }
}

/// Returns the name that ends before a sign.
fn name_before(bytes: &[u8], sign: usize) -> Option<NameSpan<'_>> {
    let before = without_blank_end(&bytes[..sign]);
    match *before.last()? {
        quote @ (b'"' | b'\'') => quoted_name(&before[..before.len() - 1], quote),
        _ => Some(bare_name(before)),
    }
}

/// Returns the name in lower case without what parts its words.
fn normalised(name: &[u8]) -> String {
    name.iter().filter(|byte| !rule::is_separator(**byte)).map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

/// Returns a name with the letters that are written `\u0061`, after any number of backslashes.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let slashes = name[at..].iter().take_while(|byte| **byte == b'\\').count();
        let digits = name.get(at + slashes + 1..at + slashes + 5).filter(|_| slashes > 0 && name[at + slashes] == b'u');
        let letter = digits.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (letter, length) = letter.map_or((name[at], 1), |letter| (letter, slashes + 5));
        out.push(letter);
        at += length;
    }
    out
}

/// Adds the texts and numbers of a list, up to the first element that is neither.
fn texts_of_list(bytes: &[u8], from: usize, spans: &mut Vec<Range<usize>>) {
    let mut at = behind_blank(bytes, from);
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b']' | b'{' | b'[' | b'}')) {
        let Some(value) = member_value(bytes, at) else { return };
        let behind = value.end;
        if !value.is_empty() {
            spans.push(value);
        }
        // Behind the closing quote, its backslashes and the comma.
        at = behind + bytes[behind..].iter().take_while(|byte| b"\\\"', \t\r\n".contains(byte)).count();
        if at == behind {
            return;
        }
    }
}

fn is_quoted(bytes: &[u8], start: usize) -> bool {
    let slashes = bytes[start..].iter().take(MAX_NAME_BYTES).take_while(|byte| **byte == b'\\').count();
    matches!(bytes.get(start + slashes), Some(b'"' | b'\''))
}

/// Returns the text without the white space at its end; in a JSON text that may be written `\n`.
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

/// Returns where the white space that begins at `from` ends.
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

/// Returns the name before its closing quote; a quote inside another JSON text has backslashes before it.
fn quoted_name(before: &[u8], quote: u8) -> Option<NameSpan<'_>> {
    let slashes = before.iter().rev().take(MAX_NAME_BYTES).take_while(|byte| **byte == b'\\').count();
    let inner = &before[..before.len() - slashes];
    let window = &inner[inner.len().saturating_sub(MAX_NAME_BYTES + 1)..];
    let open = memrchr(quote, window)?;
    Some(NameSpan { name: &window[open + 1..], quote: Some(quote), closed: true, first: false })
}

/// Returns the name of letters, digits, `-`, `_` and `.` at the end; it may open a quoted line (`'x-auth-token: ...'`).
fn bare_name(before: &[u8]) -> NameSpan<'_> {
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let length = before.iter().rev().take(MAX_NAME_BYTES + 1).take_while(in_name).count();
    let (rest, name) = before.split_at(before.len() - length);
    let quote = rest.last().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let first = matches!(rest, [] | [.., b'\n' | b'\r' | b'"' | b'\''] | [.., b'\\', b'n' | b'r']);
    NameSpan { name, quote, closed: false, first }
}

/// Returns the value of a header's line: to the end of the line, of the quotes around it, or of the text that holds it. A single word is the name of a
/// header when its value follows at once, as where text is signed, or when it begins a line and no sentence follows.
fn line_value(bytes: &[u8], from: usize, named: &NameSpan<'_>) -> Option<Range<usize>> {
    let start = from + bytes[from..].iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let end = end_of_line(bytes, start, named.quote)?;
    let value = &bytes[start..end];
    let hump = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    let parted = named.name.iter().any(|byte| rule::is_separator(*byte)) || named.name.windows(2).any(hump);
    let cookie = [b"cookie".as_slice(), b"authorization"].iter().any(|name| named.name.eq_ignore_ascii_case(name));
    let at_once = start == from && !value.starts_with(b"//");
    let alone = named.first && value.len() >= 8 && value.iter().any(u8::is_ascii_digit) && !value.iter().any(u8::is_ascii_whitespace);
    (parted || cookie || at_once || alone).then_some(start..end)
}

fn end_of_line(bytes: &[u8], start: usize, quote: Option<u8>) -> Option<usize> {
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n' | b'\\' | b'"') || Some(*byte) == quote;
    let length = bytes[start..].iter().position(ends).unwrap_or(bytes.len() - start);
    let length = bytes[start..start + length].trim_ascii_end().len();
    (length > 0).then_some(start + length)
}

/// Returns the value of a JSON member or of a `name=value` pair: what stands between quotes, or else a word.
fn member_value(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let slashes = bytes[start..].iter().take(MAX_NAME_BYTES).take_while(|byte| **byte == b'\\').count();
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
    (!says_nothing && length > 0).then_some(start..start + length)
}

/// Returns where the quoted text ends: before the closing quote and its backslashes, or at the end of a text cut short.
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
        SecretNames::default().spans(text.as_bytes()).into_iter().map(|span| &text[span]).collect()
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
            let _ = SecretNames::default().spans(text.as_bytes());
        }
        let text = format!("\"sk\":\"{}\"", "\\\"".repeat(200_000));
        assert_eq!(SecretNames::default().spans(text.as_bytes()).len(), 1);
    }
}
