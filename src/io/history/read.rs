//! Reading the history: lines of a list, and one exchange in full.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row as SqlRow};

use super::{HistoryError, Store};
use crate::history::{Beginning, Ending, Kept, Row};
use crate::query::Ended;

/// The columns of a line; names are looked up for the lines that are shown alone.
pub(super) const LINE: &str = "x.id, x.started, (SELECT text FROM name WHERE id = x.provider), (SELECT text FROM name WHERE id = x.operation),
    (SELECT text FROM name WHERE id = x.profile), (SELECT text FROM name WHERE id = x.region), (SELECT text FROM name WHERE id = x.endpoint),
    x.origin, x.outcome, x.status, (SELECT text FROM name WHERE id = x.code), x.request_id, x.duration, x.errand";

impl Store {
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

pub(super) fn line(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
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
