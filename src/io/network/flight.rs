//! A call on its way: what is told of it, and how it is given up, also while it waits for another attempt.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::super::asking::lock;
use super::super::history::HistoryError;
use super::super::send::Progress;
use super::Desk;
use crate::app::waiting::Waiting;
use crate::app::{Message, Notice};
use crate::call::Call;
use crate::exchange::{Exchange, ExchangeId, Outcome};

/// A call on its way.
#[derive(Default)]
struct Flight {
    /// Gives it up.
    cancel: Arc<Notify>,
    /// The exchange of it that is under way.
    current: Mutex<Option<Box<Exchange>>>,
    /// The exchange that ended last.
    ended: Mutex<Option<ExchangeId>>,
    /// The exchange after which it waits for another attempt.
    waits: Mutex<Option<ExchangeId>>,
    /// What to say again when that has ended.
    unkept: Mutex<Option<Notice>>,
}

impl Desk {
    pub(super) async fn send(&self, call: &Call) {
        let flight = Flight::default();
        let next_id = || ExchangeId(self.last_id.fetch_add(1, Ordering::Relaxed) + 1);
        let mut progress = |progress| self.progress(progress, &flight);
        let sent = tokio::select! {
            sent = self.sender.send(call, &next_id, &mut progress) => Some(sent),
            () = flight.cancel.notified() => None,
        };
        self.waited(&flight);
        match sent {
            Some(Ok(())) => {}
            Some(Err(refusal)) => self.tell(Message::Refused(refusal, call.purpose)),
            None => self.cancelled(lock(&flight.current).take()),
        }
    }

    fn progress(&self, progress: Progress, flight: &Flight) {
        match progress {
            Progress::Started(exchange) => {
                self.waited(flight);
                lock(&self.under_way).insert(exchange.id, Arc::clone(&flight.cancel));
                *lock(&flight.current) = Some(exchange.clone());
                self.tell(Message::Started(exchange));
            }
            Progress::Finished(exchange) => self.finished(exchange, flight),
            Progress::Waiting { wait, reason, left } => {
                let Some(after) = *lock(&flight.ended) else { return };
                *lock(&flight.waits) = Some(after);
                lock(&self.under_way).insert(after, Arc::clone(&flight.cancel));
                self.tell(Message::Waiting(Waiting { after, wait, reason, left }));
            }
            Progress::Kept(id, number) => self.tell(Message::Kept(id, number)),
            Progress::Learned(secret) => self.tell(Message::Learned(secret)),
            Progress::Unkept(error) => self.unkept(&error, flight),
        }
    }

    fn finished(&self, exchange: Box<Exchange>, flight: &Flight) {
        lock(&self.under_way).remove(&exchange.id);
        lock(&flight.current).take();
        *lock(&flight.ended) = Some(exchange.id);
        self.tell(Message::Finished(exchange));
        // How it ended took the place of the first notice.
        if let Some(notice) = lock(&flight.unkept).take() {
            self.tell(Message::Notice(notice));
        }
    }

    /// The call waits no longer: its next attempt goes out, or it was given up.
    fn waited(&self, flight: &Flight) {
        if let Some(after) = lock(&flight.waits).take() {
            lock(&self.under_way).remove(&after);
            self.tell(Message::Waited(after));
        }
    }

    /// Says that an exchange is not kept; once only where nothing can change while the program runs.
    fn unkept(&self, error: &HistoryError, flight: &Flight) {
        let newer = matches!(error, HistoryError::Newer { .. });
        if newer && self.said_newer.swap(true, Ordering::Relaxed) {
            return;
        }
        let notice = Notice::doubt(format!("not kept in the history: {error}"));
        *lock(&flight.unkept) = Some(notice.clone());
        self.tell(Message::Notice(notice));
    }

    pub(super) fn cancel(&self, id: ExchangeId) {
        match lock(&self.under_way).get(&id) {
            Some(cancel) => cancel.notify_one(),
            None => self.tell(Message::Notice(Notice::doubt("it has just ended"))),
        }
    }

    fn cancelled(&self, exchange: Option<Box<Exchange>>) {
        let Some(mut exchange) = exchange else { return self.tell(Message::Notice(Notice::done("not sent again"))) };
        lock(&self.under_way).remove(&exchange.id);
        exchange.outcome = Outcome::Cancelled;
        self.tell(Message::Finished(exchange));
    }
}
