//! The screen: draws the app's state, decides nothing.
//!
//! ```text
//!  skydeck  demo (emulator)  cn-hangzhou                      1 in flight  ? help    header
//!  1 Alibaba SAE  2 Alibaba PAI  3 Volcengine ID  4 Huawei SWR  5 OTC SWR            tabs
//!  CreateNamespace ─────────────────────┬ request  signing  field ─────────────      form, preview
//!  Log ────────────────────────────────────────────────────────────────────────      log
//!  #17  envelope  request  response  signing  timing  explain ─────────────────      exchange
//!  ^s send  tab next  esc commands                                                   footer
//! ```

mod appearance;
mod canvas;
mod exchange;
mod filter;
mod footer;
mod form;
mod frame;
mod header;
mod layout;
mod log;
mod pane;
mod popup;
mod preview;
mod resources;
mod results;
pub mod theme;
mod window;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::page::Role;
use crate::app::{Action, App, KeyContext, ScreenTarget};

pub use appearance::{asks_background, detect_appearance, symbols};
pub use layout::Layout;
pub use theme::{Depth, Palette, SymbolSet, Theme};

use canvas::Canvas;

/// The clickable areas of the drawn screen.
#[derive(Debug, Default)]
pub struct ClickMap(Vec<(Rect, ScreenTarget)>);

impl ClickMap {
    /// Returns what stands at a cell: the topmost.
    pub fn at(&self, column: u16, row: u16) -> ScreenTarget {
        let here = Position::new(column, row);
        let found = self.0.iter().rev().find(|(area, _)| area.contains(here));
        found.map_or(ScreenTarget::Elsewhere, |(_, spot)| spot.clone())
    }
}

/// Arranges the parts of the screen.
pub fn layout(app: &App, area: Rect) -> Layout {
    Layout::new(app, area, &|width| u16::try_from(upper_rows(app, width)).unwrap_or(u16::MAX))
}

/// Returns how many rows the form, or the table in its place, would like in so many columns.
fn upper_rows(app: &App, width: u16) -> usize {
    match app.shown_resources() {
        Some(_) => resources::rows(app.table()),
        None => form::rows(app, width),
    }
}

/// Draws everything into a frame of the terminal.
pub fn draw(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame) -> ClickMap {
    let (click_targets, caret) = render(app, layout, theme, frame.buffer_mut());
    if let Some(caret) = caret {
        frame.set_cursor_position(caret);
    }
    click_targets
}

/// Draws everything into cells; gives what the mouse meets, and where the caret stands.
pub fn render(app: &App, layout: &Layout, theme: &Theme, cells: &mut Buffer) -> (ClickMap, Option<Position>) {
    let area = cells.area;
    let mut canvas = Canvas { cells, theme, click_targets: Vec::new(), caret: None };
    if area.width < layout::MIN_SIZE.0 || area.height < layout::MIN_SIZE.1 {
        too_small(app, &mut canvas, area);
    } else {
        parts(app, layout, &mut canvas);
    }
    (ClickMap(canvas.click_targets), canvas.caret)
}

fn parts(app: &App, layout: &Layout, canvas: &mut Canvas<'_>) {
    header::header(app, layout.header, canvas);
    header::tabs(app, layout.tabs, canvas);
    if let Some(frame) = layout.form {
        match app.shown_resources() {
            Some(resources) => resources::draw(app, resources, frame, canvas),
            None => form::draw(app, frame, canvas),
        }
    }
    if let Some(frame) = layout.preview {
        preview::draw(app, frame, layout.narrow, canvas);
    }
    if let Some(frame) = layout.log {
        log::draw(app, frame, layout.narrow, canvas);
    }
    if let Some(frame) = layout.exchange {
        exchange::draw(app, frame, layout.narrow, canvas);
        if let (Some(frame), Some(jq)) = (layout.results, &app.viewer.jq) {
            results::draw(app, jq, frame, canvas);
        }
        exchange::prompt(app, layout.prompt, canvas);
    }
    footer::draw(app, layout.footer, canvas);
    if let Some(area) = layout.popup {
        popup::draw(app, area, canvas);
    }
}

/// Says what a screen of this size lacks, as far as it can.
fn too_small(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let (columns, rows) = layout::MIN_SIZE;
    // In a popup too, where the first key of this action closes the popup.
    let quit = app.session.keys.chord_of(&[KeyContext::Popup], Action::Quit).map(|chord| chord.to_string()).unwrap_or_default();
    let lines = [format!("skydeck needs {columns}x{rows}"), format!("this is {}x{}", area.width, area.height), format!("{quit} quits")];
    for (row, line) in (area.y..area.bottom()).zip(&lines) {
        canvas.write(Position::new(area.x, row), area.width, line, Role::Warning);
    }
}
