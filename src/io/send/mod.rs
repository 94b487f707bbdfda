//! The one function that sends: guard, token, signature, request, answer. Guards are enforced here and nowhere else.

mod delivery;
mod retry;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use delivery::Delivery;
use tokens::Tokens;

use super::clock::{Clock, SystemClock};
use super::history::{HistoryError, Recorder};
use super::http::{Http, Settings, SetupError};
use crate::call::{Call, Refusal, check_call};
use crate::exchange::{Exchange, ExchangeId};
use crate::redact::SecretRegistry;

/// A progress event of a call. A call is several exchanges when a token is fetched first, or once more after a 401.
#[derive(Debug)]
pub enum Progress {
    /// A request is going out; its outcome is `InFlight`.
    Started(Box<Exchange>),
    /// The exchange that is going out is kept, with this number in the history.
    Stored(ExchangeId, i64),
    /// An exchange has ended.
    Finished(Box<Exchange>),
    /// The vendor throttles or failed: the call is sent again after a wait.
    Waiting {
        /// The attempt that it follows.
        after: ExchangeId,
        /// The time to wait.
        wait: Duration,
        /// The reason.
        reason: String,
        /// The number of attempts that remain.
        left: u32,
    },
    /// The exchange that is going out is not kept in the history, and why. It goes out all the same.
    StoreError(HistoryError),
}

/// Sends calls; keeps connections and tokens between them. Share it in an `Arc`: any number of calls may be under way at once.
#[derive(Debug)]
pub struct Sender {
    http: Http,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
    secrets: SecretRegistry,
    recorder: Option<Arc<Recorder>>,
}

impl Sender {
    /// Creates a sender with the machine's clock, which registers the secrets of its calls. Cheap: TLS is set up when it is first needed.
    pub fn new(settings: Settings, secrets: SecretRegistry) -> Self {
        Self::with_clock(settings, secrets, Arc::new(SystemClock))
    }

    /// Creates a sender with a clock of the caller's.
    pub fn with_clock(settings: Settings, secrets: SecretRegistry, clock: Arc<dyn Clock>) -> Self {
        Self { http: Http::new(settings), tokens: Tokens::default(), clock, secrets, recorder: None }
    }

    /// Returns a sender that records every exchange.
    #[must_use]
    pub fn recording(self, recorder: Option<Arc<Recorder>>) -> Self {
        Self { recorder, ..self }
    }

    /// Sets TLS up before it is needed.
    ///
    /// # Errors
    /// [`SetupError`] when the CA file or the system's certificates cannot be used.
    pub async fn warm(&self) -> Result<(), SetupError> {
        self.http.warm().await
    }

    /// Sends a call and reports every exchange of it, the last one being the call's own. Dropping the future cancels it.
    ///
    /// # Errors
    /// [`Refusal`] when nothing was sent for the call itself, or when its token was refused and no other was had.
    pub async fn send(
        &self,
        call: &Call,
        next_id: &(dyn Fn() -> ExchangeId + Sync),
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(), Refusal> {
        check_call(call).inspect_err(|refusal| tracing::warn!(operation = call.operation.id, %refusal, "not sent"))?;
        call.register_secrets(&self.secrets);
        Delivery { sender: self, call, next_id, progress }.run().await
    }
}
