//! A text that is wider than its place, scrolled sideways, and the line in which one is typed.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::theme::Part;
use crate::app::page::Role;
use crate::visible::visible;

/// Returns the part of a text that stands in `width` columns from column `scroll` on.
pub fn window(text: &str, scroll: usize, width: usize) -> String {
    let mut column = 0;
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        let end = column + grapheme.width();
        if column >= scroll && end <= scroll + width {
            out.push_str(grapheme);
        } else if column < scroll && end > scroll {
            out.push(' '); // half of a wide character that the edge cuts
        }
        column = end;
    }
    out
}

/// Draws a line that is typed into.
pub fn prompt(canvas: &mut Canvas<'_>, area: Rect, input: &Input) {
    let used = canvas.write(Position::new(area.x, area.y), 2, "▸ ", Role::Accent);
    let room = area.width.saturating_sub(used + 1);
    let scroll = input.visual_scroll(usize::from(room));
    let text: String = window(input.value(), scroll, usize::from(room));
    let surface = canvas.theme.part(Part::Surface);
    canvas.paint(Rect { x: area.x + used, width: room + 1, ..area }, surface);
    canvas.put(Position::new(area.x + used, area.y), room, &visible(&text), Style::default());
    let caret = u16::try_from(input.visual_cursor().saturating_sub(scroll)).unwrap_or(0).min(room);
    canvas.caret = Some(Position::new(area.x + used + caret, area.y));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_never_cuts_a_wide_character_in_two() {
        assert_eq!(window("命名空间", 0, 5), "命名");
        assert_eq!(window("命名空间", 1, 5), " 名空");
        assert_eq!(window("abcdef", 2, 3), "cde");
    }
}
