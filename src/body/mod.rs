//! A body as rows for the screen: which bytes stand in which row, and what is shown of them.
//!
//! Laying out a body of tens of megabytes takes long enough to be felt, so it happens off the thread that draws, once
//! per body, view and width: [`index`] walks the bytes and keeps a mark every few rows, not the rows themselves.
//! Drawing asks for the rows that can be seen ([`Rows::screen`]); they are indexed again from the nearest mark, by the
//! same code, so both always agree. Nothing is copied: the pretty view is a walk over the bytes as they came.
//!
//! Rows are printable: secrets are masked, control characters and bytes that are no text are shown as symbols. Bodies that are compressed are not unpacked: what is shown is what came.

mod check;
mod find;
mod fold;
mod found;
mod hex;
mod index;
mod kind;
mod line;
mod lines;
mod mask;
mod outline;
mod path;
mod pretty;
mod raw;
mod rows;
mod token;

use std::borrow::Cow;

pub use find::{MAX_MATCHES, Pattern, PatternError};
pub use fold::Fold;
pub use found::{Matches, VisibleMatches};
pub use index::{index, index_folded, index_until, index_values};
pub use kind::kind;
pub use lines::CutLine;
pub use mask::mask_json;
pub use outline::Outline;
pub use path::{Target, complete, fold_inside, follow, opens};
pub use rows::Rows;

/// The view of a body: pretty, raw or hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// The text as it came, line by line, wrapped at the width.
    Raw,
    /// JSON with one member a row, indented by two for each level; text that is not JSON is shown raw, what is no text as hex.
    Pretty,
    /// Offset, bytes in hexadecimal digits, characters.
    Hex,
}

/// The syntax class of a piece of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A member's name, quotes included.
    Key,
    /// A JSON string, quotes included.
    String,
    /// A JSON number.
    Number,
    /// `true`, `false` or `null`.
    Literal,
    /// Brackets, commas, colons; the offset in the hex view.
    Punctuation,
    /// Text of no special kind.
    Text,
    /// The mask over a secret.
    Masked,
    /// A symbol for what cannot be printed.
    Symbol,
    /// The search pattern.
    Found,
    /// The selected match of a search.
    FoundHere,
}

/// A row ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The byte of the body at which it begins.
    pub start: usize,
    /// The number of blank columns before it. A continued row of the pretty view has two more than its
    /// first, in which a mark may be put.
    pub indent: u16,
    /// The number of the line that it belongs to, counted from 0: lines that were broken at the width count once.
    pub line: usize,
    /// `true` when it continues the row before it.
    pub continued: bool,
    /// The content of the row. In the pretty view a colon is followed by a blank that is not in the body; nothing else is added.
    pub pieces: Vec<(Style, Cow<'a, str>)>,
}

/// The body that the tests of outline, paths and folds share.
#[cfg(test)]
mod sample {
    pub const BODY: &str = r#"{"Id":"1","Data":{"Namespaces":[{"Name":"a"},{"Name":"b\"]","x y":[1,2]}],"Empty":{}},"ok":true}"#;

    /// Returns the byte at which a text begins in the body.
    pub fn place(text: &str) -> usize {
        BODY.find(text).unwrap()
    }
}
