//! The selected exchange, in one of its views.

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use super::layout::Frame;
use super::pane::{self, Head};
use crate::app::page::Role;
use crate::app::{App, ExchangeView, LogRow, Pane};
use crate::body::View;
use crate::exchange::ExchangeId;

/// Draws the exchange pane.
pub fn draw(app: &App, frame: Frame, narrow: bool, canvas: &mut Canvas<'_>) {
    let views: Vec<_> = ExchangeView::ALL.iter().map(|view| view.name()).collect();
    let view = ExchangeView::ALL.iter().position(|view| *view == app.viewer.view).unwrap_or(0);
    let title = app.log.at(app.log.row()).map_or_else(|| "Exchange".to_owned(), |row| title(app, row));
    let right = right(app, frame.body.height, narrow);
    let head = Head { pane: Pane::Exchange, title: &title, detail: "", views: &views, view, right: &right };
    pane::head(app, frame, &head, canvas);
    if app.log.is_empty() {
        return empty(canvas, frame.body);
    }
    if app.viewer.is_empty()
        && let Some((role, words)) = on_its_way(app)
    {
        canvas.write(Position::new(frame.body.x + 1, frame.body.y), frame.body.width.saturating_sub(2), &words, role);
        return;
    }
    let visible = app.viewer.scroll..app.viewer.scroll + usize::from(frame.body.height);
    pane::text(canvas, frame.body, app.viewer.scroll, app.viewer.len(), &app.viewer.lines(visible));
}

/// Its number, and the one that it has in the history.
fn title(app: &App, row: LogRow<'_>) -> String {
    let number = app.log.position(row.id()).and_then(|at| app.log.number(at));
    number.map_or_else(|| row.id().to_string(), |number| format!("{} · {}", row.id(), ExchangeId::kept(number)))
}

/// What to say while an exchange of the history is read, or why it cannot be.
fn on_its_way(app: &App) -> Option<(Role, String)> {
    let LogRow::Past(row) = app.log.at(app.log.row())? else { return None };
    match app.log.past().exchange(row.number) {
        None => Some((Role::Dim, format!("Reading h{} from the history…", row.number))),
        Some(Err(reason)) => Some((Role::Failure, format!("✗ {reason}"))),
        Some(Ok(_)) => None,
    }
}

fn right(app: &App, height: u16, narrow: bool) -> String {
    let mut words = Vec::new();
    if matches!(app.viewer.view, ExchangeView::Request | ExchangeView::Response) {
        words.push(match app.viewer.body_view {
            View::Pretty => "b pretty".to_owned(),
            View::Raw => "b raw".to_owned(),
            View::Hex => "b hex".to_owned(),
        });
    }
    if app.viewer.is_partial() {
        words.push("laying out".to_owned());
    }
    words.push(pane::place(app.viewer.scroll, height, app.viewer.len()));
    if narrow && !app.editing {
        words.push(pane::others(Pane::Exchange));
    }
    words.retain(|word| !word.is_empty());
    words.join("  ")
}

fn empty(canvas: &mut Canvas<'_>, area: Rect) {
    let lines = ["Here stand the bytes that went out and came back,", "how they were signed, and what an error means."];
    for (row, line) in (0..area.height).zip(lines) {
        canvas.write(Position::new(area.x + 1, area.y + row), area.width.saturating_sub(2), line, Role::Dim);
    }
}
