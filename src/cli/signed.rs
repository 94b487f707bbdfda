//! Signing without sending: the dry run, and what `sign` shows.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::exit::Failure;
use super::output::{Ink, Output};
use super::prepare::{Draft, Ready};
use super::shown;
use crate::app::{USER_AGENT, awaits_token};
use crate::auth::{self, Credentials, Login, Moment, Scope, Signed};
use crate::catalog::quoted;
use crate::exchange::{Exchange, ExchangeId, Lineage, Outcome, Purpose, Timings};
use crate::export::{Secrets, object};
use crate::io::clock::{Clock, SystemClock};
use crate::io::http::complete;
use crate::secret::Secret;
use crate::wire::{Endpoint, Request};

/// What stands for a token that is fetched only when the call is sent.
const TOKEN_TO_COME: &str = "token-of-the-answer-above";

/// A request that could be sent.
pub struct Dry {
    /// The request for the token that the call needs, and where it goes.
    pub token: Option<(Endpoint, Request)>,
    /// The call's endpoint.
    pub endpoint: Endpoint,
    /// The call, signed.
    pub signed: Signed,
}

impl Dry {
    /// The call as an exchange without an answer.
    pub fn exchange(&self, draft: &Draft, ready: &Ready, moment: &Moment) -> Exchange {
        Exchange {
            id: ExchangeId(1),
            provider: draft.provider.id.clone(),
            operation: draft.operation.id.clone(),
            profile: ready.access.profile.clone(),
            region: ready.access.region.clone(),
            purpose: Purpose::Operator,
            lineage: Lineage::default(),
            started: moment.now,
            endpoint: self.endpoint.clone(),
            request: self.signed.request.clone(),
            signing: Some(self.signed.trace.clone()),
            outcome: Outcome::InFlight,
            timings: Timings::default(),
        }
    }
}

/// Reads the clock of `--at`.
pub fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{} is no time: write it like 2026-11-22T10:00:00Z (RFC 3339)", quoted(text)))
}

/// The clock and nonce of a signature: those given, else the machine's.
pub fn moment(at: Option<Timestamp>, nonce: Option<&str>) -> Result<Moment, Failure> {
    let now = at.unwrap_or_else(|| SystemClock.now());
    let nonce = match nonce {
        Some(nonce) => nonce.to_owned(),
        None => SystemClock.moment().map_err(|error| Failure::usage(error.to_string()))?.nonce,
    };
    Ok(Moment { now, nonce })
}

/// Signs a call as it would be sent. A token that is yet to be fetched is stood for, and its request is given as well.
pub fn sign(draft: &Draft, ready: &Ready, moment: &Moment) -> Result<Dry, Failure> {
    let access = &ready.access;
    let scope = Scope { region: &access.region, service: &draft.provider.service };
    let request = complete(&access.endpoint, ready.plan.request.clone());
    let to_come = Credentials::Token(Secret::new(TOKEN_TO_COME));
    let login = awaited(ready);
    let credentials = if login.is_some() { &to_come } else { &access.credentials };
    let signed = auth::sign(access.scheme, request, credentials, scope, moment, &ready.also_signed);
    let signed = signed.map_err(|error| Failure::usage(error.to_string()))?;
    Ok(Dry { token: login.and_then(|login| token_request(login, ready)), endpoint: access.endpoint.clone(), signed })
}

/// The user whose token is fetched first, if one is.
fn awaited(ready: &Ready) -> Option<&Login> {
    match &ready.access.credentials {
        Credentials::Login(login) if awaits_token(&ready.access) => Some(login),
        _ => None,
    }
}

fn token_request(login: &Login, ready: &Ready) -> Option<(Endpoint, Request)> {
    let endpoint = login.endpoint.clone().or_else(|| ready.access.iam_endpoint.clone())?;
    let mut request = auth::token_request(login, &endpoint);
    request.headers.set("user-agent", USER_AGENT);
    Some((endpoint.clone(), complete(&endpoint, request)))
}

/// Prints the request as it would go out.
pub fn print_request(dry: &Dry, output: &mut Output) {
    if output.form == super::arguments::Form::Json {
        let object = with_token(
            json!({ "request": object::request(&dry.endpoint, &dry.signed.request, Secrets::Covered(&output.redactor)) }),
            dry,
            output,
        );
        return output.json(&object);
    }
    if let Some((endpoint, request)) = &dry.token {
        output.note(&[(Ink::Label, "a token would be fetched first; in the call something else stands in its place")]);
        shown::request(endpoint, request, output);
        output.plain("");
    }
    shown::request(&dry.endpoint, &dry.signed.request, output);
    output.note(&[(Ink::Label, "dry run: nothing was sent")]);
}

/// Adds the token's request, where there is one.
pub fn with_token(mut object: Value, dry: &Dry, output: &Output) -> Value {
    if let Some((endpoint, request)) = &dry.token {
        object["token_request"] = object::request(endpoint, request, Secrets::Covered(&output.redactor));
    }
    object
}
