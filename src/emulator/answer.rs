//! The emulator as a pure function of what it keeps, a request and the time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::accounts::Accounts;
use super::authenticate::{Gate, Proof, authenticate};
use super::facts::{Facts, Station};
use super::failures::Failures;
use super::fault::{Faults, Occasion, Strike, TOKEN};
use super::gateway;
use super::identity::{self, Desk};
use super::ids::{Fresh, Ids};
use super::inject::{self, Struck};
use super::locked::{Apart, locked};
use super::nonces::Nonces;
use super::note::Note;
use super::perform::{Act, perform};
use super::refusal::Refusal;
use super::route;
use super::settings::{RegionOf, Settings, SettingsError};
use super::tokens::Tokens;
use super::versions;
use super::world::World;
use crate::catalog::{Condition, Provider, nearest};
use crate::form::route::Route;
use crate::form::{DecodeError, Form, Value, decode, decode_flat, flat_parameters};
use crate::wire::{Request, Response};

/// An emulator of several providers, and all that it keeps. It answers several requests at once: each part of what it
/// keeps is held only while it is looked at, so that signatures are verified side by side.
#[derive(Debug)]
pub struct Emulator {
    pub(super) stations: Vec<Station>,
    accounts: Accounts,
    tokens: Apart<Mutex<Tokens>>,
    failures: Apart<Failures>,
    nonces: Apart<Mutex<Nonces>>,
    world: Apart<Mutex<World>>,
    pub(super) faults: Apart<Mutex<Faults>>,
    /// Whether any fault is set: most requests need not ask which.
    pub(super) has_faults: AtomicBool,
    ids: Ids,
}

/// What the listener does with a request.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The answer.
    pub response: Response,
    /// How long to wait before it goes out.
    pub delay: Duration,
    /// How it goes out.
    pub delivery: Delivery,
    /// What is told of it in an access log.
    pub note: Note,
}

/// A request whose operation is known.
struct Arrival<'a> {
    station: &'a Station,
    route: &'a Route<'a>,
    request: &'a Request,
    facts: &'a Facts,
    fresh: &'a Fresh<'a>,
}

/// How an answer goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// As it should.
    Whole,
    /// Not at all: the connection is reset.
    ResetBefore,
    /// Up to a place, at which the connection is reset.
    ResetInside(Place),
    /// Up to a place, at which the connection is closed in good order.
    Truncated(Place),
    /// In its place comes something that is no HTTP.
    NotHttp,
    /// In small pieces.
    Drip {
        /// So many bytes at a time.
        bytes: usize,
        /// So long between them.
        every: Duration,
    },
}

/// A place in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the middle of the head.
    Head,
    /// Behind so many bytes of the body.
    Body(usize),
}

impl Emulator {
    /// An emulator of these providers. `seed` is what its identifiers and tokens are made from: 32 random bytes.
    ///
    /// # Errors
    /// [`SettingsError`] when the settings name what is not there.
    pub fn new(providers: &[Arc<Provider>], settings: &Settings, seed: [u8; 32]) -> Result<Self, SettingsError> {
        settings.regions.iter().try_for_each(|region| check_region(region, providers))?;
        let emulator = Self {
            stations: providers.iter().map(|provider| Station::new(provider, settings.region(provider))).collect(),
            accounts: Accounts::new(settings.keys.clone(), settings.users.clone()),
            tokens: Apart::default(),
            failures: Apart::default(),
            nonces: Apart::default(),
            world: Apart::default(),
            has_faults: AtomicBool::new(false),
            faults: Apart(Mutex::new(Faults::new(settings.fault_seed.unwrap_or_else(|| first_number(&seed))))),
            ids: Ids::new(seed),
        };
        settings.faults.iter().try_for_each(|fault| emulator.set_fault(fault).map(drop))?;
        Ok(emulator)
    }

    /// Goes on from what was kept, and keeps what changes from now on.
    pub(super) fn resume(&mut self, world: World, count: u64) {
        self.world = Apart(Mutex::new(world));
        self.ids.resume(count);
    }

    /// The ids of the providers, in the order in which [`Emulator::answer`] counts them.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.stations.iter().map(|station| station.provider.id.as_str())
    }

    /// Answers a request that arrived for the provider of this number.
    ///
    /// # Panics
    /// When there is no provider of this number.
    pub fn answer(&self, number: usize, request: &Request, now: Timestamp) -> Reply {
        let station = self.stations[number].of_request(request);
        let fresh = self.ids.fresh();
        let mut facts = Facts::new(station, request, now, &fresh);
        if identity::owns(station, request.path()) {
            return self.identify(station, request, facts, &fresh);
        }
        let routed = route::within(station, request);
        if let Some(response) = self.versions(station, request, &routed, &facts) {
            return inject::unharmed(response).noted(Note::default(), facts);
        }
        let route = route::find(&station.router, &routed, &mut facts);
        let operation = route.as_ref().ok().map(|route| &**route.operation);
        let name = operation.map(|operation| operation.id.as_str());
        let strike = self.strike(station, name, &mut facts);
        let mut note = Note::of(route.as_ref().map(|route| route.name).unwrap_or_default());
        let struck = Struck { station, operation, facts: &facts };
        let mut response = struck.instead(&strike).unwrap_or_else(|| {
            let result = route
                .and_then(|route| self.carry_out(&Arrival { station, route: &route, request, facts: &facts, fresh: &fresh }, &mut note));
            result.unwrap_or_else(|refusal| {
                note.refuse(&refusal, &station.provider, operation);
                refusal.render(station, operation, &facts)
            })
        });
        note.strike(&strike);
        gateway::finish(&mut response, facts.form, &facts.action);
        inject::reply(response, strike, facts.now).noted(note, facts)
    }

    /// The answer to a request whose body is larger than the listener takes.
    pub fn answer_too_large(&self, number: usize, request: &Request, now: Timestamp) -> Reply {
        let station = self.stations[number].of_request(request);
        let facts = Facts::new(station, request, now, &self.ids.fresh());
        let refusal = Refusal::of(Condition::BodyTooLarge);
        let mut note = Note::default();
        note.refuse(&refusal, &station.provider, None);
        let mut response = refusal.render(station, None, &facts);
        gateway::finish(&mut response, facts.form, &facts.action);
        inject::unharmed(response).noted(note, facts)
    }

    /// The answer to a question for SWR's versions. Anybody may ask; but who proves something must prove it right.
    fn versions(&self, station: &Station, request: &Request, routed: &Request, facts: &Facts) -> Option<Response> {
        let response = versions::answer(routed, facts).filter(|_| station.has_tokens())?;
        if !facts.is_signed && !request.headers.contains("x-auth-token") {
            return Some(response);
        }
        let refusal = authenticate(&self.gate(station, facts), request).err();
        Some(refusal.map_or(response, |refusal| refusal.render(station, None, facts)))
    }

    fn gate<'a>(&'a self, station: &'a Station, facts: &Facts) -> Gate<'a> {
        Gate { station, accounts: &self.accounts, tokens: &self.tokens, failures: &self.failures, now: facts.now }
    }

    fn identify(&self, station: &Station, request: &Request, mut facts: Facts, fresh: &Fresh<'_>) -> Reply {
        let strike = self.strike(station, Some(TOKEN), &mut facts);
        let mut note = Note::of(TOKEN.into());
        let response = Struck { station, operation: None, facts: &facts }.instead(&strike).unwrap_or_else(|| {
            let desk = Desk { station, accounts: &self.accounts, tokens: &self.tokens, failures: &self.failures, ids: fresh };
            identity::answer(&desk, request, &facts)
        });
        note.strike(&strike);
        inject::reply(response, strike, facts.now).noted(note, facts)
    }

    /// What strikes a request. The clock by which it is judged, and the tokens that hold, are those of the strike.
    fn strike(&self, station: &Station, operation: Option<&str>, facts: &mut Facts) -> Strike {
        if !self.has_faults.load(Ordering::Acquire) {
            return Strike::default();
        }
        let strike = locked(&self.faults).strike(&Occasion { provider: &station.provider, operation, now: facts.now });
        facts.now = facts.now.saturating_add(strike.clock).unwrap_or(facts.now);
        if strike.revoke {
            locked(&self.tokens).forget(&station.provider.id);
        }
        strike
    }

    fn carry_out(&self, arrival: &Arrival<'_>, note: &mut Note) -> Result<Response, Refusal> {
        let Arrival { station, route, request, facts, fresh } = *arrival;
        let Proof { caller, nonce } = authenticate(&self.gate(station, facts), request)?;
        note.caller = caller.name.as_str().into();
        // A nonce counts only once its signature holds: nobody can use up another's.
        if nonce.is_some_and(|nonce| !locked(&self.nonces).take(&caller.name, &nonce, facts.now)) {
            return Err(Refusal::of(Condition::NonceUsed).because("the nonce was used before"));
        }
        let mut form = read_form(route, request)?;
        forget_unknown_members(&mut form);
        perform(&Act { station, form: &form, caller: &caller, facts }, &self.world, fresh)
    }
}

impl Reply {
    /// The same with a note of the request.
    fn noted(self, note: Note, facts: Facts) -> Self {
        Self { note: Note { request_id: facts.request_id, ..note }, ..self }
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

/// A number from the first bytes of a seed.
fn first_number(seed: &[u8; 32]) -> u64 {
    seed.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
