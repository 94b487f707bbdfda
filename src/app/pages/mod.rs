//! What panes and popups say, a file for each. They turn state into pages and decide nothing.

mod access;
mod compare;
mod created;
mod envelope;
mod explain;
mod field;
mod http;
mod laboratory;
mod resource;
mod signature_comparison;
mod signing;
mod timing;

pub use access::{missing, warnings};
pub use compare::compare;
pub use created::created;
pub use envelope::{UNRECORDED, envelope};
pub use explain::{ExplainedExchange, explain};
pub use field::field;
pub use http::{request, response};
pub use laboratory::laboratory;
pub use resource::{Source, resource};
pub use signing::{Signing, signing};
pub use timing::{millis, timing};

use std::ops::Range;

use super::keys::{Action, KeyMap};
use super::page::{Line, Page, Role};
use crate::body::{CutLine, Row, Rows, Style, VisibleMatches};
use crate::redact::Redactor;
use crate::secret::MASK;

/// The column at which values stand behind their labels.
const LABEL_COLUMNS: usize = 14;

/// Returns the role of a piece of a body.
fn role(style: Style) -> Role {
    match style {
        Style::Key => Role::Key,
        Style::String => Role::String,
        Style::Number => Role::Number,
        Style::Literal => Role::Literal,
        Style::Punctuation => Role::Punctuation,
        Style::Symbol => Role::Dim,
        Style::Masked => Role::Masked,
        Style::Text => Role::Text,
        Style::Found => Role::Found,
        Style::FoundHere => Role::FoundHere,
    }
}

/// Adds every row of a small body as lines of a page.
pub fn rows(page: &mut Page, rows: &Rows, bytes: &[u8]) {
    page.lines.extend(lines(rows, bytes, 0..rows.len(), VisibleMatches::default(), 0));
}

/// Returns some rows of a body as lines, with what was found in them, behind their numbers in a gutter of so many columns.
pub fn lines(rows: &Rows, bytes: &[u8], range: Range<usize>, found: VisibleMatches<'_>, gutter: usize) -> impl Iterator<Item = Line> {
    rows.screen_with(range, bytes, found).into_iter().map(move |row| {
        let number = if row.continued { String::new() } else { (row.line + 1).to_string() };
        let mut line = numbered(&number, gutter);
        add_row(&mut line, &row);
        line
    })
}

/// Returns one row of a line as a line that is cut: before it too, if rows of it are passed over.
pub fn cut_line(cut: &CutLine<'_>, before: bool, gutter: usize) -> Line {
    let mut line = numbered(&(cut.number + 1).to_string(), gutter);
    line.cut = (before, cut.continues);
    if let Some(row) = &cut.row {
        add_row(&mut line, row);
    }
    line
}

/// Returns a line that has its number so far, if there is a gutter for it.
fn numbered(number: &str, gutter: usize) -> Line {
    gutter.checked_sub(1).map_or_else(Line::default, |digits| Line::of(Role::Dim, format!("{number:>digits$} ")))
}

fn add_row(line: &mut Line, row: &Row<'_>) {
    line.push(Role::Text, &" ".repeat(usize::from(row.indent)));
    for (style, text) in &row.pieces {
        line.push(role(*style), text);
    }
}

/// Rows of a body as text for a copy: what was broken at the width of the layout is joined again.
pub fn add_text(out: &mut String, rows: &[Row<'_>]) {
    for row in rows {
        if row.continued && out.ends_with('\n') {
            out.pop();
        } else {
            out.extend(std::iter::repeat_n(' ', usize::from(row.indent)));
        }
        row.pieces.iter().for_each(|(_, text)| out.push_str(text));
        out.push('\n');
    }
}

/// Returns what is said of a call without an answer so far.
pub fn waiting(keys: &KeyMap) -> String {
    format!("Waiting for the answer. {} cancels.", keys.hint(Action::Cancel))
}

/// Returns a text with its secrets masked; without a redactor as it is.
pub fn masked(text: &str, redactor: Option<&Redactor>) -> String {
    redactor.map_or_else(|| text.to_owned(), |redactor| redactor.text(text))
}

/// Returns the role of a value that may be masked.
fn mask(value: &str, role: Role) -> Role {
    if value.contains(MASK) { Role::Masked } else { role }
}
