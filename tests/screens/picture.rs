//! The README's picture, drawn by the program's own buffer: cells become text and rectangles of an SVG.
//!
//! `SKYDECK_BLESS=1 cargo test --test screens picture` writes the files anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use skydeck::ui::{Depth, Palette, SymbolSet, Theme};
use unicode_width::UnicodeWidthStr;

use super::frame::{Frame, draw};
use super::stage::Stage;
use super::volatile::without_volatile;

/// Width and height of a cell, in pixels.
const CELL: (u32, u32) = (8, 18);

/// Pixels around the cells.
const MARGIN: u32 = 14;

/// Fonts with cells of 0.6 em, the first that is there.
const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono','Liberation Mono',Consolas,monospace";

/// The colours of the terminal itself.
struct Terminal {
    text: &'static str,
    background: &'static str,
    edge: &'static str,
}

const DARK: Terminal = Terminal { text: "#e6edf3", background: "#0d1117", edge: "#30363d" };
const LIGHT: Terminal = Terminal { text: "#1f2328", background: "#ffffff", edge: "#d0d7de" };

/// A console in the middle of its work: a mistake in a field, calls to three vendors, and what the last error means.
fn at_work() -> Stage {
    let mut stage = Stage::sized(120, 38);
    stage.keys("<a-4>order-intake<c-s><a-3>orders<tab>Agents of order intake<c-s>");
    stage.keys("<a-1>orders-eu<tab>orders_eu<tab>Order intake, staging<s-tab><c-s>a");
    stage.notify(skydeck::app::Message::Redraw);
    stage
}

/// A stretch of cells that look the same.
struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
}

#[derive(Clone, PartialEq, Eq)]
struct Look {
    fill: String,
    bold: bool,
}

struct Drawing<'a> {
    frame: &'a Frame,
    terminal: &'a Terminal,
    out: String,
}

impl Drawing<'_> {
    fn fill(&self, cell: &Cell) -> String {
        let (colour, own) =
            if cell.modifier.contains(Modifier::REVERSED) { (cell.bg, self.terminal.background) } else { (cell.fg, self.terminal.text) };
        hex(colour).unwrap_or_else(|| own.to_owned())
    }

    fn background(&self, cell: &Cell) -> Option<String> {
        if cell.modifier.contains(Modifier::REVERSED) {
            return Some(hex(cell.fg).unwrap_or_else(|| self.terminal.text.to_owned()));
        }
        hex(cell.bg)
    }

    fn row(&mut self, y: u16) {
        self.backgrounds(y);
        let mut run: Option<Run> = None;
        let cells: Vec<(u16, Cell)> = self.frame.row(y).map(|(x, cell)| (x, cell.clone())).collect();
        for (x, cell) in &cells {
            self.underline(*x, y, cell);
            let look = Look { fill: self.fill(cell), bold: cell.modifier.contains(Modifier::BOLD) };
            if let Some(strokes) = strokes(cell.symbol()) {
                self.flush(run.take(), y);
                self.strokes(*x, y, strokes, &look.fill);
                continue;
            }
            match &mut run {
                Some(known) if known.look == look && cell.symbol().is_ascii() && known.x + known.cells == *x => {
                    known.text.push_str(cell.symbol());
                    known.cells += 1;
                }
                _ => {
                    self.flush(run.take(), y);
                    let width = u16::try_from(cell.symbol().width()).unwrap();
                    let text = cell.symbol().to_owned();
                    // What is no ASCII may come from another font with other widths: it stands alone, at its own column.
                    if text.is_ascii() {
                        run = Some(Run { x: *x, cells: 1, text, look });
                    } else {
                        self.flush(Some(Run { x: *x, cells: width, text, look }), y);
                    }
                }
            }
        }
        self.flush(run, y);
    }

    fn backgrounds(&mut self, y: u16) {
        let width = self.frame.cells.area.width;
        let mut x = 0;
        while x < width {
            let background = self.background(&self.frame.cells[(x, y)]);
            let end = (x..width).find(|at| self.background(&self.frame.cells[(*at, y)]) != background).unwrap_or(width);
            if let Some(fill) = background {
                let (left, top) = corner(x, y);
                let columns = u32::from(end - x) * CELL.0;
                writeln!(self.out, r#"<rect x="{left}" y="{top}" width="{columns}" height="{}" fill="{fill}"/>"#, CELL.1).unwrap();
            }
            x = end;
        }
    }

    fn underline(&mut self, x: u16, y: u16, cell: &Cell) {
        if cell.modifier.contains(Modifier::UNDERLINED) {
            let (left, top) = corner(x, y);
            let fill = self.fill(cell);
            writeln!(self.out, r#"<rect x="{left}" y="{}" width="{}" height="1" fill="{fill}"/>"#, top + CELL.1 - 3, CELL.0).unwrap();
        }
    }

    fn flush(&mut self, run: Option<Run>, y: u16) {
        let Some(run) = run else { return };
        let blank = run.text.len() - run.text.trim_start().len();
        let text = run.text.trim();
        if text.is_empty() {
            return;
        }
        let cells = if text.is_ascii() { text.len() } else { usize::from(run.cells) };
        let (left, top) = corner(run.x + u16::try_from(blank).unwrap(), y);
        let weight = if run.look.bold { r#" font-weight="700""# } else { "" };
        let length = u32::try_from(cells).unwrap() * CELL.0;
        let grid = if text.is_ascii() { format!(r#" textLength="{length}" lengthAdjust="spacingAndGlyphs""#) } else { String::new() };
        let (baseline, fill, text) = (top + CELL.1 - 5, &run.look.fill, escaped(text));
        writeln!(self.out, r#"<text x="{left}" y="{baseline}" fill="{fill}"{weight}{grid}>{text}</text>"#).unwrap();
    }

    /// Lines are drawn as lines: rows of a picture would leave gaps between the characters.
    fn strokes(&mut self, x: u16, y: u16, sides: [bool; 4], fill: &str) {
        let (left, top) = corner(x, y);
        let (middle_x, middle_y) = (left + CELL.0 / 2, top + CELL.1 / 2);
        let [up, right, down, left_side] = sides;
        let from = |wanted: bool, edge: u32, middle: u32| if wanted { edge } else { middle };
        if right || left_side {
            let (x1, x2) = (from(left_side, left, middle_x), from(right, left + CELL.0, middle_x + 1));
            writeln!(self.out, r#"<rect x="{x1}" y="{middle_y}" width="{}" height="1" fill="{fill}"/>"#, x2 - x1).unwrap();
        }
        if up || down {
            let (y1, y2) = (from(up, top, middle_y), from(down, top + CELL.1, middle_y + 1));
            writeln!(self.out, r#"<rect x="{middle_x}" y="{y1}" width="1" height="{}" fill="{fill}"/>"#, y2 - y1).unwrap();
        }
    }

    fn caret(&mut self) {
        if let Some(caret) = self.frame.caret {
            let (left, top) = corner(caret.x, caret.y);
            writeln!(self.out, r#"<rect x="{left}" y="{}" width="2" height="{}" fill="{}"/>"#, top + 1, CELL.1 - 2, self.terminal.text)
                .unwrap();
        }
    }
}

/// The top left corner of a cell.
fn corner(x: u16, y: u16) -> (u32, u32) {
    (MARGIN + u32::from(x) * CELL.0, MARGIN + u32::from(y) * CELL.1)
}

/// The sides of the cell that a line sign reaches: up, right, down, left.
fn strokes(symbol: &str) -> Option<[bool; 4]> {
    const SIGNS: [(&str, [bool; 4]); 11] = [
        ("─", [false, true, false, true]),
        ("│", [true, false, true, false]),
        ("╭", [false, true, true, false]),
        ("╮", [false, false, true, true]),
        ("╰", [true, true, false, false]),
        ("╯", [true, false, false, true]),
        ("┬", [false, true, true, true]),
        ("┴", [true, true, false, true]),
        ("├", [true, true, true, false]),
        ("┤", [true, false, true, true]),
        ("┼", [true, true, true, true]),
    ];
    SIGNS.iter().find(|(sign, _)| *sign == symbol).map(|(_, sides)| *sides)
}

fn hex(colour: Color) -> Option<String> {
    match colour {
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn svg(frame: &Frame, terminal: &Terminal) -> String {
    let area = frame.cells.area;
    let (width, height) = (u32::from(area.width) * CELL.0 + 2 * MARGIN, u32::from(area.height) * CELL.1 + 2 * MARGIN);
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"{FONTS}\" font-size=\"13.3\" xml:space=\"preserve\">\n\
         <title>skydeck: a form with a mistake, calls to three vendors, and what the last error means</title>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"9\" fill=\"{}\" stroke=\"{}\"/>\n",
        width - 1,
        height - 1,
        terminal.background,
        terminal.edge
    );
    let mut drawing = Drawing { frame, terminal, out: head };
    (0..area.height).for_each(|y| drawing.row(y));
    drawing.caret();
    drawing.out + "</svg>\n"
}

fn hold(name: &str, palette: Palette, terminal: &Terminal) {
    let theme = Theme::new(palette, Depth::True, SymbolSet::Unicode);
    let drawn = svg(&draw(&at_work(), &theme), terminal);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screens").join(name);
    if std::env::var_os("SKYDECK_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &drawn).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        without_volatile(&stored) == without_volatile(&drawn),
        "{} is not what is drawn: SKYDECK_BLESS=1 cargo test --test screens picture",
        path.display()
    );
}

#[test]
fn matches_the_dark_picture() {
    hold("console.svg", Palette::Dark, &DARK);
}

#[test]
fn matches_the_light_picture() {
    hold("console-light.svg", Palette::Light, &LIGHT);
}

#[test]
fn shows_in_the_picture_what_the_readme_says() {
    let text = draw(&at_work(), &super::frame::dark()).text();
    for expected in ["'_' at 7", "huawei-swr", "volcengine-id", "alibaba-sae", "✓ 20", "✗ 400", "InvalidNamespaceIdSuffix.Format", "Remedy"]
    {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}
