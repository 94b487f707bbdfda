//! The log: a row an exchange, newest last.

use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use super::layout::Frame;
use super::pane::{self, Head};
use super::theme::Part;
use crate::app::page::Role;
use crate::app::pages::{covered, millis};
use crate::app::{App, Pane, Spot};
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome};
use crate::redact::Redactor;

/// Draws the log.
pub fn draw(app: &App, frame: Frame, narrow: bool, canvas: &mut Canvas<'_>) {
    let total = app.log.entries().len();
    let detail = if total == 0 {
        String::new()
    } else {
        format!("{total} · all providers{}", if app.log.follows() { "" } else { " · not following" })
    };
    let right = if narrow && !app.editing { pane::others(Pane::Log) } else { pane::place(app.log.offset(), frame.body.height, total) };
    let head = Head { pane: Pane::Log, title: "Log", detail: &detail, views: &[], view: 0, right: &right };
    pane::head(app, frame, &head, canvas);
    if total == 0 {
        let at = Position::new(frame.body.x + 1, frame.body.y);
        canvas.write(at, frame.body.width.saturating_sub(2), "Nothing sent yet. ^s signs and sends the form above.", Role::Dim);
        return;
    }
    let rows = app.log.entries().iter().enumerate().skip(app.log.offset());
    for ((at, exchange), y) in rows.zip(frame.body.y..frame.body.bottom()) {
        let area = Rect { y, height: 1, ..frame.body };
        row(app, exchange, area, canvas);
        canvas.spot(area, Spot::Entry(at));
        if at == app.log.row() {
            let part = if app.pane == Pane::Log { Part::Selected } else { Part::SelectedElsewhere };
            let style = canvas.theme.part(part);
            canvas.paint(area, style);
        }
    }
}

/// Columns of a row: time, mark and status, provider, operation, what came of it, duration, request id.
fn row(app: &App, exchange: &Exchange, area: Rect, canvas: &mut Canvas<'_>) {
    let wide = area.width >= 100;
    let (role, mark, status, words) = result(exchange, app.redactor());
    let columns = [
        (time(exchange, &app.zone, wide), if wide { 12 } else { 8 }, Role::Dim),
        (format!("{mark} {status}"), 5, role),
        (exchange.provider.clone(), 13, Role::Label),
        (exchange.operation.clone(), if wide { 20 } else { 18 }, Role::Text),
    ];
    let mut x = area.x + 1;
    for (text, width, role) in columns {
        canvas.write(Position::new(x, area.y), width.min(area.right().saturating_sub(x)), &text, role);
        x = (x + width + 2).min(area.right());
    }
    let end = tail(app, exchange, area, x, canvas);
    canvas.write(Position::new(x, area.y), end.saturating_sub(x + 1), &words, role);
}

/// Duration and request id at the right end; gives the column where they begin.
fn tail(app: &App, exchange: &Exchange, area: Rect, from: u16, canvas: &mut Canvas<'_>) -> u16 {
    let mut end = area.right().saturating_sub(1);
    if area.width >= 120 {
        let id = exchange.answered().and_then(|answered| answered.envelope.request_id.clone()).unwrap_or_default();
        let id = covered(&id, app.redactor());
        let shown = 10;
        canvas.write(Position::new(end.saturating_sub(shown), area.y), shown, &id, Role::Dim);
        end -= shown + 2;
    }
    let took = exchange.timings.total.or_else(|| waited(app, exchange)).map(millis).unwrap_or_default();
    canvas.write_right(from, Position::new(end, area.y), &took, Role::Dim);
    end.saturating_sub(10)
}

/// How long an answer has been awaited.
fn waited(app: &App, exchange: &Exchange) -> Option<Duration> {
    let since = app.now.time.duration_since(exchange.started);
    Duration::try_from(since).ok().filter(|_| exchange.in_flight())
}

fn time(exchange: &Exchange, zone: &TimeZone, wide: bool) -> String {
    let format = if wide { "%H:%M:%S%.3f" } else { "%H:%M:%S" };
    exchange.started.to_zoned(zone.clone()).strftime(format).to_string()
}

/// How an exchange ended: its role, its mark, its status and a few words.
fn result(exchange: &Exchange, redactor: Option<&Redactor>) -> (Role, &'static str, String, String) {
    match &exchange.outcome {
        Outcome::InFlight => (Role::Accent, "…", String::new(), "in flight".to_owned()),
        Outcome::Cancelled => (Role::Doubt, "–", String::new(), "cancelled".to_owned()),
        Outcome::Failed(failure) => (Role::Failure, "✗", "---".to_owned(), failure.class.name().to_owned()),
        Outcome::Answered(answered) => {
            let status = answered.response.status.to_string();
            let code = covered(answered.envelope.code.as_deref().unwrap_or_default(), redactor);
            match answered.envelope.verdict {
                Verdict::Success => (Role::Success, "✓", status, String::new()),
                Verdict::Failure => (Role::Failure, "✗", status, code),
                Verdict::Foreign(_) => (Role::Doubt, "!", status, "not the vendor's format".to_owned()),
            }
        }
    }
}
