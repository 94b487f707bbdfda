//! Rows of earlier sessions, as far as they were loaded from the history. A hundred thousand of them fit into a few MiB: names stand once.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::exchange::{Exchange, ExchangeId};
use crate::history::{Row, SearchResult};
use crate::query::{OutcomeKind, Query};

/// The number of rows that are loaded at a time.
const HISTORY_PAGE_ROWS: usize = 500;

/// The most rows that are loaded: beyond them a filter finds what is looked for sooner.
const MAX_HISTORY_ROWS: usize = 200_000;

/// The number of exchanges of the history that are held in full.
const MAX_LOADED_EXCHANGES: usize = 4;

/// A request to the history.
#[derive(Debug)]
pub enum HistoryRequest {
    /// Rows that a query holds for, newest first.
    Rows {
        /// The number of the request: an answer to an older one is of no use.
        number: u64,
        /// The query that they must match.
        query: Query,
        /// Only numbers below this one.
        below: i64,
        /// The maximum number of them.
        limit: usize,
    },
    /// One exchange in full, by its number in the history.
    Exchange(i64),
}

/// A reply of the history.
#[derive(Debug)]
pub enum HistoryReply {
    /// It is open.
    Open {
        /// The number of exchanges of earlier sessions that it has.
        stored: u64,
        /// Their numbers are below this one.
        below: i64,
    },
    /// The rows that were asked for.
    Rows {
        /// The number of the request.
        number: u64,
        /// The rows, as far as they were found by now, or why there are none.
        found: Result<SearchResult, String>,
    },
    /// The exchange that was asked for.
    Exchange {
        /// Its number in the history.
        number: i64,
        /// The exchange, or why it cannot be read.
        exchange: Result<Box<Exchange>, String>,
    },
}

/// An exchange that was read in full, or why it could not be.
type OpenedExchange = Result<Box<Exchange>, String>;

/// A row of the history in the log.
#[derive(Clone, Copy, Debug)]
pub struct HistoryRow<'a> {
    /// Its number in the history.
    pub number: i64,
    /// The time at which it was sent.
    pub started: Timestamp,
    /// The provider's id.
    pub provider: &'a str,
    /// The operation's id.
    pub operation: &'a str,
    /// Set when the console sent it by itself.
    pub background_call: bool,
    /// The outcome.
    pub ended: OutcomeKind,
    /// The answer's status.
    pub status: Option<u16>,
    /// The vendor's code.
    pub code: Option<&'a str>,
    /// From sending to the end, in nanoseconds.
    pub duration: Option<i64>,
}

/// A row with its names as places in a table of names.
#[derive(Debug)]
struct PackedRow {
    number: i64,
    started: i64,
    duration: Option<i64>,
    provider: u32,
    operation: u32,
    code: Option<u32>,
    status: Option<u16>,
    ended: OutcomeKind,
    background_call: bool,
}

/// Names, each once.
#[derive(Debug, Default)]
struct NameTable {
    all: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
}

/// Rows loaded from earlier sessions.
#[derive(Debug, Default)]
pub struct EarlierSessions {
    stored: u64,
    below: i64,
    /// Newest first.
    rows: Vec<PackedRow>,
    names: NameTable,
    /// Set when the operator requested them.
    requested: bool,
    /// Set when there is no older row.
    complete: bool,
    /// Every number from this one on was searched.
    reached: i64,
    /// The number of requests that were made.
    requests: u64,
    /// The number of rows of the last page that are still to come.
    rows_to_come: usize,
    /// Exchanges in full, the last one looked at first; an error says why it cannot be had.
    open: VecDeque<(i64, Option<OpenedExchange>)>,
    /// One that is kept open: it is marked to be compared.
    pinned: Option<i64>,
}

impl NameTable {
    fn place(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let name: Arc<str> = name.into();
        self.all.push(Arc::clone(&name));
        self.places.insert(name, place);
        place
    }

    fn name(&self, place: u32) -> &str {
        self.all.get(place as usize).map_or("", |name| name)
    }
}

impl EarlierSessions {
    /// Takes what is known of the history once it is open.
    pub(super) fn opened(&mut self, stored: u64, below: i64) {
        (self.stored, self.below, self.reached) = (stored, below, below);
    }

    /// Learns that an exchange of this session has this number: earlier ones have lower ones.
    pub(super) fn ends_before(&mut self, number: i64) {
        self.below = self.below.min(number);
        self.reached = self.reached.min(number);
    }

    /// Returns how many exchanges of earlier sessions are kept.
    pub fn stored(&self) -> u64 {
        self.stored
    }

    /// Returns whether the operator asked for their rows.
    pub fn is_requested(&self) -> bool {
        self.requested
    }

    /// Returns whether rows are on their way.
    pub fn is_loading(&self) -> bool {
        self.rows_to_come > 0
    }

    /// Returns whether every row that the filter lets through is loaded.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Returns how many rows are loaded.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Asks for a page of older rows, unless there are none or some are on their way.
    pub(super) fn ask(&mut self, query: &Query) -> Option<HistoryRequest> {
        if self.is_loading() || self.complete || self.stored == 0 {
            return None;
        }
        (self.requested, self.rows_to_come) = (true, HISTORY_PAGE_ROWS);
        self.go_on(query)
    }

    /// Asks for the rest of a page that is not there as a whole yet.
    pub(super) fn go_on(&mut self, query: &Query) -> Option<HistoryRequest> {
        if !self.is_loading() {
            return None;
        }
        self.requests += 1;
        Some(HistoryRequest::Rows { number: self.requests, query: query.clone(), below: self.reached, limit: self.rows_to_come })
    }

    /// Forgets the rows: the filter is another one. What is on its way is of no use any more.
    pub(super) fn forget_rows(&mut self) {
        self.rows.clear();
        (self.complete, self.rows_to_come, self.reached) = (false, 0, self.below);
    }

    /// Takes rows; how many there were. Those of an older question are dropped: `None`.
    pub(super) fn take(&mut self, number: u64, found: SearchResult) -> Option<usize> {
        if number != self.requests || !self.is_loading() {
            return None;
        }
        let count = found.rows.len();
        for row in found.rows {
            let packed = self.pack(&row);
            self.rows.push(packed);
        }
        self.reached = found.below;
        self.complete = found.whole || self.rows.len() >= MAX_HISTORY_ROWS;
        self.rows_to_come = if self.complete { 0 } else { self.rows_to_come.saturating_sub(count) };
        Some(count)
    }

    /// Rows could not be had. They are not asked for again until the filter changes.
    pub(super) fn failed(&mut self, number: u64) {
        if number == self.requests {
            (self.rows_to_come, self.complete) = (0, true);
        }
    }

    fn pack(&mut self, row: &Row) -> PackedRow {
        let mut place = |name: &str| self.names.place(name);
        PackedRow {
            number: row.id,
            started: i64::try_from(row.started.as_nanosecond()).unwrap_or_default(),
            duration: row.duration,
            provider: place(&row.provider),
            operation: place(&row.operation),
            code: row.code.as_deref().map(place),
            status: row.status,
            ended: row.ended,
            background_call: row.background_call,
        }
    }

    /// Returns a row, counted from the oldest.
    pub(super) fn at(&self, row: usize) -> Option<HistoryRow<'_>> {
        let at = self.rows.len().checked_sub(row + 1)?;
        let PackedRow { number, started, duration, provider, operation, code, status, ended, background_call } = self.rows.get(at)?;
        Some(HistoryRow {
            number: *number,
            started: Timestamp::from_nanosecond(i128::from(*started)).unwrap_or_default(),
            provider: self.names.name(*provider),
            operation: self.names.name(*operation),
            background_call: *background_call,
            ended: *ended,
            status: *status,
            code: code.map(|code| self.names.name(code)),
            duration: *duration,
        })
    }

    /// Returns the row of a number, counted from the oldest.
    pub(super) fn row_of(&self, number: i64) -> Option<usize> {
        let at = self.rows.binary_search_by(|row| number.cmp(&row.number)).ok()?;
        Some(self.rows.len() - 1 - at)
    }

    /// Asks for an exchange in full, once.
    pub(super) fn open(&mut self, number: i64) -> Option<HistoryRequest> {
        if self.open.iter().any(|(open, _)| *open == number) {
            return None;
        }
        self.open.push_front((number, None));
        if self.open.len() > MAX_LOADED_EXCHANGES {
            let oldest = self.open.iter().rposition(|(open, _)| Some(*open) != self.pinned);
            oldest.and_then(|at| self.open.remove(at));
        }
        Some(HistoryRequest::Exchange(number))
    }

    /// Takes an exchange in full.
    pub(super) fn take_open(&mut self, number: i64, exchange: Result<Box<Exchange>, String>) {
        if let Some((_, place)) = self.open.iter_mut().find(|(open, _)| *open == number) {
            *place = Some(exchange);
        }
    }

    /// Holds an exchange in full until another one is held.
    pub(super) fn pin(&mut self, id: ExchangeId) {
        self.pinned = id.stored_number();
    }

    /// Returns an exchange in full, or why it cannot be had; `None` while it is on its way.
    pub fn exchange(&self, number: i64) -> Option<Result<&Exchange, &str>> {
        let (_, found) = self.open.iter().find(|(open, _)| *open == number)?;
        Some(found.as_ref()?.as_ref().map(|exchange| &**exchange).map_err(String::as_str))
    }
}
