//! Makes the record of an exchange.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{OutcomeRecord, RequestRecord};
use crate::auth::Trace;
use crate::envelope::{Envelope, Verdict};
use crate::exchange::{Exchange, Failure, FailureClass, Outcome, Purpose, Timings};
use crate::form::Value;
use crate::query::OutcomeKind;
use crate::redact::Redactor;
use crate::wire::{Headers, Request, Response};

/// A record of a call besides its exchanges.
#[derive(Clone, Debug, Default)]
pub struct CallRecord {
    /// The form's values that were set; none for a token request.
    pub form: Vec<(String, Value)>,
    /// The number, in the history, of the exchange that is repeated.
    pub origin: Option<i64>,
}

/// Masks what is secret, and bounds what is long.
#[derive(Clone, Copy, Debug)]
pub struct Masker<'a> {
    /// Knows what is secret.
    pub redactor: &'a Redactor,
    /// The number of bytes of a body that are kept; the rest is counted.
    pub max_body: usize,
}

/// Details of a request that have no column of their own.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct RequestDetails {
    pub signing: Option<Trace>,
    pub form: Vec<(String, Value)>,
    /// Bytes of the body that are not kept.
    pub cut: u64,
    /// The number of secrets that are masked in head and body.
    pub masked: usize,
}

/// Details of an answer, or of its absence, that have no column of their own.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct OutcomeDetails {
    pub envelope: Option<EnvelopeRecord>,
    pub failure: Option<FailureRecord>,
    pub timings: Timings,
    /// Bytes of the body that are not kept, here or when they arrived.
    pub cut: u64,
    /// The number of secrets that are masked in head and body.
    pub masked: usize,
}

/// An envelope without its data, which is read from the body again.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct EnvelopeRecord {
    pub verdict: Verdict,
    pub request_id: Option<String>,
    pub code: Option<String>,
    pub message: Option<String>,
    pub fields: Vec<(String, String)>,
}

/// A failure without the part of an answer that came.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct FailureRecord {
    pub class: FailureClass,
    pub detail: String,
    pub hint: String,
}

/// A body as it is kept.
struct StoredBody {
    bytes: Vec<u8>,
    cut: u64,
    masked: usize,
}

impl Masker<'_> {
    /// Returns the record of a request before it goes out.
    pub fn request_record(&self, exchange: &Exchange, record: &CallRecord) -> RequestRecord {
        let Request { target, headers, body, .. } = &exchange.request;
        let body = self.body(body);
        let shown = self.request_head(&exchange.request);
        let masked = body.masked + changed(headers, &shown.headers) + usize::from(shown.target != *target);
        let signing = exchange.signing.as_ref().map(|trace| self.trace(trace));
        let details = RequestDetails { signing, form: self.form(&record.form), cut: body.cut, masked };
        RequestRecord {
            started: i64::try_from(exchange.started.as_nanosecond()).unwrap_or(i64::MAX),
            provider: exchange.provider.clone(),
            operation: exchange.operation.clone(),
            profile: exchange.profile.clone(),
            region: exchange.region.clone(),
            endpoint: exchange.endpoint.to_string(),
            origin: record.origin,
            background_call: matches!(exchange.purpose, Purpose::BackgroundCall(_)),
            head: shown.head(),
            body: body.bytes,
            rest: json(&details),
        }
    }

    /// Returns the record of the outcome.
    pub fn outcome_record(&self, exchange: &Exchange) -> OutcomeRecord {
        let response = exchange.response();
        let body = self.body(response.map_or(&[], |response| &response.body));
        let shown = response.map(|response| self.answer_head(response));
        let masked = body.masked + response.zip(shown.as_ref()).map_or(0, |(response, shown)| changed(&response.headers, &shown.headers));
        let envelope = exchange.answered().map(|answered| self.envelope(&answered.envelope));
        let failure = self.failure(&exchange.outcome);
        let request_id = envelope.as_ref().and_then(|envelope| envelope.request_id.clone());
        OutcomeRecord {
            ended: ended(&exchange.outcome),
            status: response.map(|response| response.status),
            code: envelope.as_ref().and_then(|envelope| envelope.code.clone()),
            duration: exchange.timings.total.map(nanoseconds),
            note: self.note(exchange),
            request_id,
            head: shown.map(|shown| shown.head()).unwrap_or_default(),
            body: body.bytes,
            rest: json(&OutcomeDetails {
                envelope,
                failure,
                timings: exchange.timings,
                cut: body.cut + response.map_or(0, |response| response.excess),
                masked,
            }),
        }
    }

    /// Returns the searchable text that stands in no bytes of the answer: the message of a failure, and the request id.
    pub(super) fn note(&self, exchange: &Exchange) -> String {
        let message_text = match &exchange.outcome {
            Outcome::Failed(failure) => Some(format!("{}: {}", failure.class.name(), failure.detail)),
            _ => None,
        };
        let request_id = exchange.answered().and_then(|answered| answered.envelope.request_id.clone());
        self.text(&[message_text, request_id].into_iter().flatten().collect::<Vec<_>>().join("\n"))
    }

    pub(super) fn request_head(&self, request: &Request) -> Request {
        Request {
            method: request.method.clone(),
            target: self.text(&request.target),
            headers: self.redactor.headers(&request.headers),
            ..Request::default()
        }
    }

    fn text(&self, text: &str) -> String {
        self.redactor.text(text)
    }

    fn texts(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// Masks a body first and then cuts it: a secret across the cut would leave its half.
    fn body(&self, body: &[u8]) -> StoredBody {
        let spans = self.redactor.spans(body);
        let mut bytes = if spans.is_empty() { body[..body.len().min(self.max_body)].to_vec() } else { self.redactor.bytes(body) };
        let whole = if spans.is_empty() { body.len() } else { bytes.len() };
        bytes.truncate(self.max_body);
        bytes.shrink_to_fit();
        StoredBody { cut: (whole - bytes.len()) as u64, bytes, masked: spans.len() }
    }

    pub(super) fn answer_head(&self, response: &Response) -> Response {
        Response {
            version: response.version.clone(),
            status: response.status,
            reason: self.text(&response.reason).into(),
            headers: self.redactor.headers(&response.headers),
            ..Response::default()
        }
    }

    fn trace(&self, trace: &Trace) -> Trace {
        Trace {
            scheme: trace.scheme,
            key_id: self.text(&trace.key_id),
            date: self.text(&trace.date),
            scope: self.texts(trace.scope.as_ref()),
            signed_headers: trace.signed_headers.clone(),
            payload_hash: trace.payload_hash.clone(),
            canonical_request: self.redactor.canonical_request(&trace.canonical_request),
            string_to_sign: self.text(&trace.string_to_sign),
            signature: self.text(&trace.signature),
            authorization: self.header("authorization", &trace.authorization),
        }
    }

    fn header(&self, name: &str, value: &str) -> String {
        String::from_utf8_lossy(&self.redactor.header(name, value.as_bytes())).into_owned()
    }

    fn form(&self, values: &[(String, Value)]) -> Vec<(String, Value)> {
        values.iter().map(|(name, value)| (name.clone(), self.value(name, value))).collect()
    }

    /// Masks a value as a header of its name would be: by its name, or by what is known in it.
    fn value(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::Unset | Value::Flag(_) => value.clone(),
            Value::Text(text) => Value::Text(self.header(name, text)),
            Value::List(texts) => Value::List(texts.iter().map(|text| self.header(name, text)).collect()),
            Value::Rows(rows) => {
                let member = |(member, text): &(String, String)| (member.clone(), self.header(name, &self.header(member, text)));
                Value::Rows(rows.iter().map(|row| row.iter().map(member).collect()).collect())
            }
            Value::Json(text) => Value::Json(self.header(name, text)),
        }
    }

    fn envelope(&self, envelope: &Envelope) -> EnvelopeRecord {
        EnvelopeRecord {
            verdict: envelope.verdict.clone(),
            request_id: self.texts(envelope.request_id.as_ref()),
            code: self.texts(envelope.code.as_ref()),
            message: self.texts(envelope.message.as_ref()),
            fields: envelope.fields.iter().map(|(name, value)| (name.clone(), self.header(name, value))).collect(),
        }
    }

    fn failure(&self, outcome: &Outcome) -> Option<FailureRecord> {
        let Outcome::Failed(Failure { class, detail, hint, .. }) = outcome else { return None };
        Some(FailureRecord { class: *class, detail: self.text(detail), hint: self.text(hint) })
    }
}

/// Returns the kind of outcome.
pub(super) fn ended(outcome: &Outcome) -> OutcomeKind {
    match outcome {
        Outcome::InFlight | Outcome::Unrecorded => OutcomeKind::Unanswered,
        Outcome::Answered(answered) => match answered.envelope.verdict {
            Verdict::Success => OutcomeKind::Success,
            Verdict::Failure => OutcomeKind::Error,
            Verdict::Foreign(_) => OutcomeKind::Foreign,
        },
        Outcome::Failed(_) => OutcomeKind::Failed,
        Outcome::Cancelled => OutcomeKind::Cancelled,
    }
}

pub(super) fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

/// Returns the number of headers that masking changes.
fn changed(headers: &Headers, shown: &Headers) -> usize {
    headers.iter().zip(shown.iter()).filter(|(one, other)| one != other).count()
}

/// Writes JSON: these types have text for keys and no numbers that JSON cannot write: this does not fail.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
