//! A report for a ticket, in Markdown: what was sent, what came, what it means.

use std::time::Duration;

use super::{ExportInput, object};
use crate::exchange::{Exchange, Outcome};
use crate::visible::{visible, visible_bytes, visible_line};
use crate::wire::Headers;

/// Bodies longer than this many bytes are cut: a ticket is read by people.
const MAX_EXCERPT_BYTES: usize = 16 << 10;

/// Returns the report.
pub(super) fn render(subject: &ExportInput<'_>) -> Vec<u8> {
    let mut report = Report { subject, text: String::new() };
    report.title();
    report.facts();
    report.explanation();
    report.envelope();
    report.bytes();
    report.text.into_bytes()
}

/// A report being written.
struct Report<'a> {
    subject: &'a ExportInput<'a>,
    text: String,
}

impl Report<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.line(&format!("\n## {text}\n"));
    }

    fn title(&mut self) {
        let Exchange { provider, operation, .. } = self.subject.exchange;
        let title = format!("{provider} {operation}: {}", ended(self.subject.exchange));
        let title = prose(&self.subject.secrets.text(&title));
        self.line(&format!("# {title}\n"));
        if let Some(remark) = self.subject.remark() {
            self.line(&format!("**{remark}**\n"));
        }
    }

    /// Writes a row of a table; nothing for what is not known.
    fn row(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            let value = prose(&self.subject.secrets.text(value));
            self.line(&format!("| {name} | {value} |"));
        }
    }

    fn facts(&mut self) {
        let exchange = self.subject.exchange;
        self.line("| | |\n| --- | --- |");
        self.row("product", &self.subject.provider.product);
        for (name, value) in [
            ("operation", exchange.operation.as_str()),
            ("profile", &exchange.profile),
            ("region", &exchange.region),
            ("endpoint", &exchange.endpoint.to_string()),
            ("sent", &exchange.started.to_string()),
            ("times", &times(exchange)),
        ] {
            self.row(name, value);
        }
        let Some(answered) = exchange.answered() else { return self.no_answer() };
        let (envelope, response) = (&answered.envelope, &answered.response);
        self.row("status", format!("{} {}", response.status, response.reason).trim_end());
        for (name, value) in [("request id", &envelope.request_id), ("code", &envelope.code), ("message", &envelope.message)] {
            self.row(name, value.as_deref().unwrap_or_default());
        }
    }

    fn no_answer(&mut self) {
        if let Outcome::Failed(failure) = &self.subject.exchange.outcome {
            self.row("failure", failure.class.name());
            self.row("detail", &failure.detail);
        }
    }

    fn explanation(&mut self) {
        let Some(explanation) = self.subject.explanation() else { return };
        self.heading("Explanation");
        let summary = prose(&self.subject.secrets.text(&explanation.summary));
        self.line(&format!("{summary}\n"));
        for (name, text) in object::parts(&explanation) {
            let text = prose(&self.subject.secrets.text(&text));
            self.line(&format!("- {name}: {text}"));
        }
    }

    fn envelope(&mut self) {
        let Some(answered) = self.subject.exchange.answered() else { return };
        if answered.envelope.fields.is_empty() && answered.envelope.data.is_none() {
            return;
        }
        self.heading("Envelope");
        let mut text = String::new();
        for (name, value) in &answered.envelope.fields {
            text.extend([name.as_str(), ": ", value, "\n"]);
        }
        if let Some(data) = &answered.envelope.data {
            text.push_str(&data.pretty());
        }
        self.block(&self.subject.secrets.text(&text));
    }

    fn bytes(&mut self) {
        let request = &self.subject.exchange.request;
        self.heading("Request");
        let first = format!("{} {} HTTP/1.1", request.method, self.subject.secrets.text(&request.target));
        self.message(&first, &request.headers, &request.body);
        if let Some(response) = self.subject.exchange.response() {
            self.heading("Answer");
            let first = self.subject.secrets.text(&format!("{} {} {}", response.version, response.status, response.reason));
            self.message(&first, &response.headers, &response.body);
        }
    }

    fn message(&mut self, first: &str, headers: &Headers, body: &[u8]) {
        let secrets = self.subject.secrets;
        let mut text = format!("{first}\n");
        for (name, value) in secrets.headers(headers).iter() {
            text.extend([name, ": ", &visible_bytes(value), "\n"]);
        }
        let masked = secrets.bytes(body);
        text.push('\n');
        text.push_str(&visible_bytes(&masked[..masked.len().min(MAX_EXCERPT_BYTES)]));
        if masked.len() > MAX_EXCERPT_BYTES {
            text.extend([
                "\n(".to_owned(),
                MAX_EXCERPT_BYTES.to_string(),
                " of ".to_owned(),
                masked.len().to_string(),
                " bytes)".to_owned(),
            ]);
        }
        self.block(&text);
    }

    /// Writes a block of text as it is, in a fence that nothing inside can close.
    fn block(&mut self, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat((longest + 1).max(3));
        self.line(&format!("{fence}text\n{}\n{fence}", visible(text.trim_end())));
    }
}

/// Returns how the exchange ended, in a few words.
fn ended(exchange: &Exchange) -> String {
    match &exchange.outcome {
        Outcome::InFlight => "no answer yet".to_owned(),
        Outcome::Unrecorded => "no answer recorded".to_owned(),
        Outcome::Cancelled => "cancelled".to_owned(),
        Outcome::Failed(failure) => format!("no answer ({})", failure.class.name()),
        Outcome::Answered(answered) => {
            let code = answered.envelope.code.as_deref().unwrap_or(&answered.response.reason);
            format!("{} {code}", answered.response.status).trim_end().to_owned()
        }
    }
}

fn times(exchange: &Exchange) -> String {
    let timings = &exchange.timings;
    let part = |(name, part): (&str, Option<Duration>)| part.map(|part| format!("{name} {:.1} ms", part.as_secs_f64() * 1e3));
    let parts = [("look-up", timings.dns), ("connect", timings.connect), ("first byte", timings.first_byte), ("total", timings.total)];
    parts.into_iter().filter_map(part).collect::<Vec<_>>().join(", ")
}

/// Returns a text in a paragraph: nothing in it is Markdown or HTML.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible_line(text).chars() {
        if "\\`*_[]<>#|~&!".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markdown() {
        assert_eq!(prose("a|b <img> `c`\n*d*"), "a\\|b \\<img\\> \\`c\\`␊\\*d\\*");
    }
}
