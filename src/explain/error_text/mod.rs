//! An error as somebody pastes it: an answer's body, a log's line, what an SDK or a tool printed.
//!
//! ```text
//! text ─▶ JSON in it, in any vendor's shape ─┐
//!      ─▶ XML                               ─┼▶ status, code, message, request id
//!      ─▶ words: `code: 400, ... request id`─┘
//! ```

mod json;
mod words;

use std::borrow::Cow;

use crate::catalog::{MessageRule, Provider};
use crate::envelope::{Envelope, Verdict};

/// The most of a text that is read, in bytes.
const MAX_TEXT_BYTES: usize = 256 << 10;

/// The parts of an error that a text contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorText {
    /// The HTTP status.
    pub status: Option<u16>,
    /// The error code.
    pub code: Option<String>,
    /// The message; the whole text where nothing in it can be told apart.
    pub message: Option<String>,
    /// The request id.
    pub request_id: Option<String>,
    /// Set for a web page without an error; the message is then its visible text.
    pub page: bool,
}

impl ErrorText {
    /// Reads a text. `provider` says in which shape an answer is looked for first, and which codes are known.
    pub fn read(provider: &Provider, text: &str) -> Self {
        let text = bounded(text);
        let forms = forms(text);
        let found = forms.iter().find_map(|form| structured(provider, form));
        let found = found.unwrap_or_else(|| {
            let seen = forms.last().map_or(text, |form| form);
            let found = words::read(provider, seen);
            let page = is_page(text) && found.code.is_none() && own_rule(provider, &found).is_none();
            let title = element(text, "title").filter(|_| page);
            Self { page, message: title.or(found.message), ..found }
        });
        let status = found.status.or_else(|| words::status(text));
        Self { status, request_id: found.request_id.or_else(|| words::request_id(text)), ..found }
    }

    /// Returns the vendor's error in an answer that is not in the vendor's format: in a web page, in quotation marks, behind other text, or the
    /// vendor's words alone. What others say too is not taken for the vendor's.
    pub(super) fn find_in_body(provider: &Provider, body: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(&body[..body.len().min(MAX_TEXT_BYTES)]);
        let found = Self::read(provider, &text);
        let known = is_known(provider, found.code.as_deref().unwrap_or_default());
        (known || own_rule(provider, &found).is_some_and(|rule| rule.condition.is_some())).then_some(found)
    }

    /// Returns it as an envelope, with what else is known of the answer that it stood in.
    pub(super) fn envelope(self, around: &Envelope) -> Envelope {
        let Self { code, message, request_id, .. } = self;
        Envelope { code, message, request_id: request_id.or_else(|| around.request_id.clone()), ..around.clone() }
    }

    /// Returns an envelope of it alone.
    pub(super) fn as_envelope(&self) -> Envelope {
        Envelope {
            verdict: Verdict::Failure,
            request_id: self.request_id.clone(),
            code: self.code.clone(),
            message: self.message.clone(),
            data: None,
            fields: Vec::new(),
        }
    }

    /// Fills what is missing from `outer`.
    fn filled_from(self, outer: Self) -> Self {
        Self {
            status: self.status.or(outer.status),
            code: self.code.or(outer.code),
            message: self.message.or(outer.message),
            request_id: self.request_id.or(outer.request_id),
            page: self.page || outer.page,
        }
    }
}

/// Returns the rule of the provider or its vendor for the message.
fn own_rule<'a>(provider: &'a Provider, error: &ErrorText) -> Option<&'a MessageRule> {
    let (code, message) = (error.code.as_deref().unwrap_or_default(), error.message.as_deref().unwrap_or_default());
    provider.message_rule(None, code, message).filter(|rule| !rule.general)
}

/// Returns whether a code is in the catalog, in an entry or in a rule. A status in place of a code does not count.
fn is_known(provider: &Provider, code: &str) -> bool {
    let own = provider.error_codes();
    let entered = own.filter(|error| !error.has_no_code()).any(|error| error.names(code));
    !code.is_empty() && (entered || provider.codes_of_rules().any(|known| known == code))
}

fn structured(provider: &Provider, text: &str) -> Option<ErrorText> {
    json::find(provider, text).or_else(|| xml(text))
}

/// Returns the text as it is, and without the encodings around it: entities of HTML and XML, escapes of quoted JSON, tags.
fn forms(text: &str) -> Vec<Cow<'_, str>> {
    let mut forms = vec![Cow::Borrowed(text)];
    let undone = without_entities(text);
    let plain = undone.clone().unwrap_or_else(|| text.to_owned());
    forms.extend(undone.map(Cow::Owned));
    if plain.contains("\\\"") {
        forms.push(Cow::Owned(plain.replace("\\\\", "\\").replace("\\\"", "\"").replace("\\n", "\n").replace("\\t", " ")));
    }
    if is_page(&plain) {
        forms.push(Cow::Owned(without_tags(&plain)));
    }
    forms
}

fn is_page(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["<html", "<body", "<pre", "<title", "<!doctype"].iter().any(|tag| lower.contains(tag))
}

fn without_entities(text: &str) -> Option<String> {
    const ENTITIES: [(&str, &str); 8] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x22;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    let has_any = ENTITIES.iter().any(|(entity, _)| text.contains(entity));
    has_any.then(|| ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain)))
}

/// Returns the visible text of a page.
fn without_tags(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    for (at, piece) in html.split('<').enumerate() {
        let seen = if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, seen)| seen) };
        plain.push_str(seen);
        plain.push(' ');
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns an error in XML: `<Error><Code>..</Code><Message>..</Message><RequestId>..</RequestId></Error>`.
fn xml(text: &str) -> Option<ErrorText> {
    let code = element(text, "code")?;
    Some(ErrorText {
        status: None,
        code: Some(code),
        message: element(text, "message"),
        request_id: element(text, "requestid"),
        page: false,
    })
}

fn element(xml: &str, name: &str) -> Option<String> {
    let lower = xml.to_ascii_lowercase();
    let start = lower.find(&format!("<{name}>"))? + name.len() + 2;
    let end = start + lower[start..].find(&format!("</{name}>"))?;
    let text = xml[start..end].trim();
    let text = without_entities(text).unwrap_or_else(|| text.to_owned());
    Some(text).filter(|text| !text.is_empty())
}

/// Returns a text without its byte order mark, cut where it is too long.
fn bounded(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim();
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= MAX_TEXT_BYTES).last().unwrap_or_default();
    if text.len() <= MAX_TEXT_BYTES { text } else { &text[..end] }
}
