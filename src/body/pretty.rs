//! Rows of the pretty view: JSON indexed again without being copied or parsed.
//!
//! A row ends after an opening bracket (unless it closes at once), after a comma and before a closing bracket; white space
//! between tokens is passed over. Broken JSON is indexed as far as it makes sense and never loses a byte.

use memchr::{memchr, memchr2};

use super::Style;
use super::line::{FillResult, LayoutInput, Line, MAX_LOOKAHEAD_BYTES, OpenToken, RowStart, Sink};
use super::token::{is_blank, scalar_end, skip_blanks};

/// Blank columns for each level.
const INDENT_COLUMNS: u32 = 2;

/// The white space that ends a row, so that no row is a walk over megabytes.
const MAX_BLANK_BYTES: usize = 1024;

/// Returns where the first row begins, or the next one after a row: the first byte that is not white space.
pub(super) fn row_start(bytes: &[u8], cursor: RowStart) -> Option<RowStart> {
    let at = if cursor.inside == OpenToken::Structure { skip_blanks(bytes, cursor.at as usize) } else { cursor.at as usize };
    (at < bytes.len()).then_some(RowStart { at: at as u32, ..cursor })
}

/// Returns the blank columns before a row: never more than half of the width.
pub(super) fn indent(input: LayoutInput<'_>, cursor: RowStart) -> u16 {
    let closes = cursor.inside == OpenToken::Structure && matches!(input.bytes.get(cursor.at as usize), Some(b'}' | b']'));
    let depth = cursor.depth.saturating_sub(u32::from(closes)).saturating_add(u32::from(cursor.continued));
    u16::try_from(depth.saturating_mul(INDENT_COLUMNS)).unwrap_or(u16::MAX).min(input.width / 2)
}

/// Lays out one row and returns the position behind it; `None` at the end of the body. [`row_start`] finds where the next row begins.
pub(super) fn row<S: Sink>(input: LayoutInput<'_>, cursor: RowStart, sink: &mut S) -> Option<RowStart> {
    // A column is kept free for a comma.
    let columns = (input.width - indent(input, cursor)).saturating_sub(1);
    let line = Line::new(input, cursor.at as usize, columns, sink);
    let mut row = PrettyRow { bytes: input.bytes, line, depth: cursor.depth };
    let mut step = row.resume(cursor.inside);
    while step == Step::Next {
        step = row.step();
    }
    row.behind(step)
}

/// The state after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// More of this row.
    Next,
    /// A new row.
    End,
    /// A row that goes on with this one, inside of this.
    Cut(OpenToken),
}

struct PrettyRow<'a, S> {
    bytes: &'a [u8],
    line: Line<'a, S>,
    depth: u32,
}

impl<S: Sink> PrettyRow<'_, S> {
    /// Continues the string that the row before did not finish.
    fn resume(&mut self, inside: OpenToken) -> Step {
        match inside {
            OpenToken::Structure => Step::Next,
            OpenToken::Key | OpenToken::String => self.string(self.line.at, inside),
            OpenToken::EscapedKey => self.string(self.line.at + 1, OpenToken::Key),
            OpenToken::EscapedString => self.string(self.line.at + 1, OpenToken::String),
        }
    }

    fn step(&mut self) -> Step {
        let Some(&byte) = self.bytes.get(self.line.at) else { return Step::End };
        if let Some(fill) = self.line.mask_here() {
            return next_if(fill);
        }
        match byte {
            b'{' | b'[' => self.open(),
            b'}' | b']' => self.close(),
            b',' => self.comma(),
            b':' => next_if(self.line.colon()),
            b'"' => self.new_string(),
            byte if is_blank(byte) => self.blank(),
            byte => self.scalar(byte),
        }
    }

    fn behind(&self, step: Step) -> Option<RowStart> {
        let at = self.line.at;
        let (inside, continued) = match step {
            Step::Cut(inside) => (inside, true),
            Step::Next | Step::End => (OpenToken::Structure, false),
        };
        (at < self.bytes.len()).then_some(RowStart { at: at as u32, depth: self.depth, inside, continued })
    }

    fn open(&mut self) -> Step {
        if let Some(fill) = self.line.fold_here() {
            return next_if(fill);
        }
        if self.line.punctuation(0) == FillResult::Full {
            return Step::Cut(OpenToken::Structure);
        }
        self.depth = self.depth.saturating_add(1);
        let next = self.line.at + blanks(&self.bytes[self.line.at..]);
        if !matches!(self.bytes.get(next), Some(b'}' | b']')) {
            return Step::End;
        }
        self.line.at = next;
        self.close_here()
    }

    fn close(&mut self) -> Step {
        if self.line.empty { self.close_here() } else { Step::End }
    }

    fn close_here(&mut self) -> Step {
        if self.line.punctuation(0) == FillResult::Full {
            return Step::Cut(OpenToken::Structure);
        }
        self.depth = self.depth.saturating_sub(1);
        Step::Next
    }

    fn comma(&mut self) -> Step {
        match self.line.punctuation(1) {
            FillResult::Full => Step::Cut(OpenToken::Structure),
            FillResult::Done => Step::End,
        }
    }

    fn blank(&mut self) -> Step {
        let blanks = blanks(&self.bytes[self.line.at..]);
        self.line.at += blanks;
        if self.depth == 0 && !self.line.empty {
            // Behind a value that stands in no bracket comes another one, or nothing.
            return Step::End;
        }
        if blanks == MAX_BLANK_BYTES && !self.line.empty { Step::Cut(OpenToken::Structure) } else { Step::Next }
    }

    fn scalar(&mut self, first: u8) -> Step {
        let style = match first {
            b'-' | b'0'..=b'9' => Style::Number,
            b't' | b'f' | b'n' => Style::Literal,
            _ => Style::Text,
        };
        let limit = self.bytes.len().min(self.line.at + MAX_LOOKAHEAD_BYTES);
        next_if(self.line.take(scalar_end(&self.bytes[..limit], self.line.at), style))
    }

    fn new_string(&mut self) -> Step {
        let (stop, closed) = string_stop(self.bytes, self.line.at + 1);
        let names = closed && self.bytes.get(stop + blanks(&self.bytes[stop..])) == Some(&b':');
        self.string(self.line.at + 1, if names { OpenToken::Key } else { OpenToken::String })
    }

    /// Takes a string to its end; what stands from `from` on is inside of it.
    fn string(&mut self, from: usize, inside: OpenToken) -> Step {
        let style = if inside == OpenToken::Key { Style::Key } else { Style::String };
        let mut from = from;
        loop {
            let (stop, closed) = string_stop(self.bytes, from);
            if self.line.take(stop, style) == FillResult::Full {
                return Step::Cut(self.cut_inside(from, inside));
            }
            // A covered part may have led beyond the stop.
            if closed && self.line.at == stop || self.line.at >= self.bytes.len() {
                return Step::Next;
            }
            from = self.line.at;
        }
    }

    /// Returns the token inside which the next row begins when a row is cut here; `from` is inside of a string and not after a backslash.
    fn cut_inside(&self, from: usize, inside: OpenToken) -> OpenToken {
        let mut at = from;
        while let Some(found) = self.bytes.get(at..self.line.at).and_then(|text| memchr(b'\\', text)) {
            at += found + 2;
        }
        match inside {
            _ if self.line.at < from => OpenToken::Structure,
            OpenToken::Key if at > self.line.at => OpenToken::EscapedKey,
            OpenToken::String if at > self.line.at => OpenToken::EscapedString,
            other => other,
        }
    }
}

fn next_if(fill: FillResult) -> Step {
    match fill {
        FillResult::Done => Step::Next,
        FillResult::Full => Step::Cut(OpenToken::Structure),
    }
}

/// Returns the position behind the closing quote, or how far a row can reach, and whether it is the former. Never between a backslash and what it escapes.
fn string_stop(bytes: &[u8], from: usize) -> (usize, bool) {
    let limit = bytes.len().min(from + MAX_LOOKAHEAD_BYTES);
    let mut at = from;
    while let Some(found) = bytes.get(at..limit).and_then(|text| memchr2(b'"', b'\\', text)) {
        at += found;
        if bytes[at] == b'"' {
            return (at + 1, true);
        }
        at += 2;
    }
    (at.max(limit).min(bytes.len()), false)
}

/// Returns the length of leading white space, at most [`MAX_BLANK_BYTES`].
fn blanks(bytes: &[u8]) -> usize {
    skip_blanks(&bytes[..bytes.len().min(MAX_BLANK_BYTES)], 0)
}
