//! What came of a call, as people or programs read it.

use std::time::Duration;

use super::arguments::Form;
use super::exit::Exit;
use super::output::{Ink, Output};
use super::shown;
use crate::envelope::Verdict;
use crate::exchange::{Answered, Exchange, Outcome, Timings};
use crate::explain::{Explanation, State};
use crate::export::{Secrets, object};
use crate::lab::Cause;
use crate::visible::{visible_bytes, visible_line};

/// How much of a body that is not the vendor's is shown, in bytes; `-v` shows it whole.
const EXCERPT: usize = 2000;

/// What `--output json` prints; part of the help of `send`.
pub const JSON_HELP: &str = "\
With --output json: one object on one line for the call; with -v one for every exchange,
requests for tokens included.
  provider, operation, profile, region, started (RFC 3339), attempt (from 1)
  outcome       success, error, foreign (not the vendor's format), failed (no answer), cancelled;
                in the history and where what is not sent is exported also unanswered (no answer recorded)
  request       url, method, target, headers ([name, value] in order),
                body (body_base64 when it is no UTF-8)
  response      status, reason, version, headers, body (or body_base64),
                excess_bytes (beyond the size limit); or null
  envelope      success, request_id, code, message, data, fields (an object),
                foreign (a word or null); or null
  failure       class, detail, hint; or null
  explanation   summary, likely (check, says, remedy; or null), vendor, cause, remedy, parameter,
                permission, resource, policy (our suggestion), transient, source,
                in_catalog, nearest (codes, where it is not in the catalog; or null), wait (until, ms, header, capped; or null), checks (check, looked_at,
                state: not-applicable, fine, odd or found, says, remedy); or null
  signature_cause  fault, certainty (proven or seen), title, detail, remedy: where a refused signature
                departs, if the answer carries the text that the server computed; or null
  timings_ms    dns, connect, first_byte, total; null for what did not happen
Secrets are masked. Members may be added; those that are here stay.";

/// The exit status of an exchange.
pub fn exit_of(exchange: &Exchange) -> Exit {
    match &exchange.outcome {
        Outcome::Answered(answered) => match answered.envelope.verdict {
            Verdict::Success => Exit::Success,
            Verdict::Failure => Exit::ApiError,
            Verdict::Foreign(_) if answered.response.status >= 400 => Exit::ApiError,
            Verdict::Foreign(_) => Exit::NoAnswer,
        },
        Outcome::Failed(_) | Outcome::InFlight | Outcome::Unrecorded => Exit::NoAnswer,
        Outcome::Cancelled => Exit::Interrupted,
    }
}

/// Prints an exchange: the answer to standard output, why it failed to standard error.
pub fn report(exchange: &Exchange, explanation: Option<&Explanation>, verbose: bool, output: &mut Output) {
    answer(exchange, explanation, verbose, output);
    if output.form == Form::Text {
        reason(exchange, explanation, output);
    }
}

/// What goes to standard output.
fn answer(exchange: &Exchange, explanation: Option<&Explanation>, verbose: bool, output: &mut Output) {
    if output.form == Form::Json {
        let object = object::exchange(exchange, explanation, Secrets::Covered(&output.redactor));
        return output.json(&object);
    }
    if verbose {
        raw(exchange, output);
    }
    if let Some(answered) = exchange.answered() {
        headline(exchange, answered, output);
        envelope(answered, output);
    }
}

/// Why there is no success, on standard error.
pub fn reason(exchange: &Exchange, explanation: Option<&Explanation>, output: &mut Output) {
    match (&exchange.outcome, explanation) {
        (Outcome::Cancelled, _) => output.note(&[(Ink::Doubt, "cancelled: "), (Ink::Plain, "the request may have reached the vendor")]),
        (Outcome::Failed(failure), None) => {
            output.note(&[(Ink::Bad, failure.class.name()), (Ink::Plain, ": "), (Ink::Plain, &failure.detail)]);
            output.note(&[(Ink::Label, "try         "), (Ink::Plain, &failure.hint)]);
        }
        (Outcome::InFlight | Outcome::Unrecorded, _) => output.note(&[(Ink::Doubt, "sent, no answer recorded")]),
        (_, Some(explanation)) => why(explanation, output),
        (_, None) => {}
    }
    if let Some(cause) = explanation.and_then(|explanation| explanation.signature.as_ref()) {
        signature(cause, output);
    }
}

/// Where the signature departs, in the words of `lab`; what it means and what to do stands in the explanation.
fn signature(cause: &Cause, output: &mut Output) {
    let detail = visible_line(&cause.detail);
    output.note(&[(Ink::Label, "signature   "), (Ink::Bad, &cause.named()), (Ink::Plain, &format!(": {detail}"))]);
}

/// The bytes both ways.
fn raw(exchange: &Exchange, output: &mut Output) {
    shown::request(&exchange.endpoint, &exchange.request, output);
    output.plain("");
    if let Some(response) = exchange.response() {
        shown::response(response, output);
        output.plain("");
    }
}

/// `201 Created  huawei-swr CreateOrganization  eu-west-101  12 ms`.
fn headline(exchange: &Exchange, answered: &Answered, output: &mut Output) {
    let ink = if exchange.succeeded() { Ink::Good } else { Ink::Bad };
    let status = format!("{} {}", answered.response.status, answered.response.reason);
    let total = exchange.timings.total.map(millis).unwrap_or_default();
    let call = format!("  {} {}  {}  {total}", exchange.provider, exchange.operation, exchange.region);
    output.line(&[(ink, status.trim_end()), (Ink::Plain, call.trim_end())]);
}

fn millis(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn envelope(answered: &Answered, output: &mut Output) {
    let envelope = &answered.envelope;
    let named = [("request id", &envelope.request_id), ("code", &envelope.code), ("message", &envelope.message)];
    for (name, value) in named.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value))) {
        field(name, value, output);
    }
    for (name, value) in &envelope.fields {
        field(name, value, output);
    }
    if let Some(data) = &envelope.data {
        output.line(&[(Ink::Label, "data")]);
        output.plain(&serde_json::to_string_pretty(data).unwrap_or_default());
    } else if matches!(envelope.verdict, Verdict::Foreign(_)) {
        excerpt(&answered.response.body, output);
    }
}

fn field(name: &str, value: &str, output: &mut Output) {
    output.line(&[(Ink::Label, &format!("{name:<12}")), (Ink::Plain, value)]);
}

fn excerpt(body: &[u8], output: &mut Output) {
    let shown = &body[..body.len().min(EXCERPT)];
    if !shown.is_empty() {
        output.plain(&visible_bytes(&output.redactor.bytes(shown)));
    }
    if body.len() > EXCERPT {
        output.note(&[(Ink::Label, &format!("{} of {} bytes are shown; -v shows all", EXCERPT, body.len()))]);
    }
}

/// In a line what was sent and what came of it; `None` when it cannot have reached the vendor.
pub fn sent(exchange: &Exchange) -> Option<String> {
    let Exchange { operation, request, endpoint, .. } = exchange;
    let came = match &exchange.outcome {
        Outcome::Answered(answered) => {
            let envelope = &answered.envelope;
            let code = envelope
                .code
                .as_ref()
                .filter(|_| envelope.verdict != Verdict::Success)
                .map(|code| format!(", code {code}"))
                .unwrap_or_default();
            let id = envelope.request_id.as_ref().map(|id| format!(", request id {id}")).unwrap_or_default();
            format!("it was answered with {}{code}{id}", answered.response.status)
        }
        Outcome::Failed(failure) if !failure.class.may_have_arrived() => return None,
        Outcome::Failed(failure) => format!("no complete answer was received ({})", failure.class.name()),
        Outcome::InFlight | Outcome::Cancelled | Outcome::Unrecorded => "no answer is known".to_owned(),
    };
    Some(format!("{operation} ({} {}) went out to {endpoint}, and {came}: look before you send it again", request.method, request.path()))
}

/// Where the time went.
pub fn timings(timings: &Timings, output: &mut Output) {
    let parts = [("dns", timings.dns), ("connect", timings.connect), ("first byte", timings.first_byte), ("total", timings.total)];
    for (name, part) in parts.into_iter().filter_map(|(name, part)| Some((name, part?))) {
        field(name, &format!("{:.1} ms", part.as_secs_f64() * 1e3), output);
    }
}

/// Why a call failed and what to do: the likely cause, what the vendor says, and what was checked.
pub fn why(explanation: &Explanation, output: &mut Output) {
    output.note(&[(Ink::Bad, &explanation.summary)]);
    for (name, text) in object::parts(explanation) {
        output.note(&[(Ink::Label, &format!("{name:<12}")), (Ink::Plain, &text)]);
    }
    checklist(explanation, output);
}

/// What was checked, a line each but for the likely cause, which stands above; what there was nothing to look at for, on one line.
fn checklist(explanation: &Explanation, output: &mut Output) {
    let (idle, looked): (Vec<_>, Vec<_>) = explanation.checks.iter().partition(|checked| checked.state == State::Idle);
    for checked in looked.into_iter().filter(|checked| explanation.likely() != Some(checked)) {
        let ink = match checked.state {
            State::Idle => Ink::Label,
            State::Fine => Ink::Good,
            State::Odd => Ink::Doubt,
            State::Found => Ink::Bad,
        };
        output.note(&[(ink, checked.state.sign()), (Ink::Label, &format!(" {:<12}", checked.name)), (Ink::Plain, &checked.says)]);
    }
    if !idle.is_empty() {
        let names: Vec<_> = idle.into_iter().map(|checked| checked.name).collect();
        output.note(&[(Ink::Label, State::Idle.sign()), (Ink::Label, " no bearing  "), (Ink::Label, &names.join(", "))]);
    }
}
