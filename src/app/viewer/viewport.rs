//! The text that the pane shows, and the part of it that is visible.
//!
//! Long lines of a body are broken at the width, or cut off there and shown part by part. The index is the same: of a line that is
//! cut one row is shown, and moving on shows the next row of every line. So nothing is indexed again, however long a line is.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::task::{PendingTask, TaskNumbers};
use super::{BodyTask, MAX_INLINE_INDEX_BYTES, Task};
use crate::app::message::BodyKey;
use crate::app::page::{Line, Page};
use crate::app::{Context, Effect, Notice, pages};
use crate::body::{Rows, View, VisibleMatches, index};
use crate::redact::Redactor;

/// The way in which long lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LongLines {
    /// Broken at the width.
    #[default]
    Broken,
    /// Cut off, with so many parts of them passed over.
    Cut(usize),
}

/// The shown text: a page, the rows of a body below it, and the position in them.
#[derive(Debug, Default)]
pub struct Viewport {
    /// The page before the body.
    pub head: Page,
    /// The body, indexed as far as it is.
    pub body: Option<(Arc<Rows>, Bytes)>,
    /// The display of the body's long lines.
    pub long: LongLines,
    /// Set when the body's lines are numbered.
    pub numbered: bool,
    /// The first line shown.
    pub scroll: usize,
    /// The selected line, once one is.
    pub cursor: Option<usize>,
    /// The number of visible lines.
    pub(super) height: usize,
    pub(super) tasks: TaskNumbers,
}

impl Viewport {
    /// Shows a small body, or the beginning of a large one, which an effect indexes.
    pub(super) fn show_body(&mut self, key: BodyKey, body: Bytes, redactor: Redactor) -> Option<Effect> {
        let small = body.len() <= MAX_INLINE_INDEX_BYTES;
        let rows = index(if small { &body } else { &body[..0] }, key.view, key.width, &redactor);
        self.body = Some((Arc::new(rows), body.clone()));
        if small { None } else { Some(Effect::Index { key, body, redactor }) }
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        let body = self.body.as_ref().map_or(0, |(rows, _)| if self.long == LongLines::Broken { rows.len() } else { rows.lines() });
        self.head.lines.len() + body
    }

    /// Returns whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether the body is not indexed to its end yet.
    pub fn is_partial(&self) -> bool {
        self.body.as_ref().is_some_and(|(rows, bytes)| !rows.complete() || (rows.is_empty() && !bytes.is_empty()))
    }

    /// Returns some lines, with matches marked in the body, whose lines are made now.
    pub(super) fn lines(&self, range: Range<usize>, found: VisibleMatches<'_>) -> Vec<Line> {
        let head = self.head.lines.len();
        let mut lines: Vec<Line> = self.head.lines.get(range.start..range.end.min(head)).unwrap_or_default().to_vec();
        let Some((rows, bytes)) = &self.body else { return lines };
        let (range, gutter) = (range.start.saturating_sub(head)..range.end.saturating_sub(head), self.gutter(bytes.len()));
        match self.long {
            LongLines::Broken => lines.extend(pages::lines(rows, bytes, range, found, gutter)),
            LongLines::Cut(below) => {
                lines.extend(rows.cut(range, below, bytes, found).iter().map(|line| pages::cut_line(line, below > 0, gutter)));
            }
        }
        lines
    }

    /// Returns the columns that the numbers of a body's lines take: as many as there could be lines at most.
    pub(super) fn gutter(&self, bytes: usize) -> usize {
        if self.numbered { bytes.to_string().len().clamp(2, 8) + 1 } else { 0 }
    }

    /// Returns the body, if it is shown as pretty JSON.
    pub(super) fn json(&self) -> Option<(&Arc<Rows>, &Bytes)> {
        let (rows, bytes) = self.body.as_ref()?;
        (rows.kind() == View::Pretty && rows.fit(bytes) && !rows.is_empty()).then_some((rows, bytes))
    }

    /// Begins work on the body.
    pub(super) fn start(&mut self, work: BodyTask) -> Option<(PendingTask, Effect)> {
        let (rows, body) = self.body.clone()?;
        let pending = self.tasks.issue();
        let task = Task { number: pending.number(), cancel: pending.cancel_token(), rows, body, work };
        Some((pending, Effect::Read(Box::new(task))))
    }

    /// Returns the byte of the body at which a line begins.
    pub(super) fn byte_at(&self, line: usize) -> Option<usize> {
        let (rows, bytes) = self.body.as_ref()?;
        let line = line.checked_sub(self.head.lines.len())?;
        let row = if self.long == LongLines::Broken { line } else { rows.first_row(line, bytes) };
        rows.row(row, bytes).map(|row| row.start)
    }

    /// Returns the byte of the selected line, or of the first one visible, if the body has it.
    pub(super) fn byte_here(&self) -> Option<usize> {
        self.byte_at(self.cursor.unwrap_or(self.scroll))
    }

    /// Returns the line in which a byte of the body stands.
    pub(super) fn line_with(&self, byte: usize) -> Option<usize> {
        let (rows, bytes) = self.body.as_ref()?;
        let row = rows.row_at(byte, bytes);
        Some(self.head.lines.len() + if self.long == LongLines::Broken { row } else { rows.line_of(row, bytes) })
    }

    /// Shows the part of a cut line in which a byte stands.
    pub(super) fn show_part(&mut self, byte: usize) {
        let Some((rows, bytes)) = &self.body else { return };
        if let LongLines::Cut(below) = &mut self.long {
            let row = rows.row_at(byte, bytes);
            *below = row - rows.first_row(rows.line_of(row, bytes), bytes).min(row);
        }
    }

    /// Breaks long lines, or cuts them; the first visible and the selected line stay.
    pub(super) fn toggle_wrap(&mut self) {
        let (top, selected) = (self.byte_at(self.scroll), self.cursor.and_then(|line| self.byte_at(line)));
        self.long = if self.long == LongLines::Broken { LongLines::Cut(0) } else { LongLines::Broken };
        if let Some(line) = top.and_then(|byte| self.line_with(byte)) {
            self.scroll = line;
        }
        self.cursor = self.cursor.map(|line| selected.and_then(|byte| self.line_with(byte)).unwrap_or(line));
    }

    /// Moves to the next part of lines that are cut, or with -1 to the one before.
    pub(super) fn step_part(&mut self, by: isize, cx: &mut Context<'_>) {
        let continues = || self.lines(self.scroll..self.scroll + self.height, VisibleMatches::default()).iter().any(|line| line.cut.1);
        let more = by < 0 || continues();
        match &mut self.long {
            LongLines::Broken => cx.notify(Notice::warning("long lines are broken at the width: \\ cuts them")),
            LongLines::Cut(below) if more => *below = below.saturating_add_signed(by),
            LongLines::Cut(_) => cx.notify(Notice::warning("no visible line is longer than the pane")),
        }
    }

    /// Scrolls a line into the upper third, unless it is visible.
    pub(super) fn bring_into_sight(&mut self, line: usize) {
        if !(self.scroll..self.scroll + self.height.max(1)).contains(&line) {
            self.scroll = line.saturating_sub(self.height / 3);
        }
    }

    /// Selects the line of a byte and brings it into sight.
    pub(super) fn select_byte(&mut self, byte: usize) {
        let Some(line) = self.line_with(byte) else { return };
        self.cursor = Some(line);
        self.bring_into_sight(line);
    }

    /// Selects the first visible line of the body.
    pub(super) fn select_first(&mut self) {
        let first = self.scroll.max(self.head.lines.len());
        self.cursor = Some(first.min(self.len().saturating_sub(1)));
    }

    /// Moves the selected line, or the text if none is.
    pub(super) fn travel(&mut self, to: impl FnOnce(usize) -> usize) {
        let Some(cursor) = self.cursor else { return self.scroll = to(self.scroll) };
        let line = to(cursor).min(self.len().saturating_sub(1));
        self.cursor = Some(line);
        self.bring_into_sight(line);
    }

    /// Keeps the first line shown within the text.
    pub(super) fn clamp(&mut self) {
        self.scroll = self.scroll.min(self.len().saturating_sub(self.height.max(1)));
    }

    /// Shows the beginning of another text.
    pub(super) fn rewind(&mut self) {
        (self.scroll, self.cursor) = (0, None);
        if let LongLines::Cut(below) = &mut self.long {
            *below = 0;
        }
    }
}
