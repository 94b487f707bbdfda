//! What panes and popups say, a file for each. They turn state into pages and decide nothing.

mod doubt;
mod envelope;
mod explain;
mod field;
mod help;
mod http;
mod signing;
mod timing;

pub use doubt::doubt;
pub use envelope::envelope;
pub use explain::{explain, verdict};
pub use field::field;
pub use help::help;
pub use http::{request, response};
pub use signing::signing;
pub use timing::{millis, timing};

use super::page::{Line, Page, Role};
use crate::body::{Rows, Token};
use crate::secret::MASK;

/// The column at which values stand behind their labels.
const LABELS: usize = 14;

/// The role of a piece of a body.
pub fn role(token: Token) -> Role {
    match token {
        Token::Key => Role::Key,
        Token::String => Role::String,
        Token::Number => Role::Number,
        Token::Literal => Role::Literal,
        Token::Punctuation => Role::Punctuation,
        Token::Symbol => Role::Dim,
        Token::Covered => Role::Covered,
        Token::Text => Role::Text,
    }
}

/// Rows of a body as lines of a page.
pub fn rows(page: &mut Page, rows: &Rows, bytes: &[u8]) {
    page.lines.extend((0..rows.len()).map(|at| row(rows, at, bytes)));
}

/// One row of a body.
pub fn row(rows: &Rows, at: usize, bytes: &[u8]) -> Line {
    let row = rows.row(at, bytes);
    let mut line = Line::of(Role::Text, " ".repeat(usize::from(row.indent)));
    for (token, text) in &row.pieces {
        line.push(role(*token), text);
    }
    line
}

/// The role of a value that may be covered.
fn cover(value: &str, role: Role) -> Role {
    if value.contains(MASK) { Role::Covered } else { role }
}
