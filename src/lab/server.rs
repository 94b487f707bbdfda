//! The texts that a server shows when a signature does not match, in whatever they are wrapped: the answer's body, a log's line,
//! a copy of either.
//!
//! Forms (Alibaba Cloud's V3 and older signature, Huawei's gateway): ` server StringToSign is [...] server CanonicalRequest is [...]`,
//! `server string to sign is:...`, `canonicalRequest:...` with `|` for line feeds.

use serde_json::Value;

use jiff::Timestamp;

use super::align::Texts;
use super::mistake::read_date;
use crate::auth::scheme::TextLayout;

/// The server's canonical text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerText {
    canonical_request: Option<String>,
    string_to_sign: Option<String>,
    /// With `|` for line feeds.
    barred: bool,
    /// The times that it names, where it refuses the request for them.
    times: Option<ServerTimes>,
}

/// The times of a refusal: the signature's, where it is told, and the server's own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ServerTimes {
    signature: Option<Timestamp>,
    server: Timestamp,
}

const STRING: &str = "server stringtosign is";
const CANONICAL: &str = "server canonicalrequest is";
const OLDER: &str = "server string to sign is:";
const CANONICAL_MARKER: &str = "canonicalrequest:";

/// The members of object storage's answers, which are XML or JSON.
const MEMBERS: [&str; 2] = ["StringToSign", "CanonicalRequest"];

/// The texts before the signature's time, and before the server's own: Huawei's gateway, OSS and S3 (`RequestTimeTooSkewed`).
const SIGNED_AT: [&str; 4] = ["signature time", "request time", "requesttime", "requestdate"];
const SERVER_AT: [&str; 3] = ["server time", "servertime", "current time"];

impl ServerText {
    /// Finds the texts; none where there is none.
    pub fn find(text: &str) -> Option<Self> {
        let found = Self::in_members(text).or_else(|| candidates(text).iter().find_map(|text| Self::in_message(text)));
        let times = ServerTimes::find(text);
        match found {
            Some(found) => Some(Self { times, ..found }),
            None => times.map(|times| Self { canonical_request: None, string_to_sign: None, barred: false, times: Some(times) }),
        }
    }

    /// Returns texts that are members of their own, as object storage shows them.
    fn in_members(text: &str) -> Option<Self> {
        let json = serde_json::from_str::<Value>(text).ok();
        let in_json = |name: &str| json.as_ref().and_then(|value| member(value, name));
        let [string_to_sign, canonical_request] = MEMBERS.map(|name| in_json(name).or_else(|| element(text, name)).map(|text| tidy(&text)));
        (string_to_sign.is_some() || canonical_request.is_some()).then_some(Self {
            canonical_request,
            string_to_sign,
            barred: false,
            times: None,
        })
    }

    /// Returns how many seconds the server's clock is ahead of the signature's time, with both times as a sentence. `sent` is the request's own
    /// time, for an answer that names the server's alone.
    pub(super) fn clock(&self, sent: Option<Timestamp>) -> Option<(i64, String)> {
        let times = self.times.as_ref()?;
        let signed = times.signature.or(sent)?;
        let seconds = times.server.as_second() - signed.as_second();
        let order = if seconds < 0 { "ahead of" } else { "behind" };
        Some((seconds, format!("the signature's time is {signed}, {} s {order} the server's {}", seconds.abs(), times.server)))
    }

    fn in_message(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let string_to_sign = bracketed(text, &lower, STRING);
        let canonical_request = bracketed(text, &lower, CANONICAL);
        if string_to_sign.is_some() || canonical_request.is_some() {
            return Some(Self { canonical_request, string_to_sign, barred: false, times: None });
        }
        if let Some(at) = lower.find(OLDER) {
            return Some(Self { canonical_request: None, string_to_sign: Some(after(text, at + OLDER.len())), barred: false, times: None });
        }
        let at = lower.find(CANONICAL_MARKER)? + CANONICAL_MARKER.len();
        Some(Self { canonical_request: Some(until_quote(&after(text, at))), string_to_sign: None, barred: true, times: None })
    }

    /// Returns both texts with line feeds. Ours tell which bars stand for one: a header may have a bar in its value.
    pub(super) fn texts(&self, layout: Option<TextLayout>, ours: &Texts) -> Texts {
        let canonical = self.canonical_request.clone().unwrap_or_default();
        let string_to_sign = self.string_to_sign.clone().unwrap_or_default();
        let canonical_request = match () {
            () if !self.barred => canonical,
            () if canonical == ours.canonical_request.replace('\n', "|") => ours.canonical_request.clone(),
            () => bars_to_newlines(&canonical),
        };
        // Some layouts have no canonical request; a server that shows one for them shows its string to sign.
        if !matches!(layout, Some(TextLayout::Canonical(_))) && string_to_sign.is_empty() {
            return Texts { canonical_request: String::new(), string_to_sign: canonical_request };
        }
        Texts { canonical_request, string_to_sign }
    }
}

impl ServerTimes {
    fn find(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let time = |markers: &[&str]| markers.iter().find_map(|marker| time_after(text, lower.find(marker)? + marker.len()));
        Some(Self { signature: time(&SIGNED_AT), server: time(&SERVER_AT)? })
    }
}

/// Returns the time that stands behind a marker, whatever parts the two.
fn time_after(text: &str, at: usize) -> Option<Timestamp> {
    let rest = text.get(at..)?;
    // Digits first; a day of the week may stand before them, a word such as `is` too.
    let starts = [rest.find(|c: char| c.is_ascii_digit()), rest.find(|c: char| c.is_ascii_alphabetic())];
    starts.into_iter().flatten().filter(|start| *start < 16).find_map(|start| time_at(&rest[start..]))
}

fn time_at(rest: &str) -> Option<Timestamp> {
    let word = |c: char| c.is_ascii_alphanumeric() || "-:+.".contains(c);
    let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
    // A date with spaces in it: `2026-11-22 01:00:00`, `Sun, 22 Nov 2026 01:00:00 GMT`.
    let longer = rest.find(['<', '"', ';']).unwrap_or(rest.len()).min(29);
    [rest.get(..longer), rest.get(..19), rest.get(..end)].into_iter().flatten().find_map(|text| read_date(text.trim()))
}

/// Returns the text of a member of an object, however deep.
fn member(value: &Value, name: &str) -> Option<String> {
    let Value::Object(members) = value else { return None };
    let own = members.get(name).and_then(Value::as_str).map(str::to_owned);
    own.or_else(|| members.values().find_map(|value| member(value, name)))
}

/// Returns the text of an XML element.
fn element(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.split_once(&format!("<{name}>"))?;
    let (inside, _) = after.split_once(&format!("</{name}>"))?;
    Some(undone(inside))
}

/// Returns the text itself, the texts in it when it is JSON, and itself with its escapes undone.
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

/// Returns a text with the escapes of JSON and of XML undone.
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

/// Returns what stands in the brackets behind a marker: up to the `]` before the next marker, or the last one.
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

/// Returns it without carriage returns, which a terminal or an editor adds, and without line feeds at the end.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches(['\n', ' ', '\r']).to_owned()
}

/// Returns the text up to a quotation mark: what follows belongs to what the text is wrapped in.
fn until_quote(text: &str) -> String {
    text.split('"').next().unwrap_or_default().trim_end_matches([',', '}', '.', ' ']).to_owned()
}

/// Replaces bars by line feeds, except those in the value of a header: a line there has a name and a colon.
fn bars_to_newlines(text: &str) -> String {
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
    use crate::auth::Scheme;
    use crate::lab::align::layout_of;

    const CANON: &str = "POST\n/a\nb=1\nhost:h\n\nhost\nabc";

    fn found(text: &str) -> Texts {
        ServerText::find(text).expect(text).texts(layout_of(Scheme::SdkHmac), &Texts::default())
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
    fn keeps_a_bar_in_a_header() {
        let text = "canonicalRequest:POST|/a/||host:h|user-agent:a|b|c|x-sdk-date:d||host;user-agent|ff";
        assert_eq!(found(text).canonical_request, "POST\n/a/\n\nhost:h\nuser-agent:a|b|c\nx-sdk-date:d\n\nhost;user-agent\nff");
    }

    #[test]
    fn finds_what_object_storage_shows() {
        let xml = "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>PUT\n\nimage/png\nd\n/b/a&amp;b</StringToSign><CanonicalRequest>PUT\n/</CanonicalRequest></Error>";
        let texts = ServerText::find(xml).unwrap().texts(Some(TextLayout::Storage), &Texts::default());
        assert_eq!(texts.string_to_sign, "PUT\n\nimage/png\nd\n/b/a&b");
        assert_eq!(found(r#"{"Error":{"CanonicalRequest":"GET\n/"}}"#).canonical_request, "GET\n/");
    }

    #[test]
    fn finds_both_times() {
        let seconds = |text: &str, sent: Option<&str>| {
            let sent = sent.map(|text| text.parse().unwrap());
            ServerText::find(text).and_then(|text| text.clock(sent)).map(|(seconds, _)| seconds)
        };
        assert_eq!(
            seconds("signature expired, signature time:20260528T092752Z,server time:20260528T094410Z\",\"error_code\"", None),
            Some(978)
        );
        let skewed = "<RequestTime>Sun, 22 Nov 2026 01:00:00 GMT</RequestTime><ServerTime>2026-11-22T00:30:00.000Z</ServerTime>";
        assert_eq!(seconds(skewed, None), Some(-1800));
        assert_eq!(seconds("server time is 2026-11-22 01:00:10", Some("2026-11-22T01:00:00Z")), Some(10));
        assert_eq!(seconds("server time:soon", None), None);
    }

    #[test]
    fn finds_none_in_other_texts() {
        for text in ["", "{}", "SignatureDoesNotMatch", "[1,2", "null"] {
            assert_eq!(ServerText::find(text), None, "{text}");
        }
    }
}
