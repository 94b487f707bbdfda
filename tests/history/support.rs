//! Exchanges to keep.

use std::time::Duration;

use skydeck::auth::{Scheme, Trace};
use skydeck::envelope::{Envelope, Verdict};
use skydeck::exchange::{Answered, Exchange, ExchangeId, Failure, FailureClass, Origin, Outcome, Purpose, Timings};
use skydeck::history::{Masker, OutcomeRecord, RequestRecord};
use skydeck::query::OutcomeKind;
use skydeck::redact::Redactor;
use skydeck::wire::{Request, Response};

/// A row with nothing special in it.
pub fn beginning(started: i64) -> RequestRecord {
    RequestRecord {
        started,
        provider: "alibaba-sae".to_owned(),
        operation: "CreateNamespace".to_owned(),
        profile: "demo".to_owned(),
        region: "cn-hangzhou".to_owned(),
        endpoint: "http://127.0.0.1:1".to_owned(),
        origin: None,
        background_call: false,
        head: b"POST / HTTP/1.1\r\nhost: a\r\n\r\n".to_vec(),
        body: Vec::new(),
        rest: r#"{"signing":null,"form":[],"cut":0,"covered":0}"#.to_owned(),
    }
}

/// An end with nothing special in it.
pub fn ending(ended: OutcomeKind) -> OutcomeRecord {
    OutcomeRecord {
        ended,
        status: None,
        code: None,
        request_id: None,
        duration: None,
        head: Vec::new(),
        body: Vec::new(),
        note: String::new(),
        rest: "{}".to_owned(),
    }
}

/// An exchange in flight that says `word` wherever it can.
pub fn exchange(word: &str) -> Exchange {
    Exchange {
        id: ExchangeId(7),
        provider: "alibaba-sae".to_owned(),
        operation: "CreateNamespace".to_owned(),
        profile: "demo".to_owned(),
        region: "cn-hangzhou".to_owned(),
        purpose: Purpose::Operator,
        call_origin: Origin::default(),
        started: "2026-11-22T10:00:00.123456789Z".parse().unwrap(),
        endpoint: "http://127.0.0.1:8080".parse().unwrap(),
        request: Request {
            method: "POST".to_owned(),
            target: format!("/pop/v1/paas/namespace?a={word}"),
            headers: [("host", "127.0.0.1:8080"), ("x-note", word), ("authorization", &format!("Bearer {word}"))].into_iter().collect(),
            body: format!("{{\"note\":\"{word}\"}}").into(),
        },
        signing: Some(Trace {
            scheme: Scheme::Acs3,
            key_id: "LTAI5tExample".to_owned(),
            date: "2026-11-22T10:00:00Z".to_owned(),
            scope: Some("20261122".to_owned()),
            signed_headers: vec!["host".to_owned()],
            payload_hash: "00".to_owned(),
            canonical_request: format!("POST\n/\nnote={word}"),
            string_to_sign: format!("ACS3\n{word}"),
            signature: "ab12".to_owned(),
            authorization: format!("ACS3 Credential={word}"),
        }),
        outcome: Outcome::InFlight,
        timings: Timings::default(),
    }
}

/// The same with an answer.
pub fn answered(word: &str, body: Vec<u8>) -> Exchange {
    let headers = [("content-type", "application/json"), ("x-said", word)].into_iter().collect();
    let response = Response { version: "HTTP/1.1".into(), status: 409, reason: "Conflict".into(), headers, body: body.into(), excess: 3 };
    let envelope = Envelope {
        verdict: Verdict::Failure,
        request_id: Some(format!("R-{word}")),
        code: Some(format!("Taken.{word}")),
        message: Some(format!("{word} is taken")),
        data: None,
        fields: vec![("HostId".to_owned(), word.to_owned())],
    };
    let total = Some(Duration::from_nanos(87_654_321));
    Exchange {
        outcome: Outcome::Answered(Box::new(Answered { response, envelope })),
        timings: Timings { first_byte: total, total, ..Timings::default() },
        ..exchange(word)
    }
}

/// The same without an answer.
pub fn failed(word: &str) -> Exchange {
    let failure =
        Failure { class: FailureClass::ReadTimeout, detail: format!("{word} was silent"), hint: format!("ask {word}"), partial: None };
    Exchange { outcome: Outcome::Failed(failure), ..exchange(word) }
}

/// Covers nothing.
pub fn open_cover(redactor: &Redactor) -> Masker<'_> {
    Masker { redactor, max_body: 1 << 20 }
}
