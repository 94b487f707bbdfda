//! Signing without sending: the dry run, and what `sign` shows.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::argument_error::ArgumentError;
use super::draft::{Draft, PreparedCall};
use super::exit::Failure;
use super::output::{ColorRole, Output, OutputFormat};
use super::report;
use crate::auth::{self, Credentials, Login, Scope, Signed, SigningInputs};
use crate::exchange::{Exchange, ExchangeId, Origin, Outcome, Purpose, Timings};
use crate::export::{Secrets, object};
use crate::form::USER_AGENT;
use crate::io::clock::{Clock, SystemClock};
use crate::io::http::complete;
use crate::secret::Secret;
use crate::wire::{Endpoint, Request};

/// The placeholder for a token that is fetched only when the call is sent.
const TOKEN_PLACEHOLDER: &str = "token-of-the-answer-above";

/// A request that could be sent.
pub struct DryRun {
    /// The request for the token that the call needs, and where it goes.
    pub token: Option<(Endpoint, Request)>,
    /// The call's endpoint.
    pub endpoint: Endpoint,
    /// The call, signed.
    pub signed: Signed,
}

impl DryRun {
    /// Returns the call as an exchange without an answer.
    pub fn exchange(&self, draft: &Draft, ready: &PreparedCall, moment: &SigningInputs) -> Exchange {
        Exchange {
            id: ExchangeId(1),
            provider: draft.provider.id.clone(),
            operation: draft.operation.id.clone(),
            profile: ready.access.profile.clone(),
            region: ready.access.region.clone(),
            purpose: Purpose::Operator,
            call_origin: Origin::default(),
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
pub fn time(text: &str) -> Result<Timestamp, ArgumentError> {
    text.parse().map_err(|_| ArgumentError::Time(text.to_owned()))
}

/// Returns the clock and nonce of a signature: those given, else the machine's.
pub fn signing_inputs(at: Option<Timestamp>, nonce: Option<&str>) -> Result<SigningInputs, Failure> {
    let now = at.unwrap_or_else(|| SystemClock.now());
    let nonce = match nonce {
        Some(nonce) => nonce.to_owned(),
        None => SystemClock.moment()?.nonce,
    };
    Ok(SigningInputs { now, nonce })
}

/// Signs a call as it would be sent. A token that is yet to be fetched is stood for, and its request is given as well.
pub fn sign(draft: &Draft, ready: &PreparedCall, moment: &SigningInputs) -> Result<DryRun, Failure> {
    let access = &ready.access;
    let scope = Scope { region: &access.region, service: &draft.provider.service };
    let request = complete(&access.endpoint, ready.plan.request.clone());
    let to_come = Credentials::Token(Secret::new(TOKEN_PLACEHOLDER));
    let login = login_to_fetch(ready);
    let credentials = if login.is_some() { &to_come } else { &access.credentials };
    let signed = auth::sign(access.scheme, request, credentials, scope, moment, &ready.also_signed)?;
    Ok(DryRun { token: login.and_then(|login| token_request(login, ready)), endpoint: access.endpoint.clone(), signed })
}

/// Returns the login with which a token is fetched first, if one is.
fn login_to_fetch(ready: &PreparedCall) -> Option<&Login> {
    match &ready.access.credentials {
        Credentials::Login(login) if ready.access.awaits_token() => Some(login),
        _ => None,
    }
}

fn token_request(login: &Login, ready: &PreparedCall) -> Option<(Endpoint, Request)> {
    let endpoint = login.endpoint.clone().or_else(|| ready.access.iam_endpoint.clone())?;
    let mut request = auth::token_request(login, &endpoint);
    request.headers.set("user-agent", USER_AGENT);
    Some((endpoint.clone(), complete(&endpoint, request)))
}

/// Prints the request as it would go out.
pub fn print_request(dry: &DryRun, output: &mut Output) {
    if output.format == OutputFormat::Json {
        let request = object::request(&dry.endpoint, &dry.signed.request, Secrets::Masked(&output.redactor()));
        let object = with_token(json!({ "request": request }), dry, output);
        return output.json(&object);
    }
    if let Some((endpoint, request)) = &dry.token {
        output.note(&[(ColorRole::Label, "a token would be fetched first; in the call something else stands in its place")]);
        report::print_request(endpoint, request, output);
        output.plain("");
    }
    report::print_request(&dry.endpoint, &dry.signed.request, output);
    output.note(&[(ColorRole::Label, "dry run: nothing was sent")]);
}

/// Adds the token's request, where there is one.
pub fn with_token(mut object: Value, dry: &DryRun, output: &Output) -> Value {
    if let Some((endpoint, request)) = &dry.token {
        object["token_request"] = object::request(endpoint, request, Secrets::Masked(&output.redactor()));
    }
    object
}
