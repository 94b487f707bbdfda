//! The page of an exchange in each of its views, up to the body that follows it.

use bytes::Bytes;

use super::ExchangeView;
use crate::app::exchanges::ExchangeContext;
use crate::app::keys::KeyMap;
use crate::app::message::BodyPart;
use crate::app::page::{Line, Page, Role};
use crate::app::pages;
use crate::body::kind;
use crate::exchange::{Exchange, Outcome};
use crate::lab::SignatureComparison;
use crate::redact::Redactor;
use crate::wire::Response;

/// Fills a page; returns the body that follows it, and which part of the exchange it is.
pub(super) fn fill(
    page: &mut Page,
    view: ExchangeView,
    subject: ExchangeContext<'_>,
    redactor: Option<&Redactor>,
) -> Option<(BodyPart, Bytes)> {
    let exchange = subject.exchange;
    match view {
        ExchangeView::Envelope => {
            let data = pages::envelope(page, &subject.explained(redactor));
            subject.add_created(page, redactor);
            let data = data?;
            page.heading("Data");
            return Some((BodyPart::Data, data));
        }
        ExchangeView::Request => {
            pages::request(page, &exchange.request, redactor);
            page.gap();
            return Some((BodyPart::Request, exchange.request.body.clone()));
        }
        ExchangeView::Response => return response(page, exchange, &subject.session.keys, redactor),
        ExchangeView::Signing => signing(page, subject, redactor),
        ExchangeView::Timing => pages::timing(page, exchange, &subject.session.zone),
        ExchangeView::Explain => pages::explain(page, &subject.explained(redactor)),
    }
    None
}

/// Adds the signing, beside the server's text where the error is about the signature.
fn signing(page: &mut Page, subject: ExchangeContext<'_>, redactor: Option<&Redactor>) {
    let exchange = subject.exchange;
    let Some(trace) = &exchange.signing else { return page.text(Role::Dim, "This request carries no signature.") };
    let finding = subject.refused_signature().and_then(|_| SignatureComparison::of(exchange));
    pages::signing(
        page,
        &pages::Signing { keys: &subject.session.keys, trace, request: &exchange.request, finding: finding.as_ref() },
        redactor,
    );
}

fn response(page: &mut Page, exchange: &Exchange, keys: &KeyMap, redactor: Option<&Redactor>) -> Option<(BodyPart, Bytes)> {
    let Some(response) = exchange.response() else {
        page.text(Role::Dim, &no_response_note(&exchange.outcome, keys));
        return None;
    };
    pages::response(page, response, redactor);
    page.line(Line::of(Role::Dim, "(header names as the HTTP library keeps them, in lower case)").excluded_from_search());
    if response.excess > 0 {
        let words = format!("{} bytes kept, {} more counted and let go", response.body.len(), response.excess);
        page.line(Line::of(Role::Warning, words).excluded_from_search());
    }
    if let Outcome::Failed(failure) = &exchange.outcome {
        page.line(
            Line::of(Role::Failure, format!("the answer broke off: {}", pages::masked(&failure.detail, redactor))).excluded_from_search(),
        );
    }
    if let Some(words) = undecoded(response) {
        page.line(Line::of(Role::Warning, pages::masked(&words, redactor)).excluded_from_search());
    }
    page.gap();
    Some((BodyPart::Answer, response.body.clone()))
}

/// Returns a note on a body that cannot be read as it was received.
fn undecoded(response: &Response) -> Option<String> {
    let header = |name: &str| response.headers.get(name).map(|value| crate::visible::visible_bytes(value).into_owned());
    let encoding = header("content-encoding").filter(|coding| !coding.eq_ignore_ascii_case("identity") && !response.body.is_empty());
    match (encoding, kind(&response.body)) {
        (Some(coding), _) => Some(format!("the body is {coding}, as the server encoded it: shown as received, not decoded")),
        (None, Some(kind)) => Some(format!("the body is not text: {kind}, shown as received")),
        (None, None) => None,
    }
}

/// Returns the note in place of an answer.
fn no_response_note(outcome: &Outcome, keys: &KeyMap) -> String {
    match outcome {
        Outcome::InFlight => pages::waiting(keys),
        Outcome::Unrecorded => pages::UNRECORDED.to_owned(),
        Outcome::Cancelled => "Cancelled before an answer was received.".to_owned(),
        Outcome::Failed(_) | Outcome::Answered(_) => "No answer was received: the envelope and explain views say why.".to_owned(),
    }
}
