//! The log: a row an exchange, newest last.

use std::time::Duration;

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use super::frame::Frame;
use super::pane::{self, Head};
use super::theme::Part;
use crate::app::page::Role;
use crate::app::pages::{masked, millis};
use crate::app::{Action, App, HistoryRow, LogRow, Pane, ScreenTarget, WaitState};
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome, Purpose};
use crate::query::OutcomeKind;
use crate::redact::Redactor;

/// Draws the log.
pub fn draw(app: &App, frame: Frame, narrow: bool, canvas: &mut Canvas<'_>) {
    let below = super::filter::rows(app).min(frame.body.height);
    let rows = Rect { height: frame.body.height - below, ..frame.body };
    let total = app.exchanges.log.len();
    let detail = detail(app);
    let right = if narrow && !app.focus.editing {
        pane::others(app, Pane::Log)
    } else {
        pane::place(app.exchanges.log.offset(), rows.height, total)
    };
    let head = Head { pane: Pane::Log, title: "Log", detail: &detail, views: &[], view: 0, right: &right };
    pane::head(app, frame, &head, canvas);
    if below > 0 {
        super::filter::draw(app, Rect { y: rows.bottom(), height: below, ..frame.body }, canvas);
    }
    if total == 0 {
        let at = Position::new(rows.x + 1, rows.y);
        canvas.write(at, rows.width.saturating_sub(2), &nothing(app), Role::Dim);
        return;
    }
    draw_rows(app, rows, canvas);
}

/// Returns how many there are, and what they have in common.
fn detail(app: &App) -> String {
    let (log, past) = (&app.exchanges.log, &app.exchanges.log.past);
    let following = if log.follows() { "" } else { " · not following" };
    let all = log.entries().len() as u64 + if past.is_requested() { past.stored() } else { 0 };
    if !log.filter.is_empty() {
        let more = if past.is_requested() && !past.is_complete() { "+" } else { "" };
        return format!("{}{more} of {all} · filter: {}{following}", log.len(), log.filter.input.value().trim());
    }
    match (all, past.stored()) {
        (0, _) => String::new(),
        (_, stored @ 1..) if !past.is_requested() => {
            format!("{all} · all providers · {stored} kept: {}{following}", app.session.keys.hint(Action::PageUp))
        }
        _ => format!("{all} · all providers{following}"),
    }
}

/// Returns what to say where there is no row.
fn nothing(app: &App) -> String {
    let past = &app.exchanges.log.past;
    let [send, older, search, back] =
        [Action::Send, Action::PageUp, Action::ApplyFilter, Action::Back].map(|action| app.session.keys.hint(action));
    match (app.exchanges.log.filter.is_empty(), past.stored()) {
        _ if past.is_loading() => "Looking into the history…".to_owned(),
        (true, 0) => format!("Nothing sent yet. {send} signs and sends the form above."),
        (true, stored) => {
            format!(
                "Nothing sent yet. {send} signs and sends the form above. {stored} earlier exchanges are kept: {older} here shows them."
            )
        }
        (false, 1..) if !past.is_requested() => {
            format!("No exchange of this session is like this. {search} looks into the history, {back} shows every one.")
        }
        (false, _) => format!("No exchange is like this. {back} shows every one."),
    }
}

fn draw_rows(app: &App, rows: Rect, canvas: &mut Canvas<'_>) {
    let shown: Vec<(usize, LogRow<'_>)> = (app.exchanges.log.offset()..app.exchanges.log.len())
        .take(usize::from(rows.height))
        .filter_map(|at| Some((at, app.exchanges.log.at(at)?)))
        .collect();
    let columns = Columns::new(rows.width, &shown);
    for ((at, line), y) in shown.into_iter().zip(rows.y..) {
        let area = Rect { y, height: 1, ..rows };
        row(&Cells::new(app, line, columns.time), &columns, area, canvas);
        canvas.add_click_target(area, ScreenTarget::Entry(at));
        if app.exchanges.marked == Some(line.id()) {
            canvas.write(Position::new(area.x, area.y), 1, "=", Role::Accent);
        }
        if at == app.exchanges.log.row() {
            let part = if app.focus.pane == Pane::Log { Part::Selected } else { Part::SelectedElsewhere };
            let style = canvas.theme.part(part);
            canvas.paint(area, style);
        }
    }
}

/// The widths of the visible columns: time, mark and status, provider, operation; then the result takes
/// what the duration and the request id at the right leave.
struct Columns {
    time: u16,
    provider: u16,
    operation: u16,
    id: u16,
}

impl Columns {
    /// Mark and status: `✗ 400`.
    const STATUS_COLUMNS: u16 = 5;
    /// Between two columns.
    const GAP_COLUMNS: u16 = 2;
    /// The duration: `1,204 ms`.
    const DURATION_COLUMNS: u16 = 9;
    /// The result: as long as most error codes.
    const RESULT_COLUMNS: u16 = 33;

    fn new(width: u16, rows: &[(usize, LogRow<'_>)]) -> Self {
        let widest = |text: fn(&LogRow<'_>) -> usize, most: usize| {
            let width = rows.iter().map(|(_, row)| text(row)).max().unwrap_or(0).min(most);
            u16::try_from(width).unwrap_or(u16::MAX)
        };
        let (provider, operation) = (widest(|row| names(row).0.chars().count(), 16), widest(|row| names(row).1.chars().count(), 26));
        let others =
            2 + Self::STATUS_COLUMNS + provider + operation + Self::DURATION_COLUMNS + Self::RESULT_COLUMNS + 5 * Self::GAP_COLUMNS;
        let time = if width >= others + 12 { 12 } else { 8 };
        let id = width.saturating_sub(others + time + Self::GAP_COLUMNS).min(36);
        Self { time, provider, operation, id: if id < 8 { 0 } else { id } }
    }
}

/// Returns provider and operation.
fn names<'a>(row: &LogRow<'a>) -> (&'a str, &'a str) {
    match row {
        LogRow::Live(exchange) => (&exchange.provider, &exchange.operation),
        LogRow::Past(row) => (row.provider, row.operation),
    }
}

/// The cells of a row.
struct Cells<'a> {
    time: String,
    names: (&'a str, &'a str),
    /// The provider's role: rows of the history are of lesser weight.
    provider: Role,
    /// The operation's role: what the console sent by itself is of lesser weight.
    operation: Role,
    result: OutcomeCells,
    took: Option<Duration>,
    /// The vendor's request id, or the number in the history.
    id: String,
}

/// The outcome of an exchange as the log shows it: role, mark, status and a few words.
type OutcomeCells = (Role, &'static str, String, String);

impl<'a> Cells<'a> {
    fn new(app: &App, row: LogRow<'a>, width: u16) -> Self {
        match row {
            LogRow::Live(exchange) => Self::live(app, exchange, width),
            LogRow::Past(row) => Self::past(app, &row, width),
        }
    }

    fn live(app: &App, exchange: &'a Exchange, width: u16) -> Self {
        let format = if width >= 12 { "%H:%M:%S%.3f" } else { "%H:%M:%S" };
        let id = exchange.answered().and_then(|answered| answered.envelope.request_id.as_deref()).unwrap_or_default();
        Self {
            time: exchange.started.to_zoned(app.session.zone.clone()).strftime(format).to_string(),
            names: (&exchange.provider, &exchange.operation),
            provider: Role::Label,
            operation: if exchange.purpose == Purpose::Operator { Role::Text } else { Role::Dim },
            result: with_wait(app, exchange, result(exchange, app.session.screen_redactor())),
            took: exchange.timings.total.or_else(|| waited(app, exchange)),
            id: masked(id, app.session.screen_redactor()),
        }
    }

    /// Returns a row of the history: with its date, and dim but for how it ended.
    fn past(app: &App, row: &HistoryRow<'a>, width: u16) -> Self {
        let format = if width >= 12 { "%m-%d %H:%M" } else { "%m-%d" };
        let status = row.status.map(|status| status.to_string()).unwrap_or_default();
        let (role, mark, words) = match row.ended {
            OutcomeKind::Success => (Role::Success, "✓", String::new()),
            OutcomeKind::Error => (Role::Failure, "✗", masked(row.code.unwrap_or_default(), app.session.screen_redactor())),
            OutcomeKind::Foreign => (Role::Warning, "!", "not the vendor's format".to_owned()),
            OutcomeKind::Failed => (Role::Failure, "✗", "no answer".to_owned()),
            OutcomeKind::Cancelled => (Role::Warning, "–", "cancelled".to_owned()),
            OutcomeKind::Unanswered => (Role::Warning, "?", "no answer recorded".to_owned()),
        };
        Self {
            time: row.started.to_zoned(app.session.zone.clone()).strftime(format).to_string(),
            names: (row.provider, row.operation),
            provider: Role::Dim,
            operation: Role::Dim,
            result: (role, mark, status, words),
            took: row.duration.and_then(|duration| u64::try_from(duration).ok()).map(Duration::from_nanos),
            id: format!("h{}", row.number),
        }
    }
}

fn row(cells: &Cells<'_>, columns: &Columns, area: Rect, canvas: &mut Canvas<'_>) {
    let (role, mark, status, words) = &cells.result;
    let texts = [
        (cells.time.as_str(), columns.time, Role::Dim),
        (&format!("{mark} {status}"), Columns::STATUS_COLUMNS, *role),
        (cells.names.0, columns.provider, cells.provider),
        (cells.names.1, columns.operation, cells.operation),
    ];
    let mut x = area.x + 1;
    for (text, width, role) in texts {
        canvas.write(Position::new(x, area.y), width.min(area.right().saturating_sub(x)), text, role);
        x = (x + width + Columns::GAP_COLUMNS).min(area.right());
    }
    let end = tail(cells, columns.id, Rect { x, width: area.right().saturating_sub(x), ..area }, canvas);
    canvas.write(Position::new(x, area.y), end.saturating_sub(x + 1), words, *role);
}

/// Draws duration and request id at the right end; gives the column where they begin.
fn tail(cells: &Cells<'_>, id_width: u16, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let mut end = area.right().saturating_sub(1);
    if id_width > 0 {
        end = end.saturating_sub(id_width);
        canvas.write(Position::new(end, area.y), id_width, &cells.id, Role::Dim);
        end = end.saturating_sub(Columns::GAP_COLUMNS);
    }
    let took = cells.took.map(millis).unwrap_or_default();
    canvas.write_right(area.x, Position::new(end, area.y), &took, Role::Dim);
    end.saturating_sub(Columns::DURATION_COLUMNS + 1)
}

/// Returns how long an answer has been awaited.
fn waited(app: &App, exchange: &Exchange) -> Option<Duration> {
    let since = app.session.now.time.duration_since(exchange.started);
    Duration::try_from(since).ok().filter(|_| exchange.in_flight())
}

/// Returns what it repeats, in a few words.
fn repeats(exchange: &Exchange) -> String {
    let call_origin = &exchange.call_origin;
    match (&call_origin.retry, call_origin.repeats) {
        (Some(retry), _) => format!("attempt {}", retry.attempt),
        (None, Some(id)) => format!("{} {id}", if call_origin.exact { "same bytes as" } else { "again" }),
        (None, None) => String::new(),
    }
}

/// Returns the same, with what becomes of the call: sent again after a wait, or not.
fn with_wait(app: &App, exchange: &Exchange, (role, mark, status, words): OutcomeCells) -> OutcomeCells {
    let words = match app.exchanges.waits.after(exchange.id) {
        Some(WaitState::Until(until)) => {
            let left = until.duration_since(app.session.now.time).as_secs_f64().max(0.0);
            format!("again in {left:.1} s, {} gives up", app.session.keys.hint(Action::Cancel))
        }
        Some(WaitState::GivenUp) => format!("not sent again: {words}"),
        None => words,
    };
    (role, mark, status, words)
}

/// Returns how an exchange ended: its role, its mark, its status and a few words.
fn result(exchange: &Exchange, redactor: Option<&Redactor>) -> OutcomeCells {
    match &exchange.outcome {
        Outcome::InFlight => (Role::Accent, "…", String::new(), "in flight".to_owned()),
        Outcome::Unrecorded => (Role::Warning, "?", String::new(), "no answer recorded".to_owned()),
        Outcome::Cancelled => (Role::Warning, "–", String::new(), "cancelled".to_owned()),
        Outcome::Failed(failure) => (Role::Failure, "✗", "---".to_owned(), failure.class.name().to_owned()),
        Outcome::Answered(answered) => {
            let status = answered.response.status.to_string();
            let code = masked(answered.envelope.code.as_deref().unwrap_or_default(), redactor);
            match answered.envelope.verdict {
                Verdict::Success => (Role::Success, "✓", status, repeats(exchange)),
                Verdict::Failure => (Role::Failure, "✗", status, code),
                Verdict::Foreign(_) => (Role::Warning, "!", status, "not the vendor's format".to_owned()),
            }
        }
    }
}
