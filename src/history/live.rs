//! An exchange of this session, as a query sees it: like one that is kept, so that both are found alike.

use super::Masker;
use super::masker::{ended, nanoseconds};
use crate::exchange::{Exchange, Purpose};
use crate::query::{ExchangeFacts, MAX_SEARCHED_BYTES, SearchTexts};
use crate::redact::Redactor;

/// The distance at which a secret is looked for that begins before: none is longer.
const MAX_SECRET_OVERLAP_BYTES: usize = 8 << 10;

/// An exchange with what a query asks of it and it does not have ready.
#[derive(Debug)]
pub struct LiveFacts<'a> {
    exchange: &'a Exchange,
    endpoint: String,
    texts: MaskedTexts,
}

/// The searchable texts with secrets masked; empty when nothing is searched.
#[derive(Debug, Default)]
struct MaskedTexts {
    request_head: Vec<u8>,
    request_body: Vec<u8>,
    answer_head: Vec<u8>,
    answer_body: Vec<u8>,
    note: String,
}

/// Returns the searchable part of a body; a secret across the edge is whole, so that it is masked and no half of it can be found.
fn searched<'b>(redactor: &Redactor, body: &'b [u8]) -> &'b [u8] {
    let near = &body[..body.len().min(MAX_SEARCHED_BYTES + MAX_SECRET_OVERLAP_BYTES)];
    let across = redactor.spans(near).into_iter().find(|span| span.start < MAX_SEARCHED_BYTES && MAX_SEARCHED_BYTES < span.end);
    &near[..across.map_or(near.len().min(MAX_SEARCHED_BYTES), |span| span.end)]
}

impl<'a> LiveFacts<'a> {
    /// Creates the facts without its texts.
    pub fn new(exchange: &'a Exchange) -> Self {
        Self { exchange, endpoint: exchange.endpoint.to_string(), texts: MaskedTexts::default() }
    }

    /// Creates the facts with its texts: a secret that is masked is not found.
    pub fn with_texts(exchange: &'a Exchange, redactor: &Redactor) -> Self {
        let mask = Masker { redactor, max_body: MAX_SEARCHED_BYTES };
        let response = exchange.response();
        let body = |body: &[u8]| redactor.bytes(searched(redactor, body));
        let texts = MaskedTexts {
            request_head: mask.request_head(&exchange.request).head(),
            request_body: body(&exchange.request.body),
            answer_head: response.map(|response| mask.answer_head(response).head()).unwrap_or_default(),
            answer_body: response.map(|response| body(&response.body)).unwrap_or_default(),
            note: mask.note(exchange),
        };
        Self { texts, ..Self::new(exchange) }
    }

    /// Returns the facts that a query may ask for. `id` is its number in the history, if it has one, and `origin` that of the exchange that it repeats.
    pub fn facts(&self, id: Option<i64>, origin: Option<i64>) -> ExchangeFacts<'_> {
        let Self { exchange, endpoint, texts } = self;
        let envelope = exchange.answered().map(|answered| &answered.envelope);
        ExchangeFacts {
            id,
            origin,
            background_call: matches!(exchange.purpose, Purpose::BackgroundCall(_)),
            provider: &exchange.provider,
            operation: &exchange.operation,
            profile: &exchange.profile,
            region: &exchange.region,
            endpoint,
            code: envelope.and_then(|envelope| envelope.code.as_deref()),
            request_id: envelope.and_then(|envelope| envelope.request_id.as_deref()),
            status: exchange.response().map(|response| response.status),
            ended: ended(&exchange.outcome),
            duration: exchange.timings.total.map(nanoseconds),
            started: i64::try_from(exchange.started.as_nanosecond()).unwrap_or(i64::MAX),
            texts: SearchTexts {
                request_head: &texts.request_head,
                request_body: &texts.request_body,
                answer_head: &texts.answer_head,
                answer_body: &texts.answer_body,
                note: texts.note.as_bytes(),
            },
        }
    }
}
