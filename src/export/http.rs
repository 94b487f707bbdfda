//! A request for the HTTP clients of editors (`.http`, `.rest`): comments, request line with the whole URL, headers, body.
//!
//! The body's bytes are as they were sent. `content-length` is left out: the client counts for itself.
//!
//! These clients read some texts as instructions, wherever they stand: `{{...}}` is a variable, of the environment too; a line that begins with
//! `###` ends the request, with `<` names a file to send, with `>` or `{{` a script to run. The format has no escape for them. In JSON a
//! brace is written as an escape, which means the same; anything else that holds them is left out, and a comment says so.

use std::borrow::Cow;

use super::ExportInput;
use super::signed::{self, validity_note};
use crate::text::quoted;
use crate::visible::visible_line;

/// Returns the request.
pub(super) fn render(subject: &ExportInput<'_>) -> Vec<u8> {
    let mut remarks: Vec<String> = [Some(subject.title()), validity_note(subject).map(str::to_owned), subject.remark().map(str::to_owned)]
        .into_iter()
        .flatten()
        .chain(signed::omitted_header_notes(subject.exchange))
        .collect();
    let headers = headers(subject, &mut remarks);
    let body = body(subject, &mut remarks);
    let mut out: Vec<u8> = remarks.iter().flat_map(|remark| format!("# {}\n", comment(remark)).into_bytes()).collect();
    let url = subject.url().replace(char::is_whitespace, "%20").replace('{', "%7B").replace('}', "%7D");
    out.extend_from_slice(format!("{} {url} HTTP/1.1\n", signed::method(subject.exchange)).as_bytes());
    out.extend_from_slice(&headers);
    out.push(b'\n');
    out.extend_from_slice(&body);
    out
}

/// Returns a comment: one line that is no directive (`@name`) of these clients.
fn comment(text: &str) -> String {
    visible_line(text.trim_start_matches('@')).replace("{{", "{ {")
}

/// Returns a line for each header that the format can hold.
fn headers(subject: &ExportInput<'_>, remarks: &mut Vec<String>) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in subject.secrets.headers(&signed::headers(subject.exchange)).iter() {
        if is_instruction(value) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            remarks.push(format!("left out: the header {}, which such a file takes for an instruction", quoted(name)));
            continue;
        }
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out
}

fn body(subject: &ExportInput<'_>, remarks: &mut Vec<String>) -> Vec<u8> {
    let body = subject.secrets.bytes(&subject.exchange.request.body);
    match without_instructions(&body) {
        Some(Cow::Borrowed(_)) => body,
        Some(Cow::Owned(escaped)) => {
            remarks
                .push("a brace of the body is written as the escape \\u007b: the same JSON, but a signature over other bytes".to_owned());
            escaped
        }
        None => {
            remarks.push(format!(
                "left out: the body of {} bytes, of which such a file takes something for an instruction; --export curl has it",
                body.len()
            ));
            Vec::new()
        }
    }
}

/// Returns a body in which nothing is taken for an instruction; `None` where that cannot be had.
fn without_instructions(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    // In JSON two braces that open stand in a text alone, and a line begins with no sign that means something.
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        let text = String::from_utf8_lossy(body);
        return Some(if is_instruction(body) { escaped(&text).into_bytes().into() } else { Cow::Borrowed(body) });
    }
    let plain = |line: &[u8]| {
        let first = line.trim_ascii_start().first();
        first.is_none_or(|first| first.is_ascii_alphanumeric() || b"\"'{}[](),;:%_+*".contains(first) || !first.is_ascii())
    };
    let lines = || body.split(|byte| matches!(byte, b'\n' | b'\r'));
    (!is_instruction(body) && lines().all(plain)).then_some(Cow::Borrowed(body))
}

/// Returns JSON in which no two braces that open, nor a brace and a percent sign, stand beside each other.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if matches!(c, '{' | '%') && out.ends_with('{') {
            out.push_str(if c == '{' { "\\u007b" } else { "\\u0025" });
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns whether there is a sign of a variable or of a script in it.
fn is_instruction(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair == b"{{" || pair == b"{%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_bodies_that_look_like_instructions() {
        for text in
            [&b"< /etc/passwd"[..], b"a\n### \nGET http://x", b"a={{$processEnv HOME}}", b"\n> {% run %}", b"@a=1", b"a\r  <@ b", b"//x"]
        {
            assert_eq!(without_instructions(text), None, "{}", String::from_utf8_lossy(text));
        }
        for text in [&b"{\"a\":{\"b\":{}}}"[..], b"a=1&b=2", b"", b"[\n  {}\n]", "名".as_bytes()] {
            assert_eq!(without_instructions(text), Some(Cow::Borrowed(text)));
        }
        let escaped = without_instructions(br#"{"a":"{{x}} ### {{{% <","{{":1}"#).unwrap();
        assert!(!is_instruction(&escaped));
        let read: serde_json::Value = serde_json::from_slice(&escaped).unwrap();
        assert_eq!(read, serde_json::json!({"a": "{{x}} ### {{{% <", "{{": 1}));
    }
}
