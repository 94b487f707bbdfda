//! The rows of a body: marks every few rows, and the rows between them when they are asked for.

use std::ops::Range;
use std::sync::Arc;

use super::line::{LayoutInput, Parts, RowStart, Sink};
use super::{Fold, Matches, Pattern, Row, View, VisibleMatches, find, hex, pretty, raw};

/// Rows between two marks at most.
const MAX_ROWS_BETWEEN_MARKS: u32 = 32;

/// Bytes between two marks at most, but for a single row.
const MAX_BYTES_BETWEEN_MARKS: u32 = 16 * 1024;

/// A row whose beginning is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowCheckpoint {
    pub row: u32,
    /// Rows so far that go on with the one before.
    continued: u32,
    pub cursor: RowStart,
}

impl RowCheckpoint {
    /// Returns the line to which the row belongs.
    pub(super) fn line(&self) -> usize {
        (self.row - self.continued) as usize
    }
}

/// The index of a body's rows. Holds half a byte a row and the ranges of the secrets, not the body; cheap to clone while it is small.
#[derive(Clone, Debug)]
pub struct Rows {
    kind: View,
    width: u16,
    /// The length of the body in bytes.
    length: usize,
    masks: Arc<[Range<u32>]>,
    folds: Arc<[Fold]>,
    pub(super) marks: Vec<RowCheckpoint>,
    pub(super) count: u32,
    /// The number of them that continue the one before.
    pub(super) continued: u32,
    complete: bool,
}

impl Rows {
    /// Creates an index without rows.
    pub(super) fn new(kind: View, width: u16, length: usize, masks: Arc<[Range<u32>]>) -> Self {
        Self { kind, width, length, masks, folds: Arc::default(), marks: Vec::new(), count: 0, continued: 0, complete: false }
    }

    /// Creates an index with no rows yet, of the same body, with these brackets folded.
    pub(super) fn folded(&self, folds: Arc<[Fold]>) -> Self {
        Self { folds, ..Self::new(self.kind, self.width, self.length, Arc::clone(&self.masks)) }
    }

    /// Returns the brackets that are folded, in the order of the body.
    pub fn folds(&self) -> &Arc<[Fold]> {
        &self.folds
    }

    /// Returns the view that these rows are indexed in: raw or hex when a pretty view was asked for and the body is not JSON.
    pub fn kind(&self) -> View {
        self.kind
    }

    /// Returns for how many columns they are indexed.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Returns how many rows there are, or are known so far.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns whether the whole body has been indexed.
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// Searches the body that was indexed, outside of what is masked. `publish` is shown the matches every 256 KiB or so and says
    /// whether to go on; what there is when it says no is returned, not [`Matches::complete`].
    pub fn find(&self, bytes: &[u8], pattern: &Pattern, publish: &mut dyn FnMut(&Matches) -> bool) -> Matches {
        if bytes.len() == self.length { find::find(bytes, &self.masks, pattern, publish) } else { Matches::default() }
    }

    /// Returns whether these are rows of a body, however many of them are known: not what stands in for them while nothing is known.
    pub fn fit(&self, bytes: &[u8]) -> bool {
        self.length == bytes.len()
    }

    /// Returns bytes that these rows take in memory.
    pub fn memory(&self) -> usize {
        self.marks.capacity() * size_of::<RowCheckpoint>()
            + self.masks.len() * size_of::<Range<u32>>()
            + self.folds.len() * size_of::<Fold>()
    }

    /// Returns one row; `bytes` is the body that was indexed. To draw several, [`Rows::screen`] is quicker.
    pub fn row<'a>(&self, number: usize, bytes: &'a [u8]) -> Option<Row<'a>> {
        self.screen(number..number + 1, bytes).pop()
    }

    /// Returns the rows of a range, as far as there are any; `bytes` is the body that was indexed (another one has no rows here).
    pub fn screen<'a>(&self, range: Range<usize>, bytes: &'a [u8]) -> Vec<Row<'a>> {
        self.screen_with(range, bytes, VisibleMatches::default())
    }

    /// Returns the same with what was found in styles of its own.
    pub fn screen_with<'a>(&self, range: Range<usize>, bytes: &'a [u8], found: VisibleMatches<'_>) -> Vec<Row<'a>> {
        let range = range.start..range.end.min(self.len());
        if bytes.len() != self.length || range.is_empty() {
            return Vec::new();
        }
        match self.kind {
            View::Hex => range.map(|number| hex::row(self.input(bytes), number, found)).collect(),
            View::Raw | View::Pretty => self.indexed(range, bytes, found),
        }
    }

    /// Returns the row in which a byte of the body stands: to keep the place when the width changes.
    pub fn row_at(&self, offset: usize, bytes: &[u8]) -> usize {
        if bytes.len() != self.length || self.is_empty() {
            return 0;
        }
        if self.kind == View::Hex {
            return (offset / hex::bytes_per_row(self.width)).min(self.len() - 1);
        }
        let mark = self.marks.partition_point(|mark| mark.cursor.at as usize <= offset).saturating_sub(1);
        let mut walk = self.walk(mark, bytes);
        let mut row = 0;
        while let Some(here) = walk.here.filter(|here| here.row < self.count && here.cursor.at as usize <= offset) {
            row = here.row as usize;
            walk.pass(&mut ());
        }
        row
    }

    fn input<'a>(&'a self, bytes: &'a [u8]) -> LayoutInput<'a> {
        LayoutInput { bytes, masks: &self.masks, folds: &self.folds, width: self.width }
    }

    fn indexed<'a>(&self, range: Range<usize>, bytes: &'a [u8], found: VisibleMatches<'_>) -> Vec<Row<'a>> {
        let mark = self.marks.partition_point(|mark| mark.row as usize <= range.start).saturating_sub(1);
        let mut walk = self.walk(mark, bytes);
        let mut rows = Vec::with_capacity(range.len());
        while let Some(here) = walk.here.filter(|here| range.end > here.row as usize) {
            if range.start > here.row as usize {
                walk.pass(&mut ());
                continue;
            }
            let mut parts = Parts::default();
            walk.pass(&mut parts);
            let cursor = here.cursor;
            let indent = if self.kind == View::Pretty { pretty::indent(self.input(bytes), cursor) } else { 0 };
            rows.push(Row {
                start: cursor.at as usize,
                indent,
                line: here.line(),
                continued: cursor.continued,
                pieces: parts.pieces(bytes, found),
            });
        }
        rows
    }

    pub(super) fn walk<'a>(&'a self, mark: usize, bytes: &'a [u8]) -> RowScanner<'a> {
        RowScanner { rows: self, input: self.input(bytes), mark, here: self.marks.get(mark).copied() }
    }
}

/// A walk from row to row, beginning at a mark.
pub(super) struct RowScanner<'a> {
    rows: &'a Rows,
    input: LayoutInput<'a>,
    mark: usize,
    pub here: Option<RowCheckpoint>,
}

impl RowScanner<'_> {
    /// Lays the row out that the walk has come to, and goes on to the next one.
    pub(super) fn pass<S: Sink>(&mut self, sink: &mut S) {
        let Some(here) = self.here else { return };
        let behind = lay_out_row(self.rows.kind, self.input, here.cursor, sink);
        let row = here.row + 1;
        // A mark spares the walk over white space to where the next row begins.
        self.here = match self.rows.marks.get(self.mark + 1).filter(|mark| mark.row == row) {
            Some(mark) => {
                self.mark += 1;
                Some(*mark)
            }
            None => behind.and_then(|cursor| row_start(self.rows.kind, self.input.bytes, cursor)).map(|cursor| RowCheckpoint {
                row,
                continued: here.continued + u32::from(cursor.continued),
                cursor,
            }),
        };
    }
}

/// Lays the rows of a text out from the first to the last.
pub(super) struct Layout<'a> {
    bytes: &'a [u8],
    next: Option<RowStart>,
    /// The rows so far.
    pub rows: Rows,
}

impl<'a> Layout<'a> {
    /// Creates an empty index.
    pub(super) fn new(bytes: &'a [u8], rows: Rows) -> Self {
        let first = if bytes.is_empty() { None } else { row_start(rows.kind, bytes, RowStart::default()) };
        Self { bytes, next: first, rows }
    }

    /// Lays rows out up to a byte, or to the end: then it is done.
    pub(super) fn advance(&mut self, until: usize) -> bool {
        let (masks, folds) = (Arc::clone(&self.rows.masks), Arc::clone(&self.rows.folds));
        let input = LayoutInput { bytes: self.bytes, masks: &masks, folds: &folds, width: self.rows.width };
        while let Some(cursor) = self.next.filter(|cursor| until > cursor.at as usize) {
            self.rows.add(cursor);
            self.next =
                lay_out_row(self.rows.kind, input, cursor, &mut ()).and_then(|behind| row_start(self.rows.kind, self.bytes, behind));
        }
        self.rows.complete = self.next.is_none();
        self.rows.complete
    }
}

impl Rows {
    fn add(&mut self, cursor: RowStart) {
        let row = self.count;
        let near = |mark: &RowCheckpoint| row - mark.row < MAX_ROWS_BETWEEN_MARKS && cursor.at - mark.cursor.at < MAX_BYTES_BETWEEN_MARKS;
        self.continued += u32::from(cursor.continued);
        if !self.marks.last().is_some_and(near) {
            self.marks.push(RowCheckpoint { row, continued: self.continued, cursor });
        }
        self.count += 1;
    }

    /// Counts the rows of the hex view, which need no marks.
    pub(super) fn count_hex(&mut self) {
        self.count = self.length.div_ceil(hex::bytes_per_row(self.width)) as u32;
        self.complete = true;
    }
}

fn lay_out_row<S: Sink>(kind: View, input: LayoutInput<'_>, cursor: RowStart, sink: &mut S) -> Option<RowStart> {
    if kind == View::Pretty { pretty::row(input, cursor, sink) } else { raw::row(input, cursor, sink) }
}

fn row_start(kind: View, bytes: &[u8], cursor: RowStart) -> Option<RowStart> {
    if kind == View::Pretty { pretty::row_start(bytes, cursor) } else { Some(cursor) }
}
