//! Where everything stands. Three arrangements, by the width of the screen:
//!
//! ```text
//! narrow (under 100 columns)   wide                       broad (160 columns and more)
//! +------------------------+   +-----------+-----------+   +-----------+------------+
//! | form                   |   | form      | preview   |   | form      | preview    |
//! +------------------------+   +-----------+-----------+   +-----------+------------+
//! | preview, log, exchange |   | log                   |   | log       | exchange   |
//! | one of them            |   +-----------------------+   |           |            |
//! +------------------------+   | exchange              |   +-----------+------------+
//! ```

use ratatui::layout::Rect;

use super::frame::{Frame, SPLIT_MIN_COLUMNS};
use crate::app::{App, Pane, Sizes};

/// Columns and rows below which nothing useful fits.
pub const MIN_SIZE: (u16, u16) = (40, 10);

/// Columns from which log and exchange stand side by side.
const SIDE_BY_SIDE_MIN_COLUMNS: u16 = 160;

/// The layout of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The top line.
    pub header: Rect,
    /// The tabs.
    pub tabs: Rect,
    /// The keys.
    pub footer: Rect,
    /// The form, when it is shown.
    pub form: Option<Frame>,
    /// The preview, when it is shown.
    pub preview: Option<Frame>,
    /// The log, when it is shown.
    pub log: Option<Frame>,
    /// The exchange, when it is shown.
    pub exchange: Option<Frame>,
    /// The results of a filter beside the exchange, when there are any.
    pub results: Option<Frame>,
    /// The line below the exchange that is typed into, while it is.
    pub prompt: Option<Rect>,
    /// Whether one pane below the form stands for three.
    pub narrow: bool,
    /// The number of the log's rows that its filter takes.
    pub filter: u16,
    /// A popup's box, when there is one.
    pub popup: Option<Rect>,
}

impl Layout {
    /// Arranges the parts in an area. `form_rows` says how many rows the form would like in so many columns.
    pub fn new(app: &App, area: Rect, form_rows: &dyn Fn(u16) -> u16) -> Self {
        let mut layout = Self { narrow: area.width < SPLIT_MIN_COLUMNS, filter: super::filter::rows(app), ..Self::default() };
        let line = |y: u16| Rect { y: area.y + y, height: 1, ..area };
        layout.header = line(0);
        layout.tabs = line(1);
        layout.footer = line(area.height.saturating_sub(1));
        let roomy = u16::from(area.height >= 30);
        let body = Rect { y: area.y + 2 + roomy, height: area.height.saturating_sub(3 + roomy), ..area };
        layout.panes(app, body, form_rows);
        if app.viewer.prompt.is_some() {
            layout.prompt = layout.exchange.as_mut().map(Frame::take_last_line);
        }
        if app.viewer.jq.is_some() {
            layout.results = layout.exchange.as_mut().map(Frame::take_half);
        }
        layout.popup = super::popup::area(app, area);
        layout
    }

    fn panes(&mut self, app: &App, body: Rect, form_rows: &dyn Fn(u16) -> u16) {
        if app.focus.zoomed {
            return self.place(app.focus.pane, body);
        }
        // A table wants more room than a form.
        let parts = if app.resources_shown() { 11 } else { 9 };
        let left = if self.narrow { body.width } else { body.width * parts / 20 };
        let preview = if self.narrow { 0 } else { u16::try_from(app.preview.page.lines.len()).unwrap_or(u16::MAX) };
        // The upper half may take half the screen, the form alone a little more: what is typed must stay visible.
        let most = (body.height / 2).max(4);
        let top = (form_rows(left) + 1).min(most + most / 4).max(preview.saturating_add(1).min(most)).clamp(4, body.height.max(4));
        let top = top.min(body.height);
        let upper = Rect { height: top, ..body };
        let lower = Rect { y: body.y + top, height: body.height - top, ..body };
        if self.narrow {
            self.place(Pane::Form, upper);
            return self.place(app.focus.lower, lower);
        }
        self.side_by_side(upper, left, (Pane::Form, Pane::Preview));
        if body.width >= SIDE_BY_SIDE_MIN_COLUMNS {
            return self.side_by_side(lower, left, (Pane::Log, Pane::Exchange));
        }
        let rows = log_rows(app, lower.height);
        self.place(Pane::Log, Rect { height: rows, ..lower });
        self.place(Pane::Exchange, Rect { y: lower.y + rows, height: lower.height - rows, ..lower });
    }

    /// Splits an area into two panes with a column for the rule between them.
    fn side_by_side(&mut self, area: Rect, left: u16, (one, other): (Pane, Pane)) {
        self.place(one, Rect { width: left, ..area });
        self.place(other, Rect { x: area.x + left + 1, width: area.width - left - 1, ..area });
    }

    fn place(&mut self, pane: Pane, area: Rect) {
        let frame = Some(Frame::new(area));
        match pane {
            Pane::Form => self.form = frame,
            Pane::Preview => self.preview = frame,
            Pane::Log => self.log = frame,
            Pane::Exchange => self.exchange = frame,
        }
    }

    /// Returns how much text the parts hold. A part that is not shown keeps a width, so that what it would show can be made.
    pub fn sizes(&self) -> Sizes {
        let text = |frame: Option<Frame>| {
            let body = frame.map_or(Rect { width: 80, ..Rect::default() }, |frame| frame.body);
            (usize::from(body.width.saturating_sub(2)), usize::from(body.height))
        };
        let popup =
            self.popup.map_or((0, 0), |area| (usize::from(area.width.saturating_sub(4)), usize::from(area.height.saturating_sub(2))));
        // Its head and the line below it take a row each.
        let resources = text(self.form).1.saturating_sub(2);
        Sizes {
            preview: text(self.preview),
            log: text(self.log).1.saturating_sub(usize::from(self.filter)),
            resources,
            exchange: text(self.exchange),
            results: text(self.results),
            popup,
        }
    }
}

/// Returns the log shows its newest rows; the exchange below gets the rest.
fn log_rows(app: &App, height: u16) -> u16 {
    let (entries, below) = (u16::try_from(app.exchanges.log.len()).unwrap_or(u16::MAX), super::filter::rows(app));
    let most = if app.focus.pane == Pane::Log { height / 2 } else { height / 3 };
    (entries.saturating_add(1).clamp(4, most.max(4)) + below).min(height)
}
