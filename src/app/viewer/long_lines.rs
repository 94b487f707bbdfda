//! Long lines of a body: broken at the width, or cut off there and shown part by part.
//!
//! The layout is the same: of a line that is cut one row is shown, and going on shows the next row of every line. So nothing is laid
//! out again, however long a line is.

use std::ops::Range;

use crate::app::page::Line;
use crate::app::pages;
use crate::app::viewer::Viewer;
use crate::app::{App, Notice};
use crate::body::{Rows, VisibleMatches};

/// The way in which long lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LongLines {
    /// Broken at the width.
    #[default]
    Broken,
    /// Cut off, with so many parts of them passed over.
    Cut(usize),
}

impl LongLines {
    /// Returns how many lines the body takes.
    pub(in crate::app) fn len(self, rows: &Rows) -> usize {
        if self == Self::Broken { rows.len() } else { rows.lines() }
    }

    /// Returns the first row of a line of the body.
    pub(in crate::app) fn row(self, rows: &Rows, bytes: &[u8], line: usize) -> usize {
        if self == Self::Broken { line } else { rows.first_row(line, bytes) }
    }

    /// Returns the line in which a byte stands.
    pub(in crate::app) fn line(self, rows: &Rows, bytes: &[u8], at: usize) -> usize {
        let row = rows.row_at(at, bytes);
        if self == Self::Broken { row } else { rows.line_of(row, bytes) }
    }

    /// Returns some lines of the body.
    pub(in crate::app) fn lines(
        self,
        rows: &Rows,
        bytes: &[u8],
        range: Range<usize>,
        found: VisibleMatches<'_>,
        gutter: usize,
    ) -> Vec<Line> {
        match self {
            Self::Broken => pages::lines(rows, bytes, range, found, gutter).collect(),
            Self::Cut(below) => rows.cut(range, below, bytes, found).iter().map(|line| pages::cut_line(line, below > 0, gutter)).collect(),
        }
    }
}

impl Viewer {
    /// Returns the byte of the body at which a line begins that is shown.
    fn first_byte(&self, line: usize) -> Option<usize> {
        let (rows, bytes) = self.body.as_ref()?;
        let row = self.long.row(rows, bytes, line.checked_sub(self.head.lines.len())?);
        rows.row(row, bytes).map(|row| row.start)
    }

    /// Returns where a byte of the body is shown.
    pub(super) fn line_with(&self, at: usize) -> Option<usize> {
        let (rows, bytes) = self.body.as_ref()?;
        Some(self.head.lines.len() + self.long.line(rows, bytes, at))
    }

    /// Shows the part of a cut line in which a byte stands.
    pub(super) fn show_part(&mut self, at: usize) {
        let Some((rows, bytes)) = &self.body else { return };
        if let LongLines::Cut(below) = &mut self.long {
            let row = rows.row_at(at, bytes);
            *below = row - rows.first_row(rows.line_of(row, bytes), bytes).min(row);
        }
    }

    /// Returns whether a line visible goes on.
    fn continues(&self, height: usize) -> bool {
        self.lines(self.scroll..self.scroll + height).iter().any(|line| line.cut.1)
    }
}

impl App {
    /// Breaks long lines, or cuts them; what stood on top and what was selected stays so.
    pub(in crate::app) fn toggle_wrap(&mut self) {
        let viewer = &mut self.viewer;
        let (top, selected) = (viewer.first_byte(viewer.scroll), viewer.cursor.and_then(|line| viewer.first_byte(line)));
        viewer.long = if viewer.long == LongLines::Broken { LongLines::Cut(0) } else { LongLines::Broken };
        if let Some(line) = top.and_then(|at| viewer.line_with(at)) {
            viewer.scroll = line;
        }
        viewer.cursor = viewer.cursor.map(|line| selected.and_then(|at| viewer.line_with(at)).unwrap_or(line));
    }

    /// Moves to the next part of lines that are cut, or with -1 to the one before.
    pub(in crate::app) fn step_part(&mut self, by: isize) {
        let height = self.sizes.exchange.1;
        let more = by < 0 || self.viewer.continues(height);
        match &mut self.viewer.long {
            LongLines::Broken => self.notify(Notice::warning("long lines are broken at the width: \\ cuts them")),
            LongLines::Cut(below) if more => *below = below.saturating_add_signed(by),
            LongLines::Cut(_) => self.notify(Notice::warning("no visible line is longer than the pane")),
        }
    }
}
