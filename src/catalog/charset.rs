//! Sets of characters written as in a bracket expression: `a-z0-9._-`.

/// A set of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CharSet {
    ranges: Vec<(char, char)>,
}
