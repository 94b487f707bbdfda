//! Two exchanges side by side, or one line under the other where the page is narrow.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Line, Page, Role};
use crate::compare::{LineComparison, LinePair, Section};
use crate::visible::visible;

/// Columns from which the two stand side by side.
const SIDE_BY_SIDE_MIN_COLUMNS: usize = 100;

/// Lines alike that are shown before and after a difference in a long part.
const CONTEXT_LINES: usize = 3;

/// Fills a page with what two exchanges have alike and what not. `heads` name the two.
pub fn compare(page: &mut Page, heads: (&str, &str), sections: &[Section]) {
    let writer = Writer { side: (page.width() >= SIDE_BY_SIDE_MIN_COLUMNS).then(|| (page.width() - 5) / 2) };
    writer.pair(page, ' ', Role::Heading, (Some(heads.0), Some(heads.1)));
    page.text(Role::Dim, &summary(sections));
    for section in sections {
        page.heading(section.title);
        writer.section(page, &section.pairs);
    }
}

fn summary(sections: &[Section]) -> String {
    let count = |likeness| sections.iter().flat_map(|section| &section.pairs).filter(|pair| pair.likeness == likeness).count();
    match (count(LineComparison::Different), count(LineComparison::Volatile)) {
        (0, 0) => "no difference".to_owned(),
        (0, volatile) => format!("no difference but {volatile} that come with every call (~: date, nonce, signature, request id)"),
        (1, volatile) => format!("1 difference (≠), and {volatile} that come with every call (~: date, nonce, signature, request id)"),
        (lines, volatile) => {
            format!("{lines} differences (≠), and {volatile} that come with every call (~: date, nonce, signature, request id)")
        }
    }
}

/// Writes pairs: side by side in so many columns each, or one under the other.
struct Writer {
    side: Option<usize>,
}

impl Writer {
    fn section(&self, page: &mut Page, pairs: &[LinePair]) {
        let near = |at: usize| pairs[at.saturating_sub(CONTEXT_LINES)..(at + CONTEXT_LINES + 1).min(pairs.len())].iter().any(differs);
        let mut alike = 0;
        for (at, pair) in pairs.iter().enumerate() {
            if pairs.len() > 4 * CONTEXT_LINES && !near(at) {
                alike += 1;
                continue;
            }
            skipped(page, std::mem::take(&mut alike));
            let (mark, role) = look(pair.likeness);
            self.pair(page, mark, role, (pair.left.as_deref(), pair.right.as_deref()));
        }
        skipped(page, alike);
    }

    fn pair(&self, page: &mut Page, mark: char, role: Role, (left, right): (Option<&str>, Option<&str>)) {
        let Some(side) = self.side else { return under_each_other(page, mark, role, (left, right)) };
        let (left, right) = (cut(left.unwrap_or_default(), side), cut(right.unwrap_or_default(), side));
        for at in 0..left.len().max(right.len()) {
            let cell = |cells: &[String]| cells.get(at).cloned().unwrap_or_default();
            let (left, right) = (cell(&left), cell(&right));
            let space = " ".repeat(side.saturating_sub(left.width()));
            let mark = if at == 0 { mark } else { ' ' };
            page.line(Line::of(role, left + &space).with(role, format!(" {mark} ")).with(role, right));
        }
    }
}

fn under_each_other(page: &mut Page, mark: char, role: Role, (left, right): (Option<&str>, Option<&str>)) {
    if left == right {
        return page.line(Line::of(role, format!("{mark}  {}", left.unwrap_or_default())).hanging(3));
    }
    for (side, sign) in [(left, '<'), (right, '>')] {
        if let Some(text) = side {
            page.line(Line::of(role, format!("{mark}{sign} {text}")).hanging(3));
        }
    }
}

fn skipped(page: &mut Page, lines: usize) {
    match lines {
        0 => {}
        1 => page.text(Role::Dim, "… 1 line alike"),
        lines => page.text(Role::Dim, &format!("… {lines} lines alike")),
    }
}

fn differs(pair: &LinePair) -> bool {
    pair.likeness != LineComparison::Same
}

fn look(likeness: LineComparison) -> (char, Role) {
    match likeness {
        LineComparison::Same => (' ', Role::Dim),
        LineComparison::Volatile => ('~', Role::Label),
        LineComparison::Different => ('≠', Role::Warning),
    }
}

/// Returns a text in pieces of so many columns, at least one.
fn cut(text: &str, width: usize) -> Vec<String> {
    let (mut pieces, mut piece, mut column) = (Vec::new(), String::new(), 0);
    for grapheme in visible(text).graphemes(true) {
        if column + grapheme.width() > width {
            pieces.push(std::mem::take(&mut piece));
            column = 0;
        }
        piece.push_str(grapheme);
        column += grapheme.width();
    }
    pieces.push(piece);
    pieces
}
