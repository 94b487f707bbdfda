//! The exchanges of this session, in the order they were sent.

use crate::exchange::{Exchange, ExchangeId, Outcome};

/// Bytes of bodies that are kept. Older bodies are dropped first; the exchange stays, and says so.
const MAX_BODY_BYTES: usize = 256 << 20;

/// The exchanges of this session.
#[derive(Debug, Default)]
pub struct Entries {
    all: Vec<Exchange>,
    /// Their numbers in the history, as far as they have any.
    numbers: Vec<Option<i64>>,
    /// Bytes of the answers' bodies that are kept.
    body_bytes: usize,
    /// Before this one every body has been dropped.
    dropped_before: usize,
    in_flight: usize,
}

impl Entries {
    /// Returns all, oldest first.
    pub fn all(&self) -> &[Exchange] {
        &self.all
    }

    /// Returns how many await an answer.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Returns the place of an exchange.
    pub fn position(&self, id: ExchangeId) -> Option<usize> {
        // Exchanges begin in the order of their ids, or nearly: the newest is looked for first.
        self.all.iter().rposition(|entry| entry.id == id)
    }

    /// Returns the number in the history of the exchange at a place.
    pub fn number(&self, at: usize) -> Option<i64> {
        self.numbers.get(at).copied().flatten()
    }

    /// Returns the number in the history of an exchange.
    pub fn number_of(&self, id: ExchangeId) -> Option<i64> {
        self.position(id).and_then(|at| self.number(at))
    }

    /// Returns the number in the history of the exchange that this one repeats.
    pub fn origin(&self, exchange: &Exchange) -> Option<i64> {
        let repeated = exchange.call_origin.repeats?;
        repeated.stored_number().or_else(|| self.number_of(repeated))
    }

    /// Takes the number that an exchange has in the history.
    pub(super) fn set_number(&mut self, id: ExchangeId, number: i64) {
        if let Some(at) = self.position(id) {
            self.numbers[at] = Some(number);
        }
    }

    /// Adds an exchange.
    pub(super) fn push(&mut self, exchange: Exchange) {
        self.in_flight += usize::from(exchange.in_flight());
        self.all.push(exchange);
        self.numbers.push(None);
    }

    /// Puts an exchange that has ended in the place of its beginning.
    pub(super) fn replace(&mut self, at: usize, exchange: Exchange) {
        self.in_flight -= usize::from(self.all[at].in_flight() && !exchange.in_flight());
        self.body_bytes += exchange.response().map_or(0, |response| response.body.len());
        self.all[at] = exchange;
        while self.body_bytes > MAX_BODY_BYTES && self.dropped_before + 1 < self.all.len() {
            let entry = &mut self.all[self.dropped_before];
            if entry.in_flight() {
                break;
            }
            self.body_bytes -= drop_body(&mut entry.outcome);
            self.dropped_before += 1;
        }
    }
}

/// Drops an answer's body and counts its bytes as excess; returns how many there were.
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
