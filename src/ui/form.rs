//! The form: a row a field, with its count at the right and what is wrong below.
//!
//! A form is first made into rows ([`Row`]) and then drawn: so the layout knows how many there are, and what does not
//! fit is scrolled with the focused field visible.

use std::borrow::Cow;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::frame::Frame;
use super::pane::{self, Head};
use super::theme::Part;
use super::window::window;
use crate::app::page::{Line, Page, Role};
use crate::app::{Action, App, Editor, Field, Pane, ScreenTarget, Tab};
use crate::catalog::{Check, Parameter, Severity};
use crate::form::{Diagnostic, DiagnosticKind};
use crate::visible::visible;

/// The widest column of names.
const MAX_NAME_COLUMNS: u16 = 26;

/// Columns kept for the count at the right.
const COUNT_COLUMNS: u16 = 8;

/// A row of the form.
enum Row {
    /// A field, or the part of it that stands in this row.
    Field { at: usize, first: bool, parts: Vec<usize> },
    /// The names of the members in the columns below.
    Titles(usize),
    /// A line of what is wrong with the field above.
    Diagnostic(Line),
}

/// Returns how many rows the form of the shown tab takes in so many columns.
pub fn rows(app: &App, width: u16) -> usize {
    make(app.current(), width).len() + 1
}

fn make(tab: &Tab, width: u16) -> Vec<Row> {
    let mut rows = Vec::new();
    let room = usize::from(width.saturating_sub(indent(tab, width) + 1));
    for (at, (parameter, field)) in tab.parameters().iter().zip(&tab.fields).enumerate() {
        if matches!(field.editor, Editor::Rows(_)) && !field.is_empty(parameter) {
            rows.push(Row::Titles(at));
        }
        for (row, parts) in parts(field).into_iter().enumerate() {
            rows.push(Row::Field { at, first: row == 0, parts });
        }
        let mut last = None;
        let shown = tab.findings_of(&parameter.name).filter(|finding| deserves_a_row(finding, parameter, field));
        // Two rules that stumble over the same character say the same twice.
        let shown = shown.filter(|finding| finding.at.is_none() || std::mem::replace(&mut last, finding.at) != finding.at);
        let mut page = Page::new(room);
        shown.for_each(|finding| page.line(sentence(finding)));
        rows.extend(page.lines.into_iter().map(Row::Diagnostic));
    }
    rows
}

/// Returns where findings begin: below the value, or below the name where that leaves too little room.
fn indent(tab: &Tab, width: u16) -> u16 {
    let below = names(tab, width) + 2;
    if width >= below + 36 { below } else { 3 }
}

/// Returns a finding as it stands below its field.
fn sentence(finding: &Diagnostic) -> Line {
    let (role, mark) = match finding.severity {
        Severity::Error => (Role::Failure, "✗ "),
        Severity::Warning => (Role::Warning, "! "),
    };
    Line::of(role, mark).with(role, finding.place()).with(role, &finding.message).hanging(2)
}

/// Returns the parts of a field, row by row.
fn parts(field: &Field) -> Vec<Vec<usize>> {
    match &field.editor {
        Editor::List(inputs) => (0..inputs.len()).map(|part| vec![part]).collect(),
        Editor::Rows(rows) => {
            let columns = rows.first().map_or(1, Vec::len).max(1);
            (0..rows.len()).map(|row| (row * columns..(row + 1) * columns).collect()).collect()
        }
        Editor::Checks(checks) => vec![(0..checks.len()).collect()],
        _ => vec![vec![0]],
    }
}

/// Returns whether it is worth a row: that a required field is empty is said in the field itself.
fn deserves_a_row(finding: &Diagnostic, parameter: &Parameter, field: &Field) -> bool {
    finding.kind != DiagnosticKind::Missing || !field.is_empty(parameter) || finding.severity == Severity::Warning
}

/// Draws the form.
pub fn draw(app: &App, frame: Frame, canvas: &mut Canvas<'_>) {
    let tab = app.current();
    let (title, detail) = match tab.operation() {
        Some(operation) => (operation.id.clone(), format!("{} {}", operation.method, operation.path)),
        None => ("Form".to_owned(), String::new()),
    };
    let right = summary(tab);
    let head = Head { pane: Pane::Form, title: &title, detail: &detail, views: &[], view: 0, right: &right };
    pane::head(app, frame, &head, canvas);
    let rows = make(tab, frame.body.width);
    if rows.is_empty() {
        let words = match tab.operation() {
            Some(_) => format!("No parameters. {} signs and sends it.", app.session.keys.hint(Action::Send)),
            None => "Reading the catalog".to_owned(),
        };
        canvas.write(Position::new(frame.body.x + 1, frame.body.y), frame.body.width.saturating_sub(2), &words, Role::Dim);
        return;
    }
    let focus = rows.iter().position(|row| matches!(row, Row::Field { at, parts, .. } if has_focus(tab, *at, parts))).unwrap_or(0);
    let height = usize::from(frame.body.height);
    // The focused row stays visible with the rows of its errors.
    let below = rows[focus.min(rows.len())..].iter().skip(1).take_while(|row| matches!(row, Row::Diagnostic(_))).count();
    let scroll = (focus + below + 1).saturating_sub(height).min(focus);
    let drawer = Drawer { app, tab, names: names(tab, frame.body.width), indent: indent(tab, frame.body.width) };
    for (row, y) in rows.iter().skip(scroll).zip(frame.body.y..frame.body.bottom()) {
        let area = Rect { y, height: 1, ..frame.body };
        match row {
            Row::Field { at, first, parts } => drawer.field(*at, *first, parts, area, canvas),
            Row::Titles(at) => drawer.titles(*at, area, canvas),
            Row::Diagnostic(line) => {
                canvas.line(Position::new(area.x + drawer.indent, y), area.width.saturating_sub(drawer.indent + 1), line);
            }
        }
    }
    pane::more(canvas, frame.body, scroll, rows.len());
}

fn has_focus(tab: &Tab, at: usize, parts: &[usize]) -> bool {
    at == tab.focus && tab.fields.get(at).is_some_and(|field| parts.contains(&field.part))
}

fn summary(tab: &Tab) -> String {
    match tab.errors() {
        0 => "ready to send".to_owned(),
        1 => "1 error".to_owned(),
        errors => format!("{errors} errors"),
    }
}

/// Returns the column of the names: as wide as the widest, within reason.
fn names(tab: &Tab, width: u16) -> u16 {
    let widest = tab.parameters().iter().map(|parameter| parameter.name.width() + 2).max().unwrap_or(0);
    u16::try_from(widest).unwrap_or(MAX_NAME_COLUMNS).clamp(8, MAX_NAME_COLUMNS).min(width / 2)
}

/// Draws rows of one form.
struct Drawer<'a> {
    app: &'a App,
    tab: &'a Tab,
    names: u16,
    indent: u16,
}

impl Drawer<'_> {
    /// Returns where the members of an object stand side by side.
    fn columns(&self, members: usize, area: Rect) -> impl Iterator<Item = Rect> + use<> {
        let x = area.x + 2 + self.names;
        let columns = u16::try_from(members.max(1)).unwrap_or(1);
        let width = area.right().saturating_sub(x + 1) / columns;
        (0..columns).map(move |column| Rect { x: x + column * width, width: width.saturating_sub(1), ..area })
    }

    fn titles(&self, at: usize, area: Rect, canvas: &mut Canvas<'_>) {
        let Some(parameter) = self.tab.parameters().get(at) else { return };
        for (member, cell) in parameter.members.iter().zip(self.columns(parameter.members.len(), area)) {
            canvas.write(Position::new(cell.x, cell.y), cell.width, &member.name, Role::Dim);
        }
    }

    fn field(&self, at: usize, first: bool, parts: &[usize], area: Rect, canvas: &mut Canvas<'_>) {
        let (Some(parameter), Some(field)) = (self.tab.parameters().get(at), self.tab.fields.get(at)) else { return };
        let focused = has_focus(self.tab, at, parts) && self.app.focus.pane == Pane::Form;
        if first {
            self.name(parameter, at == self.tab.focus, area, canvas);
        }
        let x = area.x + 2 + self.names;
        let counted = count(parameter, field);
        let room = area.right().saturating_sub(x + 1 + if counted.is_some() { COUNT_COLUMNS } else { 0 });
        let value = Rect { x, width: room, ..area };
        if let Some((text, over)) = counted.filter(|_| first) {
            let role = if over { Role::Failure } else { Role::Dim };
            canvas.write_right(value.right(), Position::new(area.right().saturating_sub(2), area.y), &text, role);
        }
        canvas.add_click_target(
            Rect { x: area.x, width: area.width, ..area },
            ScreenTarget::Field { field: at, part: parts[0], character: usize::MAX },
        );
        self.value(at, parts, focused, value, canvas);
    }

    fn name(&self, parameter: &Parameter, focused: bool, area: Rect, canvas: &mut Canvas<'_>) {
        let active = focused && self.app.focus.pane == Pane::Form;
        if active {
            canvas.write(Position::new(area.x, area.y), 1, "▸", Role::Accent);
        }
        let style = if active { canvas.theme.part(Part::FocusField) } else { canvas.theme.role(Role::Label) };
        let used = canvas.put(Position::new(area.x + 1, area.y), self.names - 1, &parameter.name, style);
        if parameter.required {
            canvas.write(Position::new(area.x + 1 + used + 1, area.y), 1, "*", Role::Accent);
        }
    }

    /// Draws the value of the field.
    fn value(&self, at: usize, parts: &[usize], focused: bool, area: Rect, canvas: &mut Canvas<'_>) {
        let (parameter, field) = (&self.tab.parameters()[at], &self.tab.fields[at]);
        match &field.editor {
            Editor::Text(input) => {
                self.text(Cell { at, part: 0, input: &self.shown(at, input), focused, hint: &hint(parameter) }, area, canvas);
            }
            Editor::Json(input) => self.json(Cell { at, part: 0, input: &self.shown(at, input), focused, hint: "JSON" }, area, canvas),
            Editor::List(inputs) => {
                let hint = if parts[0] == 0 { hint(parameter) } else { String::new() };
                let input = self.shown(at, &inputs[parts[0]]);
                self.text(Cell { at, part: parts[0], input: &input, focused, hint: &hint }, area, canvas);
            }
            Editor::Rows(rows) => self.cells(at, parts, rows, focused, area, canvas),
            Editor::Flag(flag) => self.steps(flag.map(|flag| flag.to_string()), parameter, focused, area, canvas),
            Editor::Pick(pick) => {
                let chosen = pick.and_then(|at| parameter.values.get(at)).map(|choice| choice.value.clone());
                self.steps(chosen, parameter, focused, area, canvas);
            }
            Editor::Checks(checks) => self.checks(at, checks, focused, area, canvas),
        }
    }

    /// Returns what is seen of what was typed: a dot a character where that is a secret.
    fn shown<'a>(&self, at: usize, input: &'a Input) -> Cow<'a, Input> {
        let secret = self.tab.parameters().get(at).is_some_and(|parameter| parameter.sensitive);
        if !secret || self.app.session.revealed {
            return Cow::Borrowed(input);
        }
        let dots = "•".repeat(input.value().chars().count());
        Cow::Owned(Input::new(dots).with_cursor(input.cursor()))
    }

    fn json(&self, cell: Cell<'_>, area: Rect, canvas: &mut Canvas<'_>) {
        let used = canvas.write(Position::new(area.x, area.y), 5, "JSON ", Role::Number);
        let area = Rect { x: area.x + used, width: area.width.saturating_sub(used), ..area };
        self.text(cell, area, canvas);
    }

    /// Draws a line of text with the caret, scrolled so that the caret is visible.
    fn text(&self, cell: Cell<'_>, area: Rect, canvas: &mut Canvas<'_>) {
        let typing = cell.focused && self.app.focus.editing;
        if cell.focused {
            let surface = canvas.theme.part(Part::Surface);
            canvas.paint(area, surface);
        }
        let room = usize::from(area.width.saturating_sub(1));
        let scroll = if typing { cell.input.visual_scroll(room) } else { 0 };
        let at = Position::new(area.x, area.y);
        if cell.input.value().is_empty() {
            canvas.write(at, area.width, cell.hint, Role::Dim);
        } else {
            let text = window(cell.input.value(), scroll, room + usize::from(!typing));
            let used = canvas.put(at, area.width, &visible(&text), Style::default());
            if !typing && text.len() < cell.input.value().len() && used > 0 {
                let symbol = canvas.symbol("…");
                canvas.put(Position::new(area.x + used - 1, area.y), 1, symbol, Style::default());
            }
        }
        remember(cell, scroll, area, canvas);
        if typing {
            let caret = u16::try_from(cell.input.visual_cursor().saturating_sub(scroll)).unwrap_or(0);
            canvas.caret = Some(Position::new(area.x + caret.min(area.width.saturating_sub(1)), area.y));
        }
    }

    /// Adds the members of an object side by side.
    fn cells(&self, at: usize, parts: &[usize], rows: &[Vec<Input>], focused: bool, area: Rect, canvas: &mut Canvas<'_>) {
        let parameter = &self.tab.parameters()[at];
        let inputs: Vec<&Input> = rows.iter().flatten().collect();
        let whole = Rect { x: area.x - 2 - self.names, width: area.width + 3 + self.names, ..area };
        for ((cell, part), member) in self.columns(parts.len(), whole).zip(parts).zip(&parameter.members) {
            let Some(input) = inputs.get(*part) else { continue };
            let focused = focused && self.tab.fields[at].part == *part;
            canvas.add_click_target(cell, ScreenTarget::Field { field: at, part: *part, character: usize::MAX });
            self.text(Cell { at, part: *part, input: &self.shown(at, input), focused, hint: &member.name }, cell, canvas);
        }
    }

    /// Draws a value that is stepped through.
    fn steps(&self, chosen: Option<String>, parameter: &Parameter, focused: bool, area: Rect, canvas: &mut Canvas<'_>) {
        let role = if chosen.is_some() { Role::Text } else { Role::Dim };
        let text = chosen.unwrap_or_else(|| hint(parameter));
        if focused {
            let surface = canvas.theme.part(Part::Surface);
            canvas.paint(area, surface);
        }
        let used = canvas.write(Position::new(area.x, area.y), area.width, &text, role);
        if focused && self.app.focus.editing {
            canvas.write(Position::new(area.x + used + 2, area.y), area.width.saturating_sub(used + 2), "space ← →", Role::Accent);
            canvas.caret = Some(Position::new(area.x, area.y));
        }
    }

    /// Values that are ticked.
    fn checks(&self, at: usize, checks: &[bool], focused: bool, area: Rect, canvas: &mut Canvas<'_>) {
        let (parameter, field) = (&self.tab.parameters()[at], &self.tab.fields[at]);
        let mut x = area.x;
        for (part, (choice, check)) in parameter.values.iter().zip(checks).enumerate() {
            let text = format!("[{}] {}", if *check { "x" } else { " " }, choice.value);
            let here = focused && field.part == part;
            let used =
                canvas.write(Position::new(x, area.y), area.right().saturating_sub(x), &text, if *check { Role::Text } else { Role::Dim });
            let cell = Rect { x, width: used, ..area };
            canvas.add_click_target(cell, ScreenTarget::Field { field: at, part, character: 0 });
            if here {
                let surface = canvas.theme.part(Part::Surface);
                canvas.paint(cell, surface);
                canvas.caret = self.app.focus.editing.then_some(Position::new(x + 1, area.y));
            }
            x = (x + used + 3).min(area.right());
        }
        if focused && self.app.focus.editing {
            canvas.write(Position::new(x, area.y), area.right().saturating_sub(x), "space ← →", Role::Accent);
        }
    }
}

/// Tells the mouse which character stands in which column.
fn remember(cell: Cell<'_>, scroll: usize, area: Rect, canvas: &mut Canvas<'_>) {
    let mut column = 0;
    let mut character = 0;
    for grapheme in cell.input.value().graphemes(true) {
        let width = grapheme.width();
        if column >= scroll && column - scroll < usize::from(area.width) {
            let x = area.x + u16::try_from(column - scroll).unwrap_or(0);
            let width = u16::try_from(width.max(1)).unwrap_or(1);
            canvas.add_click_target(Rect { x, width, ..area }, ScreenTarget::Field { field: cell.at, part: cell.part, character });
        }
        column += width;
        character += grapheme.chars().count();
    }
}

/// A line of text that is typed into.
#[derive(Clone, Copy)]
struct Cell<'a> {
    at: usize,
    part: usize,
    input: &'a Input,
    focused: bool,
    hint: &'a str,
}

/// Returns what an empty field says.
fn hint(parameter: &Parameter) -> String {
    match (&parameter.default, parameter.required) {
        (_, true) => "(required)".to_owned(),
        (Some(toml::Value::String(text)), _) => format!("(unset: {text})"),
        (Some(default), _) => format!("(unset: {default})"),
        (None, _) => "(unset)".to_owned(),
    }
}

/// Characters against the limit, and whether there are more.
fn count(parameter: &Parameter, field: &Field) -> Option<(String, bool)> {
    let Editor::Text(input) = &field.editor else { return None };
    let most = parameter.rules.iter().find_map(|rule| match (&rule.check, rule.severity, &rule.part) {
        (Check::Chars(_, most), Severity::Error, crate::catalog::Part::Whole) => Some(*most),
        _ => None,
    })?;
    let length = input.value().chars().count();
    Some((format!("{length}/{most}"), length > most))
}
