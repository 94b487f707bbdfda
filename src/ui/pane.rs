//! What panes share: the head line with title and views, and scrolled text.

use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::frame::Frame;
use super::theme::Part;
use crate::app::page::{Line, Role};
use crate::app::{Action, App, Pane, ScreenTarget};

/// A pane's head.
pub struct Head<'a> {
    /// The pane.
    pub pane: Pane,
    /// Its title.
    pub title: &'a str,
    /// The text behind the title in lesser weight.
    pub detail: &'a str,
    /// The names of its views.
    pub views: &'a [&'a str],
    /// The view that is shown, counted from 0.
    pub view: usize,
    /// The text at the right end.
    pub right: &'a str,
}

/// Draws a pane's head: `Title detail ── view view view ──── right`.
pub fn head(app: &App, frame: Frame, head: &Head<'_>, canvas: &mut Canvas<'_>) {
    let area = frame.head;
    let focused = app.focus.pane == head.pane && !app.popups.is_open();
    canvas.add_click_target(area.union(frame.body), ScreenTarget::Pane(head.pane));
    if area.x > 0 {
        canvas.bar(Position::new(area.x - 1, area.y), area.height + frame.body.height);
    }
    let rule = canvas.theme.part(Part::Rule);
    canvas.rule(Position::new(area.x, area.y), area.width, rule);
    let end = area.right();
    if focused {
        canvas.write(Position::new(area.x, area.y), 1, "▸", Role::Accent);
    }
    let title = if focused { canvas.theme.part(Part::Focus) } else { canvas.theme.role(Role::Heading) };
    let mut x = area.x + 1;
    x += words(canvas, x, area, head.title, title);
    if !head.detail.is_empty() && fits(head, area) {
        let dim = canvas.theme.role(Role::Dim);
        x += words(canvas, x, area, head.detail, dim);
    }
    for (at, name) in head.views.iter().enumerate() {
        let style = view_style(canvas, focused, at == head.view);
        let used = words(canvas, x, area, name, style);
        canvas.add_click_target(Rect { x, width: used, ..area }, ScreenTarget::View(head.pane, at));
        x += used;
    }
    if !head.right.is_empty() {
        let text = format!(" {} ", head.right);
        canvas.write_right(x + 1, Position::new(end.saturating_sub(1), area.y), &text, Role::Dim);
    }
}

/// Returns whether the detail has room beside everything else.
fn fits(head: &Head<'_>, area: Rect) -> bool {
    let words = [head.title, head.detail, head.right].into_iter().chain(head.views.iter().copied());
    words.map(|word| word.width() + 2).sum::<usize>() + 2 <= usize::from(area.width)
}

fn view_style(canvas: &Canvas<'_>, focused: bool, shown: bool) -> Style {
    match (shown, focused) {
        (true, true) => canvas.theme.role(Role::Accent).add_modifier(Modifier::UNDERLINED),
        (true, false) => canvas.theme.role(Role::Heading).add_modifier(Modifier::UNDERLINED),
        (false, _) => canvas.theme.role(Role::Dim),
    }
}

/// Words with a space on each side, breaking the rule; the columns used.
pub fn words(canvas: &mut Canvas<'_>, x: u16, area: Rect, text: &str, style: Style) -> u16 {
    let room = area.right().saturating_sub(x);
    // The rule below must not shine through.
    let plain = Style::default().remove_modifier(Modifier::all());
    let style = plain.patch(style);
    let before = canvas.put(Position::new(x, area.y), room, " ", plain);
    let text = canvas.put(Position::new(x + before, area.y), room.saturating_sub(before), text, style);
    before + text + canvas.put(Position::new(x + before + text, area.y), room.saturating_sub(before + text), " ", plain)
}

/// Draws the visible lines of a text, the first of which is `scroll` of `total`, with a mark at the right edge where more stands above or below.
pub fn text(canvas: &mut Canvas<'_>, area: Rect, scroll: usize, total: usize, visible: &[Line]) {
    let room = area.width.saturating_sub(2);
    let edge = area.right().saturating_sub(1);
    for (line, y) in visible.iter().zip(area.y..area.bottom()) {
        canvas.line(Position::new(area.x + 1, y), room, line);
        if line.cut.0 {
            canvas.write(Position::new(area.x, y), 1, "‹", Role::Accent);
        }
        if line.cut.1 {
            canvas.write(Position::new(edge, y), 1, "›", Role::Accent);
        }
    }
    more(canvas, area, scroll, total);
}

/// Draws a mark at the right edge where more stands above or below.
pub fn more(canvas: &mut Canvas<'_>, area: Rect, scroll: usize, total: usize) {
    let edge = area.right().saturating_sub(1);
    if scroll > 0 {
        canvas.write(Position::new(edge, area.y), 1, "↑", Role::Dim);
    }
    if total > scroll + usize::from(area.height) && area.height > 0 {
        canvas.write(Position::new(edge, area.bottom() - 1), 1, "↓", Role::Dim);
    }
}

/// Draws a line that is typed into, behind a `/`, with the caret while it is typed; gives where it begins and how many columns of it are
/// scrolled out of sight.
pub fn typed(canvas: &mut Canvas<'_>, area: Rect, input: &Input, typing: bool) -> (u16, usize) {
    let x = area.x + 1 + canvas.write(Position::new(area.x + 1, area.y), area.width, "/ ", Role::Accent);
    let room = area.right().saturating_sub(x);
    let scroll = input.visual_scroll(usize::from(room.saturating_sub(1)));
    let text = super::window::window(input.value(), scroll, usize::from(room));
    canvas.write(Position::new(x, area.y), room, &crate::visible::visible(&text), Role::Text);
    if typing {
        let caret = u16::try_from(input.visual_cursor().saturating_sub(scroll)).unwrap_or(0);
        canvas.caret = Some(Position::new((x + caret).min(area.right().saturating_sub(1)), area.y));
    }
    (x, scroll)
}

/// Returns where the shown lines stand among all: `21-40 of 310`.
pub fn place(scroll: usize, height: u16, total: usize) -> String {
    let height = usize::from(height);
    if total <= height {
        return String::new();
    }
    format!("{}-{} of {total}", scroll + 1, (scroll + height).min(total))
}

/// In a narrow screen the lower pane's head names the three panes that share the place; which of them is which.
pub const SHARED: [(Pane, &str); 3] = [(Pane::Preview, "preview"), (Pane::Log, "log"), (Pane::Exchange, "exchange")];

/// Returns the keys that go to the panes which share the place, for the right end of a narrow head. In a field they would be typed.
pub fn others(app: &App, pane: Pane) -> String {
    let key = |pane: Pane| match pane {
        Pane::Form => Action::ToForm,
        Pane::Preview => Action::ToPreview,
        Pane::Log => Action::ToLog,
        Pane::Exchange => Action::ToExchange,
    };
    let others = SHARED.iter().filter(|(other, _)| *other != pane);
    others.map(|(other, name)| format!("{} {name}", app.session.keys.hint(key(*other)))).collect::<Vec<_>>().join("  ")
}
