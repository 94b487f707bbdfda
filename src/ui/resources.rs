//! The table of resources, in the place of the form: a row each, the details beside it.
//!
//! ```text
//!  Workspaces  3 · as of 12:01:07 ─────────────────── by Name ↓
//!    Id      Name        Status         Created
//!  ▸ 100001  orders_dev  INITIALIZING   2026-11-22T12:01:06.250Z
//!  following 100001: INITIALIZING for 3 s · esc leaves it
//! ```

use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::frame::Frame;
use super::pane::{self, Head};
use super::theme::Part;
use crate::app::page::{Page, Role};
use crate::app::resources::{ListingState, ResourceTable, Row, in_progress};
use crate::app::{Action, App, Pane, ScreenTarget};
use crate::catalog::Resources;

/// The fewest rows that the pane asks for: enough for a short list without a jump when it comes.
const MIN_ROWS: usize = 8;

/// Between two columns.
const GAP_COLUMNS: u16 = 2;

/// No column is wider while another has to be cut.
const MAX_COLUMN_WIDTH: u16 = 40;

/// Returns how many rows the table takes, its head and the line below it included.
pub fn rows(table: &ResourceTable) -> usize {
    (table.visible().len() + 2).max(MIN_ROWS)
}

/// Draws the table.
pub fn draw(app: &App, resources: &Resources, frame: Frame, canvas: &mut Canvas<'_>) {
    let table = &app.table();
    let (detail, right) = (detail(app, table), sorting(resources, table));
    let head = Head { pane: Pane::Form, title: &resources.title, detail: &detail, views: &[], view: 0, right: &right };
    pane::head(app, frame, &head, canvas);
    let body = frame.body;
    let below = Rect { y: body.bottom().saturating_sub(1), height: body.height.min(1), ..body };
    let rows = Rect { height: body.height.saturating_sub(1), ..body };
    match empty(app, resources, table) {
        Some((role, words)) => {
            let mut page = Page::new(usize::from(body.width.saturating_sub(2)));
            page.text(role, &words);
            pane::text(canvas, rows, 0, page.lines.len(), &page.lines);
        }
        None => Drawer { app, resources, table }.table(rows, canvas),
    }
    line_below(app, table, below, canvas);
}

/// Returns how many there are, of how many, and when that was.
fn detail(app: &App, table: &ResourceTable) -> String {
    let (shown, all) = (table.visible().len(), table.len());
    let count = match table.total {
        Some(total) => format!("the first {all} of {total}"),
        None if shown == all => all.to_string(),
        None => format!("{shown} of {all}"),
    };
    match &table.state {
        ListingState::Loading(rows) => format!("listing… {rows}"),
        ListingState::Loaded(at) => format!("{count} · as of {}", at.to_zoned(app.session.zone.clone()).strftime("%H:%M:%S")),
        ListingState::Failed(_) if all > 0 => format!("{count} · old"),
        _ => String::new(),
    }
}

fn sorting(resources: &Resources, table: &ResourceTable) -> String {
    let column = |(column, down): (usize, bool)| Some((resources.columns.get(column)?, down));
    let sort = table.sort.and_then(column);
    sort.map_or_else(String::new, |(column, down)| format!("by {} {}", column.title, if down { "↓" } else { "↑" }))
}

/// Returns what to say where there is no row.
fn empty(app: &App, resources: &Resources, table: &ResourceTable) -> Option<(Role, String)> {
    if table.visible().len() > 0 {
        return None;
    }
    let key = |action| app.session.keys.hint(action);
    Some(match &table.state {
        _ if !table.is_empty() => (Role::Dim, format!("No row has all of these words. {} shows every row.", key(Action::Back))),
        ListingState::Failed(reason) => {
            (Role::Failure, format!("✗ {reason}. {} tries again; the log has the exchange.", key(Action::Refresh)))
        }
        ListingState::Loaded(_) => {
            let (region, new) = (app.current().region(), key(Action::NewResource));
            (Role::Dim, format!("No {} in {region} yet. {new} opens the form that creates one.", resources.noun))
        }
        ListingState::Unknown => (Role::Dim, format!("{} lists the resources.", key(Action::Refresh))),
        ListingState::Awaited => (Role::Dim, "Finding out whose account this is.".to_owned()),
        ListingState::Loading(_) => (Role::Dim, format!("Asking {} for the list…", resources.list.operation)),
    })
}

/// Draws the filter, what is followed, or what went wrong.
fn line_below(app: &App, table: &ResourceTable, area: Rect, canvas: &mut Canvas<'_>) {
    let at = Position::new(area.x + 1, area.y);
    let room = area.width.saturating_sub(2);
    if table.filtering || !table.filter.value().is_empty() {
        return filter(app, table, area, canvas);
    }
    if let Some(follow) = &table.follow {
        let (seconds, back) = (follow.seconds(app.session.now.time), app.session.keys.hint(Action::Back));
        let text = format!("{} following {}: {} for {seconds} s · {back} leaves it", spinner(app), follow.name, follow.status);
        canvas.write(at, room, &text, Role::Accent);
    } else if let (ListingState::Failed(reason), false) = (&table.state, table.is_empty()) {
        canvas.write(at, room, &format!("✗ {reason}. {} tries again.", app.session.keys.hint(Action::Refresh)), Role::Failure);
    }
}

/// Returns a sign that turns while something is under way.
fn spinner(app: &App) -> &'static str {
    const SPINNER_FRAMES: [&str; 4] = ["◐", "◓", "◑", "◒"];
    let quarter = app.session.now.time.as_millisecond().div_euclid(250).rem_euclid(4);
    SPINNER_FRAMES[usize::try_from(quarter).unwrap_or(0)]
}

fn filter(app: &App, table: &ResourceTable, area: Rect, canvas: &mut Canvas<'_>) {
    let typing = table.filtering && app.focus.pane == Pane::Form && !app.popups.is_open();
    pane::typed(canvas, area, &table.filter, typing);
}

/// Draws one table.
struct Drawer<'a> {
    app: &'a App,
    resources: &'a Resources,
    table: &'a ResourceTable,
}

impl Drawer<'_> {
    fn table(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let shown: Vec<&Row> = self.table.visible().skip(self.table.offset).take(usize::from(area.height.saturating_sub(1))).collect();
        let widths = self.widths(&shown, area.width.saturating_sub(3));
        let mut x = area.x + 2;
        for (column, width) in self.resources.columns.iter().zip(&widths) {
            canvas.write(Position::new(x, area.y), *width, &column.title, Role::Dim);
            x += width + GAP_COLUMNS;
        }
        for ((at, row), y) in shown.into_iter().enumerate().zip(area.y + 1..) {
            let at = self.table.offset + at;
            let line = Rect { y, height: 1, ..area };
            self.row(row, &widths, line, canvas);
            canvas.add_click_target(line, ScreenTarget::Resource(at));
            if at == self.table.selected {
                self.mark(line, canvas);
            }
        }
        self.more(area, canvas);
    }

    fn row(&self, row: &Row, widths: &[u16], line: Rect, canvas: &mut Canvas<'_>) {
        let mut x = line.x + 2;
        for (column, (cell, width)) in row.cells.iter().zip(widths).enumerate() {
            let role = match column {
                _ if in_progress(self.resources, column, cell) => Role::Accent,
                0 => Role::Text,
                _ => Role::Label,
            };
            let text = crate::app::pages::masked(cell, self.app.session.screen_redactor());
            canvas.write(Position::new(x, line.y), *width, &crate::visible::visible(&text), role);
            x += width + GAP_COLUMNS;
        }
    }

    fn mark(&self, line: Rect, canvas: &mut Canvas<'_>) {
        let focused = self.app.focus.pane == Pane::Form;
        let style = canvas.theme.part(if focused { Part::Selected } else { Part::SelectedElsewhere });
        canvas.paint(line, style);
        canvas.write(Position::new(line.x, line.y), 1, "▸", Role::Accent);
    }

    fn more(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let edge = area.right().saturating_sub(1);
        if self.table.offset > 0 {
            canvas.write(Position::new(edge, area.y + 1), 1, "↑", Role::Dim);
        }
        if self.table.visible().len() > self.table.offset + usize::from(area.height.saturating_sub(1)) {
            canvas.write(Position::new(edge, area.bottom().saturating_sub(1)), 1, "↓", Role::Dim);
        }
    }

    /// Returns how wide each column is: as its widest visible cell; where they do not fit, the widest gives way.
    fn widths(&self, rows: &[&Row], room: u16) -> Vec<u16> {
        let width = |text: &str| u16::try_from(text.width()).unwrap_or(u16::MAX).min(MAX_COLUMN_WIDTH);
        let widest = |at: usize| rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| width(cell)).max().unwrap_or(0);
        let columns = self.resources.columns.iter().enumerate();
        let mut widths: Vec<u16> = columns.map(|(at, column)| widest(at).max(width(&column.title))).collect();
        let gaps = GAP_COLUMNS * u16::try_from(widths.len().saturating_sub(1)).unwrap_or(0);
        while widths.iter().sum::<u16>() + gaps > room {
            match widths.iter_mut().max() {
                Some(width) if *width > 4 => *width -= 1,
                _ => break,
            }
        }
        widths
    }
}
