//! The emulator without sockets and clock: a request and a time go in, an answer comes out.

use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use skydeck::catalog::{Catalog, Provider};
use skydeck::emulator::{Emulator, Settings};
use skydeck::wire::{Headers, Request, Response};

use crate::lab::{Lab, PROVIDERS, good, texts};

static CATALOG: LazyLock<Vec<Arc<Provider>>> = LazyLock::new(|| Catalog::built_in().providers().cloned().collect());

/// The time at which everything begins.
pub fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// An emulator of all providers.
pub struct Pure {
    /// Signs.
    pub lab: Lab,
    /// Answers.
    pub emulator: Emulator,
}

impl Pure {
    /// One with the demo's keys and users.
    pub fn demo() -> Self {
        Self::with(&Settings::default())
    }

    /// One with other settings.
    pub fn with(settings: &Settings) -> Self {
        let addresses = PROVIDERS.map(|id| (id.to_owned(), "127.0.0.1:4010".parse().unwrap()));
        Self { lab: Lab::at(addresses.into()), emulator: emulator(settings) }
    }

    /// Signs a call of an operation.
    pub fn sign(&self, id: &str, operation: &str, arguments: &[&str], now: Timestamp) -> Request {
        let mut signer = self.lab.signer(id);
        signer.now = now;
        signer.sign(&self.lab, id, self.lab.plan_of(id, operation, arguments))
    }

    /// Signs and answers a call.
    pub fn call(&mut self, id: &str, operation: &str, arguments: &[&str], now: Timestamp) -> Response {
        let request = self.sign(id, operation, arguments, now);
        self.answer(id, &request, now)
    }

    /// Answers a request.
    pub fn answer(&mut self, id: &str, request: &Request, now: Timestamp) -> Response {
        self.emulator.answer(number(id), request, now).response
    }

    /// Fetches a token of the demo's user.
    pub fn token(&mut self, id: &str, now: Timestamp) -> String {
        let (domain, project) =
            if id == "otc-swr" { ("OTC-EU-DE-00000000001000000DEMO", "eu-de") } else { ("skydeck-demo-eu", "eu-west-101") };
        let user = serde_json::json!({"name": "demo", "password": "Skydeck-Demo-1", "domain": {"name": domain}});
        let identity = serde_json::json!({"methods": ["password"], "password": {"user": user}});
        let body: Value = serde_json::json!({"auth": {"identity": identity, "scope": {"project": {"name": project}}}});
        let request = Request { body: body.to_string().into(), ..bare("POST", "/v3/auth/tokens") };
        let answer = self.answer(id, &request, now);
        answer.headers.get_str("x-subject-token").unwrap().to_owned()
    }
}

/// The number of a provider.
pub fn number(id: &str) -> usize {
    PROVIDERS.iter().position(|known| *known == id).unwrap()
}

/// An emulator with the same identifiers in every run.
pub fn emulator(settings: &Settings) -> Emulator {
    Emulator::new(&CATALOG, settings, [7; 32]).unwrap()
}

/// A request without credentials.
pub fn bare(method: &str, target: &str) -> Request {
    let headers = Headers::from_iter([("host", "127.0.0.1:4010"), ("content-type", "application/json")]);
    Request { method: method.into(), target: target.into(), headers, ..Request::default() }
}

#[test]
fn renews_an_expired_token() {
    for id in ["huawei-swr", "otc-swr"] {
        let mut pure = Pure::demo();
        let token = pure.token(id, noon());
        let mut request = bare("GET", "/v2/manage/namespaces");
        request.headers.push("x-auth-token", token.clone());
        let later = |hours, seconds| noon() + SignedDuration::from_hours(hours) + SignedDuration::from_secs(seconds);
        assert_eq!(pure.answer(id, &request, later(24, -1)).status, 200);
        let refused = pure.answer(id, &request, later(24, 0));
        assert_eq!((refused.status, crate::lab::code(&refused).as_str()), (401, "APIGW.0307"), "{refused:?}");
        assert_eq!(crate::lab::message(&refused), "The token must be updated.");
        request.headers.set("x-auth-token", pure.token(id, later(24, 0)));
        assert_eq!(pure.answer(id, &request, later(24, 0)).status, 200);
    }
}

/// How long each of some calls takes, at best, in microseconds.
fn pace(pure: &mut Pure, operation: &str, arguments: &dyn Fn(usize) -> Vec<String>, from: usize) -> f64 {
    let requests: Vec<Request> =
        (from..from + 60).map(|number| pure.sign("alibaba-pai", operation, &texts(&arguments(number)), noon())).collect();
    let mut times: Vec<f64> = requests
        .iter()
        .map(|request| {
            let start = std::time::Instant::now();
            let answer = pure.answer("alibaba-pai", request, noon());
            let time = start.elapsed().as_secs_f64() * 1e6;
            assert_eq!(answer.status, 200, "{answer:?}");
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 4]
}

/// The paces of create, get, update and change of the default, among the 60 that are there at least.
fn paces(pure: &mut Pure, ids: &[String], from: usize) -> [f64; 4] {
    let this = |number: usize| format!("WorkspaceId={}", ids[number * 7919 % ids.len()]);
    [
        pace(pure, "CreateWorkspace", &|number| good("alibaba-pai", &format!("w_{number}")), from),
        pace(pure, "GetWorkspace", &|number| vec![this(number)], 0),
        pace(pure, "UpdateWorkspace", &|number| vec![this(number), format!("Description=d{number}")], 0),
        pace(pure, "UpdateDefaultWorkspace", &|number| vec![this(number)], 0),
    ]
}

#[test]
fn serves_many_connections_at_speed() {
    let crowd: usize = std::env::var("SKYDECK_CROWD").map_or(2000, |crowd| crowd.parse().unwrap());
    let mut pure = Pure::demo();
    let mut ids = Vec::new();
    let mut fill = |pure: &mut Pure, until: usize| {
        for number in ids.len()..until {
            let answer = pure.call("alibaba-pai", "CreateWorkspace", &texts(&good("alibaba-pai", &format!("v_{number}"))), noon());
            ids.push(crate::lab::json(&answer)["WorkspaceId"].as_str().unwrap().to_owned());
        }
        ids.clone()
    };
    let few = fill(&mut pure, 60);
    let alone = paces(&mut pure, &few, 0);
    let many = fill(&mut pure, crowd);
    let crowded = paces(&mut pure, &many, 60);
    println!("microseconds of create, get, update, new default among 60: {alone:.0?}, among {crowd}: {crowded:.0?}");
    // A scan would cost as many times more as there are more of them.
    for (one, other) in alone.iter().zip(crowded) {
        assert!(other < one * 6.0 + 300.0, "{alone:?} {crowded:?}");
    }
}
