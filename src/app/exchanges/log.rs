//! The log: every exchange of every provider, oldest first, or those that the filter lets through.
//!
//! ```text
//!  rows of the history, as far as they were loaded ┐
//!  exchanges of this session ──filter──▶ shown ────┴▶ rows: one is selected, some are visible
//! ```

use super::{EarlierSessions, Entries, Filter, HistoryRequest, HistoryRow};
use crate::exchange::{Exchange, ExchangeId, Purpose};
use crate::history::SearchResult;

/// The rows of the log and the selected one.
#[derive(Debug, Default)]
pub struct Log {
    /// The exchanges of this session.
    pub live: Entries,
    /// The filter over the rows.
    pub filter: Filter,
    /// The rows of earlier sessions, before those of this one.
    pub past: EarlierSessions,
    /// The entries that the filter lets through, while there is one.
    filtered: Option<Vec<usize>>,
    /// The row that is selected, of those that are shown.
    selected: usize,
    /// The exchange that the operator chose last: it is selected again when a filter lets it through again.
    anchor: Option<ExchangeId>,
    /// Set when the selection follows the newest.
    follow: bool,
    /// The first row visible.
    offset: usize,
    /// The number of visible rows.
    height: usize,
}

/// A row of the log.
#[derive(Clone, Copy, Debug)]
pub enum LogRow<'a> {
    /// An exchange of this session.
    Live(&'a Exchange),
    /// A row of an earlier one.
    Past(HistoryRow<'a>),
}

impl LogRow<'_> {
    /// Returns the number of its exchange.
    pub fn id(&self) -> ExchangeId {
        match self {
            Self::Live(exchange) => exchange.id,
            Self::Past(row) => ExchangeId::stored(row.number),
        }
    }
}

impl Log {
    /// Creates an empty log that follows its tail.
    pub fn new() -> Self {
        Self { follow: true, ..Self::default() }
    }

    /// Adds an exchange that has begun. `shown` says whether the filter lets it through.
    pub fn begin(&mut self, exchange: Exchange, shown: bool) {
        let (id, is_operators) = (exchange.id, exchange.purpose == Purpose::Operator);
        self.live.push(exchange);
        if let Some(filtered) = self.filtered.as_mut().filter(|_| shown) {
            filtered.push(self.live.all().len() - 1);
        }
        // What the console asks by itself does not take the eye off what the operator sent.
        if shown && self.follow && (is_operators || self.len() == 1) {
            (self.selected, self.anchor) = (self.len() - 1, Some(id));
        }
    }

    /// Puts an exchange that has ended in the place of its beginning. `shown` says whether the filter lets it through as it is now.
    pub fn finish(&mut self, exchange: Exchange, shown: bool) {
        let Some(at) = self.live.position(exchange.id) else { return self.begin(exchange, shown) };
        let appears = self.apply_filter(at, shown);
        let is_operators = exchange.purpose == Purpose::Operator;
        // A call of the console's own that failed is worth a look; what the filter awaited is too.
        if self.follow && shown && ((!is_operators && !exchange.succeeded() && !exchange.in_flight()) || (is_operators && appears)) {
            self.anchor = Some(exchange.id);
        }
        self.live.replace(at, exchange);
        self.reselect();
    }

    /// Lets an entry through the filter, or no longer; `true` if it was not shown and is now.
    fn apply_filter(&mut self, at: usize, shown: bool) -> bool {
        let Some(filtered) = &mut self.filtered else { return false };
        match (filtered.binary_search(&at), shown) {
            (Err(place), true) => filtered.insert(place, at),
            (Ok(place), false) => drop(filtered.remove(place)),
            _ => return false,
        }
        shown
    }

    /// Lets these entries through; `None` is no filter. The selection stays with its exchange, or goes to the one next to it.
    pub fn filter_all(&mut self, filtered: Option<Vec<usize>>) {
        self.filtered = filtered;
        self.reselect();
    }

    /// Selects the row of the exchange that was chosen; if that is not shown the tail where it is followed, or else the next one.
    fn reselect(&mut self) {
        let last = self.len().saturating_sub(1);
        self.selected = match self.anchor.and_then(|id| self.row_of(id)) {
            Some(Ok(row)) => row,
            Some(Err(_)) | None if self.follow => last,
            Some(Err(next)) => next.min(last),
            None => self.selected.min(last),
        };
    }

    /// Returns the row of an exchange, or, if it is not shown, of the next one that is.
    fn row_of(&self, id: ExchangeId) -> Option<Result<usize, usize>> {
        if let Some(number) = id.stored_number() {
            return self.past.row_of(number).map(Ok);
        }
        let (at, before) = (self.live.position(id)?, self.past.len());
        let row = self.filtered.as_ref().map_or(Ok(at), |filtered| filtered.binary_search(&at));
        Some(row.map(|row| row + before).map_err(|row| row + before))
    }

    /// Returns every exchange of this session, oldest first.
    pub fn entries(&self) -> &[Exchange] {
        self.live.all()
    }

    /// Asks for older rows, if there are any.
    pub(super) fn request_history_rows(&mut self) -> Option<HistoryRequest> {
        self.past.ask(self.filter.query())
    }

    /// Forgets the rows of earlier sessions: the filter is another one.
    pub(super) fn forget_past(&mut self) {
        self.past.forget_rows();
        self.reselect();
    }

    /// Takes rows of earlier sessions, and asks for the rest of the page. The visible rows stay where they are.
    pub(super) fn take_past(&mut self, number: u64, found: SearchResult) -> Option<HistoryRequest> {
        let was_empty = self.is_empty();
        let count = self.past.take(number, found)?;
        self.offset += count;
        self.selected = if was_empty { self.len().saturating_sub(1) } else { self.selected + count };
        if was_empty {
            self.anchor = self.at(self.selected).map(|row| row.id());
        }
        self.past.go_on(self.filter.query())
    }

    /// Asks for the selected exchange in full, if it is one of the history and was not asked for yet.
    pub(in crate::app) fn open_selected(&mut self) -> Option<HistoryRequest> {
        let LogRow::Past(row) = self.at(self.selected)? else { return None };
        let number = row.number;
        self.past.open(number)
    }

    /// Returns an exchange of this session, or one of the history that was read in full.
    pub fn exchange(&self, id: ExchangeId) -> Option<&Exchange> {
        match id.stored_number() {
            Some(number) => self.past.exchange(number)?.ok(),
            None => self.live.position(id).and_then(|at| self.entries().get(at)),
        }
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.past.len() + self.filtered.as_ref().map_or(self.entries().len(), Vec::len)
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a row.
    pub fn at(&self, row: usize) -> Option<LogRow<'_>> {
        let Some(row) = row.checked_sub(self.past.len()) else { return self.past.at(row).map(LogRow::Past) };
        let at = match &self.filtered {
            Some(filtered) => *filtered.get(row)?,
            None => row,
        };
        self.entries().get(at).map(LogRow::Live)
    }

    /// Returns the selected exchange; one of the history once it was read in full.
    pub fn selected(&self) -> Option<&Exchange> {
        match self.at(self.selected)? {
            LogRow::Live(exchange) => Some(exchange),
            LogRow::Past(row) => self.past.exchange(row.number)?.ok(),
        }
    }

    /// Returns the row that is selected.
    pub fn row(&self) -> usize {
        self.selected
    }

    /// Returns the first row visible.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the number of visible rows.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// Returns whether the selection follows the newest.
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// Selects a row; selecting the last one follows the tail again.
    pub fn select(&mut self, row: usize) {
        let last = self.len().saturating_sub(1);
        self.selected = row.min(last);
        self.follow = self.selected == last;
        self.anchor = self.at(self.selected).map(|row| row.id());
    }

    /// Selects the last row, and from now on the newest: what the operator has just sent.
    pub fn follow_newest(&mut self) {
        self.select(usize::MAX);
    }

    /// Keeps the selected row within `height` visible rows.
    pub(in crate::app) fn fit(&mut self, height: usize) {
        self.height = height;
        let height = height.max(1);
        let most = self.len().saturating_sub(height);
        let from = if self.follow { most } else { self.offset };
        self.offset = from.clamp((self.selected + 1).saturating_sub(height), self.selected).min(most);
    }
}
