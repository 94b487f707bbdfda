//! The vendor behind the stage: the emulator as a function, and the exchanges that come of sending to it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use skydeck::app::faults::{FaultEntry, FaultReport, FaultRequest, PossibleFault};
use skydeck::app::message::AccessKey;
use skydeck::app::{Message, Now};
use skydeck::auth::{self, Credentials, Login, Scope, SigningInputs, Trace};
use skydeck::call::{Call, Refusal};
use skydeck::catalog::{Catalog, Provider, Scheme};
use skydeck::config::{Access, Guard};
use skydeck::emulator::fault::possible;
use skydeck::emulator::{Emulator, Settings, demo};
use skydeck::envelope::{self, Envelope};
use skydeck::exchange::{Answered, Exchange, ExchangeId, Origin, Outcome, Timings};
use skydeck::io::http::complete;
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;
use skydeck::wire::{Endpoint, Request, Response};

/// The port of the first provider; the others have the ports that follow.
const PORT: u16 = 40113;

/// The emulator, and the tokens that it gave out.
pub struct Vendor {
    providers: Vec<Arc<Provider>>,
    emulator: Emulator,
    tokens: HashMap<String, Secret>,
    last: u64,
    /// What comes back for the next call in place of the emulator's answer.
    pub next: Option<Response>,
    /// What comes back for the next token request in place of the emulator's answer.
    pub next_token: Option<Response>,
    /// The secret that every account's key has in place of the demo's; with one, every call is signed and none carries a token.
    pub secret: Option<Secret>,
    /// What a proxy does to every request on its way.
    pub proxy: Option<fn(&mut Request)>,
    /// The secrets of every account, where they are not the demo's.
    planted: Option<Planted>,
}

/// Secrets in the place of the demo's.
#[derive(Clone, Debug)]
pub struct Planted {
    pub secret: String,
    pub token: String,
    pub password: String,
}

/// A request on its way.
struct Draft {
    operation: String,
    request: Request,
    signing: Option<Trace>,
    call_origin: Origin,
}

impl Vendor {
    /// The emulator of the whole catalog.
    pub fn new(catalog: &Catalog) -> Self {
        Self::with(catalog, None)
    }

    /// The same with other secrets, which the emulator takes as well.
    pub fn with(catalog: &Catalog, planted: Option<Planted>) -> Self {
        let providers: Vec<_> = catalog.providers().map(Arc::clone).collect();
        let mut settings = Settings::default();
        if let Some(planted) = &planted {
            settings.keys.iter_mut().for_each(|accepted| accepted.key = planted.key(accepted.key.clone()));
            settings.users.iter_mut().for_each(|accepted| accepted.password = Secret::new(&*planted.password));
        }
        let emulator = Emulator::new(&providers, &settings, [7; 32]).unwrap();
        Self { providers, emulator, tokens: HashMap::new(), last: 0, next: None, next_token: None, planted, secret: None, proxy: None }
    }

    /// The catalog's providers.
    pub fn providers(&self) -> &[Arc<Provider>] {
        &self.providers
    }

    /// What the console hears of the emulator's faults.
    pub fn order(&mut self, order: FaultRequest) -> Vec<FaultReport> {
        let mut news = Vec::new();
        match order {
            FaultRequest::Look => {}
            FaultRequest::List(id) => {
                news.push(FaultReport::Available(
                    possible(&self.providers[self.number(&id)]).into_iter().map(PossibleFault::from).collect(),
                ));
            }
            FaultRequest::Set(text) => {
                news.extend(self.emulator.set_fault(&text).err().map(|error| FaultReport::Refused(text, error.to_string())));
            }
            FaultRequest::Remove(number) => assert!(self.emulator.remove_fault(number)),
            FaultRequest::Clear => self.emulator.clear_faults(),
        }
        news.push(FaultReport::Current(self.emulator.faults().iter().map(FaultEntry::from).collect()));
        news
    }

    fn number(&self, id: &str) -> usize {
        self.providers.iter().position(|provider| provider.id == id).unwrap()
    }

    /// Whose account a profile of the stage is for a provider.
    pub fn access(&self, key: &AccessKey, guard: Guard) -> Access {
        let number = self.number(&key.provider);
        let provider = &self.providers[number];
        let endpoint: Endpoint = format!("http://127.0.0.1:{}", usize::from(PORT) + number).parse().unwrap();
        let scheme = provider.auth[0];
        let login = demo::login(provider.vendor).filter(|_| scheme == Scheme::IamToken);
        let planted = self.planted.as_ref();
        let login = login.map(|login| planted.map_or(login.clone(), |planted| planted.login(login)));
        let own = demo::access_key(provider.vendor);
        let access_key = planted.map_or(own.clone(), |planted| planted.key(own));
        let (scheme, credentials) = match &self.secret {
            Some(secret) => {
                let key = auth::AccessKey { secret: secret.clone(), ..demo::access_key(provider.vendor) };
                let symbols = provider.auth.iter().find(|scheme| **scheme != Scheme::IamToken);
                (*symbols.unwrap(), Credentials::AccessKey(key))
            }
            None => (scheme, login.map_or(Credentials::AccessKey(access_key), Credentials::Login)),
        };
        Access {
            profile: key.profile.clone(),
            guard,
            region: key.region.clone().unwrap_or_else(|| provider.default_region.clone()),
            iam_endpoint: Some(endpoint.clone()),
            endpoint,
            scheme: scheme.into(),
            credentials,
            warnings: Vec::new(),
        }
    }

    /// What the console hears when a call is sent: as the sender tells it, guards and tokens included.
    pub fn deliver(&mut self, call: &Call, now: &Now, secrets: &SecretRegistry) -> Vec<Message> {
        if let Some(refusal) = refusal(call) {
            return vec![Message::Refused { refusal, purpose: call.purpose }];
        }
        call.register_secrets(secrets);
        let mut messages = Vec::new();
        let credentials = match &call.access.credentials {
            Credentials::Login(login) => {
                let token = self.token(login, call, now, &mut messages);
                secrets.add([&token]);
                Credentials::Token(token)
            }
            other => other.clone(),
        };
        let moment = SigningInputs { now: call.to_signing_clock(now.time), nonce: now.nonce.clone() };
        let scope = Scope { region: &call.access.region, service: &call.provider.service };
        let plain = complete(&call.access.endpoint, call.plan.request.clone());
        let signed = auth::sign(call.access.scheme, plain, &credentials, scope, &moment, &[]).unwrap();
        let read = |response: &Response| envelope::decode(call.provider.answer_format, response, &call.operation.success);
        let call_origin = Origin { repeats: call.again.repeats, exact: call.again.exact.is_some(), retry: None };
        let draft = Draft { operation: call.operation.id.clone(), request: signed.request, signing: Some(signed.trace), call_origin };
        let answer = self.next.take();
        self.exchange(call, draft, answer, now.time, &read, &mut messages);
        messages
    }

    fn token(&mut self, login: &Login, call: &Call, now: &Now, messages: &mut Vec<Message>) -> Secret {
        if let Some(token) = self.tokens.get(&call.provider.id) {
            return token.clone();
        }
        let endpoint = call.access.iam_endpoint.as_ref().unwrap();
        let request = complete(endpoint, auth::token_request(login, endpoint));
        let draft = Draft { operation: "IAM token".to_owned(), request, signing: None, call_origin: Origin::default() };
        let answer = self.next_token.take();
        let response = self.exchange(call, draft, answer, now.time, &envelope::decode_token, messages);
        let token = auth::read_token(&response).unwrap().value;
        self.tokens.insert(call.provider.id.clone(), token.clone());
        token
    }

    fn exchange(
        &mut self,
        call: &Call,
        draft: Draft,
        answer: Option<Response>,
        started: Timestamp,
        read: &dyn Fn(&Response) -> Envelope,
        messages: &mut Vec<Message>,
    ) -> Response {
        self.last += 1;
        let number = self.number(&call.provider.id);
        let mut arrived = draft.request.clone();
        if let Some(proxy) = self.proxy {
            proxy(&mut arrived);
        }
        let response = answer.unwrap_or_else(|| self.emulator.answer(number, &arrived, started).response);
        let mut exchange = Exchange {
            id: ExchangeId(self.last),
            provider: call.provider.id.clone(),
            operation: draft.operation,
            profile: call.access.profile.clone(),
            region: call.access.region.clone(),
            purpose: call.purpose,
            call_origin: draft.call_origin,
            started,
            endpoint: call.access.endpoint.clone(),
            request: draft.request,
            signing: draft.signing,
            outcome: Outcome::InFlight,
            timings: Timings::default(),
        };
        messages.push(Message::Started { exchange: Box::new(exchange.clone()) });
        exchange.timings = timings(self.last);
        exchange.outcome = Outcome::Answered(Box::new(Answered { envelope: read(&response), response: response.clone() }));
        messages.push(Message::Finished { exchange: Box::new(exchange) });
        response
    }
}

impl Planted {
    fn key(&self, key: auth::AccessKey) -> auth::AccessKey {
        auth::AccessKey { secret: Secret::new(&*self.secret), token: Some(Secret::new(&*self.token)), ..key }
    }

    fn login(&self, login: Login) -> Login {
        Login { password: Secret::new(&*self.password), ..login }
    }
}

/// Guards, as the sender holds them.
fn refusal(call: &Call) -> Option<Refusal> {
    let (profile, operation) = (call.access.profile.clone(), call.operation.id.clone());
    match call.access.guard {
        _ if !call.operation.changes => None,
        Guard::ReadOnly => Some(Refusal::ReadOnly { profile, operation }),
        Guard::Confirm if !call.confirmed => Some(Refusal::Unconfirmed { profile, operation }),
        Guard::Confirm | Guard::None => None,
    }
}

/// How long the exchange of this number took: different ones, so that a screen shows them apart.
fn timings(number: u64) -> Timings {
    let millis = Duration::from_millis;
    let total = 9 + number * 17 % 80;
    Timings { dns: None, connect: Some(millis(1)), first_byte: Some(millis(total - 2)), total: Some(millis(total)) }
}
