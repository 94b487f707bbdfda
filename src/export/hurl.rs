//! A Hurl file: the request as it was signed, and the status that came.
//!
//! Texts are written with Hurl's own escapes (`\u{7b}` keeps two braces from being a variable), bodies that are no text in
//! base64. A token becomes the variable `token`; other secrets are masked.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ExportInput;
use super::signed::{self, validity_note};
use crate::visible::{VisibleForm, visible_line};

/// The header whose value is a token of the identity service.
const TOKEN: &str = "x-auth-token";

/// Returns the file.
pub(super) fn render(subject: &ExportInput<'_>) -> Vec<u8> {
    let exchange = subject.exchange;
    let mut out = String::new();
    for remark in remarks(subject) {
        line(&mut out, &format!("# {}", visible_line(&remark)));
    }
    line(&mut out, &format!("{} {}", signed::method(exchange), escaped(&subject.url(), false).replace(char::is_whitespace, "%20")));
    for (name, value) in signed::headers(exchange).iter() {
        line(&mut out, &format!("{}: {}", self::name(name), header(subject, name, value)));
    }
    let body = subject.secrets.bytes(&exchange.request.body);
    if !body.is_empty() {
        line(&mut out, &self::body(body));
    }
    if let Some(answered) = exchange.answered() {
        line(&mut out, &format!("\nHTTP {}", answered.response.status));
    }
    out.into_bytes()
}

fn remarks(subject: &ExportInput<'_>) -> Vec<String> {
    let token = subject.exchange.request.headers.contains(TOKEN) && !subject.secrets.shown();
    let token = token.then(|| format!("run it with: hurl --variable token=\"${}\" FILE", subject.keys().auth_token));
    let fixed = [validity_note(subject), subject.remark()];
    let told = std::iter::once(subject.title()).chain(token).chain(fixed.into_iter().flatten().map(str::to_owned));
    told.chain(signed::omitted_header_notes(subject.exchange)).collect()
}

fn header(subject: &ExportInput<'_>, name: &str, value: &[u8]) -> String {
    if name.eq_ignore_ascii_case(TOKEN) && !subject.secrets.shown() {
        return "{{token}}".to_owned();
    }
    escaped(&String::from_utf8_lossy(&subject.secrets.header(name, value)), false)
}

fn body(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => format!("`{}`", escaped(&text, true)),
        Err(error) => format!("base64,{};", STANDARD.encode(error.as_bytes())),
    }
}

/// Returns a text as Hurl reads it; `quoted` when it stands between back-ticks.
fn escaped(text: &str, quoted: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | '#' => out.extend(['\\', c]),
            '`' if quoted => out.push_str("\\`"),
            '\n' => out.push_str("\\n"),
            '{' | '}' => number(&mut out, c),
            _ if VisibleForm::new(c).is_some() => number(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

/// Returns a header's name: of the characters that it may have, Hurl takes these alone as they are.
fn name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => out.push(c),
            _ => number(&mut out, c),
        }
    }
    out
}

fn number(out: &mut String, c: char) {
    // Writing to a text cannot fail.
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_hurl_syntax() {
        assert_eq!(body(br#"{"a":"`{{x}} #\"}"#.to_vec()), r#"`\u{7b}"a":"\`\u{7b}\u{7b}x\u{7d}\u{7d} \#\\"\u{7d}`"#);
        assert_eq!(body(vec![0xff, 0]), "base64,/wA=;");
        assert_eq!(name("x-`id`#"), "x-\\u{60}id\\u{60}\\u{23}");
        assert_eq!(escaped("a\0\u{202e}\nb", false), "a\\u{0}\\u{202e}\\nb");
    }
}
