//! The selected exchange, in one of its views.

use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::frame::Frame;
use super::pane::{self, Head};
use super::theme::Part;
use crate::app::page::Role;
use crate::app::viewer::{LongLines, Prompt, PromptKind, Search};
use crate::app::{App, ExchangeView, LogRow, Pane};
use crate::body::View;
use crate::exchange::ExchangeId;

/// Draws the exchange pane.
pub fn draw(app: &App, frame: Frame, narrow: bool, canvas: &mut Canvas<'_>) {
    let views: Vec<_> = ExchangeView::ALL.iter().map(|view| view.name()).collect();
    let view = ExchangeView::ALL.iter().position(|view| *view == app.viewer.view).unwrap_or(0);
    let title = app.exchanges.log.at(app.exchanges.log.row()).map_or_else(|| "Exchange".to_owned(), |row| title(app, row));
    let right = right(app, frame, title.width(), narrow);
    let head = Head { pane: Pane::Exchange, title: &title, detail: "", views: &views, view, right: &right };
    pane::head(app, frame, &head, canvas);
    if app.exchanges.log.is_empty() {
        return empty(canvas, frame.body);
    }
    if app.viewer.text.is_empty()
        && let Some((role, words)) = on_its_way(app)
    {
        canvas.write(Position::new(frame.body.x + 1, frame.body.y), frame.body.width.saturating_sub(2), &words, role);
        return;
    }
    let cursor = app.viewer.text.cursor.and_then(|line| u16::try_from(line.checked_sub(app.viewer.text.scroll)?).ok());
    let visible = app.viewer.text.scroll..app.viewer.text.scroll + usize::from(frame.body.height);
    pane::text(canvas, frame.body, app.viewer.text.scroll, app.viewer.text.len(), &app.viewer.lines(visible));
    if let Some(row) = cursor.filter(|row| *row < frame.body.height) {
        let part = if app.focus.pane == Pane::Exchange { Part::Selected } else { Part::SelectedElsewhere };
        let style = canvas.theme.part(part);
        canvas.paint(Rect { y: frame.body.y + row, height: 1, ..frame.body }, style);
    }
}

/// Returns its number, and the one that it has in the history.
fn title(app: &App, row: LogRow<'_>) -> String {
    let number = app.exchanges.log.live.position(row.id()).and_then(|at| app.exchanges.log.live.number(at));
    number.map_or_else(|| row.id().to_string(), |number| format!("{} · {}", row.id(), ExchangeId::stored(number)))
}

/// Returns what to say while an exchange of the history is read, or why it cannot be.
fn on_its_way(app: &App) -> Option<(Role, String)> {
    let LogRow::Past(row) = app.exchanges.log.at(app.exchanges.log.row())? else { return None };
    match app.exchanges.log.past.exchange(row.number) {
        None => Some((Role::Dim, format!("Reading h{} from the history…", row.number))),
        Some(Err(reason)) => Some((Role::Failure, format!("✗ {reason}"))),
        Some(Ok(_)) => None,
    }
}

/// Draws the line that is typed into, with the state of what comes of it at its right end.
pub fn prompt(app: &App, area: Option<Rect>, canvas: &mut Canvas<'_>) {
    let (Some(area), Some(prompt)) = (area, &app.viewer.prompt) else { return };
    let surface = canvas.theme.part(Part::Surface);
    canvas.paint(area, surface);
    let (mark, state) = prompt_text(app, prompt);
    let at = |x: u16| Position::new(x, area.y);
    let x = area.x + 2 + canvas.write(at(area.x + 1), area.width, mark, Role::Accent);
    let end = area.right().saturating_sub(1);
    canvas.write_right(x, at(end), &state, Role::Dim);
    let room = end.saturating_sub(x + 2 + u16::try_from(state.width()).unwrap_or(0));
    let scroll = prompt.input.visual_scroll(usize::from(room));
    let text = super::window::window(prompt.input.value(), scroll, usize::from(room));
    canvas.write(at(x), room, &crate::visible::visible(&text), Role::Text);
    if !app.popups.is_open() && app.focus.pane == Pane::Exchange {
        let column = u16::try_from(prompt.input.visual_cursor().saturating_sub(scroll)).unwrap_or(0);
        canvas.caret = Some(at(x + column.min(room)));
    }
}

/// Returns what stands before and behind what is typed.
fn prompt_text<'a>(app: &'a App, prompt: &Prompt) -> (&'a str, String) {
    let search = app.viewer.search.as_ref();
    match prompt.kind {
        PromptKind::Filter => ("jq", app.viewer.jq.as_ref().map(|jq| jq.state(&app.session.keys)).unwrap_or_default()),
        PromptKind::Path => (":", app.viewer.json.offered.iter().take(4).cloned().collect::<Vec<_>>().join("  ")),
        PromptKind::Search => {
            let regex = search.is_some_and(|search| search.regex);
            (if regex { "regex /" } else { "/" }, search.map(Search::state).unwrap_or_default())
        }
    }
}

/// Returns what stands at the right end of the head, the most telling first, as far as there is room beside the views.
fn right(app: &App, frame: Frame, title: usize, narrow: bool) -> String {
    let names = ExchangeView::ALL.iter().map(|view| view.name().len() + 2).sum::<usize>();
    let mut room = usize::from(frame.head.width).saturating_sub(names + title + 7);
    let mut words = words(app, frame.body.height, narrow);
    words.retain(|word| {
        let fits = !word.is_empty() && word.width() + 2 <= room;
        room -= if fits { word.width() + 2 } else { 0 };
        fits
    });
    words.join("  ")
}

fn words(app: &App, height: u16, narrow: bool) -> Vec<String> {
    let viewer = &app.viewer;
    let search = viewer.search.as_ref().filter(|_| viewer.prompt.is_none());
    // What is no JSON or no text is shown another way than was asked for.
    let indexed = viewer.text.body.as_ref().filter(|(rows, bytes)| rows.fit(bytes)).map(|(rows, _)| rows.kind());
    let body = match indexed.unwrap_or(viewer.body_view) {
        _ if !matches!(viewer.view, ExchangeView::Request | ExchangeView::Response) => "",
        View::Pretty => "b pretty",
        View::Raw => "b raw",
        View::Hex => "b hex",
    };
    vec![
        search.map_or_else(String::new, |search| format!("/ {}", search.state())),
        app.session.screen_redactor().map_or_else(|| viewer.json.path.clone(), |redactor| redactor.text(&viewer.json.path)),
        body.to_owned(),
        if viewer.text.long == LongLines::Broken { String::new() } else { "\\ cut".to_owned() },
        if viewer.text.is_partial() { "laying out".to_owned() } else { String::new() },
        pane::place(viewer.text.scroll, height, viewer.text.len()),
        if narrow && !app.focus.editing { pane::others(app, Pane::Exchange) } else { String::new() },
    ]
}

fn empty(canvas: &mut Canvas<'_>, area: Rect) {
    let lines = ["Shows the bytes sent and received, the signature,", "and what an error means."];
    for (row, line) in (0..area.height).zip(lines) {
        canvas.write(Position::new(area.x + 1, area.y + row), area.width.saturating_sub(2), line, Role::Dim);
    }
}
