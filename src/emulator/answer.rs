//! The emulator as a pure function of what it keeps, a request and the time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::accounts::Accounts;
use super::authenticate::{Gate, Proof, authenticate};
use super::facts::{Facts, Station};
use super::fault::{Failure, Fault, Faults, TOKEN};
use super::identity::{self, Desk};
use super::ids::Ids;
use super::locked::locked;
use super::nonces::Nonces;
use super::note::Note;
use super::perform::{Act, perform};
use super::refusal::Refusal;
use super::route::{self, Route};
use super::settings::{RegionOf, Settings, SettingsError};
use super::tokens::Tokens;
use super::world::World;
use crate::catalog::{Condition, Provider, nearest};
use crate::form::{Form, Value, decode};
use crate::wire::{Headers, Request, Response};

/// An emulator of several providers, and all that it keeps. It answers several requests at once: each part of what it
/// keeps is held only while it is looked at, so that signatures are verified side by side.
#[derive(Debug)]
pub struct Emulator {
    stations: Vec<Station>,
    accounts: Accounts,
    tokens: Mutex<Tokens>,
    nonces: Mutex<Nonces>,
    world: Mutex<World>,
    faults: Mutex<Faults>,
    ids: Ids,
}

/// What the listener does with a request.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The answer.
    pub response: Response,
    /// How long to wait before it goes out.
    pub delay: Duration,
    /// What is told of it in an access log.
    pub note: Note,
}

/// A request whose operation is known.
struct Arrival<'a> {
    station: &'a Station,
    route: &'a Route,
    request: &'a Request,
    facts: &'a Facts,
}

/// What an access log says of a fault.
const INJECTED: &str = "injected";

impl Emulator {
    /// An emulator of these providers. `seed` is what its identifiers and tokens are made from: 32 random bytes.
    ///
    /// # Errors
    /// [`SettingsError`] when the settings name what is not there.
    pub fn new(providers: &[Arc<Provider>], settings: &Settings, seed: [u8; 32]) -> Result<Self, SettingsError> {
        settings.regions.iter().try_for_each(|region| check_region(region, providers))?;
        let known = || providers.iter().map(|provider| &**provider);
        let faults = settings.faults.iter().map(|fault| Fault::parse(fault, known())).collect::<Result<_, _>>()?;
        Ok(Self {
            stations: providers.iter().map(|provider| station(provider, settings)).collect(),
            accounts: Accounts::new(settings.keys.clone(), settings.users.clone()),
            tokens: Mutex::default(),
            nonces: Mutex::default(),
            world: Mutex::default(),
            faults: Mutex::new(Faults::new(faults)),
            ids: Ids::new(seed),
        })
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
        let station = &self.stations[number];
        let mut facts = Facts::new(station, request, now, &self.ids);
        if identity::owns(station, request.path()) {
            return self.identify(station, request, &facts);
        }
        let route = route::find(&station.provider, request, &mut facts);
        let operation = route.as_ref().ok().map(|route| Arc::clone(&route.operation));
        let name = operation.as_deref().map(|operation| operation.id.as_str());
        let strike = locked(&self.faults).strike(&station.provider.id, name);
        let mut note = Note::new(&facts, name.unwrap_or_default());
        let result = match strike.failure {
            Some(Failure::Status(status)) => {
                INJECTED.clone_into(&mut note.reason);
                Ok(bare(status))
            }
            Some(Failure::Code(code)) => Err(Refusal::injected(&code, &station.provider, operation.as_deref()).because(INJECTED)),
            _ => route.and_then(|route| self.carry_out(&Arrival { station, route: &route, request, facts: &facts }, &mut note)),
        };
        let response = result.unwrap_or_else(|refusal| {
            note.refuse(&refusal, &station.provider, operation.as_deref());
            refusal.render(station, operation.as_deref(), &facts)
        });
        Reply { response, delay: strike.delay, note }
    }

    /// The answer to a request whose body is larger than the listener takes.
    pub fn answer_too_large(&self, number: usize, request: &Request, now: Timestamp) -> Reply {
        let station = &self.stations[number];
        let facts = Facts::new(station, request, now, &self.ids);
        let refusal = Refusal::of(Condition::BodyTooLarge);
        let mut note = Note::new(&facts, "");
        note.refuse(&refusal, &station.provider, None);
        Reply { response: refusal.render(station, None, &facts), delay: Duration::ZERO, note }
    }

    fn identify(&self, station: &Station, request: &Request, facts: &Facts) -> Reply {
        let strike = locked(&self.faults).strike(&station.provider.id, Some(TOKEN));
        let mut note = Note::new(facts, TOKEN);
        let response = if let Some(Failure::Status(status)) = strike.failure {
            INJECTED.clone_into(&mut note.reason);
            bare(status)
        } else {
            let desk = Desk { station, accounts: &self.accounts, tokens: &self.tokens, ids: &self.ids };
            identity::answer(&desk, request, facts)
        };
        Reply { response, delay: strike.delay, note }
    }

    fn carry_out(&self, arrival: &Arrival<'_>, note: &mut Note) -> Result<Response, Refusal> {
        let Arrival { station, route, request, facts } = *arrival;
        let gate = Gate { station, accounts: &self.accounts, tokens: &self.tokens, now: facts.now };
        let Proof { caller, nonce } = authenticate(&gate, request)?;
        note.caller.clone_from(&caller.name);
        // A nonce counts only once its signature holds: nobody can use up another's.
        if nonce.is_some_and(|nonce| !locked(&self.nonces).take(&caller.name, nonce, facts.now)) {
            return Err(Refusal::of(Condition::NonceUsed).because("the nonce was used before"));
        }
        let mut form = decode(&route.operation, request, &route.path)
            .map_err(|error| Refusal::of(Condition::MalformedBody).filled(["body", &error.to_string()]))?;
        forget_unknown_members(&mut form);
        perform(&Act { station, form: &form, caller: &caller, facts }, &self.world, &self.ids)
    }
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

fn station(provider: &Arc<Provider>, settings: &Settings) -> Station {
    Station { provider: Arc::clone(provider), region: settings.region(provider).to_owned() }
}

fn check_region(region: &RegionOf, providers: &[Arc<Provider>]) -> Result<(), SettingsError> {
    if providers.iter().any(|provider| provider.id == region.provider) {
        return Ok(());
    }
    let near = nearest(&region.provider, providers.iter().map(|provider| provider.id.as_str()));
    Err(SettingsError::Provider { name: region.provider.clone(), near })
}

/// A bare answer with a status: what a proxy or a failing gateway sends.
fn bare(status: u16) -> Response {
    let body = if status == 204 || status == 304 { String::new() } else { format!("status {status}, injected by the emulator\n") };
    let headers = Headers::from_iter([("content-type", "text/plain")]);
    Response { version: "HTTP/1.1".into(), status, headers, body: body.into(), ..Response::default() }
}
