//! What a search has found in a body, and which bytes of a row belong to it.

use std::ops::Range;

use super::Style;

/// A match: its first byte and how many there are. Eight bytes, since there may be many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MatchRange {
    start: u32,
    length: u32,
}

/// The matches of a search in the order of the body; none overlaps another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    places: Vec<MatchRange>,
    /// `true` when there may be more than are kept.
    pub(super) more: bool,
    pub(super) complete: bool,
}

impl Matches {
    /// Returns how many are kept.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Returns whether the search has come to its end, or to as many matches as are kept.
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// Returns whether there may be more matches than are kept.
    pub fn more(&self) -> bool {
        self.more
    }

    /// Returns the bytes of a match.
    pub fn get(&self, number: usize) -> Option<Range<usize>> {
        self.places.get(number).map(|place| place.range())
    }

    /// Returns the first match that begins at a byte or behind it.
    pub fn first_from(&self, at: usize) -> Option<usize> {
        let number = self.places.partition_point(|place| (place.start as usize) < at);
        (number < self.len()).then_some(number)
    }

    /// Adds a match behind the others.
    pub(super) fn add(&mut self, range: Range<usize>) {
        self.places.push(MatchRange { start: range.start as u32, length: range.len() as u32 });
    }
}

impl MatchRange {
    fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.length as usize
    }
}

/// The visible part of a search's matches.
#[derive(Clone, Copy, Debug, Default)]
pub struct VisibleMatches<'a> {
    /// Every match.
    pub matches: Option<&'a Matches>,
    /// The selected one.
    pub here: Option<usize>,
}

impl VisibleMatches<'_> {
    /// Returns the style of a byte, if it belongs to a match, and the byte before which that changes.
    pub(super) fn at(self, at: usize) -> (Option<Style>, usize) {
        let Some(matches) = self.matches else { return (None, usize::MAX) };
        let next = matches.places.partition_point(|place| place.range().end <= at);
        match matches.get(next) {
            Some(range) if range.start <= at => (Some(if self.here == Some(next) { Style::FoundHere } else { Style::Found }), range.end),
            Some(range) => (None, range.start),
            None => (None, usize::MAX),
        }
    }

    /// Returns the style of a range that is shown as one sign.
    pub(super) fn over(self, range: &Range<usize>) -> Option<Style> {
        let (mark, until) = self.at(range.start);
        mark.or_else(|| (until < range.end).then_some(Style::Found))
    }

    /// Returns a range in parts that belong to a match or do not.
    pub(super) fn cuts(self, range: Range<usize>) -> Vec<(Option<Style>, Range<usize>)> {
        let mut cuts = Vec::new();
        let mut from = range.start;
        while from < range.end {
            let (mark, until) = self.at(from);
            let end = until.min(range.end);
            cuts.push((mark, from..end));
            from = end;
        }
        cuts
    }
}
