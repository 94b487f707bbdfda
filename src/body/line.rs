//! One row being filled, column by column. Filled for real when a row is drawn, and for nothing when rows are counted.

use std::borrow::Cow;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::found::VisibleMatches;
use super::{Fold, Style};
use crate::secret::MASK;
use crate::visible::VisibleForm;

/// Columns that the mask takes.
const MASK_COLUMNS: u16 = 8;

/// Characters of no width that a row may hold: text of nothing else would never fill one.
const MAX_ZERO_WIDTH_CHARS: u16 = 256;

/// The number of bytes before a character that are looked at to show it: some more than the marks that a character may carry.
const CONTEXT_BYTES: usize = 32;

/// The maximum lookahead of a row, in bytes: more than any row can show.
pub(super) const MAX_LOOKAHEAD_BYTES: usize = 4096;

/// The bytes to lay out, what to mask of them, and how wide rows are.
#[derive(Clone, Copy)]
pub(super) struct LayoutInput<'a> {
    /// The body.
    pub bytes: &'a [u8],
    /// The parts to mask, in order.
    pub masks: &'a [Range<u32>],
    /// The brackets that are folded, in order.
    pub folds: &'a [Fold],
    /// Columns of a row, at least one.
    pub width: u16,
}

/// The start of a row and the walk's state there. Twelve bytes, since there is one for every few rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RowStart {
    /// The row's first byte.
    pub at: u32,
    /// The number of brackets that are open.
    pub depth: u32,
    /// The token inside which the row begins.
    pub inside: OpenToken,
    /// Whether the row goes on with the one before it.
    pub continued: bool,
}

/// The token inside which a row begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum OpenToken {
    /// Between tokens, or in a number.
    #[default]
    Structure,
    /// A member's name.
    Key,
    /// A string.
    String,
    /// A member's name, after a backslash.
    EscapedKey,
    /// A string, after a backslash.
    EscapedString,
}

/// A run of bytes and how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// As they are.
    Plain,
    /// The mask.
    Mask,
    /// A sign for a character.
    Symbol(VisibleForm),
    /// A byte that is no text.
    Byte(u8),
    /// A colon and the blank after it.
    Colon,
    /// A folded bracket with so many members.
    Folded(u32),
}

/// Takes the parts of a row.
pub(super) trait Sink {
    /// Adds some bytes at the end.
    fn put(&mut self, style: Style, bytes: Range<usize>, part: Part);
}

/// Counting rows: the parts are of no interest.
impl Sink for () {
    #[inline]
    fn put(&mut self, _: Style, _: Range<usize>, _: Part) {}
}

/// The parts of a row to be drawn.
#[derive(Default)]
pub(super) struct Parts(Vec<(Style, Range<usize>, Part)>);

impl Sink for Parts {
    fn put(&mut self, style: Style, bytes: Range<usize>, part: Part) {
        if let Some((last, before, Part::Plain)) = self.0.last_mut()
            && part == Part::Plain
            && *last == style
            && before.end == bytes.start
        {
            before.end = bytes.end;
            return;
        }
        self.0.push((style, bytes, part));
    }
}

impl Parts {
    /// Returns the parts as text; what was found in them has a style of its own.
    pub(super) fn pieces<'a>(self, bytes: &'a [u8], found: VisibleMatches<'_>) -> Vec<(Style, Cow<'a, str>)> {
        let mut pieces = Vec::with_capacity(self.0.len());
        for (style, range, part) in self.0 {
            let cuts = if part == Part::Plain { found.cuts(range) } else { vec![(found.over(&range), range)] };
            pieces.extend(cuts.into_iter().map(|(mark, range)| (mark.unwrap_or(style), part.text(&bytes[range]))));
        }
        pieces
    }
}

impl Part {
    fn text(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Plain => String::from_utf8_lossy(bytes),
            Self::Mask => MASK.into(),
            Self::Symbol(sign) => sign.to_string().into(),
            Self::Byte(byte) => format!("\\x{byte:02X}").into(),
            Self::Colon => ": ".into(),
            Self::Folded(members) => folded(bytes.first() == Some(&b'{'), members).into(),
        }
    }
}

/// Returns what stands for a folded bracket.
fn folded(object: bool, members: u32) -> String {
    let plural = if members == 1 { "" } else { "s" };
    if object { format!("{{…}} {members} member{plural}") } else { format!("[…] {members} element{plural}") }
}

/// The result of filling a row: complete, or out of room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FillResult {
    /// All of it.
    Done,
    /// The row is full before the end.
    Full,
}

/// A row being filled.
pub(super) struct Line<'a, S> {
    input: LayoutInput<'a>,
    sink: &'a mut S,
    /// The next byte.
    pub at: usize,
    /// Whether nothing stands in the row yet.
    pub empty: bool,
    left: u16,
    zero_width_left: u16,
    mask: usize,
}

/// One unit to be shown: a character, an escape or a mask.
enum Glyph {
    Char(u16),
    Symbol(VisibleForm),
    Byte(u8),
}

impl<'a, S: Sink> Line<'a, S> {
    /// Creates an empty row of `columns` (at least one) that begins at a byte.
    pub(super) fn new(input: LayoutInput<'a>, at: usize, columns: u16, sink: &'a mut S) -> Self {
        let mask = input.masks.partition_point(|mask| mask.end as usize <= at);
        Self { input, sink, at, empty: true, left: columns.max(1), zero_width_left: MAX_ZERO_WIDTH_CHARS, mask }
    }

    /// Puts the bytes up to `end` into the row. A masked part is put as one mask and may lead beyond `end`.
    pub(super) fn take(&mut self, end: usize, style: Style) -> FillResult {
        while self.at < end {
            let fill = match self.mask_here() {
                Some(fill) => fill,
                None => self.take_plain(end.min(self.next_mask()), style),
            };
            if fill == FillResult::Full {
                return FillResult::Full;
            }
        }
        FillResult::Done
    }

    /// Masks the secret that the next byte belongs to; `None` when it belongs to none.
    pub(super) fn mask_here(&mut self) -> Option<FillResult> {
        let end = self.mask_end()?;
        if self.left < MASK_COLUMNS && !self.empty {
            return Some(FillResult::Full);
        }
        let from = std::mem::replace(&mut self.at, end);
        self.put(Style::Masked, from, Part::Mask, MASK_COLUMNS);
        Some(FillResult::Done)
    }

    /// Puts one sign of punctuation, for which `reserve` more columns may be used.
    pub(super) fn punctuation(&mut self, reserve: u16) -> FillResult {
        if self.left + reserve == 0 && !self.empty {
            return FillResult::Full;
        }
        self.at += 1;
        self.put(Style::Punctuation, self.at - 1, Part::Plain, 1);
        FillResult::Done
    }

    /// Puts the next byte's bracket folded, if it is; `None` when it is not.
    pub(super) fn fold_here(&mut self) -> Option<FillResult> {
        let folds = self.input.folds;
        let at = folds.binary_search_by(|fold| (fold.start as usize).cmp(&self.at)).ok()?;
        let columns = folded(false, folds[at].members).chars().count() as u16;
        if self.left < columns && !self.empty {
            return Some(FillResult::Full);
        }
        let from = std::mem::replace(&mut self.at, folds[at].end as usize);
        self.put(Style::Symbol, from, Part::Folded(folds[at].members), columns);
        Some(FillResult::Done)
    }

    /// Puts a colon and a blank.
    pub(super) fn colon(&mut self) -> FillResult {
        if self.left == 0 && !self.empty {
            return FillResult::Full;
        }
        self.at += 1;
        self.put(Style::Punctuation, self.at - 1, Part::Colon, 2);
        FillResult::Done
    }

    /// Puts the bytes down that were passed since `from`.
    fn put(&mut self, style: Style, from: usize, part: Part, columns: u16) {
        self.sink.put(style, from..self.at, part);
        self.left = self.left.saturating_sub(columns);
        self.empty = false;
    }

    /// Returns where the secret ends that the next byte belongs to.
    fn mask_end(&mut self) -> Option<usize> {
        let ended = self.input.masks[self.mask..].iter().take_while(|mask| mask.end as usize <= self.at).count();
        self.mask += ended;
        let mask = self.input.masks.get(self.mask)?;
        (mask.start as usize <= self.at).then_some(mask.end as usize)
    }

    fn next_mask(&self) -> usize {
        self.input.masks.get(self.mask).map_or(usize::MAX, |mask| mask.start as usize)
    }

    fn take_plain(&mut self, end: usize, style: Style) -> FillResult {
        let run = plain_run(&self.input.bytes[self.at..end], usize::from(self.left));
        if run == 0 {
            return self.take_glyph(style);
        }
        self.at += run;
        self.put(style, self.at - run, Part::Plain, run as u16);
        FillResult::Done
    }

    fn take_glyph(&mut self, style: Style) -> FillResult {
        let (length, glyph) = glyph(self.input.bytes, self.at);
        let columns = glyph.columns();
        if (columns > self.left || self.zero_width_left == 0) && !self.empty {
            return FillResult::Full;
        }
        self.zero_width_left = self.zero_width_left.saturating_sub(u16::from(columns == 0));
        let from = self.at;
        self.at += length;
        match glyph {
            Glyph::Char(_) => self.put(style, from, Part::Plain, columns),
            Glyph::Symbol(sign) => self.put(Style::Symbol, from, Part::Symbol(sign), columns),
            Glyph::Byte(byte) => self.put(Style::Symbol, from, Part::Byte(byte), columns),
        }
        FillResult::Done
    }
}

impl Glyph {
    fn columns(&self) -> u16 {
        match self {
            Self::Char(columns) => *columns,
            Self::Symbol(sign) => sign.columns(),
            Self::Byte(_) => 4,
        }
    }
}

/// Returns how many of the first bytes, at most `most`, are printable ASCII: one column each.
fn plain_run(bytes: &[u8], most: usize) -> usize {
    const CHUNK_BYTES: usize = 16;
    let plain = |byte: &u8| byte.wrapping_sub(b' ') < 95;
    let head = &bytes[..bytes.len().min(most)];
    // Without an early way out inside a stride the compiler looks at all its bytes at once.
    let strides = head.chunks_exact(CHUNK_BYTES).take_while(|stride| stride.iter().fold(true, |all, byte| all & plain(byte))).count();
    let sure = strides * CHUNK_BYTES;
    sure + head[sure..].iter().position(|byte| !plain(byte)).unwrap_or(head.len() - sure)
}

/// Returns what the byte at a place begins, and how many bytes that is.
fn glyph(bytes: &[u8], at: usize) -> (usize, Glyph) {
    let Some(c) = first_char(&bytes[at..]) else { return (1, Glyph::Byte(bytes[at])) };
    let (before, behind) = (text_before(bytes, at), next_char(&bytes[at + c.len_utf8()..]));
    let glyph = match VisibleForm::in_context(before, c, behind) {
        Some(_) if c == '\t' => Glyph::Symbol(VisibleForm::Picture('→')),
        Some(sign) => Glyph::Symbol(sign),
        None => Glyph::Char(columns(before, c)),
    };
    (c.len_utf8(), glyph)
}

/// Returns how many columns a character adds behind a text: a selector makes a narrow one before it wide.
fn columns(before: &str, c: char) -> u16 {
    let narrow = || before.chars().next_back().and_then(UnicodeWidthChar::width) == Some(1);
    if c == '\u{fe0f}' { u16::from(narrow()) } else { c.width().unwrap_or(0) as u16 }
}

/// Returns as much of the text before a place as tells how a character there is shown.
fn text_before(bytes: &[u8], at: usize) -> &str {
    let from = (at.saturating_sub(CONTEXT_BYTES)..at).find(|at| bytes[*at] & 0xc0 != 0x80).unwrap_or(at);
    let near = &bytes[from..at];
    // Behind the last byte that is no text.
    near.utf8_chunks().last().filter(|chunk| chunk.invalid().is_empty()).map_or("", |chunk| chunk.valid())
}

/// Returns the next character as a text, if there is one.
fn next_char(bytes: &[u8]) -> &str {
    let length = if bytes.is_empty() { None } else { first_char(bytes).map(char::len_utf8) };
    length.and_then(|length| std::str::from_utf8(&bytes[..length]).ok()).unwrap_or_default()
}

fn first_char(bytes: &[u8]) -> Option<char> {
    let length = match bytes[0] {
        0..0x80 => 1,
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return None,
    };
    std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_what_is_not_plain() {
        let text = format!("{}\u{e9}", "x".repeat(37));
        assert_eq!(plain_run(text.as_bytes(), 100), 37);
        assert_eq!(plain_run(text.as_bytes(), 20), 20);
        assert_eq!(plain_run(b"\x7fabc", 9), 0);
    }

    #[test]
    fn bounds_rows_of_zero_width_characters() {
        let text = format!("e{}", "\u{301}".repeat(5)).repeat(100);
        let input = LayoutInput { bytes: text.as_bytes(), masks: &[], folds: &[], width: 100 };
        let mut nowhere = ();
        let mut line = Line::new(input, 0, 100, &mut nowhere);
        assert_eq!(line.take(text.len(), Style::Text), FillResult::Full);
        assert_eq!(line.at, 52 + 2 * usize::from(MAX_ZERO_WIDTH_CHARS));
    }

    #[test]
    fn marks_without_bound_take_columns() {
        let text = format!("e{}", "\u{301}".repeat(100));
        let input = LayoutInput { bytes: text.as_bytes(), masks: &[], folds: &[], width: 20 };
        let mut parts = Parts::default();
        let mut line = Line::new(input, 0, 20, &mut parts);
        assert_eq!(line.take(text.len(), Style::Text), FillResult::Full);
        let shown: String = parts.pieces(text.as_bytes(), VisibleMatches::default()).into_iter().map(|(_, text)| text).collect();
        assert_eq!(shown, format!("e{}<U+0301><U+0301>", "\u{301}".repeat(5)));
    }
}
