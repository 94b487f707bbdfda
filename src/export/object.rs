//! An exchange as one JSON object: stable, documented in the help of `send`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{ExportInput, Secrets};
use crate::body::mask_json;
use crate::envelope::{Envelope, Foreign, JsonText, Verdict};
use crate::exchange::{Exchange, Failure, Outcome, Timings};
use crate::explain::{Checked, Explanation, RequestedWait};
use crate::lab::Cause;
use crate::redact::Redactor;
use crate::text::escape_json;
use crate::wire::{Endpoint, Headers, Request, Response};

/// Returns the object on a line of its own.
pub(super) fn line(subject: &ExportInput<'_>) -> Vec<u8> {
    let mut object = exchange(subject.exchange, subject.explanation().as_ref(), subject.secrets);
    if let Some(remark) = subject.remark() {
        object["remark"] = remark.into();
    }
    let masked = match subject.secrets {
        Secrets::Masked(redactor) => masked_json(&object, redactor),
        Secrets::Shown => object.to_string(),
    };
    let mut line = escape_json(&masked);
    line.push('\n');
    line.into_bytes()
}

/// Returns a JSON value on one line with its secrets masked: what is masked is a text then, and the whole is JSON still.
pub fn masked_json(value: &Value, redactor: &Redactor) -> String {
    let masked = mask_json(value.to_string().as_bytes(), redactor);
    redactor.text(&String::from_utf8_lossy(&masked))
}

/// Returns the whole exchange. Texts that the vendor or the system said are not masked here: whoever writes the object masks it as a whole.
pub fn exchange(exchange: &Exchange, explanation: Option<&Explanation>, secrets: Secrets<'_>) -> Value {
    json!({
        "provider": exchange.provider,
        "operation": exchange.operation,
        "profile": exchange.profile,
        "region": exchange.region,
        "started": exchange.started.to_string(),
        "attempt": exchange.call_origin.retry.as_ref().map_or(json!(1), |retry| json!(retry.attempt)),
        "outcome": outcome(&exchange.outcome),
        "request": request(&exchange.endpoint, &exchange.request, secrets),
        "response": exchange.response().map(|answer| response(answer, secrets)),
        "envelope": exchange.answered().map(|answered| envelope(&answered.envelope)),
        "failure": failure(&exchange.outcome),
        "explanation": explanation.map(explained),
        "signature_cause": explanation.and_then(|explanation| explanation.signature.as_ref()).map(cause),
        "timings_ms": timings(&exchange.timings),
    })
}

/// Reads `success`, `error`, `foreign`, `failed`, `cancelled`, and in the history `unanswered`.
fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered(answered) => match answered.envelope.verdict {
            Verdict::Success => "success",
            Verdict::Failure => "error",
            Verdict::Foreign(_) => "foreign",
        },
        Outcome::Failed(_) => "failed",
        Outcome::Cancelled => "cancelled",
        Outcome::InFlight | Outcome::Unrecorded => "unanswered",
    }
}

/// Returns a request and where it goes.
pub fn request(endpoint: &Endpoint, request: &Request, secrets: Secrets<'_>) -> Value {
    let mut object = json!({
        "url": format!("{endpoint}{}", request.target),
        "method": request.method,
        "target": request.target,
        "headers": headers(&request.headers, secrets),
    });
    put_body(&mut object, &request.body, secrets);
    object
}

fn response(response: &Response, secrets: Secrets<'_>) -> Value {
    let mut object = json!({
        "status": response.status,
        "reason": response.reason,
        "version": response.version,
        "headers": headers(&response.headers, secrets),
    });
    put_body(&mut object, &response.body, secrets);
    object["excess_bytes"] = response.excess.into();
    object
}

/// Returns name and value of each, in order; a value that is no UTF-8 has its bytes as the characters of the same numbers (Latin-1).
fn headers(headers: &Headers, secrets: Secrets<'_>) -> Value {
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap_or_else(|_| value.iter().map(|byte| char::from(*byte)).collect());
    secrets.headers(headers).iter().map(|(name, value)| json!([name, text(value)])).collect()
}

/// Writes the body as text, or in base64 when it is no UTF-8.
fn put_body(object: &mut Value, body: &[u8], secrets: Secrets<'_>) {
    match String::from_utf8(secrets.bytes(body)) {
        Ok(text) => object["body"] = text.into(),
        Err(error) => object["body_base64"] = STANDARD.encode(error.as_bytes()).into(),
    }
}

fn envelope(envelope: &Envelope) -> Value {
    let fields: serde_json::Map<String, Value> = envelope.fields.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    json!({
        "success": envelope.succeeded(),
        "request_id": envelope.request_id,
        "code": envelope.code,
        "message": envelope.message,
        "data": envelope.data.as_ref().map(JsonText::value),
        "fields": fields,
        "foreign": match &envelope.verdict {
            Verdict::Foreign(foreign) => Some(foreign_name(foreign)),
            _ => None,
        },
    })
}

/// Returns what an answer is that is not the vendor's, in a word.
fn foreign_name(foreign: &Foreign) -> &'static str {
    match foreign {
        Foreign::Empty => "empty",
        Foreign::Html(_) => "html",
        Foreign::Xml => "xml",
        Foreign::TruncatedJson(_) => "truncated-json",
        Foreign::NotJson(_) => "not-json",
        Foreign::OtherJson => "other-json",
        Foreign::Redirect(_) => "redirect",
        Foreign::TooLarge(_) => "too-large",
        Foreign::Encoded(_) => "encoded",
    }
}

fn failure(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Failed(Failure { class, detail, hint, .. }) => json!({ "class": class.name(), "detail": detail, "hint": hint }),
        _ => Value::Null,
    }
}

/// Returns what the laboratory found.
pub fn cause(cause: &Cause) -> Value {
    json!({
        "fault": cause.fault.id,
        "certainty": cause.certainty.name(),
        "title": cause.fault.title,
        "detail": cause.detail,
        "remedy": cause.fault.remedy,
    })
}

/// Returns an explanation, also as `explain` prints it.
pub fn explained(explanation: &Explanation) -> Value {
    json!({
        "summary": explanation.summary,
        "likely": explanation.likely().map(|likely| json!({ "check": likely.name, "says": likely.says, "remedy": likely.remedy })),
        "vendor": explanation.vendor,
        "cause": explanation.cause,
        "remedy": explanation.remedy,
        "parameter": explanation.parameter,
        "permission": explanation.permission,
        "resource": explanation.missing.as_ref().map(|missing| &missing.resource),
        "policy": explanation.missing.as_ref().and_then(|missing| missing.policy.as_ref()),
        "transient": explanation.transient,
        "wait": explanation.wait.as_ref().map(wait),
        "source": explanation.source,
        "in_catalog": explanation.nearest.is_none(),
        "nearest": explanation.nearest,
        "checks": explanation.checks.iter().map(checked).collect::<Vec<_>>(),
    })
}

fn wait(wait: &RequestedWait) -> Value {
    json!({ "until": wait.until.to_string(), "ms": i64::try_from(wait.delay.as_millis()).ok(), "header": wait.header, "capped": wait.capped })
}

fn checked(checked: &Checked) -> Value {
    let remedy = Some(&checked.remedy).filter(|remedy| !remedy.is_empty());
    json!({ "check": checked.name, "looked_at": checked.looked_at, "state": checked.state.name(), "says": checked.says, "remedy": remedy })
}

/// Returns an explanation's parts but for the summary, each with its name; those that say nothing are left out. The likely cause comes first.
pub fn parts(explanation: &Explanation) -> impl Iterator<Item = (&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let likely = |part: fn(&Checked) -> &String| explanation.likely().map(part).cloned().unwrap_or_default();
    let told = explanation.likely().is_some_and(|likely| likely.remedy == explanation.remedy);
    let policy = explanation.missing.as_ref().and_then(|missing| missing.policy.as_ref());
    let again = if explanation.transient { "the same call may succeed a little later" } else { "" };
    let parts = [
        ("likely", likely(|checked| &checked.says)),
        ("remedy", likely(|checked| &checked.remedy)),
        ("vendor", explanation.vendor.clone()),
        ("cause", explanation.cause.clone()),
        ("remedy", if told { String::new() } else { explanation.remedy.clone() }),
        ("field", text(&explanation.parameter)),
        ("permission", text(&explanation.permission)),
        ("policy", policy.map(|policy| format!("{policy}  (our suggestion: it allows this one action)")).unwrap_or_default()),
        ("again", again.to_owned()),
        ("source", text(&explanation.source)),
        ("catalog", explanation.catalog_note().unwrap_or_default()),
    ];
    parts.into_iter().filter(|(_, text)| !text.is_empty())
}

fn timings(timings: &Timings) -> Value {
    let millis = |part: Option<Duration>| part.map(|part| (part.as_secs_f64() * 1e6).round() / 1e3);
    json!({
        "dns": millis(timings.dns),
        "connect": millis(timings.connect),
        "first_byte": millis(timings.first_byte),
        "total": millis(timings.total),
    })
}
