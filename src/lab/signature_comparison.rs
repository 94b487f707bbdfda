//! The text that the server computed for a signature, taken from its answer, beside ours.

use super::align::Comparison;
use super::examine::compare;
use super::report::Cause;
use super::server::ServerText;
use crate::exchange::{Answered, Exchange};

/// The maximum length of an answer that is searched for a server's text: no vendor's refusal is longer.
const MAX_ANSWER_BYTES: usize = 256 << 10;

/// Our signing beside the server's, and what the difference means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureComparison {
    /// The lines of both texts.
    pub comparison: Comparison,
    /// The causes, the most important first; equal texts mean another secret. May hold what the request holds: redact before
    /// showing.
    pub causes: Vec<Cause>,
}

impl SignatureComparison {
    /// Finds it in an exchange that failed and whose answer carries the server's text; none where there is no such text, or
    /// nothing was signed.
    pub fn of(exchange: &Exchange) -> Option<Self> {
        let trace = exchange.signing.as_ref()?;
        let answered = exchange.answered().filter(|answered| !answered.envelope.succeeded())?;
        let server = server_text(answered)?;
        let (comparison, causes) = compare(trace, &server, Some(&exchange.request.body));
        (!causes.is_empty()).then_some(Self { comparison, causes })
    }
}

/// Returns why the signature of an exchange was refused, where the server's text tells.
pub fn cause(exchange: &Exchange) -> Option<Cause> {
    SignatureComparison::of(exchange).and_then(|finding| finding.causes.into_iter().next())
}

fn server_text(answered: &Answered) -> Option<ServerText> {
    let body = &answered.response.body;
    let message = answered.envelope.message.as_deref().filter(|message| message.len() <= MAX_ANSWER_BYTES);
    let in_body = || (body.len() <= MAX_ANSWER_BYTES).then(|| ServerText::find(&String::from_utf8_lossy(body))).flatten();
    message.and_then(ServerText::find).or_else(in_body)
}
