//! What is searched for in the lines before the body: a text that was broken at the width is found all the same.

use std::ops::Range;

use crate::app::page::{Line, Page, Role};
use crate::body::{Pattern, View, index};
use crate::redact::Redactor;

/// A part of a match, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MatchPart {
    line: usize,
    /// Bytes of the line's text.
    range: Range<usize>,
    /// The number of the match that it belongs to.
    number: usize,
}

/// The matches in a head.
#[derive(Debug, Default)]
pub(super) struct HeadMatches {
    /// In the order of the lines.
    pieces: Vec<MatchPart>,
    count: usize,
}

impl HeadMatches {
    /// Searches a page.
    pub(super) fn of(page: &Page, pattern: &Pattern) -> Self {
        let (text, starts) = joined(page);
        // The page holds no secret any more.
        let rows = index(text.as_bytes(), View::Raw, u16::MAX, &Redactor::disabled());
        let matches = rows.find(text.as_bytes(), pattern, &mut |_| true);
        let ranges: Vec<_> = (0..matches.len()).filter_map(|number| matches.get(number)).collect();
        let pieces = ranges.iter().enumerate().flat_map(|(number, range)| pieces(&starts, text.len(), number, range));
        Self { pieces: pieces.collect(), count: ranges.len() }
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Returns the line in which a match begins.
    pub(super) fn line(&self, number: usize) -> Option<usize> {
        self.pieces.iter().find(|piece| piece.number == number).map(|piece| piece.line)
    }

    /// Returns the first match that begins in a line or below it.
    pub(super) fn first_from(&self, line: usize) -> Option<usize> {
        (0..self.count).find(|number| self.line(*number).is_some_and(|begins| begins >= line))
    }

    /// Marks the matches in some lines, the first of which has this number.
    pub(super) fn mark(&self, lines: &mut [Line], first: usize, here: Option<usize>) {
        for piece in &self.pieces {
            let Some(line) = piece.line.checked_sub(first).and_then(|at| lines.get_mut(at)) else { continue };
            line.mark(&piece.range, if here == Some(piece.number) { Role::FoundHere } else { Role::Found });
        }
    }
}

/// Returns the page as it was before it was broken; for each line where it begins in that text, and from which of its own bytes on it stands
/// there. Remarks on what is shown have no text.
fn joined(page: &Page) -> (String, Vec<(usize, usize)>) {
    let mut text = String::new();
    let starts = page.lines.iter().map(|line| {
        if line.is_excluded_from_search() {
            return (text.len(), line.text().len());
        }
        let from = line.join(&mut text);
        (text.len() - (line.text().len() - from), from)
    });
    let starts = starts.collect();
    (text, starts)
}

/// Returns the parts of a match in the lines it touches.
fn pieces(starts: &[(usize, usize)], end: usize, number: usize, found: &Range<usize>) -> Vec<MatchPart> {
    let first = starts.partition_point(|(start, _)| *start <= found.start).saturating_sub(1);
    let touched = starts.iter().enumerate().skip(first).take_while(|(_, (start, _))| *start < found.end);
    let piece = |(line, (start, own)): (usize, &(usize, usize))| {
        let until = starts.get(line + 1).map_or(end, |(next, _)| *next);
        let (from, until) = (found.start.max(*start), found.end.min(until));
        MatchPart { line, range: from - start + own..until.max(from) - start + own, number }
    };
    touched.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_wrapped_match_in_both_lines() {
        let mut page = Page::new(10);
        page.line(Line::of(Role::Text, "alpha beta gamma needle-in-a-stack").hanging(2));
        page.line(Line::of(Role::Text, "needle"));
        let broken = HeadMatches::of(&page, &Pattern::new("gamma needle-in-a-stack", false, View::Raw).unwrap());
        assert_eq!((broken.len(), broken.line(0)), (1, Some(1)));
        let mut lines = page.lines.clone();
        broken.mark(&mut lines, 0, Some(0));
        let here =
            |line: &Line| line.spans.iter().filter(|span| span.role == Role::FoundHere).map(|span| span.text.clone()).collect::<String>();
        let found: Vec<_> = lines.iter().map(here).collect();
        assert_eq!(found.concat().replace(' ', ""), "gammaneedle-in-a-stack", "{found:?}");
        let two = HeadMatches::of(&page, &Pattern::new("needle", false, View::Raw).unwrap());
        assert_eq!(two.len(), 2);
        assert_eq!(two.first_from(two.line(1).unwrap()), Some(1));
    }

    #[test]
    fn searches_past_a_remark() {
        let mut page = Page::new(12);
        page.line(Line::of(Role::Text, "a needle"));
        page.line(Line::of(Role::Dim, "(a remark about needles, broken)").excluded_from_search());
        page.line(Line::of(Role::Text, "one more needle"));
        let found = HeadMatches::of(&page, &Pattern::new("needle", false, View::Raw).unwrap());
        assert_eq!(found.len(), 2);
        let last = page.lines.len() - 1;
        assert_eq!((found.line(0), found.line(1)), (Some(0), Some(last)));
        let remark = HeadMatches::of(&page, &Pattern::new("remark", false, View::Raw).unwrap());
        assert_eq!(remark.len(), 0);
    }
}
