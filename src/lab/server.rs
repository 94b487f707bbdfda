//! The texts that a server shows when a signature does not match, in whatever they are wrapped: the answer's body, a log's line,
//! a copy of either.
//!
//! Forms (Alibaba Cloud's V3 and older signature, Huawei's gateway): ` server StringToSign is [...] server CanonicalRequest is [...]`,
//! `server string to sign is:...`, `canonicalRequest:...` with `|` for line feeds.

use serde_json::Value;

use super::align::Texts;
use crate::auth::Scheme;

/// What a server says that it signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerText {
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
    /// With `|` for line feeds.
    barred: bool,
}

const STRING: &str = "server stringtosign is";
const CANONICAL: &str = "server canonicalrequest is";
const OLDER: &str = "server string to sign is:";
const BARRED: &str = "canonicalrequest:";

impl ServerText {
    /// Finds the texts; none where there is none.
    pub fn find(text: &str) -> Option<Self> {
        candidates(text).iter().find_map(|text| Self::in_message(text))
    }

    fn in_message(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let string_to_sign = bracketed(text, &lower, STRING);
        let canonical_request = bracketed(text, &lower, CANONICAL);
        if string_to_sign.is_some() || canonical_request.is_some() {
            return Some(Self { canonical_request, string_to_sign, barred: false });
        }
        if let Some(at) = lower.find(OLDER) {
            return Some(Self { canonical_request: None, string_to_sign: Some(after(text, at + OLDER.len())), barred: false });
        }
        let at = lower.find(BARRED)? + BARRED.len();
        Some(Self { canonical_request: Some(until_quote(&after(text, at))), string_to_sign: None, barred: true })
    }

    /// Both texts with line feeds. Ours tell which bars stand for one: a header may have a bar in its value.
    pub fn texts(&self, scheme: Scheme, ours: &Texts) -> Texts {
        let canonical = self.canonical_request.clone().unwrap_or_default();
        let string_to_sign = self.string_to_sign.clone().unwrap_or_default();
        let canonical_request = match () {
            () if !self.barred => canonical,
            () if canonical == ours.canonical_request.replace('\n', "|") => ours.canonical_request.clone(),
            () => unbarred(&canonical),
        };
        // The older layout has no canonical request; a server that shows one for it shows its string to sign.
        if scheme == Scheme::Acs1 && string_to_sign.is_empty() {
            return Texts { canonical_request: String::new(), string_to_sign: canonical_request };
        }
        Texts { canonical_request, string_to_sign }
    }
}

/// The text itself, the texts in it when it is JSON, and itself with its escapes undone.
fn candidates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        collect(&value, &mut found);
    }
    let undone = undone(text);
    let escaped = undone != text;
    // A text with escapes in it means what they stand for.
    found.extend(escaped.then_some(undone));
    found.push(text.to_owned());
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        _ => {}
    }
}

/// Escapes of JSON and of XML undone.
fn undone(text: &str) -> String {
    let pairs = [
        ("\\r\\n", "\n"),
        ("\\n", "\n"),
        ("\\u000a", "\n"),
        ("\\u000A", "\n"),
        ("\\/", "/"),
        ("\\u0026", "&"),
        ("\\u003c", "<"),
        ("\\u003e", ">"),
        ("\\\"", "\""),
    ];
    let undone = pairs.iter().fold(text.to_owned(), |text, (escape, plain)| text.replace(escape, plain));
    let entities = [("&#10;", "\n"), ("&#xA;", "\n"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(undone, |text, (entity, plain)| text.replace(entity, plain))
}

/// What stands in the brackets behind a marker: up to the `]` before the next marker, or the last one.
fn bracketed(text: &str, lower: &str, marker: &str) -> Option<String> {
    let after = lower.find(marker)? + marker.len();
    let open = after + lower[after..].find('[')? + 1;
    let next = [STRING, CANONICAL].iter().filter_map(|other| lower[open..].find(other)).min().map_or(lower.len(), |at| open + at);
    let inside = &text[open..next];
    let end = inside.rfind(']').unwrap_or(inside.len());
    Some(tidy(&inside[..end]))
}

fn after(text: &str, at: usize) -> String {
    tidy(text[at..].trim_start_matches(' '))
}

/// Without carriage returns, which a terminal or an editor adds, and without line feeds at the end.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches(['\n', ' ', '\r']).to_owned()
}

/// Up to a quotation mark: what follows belongs to what the text is wrapped in.
fn until_quote(text: &str) -> String {
    text.split('"').next().unwrap_or_default().trim_end_matches([',', '}', '.', ' ']).to_owned()
}

/// Line feeds for bars, but for those in the value of a header: a line there has a name and a colon.
fn unbarred(text: &str) -> String {
    let pieces: Vec<&str> = text.split('|').collect();
    let mut lines: Vec<String> = Vec::new();
    let gap = pieces.iter().rposition(|piece| piece.is_empty()).unwrap_or(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let in_headers = at > 3 && at < gap;
        if in_headers && !names_a_header(piece) {
            if let Some(line) = lines.last_mut() {
                line.push('|');
                line.push_str(piece);
            }
        } else {
            lines.push((*piece).to_owned());
        }
    }
    lines.join("\n")
}

fn names_a_header(piece: &str) -> bool {
    let token = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    piece.split_once(':').is_some_and(|(name, _)| token(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANON: &str = "POST\n/a\nb=1\nhost:h\n\nhost\nabc";

    fn found(text: &str) -> Texts {
        ServerText::find(text).expect(text).texts(Scheme::SdkHmac, &Texts::default())
    }

    #[test]
    fn finds_what_alibaba_shows() {
        let message = format!(
            "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\nff] server CanonicalRequest is [{CANON}]"
        );
        let texts = Texts { canonical_request: CANON.to_owned(), string_to_sign: "ACS3-HMAC-SHA256\nff".to_owned() };
        assert_eq!(found(&message), texts);
        let json = serde_json::json!({ "RequestId": "1", "Message": message, "Code": "SignatureDoesNotMatch" }).to_string();
        assert_eq!(found(&json), texts);
        assert_eq!(found(&format!("2026-11-22 error: {}", json.trim_start_matches('{'))), texts);
        assert_eq!(found(&message.replace('\n', "\r\n")), texts);
        assert_eq!(found(&format!("<Error><Message>{}</Message></Error>", message.replace('\n', "&#10;"))), texts);
    }

    #[test]
    fn finds_the_older_form_and_huaweis() {
        assert_eq!(found("x server string to sign is:GET\n\n\n\n/p").string_to_sign, "GET\n\n\n\n/p");
        let barred = CANON.replace('\n', "|");
        assert_eq!(found(&format!("verify aksk signature fail, canonicalRequest:{barred}")).canonical_request, CANON);
        let json = format!("{{\"error_msg\":\"verify aksk signature fail, canonicalRequest:{barred}\",\"error_code\":\"APIGW.0301\"}}");
        assert_eq!(found(&json).canonical_request, CANON);
        assert_eq!(found(&json[..json.len() - 5]).canonical_request, CANON);
    }

    #[test]
    fn a_bar_in_a_header_stays() {
        let text = "canonicalRequest:POST|/a/||host:h|user-agent:a|b|c|x-sdk-date:d||host;user-agent|ff";
        assert_eq!(found(text).canonical_request, "POST\n/a/\n\nhost:h\nuser-agent:a|b|c\nx-sdk-date:d\n\nhost;user-agent\nff");
    }

    #[test]
    fn other_texts_hold_none() {
        for text in ["", "{}", "SignatureDoesNotMatch", "[1,2", "null"] {
            assert_eq!(ServerText::find(text), None, "{text}");
        }
    }
}
