//! Deletes old exchanges, a few at a time, so that nobody waits for it.

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params};

use super::{HistoryError, Store, files};

use crate::log_error::LogError;

/// The number of exchanges that go in one transaction.
const BATCH_ROWS: i64 = 200;

/// The limits of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The number of exchanges kept: the newest ones.
    pub keep: u64,
    /// The maximum age.
    pub max_age: Duration,
}

impl Store {
    /// Deletes some exchanges beyond the limits, and returns how many: 0 when none is left. Costs next to nothing when there are none.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn prune_some(&mut self, retention: Retention, now: Timestamp) -> Result<usize, HistoryError> {
        let oldest = oldest_allowed(retention.max_age, now);
        let keep = i64::try_from(retention.keep).unwrap_or(i64::MAX);
        self.run(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
            let surplus = surplus(&transaction, keep)?.min(BATCH_ROWS);
            let ids: Vec<i64> = transaction
                .prepare(
                    "SELECT id FROM (SELECT id, started, row_number() OVER (ORDER BY id) AS place FROM
                        (SELECT id, started FROM exchange ORDER BY id LIMIT ?1)) WHERE place <= ?2 OR started < ?3",
                )?
                .query_map(params![BATCH_ROWS, surplus, oldest], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            drop(transaction);
            delete(connection, &ids)
        })
    }

    /// Deletes all exchanges beyond the limits, gives the room back to the disk, and returns how many they were.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn prune(&mut self, retention: Retention, now: Timestamp) -> Result<usize, HistoryError> {
        match self.prune_all(retention, now) {
            Err(HistoryError::Full { .. }) => self.make_room(retention, now),
            pruned => pruned,
        }
    }

    /// Deletes all exchanges beyond the limits where the disk has no room for a rollback journal: that is kept in memory, and what is
    /// in the write-ahead log goes into the file first.
    fn make_room(&mut self, retention: Retention, now: Timestamp) -> Result<usize, HistoryError> {
        let closed = Connection::open_in_memory().map_err(|error| HistoryError::of(&self.path, &error))?;
        // The old connection ends before the new one asks for the file alone.
        drop(std::mem::replace(&mut self.connection, closed));
        *self = Self::open_exclusive(self.path.clone())?;
        // The log's index is in memory now, and the file is locked for everybody else: what is left of the old index makes room for the log's pages.
        fs::remove_file(files::with_ending(&self.path, "-shm")).log_error("remove the history's old index of its log");
        self.run(|connection| connection.query_row("PRAGMA journal_mode = MEMORY", [], |_| Ok(())))?;
        let pruned = self.prune_all(retention, now);
        // The next program that has room writes ahead again.
        self.run(|connection| connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())))
            .log_error("have the history write ahead again");
        pruned
    }

    fn prune_all(&mut self, retention: Retention, now: Timestamp) -> Result<usize, HistoryError> {
        let mut gone = 0;
        loop {
            match self.prune_some(retention, now)? {
                0 => break,
                some => gone += some,
            }
        }
        self.run(|connection| delete_names(connection))?;
        // Another program that is at work keeps the room from being given back: it is used again instead.
        self.run(|connection| connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")).log_error("shrink the history");
        Ok(gone)
    }

    /// Deletes one exchange.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn forget(&mut self, id: i64) -> Result<(), HistoryError> {
        self.run(|connection| delete(connection, &[id]).map(drop))
    }
}

/// Returns the earliest moment that is kept, in nanoseconds since 1970.
fn oldest_allowed(max_age: Duration, now: Timestamp) -> i64 {
    let age = i128::try_from(max_age.as_nanos()).unwrap_or(i128::MAX);
    i64::try_from(now.as_nanosecond().saturating_sub(age)).unwrap_or(i64::MIN)
}

/// Returns the number of exchanges beyond the limit. They are counted only where the numbers allow for more than that.
fn surplus(connection: &Connection, keep: i64) -> rusqlite::Result<i64> {
    let span: i64 =
        connection
            .query_row("SELECT coalesce((SELECT max(id) FROM exchange) - (SELECT min(id) FROM exchange) + 1, 0)", [], |row| row.get(0))?;
    if span <= keep {
        return Ok(0);
    }
    let count: i64 = connection.query_row("SELECT count(*) FROM exchange", [], |row| row.get(0))?;
    Ok((count - keep).max(0))
}

fn delete(connection: &mut Connection, ids: &[i64]) -> rusqlite::Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for table in ["exchange", "request", "response"] {
        let mut statement = transaction.prepare(&format!("DELETE FROM {table} WHERE id = ?"))?;
        for id in ids {
            statement.execute([id])?;
        }
    }
    let mut statement = transaction.prepare("DELETE FROM words WHERE rowid IN (?, ?)")?;
    for id in ids {
        statement.execute([Value::Integer(id * 2), Value::Integer(id * 2 + 1)])?;
    }
    drop(statement);
    transaction.commit()?;
    Ok(ids.len())
}

/// Returns names that nothing uses any more: endpoints of the demo differ with every start.
fn delete_names(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM name WHERE id NOT IN (
            SELECT provider FROM exchange UNION SELECT operation FROM exchange UNION SELECT profile FROM exchange UNION
            SELECT region FROM exchange UNION SELECT endpoint FROM exchange UNION SELECT code FROM exchange WHERE code IS NOT NULL)",
    )
}
