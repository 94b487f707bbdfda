//! The emulator as a pure function of what it keeps, a request and the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_utils::CachePadded;
use jiff::Timestamp;
use parking_lot::Mutex;

use super::access::Note;
use super::auth::accounts::Accounts;
use super::auth::authenticate::{AuthenticatedCaller, AuthenticationContext, authenticate};
use super::auth::failures::Failures;
use super::auth::nonces::Nonces;
use super::auth::tokens::Tokens;
use super::fault::inject::{self, FaultTarget};
use super::fault::{AppliedFaults, FaultCandidate, Faults, TOKEN};
use super::gateway;
use super::identity;
use super::ids::Ids;
use super::refusal::Refusal;
use super::reply::Reply;
use super::request_context::{ProviderContext, RequestContext};
use super::resources::context::OperationContext;
use super::resources::perform::perform;
use super::resources::store::ResourceStore;
use super::route;
use super::settings::{RegionOf, Settings, SettingsError};
use super::versions;
use crate::catalog::{Condition, Provider};
use crate::form::route::Route;
use crate::form::{DecodeError, Form, Value, decode, decode_flat, flat_parameters};
use crate::text::nearest;
use crate::wire::{Request, Response};

/// An emulator of several providers, and all that it keeps. It answers several requests at once: each part of what it
/// keeps is held only while it is looked at, so that signatures are verified side by side.
#[derive(Debug)]
pub struct Emulator {
    pub(super) provider_contexts: Vec<ProviderContext>,
    accounts: Accounts,
    tokens: CachePadded<Mutex<Tokens>>,
    failures: CachePadded<Failures>,
    nonces: CachePadded<Mutex<Nonces>>,
    resource_store: CachePadded<Mutex<ResourceStore>>,
    pub(super) faults: CachePadded<Mutex<Faults>>,
    /// `true` while any fault is set: most requests need not take the lock.
    pub(super) has_faults: AtomicBool,
    ids: Ids,
}

impl Emulator {
    /// Creates an emulator of these providers. `seed` is what its identifiers and tokens are made from: 32 random bytes.
    ///
    /// # Errors
    /// [`SettingsError`] when the settings name what is not there.
    pub fn new(providers: &[Arc<Provider>], settings: &Settings, seed: [u8; 32]) -> Result<Self, SettingsError> {
        settings.regions.iter().try_for_each(|region| check_region(region, providers))?;
        let emulator = Self {
            provider_contexts: providers.iter().map(|provider| ProviderContext::new(provider, settings.region(provider))).collect(),
            accounts: Accounts::new(settings.keys.clone(), settings.users.clone()),
            tokens: CachePadded::default(),
            failures: CachePadded::default(),
            nonces: CachePadded::default(),
            resource_store: CachePadded::default(),
            has_faults: AtomicBool::new(false),
            faults: CachePadded::new(Mutex::new(Faults::new(
                settings.fault_seed.unwrap_or_else(|| seed.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))),
            ))),
            ids: Ids::new(seed),
        };
        settings.faults.iter().try_for_each(|fault| emulator.set_fault(fault).map(drop))?;
        Ok(emulator)
    }

    /// Goes on from what was kept, and keeps what changes from now on.
    pub(super) fn resume(&mut self, resource_store: ResourceStore, count: u64) {
        self.resource_store = CachePadded::new(Mutex::new(resource_store));
        self.ids.resume(count);
    }

    /// Returns the ids of the providers, in the order in which [`Emulator::answer`] counts them.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.provider_contexts.iter().map(|provider_context| provider_context.provider.id.as_str())
    }

    /// Answers a request that arrived for the provider of this number.
    ///
    /// # Panics
    /// When there is no provider of this number.
    pub fn answer(&self, number: usize, request: &Request, now: Timestamp) -> Reply {
        let mut context = self.context(number, request, now);
        if identity::owns(context.provider_context, request.path()) {
            return self.identify(request, context);
        }
        let routed = route::normalize_path(context.provider_context, request);
        if let Some(response) = self.versions(request, &routed, &context) {
            return inject::unchanged(response).with_note(Note::default(), context);
        }
        let route = route::find(&mut context, &routed);
        let operation = route.as_ref().ok().map(|route| &**route.operation);
        let applied = self.apply_faults(operation.map(|operation| operation.id.as_str()), &mut context);
        let mut note = Note::of(route.as_ref().map(|route| route.name).unwrap_or_default());
        let target = FaultTarget { operation, context: &context };
        let mut response = target.replacement_response(&applied).unwrap_or_else(|| {
            let result = route.and_then(|route| self.carry_out(&route, request, &context, &mut note));
            result.unwrap_or_else(|refusal| {
                note.refuse(&refusal, &context.provider_context.provider, operation);
                refusal.render(operation, &context)
            })
        });
        note.inject(&applied);
        gateway::finish(&mut response, context.form, &context.action);
        inject::reply(response, applied, context.now).with_note(note, context)
    }

    /// Returns the answer to a request whose body is larger than the listener takes.
    pub fn answer_too_large(&self, number: usize, request: &Request, now: Timestamp) -> Reply {
        let context = self.context(number, request, now);
        let refusal = Refusal::for_condition(Condition::BodyTooLarge);
        let mut note = Note::default();
        note.refuse(&refusal, &context.provider_context.provider, None);
        let mut response = refusal.render(None, &context);
        gateway::finish(&mut response, context.form, &context.action);
        inject::unchanged(response).with_note(note, context)
    }

    fn context(&self, number: usize, request: &Request, now: Timestamp) -> RequestContext<'_> {
        RequestContext::new(self.provider_contexts[number].of_request(request), request, now, self.ids.next_batch())
    }

    /// Returns the answer to a question for SWR's versions. Anybody may ask; but who proves something must prove it right.
    fn versions(&self, request: &Request, routed: &Request, context: &RequestContext<'_>) -> Option<Response> {
        let response = versions::answer(routed, context).filter(|_| context.provider_context.has_tokens())?;
        if !context.is_signed && !request.headers.contains("x-auth-token") {
            return Some(response);
        }
        let refusal = authenticate(&self.authentication(context), request).err();
        Some(refusal.map_or(response, |refusal| refusal.render(None, context)))
    }

    fn authentication<'a>(&'a self, context: &'a RequestContext<'a>) -> AuthenticationContext<'a> {
        AuthenticationContext { context, accounts: &self.accounts, tokens: &self.tokens, failures: &self.failures }
    }

    fn identify(&self, request: &Request, mut context: RequestContext<'_>) -> Reply {
        let applied = self.apply_faults(Some(TOKEN), &mut context);
        let mut note = Note::of(TOKEN.into());
        let target = FaultTarget { operation: None, context: &context };
        let response = target.replacement_response(&applied).unwrap_or_else(|| identity::answer(&self.authentication(&context), request));
        note.inject(&applied);
        inject::reply(response, applied, context.now).with_note(note, context)
    }

    /// Returns the faults that apply to a request. The clock by which it is judged, and the tokens that hold, are theirs.
    fn apply_faults(&self, operation: Option<&str>, context: &mut RequestContext<'_>) -> AppliedFaults {
        if !self.has_faults.load(Ordering::Acquire) {
            return AppliedFaults::default();
        }
        let provider = &context.provider_context.provider;
        let applied = self.faults.lock().apply(&FaultCandidate { provider, operation, now: context.now });
        context.now = context.now.saturating_add(applied.clock).unwrap_or(context.now);
        if applied.revoke {
            self.tokens.lock().forget(&provider.id);
        }
        applied
    }

    fn carry_out(&self, route: &Route<'_>, request: &Request, context: &RequestContext<'_>, note: &mut Note) -> Result<Response, Refusal> {
        let AuthenticatedCaller { caller, nonce } = authenticate(&self.authentication(context), request)?;
        note.caller = caller.name.as_str().into();
        // A nonce counts only once its signature holds: nobody can use up another's.
        if nonce.is_some_and(|nonce| !self.nonces.lock().take(&caller.name, &nonce, context.now)) {
            return Err(Refusal::for_condition(Condition::NonceUsed).with_reason("the nonce was used before"));
        }
        let mut form = read_form(route, request)?;
        forget_unknown_members(&mut form);
        perform(&OperationContext { form: &form, caller: &caller, request: context }, &self.resource_store)
    }
}

/// Reads the parameters of a request from where it has them.
fn read_form(route: &Route<'_>, request: &Request) -> Result<Form, Refusal> {
    if route.is_flat {
        return Ok(decode_flat(route.operation, &flat_parameters(request)));
    }
    let malformed =
        |error: DecodeError| Refusal::for_condition(Condition::MalformedBody).with_values(["body"]).with_reason(error.to_string());
    decode(route.operation, request, &route.path).map_err(malformed)
}

/// Drops the members of objects that the catalog does not know, as a service does with those of the body.
fn forget_unknown_members(form: &mut Form) {
    for (parameter, value) in form.operation.parameters.iter().zip(&mut form.values) {
        if let Value::Rows(rows) = value {
            let known = |name: &str| parameter.members.iter().any(|member| member.name == name);
            for row in rows {
                row.retain(|(name, _)| known(name));
            }
        }
    }
}

fn check_region(region: &RegionOf, providers: &[Arc<Provider>]) -> Result<(), SettingsError> {
    if providers.iter().any(|provider| provider.id == region.provider) {
        return Ok(());
    }
    let near = nearest(&region.provider, providers.iter().map(|provider| provider.id.as_str()));
    Err(SettingsError::Provider { name: region.provider.clone(), near })
}
