//! The lines of a body whose rows are wrapped: which rows belong to which, for whoever shows one row of each.

use std::ops::Range;

use super::rows::{RowScanner, Rows};
use super::{Row, View, VisibleMatches};

/// A line of which one row is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutLine<'a> {
    /// The number of the line, counted from 0.
    pub number: usize,
    /// The row; none where the line ended before.
    pub row: Option<Row<'a>>,
    /// Whether the line goes on behind it.
    pub continues: bool,
}

impl Rows {
    /// Returns how many lines there are, or are known so far.
    pub fn lines(&self) -> usize {
        self.len() - self.continued as usize
    }

    /// Returns the row with which a line begins; behind the last line, the one behind the last row.
    pub fn first_row(&self, line: usize, bytes: &[u8]) -> usize {
        if self.kind() == View::Hex || line >= self.lines() || !self.fit(bytes) {
            return if line < self.lines() { line } else { self.len() };
        }
        let before = self.marks.partition_point(|mark| mark.line() < line);
        if let Some(mark) = self.marks.get(before).filter(|mark| mark.line() == line && !mark.cursor.continued) {
            return mark.row as usize;
        }
        let mut walk = self.walk(before.saturating_sub(1), bytes);
        while walk.here.is_some_and(|here| here.line() < line) {
            walk.pass(&mut ());
        }
        walk.here.map_or(self.len(), |here| here.row as usize)
    }

    /// Returns the line to which a row belongs.
    pub fn line_of(&self, row: usize, bytes: &[u8]) -> usize {
        if self.kind() == View::Hex || !self.fit(bytes) {
            return row;
        }
        let mark = self.marks.partition_point(|mark| mark.row as usize <= row).saturating_sub(1);
        let mut walk: RowScanner<'_> = self.walk(mark, bytes);
        while walk.here.is_some_and(|here| (here.row as usize) < row) {
            walk.pass(&mut ());
        }
        walk.here.map_or(self.lines(), |here| here.line())
    }

    /// Returns of each line of a range the row that stands so many rows below its first.
    pub fn cut<'a>(&self, lines: Range<usize>, below: usize, bytes: &'a [u8], found: VisibleMatches<'_>) -> Vec<CutLine<'a>> {
        let lines = lines.start..lines.end.min(self.lines());
        let mut first = self.first_row(lines.start, bytes);
        let cut = |number| {
            let row = first + below;
            first = self.first_row(number + 1, bytes);
            let shown = if row < first { self.screen_with(row..row + 1, bytes, found).pop() } else { None };
            CutLine { number, row: shown, continues: row + 1 < first }
        };
        lines.map(cut).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::index;
    use crate::redact::Redactor;

    fn text() -> String {
        let lines = (0..400).map(|number| format!("{number} {}", "x".repeat(number * 7 % 300)));
        lines.collect::<Vec<_>>().join("\n") + "\n" + &"y".repeat(200_000) + "\nend"
    }

    #[test]
    fn rows_and_lines_are_told_apart_as_a_walk_over_all_of_them_does() {
        for (text, view) in [(text(), View::Raw), (serde_json::to_string(&text().lines().collect::<Vec<_>>()).unwrap(), View::Pretty)] {
            let bytes = text.as_bytes();
            let rows = index(bytes, view, 40, &Redactor::default());
            let all = rows.screen(0..rows.len(), bytes);
            assert_eq!(rows.lines(), all.last().unwrap().line + 1);
            for (number, row) in all.iter().enumerate().step_by(3) {
                assert_eq!(rows.line_of(number, bytes), row.line);
                if !row.continued {
                    assert_eq!(rows.first_row(row.line, bytes), number);
                }
            }
            assert_eq!(rows.first_row(rows.lines(), bytes), rows.len());
        }
    }

    #[test]
    fn shows_one_row_of_each_line() {
        let text = format!("abc\n{}\n\nend", "0123456789".repeat(3));
        let rows = index(text.as_bytes(), View::Raw, 10, &Redactor::default());
        let shown = |below| -> Vec<(String, bool)> {
            let cut = rows.cut(0..9, below, text.as_bytes(), VisibleMatches::default());
            let of = |line: &CutLine<'_>| line.row.as_ref().map(|row| row.pieces.iter().map(|(_, text)| text.as_ref()).collect());
            cut.iter().map(|line| (of(line).unwrap_or_default(), line.continues)).collect()
        };
        let line = |text: &str, continues| (text.to_owned(), continues);
        assert_eq!(shown(0), [line("abc", false), line("0123456789", true), line("", false), line("end", false)]);
        assert_eq!(shown(2), [line("", false), line("0123456789", false), line("", false), line("", false)]);
    }
}
