//! Popups: a quiet box over the panes, drawn from the popup's own description.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};
use tui_input::Input;

use super::canvas::Canvas;
use super::pane;
use super::theme::{Part, SymbolSet};
use crate::app::page::{Page, Role};
use crate::app::popups::{Body, Row, View};
use crate::app::{App, ScreenTarget};

/// Columns that a detail at the right edge takes at most, with the space before it.
const DETAIL_COLUMNS: u16 = 20;

/// Returns the box of the open popup.
pub fn area(app: &App, screen: Rect) -> Option<Rect> {
    let (width, height) = app.popups.open()?.view(&app.popup_context()).size;
    let width = width.min(screen.width.saturating_sub(2));
    let height = height.min(screen.height.saturating_sub(2));
    Some(Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height })
}

/// Draws the popup, if there is one.
pub fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let (Some(popup), context) = (app.popups.open(), app.popup_context()) else { return };
    let view = popup.view(&context);
    let whole = canvas.cells.area;
    canvas.add_click_target(whole, ScreenTarget::Elsewhere);
    canvas.add_click_target(area, ScreenTarget::Popup);
    frame(canvas, area, view.title);
    canvas.caret = None;
    let inner = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    let mut rest = inner;
    for line in &view.head {
        canvas.line(rest.as_position(), rest.width, line);
        rest = below(rest, 1);
    }
    if let Some(input) = &view.input {
        rest = below(rest, u16::from(!view.head.is_empty()));
        prompt(canvas, Rect { height: 1, ..rest }, input);
        rest = below(rest, 2);
    }
    if !view.keys.is_empty() {
        rest.height = rest.height.saturating_sub(1);
        keys(app, &view, Position::new(inner.x, rest.bottom()), canvas);
    }
    match &view.body {
        Body::Lines(lines, scroll) => {
            let area = Rect { x: rest.x.saturating_sub(1), width: rest.width + 2, ..rest };
            pane::text(canvas, area, *scroll, lines.len(), lines.get(*scroll..).unwrap_or_default());
        }
        Body::Wrapped(lines) => {
            let mut page = Page::new(usize::from(rest.width));
            for line in lines {
                page.line(line.clone());
            }
            for (line, y) in page.lines.iter().zip(rest.y..rest.bottom()) {
                canvas.line(Position::new(rest.x, y), rest.width, line);
            }
        }
        Body::Rows { rows, selected, name_columns } => draw_rows(rows, *selected, *name_columns, rest, canvas),
    }
}

fn below(area: Rect, rows: u16) -> Rect {
    Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

fn frame(canvas: &mut Canvas<'_>, area: Rect, title: &str) {
    const ASCII: border::Set<'static> = border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    };
    let set = if canvas.theme.symbols == SymbolSet::Ascii { ASCII } else { border::ROUNDED };
    let accent = canvas.theme.role(Role::Accent);
    Clear.render(area, canvas.cells);
    Block::bordered().border_set(set).border_style(accent).render(area, canvas.cells);
    let style = canvas.theme.role(Role::Heading);
    canvas.put(Position::new(area.x + 2, area.y), area.width.saturating_sub(4), &format!(" {title} "), style);
}

fn keys(app: &App, view: &View<'_>, at: Position, canvas: &mut Canvas<'_>) {
    let mut x = at.x;
    for (action, word) in view.keys {
        let key = app.session.keys.chord_of(view.contexts, *action).map(|chord| chord.to_string()).unwrap_or_default();
        x += canvas.write(Position::new(x, at.y), 20, &key, Role::Accent) + 1;
        x += canvas.write(Position::new(x, at.y), 40, word, Role::Dim) + 3;
    }
}

/// Draws a line that is typed into.
fn prompt(canvas: &mut Canvas<'_>, area: Rect, input: &Input) {
    let used = canvas.write(Position::new(area.x, area.y), 2, "▸ ", Role::Accent);
    let room = area.width.saturating_sub(used + 1);
    let scroll = input.visual_scroll(usize::from(room));
    let text: String = super::window::window(input.value(), scroll, usize::from(room));
    let surface = canvas.theme.part(Part::Surface);
    canvas.paint(Rect { x: area.x + used, width: room + 1, ..area }, surface);
    canvas.put(Position::new(area.x + used, area.y), room, &crate::visible::visible(&text), Style::default());
    let caret = u16::try_from(input.visual_cursor().saturating_sub(scroll)).unwrap_or(0).min(room);
    canvas.caret = Some(Position::new(area.x + used + caret, area.y));
}

/// Draws rows, with the selected one visible.
fn draw_rows(rows: &[Row<'_>], selected: usize, name_columns: Option<u16>, area: Rect, canvas: &mut Canvas<'_>) {
    let first = (selected + 1).saturating_sub(usize::from(area.height));
    let column =
        name_columns.map(|most| rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(usize::from(most)) as u16 + 2);
    if column.is_some() {
        let place = pane::place(first, area.height, rows.len());
        canvas.write_right(area.x, Position::new(area.right(), area.y - 1), &place, Role::Dim);
    }
    for ((at, row), y) in rows.iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let place = Rect { y, height: 1, ..area };
        if let Some(column) = column {
            canvas.write(Position::new(area.x + 1, y), column, row.name, row.role);
            canvas.write(Position::new(area.x + 1 + column, y), area.width.saturating_sub(column + 1), &row.detail, Role::Dim);
        } else {
            canvas.write(place.as_position(), area.width.saturating_sub(DETAIL_COLUMNS), row.name, row.role);
            canvas.write_right(area.x, Position::new(area.right(), y), &row.detail, Role::Dim);
        }
        canvas.add_click_target(place, ScreenTarget::PickerRow(at));
        if at == selected {
            let style = canvas.theme.part(Part::Selected);
            canvas.paint(place, style);
        }
    }
    pane::more(canvas, Rect { width: area.width + 1, ..area }, first, rows.len());
}
