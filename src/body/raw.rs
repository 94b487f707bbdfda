//! Rows of the raw view: lines as they came, wrapped at the width.

use memchr::memchr;

use super::Style;
use super::line::{FillResult, LayoutInput, Line, MAX_LOOKAHEAD_BYTES, RowStart, Sink};

/// Lays one row out and gives the next one's beginning; a body that ends in a line feed ends in an empty row.
pub(super) fn row<S: Sink>(input: LayoutInput<'_>, cursor: RowStart, sink: &mut S) -> Option<RowStart> {
    let mut line = Line::new(input, cursor.at as usize, input.width, sink);
    loop {
        let (stop, feed) = line_stop(input.bytes, line.at);
        if line.take(stop, Style::Text) == FillResult::Full {
            return Some(RowStart { at: line.at as u32, continued: true, ..RowStart::default() });
        }
        // A covered part may have led beyond the stop.
        if line.at == stop && feed {
            return Some(RowStart { at: stop as u32 + 1, ..RowStart::default() });
        }
        if line.at >= input.bytes.len() {
            return None;
        }
    }
}

/// Returns the end of the line, or how far a row can reach, and whether a line feed stands there.
fn line_stop(bytes: &[u8], from: usize) -> (usize, bool) {
    let limit = bytes.len().min(from + MAX_LOOKAHEAD_BYTES);
    match memchr(b'\n', &bytes[from..limit]) {
        Some(found) => (from + found, true),
        None => (limit, false),
    }
}
