//! The work of Alibaba Cloud's gateway on every answer: XML for those who ask for it, and headers of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::auth::sha256;
use crate::envelope::to_xml;
use crate::form::flat_parameters;
use crate::wire::{Request, Response};

/// The header by which an answer is the gateway's, rather than that of something before it.
const GATEWAY_ID_HEADER: &str = "x-acs-request-id";

/// The content type of an answer in XML; the SDKs read no other as such.
const XML: &str = "text/xml;charset=utf-8";

/// The time that the gateway says that it keeps a connection: less than this emulator does.
const KEEP_ALIVE: &str = "timeout=25";

/// The form of an answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnswerForm {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// Returns the form that a request's `accept` asks for: XML only where it names XML and not JSON.
pub(super) fn asked_form(request: &Request) -> AnswerForm {
    let accept = request.headers.get_str("accept").unwrap_or_default();
    let names = |subtype: &str| accept.split(',').filter_map(|range| range.split(';').next()).any(|range| range.trim().ends_with(subtype));
    if names("/xml") && !names("/json") { AnswerForm::Xml } else { AnswerForm::Json }
}

/// Returns the form that an RPC-style call asks for by its `Format`: XML without one, as the vendor documents.
pub(super) fn named_form(request: &Request) -> AnswerForm {
    let parameters = flat_parameters(request);
    let names_json = parameters.iter().any(|(name, value)| name == "Format" && value.eq_ignore_ascii_case("json"));
    if names_json { AnswerForm::Json } else { AnswerForm::Xml }
}

/// Finishes an answer of the gateway's to a request for this action; others stay as they are.
pub(super) fn finish(response: &mut Response, form: AnswerForm, action: &str) {
    if !response.headers.contains(GATEWAY_ID_HEADER) {
        return;
    }
    if form == AnswerForm::Xml {
        let root = if response.status >= 400 { "Error".to_owned() } else { format!("{action}Response") };
        if let Some(xml) = to_xml(&response.body, &root) {
            response.body = xml.into();
            response.headers.set("content-type", XML);
        }
    }
    response.headers.push("keep-alive", KEEP_ALIVE);
    // 21 bytes are 28 characters, as long as the gateway's.
    response.headers.push("etag", STANDARD.encode(&sha256(&response.body)[..21]));
}
