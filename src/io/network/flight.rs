//! A call in flight: its progress, and its cancellation, also while it waits for another attempt.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::NetworkWorker;
use crate::app::{Message, Notice, RetryWait};
use crate::call::Call;
use crate::exchange::{Exchange, ExchangeId, Outcome};
use crate::io::history::HistoryError;
use crate::io::send::Progress;

/// A call on its way.
#[derive(Default)]
struct PendingCall {
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
        let flight = PendingCall::default();
        let next_id = || ExchangeId(self.last_id.fetch_add(1, Ordering::Relaxed) + 1);
        let mut progress = |progress| self.progress(progress, &flight);
        let sent = tokio::select! {
            sent = self.sender.send(call, &next_id, &mut progress) => Some(sent),
            () = flight.cancel.notified() => None,
        };
        self.end_wait(&flight, sent.is_none());
        match sent {
            Some(Ok(())) => {}
            Some(Err(refusal)) => self.notify(Message::Refused { refusal, purpose: call.purpose }),
            None => self.cancelled(flight.current.lock().take()),
        }
    }

    fn progress(&self, progress: Progress, flight: &PendingCall) {
        match progress {
            Progress::Started(exchange) => {
                self.end_wait(flight, false);
                self.in_progress.lock().insert(exchange.id, Arc::clone(&flight.cancel));
                *flight.current.lock() = Some(exchange.clone());
                self.notify(Message::Started { exchange });
            }
            Progress::Finished(exchange) => self.finished(exchange, flight),
            Progress::Waiting { after, wait, reason, left } => {
                *flight.waits.lock() = Some(after);
                self.in_progress.lock().insert(after, Arc::clone(&flight.cancel));
                self.notify(Message::Waiting(RetryWait { after, wait, reason, left }));
            }
            Progress::Stored(id, number) => self.notify(Message::Stored { id, number }),
            Progress::StoreError(error) => self.not_stored(&error, flight),
        }
    }

    fn finished(&self, exchange: Box<Exchange>, flight: &PendingCall) {
        self.in_progress.lock().remove(&exchange.id);
        flight.current.lock().take();
        self.notify(Message::Finished { exchange });
        // How it ended took the place of the first notice.
        if let Some(notice) = flight.not_stored.lock().take() {
            self.notify(Message::Notice(notice));
        }
    }

    /// Records that the call waits no longer: its next attempt goes out, or it was given up.
    fn end_wait(&self, flight: &PendingCall, given_up: bool) {
        if let Some(after) = flight.waits.lock().take() {
            self.in_progress.lock().remove(&after);
            self.notify(Message::Waited { after, given_up });
        }
    }

    /// Says that an exchange is not kept; once only where nothing can change while the program runs.
    fn not_stored(&self, error: &HistoryError, flight: &PendingCall) {
        let newer = matches!(error, HistoryError::Newer { .. });
        if newer && self.said_newer.swap(true, Ordering::Relaxed) {
            return;
        }
        let notice = Notice::warning(format!("not kept in the history: {error}"));
        *flight.not_stored.lock() = Some(notice.clone());
        self.notify(Message::Notice(notice));
    }

    pub(super) fn cancel(&self, id: ExchangeId) {
        match self.in_progress.lock().get(&id) {
            Some(cancel) => cancel.notify_one(),
            None => self.notify(Message::Notice(Notice::warning("it has just ended"))),
        }
    }

    fn cancelled(&self, exchange: Option<Box<Exchange>>) {
        if let Some(mut exchange) = exchange {
            self.in_progress.lock().remove(&exchange.id);
            exchange.outcome = Outcome::Cancelled;
            self.notify(Message::Finished { exchange });
        }
    }
}
