//! Searches the history from the newest exchange to the oldest, a span at a time: what is found first is there first, and a search ends when its
//! time is up, however rare what is looked for may be.
//!
//! ```text
//!  oldest                                                   newest
//!    ├──── not looked at ────┤◀── span ──┤◀─ span ─┤◀ span ─┤
//!                            below
//! ```

use std::time::{Duration, Instant};

use rusqlite::{Connection, Statement, params};

use super::read::{LINE, line};
use super::row_set::{RowSet, Span};
use crate::history::{Row, SearchResult};
use crate::query::{Condition, IndexReach, SqlValue};

/// Numbers of the first span.
const FIRST_SPAN_ROWS: i64 = 2048;

/// The most numbers of a span: the matches of the index in one stay small.
const MAX_SPAN_ROWS: i64 = 1 << 15;

/// A span that took less is followed by one of twice as many numbers, one that took twice as long by one of half as many.
const TARGET_SPAN_TIME: Duration = Duration::from_millis(5);

/// The most words of a needle that are looked up, once it is known which are rare.
const MAX_RARE_WORDS: usize = 3;

/// When no more than one of so many numbers can meet a condition, they are looked at one by one.
const MIN_SELECTIVITY: usize = 8;

/// A part of a list, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only numbers below this one; the number of the last line read goes on from there.
    pub below: i64,
    /// The maximum number of lines.
    pub limit: usize,
}

impl Page {
    /// Returns the newest lines.
    pub fn newest(limit: usize) -> Self {
        Self { below: i64::MAX, limit }
    }
}

/// Searches for so long at most.
pub(super) fn search(connection: &Connection, condition: &mut Condition, page: Page, at_most: Duration) -> rusqlite::Result<SearchResult> {
    let begun = Instant::now();
    let (lowest, highest) = extent(connection)?;
    let mut found = SearchResult { rows: Vec::new(), below: page.below.min(highest.saturating_add(1)), whole: false };
    let mut size = FIRST_SPAN_ROWS;
    while found.below > lowest && found.rows.len() < page.limit && begun.elapsed() < at_most {
        let at = Instant::now();
        let span = Span { from: found.below.saturating_sub(size).max(lowest), to: found.below };
        let limit = page.limit - found.rows.len();
        let rows = SpanQuery::new(connection, condition, span)?.rows(limit)?;
        found.below = if rows.len() < limit { span.from } else { rows.last().map_or(span.from, |row| row.id) };
        found.rows.extend(rows);
        size = next_size(size, at.elapsed());
        for needle in condition.needles.iter_mut().filter(|needle| needle.len() > MAX_RARE_WORDS) {
            keep_rarest(connection, needle, span)?;
        }
    }
    found.whole = found.below <= lowest;
    Ok(found)
}

/// Returns the lowest number and the highest one; `(0, -1)` where there is none.
pub(super) fn extent(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT coalesce((SELECT min(id) FROM exchange), 0), coalesce((SELECT max(id) FROM exchange), -1)";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Keeps those words of a needle that are rare in a span: the others are passed in vain.
fn keep_rarest(connection: &Connection, needle: &mut Vec<String>, span: Span) -> rusqlite::Result<()> {
    let mut count = connection.prepare("SELECT count(*) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?")?;
    let mut counted = Vec::new();
    for word in needle.drain(..) {
        let found: i64 = count.query_row(params![word, span.from * 2, span.to * 2 - 1], |row| row.get(0))?;
        counted.push((found, word));
    }
    counted.sort_unstable();
    needle.extend(counted.into_iter().take(MAX_RARE_WORDS).map(|(_, word)| word));
    Ok(())
}

fn next_size(size: i64, took: Duration) -> i64 {
    match took {
        took if took < TARGET_SPAN_TIME => (size * 2).min(MAX_SPAN_ROWS),
        took if took > TARGET_SPAN_TIME * 2 => (size / 2).max(FIRST_SPAN_ROWS / 8),
        _ => size,
    }
}

/// A look at one span.
struct SpanQuery<'a> {
    connection: &'a Connection,
    condition: &'a Condition,
    span: Span,
    /// The index's answer for each needle.
    row_set: Vec<RowSet>,
}

impl<'a> SpanQuery<'a> {
    fn new(connection: &'a Connection, condition: &'a Condition, span: Span) -> rusqlite::Result<Self> {
        let row_set = condition.needles.iter().map(|needle| full_text_query(connection, needle, span)).collect::<rusqlite::Result<_>>()?;
        Ok(Self { connection, condition, span, row_set })
    }

    fn rows(&self, limit: usize) -> rusqlite::Result<Vec<Row>> {
        match self.reach(&self.condition.reach) {
            Some(reach) if reach.count() * MIN_SELECTIVITY <= self.span.length() => self.each(&reach, limit),
            _ => self.all(limit),
        }
    }

    /// Returns the numbers that can meet the condition; `None` for all of them.
    fn reach(&self, reach: &IndexReach) -> Option<RowSet> {
        let joined = |parts: &[IndexReach], join: fn(u8, u8) -> u8| {
            let parts = parts.iter().filter_map(|part| self.reach(part));
            parts.reduce(|one, other| one.with(&other, join))
        };
        match reach {
            IndexReach::Everything => None,
            IndexReach::Needle(place) => self.row_set.get(*place).map(RowSet::either_side),
            IndexReach::All(parts) => joined(parts, |one, other| one & other),
            IndexReach::Any(parts) => joined(parts, |one, other| one | other),
        }
    }

    /// Goes through the span.
    fn all(&self, limit: usize) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.prepare("x.id >= ? AND x.id < ? ORDER BY x.id DESC LIMIT ?")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        for (at, number) in (1..).zip([self.span.from, self.span.to, limit]) {
            statement.raw_bind_parameter(self.condition.values.len() + at, number)?;
        }
        statement.raw_query().mapped(line).collect()
    }

    /// Looks at these numbers alone.
    fn each(&self, reach: &RowSet, limit: usize) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.prepare("x.id = ?")?;
        let mut rows = Vec::new();
        for number in (self.span.from..self.span.to).rev().filter(|number| reach.at(*number) > 0) {
            if rows.len() == limit {
                break;
            }
            statement.raw_bind_parameter(self.condition.values.len() + 1, number)?;
            rows.extend(statement.raw_query().mapped(line).next().transpose()?);
        }
        Ok(rows)
    }

    /// Returns the question with the condition's values bound; what follows the condition is the caller's to bind.
    fn prepare(&self, which: &str) -> rusqlite::Result<Statement<'a>> {
        let mut statement = self.connection.prepare(&format!("SELECT {LINE} FROM exchange x WHERE {} AND {which}", self.condition.sql))?;
        for (at, value) in (1..).zip(&self.condition.values) {
            match value {
                SqlValue::Integer(number) => statement.raw_bind_parameter(at, number)?,
                SqlValue::Text(text) => statement.raw_bind_parameter(at, text)?,
                SqlValue::Found(place) => statement.raw_bind_parameter(at, self.row_set.get(*place).map(|row_set| &*row_set.0))?,
            }
        }
        Ok(statement)
    }
}

/// Asks the index where in a span a needle is.
fn full_text_query(connection: &Connection, needle: &[String], span: Span) -> rusqlite::Result<RowSet> {
    let mut row_set = RowSet::none(span);
    let mut words = connection.prepare("SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?")?;
    let mut rows = words.query(params![needle.join(" AND "), span.from * 2, span.to * 2 - 1])?;
    while let Some(row) = rows.next()? {
        row_set.set(usize::try_from(row.get::<_, i64>(0)? - span.from * 2).unwrap_or(usize::MAX));
    }
    Ok(row_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_keep_their_pace() {
        let after = |size, millis| next_size(size, Duration::from_millis(millis));
        assert_eq!(
            [after(2048, 1), after(2048, 7), after(2048, 11), after(MAX_SPAN_ROWS, 0), after(256, 99)],
            [4096, 2048, 1024, MAX_SPAN_ROWS, 256]
        );
    }
}
