//! The results of a filter, beside the exchange whose body they are made of.

use ratatui::layout::Position;
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::frame::Frame;
use super::pane;
use super::theme::Part;
use crate::app::page::Role;
use crate::app::viewer::{Jq, PromptKind};
use crate::app::{App, Pane, ScreenTarget};

/// Draws them below a head with the filter and where it stands.
pub fn draw(app: &App, jq: &Jq, frame: Frame, canvas: &mut Canvas<'_>) {
    let (area, typing) = (frame.head, app.viewer.prompt.as_ref().is_some_and(|prompt| prompt.kind == PromptKind::Filter));
    canvas.add_click_target(area.union(frame.body), ScreenTarget::Results);
    if area.x > 0 {
        canvas.bar(Position::new(area.x - 1, area.y), area.height + frame.body.height);
    }
    let rule = canvas.theme.part(Part::Rule);
    canvas.rule(Position::new(area.x, area.y), area.width, rule);
    let place = pane::place(jq.scroll, frame.body.height, jq.len());
    // While the filter is typed its state stands in the line that it is typed in.
    let state = if typing { String::new() } else { jq.state(&app.session.keys) };
    let right = [state, place].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("  ");
    let right = if right.is_empty() { right } else { format!(" {right} ") };
    let room = usize::from(area.width).saturating_sub(right.width() + 8);
    let filter = if typing { String::new() } else { cut(&jq.filter, room) };
    let title = canvas.theme.role(if app.focus.pane == Pane::Exchange { Role::Accent } else { Role::Heading });
    let mut x = area.x + 1 + pane::words(canvas, area.x + 1, area, "jq", title);
    if !filter.is_empty() {
        // Plain text has no colour of its own: that of the rule below would shine through.
        let text = canvas.theme.role(Role::Text).fg(Color::Reset);
        x += pane::words(canvas, x - 1, area, &filter, text) - 1;
    }
    canvas.write_right(x, Position::new(area.right().saturating_sub(1), area.y), &right, Role::Dim);
    pane::text(canvas, frame.body, jq.scroll, jq.len(), &jq.lines(usize::from(frame.body.height)));
}

/// Returns the filter, cut to so many columns.
fn cut(filter: &str, room: usize) -> String {
    let filter = crate::visible::visible(filter);
    if filter.width() <= room {
        return filter.into_owned();
    }
    super::window::window(&filter, 0, room.saturating_sub(1)) + "…"
}
