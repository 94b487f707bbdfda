//! Calls to the built-in catalog's providers: signed as they would be, answered by the emulator or with what a vendor documents.

use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};
use skydeck::auth::{self, AccessKey, Credentials, Scope, SigningInputs};
use skydeck::catalog::{self, Catalog, Operation, Provider};
use skydeck::emulator::{Emulator, Settings, demo};
use skydeck::envelope::decode;
use skydeck::exchange::{Answered, Exchange, ExchangeId, Failure, FailureClass, Origin, Outcome, Purpose, Timings};
use skydeck::explain::{Explanation, ExplanationContext, explain_with};
use skydeck::form::{Form, plan};
use skydeck::io::http::complete;
use skydeck::secret::Secret;
use skydeck::wire::{Headers, Response};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

/// A call: by default the provider's first operation with an empty form, the demo's key, the default region and its endpoint.
pub struct Call {
    pub provider: Arc<Provider>,
    pub operation: Arc<Operation>,
    pub credentials: Credentials,
    pub region: String,
    /// The region that the signature is for.
    pub scope: String,
    pub endpoint: String,
    /// Seconds that our clock is ahead of the server's.
    pub ahead: i64,
    pub purpose: Purpose,
}

pub fn provider(id: &str) -> Arc<Provider> {
    Arc::clone(CATALOG.provider(id).unwrap())
}

pub fn call(id: &str) -> Call {
    let provider = provider(id);
    Call {
        operation: Arc::clone(&provider.operations[0]),
        credentials: Credentials::AccessKey(demo::access_key(provider.vendor)),
        region: provider.default_region.clone(),
        scope: provider.default_region.clone(),
        endpoint: provider.endpoint_of(&provider.default_region),
        ahead: 0,
        purpose: Purpose::Operator,
        provider,
    }
}

pub fn key(id: &str, secret: &str) -> Credentials {
    Credentials::AccessKey(AccessKey { id: id.into(), secret: Secret::new(secret), token: None, project_id: None })
}

/// The moment at which the server answers, by its clock.
pub fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

impl Call {
    fn exchange(&self, outcome: Outcome) -> Exchange {
        let endpoint = self.endpoint.parse().unwrap();
        let request = plan(&self.provider, &Form::new(Arc::clone(&self.operation)), &endpoint).unwrap().request;
        let started = now() + SignedDuration::from_secs(self.ahead);
        let moment = SigningInputs { now: started, nonce: "0123456789abcdef0123456789abcdef".into() };
        let by_token = !matches!(self.credentials, Credentials::AccessKey(_));
        let scheme = self.provider.auth.iter().find(|scheme| (**scheme == catalog::Scheme::IamToken) == by_token).unwrap();
        let scope = Scope { region: &self.scope, service: &self.provider.service };
        let signed = auth::sign((*scheme).into(), complete(&endpoint, request), &self.credentials, scope, &moment, &[]).unwrap();
        Exchange {
            id: ExchangeId(2),
            provider: self.provider.id.clone(),
            operation: self.operation.id.clone(),
            profile: "test".into(),
            region: self.region.clone(),
            purpose: self.purpose,
            call_origin: Origin::default(),
            started,
            endpoint,
            request: signed.request,
            signing: Some(signed.trace),
            outcome,
            timings: Timings::default(),
        }
    }

    /// What the emulator answers.
    pub fn emulated(&self) -> Exchange {
        let providers: Vec<_> = CATALOG.providers().map(Arc::clone).collect();
        let number = providers.iter().position(|provider| provider.id == self.provider.id).unwrap();
        let emulator = Emulator::new(&providers, &Settings::default(), [7; 32]).unwrap();
        let mut exchange = self.exchange(Outcome::InFlight);
        let mut response = emulator.answer(number, &exchange.request, now()).response;
        response.headers.set("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        exchange.outcome = self.read(response);
        exchange
    }

    /// What a vendor documents as its answer.
    pub fn answered(&self, status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
        let headers: Headers = headers.iter().copied().collect();
        let response = Response { status, headers, body: body.to_owned().into(), ..Response::default() };
        self.exchange(self.read(response))
    }

    pub fn read(&self, response: Response) -> Outcome {
        let envelope = decode(self.provider.answer_format, &response, &self.operation.success);
        Outcome::Answered(Box::new(Answered { response, envelope }))
    }

    /// A call that got no answer.
    pub fn failed(&self, class: FailureClass) -> Exchange {
        self.exchange(Outcome::Failed(Failure { class, detail: "errno 5".into(), hint: String::new(), partial: None }))
    }

    /// Explains it, with the credentials at hand.
    pub fn explained(&self, exchange: &Exchange) -> Explanation {
        let known = ExplanationContext::default().with_credentials(&self.credentials);
        explain_with(&self.provider, Some(&self.operation), exchange, &known).unwrap()
    }
}

/// The likely cause: the check's name and what it says.
pub fn likely(explanation: &Explanation) -> (&str, &str) {
    explanation.likely().map_or(("", ""), |likely| (likely.name, likely.says.as_str()))
}

/// Demands a likely cause, by the check's name and words that it says.
pub fn holds(explanation: &Explanation, name: &str, words: &str) {
    let (check, says) = likely(explanation);
    assert!(check == name && says.contains(words), "{name}, {words}: {explanation:#?}");
    assert!(!explanation.likely().unwrap().remedy.is_empty(), "{explanation:#?}");
}
