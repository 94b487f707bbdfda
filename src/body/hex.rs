//! Rows of the hex view: offset, bytes, characters.

use std::fmt::Write;
use std::ops::Range;

use super::line::LayoutInput;
use super::{Row, Style, VisibleMatches};

/// Returns how many bytes stand in a row: as many as the width allows, at most sixteen.
pub(super) fn bytes_per_row(width: u16) -> usize {
    [16u16, 8, 4, 2].into_iter().find(|count| OFFSET_COLUMNS as u16 + 1 + count * 4 <= width).unwrap_or(1).into()
}

/// Columns of the offset and the gap behind it.
const OFFSET_COLUMNS: usize = 10;

/// Returns one row.
pub(super) fn row(input: LayoutInput<'_>, number: usize, found: VisibleMatches<'_>) -> Row<'static> {
    let count = bytes_per_row(input.width);
    let start = number * count;
    let shown = start..input.bytes.len().min(start + count);
    let mut pieces = vec![(Style::Punctuation, format!("{start:08x}  "))];
    for at in shown.clone() {
        let digits = if masked(input.masks, at) { "•• ".to_owned() } else { format!("{:02x} ", input.bytes[at]) };
        add(&mut pieces, style(input, at, found), &digits);
    }
    add(&mut pieces, Style::Text, &" ".repeat((count - shown.len()) * 3 + 1));
    for at in shown {
        let mut sign = String::new();
        let _ = write!(sign, "{}", character(input, at));
        add(&mut pieces, style(input, at, found), &sign);
    }
    Row { start, indent: 0, line: number, continued: false, pieces: pieces.into_iter().map(|(style, text)| (style, text.into())).collect() }
}

fn add(pieces: &mut Vec<(Style, String)>, style: Style, text: &str) {
    match pieces.last_mut() {
        Some((last, before)) if *last == style => before.push_str(text),
        _ => pieces.push((style, text.to_owned())),
    }
}

fn style(input: LayoutInput<'_>, at: usize, found: VisibleMatches<'_>) -> Style {
    if let Some(mark) = found.at(at).0 {
        return mark;
    }
    match input.bytes[at] {
        _ if masked(input.masks, at) => Style::Masked,
        b' '..=b'~' => Style::Text,
        _ => Style::Symbol,
    }
}

fn character(input: LayoutInput<'_>, at: usize) -> char {
    match input.bytes[at] {
        _ if masked(input.masks, at) => '•',
        byte @ b' '..=b'~' => char::from(byte),
        _ => '·',
    }
}

fn masked(masks: &[Range<u32>], at: usize) -> bool {
    let next = masks.partition_point(|mask| mask.end as usize <= at);
    masks.get(next).is_some_and(|mask| mask.start as usize <= at)
}
