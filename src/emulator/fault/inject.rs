//! Injects faults into an answer: another one in its place, a damaged one, a broken delivery.

use std::time::Duration;

use bytes::Bytes;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use super::{AppliedFaults, Cut, Damage, Failure};
use crate::catalog::{Condition, Operation, Provider, RetryUnit};
use crate::emulator::access::Note;
use crate::emulator::refusal::Refusal;
use crate::emulator::reply::{Delivery, PlaceInResponse, Reply};
use crate::emulator::request_context::RequestContext;
use crate::envelope::{reason, render_bodiless_error};
use crate::wire::{Headers, Response};

/// Statuses whose answer never has a body.
const WITHOUT_BODY: [u16; 3] = [204, 205, 304];

/// The status of too many calls, for a provider whose catalog names no code for it.
const TOO_MANY_REQUESTS_STATUS: u16 = 429;

/// The request that faults apply to.
pub(crate) struct FaultTarget<'a> {
    /// The operation it asks for, if that is known.
    pub operation: Option<&'a Operation>,
    /// The facts of the request.
    pub context: &'a RequestContext<'a>,
}

impl FaultTarget<'_> {
    /// Returns the answer that the faults put in the place of the emulator's own, if they do.
    pub(crate) fn replacement_response(&self, applied: &AppliedFaults) -> Option<Response> {
        let mut response = match applied.instead.as_ref()? {
            Failure::Status(status) => self.status(*status),
            Failure::Html(status) => page(*status),
            Failure::Code(code, status) => self.refuse(&Refusal::injected(code, *status, self.provider(), self.operation)),
            _ => self.throttled(),
        };
        if let Some(wait) = applied.retry_after {
            self.add_retry_after(&mut response, wait);
        }
        Some(response)
    }

    /// Returns a status alone; as the vendor sends it where the catalog documents it without a code.
    fn status(&self, status: u16) -> Response {
        let provider = self.provider();
        match provider.error_without_code(self.operation, status) {
            Some(_) => render_bodiless_error(provider.answer_format, status, &self.context.for_envelope()),
            None => bare(status),
        }
    }

    fn provider(&self) -> &Provider {
        &self.context.provider_context.provider
    }

    fn throttled(&self) -> Response {
        let provider = self.provider();
        if provider.conditions.contains_key(&Condition::Throttled) {
            self.refuse(&Refusal::for_condition(Condition::Throttled))
        } else {
            bare(TOO_MANY_REQUESTS_STATUS)
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Response {
        refusal.render(self.operation, self.context)
    }

    /// Says when to come again, where the vendor documents a header for it.
    fn add_retry_after(&self, response: &mut Response, wait: SignedDuration) {
        let Some(retry) = &self.provider().retry_after else { return };
        let size = match retry.unit {
            RetryUnit::Ms => wait.as_millis().max(1),
            RetryUnit::S => i128::from(wait.as_secs()) + 1,
        };
        response.headers.push(retry.header.as_str(), size.to_string());
    }
}

/// Returns the reply in which an answer goes out: late, damaged, or broken in its delivery, as the faults say.
pub(crate) fn reply(mut response: Response, applied: AppliedFaults, now: Timestamp) -> Reply {
    match applied.content {
        Some(Failure::ContentType(kind)) => response.headers.set("content-type", kind),
        Some(Failure::Malformed(damage)) => damage_body(&mut response, damage),
        _ => {}
    }
    if !applied.clock.is_zero()
        && let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&now)
    {
        response.headers.set("date", date);
    }
    let delivery = applied.delivery.map_or(Delivery::Whole, |failure| delivery(&failure, &response.body));
    Reply { response, delay: applied.delay, delivery, note: Note::default() }
}

/// Returns the reply in which an answer without faults goes out.
pub(crate) fn unchanged(response: Response) -> Reply {
    Reply { response, delay: Duration::ZERO, delivery: Delivery::Whole, note: Note::default() }
}

fn delivery(failure: &Failure, body: &Bytes) -> Delivery {
    match failure {
        Failure::Reset(None) => Delivery::ResetBefore,
        Failure::Reset(Some(cut)) => Delivery::ResetInside(cut_place(*cut, body)),
        Failure::Truncated(cut) => Delivery::Truncated(cut_place(*cut, body)),
        Failure::NotHttp => Delivery::NotHttp,
        Failure::Drip { bytes, every } => Delivery::Drip { bytes: *bytes, every: *every },
        _ => Delivery::Whole,
    }
}

/// Returns the place of a cut: never behind the last byte, and in the head if there is no body.
fn cut_place(cut: Cut, body: &Bytes) -> PlaceInResponse {
    match (cut, body.len()) {
        (_, 0) => PlaceInResponse::Head,
        (Cut::Half, length) => PlaceInResponse::Body(length / 2),
        (Cut::Bytes(bytes), length) => PlaceInResponse::Body(bytes.min(length - 1)),
    }
}

/// Damages a body. An answer that could have one and has none gets a piece of one.
fn damage_body(response: &mut Response, damage: Damage) {
    if WITHOUT_BODY.contains(&response.status) {
        return;
    }
    if response.body.is_empty() {
        response.body = Bytes::from_static(b"{\"");
        return response.headers.set("content-type", "application/json");
    }
    match damage {
        Damage::Cut => response.body.truncate(response.body.len() / 2),
        Damage::Garbled => response.body = corrupt_json(&response.body),
    }
}

/// Returns the body with an `=` in the place of its first `:`, or before all of it.
fn corrupt_json(body: &Bytes) -> Bytes {
    let mut bytes = body.to_vec();
    match bytes.iter().position(|byte| *byte == b':') {
        Some(colon) => bytes[colon] = b'=',
        None => bytes.insert(0, b'='),
    }
    bytes.into()
}

/// Returns a bare answer with a status: what a failing gateway sends.
fn bare(status: u16) -> Response {
    let text = if WITHOUT_BODY.contains(&status) { String::new() } else { format!("{}\n", reason(status)) };
    plain(status, "text/plain", text)
}

/// Returns a web page with a status: what a proxy sends.
fn page(status: u16) -> Response {
    let title = format!("{status} {}", reason(status));
    let body = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    plain(status, "text/html", body)
}

fn plain(status: u16, kind: &str, body: String) -> Response {
    Response {
        version: "HTTP/1.1".into(),
        status,
        headers: Headers::from_iter([("content-type", kind)]),
        body: body.into(),
        ..Response::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncates_inside_the_answer() {
        let body = Bytes::from_static(b"0123456789");
        assert_eq!(cut_place(Cut::Half, &body), PlaceInResponse::Body(5));
        assert_eq!(cut_place(Cut::Bytes(3), &body), PlaceInResponse::Body(3));
        assert_eq!(cut_place(Cut::Bytes(99), &body), PlaceInResponse::Body(9));
        assert_eq!(
            (cut_place(Cut::Half, &Bytes::new()), cut_place(Cut::Bytes(0), &Bytes::new())),
            (PlaceInResponse::Head, PlaceInResponse::Head)
        );
    }

    #[test]
    fn a_damaged_body_is_no_json() {
        for damage in [Damage::Cut, Damage::Garbled] {
            for (status, body) in [(200, "{\"a\":{\"b\":1}}"), (200, "[]"), (200, "[{\"a\":\"b\"}]"), (201, "")] {
                let mut response = Response { status, body: body.into(), ..Response::default() };
                damage_body(&mut response, damage);
                assert!(serde_json::from_slice::<serde_json::Value>(&response.body).is_err(), "{damage:?} {body} {response:?}");
            }
        }
        let mut response = Response { status: 204, ..Response::default() };
        damage_body(&mut response, Damage::Cut);
        assert!(response.body.is_empty());
    }
}
