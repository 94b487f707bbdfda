//! The log: every exchange of every provider, oldest first.

use crate::exchange::{Exchange, ExchangeId, Outcome, Purpose};

/// Bytes of bodies that the log keeps. Older bodies are let go first; the exchange stays, and says so.
const BODY_BUDGET: usize = 256 << 20;

/// Exchanges in the order they were sent.
#[derive(Debug, Default)]
pub struct Log {
    entries: Vec<Exchange>,
    /// The row that is selected.
    selected: usize,
    /// Whether the selection follows the newest.
    follow: bool,
    /// The first row shown.
    offset: usize,
    /// Bytes of the answers' bodies that are kept.
    kept: usize,
    /// Before this row every body has been let go.
    let_go: usize,
    in_flight: usize,
}

impl Log {
    /// An empty log that follows its tail.
    pub fn new() -> Self {
        Self { follow: true, ..Self::default() }
    }

    /// Adds an exchange that has begun.
    pub fn begin(&mut self, exchange: Exchange) {
        self.in_flight += usize::from(exchange.in_flight());
        let exchange_is_operators = exchange.purpose == Purpose::Operator;
        self.entries.push(exchange);
        // What the console asks by itself does not take the eye off what the operator sent.
        if self.follow && (exchange_is_operators || self.entries.len() == 1) {
            self.selected = self.entries.len() - 1;
        }
    }

    /// Puts an exchange that has ended in the place of its beginning.
    pub fn finish(&mut self, exchange: Exchange) {
        let Some(at) = self.position(exchange.id) else { return self.begin(exchange) };
        self.in_flight -= usize::from(self.entries[at].in_flight() && !exchange.in_flight());
        self.kept += exchange.response().map_or(0, |response| response.body.len());
        // A call of the console's own that failed is worth a look.
        if self.follow && exchange.purpose != Purpose::Operator && !exchange.succeeded() && !exchange.in_flight() {
            self.selected = at;
        }
        self.entries[at] = exchange;
        self.let_old_bodies_go();
    }

    fn let_old_bodies_go(&mut self) {
        while self.kept > BODY_BUDGET && self.let_go + 1 < self.entries.len() {
            let entry = &mut self.entries[self.let_go];
            if entry.in_flight() {
                break;
            }
            self.kept -= drop_body(&mut entry.outcome);
            self.let_go += 1;
        }
    }

    /// The row of an exchange.
    pub fn position(&self, id: ExchangeId) -> Option<usize> {
        // Exchanges begin in the order of their ids, or nearly: the newest is looked for first.
        self.entries.iter().rposition(|entry| entry.id == id)
    }

    /// Every exchange, oldest first.
    pub fn entries(&self) -> &[Exchange] {
        &self.entries
    }

    /// The exchange that is selected.
    pub fn selected(&self) -> Option<&Exchange> {
        self.entries.get(self.selected)
    }

    /// The row that is selected.
    pub fn row(&self) -> usize {
        self.selected
    }

    /// The first row shown.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether the selection follows the newest.
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// How many exchanges await an answer.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Selects a row; selecting the last one follows the tail again.
    pub fn select(&mut self, row: usize) {
        let last = self.entries.len().saturating_sub(1);
        self.selected = row.min(last);
        self.follow = self.selected == last;
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.select(self.selected.saturating_add_signed(by));
    }

    /// Keeps the selected row within `height` visible rows.
    pub fn fit(&mut self, height: usize) {
        let height = height.max(1);
        let most = self.entries.len().saturating_sub(height);
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
        Outcome::InFlight | Outcome::Cancelled => return 0,
    };
    let bytes = std::mem::take(&mut response.body).len();
    response.excess += bytes as u64;
    bytes
}
