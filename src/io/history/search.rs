//! Going through the history from the newest exchange to the oldest, a span at a time: what is found first is there first, and a look ends when its
//! time is up, however rare what is looked for may be.
//!
//! ```text
//!  oldest                                                   newest
//!    ├──── not looked at ────┤◀── span ──┤◀─ span ─┤◀ span ─┤
//!                            below
//! ```

use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::read::{LINE, line};
use super::{HistoryError, Store};
use crate::history::{Found, Row};
use crate::query::{Condition, Query, SqlValue, condition};

/// How many numbers the first span has.
const FIRST: i64 = 2048;

/// No span has more: what the index says of one stays small.
const MOST: i64 = 1 << 15;

/// A span that took less is followed by one of twice as many numbers, one that took twice as long by one of half as many.
const PACE: Duration = Duration::from_millis(5);

/// Bytes before what [`Marks`] says of the first number.
const START: usize = size_of::<i64>();

/// A part of a list, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only numbers below this one; the number of the last line read goes on from there.
    pub below: i64,
    /// How many lines at most.
    pub limit: usize,
}

impl Page {
    /// The newest lines.
    pub fn newest(limit: usize) -> Self {
        Self { below: i64::MAX, limit }
    }
}

/// Numbers of exchanges: from one to below another.
#[derive(Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
}

impl Store {
    /// The lines that a query holds for, newest first.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn list(&mut self, query: &Query, page: Page) -> Result<Vec<Row>, HistoryError> {
        self.search(query, page, Duration::MAX).map(|found| found.rows)
    }

    /// The same, but looking for so long at most: fewer lines may be found than there are.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn search(&mut self, query: &Query, page: Page, at_most: Duration) -> Result<Found, HistoryError> {
        let condition = condition(query);
        self.run(|connection| look(connection, &condition, page, at_most))
    }
}

fn look(connection: &Connection, condition: &Condition, page: Page, at_most: Duration) -> rusqlite::Result<Found> {
    let begun = Instant::now();
    let (lowest, highest) = extent(connection)?;
    let mut found = Found { rows: Vec::new(), below: page.below.min(highest.saturating_add(1)), whole: false };
    let mut size = FIRST;
    while found.below > lowest && found.rows.len() < page.limit && begun.elapsed() < at_most {
        let at = Instant::now();
        let span = Span { from: found.below.saturating_sub(size).max(lowest), to: found.below };
        let limit = page.limit - found.rows.len();
        let rows = look_at(connection, condition, span, limit)?;
        found.below = if rows.len() < limit { span.from } else { rows.last().map_or(span.from, |row| row.id) };
        found.rows.extend(rows);
        size = next_size(size, at.elapsed());
    }
    found.whole = found.below <= lowest;
    Ok(found)
}

/// The lowest number and the highest one; `(0, -1)` where there is none.
fn extent(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let sql = "SELECT coalesce((SELECT min(id) FROM exchange), 0), coalesce((SELECT max(id) FROM exchange), -1)";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn next_size(size: i64, took: Duration) -> i64 {
    match took {
        took if took < PACE => (size * 2).min(MOST),
        took if took > PACE * 2 => (size / 2).max(FIRST / 8),
        _ => size,
    }
}

fn look_at(connection: &Connection, condition: &Condition, span: Span, limit: usize) -> rusqlite::Result<Vec<Row>> {
    let marks = condition.needles.iter().map(|needle| marks(connection, needle, span)).collect::<rusqlite::Result<Vec<_>>>()?;
    let sql = format!("SELECT {LINE} FROM exchange x WHERE {} AND x.id >= ? AND x.id < ? ORDER BY x.id DESC LIMIT ?", condition.sql);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let span = [span.from, span.to, limit].map(Value::Integer);
    let values = condition.values.iter().map(|value| bound(value, &marks)).chain(span);
    connection.prepare(&sql)?.query_map(params_from_iter(values), line)?.collect()
}

fn bound(value: &SqlValue, marks: &[Vec<u8>]) -> Value {
    match value {
        SqlValue::Integer(number) => Value::Integer(*number),
        SqlValue::Text(text) => Value::Text(text.clone()),
        SqlValue::Found(needle) => marks.get(*needle).map_or(Value::Null, |marks| Value::Blob(marks.clone())),
    }
}

/// Where in a span the index finds a needle: the first number, and then two bits for each, for its request and for its answer.
fn marks(connection: &Connection, needle: &str, span: Span) -> rusqlite::Result<Vec<u8>> {
    let numbers = usize::try_from(span.to - span.from).unwrap_or_default();
    let mut marks = span.from.to_le_bytes().to_vec();
    marks.resize(START + numbers.div_ceil(4), 0);
    let mut words = connection.prepare("SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?")?;
    let mut rows = words.query(params![needle, span.from * 2, span.to * 2 - 1])?;
    while let Some(row) = rows.next()? {
        let at = usize::try_from(row.get::<_, i64>(0)? - span.from * 2).unwrap_or_default();
        if let Some(byte) = marks.get_mut(START + at / 8) {
            *byte |= 1 << (at % 8);
        }
    }
    Ok(marks)
}

/// What [`marks`] say of a number: 1 for its request, 2 for its answer, 3 for both.
pub(super) fn marked(marks: &[u8], number: i64) -> u8 {
    let Some((from, bits)) = marks.split_first_chunk::<START>() else { return 0 };
    let Ok(at) = usize::try_from(number.saturating_sub(i64::from_le_bytes(*from))) else { return 0 };
    bits.get(at / 4).map_or(0, |byte| byte >> (at % 4 * 2) & 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_they_were_written() {
        let mut marks = 100i64.to_le_bytes().to_vec();
        marks.extend([0b11_10_01_00, 0b01]);
        assert_eq!([99, 100, 101, 102, 103, 104, 105, 108, i64::MAX].map(|number| marked(&marks, number)), [0, 0, 1, 2, 3, 1, 0, 0, 0]);
        assert_eq!(marked(&[], 1), 0);
    }

    #[test]
    fn spans_keep_their_pace() {
        let after = |size, millis| next_size(size, Duration::from_millis(millis));
        assert_eq!([after(2048, 1), after(2048, 7), after(2048, 11), after(MOST, 0), after(256, 99)], [4096, 2048, 1024, MOST, 256]);
    }
}
