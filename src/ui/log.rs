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
use crate::exchange::{Exchange, Outcome, Purpose};
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
    let shown = app.log.entries().iter().enumerate().skip(app.log.offset()).take(usize::from(frame.body.height));
    let columns = Columns::new(frame.body.width, &shown.clone().map(|(_, exchange)| exchange));
    for ((at, exchange), y) in shown.zip(frame.body.y..) {
        let area = Rect { y, height: 1, ..frame.body };
        row(app, exchange, &columns, area, canvas);
        canvas.spot(area, Spot::Entry(at));
        if app.marked == Some(exchange.id) {
            canvas.write(Position::new(area.x, area.y), 1, "=", Role::Accent);
        }
        if at == app.log.row() {
            let part = if app.pane == Pane::Log { Part::Selected } else { Part::SelectedElsewhere };
            let style = canvas.theme.part(part);
            canvas.paint(area, style);
        }
    }
}

/// How wide the columns of the visible rows are: time, mark and status, provider, operation; then what came of it takes
/// what the duration and the request id at the right leave.
struct Columns {
    time: u16,
    provider: u16,
    operation: u16,
    id: u16,
}

impl Columns {
    /// Mark and status: `✗ 400`.
    const STATUS: u16 = 5;
    /// Between two columns.
    const GAP: u16 = 2;
    /// The duration: `1,204 ms`.
    const TOOK: u16 = 9;
    /// What came of it: as long as most error codes.
    const RESULT: u16 = 33;

    fn new<'a>(width: u16, exchanges: &(impl Iterator<Item = &'a Exchange> + Clone)) -> Self {
        let widest = |text: fn(&Exchange) -> &str, most: usize| {
            let width = exchanges.clone().map(|exchange| text(exchange).chars().count()).max().unwrap_or(0).min(most);
            u16::try_from(width).unwrap_or(u16::MAX)
        };
        let (provider, operation) = (widest(|exchange| &exchange.provider, 16), widest(|exchange| &exchange.operation, 26));
        let others = 2 + Self::STATUS + provider + operation + Self::TOOK + Self::RESULT + 5 * Self::GAP;
        let time = if width >= others + 12 { 12 } else { 8 };
        let id = width.saturating_sub(others + time + Self::GAP).min(36);
        Self { time, provider, operation, id: if id < 8 { 0 } else { id } }
    }
}

fn row(app: &App, exchange: &Exchange, columns: &Columns, area: Rect, canvas: &mut Canvas<'_>) {
    let (role, mark, status, words) = result(exchange, app.redactor());
    let cells = [
        (time(exchange, &app.zone, columns.time), columns.time, Role::Dim),
        (format!("{mark} {status}"), Columns::STATUS, role),
        (exchange.provider.clone(), columns.provider, Role::Label),
        (exchange.operation.clone(), columns.operation, if exchange.purpose == Purpose::Operator { Role::Text } else { Role::Dim }),
    ];
    let mut x = area.x + 1;
    for (text, width, role) in cells {
        canvas.write(Position::new(x, area.y), width.min(area.right().saturating_sub(x)), &text, role);
        x = (x + width + Columns::GAP).min(area.right());
    }
    let end = tail(app, exchange, columns.id, Rect { x, width: area.right().saturating_sub(x), ..area }, canvas);
    canvas.write(Position::new(x, area.y), end.saturating_sub(x + 1), &words, role);
}

/// Duration and request id at the right end; gives the column where they begin.
fn tail(app: &App, exchange: &Exchange, id_width: u16, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let mut end = area.right().saturating_sub(1);
    if id_width > 0 {
        let id = exchange.answered().and_then(|answered| answered.envelope.request_id.clone()).unwrap_or_default();
        let id = covered(&id, app.redactor());
        end = end.saturating_sub(id_width);
        canvas.write(Position::new(end, area.y), id_width, &id, Role::Dim);
        end = end.saturating_sub(Columns::GAP);
    }
    let took = exchange.timings.total.or_else(|| waited(app, exchange)).map(millis).unwrap_or_default();
    canvas.write_right(area.x, Position::new(end, area.y), &took, Role::Dim);
    end.saturating_sub(Columns::TOOK + 1)
}

/// How long an answer has been awaited.
fn waited(app: &App, exchange: &Exchange) -> Option<Duration> {
    let since = app.now.time.duration_since(exchange.started);
    Duration::try_from(since).ok().filter(|_| exchange.in_flight())
}

fn time(exchange: &Exchange, zone: &TimeZone, width: u16) -> String {
    let format = if width >= 12 { "%H:%M:%S%.3f" } else { "%H:%M:%S" };
    exchange.started.to_zoned(zone.clone()).strftime(format).to_string()
}

/// What it repeats, in a few words.
fn repeats(exchange: &Exchange) -> String {
    let lineage = &exchange.lineage;
    match (&lineage.retry, lineage.repeats) {
        (Some(retry), _) => format!("attempt {}", retry.attempt),
        (None, Some(id)) => format!("{} #{}", if lineage.exact { "same bytes as" } else { "again" }, id.0),
        (None, None) => String::new(),
    }
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
                Verdict::Success => (Role::Success, "✓", status, repeats(exchange)),
                Verdict::Failure => (Role::Failure, "✗", status, code),
                Verdict::Foreign(_) => (Role::Doubt, "!", status, "not the vendor's format".to_owned()),
            }
        }
    }
}
