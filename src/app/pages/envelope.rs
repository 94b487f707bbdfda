//! An answer's envelope with its fields lifted out, and what the error means.

use bytes::Bytes;

use super::explain::{ExplainedExchange, verdict};
use super::signature_comparison::pointer;
use super::{LABEL_COLUMNS, Line, Page, Role, mask, masked, millis, waiting};
use crate::envelope::{Envelope, Foreign, Verdict};
use crate::exchange::{Answered, Exchange, Failure, Outcome};
use crate::explain::Explanation;
use crate::redact::Redactor;

/// The note on an exchange of the history that has no end.
pub const UNRECORDED: &str =
    "Sent, and no answer is recorded: skydeck ended before one was received. The request may have reached the vendor.";

/// Returns what came of an exchange, at a glance; gives the envelope's data as JSON, to be indexed below.
pub fn envelope(page: &mut Page, subject: &ExplainedExchange<'_>) -> Option<Bytes> {
    let ExplainedExchange { exchange, redactor, .. } = *subject;
    let explained = subject.explained();
    match &exchange.outcome {
        Outcome::InFlight => page.text(Role::Dim, &waiting(subject.keys)),
        Outcome::Unrecorded => page.text(Role::Warning, UNRECORDED),
        Outcome::Cancelled => {
            page.line(Line::of(Role::Warning, "cancelled").with(Role::Text, ": the request may have reached the vendor all the same."));
        }
        Outcome::Failed(failure) => no_answer(page, failure, redactor),
        Outcome::Answered(answered) => answer(page, answered, subject, explained.as_ref()),
    }
    if let Some(explained) = &explained {
        verdict(page, explained, subject);
    }
    let answered = exchange.answered()?;
    let Some(data) = &answered.envelope.data else {
        if answered.envelope.succeeded() {
            page.gap();
            page.text(Role::Dim, "The answer has no body; this call answers with the status alone.");
        }
        return None;
    };
    Some(data.bytes().clone())
}

fn no_answer(page: &mut Page, failure: &Failure, redactor: Option<&Redactor>) {
    page.line(Line::of(Role::Failure, format!("✗ no answer: {}", failure.class.name())));
    page.field(LABEL_COLUMNS, "Detail", Role::Text, &masked(&failure.detail, redactor));
}

fn answer(page: &mut Page, answered: &Answered, subject: &ExplainedExchange<'_>, explained: Option<&Explanation>) {
    let ExplainedExchange { exchange, redactor, .. } = *subject;
    let envelope = &answered.envelope;
    page.line(headline(answered, exchange, redactor));
    if let Some(explained) = explained {
        pointer(page, explained);
    }
    let text = |value: &String| masked(value, redactor);
    let named = [("Code", &envelope.code), ("Message", &envelope.message), ("Request id", &envelope.request_id)];
    for (label, value) in named.iter().filter_map(|(label, value)| Some((label, text(value.as_ref()?)))) {
        page.field(LABEL_COLUMNS, label, mask(&value, Role::Text), &value);
    }
    for (label, value) in &envelope.fields {
        let value = text(value);
        page.field(LABEL_COLUMNS, label, mask(&value, Role::Dim), &value);
    }
}

fn headline(answered: &Answered, exchange: &Exchange, redactor: Option<&Redactor>) -> Line {
    let (role, mark, words) = verdict_words(&answered.envelope);
    let took = exchange.timings.total.map(|total| format!("  in {}", millis(total))).unwrap_or_default();
    Line::of(role, format!("{mark} {}", masked(&words, redactor))).with(Role::Dim, format!("  HTTP {}{took}", answered.response.status))
}

fn verdict_words(envelope: &Envelope) -> (Role, &'static str, String) {
    match &envelope.verdict {
        Verdict::Success => (Role::Success, "✓", "success".to_owned()),
        Verdict::Failure => (Role::Failure, "✗", "the vendor answered with an error".to_owned()),
        Verdict::Foreign(foreign) => (Role::Warning, "!", format!("not the vendor's format: {}", foreign_words(foreign))),
    }
}

fn foreign_words(foreign: &Foreign) -> String {
    match foreign {
        Foreign::Empty => "an empty body".to_owned(),
        Foreign::Html(None) => "a web page".to_owned(),
        Foreign::Html(Some(title)) => format!("a web page, “{title}”"),
        Foreign::Xml => "XML".to_owned(),
        Foreign::TruncatedJson(at) => format!("JSON that breaks off at byte {at}"),
        Foreign::NotJson(reason) => format!("not JSON ({reason})"),
        Foreign::OtherJson => "JSON without the vendor's members".to_owned(),
        Foreign::Redirect(None) => "a redirect".to_owned(),
        Foreign::Redirect(Some(to)) => format!("a redirect to {to}, not followed"),
        Foreign::TooLarge(bytes) => format!("{bytes} bytes, more than any answer of this API: shown, not read"),
        Foreign::Encoded(coding) => format!("a body coded as {coding}, which was not asked for"),
    }
}
