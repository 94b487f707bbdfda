//! The exchanges of the history: added, read, searched.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::read::{LINE, stored};
use super::{HistoryError, Page, Store, search};
use crate::history::{OutcomeRecord, RequestRecord, Row, SearchResult, StoredExchange};
use crate::query::{Query, condition, grams};

/// Exchanges without an answer whose requests have no words.
const MISSING: &str =
    "SELECT x.id FROM exchange x WHERE x.outcome = 0 AND NOT EXISTS (SELECT 1 FROM words w WHERE w.rowid = x.id * 2) LIMIT 1000";

impl Store {
    /// Adds an exchange that is about to be sent, and returns its number. When this returns, the row outlives the process.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn begin(&mut self, beginning: &RequestRecord) -> Result<i64, HistoryError> {
        self.run(|connection| {
            let transaction = immediate(connection)?;
            let id = insert(&transaction, beginning)?;
            transaction.commit()?;
            Ok(id)
        })
    }

    /// Indexes the text of an exchange's request. Apart from [`Store::begin`], since now and then it takes longer than a request should wait.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn add_words(&mut self, id: i64, beginning: &RequestRecord) -> Result<(), HistoryError> {
        let words = grams(beginning.texts().request().iter().map(|text| &**text));
        self.run(|connection| {
            connection.execute("INSERT OR REPLACE INTO words (rowid, grams) VALUES (?, ?)", params![id * 2, words]).map(drop)
        })
    }

    /// Indexes the requests of programs that were ended between [`Store::begin`] and [`Store::add_words`].
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn catch_up(&mut self) -> Result<(), HistoryError> {
        let ids: Vec<i64> = self.run(|connection| {
            let mut missing = connection.prepare(MISSING)?;
            missing.query_map([], |row| row.get(0))?.collect()
        })?;
        for id in ids {
            if let Some(stored) = self.get(id)? {
                self.add_words(id, &stored.beginning)?;
            }
        }
        Ok(())
    }

    /// Adds the outcome of an exchange. One that was pruned meanwhile is left alone.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn finish(&mut self, id: i64, ending: &OutcomeRecord) -> Result<(), HistoryError> {
        self.run(|connection| {
            let transaction = immediate(connection)?;
            if update(&transaction, id, ending)? == 1 {
                transaction.execute(
                    "INSERT OR REPLACE INTO response (id, rest, note, head, body) VALUES (?, ?, ?, ?, ?)",
                    params![id, ending.rest, ending.note, ending.head, ending.body],
                )?;
                let words = grams(ending.texts().answer().iter().map(|text| &**text));
                transaction.execute("INSERT OR REPLACE INTO words (rowid, grams) VALUES (?, ?)", params![id * 2 + 1, words])?;
            }
            transaction.commit()
        })
    }

    /// Returns the number of exchanges.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn count(&mut self) -> Result<u64, HistoryError> {
        self.run(|connection| connection.query_row("SELECT count(*) FROM exchange", [], |row| row.get::<_, i64>(0))).map(i64::unsigned_abs)
    }

    /// Returns one exchange in full; `None` when there is none of this number.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn get(&mut self, id: i64) -> Result<Option<StoredExchange>, HistoryError> {
        let sql = format!(
            "SELECT {LINE}, a.rest, a.head, a.body, c.rest, c.note, c.head, c.body
             FROM exchange x JOIN request a ON a.id = x.id LEFT JOIN response c ON c.id = x.id WHERE x.id = ?"
        );
        self.run(|connection| connection.query_row(&sql, [id], stored).optional())
    }

    /// Returns the lowest number and the highest one; `(0, -1)` where there is none.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn extent(&mut self) -> Result<(i64, i64), HistoryError> {
        self.run(|connection| search::extent(connection))
    }

    /// Returns the lines that a query holds for, newest first.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn list(&mut self, query: &Query, page: Page) -> Result<Vec<Row>, HistoryError> {
        self.search(query, page, Duration::MAX).map(|found| found.rows)
    }

    /// Returns the lines that are found within a time: there may be more of them.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn search(&mut self, query: &Query, page: Page, at_most: Duration) -> Result<SearchResult, HistoryError> {
        let mut condition = condition(query);
        self.run(|connection| search::search(connection, &mut condition, page, at_most))
    }
}

fn immediate(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn insert(transaction: &Transaction<'_>, beginning: &RequestRecord) -> rusqlite::Result<i64> {
    let RequestRecord { started, provider, operation, profile, region, endpoint, origin, background_call, head, body, rest } = beginning;
    transaction.execute(
        "INSERT OR IGNORE INTO name (text) VALUES (?1), (?2), (?3), (?4), (?5)",
        params![provider, operation, profile, region, endpoint],
    )?;
    transaction.execute(
        "INSERT INTO exchange (provider, operation, profile, region, endpoint, started, origin, background_call) VALUES (
            (SELECT id FROM name WHERE text = ?1), (SELECT id FROM name WHERE text = ?2), (SELECT id FROM name WHERE text = ?3),
            (SELECT id FROM name WHERE text = ?4), (SELECT id FROM name WHERE text = ?5), ?6, ?7, ?8)",
        params![provider, operation, profile, region, endpoint, started, origin, background_call],
    )?;
    let id = transaction.last_insert_rowid();
    transaction.execute("INSERT INTO request (id, rest, head, body) VALUES (?, ?, ?, ?)", params![id, rest, head, body])?;
    Ok(id)
}

fn update(transaction: &Transaction<'_>, id: i64, ending: &OutcomeRecord) -> rusqlite::Result<usize> {
    if let Some(code) = &ending.code {
        transaction.execute("INSERT OR IGNORE INTO name (text) VALUES (?)", [code])?;
    }
    transaction.execute(
        "UPDATE exchange SET outcome = ?2, status = ?3, code = (SELECT id FROM name WHERE text = ?4), duration = ?5, request_id = ?6 WHERE id = ?1",
        params![id, ending.ended as i64, ending.status, ending.code, ending.duration, ending.request_id],
    )
}
