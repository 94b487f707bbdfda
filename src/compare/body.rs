//! Bodies side by side: JSON as it is indexed, anything else line by line, with the lines that fit each other aligned.

use bytes::Bytes;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{ComparisonContext, LinePair};
use crate::body::{View, index};
use crate::redact::Redactor;

/// Lines of a body that are compared; two bodies that have nothing in common cost the square of it.
const MAX_COMPARED_LINES: usize = 2000;

/// Bytes of a body that are indexed for it.
const MAX_COMPARED_BYTES: usize = 256 << 10;

/// Returns the lines of both bodies; none when both are empty.
pub(super) fn pairs(left: &Bytes, right: &Bytes, by: ComparisonContext<'_>) -> Vec<LinePair> {
    let (one, other) = (lines(left, by.redactor), lines(right, by.redactor));
    let mut pairs = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &one, &other) {
        let (old, new) = match operation {
            DiffOp::Equal { old_index, new_index, len } => (old_index..old_index + len, new_index..new_index + len),
            DiffOp::Delete { old_index, old_len, new_index } => (old_index..old_index + old_len, new_index..new_index),
            DiffOp::Insert { old_index, new_index, new_len } => (old_index..old_index, new_index..new_index + new_len),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => (old_index..old_index + old_len, new_index..new_index + new_len),
        };
        pairs.extend(pair_up(&one[old], &other[new], by.volatile));
    }
    pairs.extend(remark(left, right));
    pairs
}

/// Returns the lines of two runs, the first with the first.
fn pair_up(left: &[String], right: &[String], volatile: &[&str]) -> Vec<LinePair> {
    let pair = |at: usize| {
        let (left, right) = (left.get(at), right.get(at));
        let names = left.and_then(|line| member(line)).zip(right.and_then(|line| member(line)));
        let each_time = names.is_some_and(|(left, right)| left == right && volatile.contains(&left));
        LinePair::new(left.cloned(), right.cloned()).volatile(each_time)
    };
    (0..left.len().max(right.len())).map(pair).collect()
}

/// Returns the name of the member that stands in a line of indexed JSON.
fn member(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('"')?.split_once("\":").map(|(name, _)| name)
}

fn lines(body: &Bytes, redactor: &Redactor) -> Vec<String> {
    let bytes = body.slice(..body.len().min(MAX_COMPARED_BYTES));
    let rows = index(&bytes, View::Pretty, u16::MAX, redactor);
    let shown = rows.screen(0..rows.len().min(MAX_COMPARED_LINES), &bytes);
    let line = |row: &crate::body::Row<'_>| {
        let text: String = row.pieces.iter().map(|(_, text)| text.as_ref()).collect();
        " ".repeat(usize::from(row.indent)) + &text
    };
    shown.iter().map(line).collect()
}

/// Says that not everything was compared, where that is so.
fn remark(left: &Bytes, right: &Bytes) -> Option<LinePair> {
    let words =
        |body: &Bytes| format!("({} bytes; the first {MAX_COMPARED_BYTES} and {MAX_COMPARED_LINES} lines are compared)", body.len());
    let long = left.len() > MAX_COMPARED_BYTES || right.len() > MAX_COMPARED_BYTES;
    long.then(|| LinePair::new(Some(words(left)), Some(words(right))).volatile(left == right))
}

#[cfg(test)]
mod tests {
    use super::super::LineComparison;
    use super::*;

    fn compared(left: &str, right: &str) -> Vec<(Option<String>, Option<String>, LineComparison)> {
        let (redactor, volatile) = (Redactor::default(), ["RequestId"]);
        let by = ComparisonContext { redactor: &redactor, volatile: &volatile };
        let pairs = pairs(&left.to_owned().into(), &right.to_owned().into(), by);
        pairs.into_iter().map(|pair| (pair.left, pair.right, pair.likeness)).collect()
    }

    #[test]
    fn compares_the_rest_after_an_added_member() {
        let pairs = compared(r#"{"a":1,"c":3}"#, r#"{"a":1,"b":2,"c":3}"#);
        let other: Vec<_> = pairs.iter().filter(|(_, _, likeness)| *likeness != LineComparison::Same).collect();
        assert_eq!(other, [&(None, Some("  \"b\": 2,".to_owned()), LineComparison::Different)]);
    }

    #[test]
    fn ignores_request_ids_when_comparing() {
        let pairs = compared(r#"{"RequestId":"1","Code":"x"}"#, r#"{"RequestId":"2","Code":"y"}"#);
        let likenesses: Vec<_> = pairs.iter().map(|(_, _, likeness)| *likeness).collect();
        assert_eq!(likenesses, [LineComparison::Same, LineComparison::Volatile, LineComparison::Different, LineComparison::Same]);
    }

    #[test]
    fn reports_bodies_too_long_to_compare() {
        let long = "x\n".repeat(MAX_COMPARED_BYTES);
        let pairs = compared(&long, "x\n");
        assert!(pairs.last().unwrap().0.as_ref().unwrap().contains("are compared"));
        assert!(pairs.len() <= MAX_COMPARED_LINES + 1);
        assert!(compared("", "").is_empty());
    }
}
