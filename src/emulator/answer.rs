//! The emulator as a pure function of what it keeps, a request and the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_utils::CachePadded;
use jiff::Timestamp;
use parking_lot::Mutex;

use super::auth::accounts::Accounts;
use super::auth::authenticate::{AuthenticatedCaller, AuthenticationContext, authenticate};
use super::auth::failures::Failures;
use super::auth::nonces::Nonces;
use super::auth::tokens::Tokens;
use super::fault::inject::{self, FaultTarget};
use super::fault::{AppliedFaults, FaultCandidate, Faults, TOKEN};
use super::gateway;
use super::identity::{self, IdentityService};
use super::ids::{FreshIds, Ids};
use super::note::Note;
use super::refusal::Refusal;
use super::reply::Reply;
use super::request_context::{ProviderContext, RequestContext};
use super::resources::perform::{OperationContext, perform};
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
    /// Whether any fault is set: most requests need not ask which.
    pub(super) has_faults: AtomicBool,
    ids: Ids,
}

/// A request whose operation is known.
struct RoutedRequest<'a> {
    provider_context: &'a ProviderContext,
    route: &'a Route<'a>,
    request: &'a Request,
    request_context: &'a RequestContext,
    fresh: &'a FreshIds<'a>,
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
            faults: CachePadded::new(Mutex::new(Faults::new(settings.fault_seed.unwrap_or_else(|| first_number(&seed))))),
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
        let provider_context = self.provider_contexts[number].of_request(request);
        let fresh = self.ids.fresh();
        let mut request_context = RequestContext::new(provider_context, request, now, &fresh);
        if identity::owns(provider_context, request.path()) {
            return self.identify(provider_context, request, request_context, &fresh);
        }
        let routed = route::within(provider_context, request);
        if let Some(response) = self.versions(provider_context, request, &routed, &request_context) {
            return inject::unharmed(response).noted(Note::default(), request_context);
        }
        let route = route::find(&provider_context.router, &routed, &mut request_context);
        let operation = route.as_ref().ok().map(|route| &**route.operation);
        let name = operation.map(|operation| operation.id.as_str());
        let strike = self.strike(provider_context, name, &mut request_context);
        let mut note = Note::of(route.as_ref().map(|route| route.name).unwrap_or_default());
        let strike_count = FaultTarget { provider_context, operation, request_context: &request_context };
        let mut response = strike_count.instead(&strike).unwrap_or_else(|| {
            let result = route.and_then(|route| {
                self.carry_out(
                    &RoutedRequest { provider_context, route: &route, request, request_context: &request_context, fresh: &fresh },
                    &mut note,
                )
            });
            result.unwrap_or_else(|refusal| {
                note.refuse(&refusal, &provider_context.provider, operation);
                refusal.render(provider_context, operation, &request_context)
            })
        });
        note.strike(&strike);
        gateway::finish(&mut response, request_context.form, &request_context.action);
        inject::reply(response, strike, request_context.now).noted(note, request_context)
    }

    /// Returns the answer to a request whose body is larger than the listener takes.
    pub fn answer_too_large(&self, number: usize, request: &Request, now: Timestamp) -> Reply {
        let provider_context = self.provider_contexts[number].of_request(request);
        let request_context = RequestContext::new(provider_context, request, now, &self.ids.fresh());
        let refusal = Refusal::of(Condition::BodyTooLarge);
        let mut note = Note::default();
        note.refuse(&refusal, &provider_context.provider, None);
        let mut response = refusal.render(provider_context, None, &request_context);
        gateway::finish(&mut response, request_context.form, &request_context.action);
        inject::unharmed(response).noted(note, request_context)
    }

    /// Returns the answer to a question for SWR's versions. Anybody may ask; but who proves something must prove it right.
    fn versions(
        &self,
        provider_context: &ProviderContext,
        request: &Request,
        routed: &Request,
        request_context: &RequestContext,
    ) -> Option<Response> {
        let response = versions::answer(routed, request_context).filter(|_| provider_context.has_tokens())?;
        if !request_context.is_signed && !request.headers.contains("x-auth-token") {
            return Some(response);
        }
        let refusal = authenticate(&self.gate(provider_context, request_context), request).err();
        Some(refusal.map_or(response, |refusal| refusal.render(provider_context, None, request_context)))
    }

    fn gate<'a>(&'a self, provider_context: &'a ProviderContext, request_context: &RequestContext) -> AuthenticationContext<'a> {
        AuthenticationContext {
            provider_context,
            accounts: &self.accounts,
            tokens: &self.tokens,
            failures: &self.failures,
            now: request_context.now,
        }
    }

    fn identify(
        &self,
        provider_context: &ProviderContext,
        request: &Request,
        mut request_context: RequestContext,
        fresh: &FreshIds<'_>,
    ) -> Reply {
        let strike = self.strike(provider_context, Some(TOKEN), &mut request_context);
        let mut note = Note::of(TOKEN.into());
        let response =
            FaultTarget { provider_context, operation: None, request_context: &request_context }.instead(&strike).unwrap_or_else(|| {
                let identity_service = IdentityService {
                    provider_context,
                    accounts: &self.accounts,
                    tokens: &self.tokens,
                    failures: &self.failures,
                    ids: fresh,
                };
                identity::answer(&identity_service, request, &request_context)
            });
        note.strike(&strike);
        inject::reply(response, strike, request_context.now).noted(note, request_context)
    }

    /// Returns what strikes a request. The clock by which it is judged, and the tokens that hold, are those of the strike.
    fn strike(&self, provider_context: &ProviderContext, operation: Option<&str>, request_context: &mut RequestContext) -> AppliedFaults {
        if !self.has_faults.load(Ordering::Acquire) {
            return AppliedFaults::default();
        }
        let strike =
            self.faults.lock().strike(&FaultCandidate { provider: &provider_context.provider, operation, now: request_context.now });
        request_context.now = request_context.now.saturating_add(strike.clock).unwrap_or(request_context.now);
        if strike.revoke {
            self.tokens.lock().forget(&provider_context.provider.id);
        }
        strike
    }

    fn carry_out(&self, arrival: &RoutedRequest<'_>, note: &mut Note) -> Result<Response, Refusal> {
        let RoutedRequest { provider_context, route, request, request_context, fresh } = *arrival;
        let AuthenticatedCaller { caller, nonce } = authenticate(&self.gate(provider_context, request_context), request)?;
        note.caller = caller.name.as_str().into();
        // A nonce counts only once its signature holds: nobody can use up another's.
        if nonce.is_some_and(|nonce| !self.nonces.lock().take(&caller.name, &nonce, request_context.now)) {
            return Err(Refusal::of(Condition::NonceUsed).because("the nonce was used before"));
        }
        let mut form = read_form(route, request)?;
        forget_unknown_members(&mut form);
        perform(&OperationContext { provider_context, form: &form, caller: &caller, request_context }, &self.resource_store, fresh)
    }
}

/// Reads the parameters of a request from where it has them.
fn read_form(route: &Route<'_>, request: &Request) -> Result<Form, Refusal> {
    if route.is_flat {
        return Ok(decode_flat(route.operation, &flat_parameters(request)));
    }
    let malformed = |error: DecodeError| Refusal::of(Condition::MalformedBody).filled(["body"]).because(error.to_string());
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

/// Returns a number from the first bytes of a seed.
fn first_number(seed: &[u8; 32]) -> u64 {
    seed.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
