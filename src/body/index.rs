//! Walking a body once, from the first byte to the last.

use std::ops::Range;
use std::sync::Arc;

use super::rows::{Layout, Rows};
use super::{Fold, View, check};
use crate::redact::Redactor;

/// The bytes after which the rows are published for the first time: more than any screen shows.
const FIRST_PUBLISH_BYTES: usize = 64 * 1024;

/// The bytes after which they are published again.
const PUBLISH_INTERVAL_BYTES: usize = 4 << 20;

/// Indexes the rows of a body at a width of `width` columns (at least one). At most 4 GiB of a body are indexed.
pub fn index(bytes: &[u8], kind: View, width: u16, redactor: &Redactor) -> Rows {
    index_until(bytes, kind, width, redactor, &mut |_| true)
}

/// Indexes like [`index`] and publishes the rows so far after the first 64 KiB and then every 4 MiB. `publish` may keep a copy and
/// returns whether to go on; after `false` the rows so far are returned, not [`Rows::complete`].
pub fn index_until(bytes: &[u8], kind: View, width: u16, redactor: &Redactor, publish: &mut dyn FnMut(&Rows) -> bool) -> Rows {
    let empty = Rows::new(default_view(bytes, kind), width.max(1), bytes.len(), masks(bytes, redactor));
    index_body(bytes, empty, publish)
}

/// Indexes JSON values that follow each other, with white space between them.
pub fn index_values(bytes: &[u8], width: u16, redactor: &Redactor) -> Rows {
    index_body(bytes, Rows::new(View::Pretty, width.max(1), bytes.len(), masks(bytes, redactor)), &mut |_| true)
}

/// Indexes a body again like the rows before, but with these brackets folded in the pretty view. `folds` are in order.
pub fn index_folded(bytes: &[u8], before: &Rows, folds: Arc<[Fold]>, publish: &mut dyn FnMut(&Rows) -> bool) -> Rows {
    index_body(bytes, before.folded(folds), publish)
}

fn index_body(bytes: &[u8], mut rows: Rows, publish: &mut dyn FnMut(&Rows) -> bool) -> Rows {
    if rows.kind() == View::Hex {
        rows.count_hex();
        return rows;
    }
    let mut layout = Layout::new(&bytes[..bytes.len().min(u32::MAX as usize)], rows);
    let mut until = FIRST_PUBLISH_BYTES;
    while !layout.advance(until) && publish(&layout.rows) {
        until = until.saturating_add(PUBLISH_INTERVAL_BYTES);
    }
    layout.rows
}

/// Returns the view that fits the body.
fn default_view(bytes: &[u8], kind: View) -> View {
    match kind {
        View::Pretty if check::is_json(bytes) => View::Pretty,
        View::Pretty if super::kind(bytes).is_some() => View::Hex,
        View::Pretty => View::Raw,
        other => other,
    }
}

fn masks(bytes: &[u8], redactor: &Redactor) -> Arc<[Range<u32>]> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    redactor.spans(bytes).into_iter().map(|span| place(span.start)..place(span.end)).collect()
}
