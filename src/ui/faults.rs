//! The popups of the emulator's faults.
//!
//! ```text
//! alibaba-sae/CreateNamespace:Throttling.User*2    1 struck
//! *:delay=300ms%25                                14 struck
//! otc-swr:503*1                                    1 struck, spent
//! ```

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use super::pane;
use super::theme::Part;
use super::window::prompt;
use crate::app::faults::{FaultDraft, FaultEntry, FaultPanel};
use crate::app::page::{Page, Role};
use crate::app::{App, ScreenTarget};

/// The text shown where no fault is set.
const NONE: [&str; 2] = ["No fault is set: every call is answered as the vendor would.", "a sets one for this tab's provider."];

/// The marks that a fault may have, in a line.
const MARKS: &str = "*3 three times   %25 a quarter   @5/s beyond that rate   none: always";

/// Columns of `14 strike_count, spent` and the space before it.
const TALLY_COLUMNS: u16 = 20;

/// Returns rows that a list of so many faults wants.
pub fn panel_rows(app: &App) -> u16 {
    u16::try_from(app.faults.set.len().max(NONE.len())).unwrap_or(u16::MAX)
}

/// Draws the list of those that are set.
pub fn panel(app: &App, panel: FaultPanel, inner: Rect, canvas: &mut Canvas<'_>) {
    let set = &app.faults.set;
    if set.is_empty() {
        for (words, y) in NONE.iter().zip(inner.y..inner.bottom()) {
            canvas.write(Position::new(inner.x, y), inner.width, words, Role::Dim);
        }
        return;
    }
    let first = (panel.selected + 1).saturating_sub(usize::from(inner.height));
    for ((at, mark), y) in set.iter().enumerate().skip(first).zip(inner.y..inner.bottom()) {
        let row = Rect { y, height: 1, ..inner };
        draw_mark(mark, row, canvas);
        canvas.spot(row, ScreenTarget::PickerRow(at));
        if at == panel.selected {
            let style = canvas.theme.part(Part::Selected);
            canvas.paint(row, style);
        }
    }
    pane::more(canvas, Rect { width: inner.width + 1, ..inner }, first, set.len());
}

fn draw_mark(mark: &FaultEntry, row: Rect, canvas: &mut Canvas<'_>) {
    let role = if mark.spent { Role::Dim } else { Role::Text };
    canvas.write(Position::new(row.x, row.y), row.width.saturating_sub(TALLY_COLUMNS), &mark.text, role);
    let spent = if mark.spent { ", spent" } else { "" };
    canvas.write_right(row.x, Position::new(row.right(), row.y), &format!("{} injected{spent}", mark.strike_count), Role::Dim);
}

/// Draws a fault being written.
pub fn draft(draft: &FaultDraft, inner: Rect, canvas: &mut Canvas<'_>) {
    prompt(canvas, Rect { height: 1, ..inner }, &draft.input);
    let mut page = Page::new(usize::from(inner.width));
    page.text(Role::Dim, MARKS);
    if !draft.meaning.is_empty() {
        page.gap();
        page.text(Role::Text, &draft.meaning);
    }
    for (line, y) in page.lines.iter().zip(inner.y + 2..inner.bottom()) {
        canvas.line(Position::new(inner.x, y), inner.width, line);
    }
}
