//! Reading the history: lines of a list, and one exchange in full.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row as SqlRow, params_from_iter};

use super::{HistoryError, Store};
use crate::history::{Beginning, Ending, Kept, Row};
use crate::query::{Condition, Ended, Query, SqlValue, condition};

/// The columns of a line; names are looked up for the lines that are shown alone.
const LINE: &str = "x.id, x.started, (SELECT text FROM name WHERE id = x.provider), (SELECT text FROM name WHERE id = x.operation),
    (SELECT text FROM name WHERE id = x.profile), (SELECT text FROM name WHERE id = x.region), (SELECT text FROM name WHERE id = x.endpoint),
    x.origin, x.outcome, x.status, (SELECT text FROM name WHERE id = x.code), x.request_id, x.duration, x.errand";

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

impl Store {
    /// The lines that a query holds for, newest first.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn list(&mut self, query: &Query, page: Page) -> Result<Vec<Row>, HistoryError> {
        let Condition { sql, values } = condition(query);
        let sql = format!("SELECT {LINE} FROM exchange x WHERE {sql} AND x.id < ? ORDER BY x.id DESC LIMIT ?");
        let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
        let values = values.into_iter().map(bound).chain([Value::Integer(page.below), Value::Integer(limit)]);
        self.run(|connection| connection.prepare(&sql)?.query_map(params_from_iter(values), line)?.collect())
    }

    /// How many exchanges there are.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn count(&mut self) -> Result<u64, HistoryError> {
        self.run(|connection| connection.query_row("SELECT count(*) FROM exchange", [], |row| row.get::<_, i64>(0))).map(i64::unsigned_abs)
    }

    /// One exchange in full; `None` when there is none of this number.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn get(&mut self, id: i64) -> Result<Option<Kept>, HistoryError> {
        let sql = format!(
            "SELECT {LINE}, a.rest, a.head, a.body, c.rest, c.note, c.head, c.body
             FROM exchange x JOIN asked a ON a.id = x.id LEFT JOIN came c ON c.id = x.id WHERE x.id = ?"
        );
        self.run(|connection| connection.query_row(&sql, [id], kept).optional())
    }
}

fn bound(value: SqlValue) -> Value {
    match value {
        SqlValue::Integer(number) => Value::Integer(number),
        SqlValue::Text(text) => Value::Text(text),
    }
}

fn line(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.get(0)?,
        started: Timestamp::from_nanosecond(i128::from(row.get::<_, i64>(1)?)).unwrap_or_default(),
        provider: row.get(2)?,
        operation: row.get(3)?,
        profile: row.get(4)?,
        region: row.get(5)?,
        endpoint: row.get(6)?,
        origin: row.get(7)?,
        ended: Ended::of(row.get(8)?).unwrap_or(Ended::Unanswered),
        status: row.get(9)?,
        code: row.get(10)?,
        request_id: row.get(11)?,
        duration: row.get(12)?,
        errand: row.get(13)?,
    })
}

fn kept(row: &SqlRow<'_>) -> rusqlite::Result<Kept> {
    let Row { id, provider, operation, profile, region, endpoint, origin, ended, status, code, request_id, duration, errand, .. } =
        line(row)?;
    let beginning = Beginning {
        started: row.get(1)?,
        provider,
        operation,
        profile,
        region,
        endpoint,
        origin,
        errand,
        rest: row.get(14)?,
        head: row.get(15)?,
        body: row.get(16)?,
    };
    let Some(rest) = row.get(17)? else { return Ok(Kept { id, beginning, ending: None }) };
    let (note, head, body) = (row.get(18)?, row.get(19)?, row.get(20)?);
    let ending = Ending { ended, status, code, request_id, duration, head, body, note, rest };
    Ok(Kept { id, beginning, ending: Some(ending) })
}
