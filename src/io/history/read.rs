//! Reads rows of the history: lines of a list, and one exchange in full.

use jiff::Timestamp;
use rusqlite::Row as SqlRow;

use crate::history::{OutcomeRecord, RequestRecord, Row, StoredExchange};
use crate::query::OutcomeKind;

/// The columns of a line; names are looked up for the lines that are shown alone.
pub(super) const LINE: &str = "x.id, x.started, (SELECT text FROM name WHERE id = x.provider), (SELECT text FROM name WHERE id = x.operation),
    (SELECT text FROM name WHERE id = x.profile), (SELECT text FROM name WHERE id = x.region), (SELECT text FROM name WHERE id = x.endpoint),
    x.origin, x.outcome, x.status, (SELECT text FROM name WHERE id = x.code), x.request_id, x.duration, x.background_call";

/// Reads a line.
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
        ended: OutcomeKind::from_number(row.get(8)?).unwrap_or(OutcomeKind::Unanswered),
        status: row.get(9)?,
        code: row.get(10)?,
        request_id: row.get(11)?,
        duration: row.get(12)?,
        background_call: row.get(13)?,
    })
}

/// Reads an exchange in full.
pub(super) fn stored(row: &SqlRow<'_>) -> rusqlite::Result<StoredExchange> {
    let Row {
        id, provider, operation, profile, region, endpoint, origin, ended, status, code, request_id, duration, background_call, ..
    } = line(row)?;
    let beginning = RequestRecord {
        started: row.get(1)?,
        provider,
        operation,
        profile,
        region,
        endpoint,
        origin,
        background_call,
        rest: row.get(14)?,
        head: row.get(15)?,
        body: row.get(16)?,
    };
    let Some(rest) = row.get(17)? else { return Ok(StoredExchange { id, beginning, ending: None }) };
    let (note, head, body) = (row.get(18)?, row.get(19)?, row.get(20)?);
    let ending = OutcomeRecord { ended, status, code, request_id, duration, head, body, note, rest };
    Ok(StoredExchange { id, beginning, ending: Some(ending) })
}
