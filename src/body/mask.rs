//! A JSON body with its secrets masked that is JSON still: for whoever reads values, not bytes.

use std::ops::Range;

use super::token::{is_blank, string_end};
use crate::redact::Redactor;
use crate::secret::MASK;

/// Returns the JSON with [`MASK`] in the place of every secret, in strings, numbers and names alike. What an escape hides is found as
/// well (`hunt\u0065r2`); where the mask would break an escape, the whole string is masked.
///
/// What is no JSON comes out masked too, and is none afterwards either.
pub fn mask_json(bytes: &[u8], redactor: &Redactor) -> Vec<u8> {
    let spans = redactor.spans(bytes);
    let mut covering = JsonMasker { bytes, redactor, spans: &spans, out: Vec::with_capacity(bytes.len()) };
    let mut at = 0;
    while at < bytes.len() {
        at = covering.token(at);
    }
    covering.out
}

struct JsonMasker<'a> {
    bytes: &'a [u8],
    redactor: &'a Redactor,
    /// The ranges to mask that are still ahead, in order.
    spans: &'a [Range<usize>],
    out: Vec<u8>,
}

impl<'a> JsonMasker<'a> {
    /// Passes the token that begins here, and gives the place behind it.
    fn token(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        let delimiter = |byte: &u8| is_blank(*byte) || b",:{}[]".contains(byte);
        if rest[0] == b'"' {
            let end = string_end(self.bytes, at);
            self.string(at..end);
            return end;
        }
        if delimiter(&rest[0]) {
            let run = rest.iter().position(|byte| !delimiter(byte)).unwrap_or(rest.len());
            self.out.extend_from_slice(&rest[..run]);
            return at + run;
        }
        let end = at + rest.iter().position(|byte| delimiter(byte) || *byte == b'"').unwrap_or(rest.len());
        self.scalar(at..end);
        end
    }

    fn scalar(&mut self, token: Range<usize>) {
        if self.touching(&token).is_empty() {
            return self.out.extend_from_slice(&self.bytes[token]);
        }
        self.mask_string();
    }

    fn mask_string(&mut self) {
        self.out.push(b'"');
        self.out.extend_from_slice(MASK.as_bytes());
        self.out.push(b'"');
    }

    fn string(&mut self, token: Range<usize>) {
        let spans = self.touching(&token);
        let text = &self.bytes[token.clone()];
        if spans.is_empty() && memchr::memchr(b'\\', text).is_none() {
            return self.out.extend_from_slice(text);
        }
        let masked = self.masked(token, spans);
        match serde_json::from_slice::<String>(&masked) {
            Ok(text) if self.redactor.text(&text) == text => self.out.extend_from_slice(&masked),
            _ => self.mask_string(),
        }
    }

    /// Returns a string, quotes included, with the spans in it masked.
    fn masked(&self, token: Range<usize>, spans: &[Range<usize>]) -> Vec<u8> {
        let (mut out, mut at) = (vec![b'"'], token.start + 1);
        let end = token.end - usize::from(token.len() > 1);
        for span in spans {
            out.extend_from_slice(&self.bytes[at..span.start.clamp(at, end)]);
            out.extend_from_slice(MASK.as_bytes());
            at = span.end.clamp(at, end);
        }
        out.extend_from_slice(&self.bytes[at..end]);
        out.push(b'"');
        out
    }

    /// Returns the spans that touch a token; those before it are passed.
    fn touching(&mut self, token: &Range<usize>) -> &'a [Range<usize>] {
        let passed = self.spans.iter().take_while(|span| span.end <= token.start).count();
        self.spans = &self.spans[passed..];
        &self.spans[..self.spans.iter().take_while(|span| span.start < token.end).count()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::secret::Secret;

    fn knowing(values: &[&str]) -> Redactor {
        Redactor::default().with(&values.iter().map(|value| Secret::new(*value)).collect::<Vec<_>>())
    }

    fn masked(text: &str, values: &[&str]) -> String {
        String::from_utf8(mask_json(text.as_bytes(), &knowing(values))).unwrap()
    }

    #[test]
    fn secrets_are_covered_in_place() {
        let text = r#"{"note": "key hunter2! end", "SecretKey": "x", "pin": 123456, "ok": [true, "a\"b"]}"#;
        let expected = format!(r#"{{"note": "key {MASK} end", "SecretKey": "{MASK}", "pin": "{MASK}", "ok": [true, "a\"b"]}}"#);
        assert_eq!(masked(text, &["hunter2!", "123456"]), expected);
    }

    #[test]
    fn masks_escaped_secrets() {
        for text in [r#""hunt\u0065r2!""#, r#""x hunter2\u0021""#, r#""\nabcd""#, r#"{"a":"{\"SecretKey\":\"hello\"}"}"#] {
            let shown = masked(text, &["hunter2!", "nabcd"]);
            assert!(shown.contains(MASK) && !shown.contains("hunt") && !shown.contains("hello"), "{shown}");
            serde_json::from_str::<Value>(&shown).unwrap();
        }
    }

    #[test]
    fn masks_malformed_json() {
        for text in ["{\"a\":\"hunter2!", "hunter2!", "\"", "\"hunter2!\\", "[hunter2!,\"hunter2!\"", "\"x\"hunter2!"] {
            assert!(!masked(text, &["hunter2!"]).contains("hunter2"), "{text}");
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::from), "[a-zA-Z\"\\\\/ü\n ]{0,12}".prop_map(Value::from)];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-z]{1,6}", inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn leaves_json_without_secrets_unchanged(value in json()) {
            let text = value.to_string();
            prop_assert_eq!(masked(&text, &["hunter2-hunter2"]), text);
        }

        #[test]
        fn json_stays_json_and_no_string_in_it_shows_a_secret(value in json(), secret in "[a-z\"\\\\/]{4,6}") {
            let text = value.to_string().replace("aa", &secret.replace('\\', "\\\\").replace('"', "\\\""));
            let shown: Value = serde_json::from_str(&masked(&text, &[&secret])).unwrap();
            prop_assert!(!leaves(&shown).contains(&secret), "{} in {}", secret, shown);
        }
    }

    /// Returns every string in a value, a line each.
    fn leaves(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone() + "\0",
            Value::Array(values) => values.iter().map(leaves).collect(),
            Value::Object(members) => members.iter().map(|(name, value)| name.clone() + "\0" + &leaves(value)).collect(),
            _ => String::new(),
        }
    }
}
