//! Envelopes: what a vendor wraps an answer in, read (for the console) and written (for the emulator).
//!
//! One file per vendor format, `decode` and `render` side by side. Whatever is not the vendor's format is named for
//! what it is; the bytes stay in the exchange.

mod alibaba;
mod body;
mod json_text;
mod keystone;
mod render;
mod swr;
mod tree;
mod volcengine;
mod xml;

pub use json_text::JsonText;
pub use render::reason;
pub use tree::Tree;
pub use xml::to_xml;

use serde::{Deserialize, Serialize};

use crate::catalog::ResponseFormat;
use crate::wire::{Headers, Response};

/// Bodies larger than this many bytes are shown but not read: no answer of these APIs comes near it.
pub const MAX_READ_BYTES: usize = 1 << 20;

/// The most bytes of a request id or a code. A vendor's have a tenth of it.
const MAX_NAME_BYTES: usize = 512;

/// The most bytes of a message or another field: room for a server's own canonical request in an error of the signature.
const MAX_TEXT_BYTES: usize = 16 << 10;

/// The decoded content of an answer. Texts longer than any vendor's are cut and end with `…`; the bytes stay in the exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Whether the vendor says that the call succeeded.
    pub verdict: Verdict,
    /// The request id: from the body, or else from the vendor's header.
    pub request_id: Option<String>,
    /// The error code; also on success where the format has one (SAE's `Code: "200"`).
    pub code: Option<String>,
    /// The message.
    pub message: Option<String>,
    /// The answer proper: `Data`, `Result`, or the whole body where nothing wraps it.
    pub data: Option<JsonText>,
    /// The envelope's other fields in the order of the body, as text: `TraceId`, `HostId`, `Recommend`, `Region`.
    pub fields: Vec<(String, String)>,
}

/// The verdict on an answer. The names are stored in history files and must not change.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The call succeeded.
    Success,
    /// The vendor answered with an error; its code and message are in the envelope.
    Failure,
    /// Not the vendor's format: somebody else answered, or the answer is damaged.
    Foreign(Foreign),
}

/// The kind of an answer that is not in the vendor's format. The names are stored in history files and must not change.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Foreign {
    /// No body where there should be one.
    Empty,
    /// A web page: usually a proxy or a login portal. Holds its title.
    Html(Option<String>),
    /// XML where JSON should be.
    Xml,
    /// JSON that breaks off; at which byte.
    TruncatedJson(usize),
    /// Not JSON; what is wrong, as the parser says.
    NotJson(String),
    /// JSON, but without the members that the vendor's answers have.
    OtherJson,
    /// A redirect, which is never followed; where to.
    Redirect(Option<String>),
    /// Larger than [`MAX_READ_BYTES`]: shown, not read.
    TooLarge(usize),
    /// Compressed or in another coding that was not asked for; its name.
    Encoded(String),
}

/// An error as the emulator answers it.
#[derive(Clone, Debug)]
pub struct ErrorResponse<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: &'a str,
    /// The message with everything filled in.
    pub message: &'a str,
    /// The vendor's number beside the code.
    pub number: Option<i64>,
    /// Whether the gateway answers, or the service behind it.
    pub gateway: bool,
}

/// Facts of the request that an envelope repeats.
#[derive(Clone, Debug, Default)]
pub struct RequestFacts<'a> {
    /// The id given to the request.
    pub request_id: &'a str,
    /// A second id that some vendors add (Alibaba's trace id).
    pub trace_id: &'a str,
    /// The `host` header.
    pub host: &'a str,
    /// The operation's id.
    pub action: &'a str,
    /// The API's version.
    pub version: &'a str,
    /// The service's short name.
    pub service: &'a str,
    /// The product's code in links to the vendor's help.
    pub product: &'a str,
    /// The region.
    pub region: &'a str,
}

impl Envelope {
    /// Returns whether the call succeeded.
    pub fn succeeded(&self) -> bool {
        self.verdict == Verdict::Success
    }

    /// Cuts what is too long: it is drawn with every frame.
    fn bounded(mut self) -> Self {
        for name in [&mut self.request_id, &mut self.code].into_iter().flatten() {
            cut(name, MAX_NAME_BYTES);
        }
        for text in self.message.iter_mut().chain(self.fields.iter_mut().map(|(_, text)| text)) {
            cut(text, MAX_TEXT_BYTES);
        }
        self
    }
}

/// Cuts a text at its last white space within the limit. Within a word there might be a secret, and nothing would mask half of one.
fn cut(text: &mut String, limit: usize) {
    if text.len() <= limit {
        return;
    }
    let within = text.char_indices().take_while(|(at, _)| *at < limit);
    let end = within.filter(|(_, character)| character.is_whitespace()).last().map_or(0, |(at, _)| at);
    text.truncate(end);
    text.push('…');
}

/// Reads an answer. `success` are the statuses that mean success.
pub fn decode(format: ResponseFormat, response: &Response, success: &[u16]) -> Envelope {
    let envelope = match format {
        ResponseFormat::AlibabaService => alibaba::decode_service(response, success),
        ResponseFormat::AlibabaFlat => alibaba::decode_flat(response, success),
        ResponseFormat::Volcengine => volcengine::decode(response, success),
        ResponseFormat::HuaweiSwr | ResponseFormat::OtcSwr => swr::decode(response, success),
    };
    envelope.bounded()
}

/// Reads an answer of the identity service (`POST /v3/auth/tokens`).
pub fn decode_token(response: &Response) -> Envelope {
    keystone::decode(response).bounded()
}

/// Writes a successful answer around `data`; `None` for an operation whose answers have no body.
pub fn render_success(format: ResponseFormat, status: u16, data: Option<Tree<'_>>, facts: &RequestFacts<'_>) -> Response {
    match format {
        ResponseFormat::AlibabaService => alibaba::render_service(status, data, facts),
        ResponseFormat::AlibabaFlat => alibaba::render_flat(status, data, facts),
        ResponseFormat::Volcengine => volcengine::render(status, data, facts),
        ResponseFormat::HuaweiSwr | ResponseFormat::OtcSwr => swr::render(status, data, facts),
    }
}

/// Writes an error answer in the vendor's shape, headers included.
pub fn render_error(format: ResponseFormat, error: &ErrorResponse<'_>, facts: &RequestFacts<'_>) -> Response {
    match format {
        ResponseFormat::AlibabaService => alibaba::render_service_error(error, facts),
        ResponseFormat::AlibabaFlat => alibaba::render_error(error, facts),
        ResponseFormat::Volcengine => volcengine::render_error(error, facts),
        ResponseFormat::HuaweiSwr => swr::render_huawei_error(error, facts),
        ResponseFormat::OtcSwr => swr::render_otc_error(error, facts),
    }
}

/// Writes an error that has no code and no body: what is left is the status and the vendor's request id.
pub fn render_bodiless_error(format: ResponseFormat, status: u16, facts: &RequestFacts<'_>) -> Response {
    let header = match format {
        ResponseFormat::AlibabaService | ResponseFormat::AlibabaFlat => "x-acs-request-id",
        ResponseFormat::Volcengine => "x-tt-logid",
        ResponseFormat::HuaweiSwr | ResponseFormat::OtcSwr => "x-request-id",
    };
    render::empty(status, Headers::from_iter([(header, facts.request_id)]))
}

/// Writes an error of the identity service: `{"error": {"message", "code", "title"}}`.
pub fn render_token_error(status: u16, message: &str, title: &str, facts: &RequestFacts<'_>) -> Response {
    keystone::render_error(status, message, title, facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(code: &str, message: &str) -> Envelope {
        let body = format!("{{\"RequestId\":\"R\",\"Code\":\"{code}\",\"Message\":\"{message}\"}}");
        let response = Response { status: 400, body: body.into(), ..Response::default() };
        decode(ResponseFormat::AlibabaFlat, &response, &[200])
    }

    #[test]
    fn shortens_no_vendors_text() {
        let envelope = decoded("InvalidNamespaceIdSuffix.Format", &"word ".repeat(3000));
        assert_eq!(envelope.code.as_deref(), Some("InvalidNamespaceIdSuffix.Format"));
        assert_eq!(envelope.message.map(|message| message.len()), Some(15_000));
    }

    #[test]
    fn cuts_an_endless_text_between_words() {
        let envelope = decoded("Code", &format!("{}{}", "wörd ".repeat(2500), "half-of-a-secret".repeat(1000)));
        let message = envelope.message.unwrap();
        assert!(message.len() <= MAX_TEXT_BYTES && message.ends_with("wörd…"), "{} bytes", message.len());
        assert_eq!(decoded(&"Code.".repeat(1000), "no").code.as_deref(), Some("…"));
    }
}
