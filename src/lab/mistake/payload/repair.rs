//! The body as it was before something escaped its signs, replaced them, took them off, or wrapped it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Push, json};
use crate::lab::fault;
use crate::lab::typography;
use crate::wire::{decode_form, encode};

/// A change to a body and its reversal; none where it cannot have happened.
type Repair = (&'static str, fn(&str) -> Option<String>);

const ESCAPED: [Repair; 8] = [
    ("quotation marks, dashes or spaces became typographic", |text| Some(typography::plain(text).into_owned())),
    ("it was escaped for HTML", |text| text.contains('&').then(|| unescaped(text, &HTML))),
    ("quotation marks were escaped with backslashes", |text| text.contains("\\\"").then(|| text.replace("\\\"", "\""))),
    ("its backslashes were taken off", |text| text.contains(['"', '/']).then(|| text.replace('/', "\\/"))),
    ("apostrophes stand for quotation marks, as Python shows an object", |text| text.contains('\'').then(|| text.replace('\'', "\""))),
    ("apostrophes stand around it, as a shell that does not know them leaves them", |text| within(text, '\'').map(str::to_owned)),
    ("quotation marks stand around it", |text| within(text, '"').map(str::to_owned)),
    ("a shell took its quotation marks off", quoted),
];

const HTML: [(&str, &str); 8] =
    [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")];

/// The signs of a form that is sent in place of JSON are told apart from text in it by this: a form has no braces.
const NO_FORM: [char; 5] = ['{', '[', '"', '<', '\n'];

/// Adds every body that a repair gives, as it is and as other writers of JSON have it.
pub(super) fn all(sent: &[u8], push: Push<'_>) {
    push(&fault::PAYLOAD_WRAPPED, "the body was signed in Base64", STANDARD.encode(sent).into_bytes());
    if let Ok(bytes) = STANDARD.decode(sent.trim_ascii()) {
        push(&fault::PAYLOAD_WRAPPED, "the body is sent in Base64, and was signed plain", bytes);
    }
    let Ok(text) = std::str::from_utf8(sent) else { return };
    for (how, repair) in ESCAPED {
        let Some(before) = repair(text).filter(|before| before != text) else { continue };
        push(&fault::PAYLOAD_ESCAPED, &format!("the body was signed with other escapes: {how}"), before.clone().into_bytes());
        if before.len() > json::MAX_EDITED_BYTES {
            continue;
        }
        json::variants(before.as_bytes(), &mut |_, _, bytes| {
            push(&fault::PAYLOAD_ESCAPED, &format!("the body was signed with other escapes, and its JSON was re-serialised: {how}"), bytes);
        });
    }
    html(text, push);
    forms(text, push);
}

fn unescaped(text: &str, characters: &[(&str, &str)]) -> String {
    characters.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// Adds the reverse: HTML was signed, and plain text is sent.
fn html(text: &str, push: Push<'_>) {
    let escaped = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    push(&fault::PAYLOAD_ESCAPED, "the body was signed escaped for HTML", escaped.into_bytes());
    push(
        &fault::PAYLOAD_ESCAPED,
        "the body was signed with backslashes before its quotation marks",
        text.replace('"', "\\\"").into_bytes(),
    );
    push(&fault::PAYLOAD_ESCAPED, "the body was signed with apostrophes for quotation marks", text.replace('"', "'").into_bytes());
}

fn within(text: &str, mark: char) -> Option<&str> {
    text.trim().strip_prefix(mark)?.strip_suffix(mark)
}

/// Takes JSON without quotation marks, with them again around each word that is neither a number nor one of JSON's own.
fn quoted(text: &str) -> Option<String> {
    let bare = within(text, '\'').unwrap_or(text).trim();
    if !bare.starts_with('{') || bare.contains('"') {
        return None;
    }
    let mut out = String::with_capacity(bare.len() + 16);
    for piece in bare.split_inclusive(['{', '}', '[', ']', ',', ':']) {
        let (word, sign) = match piece.char_indices().next_back() {
            Some((at, sign)) if "{}[],:".contains(sign) => (&piece[..at], &piece[at..]),
            _ => (piece, ""),
        };
        let plain = word.trim();
        let own = plain.is_empty() || serde_json::from_str::<serde_json::Value>(plain).is_ok();
        let marked = if own { word.to_owned() } else { word.replace(plain, &format!("\"{plain}\"")) };
        out.push_str(&marked);
        out.push_str(sign);
    }
    Some(out)
}

/// Adds a form that was signed as JSON, and JSON that was signed as a form.
fn forms(text: &str, push: Push<'_>) {
    if text.contains('=') && text.len() <= json::MAX_EDITED_BYTES && !text.contains(NO_FORM) {
        let pair = |piece: &str| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let plain = |part: &str| String::from_utf8_lossy(&decode_form(part)).into_owned();
            (plain(name), serde_json::Value::from(plain(value)))
        };
        let object: serde_json::Map<String, serde_json::Value> = text.split('&').map(pair).collect();
        json::variants(serde_json::Value::from(object).to_string().as_bytes(), &mut |_, how, bytes| {
            push(&fault::PAYLOAD_CHANGED, &format!("a form is sent, and its JSON was signed: {how}"), bytes);
        });
    }
    let Ok(serde_json::Value::Object(members)) = serde_json::from_str(text) else { return };
    let value = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut pairs: Vec<String> = members.iter().map(|(name, member)| format!("{}={}", encode(name), encode(value(member)))).collect();
    for how in ["JSON is sent, and a form of its members was signed", "JSON is sent, and a form of its sorted members was signed"] {
        push(&fault::PAYLOAD_CHANGED, how, pairs.join("&").into_bytes());
        push(&fault::PAYLOAD_CHANGED, how, pairs.join("&").replace("%20", "+").into_bytes());
        pairs.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sent: &str, wanted: &str) -> Option<&'static str> {
        let mut name = None;
        all(sent.as_bytes(), &mut |fault, _, bytes| {
            if name.is_none() && bytes == wanted.as_bytes() {
                name = Some(fault.id);
            }
        });
        name
    }

    #[test]
    fn repairs_undo_damage() {
        for sent in [
            "{“a”:“b”}",
            "{&quot;a&quot;:&quot;b&quot;}",
            "{\\\"a\\\":\\\"b\\\"}",
            "{'a':'b'}",
            "'{\"a\":\"b\"}'",
            "{a:b}",
            "'{a: b}'",
            "{'a': 'b'}",
        ] {
            assert_eq!(found(sent, "{\"a\":\"b\"}"), Some("payload-escaped"), "{sent}");
        }
        assert_eq!(found("{a:[1,x y],b:true}", "{\"a\":[1,\"x y\"],\"b\":true}"), Some("payload-escaped"));
        assert_eq!(found("eyJhIjoiYiJ9", "{\"a\":\"b\"}"), Some("payload-wrapped"));
        assert_eq!(found("a=b+c", "{\"a\":\"b c\"}"), Some("payload-changed"));
        assert_eq!(found("{\"b\":1,\"a\":\"x y\"}", "a=x+y&b=1"), Some("payload-changed"));
    }
}
