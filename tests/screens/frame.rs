//! One frame as cells, and the cells as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Modifier;
use skydeck::ui::{self, ClickMap, Depth, Palette, SymbolSet, Theme};
use unicode_width::UnicodeWidthStr;

use super::stage::Stage;

/// A drawn frame.
pub struct Frame {
    pub cells: Buffer,
    pub caret: Option<Position>,
    pub click_targets: ClickMap,
}

/// Draws what the stage shows.
pub fn draw(stage: &Stage, theme: &Theme) -> Frame {
    let layout = ui::layout(&stage.app, stage.area());
    let mut cells = Buffer::empty(stage.area());
    let (click_targets, caret) = ui::render(&stage.app, &layout, theme, &mut cells);
    Frame { cells, caret, click_targets }
}

/// The theme of most terminals.
pub fn dark() -> Theme {
    Theme::new(Palette::Dark, Depth::True, SymbolSet::Unicode)
}

impl Frame {
    /// A row's cells; the second half of a wide character is left out.
    pub fn row(&self, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
        let mut masked = 0;
        (0..self.cells.area.width).filter_map(move |x| {
            let cell = &self.cells[(x, y)];
            if x < masked {
                return None;
            }
            masked = x + u16::try_from(cell.symbol().width()).unwrap().max(1);
            Some((x, cell))
        })
    }

    /// The rows as text, and above them where the caret stands.
    pub fn text(&self) -> String {
        let area = self.cells.area;
        let caret = self.caret.map_or_else(|| "no caret".to_owned(), |caret| format!("caret at {},{}", caret.x, caret.y));
        let mut out = format!("{}x{}, {caret}\n", area.width, area.height);
        for y in 0..area.height {
            let row: String = self.row(y).map(|(_, cell)| cell.symbol()).collect();
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }

    /// The rows as letters, one for each look, and below them what the letters stand for.
    pub fn looks(&self) -> String {
        let mut known: BTreeMap<String, char> = BTreeMap::new();
        let mut letters = ('a'..='z').chain('A'..='Z');
        let mut out = String::new();
        for y in 0..self.cells.area.height {
            let mut row = String::new();
            for x in 0..self.cells.area.width {
                let look = look(&self.cells[(x, y)]);
                let letter = if look.is_empty() { '.' } else { *known.entry(look).or_insert_with(|| letters.next().unwrap()) };
                row.push(letter);
            }
            out.push_str(row.trim_end_matches('.'));
            out.push('\n');
        }
        let mut legend: Vec<_> = known.into_iter().map(|(look, letter)| (letter, look)).collect();
        legend.sort_unstable();
        for (letter, look) in legend {
            writeln!(out, "{letter}  {look}").unwrap();
        }
        out
    }
}

/// A cell's look in words; empty for the terminal's own.
fn look(cell: &Cell) -> String {
    let mut words = Vec::new();
    let blank = cell.symbol() == " ";
    if cell.fg != ratatui::style::Color::Reset && !blank {
        words.push(cell.fg.to_string());
    }
    if cell.bg != ratatui::style::Color::Reset {
        words.push(format!("on {}", cell.bg));
    }
    for (modifier, word) in [(Modifier::BOLD, "bold"), (Modifier::UNDERLINED, "underlined"), (Modifier::REVERSED, "reversed")] {
        if cell.modifier.contains(modifier) && !(blank && modifier == Modifier::BOLD) {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}
