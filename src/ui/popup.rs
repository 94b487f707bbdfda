//! Popups: a quiet box over the panes.

use ratatui::layout::{Position, Rect};
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};
use tui_input::Input;

use super::canvas::Canvas;
use super::theme::{Part, SymbolSet};
use super::window::prompt;
use super::{faults, pane};
use crate::app::page::{Page, Role};
use crate::app::popup::{Confirm, Picker, PickerKind, RequiredName, SecretInput, TextPopup, Topic};
use crate::app::{App, Popup, ScreenTarget};

/// Draws the popup, if there is one.
pub fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let Some(popup) = &app.popup else { return };
    let whole = canvas.cells.area;
    canvas.spot(whole, ScreenTarget::Elsewhere);
    let title = title(app, popup);
    canvas.spot(area, ScreenTarget::Popup);
    frame(canvas, area, &title);
    let inner = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    canvas.caret = None;
    match popup {
        Popup::Text(reading) => read(reading, inner, canvas),
        Popup::Warning(page) => warning(page, inner, canvas),
        Popup::Confirm(asked) => confirm(app, asked, inner, canvas),
        Popup::Picker(picker) => pick(picker, inner, canvas),
        Popup::Ask(asking) => ask(asking, inner, canvas),
        Popup::Faults(panel) => faults::panel(app, *panel, inner, canvas),
        Popup::Fault(draft) => faults::draft(draft, inner, canvas),
    }
}

fn ask(asking: &SecretInput, inner: Rect, canvas: &mut Canvas<'_>) {
    canvas.write(Position::new(inner.x, inner.y), inner.width, &crate::visible::visible(&asking.question.text), Role::Text);
    prompt(canvas, Rect { y: inner.y + 2, height: 1, ..inner }, &Input::new(asking.shown()));
}

fn title(app: &App, popup: &Popup) -> String {
    match popup {
        Popup::Text(reading) if reading.topic == Topic::Help => "Keys".to_owned(),
        Popup::Text(reading) if reading.topic == Topic::Laboratory => "Laboratory".to_owned(),
        Popup::Text(reading) if matches!(reading.topic, Topic::Compare(..)) => "Comparison".to_owned(),
        Popup::Text(_) => app.current().operation().map_or_else(String::new, |operation| operation.id.clone()),
        Popup::Warning(_) => "The form has errors: send anyway?".to_owned(),
        Popup::Confirm(_) => "Confirm".to_owned(),
        Popup::Picker(picker) => picker.subject.title().to_owned(),
        Popup::Ask(_) => "The profile asks".to_owned(),
        Popup::Faults(_) => "Faults of the built-in emulator".to_owned(),
        Popup::Fault(_) => "Set this fault".to_owned(),
    }
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

fn read(reading: &TextPopup, inner: Rect, canvas: &mut Canvas<'_>) {
    let area = Rect { x: inner.x.saturating_sub(1), width: inner.width + 2, ..inner };
    let lines = &reading.page.lines;
    pane::text(canvas, area, reading.scroll, lines.len(), lines.get(reading.scroll..).unwrap_or_default());
}

fn warning(page: &Page, inner: Rect, canvas: &mut Canvas<'_>) {
    for (line, y) in page.lines.iter().zip(inner.y..inner.bottom().saturating_sub(1)) {
        canvas.line(Position::new(inner.x, y), inner.width, line);
    }
    let last = Position::new(inner.x, inner.bottom() - 1);
    keys(canvas, last, &[("a", "send anyway"), ("esc", "fix it")]);
}

fn keys(canvas: &mut Canvas<'_>, at: Position, hints: &[(&str, &str)]) {
    let mut x = at.x;
    for (key, word) in hints {
        x += canvas.write(Position::new(x, at.y), 20, key, Role::Accent) + 1;
        x += canvas.write(Position::new(x, at.y), 40, word, Role::Dim) + 3;
    }
}

fn confirm(app: &App, asked: &Confirm, inner: Rect, canvas: &mut Canvas<'_>) {
    let operation = app.current().operation().map_or("", |operation| operation.id.as_str());
    let (does, asks) = match asked.wanted.front() {
        Some(RequiredName::Resource(name)) => (format!("removes {name} for good at"), format!("Type its name, {name}, to send it:")),
        Some(RequiredName::Profile(name)) => ("changes something at".to_owned(), format!("Type the profile's name, {name}, to send it:")),
        None => ("changes something at".to_owned(), String::new()),
    };
    let endpoint = match &app.current().access {
        Some(Ok(access)) => access.endpoint.to_string(),
        _ => String::new(),
    };
    let lines = [(format!("{operation} {does}"), Role::Text), (endpoint, Role::Heading), (asks, Role::Text)];
    for ((text, role), y) in lines.iter().zip(inner.y..inner.bottom()) {
        canvas.write(Position::new(inner.x, y), inner.width, text, *role);
    }
    prompt(canvas, Rect { y: inner.y + 4, height: 1, ..inner }, &asked.input);
}

fn pick(picker: &Picker, inner: Rect, canvas: &mut Canvas<'_>) {
    prompt(canvas, Rect { height: 1, ..inner }, &picker.input);
    let shown = picker.shown();
    let area = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    if shown.is_empty() {
        let words = match picker.subject {
            PickerKind::Region => "the vendor lists no such region: enter takes it as it is typed",
            PickerKind::Profile | PickerKind::Operation | PickerKind::Fault | PickerKind::CopyAs | PickerKind::WriteAs => {
                "nothing fits what is typed"
            }
        };
        canvas.write(Position::new(area.x, area.y), area.width, words, Role::Dim);
    }
    let widest = if picker.subject == PickerKind::Fault { 44 } else { 32 };
    let first = (picker.selected + 1).saturating_sub(usize::from(area.height));
    let place = pane::place(first, area.height, shown.len());
    canvas.write_right(inner.x, Position::new(inner.right(), inner.y + 1), &place, Role::Dim);
    let column = shown.iter().map(|choice| choice.name.chars().count()).max().unwrap_or(0).min(widest) as u16 + 2;
    for ((at, choice), y) in shown.iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        canvas.write(Position::new(row.x + 1, y), column, &choice.name, Role::Text);
        canvas.write(Position::new(row.x + 1 + column, y), row.width.saturating_sub(column + 1), &choice.detail, Role::Dim);
        canvas.spot(row, ScreenTarget::PickerRow(at));
        if at == picker.selected {
            let style = canvas.theme.part(Part::Selected);
            canvas.paint(row, style);
        }
    }
    pane::more(canvas, Rect { width: area.width + 1, ..area }, first, shown.len());
}
