//! A call on its way: what is told of it, and how it is given up, also while it waits for another attempt.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::super::history::HistoryError;
use super::super::send::Progress;
use super::NetworkWorker;
use crate::app::{Message, Notice, RetryWait};
use crate::call::Call;
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::io::lock::lock;

/// A call on its way.
#[derive(Default)]
struct Flight {
    /// Gives it up.
    cancel: Arc<Notify>,
    /// The exchange of it that is under way.
    current: Mutex<Option<Box<Exchange>>>,
    /// The exchange after which it waits for another attempt.
    waits: Mutex<Option<ExchangeId>>,
    /// The notice to repeat when that has ended.
    not_stored: Mutex<Option<Notice>>,
}

impl NetworkWorker {
    pub(super) async fn send(&self, call: &Call) {
        let flight = Flight::default();
        let next_id = || ExchangeId(self.last_id.fetch_add(1, Ordering::Relaxed) + 1);
        let mut progress = |progress| self.progress(progress, &flight);
        let sent = tokio::select! {
            sent = self.sender.send(call, &next_id, &mut progress) => Some(sent),
            () = flight.cancel.notified() => None,
        };
        self.waited(&flight, sent.is_none());
        match sent {
            Some(Ok(())) => {}
            Some(Err(refusal)) => self.notify(Message::Refused { refusal, purpose: call.purpose }),
            None => self.cancelled(lock(&flight.current).take()),
        }
    }

    fn progress(&self, progress: Progress, flight: &Flight) {
        match progress {
            Progress::Started(exchange) => {
                self.waited(flight, false);
                lock(&self.in_progress).insert(exchange.id, Arc::clone(&flight.cancel));
                *lock(&flight.current) = Some(exchange.clone());
                self.notify(Message::Started { exchange });
            }
            Progress::Finished(exchange) => self.finished(exchange, flight),
            Progress::Waiting { after, wait, reason, left } => {
                *lock(&flight.waits) = Some(after);
                lock(&self.in_progress).insert(after, Arc::clone(&flight.cancel));
                self.notify(Message::Waiting(RetryWait { after, wait, reason, left }));
            }
            Progress::Stored(id, number) => self.notify(Message::Stored { id, number }),
            Progress::StoreError(error) => self.not_stored(&error, flight),
        }
    }

    fn finished(&self, exchange: Box<Exchange>, flight: &Flight) {
        lock(&self.in_progress).remove(&exchange.id);
        lock(&flight.current).take();
        self.notify(Message::Finished { exchange });
        // How it ended took the place of the first notice.
        if let Some(notice) = lock(&flight.not_stored).take() {
            self.notify(Message::Notice(notice));
        }
    }

    /// Records that the call waits no longer: its next attempt goes out, or it was given up.
    fn waited(&self, flight: &Flight, given_up: bool) {
        if let Some(after) = lock(&flight.waits).take() {
            lock(&self.in_progress).remove(&after);
            self.notify(Message::Waited { after, given_up });
        }
    }

    /// Says that an exchange is not kept; once only where nothing can change while the program runs.
    fn not_stored(&self, error: &HistoryError, flight: &Flight) {
        let newer = matches!(error, HistoryError::Newer { .. });
        if newer && self.said_newer.swap(true, Ordering::Relaxed) {
            return;
        }
        let notice = Notice::warning(format!("not kept in the history: {error}"));
        *lock(&flight.not_stored) = Some(notice.clone());
        self.notify(Message::Notice(notice));
    }

    pub(super) fn cancel(&self, id: ExchangeId) {
        match lock(&self.in_progress).get(&id) {
            Some(cancel) => cancel.notify_one(),
            None => self.notify(Message::Notice(Notice::warning("it has just ended"))),
        }
    }

    fn cancelled(&self, exchange: Option<Box<Exchange>>) {
        if let Some(mut exchange) = exchange {
            lock(&self.in_progress).remove(&exchange.id);
            exchange.outcome = Outcome::Cancelled;
            self.notify(Message::Finished { exchange });
        }
    }
}
