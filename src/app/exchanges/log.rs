//! The log: every exchange of every provider, oldest first, or those that the filter lets through.
//!
//! ```text
//!  rows of the history, as far as they were loaded ┐
//!  exchanges of this session ──filter──▶ shown ────┴▶ rows: one is selected, some are visible
//! ```

use crate::exchange::{Exchange, ExchangeId, Outcome, Purpose};
use crate::history::SearchResult;

use super::{EarlierSessions, Filter, HistoryRequest, HistoryRow};

/// Bytes of bodies that the log keeps. Older bodies are dropped first; the exchange stays, and says so.
const LOG_BODY_BUDGET_BYTES: usize = 256 << 20;

/// Exchanges in the order they were sent.
#[derive(Debug, Default)]
pub struct Log {
    entries: Vec<Exchange>,
    /// Their numbers in the history, as far as they have any.
    numbers: Vec<Option<i64>>,
    /// The entries that the filter lets through, while there is one.
    filtered: Option<Vec<usize>>,
    /// Rows of earlier sessions, before those of this one.
    past: EarlierSessions,
    /// The filter over it.
    pub filter: Filter,
    /// The row that is selected, of those that are shown.
    selected: usize,
    /// The exchange that the operator chose last: the selection comes back to it when a filter lets it through again.
    anchor: Option<ExchangeId>,
    /// Whether the selection follows the newest.
    follow: bool,
    /// The first row visible.
    offset: usize,
    /// Bytes of the answers' bodies that are kept.
    stored: usize,
    /// Before this row every body has been dropped.
    let_go: usize,
    in_flight: usize,
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
        self.in_flight += usize::from(exchange.in_flight());
        let (id, exchange_is_operators) = (exchange.id, exchange.purpose == Purpose::Operator);
        self.entries.push(exchange);
        self.numbers.push(None);
        if let Some(filtered) = self.filtered.as_mut().filter(|_| shown) {
            filtered.push(self.entries.len() - 1);
        }
        // What the console asks by itself does not take the eye off what the operator sent.
        if shown && self.follow && (exchange_is_operators || self.len() == 1) {
            (self.selected, self.anchor) = (self.len() - 1, Some(id));
        }
    }

    /// Puts an exchange that has ended in the place of its beginning. `shown` says whether the filter lets it through as it is now.
    pub fn finish(&mut self, exchange: Exchange, shown: bool) {
        let Some(at) = self.position(exchange.id) else { return self.begin(exchange, shown) };
        self.in_flight -= usize::from(self.entries[at].in_flight() && !exchange.in_flight());
        self.stored += exchange.response().map_or(0, |response| response.body.len());
        let appears = self.apply_filter(at, shown);
        let operators = exchange.purpose == Purpose::Operator;
        // A call of the console's own that failed is worth a look; what the filter awaited is too.
        if self.follow && shown && ((!operators && !exchange.succeeded() && !exchange.in_flight()) || (operators && appears)) {
            self.anchor = Some(exchange.id);
        }
        self.entries[at] = exchange;
        self.reselect();
        self.let_old_bodies_go();
    }

    fn let_old_bodies_go(&mut self) {
        while self.stored > LOG_BODY_BUDGET_BYTES && self.let_go + 1 < self.entries.len() {
            let entry = &mut self.entries[self.let_go];
            if entry.in_flight() {
                break;
            }
            self.stored -= drop_body(&mut entry.outcome);
            self.let_go += 1;
        }
    }

    /// Lets an entry through the filter, or no longer; whether it was not shown and is now.
    fn apply_filter(&mut self, at: usize, shown: bool) -> bool {
        let Some(filtered) = &mut self.filtered else { return false };
        match (filtered.binary_search(&at), shown) {
            (Err(place), true) => filtered.insert(place, at),
            (Ok(place), false) => drop(filtered.remove(place)),
            _ => return false,
        }
        shown
    }

    /// Lets through what the filter says of each entry; `None` is no filter. The selection stays with its exchange, or goes to the one next to it.
    pub fn filter_all(&mut self, filtered: Option<Vec<usize>>) {
        self.filtered = filtered;
        self.reselect();
    }

    /// Takes the filter away: everything is shown.
    pub(in crate::app) fn clear_filter(&mut self) {
        self.filter.clear();
        self.filter_all(None);
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
        let (at, before) = (self.position(id)?, self.past.len());
        let row = self.filtered.as_ref().map_or(Ok(at), |filtered| filtered.binary_search(&at));
        Some(row.map(|row| row + before).map_err(|row| row + before))
    }

    /// Returns the place of an exchange among the entries.
    pub fn position(&self, id: ExchangeId) -> Option<usize> {
        // Exchanges begin in the order of their ids, or nearly: the newest is looked for first.
        self.entries.iter().rposition(|entry| entry.id == id)
    }

    /// Returns every exchange of this session, oldest first.
    pub fn entries(&self) -> &[Exchange] {
        &self.entries
    }

    /// Returns an entry's number in the history.
    pub fn number(&self, at: usize) -> Option<i64> {
        self.numbers.get(at).copied().flatten()
    }

    /// Returns the number, in the history, of the exchange that this one repeats.
    pub fn origin(&self, exchange: &Exchange) -> Option<i64> {
        let repeated = exchange.call_origin.repeats?;
        repeated.stored_number().or_else(|| self.number(self.position(repeated)?))
    }

    /// Takes the number that an exchange has in the history.
    pub fn learn_number(&mut self, id: ExchangeId, number: i64) {
        if let Some(at) = self.position(id) {
            self.numbers[at] = Some(number);
        }
        self.past.ends_before(number);
    }

    /// Returns what there is of earlier sessions.
    pub fn past(&self) -> &EarlierSessions {
        &self.past
    }

    /// Takes what is known of the history once it is open.
    pub(in crate::app) fn past_opened(&mut self, stored: u64, below: i64) {
        self.past.opened(stored, below);
    }

    /// Asks for older rows, if there are any.
    pub(in crate::app) fn request_history_rows(&mut self) -> Option<HistoryRequest> {
        self.past.ask(self.filter.query())
    }

    /// Forgets the rows of earlier sessions: the filter is another one.
    pub(in crate::app) fn forget_past(&mut self) {
        self.past.forget_rows();
        self.reselect();
    }

    /// Takes rows of earlier sessions, and asks for the rest of the page. What is visible stays where it is.
    pub(in crate::app) fn take_past(&mut self, number: u64, found: SearchResult) -> Option<HistoryRequest> {
        let was_empty = self.is_empty();
        let count = self.past.take(number, found)?;
        self.offset += count;
        self.selected = if was_empty { self.len().saturating_sub(1) } else { self.selected + count };
        if was_empty {
            self.anchor = self.at(self.selected).map(|row| row.id());
        }
        self.past.go_on(self.filter.query())
    }

    /// Rows of earlier sessions could not be had.
    pub(in crate::app) fn past_failed(&mut self, number: u64) {
        self.past.failed(number);
    }

    /// Asks for the selected exchange in full, if it is one of the history and was not asked for yet.
    pub(in crate::app) fn open_selected(&mut self) -> Option<HistoryRequest> {
        let LogRow::Past(row) = self.at(self.selected)? else { return None };
        let number = row.number;
        self.past.open(number)
    }

    /// Takes an exchange of the history in full.
    pub(in crate::app) fn take_open(&mut self, number: i64, exchange: Result<Box<Exchange>, String>) {
        self.past.take_open(number, exchange);
    }

    /// Holds an exchange of the history until another one is held.
    pub(in crate::app) fn pin(&mut self, id: ExchangeId) {
        self.past.pin(id);
    }

    /// Returns an exchange of this session, or one of the history that is there in full.
    pub fn exchange(&self, id: ExchangeId) -> Option<&Exchange> {
        match id.stored_number() {
            Some(number) => self.past.exchange(number)?.ok(),
            None => self.position(id).and_then(|at| self.entries.get(at)),
        }
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.past.len() + self.filtered.as_ref().map_or(self.entries.len(), Vec::len)
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
        self.entries.get(at).map(LogRow::Live)
    }

    /// Returns the exchange that is selected; one of the history once it is there in full.
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

    /// Returns whether the selection follows the newest.
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// Returns how many exchanges await an answer.
    pub fn in_flight(&self) -> usize {
        self.in_flight
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

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.select(self.selected.saturating_add_signed(by));
    }

    /// Keeps the selected row within `height` visible rows.
    pub fn fit(&mut self, height: usize) {
        let height = height.max(1);
        let most = self.len().saturating_sub(height);
        let from = if self.follow { most } else { self.offset };
        self.offset = from.clamp((self.selected + 1).saturating_sub(height), self.selected).min(most);
    }
}

/// Forgets an answer's body, counting its bytes as excess; how many there were.
fn drop_body(outcome: &mut Outcome) -> usize {
    let response = match outcome {
        Outcome::Answered(answered) => &mut answered.response,
        Outcome::Failed(failure) => match &mut failure.partial {
            Some(partial) => partial.as_mut(),
            None => return 0,
        },
        Outcome::InFlight | Outcome::Cancelled | Outcome::Unrecorded => return 0,
    };
    let bytes = std::mem::take(&mut response.body).len();
    response.excess += bytes as u64;
    bytes
}
