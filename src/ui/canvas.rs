//! Where the parts of the screen draw: text in columns, places that the mouse knows, the caret.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::theme::{Part, SymbolSet, Theme};
use crate::app::ScreenTarget;
use crate::app::page::{Line, Role};
use crate::visible::visible_line;

/// Signs and what stands for them where only ASCII is shown. All are one column wide, before and after.
const ASCII: [(char, char); 25] = [
    ('─', '-'),
    ('│', '|'),
    ('✓', 'v'),
    ('✗', 'x'),
    ('▸', '>'),
    ('▪', '#'),
    ('•', '*'),
    ('·', '.'),
    ('…', '~'),
    ('–', '-'),
    ('━', '='),
    ('↑', '^'),
    ('↓', 'v'),
    ('←', '<'),
    ('→', '>'),
    ('“', '"'),
    ('”', '"'),
    ('’', '\''),
    ('‹', '<'),
    ('›', '>'),
    ('≠', '!'),
    ('◐', '|'),
    ('◓', '/'),
    ('◑', '-'),
    ('◒', '\\'),
];

/// Asks for the emoji form of the character before it. Terminals do not agree on how wide that is, so it is left out.
const EMOJI_STYLE: char = '\u{fe0f}';

/// A frame being drawn.
pub struct Canvas<'a> {
    /// The cells.
    pub cells: &'a mut Buffer,
    /// The theme.
    pub theme: &'a Theme,
    /// The clickable areas, later ones above earlier ones.
    pub click_targets: Vec<(Rect, ScreenTarget)>,
    /// The position of the caret.
    pub caret: Option<Position>,
}

impl Canvas<'_> {
    /// Writes text from a column on, at most `room` columns; a text that is cut ends in `…`. Gives the columns used.
    /// Whatever text it is, nothing that steers a terminal or hides from the eye gets past here.
    pub fn put(&mut self, at: Position, room: u16, text: &str, style: Style) -> u16 {
        if !self.cells.area.contains(at) || room == 0 {
            return 0;
        }
        let text = visible_line(text);
        let shown = self.shown(&text);
        let width = shown.width();
        let (end, _) = self.cells.set_stringn(at.x, at.y, &shown, usize::from(room), style);
        if width > usize::from(room) {
            self.cells.set_stringn(at.x + room - 1, at.y, self.symbol("…"), 1, style);
        }
        end - at.x
    }

    /// Writes text of a role; see [`Canvas::put`].
    pub fn write(&mut self, at: Position, room: u16, text: &str, role: Role) -> u16 {
        let style = self.theme.role(role);
        self.put(at, room, text, style)
    }

    /// Writes text that ends at the column before `end`, if it fits behind `from`.
    pub fn write_right(&mut self, from: u16, end: Position, text: &str, role: Role) {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
        if end.x.saturating_sub(from) >= width {
            self.write(Position::new(end.x - width, end.y), width, text, role);
        }
    }

    /// Marks a cell as wrong.
    pub fn underline(&mut self, at: Position) {
        let style = self.theme.role(Role::Failure).add_modifier(Modifier::UNDERLINED);
        if let Some(cell) = self.cells.cell_mut(at) {
            cell.set_style(style);
        }
    }

    /// Draws a line of a page.
    pub fn line(&mut self, at: Position, room: u16, line: &Line) {
        let mut column = at.x;
        for span in &line.spans {
            let left = (at.x + room).saturating_sub(column);
            column += self.write(Position::new(column, at.y), left, &span.text, span.role);
        }
    }

    /// Draws a horizontal rule.
    pub fn rule(&mut self, at: Position, columns: u16, style: Style) {
        let text = self.symbol("─").repeat(usize::from(columns));
        self.put(at, columns, &text, style);
    }

    /// Draws a vertical rule.
    pub fn bar(&mut self, at: Position, rows: u16) {
        let style = self.theme.part(Part::Rule);
        for row in 0..rows {
            let sign = self.symbol("│");
            self.put(Position::new(at.x, at.y + row), 1, sign, style);
        }
    }

    /// Gives cells a style without changing what stands there.
    pub fn paint(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.cells.area);
        self.cells.set_style(area, style);
    }

    /// Remembers what a place means.
    pub fn add_click_target(&mut self, area: Rect, spot: ScreenTarget) {
        self.click_targets.push((area, spot));
    }

    /// Returns a sign, or what stands for it in ASCII.
    pub fn symbol<'s>(&self, sign: &'s str) -> &'s str {
        const PLAIN: [(&str, &str); 4] = [("─", "-"), ("│", "|"), ("…", "~"), ("━", "=")];
        if self.theme.symbols == SymbolSet::Unicode {
            return sign;
        }
        PLAIN.iter().find(|(known, _)| *known == sign).map_or(sign, |(_, plain)| plain)
    }

    /// Returns the text as this terminal shows it.
    fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.is_ascii() {
            return text.into();
        }
        if self.theme.symbols == SymbolSet::Unicode {
            return if text.contains(EMOJI_STYLE) { text.replace(EMOJI_STYLE, "").into() } else { text.into() };
        }
        let plain = |sign: char| ASCII.iter().find(|(known, _)| *known == sign).map_or(sign, |(_, plain)| *plain);
        text.chars().map(plain).collect::<String>().into()
    }
}
