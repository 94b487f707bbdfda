//! What came of a call, as people or programs read it.

use std::time::Duration;

use super::exit::Exit;
use super::output::{ColorRole, Output, OutputFormat};
use crate::envelope::Verdict;
use crate::exchange::{Answered, Exchange, Outcome, Timings};
use crate::explain::{Explanation, State};
use crate::export::{Secrets, object};
use crate::lab::Cause;
use crate::visible::{visible_bytes, visible_line};
use crate::wire::{Endpoint, Headers, Request, Response};

/// The part that is shown of a body not in the vendor's format, in bytes; `-v` shows it whole.
const MAX_EXCERPT_BYTES: usize = 2000;

/// The description of `--output json`; part of the help of `send`.
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

/// Returns the exit status of an exchange.
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
    if output.format == OutputFormat::Text {
        reason(exchange, explanation, output);
    }
}

/// Prints what goes to standard output.
fn answer(exchange: &Exchange, explanation: Option<&Explanation>, verbose: bool, output: &mut Output) {
    if output.format == OutputFormat::Json {
        let object = object::exchange(exchange, explanation, Secrets::Masked(&output.redactor()));
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

/// Prints to standard error why the call did not succeed.
pub fn reason(exchange: &Exchange, explanation: Option<&Explanation>, output: &mut Output) {
    match (&exchange.outcome, explanation) {
        (Outcome::Cancelled, _) => {
            output.note(&[(ColorRole::Warning, "cancelled: "), (ColorRole::Plain, "the request may have reached the vendor")]);
        }
        (Outcome::Failed(failure), None) => {
            output.note(&[(ColorRole::Bad, failure.class.name()), (ColorRole::Plain, ": "), (ColorRole::Plain, &failure.detail)]);
            output.note(&[(ColorRole::Label, "try         "), (ColorRole::Plain, &failure.hint)]);
        }
        (Outcome::InFlight | Outcome::Unrecorded, _) => output.note(&[(ColorRole::Warning, "sent, no answer recorded")]),
        (_, Some(explanation)) => why(explanation, output),
        (_, None) => {}
    }
    if let Some(cause) = explanation.and_then(|explanation| explanation.signature.as_ref()) {
        signature(cause, output);
    }
}

/// Prints where the signature differs, in the words of `lab`; the explanation has its meaning and remedy.
fn signature(cause: &Cause, output: &mut Output) {
    let detail = visible_line(&cause.detail);
    output.note(&[(ColorRole::Label, "signature   "), (ColorRole::Bad, &cause.named()), (ColorRole::Plain, &format!(": {detail}"))]);
}

/// Prints the bytes of request and response.
fn raw(exchange: &Exchange, output: &mut Output) {
    print_request(&exchange.endpoint, &exchange.request, output);
    output.plain("");
    if let Some(response) = exchange.response() {
        print_response(response, output);
        output.plain("");
    }
}

/// Writes `201 Created  huawei-swr CreateOrganization  eu-west-101  12 ms`.
fn headline(exchange: &Exchange, answered: &Answered, output: &mut Output) {
    let role = if exchange.succeeded() { ColorRole::Good } else { ColorRole::Bad };
    let status = format!("{} {}", answered.response.status, answered.response.reason);
    let total = exchange.timings.total.map(millis).unwrap_or_default();
    let call = format!("  {} {}  {}  {total}", exchange.provider, exchange.operation, exchange.region);
    output.line(&[(role, status.trim_end()), (ColorRole::Plain, call.trim_end())]);
}

fn millis(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn envelope(answered: &Answered, output: &mut Output) {
    let envelope = &answered.envelope;
    let named = [("request id", &envelope.request_id), ("code", &envelope.code), ("message", &envelope.message)];
    for (name, value) in named.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value))) {
        output.field(name, value);
    }
    for (name, value) in &envelope.fields {
        output.field(name, value);
    }
    if let Some(data) = &envelope.data {
        output.line(&[(ColorRole::Label, "data")]);
        output.plain(&data.pretty());
    } else if matches!(envelope.verdict, Verdict::Foreign(_)) {
        excerpt(&answered.response.body, output);
    }
}

fn excerpt(body: &[u8], output: &mut Output) {
    let shown = &body[..body.len().min(MAX_EXCERPT_BYTES)];
    if !shown.is_empty() {
        output.plain(&visible_bytes(&output.redactor().bytes(shown)));
    }
    if body.len() > MAX_EXCERPT_BYTES {
        output.note(&[(ColorRole::Label, &format!("{} of {} bytes are shown; -v shows all", MAX_EXCERPT_BYTES, body.len()))]);
    }
}

/// Returns in a line what was sent and what came of it; `None` when it cannot have reached the vendor.
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

/// Prints the timings.
pub fn timings(timings: &Timings, output: &mut Output) {
    let parts = [("dns", timings.dns), ("connect", timings.connect), ("first byte", timings.first_byte), ("total", timings.total)];
    for (name, part) in parts.into_iter().filter_map(|(name, part)| Some((name, part?))) {
        output.field(name, &format!("{:.1} ms", part.as_secs_f64() * 1e3));
    }
}

/// Prints why a call failed and what to do: the likely cause, what the vendor says, and what was checked.
pub fn why(explanation: &Explanation, output: &mut Output) {
    output.note(&[(ColorRole::Bad, &explanation.summary)]);
    for (name, text) in object::parts(explanation) {
        output.note(&[(ColorRole::Label, &format!("{name:<12}")), (ColorRole::Plain, &text)]);
    }
    checklist(explanation, output);
}

/// Prints the checks, a line each but for the likely cause, which stands above; those without anything to look at share a line.
fn checklist(explanation: &Explanation, output: &mut Output) {
    let (idle, looked): (Vec<_>, Vec<_>) = explanation.checks.iter().partition(|checked| checked.state == State::Idle);
    for checked in looked.into_iter().filter(|checked| explanation.likely() != Some(checked)) {
        let role = match checked.state {
            State::Idle => ColorRole::Label,
            State::Fine => ColorRole::Good,
            State::Odd => ColorRole::Warning,
            State::Found => ColorRole::Bad,
        };
        output.note(&[
            (role, checked.state.sign()),
            (ColorRole::Label, &format!(" {:<12}", checked.name)),
            (ColorRole::Plain, &checked.says),
        ]);
    }
    if !idle.is_empty() {
        let names: Vec<_> = idle.into_iter().map(|checked| checked.name).collect();
        output.note(&[(ColorRole::Label, State::Idle.sign()), (ColorRole::Label, " no bearing  "), (ColorRole::Label, &names.join(", "))]);
    }
}

/// Prints a request: where it goes, request line, headers, body.
pub fn print_request(endpoint: &Endpoint, request: &Request, output: &mut Output) {
    output.line(&[(ColorRole::Label, &format!("# {endpoint}"))]);
    output.plain(&format!("{} {} HTTP/1.1", request.method, request.target));
    print_headers(&request.headers, output);
    print_body(&request.body, output);
}

/// Prints an answer: status line, headers, body.
fn print_response(response: &Response, output: &mut Output) {
    output.plain(&format!("{} {} {}", response.version, response.status, response.reason));
    print_headers(&response.headers, output);
    print_body(&response.body, output);
}

/// Prints headers, a line each.
pub fn print_headers(headers: &Headers, output: &mut Output) {
    for (name, value) in output.redactor().headers(headers).iter() {
        output.line(&[(ColorRole::Label, &format!("{name}: ")), (ColorRole::Plain, &visible_bytes(value))]);
    }
}

fn print_body(bytes: &[u8], output: &mut Output) {
    if !bytes.is_empty() {
        output.plain("");
        output.plain(&visible_bytes(&output.redactor().bytes(bytes)));
    }
}
