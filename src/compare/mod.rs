//! Two exchanges side by side: what is alike, what differs, and what differs every time.
//!
//! Secrets are masked before anything is compared, so a secret that changed looks alike: that it did is said nowhere
//! but in the signature, and a signature is different every time.

mod body;
mod headers;

use crate::envelope::Envelope;
use crate::exchange::{Exchange, Outcome};
use crate::redact::Redactor;

/// A part of the two exchanges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The title of the section: `Request headers`.
    pub title: &'static str,
    /// Its lines, in order.
    pub pairs: Vec<LinePair>,
}

/// A line of each side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePair {
    /// The left one's; `None` where only the right one has such a line.
    pub left: Option<String>,
    /// The right one's.
    pub right: Option<String>,
    /// The result of the comparison.
    pub likeness: LineComparison,
}

/// The result of comparing two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineComparison {
    /// They are the same.
    Same,
    /// They differ in what is different each time: a date, a nonce, a signature, a request id.
    Volatile,
    /// They differ.
    Different,
}

impl LinePair {
    /// Creates a pair of lines, of which a difference would mean something.
    fn new(left: Option<String>, right: Option<String>) -> Self {
        let likeness = if left == right { LineComparison::Same } else { LineComparison::Different };
        Self { left, right, likeness }
    }

    /// Returns the same, but a difference means nothing if this holds.
    fn volatile(self, volatile: bool) -> Self {
        let differs = self.likeness == LineComparison::Different && self.left.is_some() && self.right.is_some();
        Self { likeness: if differs && volatile { LineComparison::Volatile } else { self.likeness }, ..self }
    }
}

/// By what two exchanges are compared.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonContext<'a> {
    /// The redactor that masks the text first.
    pub redactor: &'a Redactor,
    /// Headers and members that are others in every call of these vendors.
    pub volatile: &'a [&'a str],
}

/// Compares two exchanges part by part. Parts that neither has are left out.
pub fn compare(left: &Exchange, right: &Exchange, by: ComparisonContext<'_>) -> Vec<Section> {
    let redactor = by.redactor;
    let sections = [
        Section { title: "Call", pairs: fields(&call(left), &call(right)) },
        Section { title: "Request", pairs: fields(&target(left, redactor), &target(right, redactor)) },
        Section { title: "Request headers", pairs: headers::pairs(&left.request.headers, &right.request.headers, by) },
        Section { title: "Request body", pairs: body::pairs(&left.request.body, &right.request.body, by) },
        Section { title: "Outcome", pairs: fields(&outcome(left, redactor), &outcome(right, redactor)) },
        Section { title: "Response headers", pairs: response_headers(left, right, by) },
        Section { title: "Response body", pairs: response_bodies(left, right, by) },
    ];
    sections.into_iter().filter(|section| !section.pairs.is_empty()).collect()
}

/// A name and a value.
type NamedValue = (String, String);

fn call(exchange: &Exchange) -> Vec<NamedValue> {
    let named = [
        ("provider", exchange.provider.clone()),
        ("operation", exchange.operation.clone()),
        ("profile", exchange.profile.clone()),
        ("region", exchange.region.clone()),
        ("endpoint", exchange.endpoint.to_string()),
    ];
    named.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Returns the request line, and each parameter of its query by itself.
fn target(exchange: &Exchange, redactor: &Redactor) -> Vec<NamedValue> {
    let request = &exchange.request;
    let line = ("method and path".to_owned(), format!("{} {}", request.method, request.path()));
    let query = request.query().split('&').filter(|part| !part.is_empty()).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (format!("?{name}"), value.to_owned())
    });
    std::iter::once(line).chain(query).map(|(name, value)| (name, redactor.text(&value))).collect()
}

fn outcome(exchange: &Exchange, redactor: &Redactor) -> Vec<NamedValue> {
    let fields = match &exchange.outcome {
        Outcome::InFlight => vec![("outcome", "in flight".to_owned())],
        Outcome::Unrecorded => vec![("outcome", "no answer recorded".to_owned())],
        Outcome::Cancelled => vec![("outcome", "cancelled".to_owned())],
        Outcome::Failed(failure) => vec![("no answer", failure.class.name().to_owned()), ("detail", failure.detail.clone())],
        Outcome::Answered(answered) => envelope(answered.response.status, &answered.envelope),
    };
    fields.into_iter().map(|(name, value)| (name.to_owned(), redactor.text(&value))).collect()
}

fn envelope(status: u16, envelope: &Envelope) -> Vec<(&'static str, String)> {
    let named = [("code", &envelope.code), ("message", &envelope.message), ("request id", &envelope.request_id)];
    let named = named.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    std::iter::once(("status", status.to_string())).chain(named).collect()
}

/// Puts named values side by side, in the order of the left one; what only the right one has comes last.
fn fields(left: &[NamedValue], right: &[NamedValue]) -> Vec<LinePair> {
    let value =
        |side: &[NamedValue], name: &str| side.iter().find(|(known, _)| *known == name).map(|(name, value)| format!("{name}: {value}"));
    let only_right = right.iter().filter(|(name, _)| left.iter().all(|(known, _)| known != name));
    let names = left.iter().chain(only_right).map(|(name, _)| name.as_str());
    names.map(|name| LinePair::new(value(left, name), value(right, name)).volatile(name == "request id")).collect()
}

fn response_headers(left: &Exchange, right: &Exchange, by: ComparisonContext<'_>) -> Vec<LinePair> {
    let headers = |exchange: &Exchange| exchange.response().map(|response| response.headers.clone()).unwrap_or_default();
    headers::pairs(&headers(left), &headers(right), by)
}

fn response_bodies(left: &Exchange, right: &Exchange, by: ComparisonContext<'_>) -> Vec<LinePair> {
    let body = |exchange: &Exchange| exchange.response().map(|response| response.body.clone()).unwrap_or_default();
    body::pairs(&body(left), &body(right), by)
}
