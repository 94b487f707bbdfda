//! One call on its way through its exchanges: a token if one is needed, the call itself, once more after a refused token.

use jiff::Timestamp;

use super::retry::{self, RetryPlan};
use super::tokens::Lease;
use super::{Progress, Sender};
use crate::auth::{self, Credentials, Login, Scheme, Scope, SigningInputs, Token, Trace};
use crate::call::{Call, ExactRequest, NoToken, Refusal};
use crate::envelope::{self, Envelope};
use crate::exchange::{Answered, Exchange, ExchangeId, Failure, Origin, Outcome, Retry, Timings};
use crate::history::CallRecord;
use crate::io::history::Entry;
use crate::io::http::complete;
use crate::wire::{Endpoint, Request, Response};

/// The operation of a token request in the log.
const TOKEN_OPERATION: &str = "IAM token";

/// The status that says that a token no longer holds.
const UNAUTHORIZED_STATUS: u16 = 401;

/// One call on its way.
pub(super) struct Delivery<'a> {
    pub(super) sender: &'a Sender,
    pub(super) call: &'a Call,
    pub(super) next_id: &'a (dyn Fn() -> ExchangeId + Sync),
    pub(super) progress: &'a mut (dyn FnMut(Progress) + Send),
}

/// A request about to go out, with what the log says of it.
struct Draft<'a> {
    operation: &'a str,
    endpoint: &'a Endpoint,
    request: Request,
    signing: Option<Trace>,
    started: Timestamp,
    /// The call's record in the history.
    record: CallRecord,
    /// The origin of the call.
    call_origin: Origin,
}

impl<'a> Delivery<'a> {
    /// Sends the call with the profile's credentials.
    pub(super) async fn run(mut self) -> Result<(), Refusal> {
        let access = &self.call.access;
        if let Some(exact) = &self.call.again.exact {
            self.send_exact(exact).await;
            return Ok(());
        }
        match (access.scheme, &access.credentials) {
            (Scheme::IamToken, Credentials::Login(login)) => self.with_token(login).await,
            (_, credentials) => self.attempts(credentials).await.map(drop),
        }
    }

    /// Sends the call with the login's token. A 401 says that the token was refused and nothing was done, so the call may be
    /// sent again; but only with a token that had been kept, since a fresh one is refused for another reason.
    async fn with_token(&mut self, login: &'a Login) -> Result<(), Refusal> {
        let endpoint = login
            .endpoint
            .as_ref()
            .or(self.call.access.iam_endpoint.as_ref())
            .ok_or_else(|| NoToken::NoService { region: self.call.access.region.clone() })?;
        let Lease { token, stored } = self.lease(login, endpoint).await?;
        let status = self.attempts(&Credentials::Token(token.clone())).await?;
        if status != Some(UNAUTHORIZED_STATUS) || !stored {
            return Ok(());
        }
        tracing::debug!(%endpoint, "the kept token was refused: another is fetched");
        self.sender.tokens.forget((login, endpoint), &token).await;
        let Lease { token, .. } = self.lease(login, endpoint).await?;
        self.attempts(&Credentials::Token(token)).await.map(drop)
    }

    async fn lease(&mut self, login: &Login, endpoint: &Endpoint) -> Result<Lease, Refusal> {
        let sender = self.sender;
        let now = self.call.to_signing_clock(sender.clock.now());
        let fetch = self.fetch(login, endpoint);
        let lease = sender.tokens.lease((login, endpoint), now, fetch).await?;
        // One that was fetched long ago is in use again.
        sender.secrets.add([&lease.token]);
        Ok(lease)
    }

    /// Fetches a token in an exchange of its own.
    async fn fetch(&mut self, login: &Login, endpoint: &Endpoint) -> Result<Token, NoToken> {
        let mut request = auth::token_request(login, endpoint);
        if let Some(agent) = self.call.plan.request.headers.get("user-agent") {
            request.headers.set("user-agent", agent);
        }
        let request = complete(endpoint, request);
        let started = self.sender.clock.now();
        let draft = Draft {
            operation: TOKEN_OPERATION,
            endpoint,
            request,
            signing: None,
            started,
            record: CallRecord::default(),
            call_origin: Origin::default(),
        };
        let (exchange, entry) = self.exchange(draft, envelope::decode_token).await;
        let token = token_of(&exchange.outcome);
        if let Ok(token) = &token {
            self.sender.secrets.add([&token.value]);
        }
        self.finished(exchange, entry);
        token
    }

    /// Sends the call, and as often again as it was asked for and may help. Gives the last answer's status, if there was a whole answer.
    async fn attempts(&mut self, credentials: &Credentials) -> Result<Option<u16>, Refusal> {
        let mut retry = None;
        for attempt in 1.. {
            let exchange = self.attempt(credentials, retry.take()).await?;
            let left = self.call.again.retries.saturating_sub(attempt - 1);
            let plan_retry = retry::plan_retry(&self.call.provider, &self.call.operation, &exchange, attempt).filter(|_| left > 0);
            let Some(RetryPlan { wait, reason }) = plan_retry else {
                return Ok(exchange.answered().map(|answered| answered.response.status));
            };
            tracing::debug!(id = exchange.id.0, ?wait, reason, left, "sent again after a wait");
            (self.progress)(Progress::Waiting { after: exchange.id, wait, reason: reason.clone(), left });
            tokio::time::sleep(wait).await;
            retry = Some(Retry { attempt: attempt + 1, waited: wait, reason });
        }
        Ok(None)
    }

    /// Sends the bytes of an earlier request as they were.
    async fn send_exact(&mut self, exact: &'a ExactRequest) {
        let origin = Origin { repeats: self.call.again.repeats, exact: true, retry: None };
        let (signing, started) = (exact.signing.clone(), self.sender.clock.now());
        self.exchange_call((&exact.endpoint, exact.request.clone()), signing, started, origin).await;
    }

    /// Signs and sends the call itself.
    async fn attempt(&mut self, credentials: &Credentials, retry: Option<Retry>) -> Result<Exchange, Refusal> {
        let (call, access) = (self.call, &self.call.access);
        let moment = self.sender.clock.moment().map_err(|error| Refusal::NoRandomness(error.0))?;
        let (started, moment) = (moment.now, SigningInputs { now: call.to_signing_clock(moment.now), ..moment });
        let scope = Scope { region: &access.region, service: &call.provider.service };
        let plain = complete(&access.endpoint, call.plan.request.clone());
        let signed = auth::sign(access.scheme, plain, credentials, scope, &moment, &call.also_signed)?;
        let origin = Origin { repeats: call.again.repeats, exact: false, retry };
        Ok(self.exchange_call((&access.endpoint, signed.request), Some(signed.trace), started, origin).await)
    }

    /// Sends a request of the call itself, and has its end recorded.
    async fn exchange_call(
        &mut self,
        (endpoint, request): (&Endpoint, Request),
        signing: Option<Trace>,
        started: Timestamp,
        call_origin: Origin,
    ) -> Exchange {
        let call = self.call;
        let record = CallRecord { form: call.values.clone(), origin: call.origin };
        let draft = Draft { operation: &call.operation.id, endpoint, request, signing, started, record, call_origin };
        let read = |response: &Response| envelope::decode(call.provider.answer_format, response, &call.operation.success);
        let (exchange, entry) = self.exchange(draft, read).await;
        self.finished(exchange.clone(), entry);
        exchange
    }

    /// Reports how an exchange ended, and then has that kept: what the history may have to say of it is said last.
    fn finished(&mut self, exchange: Exchange, entry: Entry) {
        (self.progress)(Progress::Finished(Box::new(exchange.clone())));
        entry.finish(exchange);
    }

    /// Reports that a request is going out, has it kept, sends it, and reads the answer. The entry is the caller's to finish, once
    /// it has looked at the answer for secrets; if the call is given up meanwhile, it finishes itself as cancelled.
    async fn exchange(&mut self, mut draft: Draft<'_>, read: impl FnOnce(&Response) -> Envelope) -> (Exchange, Entry) {
        let record = std::mem::take(&mut draft.record);
        let mut exchange = self.begin(draft);
        let (id, Request { method, target, .. }) = (exchange.id.0, &exchange.request);
        tracing::debug!(id, operation = exchange.operation, endpoint = %exchange.endpoint, method, target, "request begun");
        (self.progress)(Progress::Started(Box::new(exchange.clone())));
        let entry = self.keep(&exchange, record).await;
        let sent = self.sender.http.send(&exchange.endpoint, &exchange.request).await;
        exchange.timings = sent.timings;
        log_answer(exchange.id, &sent.answer);
        exchange.outcome = match sent.answer {
            Ok(response) => Outcome::Answered(Box::new(Answered { envelope: read(&response), response })),
            Err(failure) => Outcome::Failed(failure),
        };
        (exchange, entry)
    }

    /// Stores the row first: nothing goes out before its row is safe; where there can be none, that is said and it goes out all the same.
    async fn keep(&mut self, exchange: &Exchange, record: CallRecord) -> Entry {
        let Some(recorder) = &self.sender.recorder else { return Entry::none() };
        match recorder.begin(exchange, record).await {
            Ok(entry) => {
                if let Some(number) = entry.id() {
                    (self.progress)(Progress::Stored(exchange.id, number));
                }
                entry
            }
            Err(error) => {
                tracing::warn!(id = exchange.id.0, %error, "the exchange is not kept");
                (self.progress)(Progress::StoreError(error));
                Entry::none()
            }
        }
    }

    fn begin(&self, draft: Draft<'_>) -> Exchange {
        let Draft { operation, endpoint, request, signing, started, record: _, call_origin } = draft;
        let access = &self.call.access;
        Exchange {
            id: (self.next_id)(),
            provider: self.call.provider.id.clone(),
            operation: operation.to_owned(),
            profile: access.profile.clone(),
            region: access.region.clone(),
            purpose: self.call.purpose,
            call_origin,
            started,
            endpoint: endpoint.clone(),
            request,
            signing,
            outcome: Outcome::InFlight,
            timings: Timings::default(),
        }
    }
}

fn log_answer(id: ExchangeId, answer: &Result<Response, Failure>) {
    match answer {
        Ok(response) => tracing::debug!(id = id.0, status = response.status, bytes = response.body.len(), "answered"),
        Err(failure) => tracing::warn!(id = id.0, class = failure.class.name(), detail = failure.detail, "no answer"),
    }
}

/// Returns the token in the answer to a token request, or why there is none.
fn token_of(outcome: &Outcome) -> Result<Token, NoToken> {
    match outcome {
        Outcome::Answered(answered) => {
            auth::read_token(&answered.response).map_err(|error| NoToken::Answer { error, message: answered.envelope.message.clone() })
        }
        Outcome::Failed(failure) => Err(NoToken::Failed { class: failure.class, detail: failure.detail.clone() }),
        Outcome::InFlight | Outcome::Cancelled | Outcome::Unrecorded => Err(NoToken::NotAsked),
    }
}
