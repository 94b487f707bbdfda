//! What answering one signed create costs inside the process: CPU time of `Emulator::answer`, by scheme, on one thread and on two at
//! once, which get into each other's way. No sockets.
//!
//! ```text
//! cargo bench --bench answer                    all four
//! cargo bench --bench answer -- ACS3            only these (ACS3, Volcengine, SDK-HMAC, token)
//! ```

use std::env;
use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use serde_json::json;
use skydeck::auth::{self, AccessKey, Credentials, Scheme, Scope, SigningInputs};
use skydeck::catalog::{Catalog, Provider};
use skydeck::emulator::{Emulator, Settings};
use skydeck::form::{Assignment, Form, assign, plan};
use skydeck::wire::{Headers, Request};

/// Creates of each scheme in a round, each of a new name.
const CREATES: usize = 20_000;

/// How often each scheme is measured: the least counts, since everything else that happens only adds.
const ROUNDS: usize = 5;

/// So many that no quota is reached: the smallest of the catalog is 5.
const ACCOUNTS: usize = CREATES / 5;

/// One scheme: its name, its provider, the operation, and the parameter that has the new name.
struct Kind(&'static str, Scheme, &'static str, &'static str, &'static str);

const KINDS: [Kind; 4] = [
    Kind("ACS3", Scheme::Acs3, "alibaba-sae", "CreateNamespace", "NameSpaceShortId"),
    Kind("Volcengine", Scheme::Volcengine, "volcengine-id", "CreateNamespace", "NamespaceName"),
    Kind("SDK-HMAC", Scheme::SdkHmac, "huawei-swr", "CreateOrganization", "namespace"),
    Kind("token", Scheme::IamToken, "otc-swr", "CreateOrganization", "namespace"),
];

fn main() -> Result<()> {
    let (switches, wanted): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with('-'));
    if !switches.iter().any(|switch| switch == "--bench") {
        println!("nothing measured: this is for `cargo bench`");
        return Ok(());
    }
    for kind in KINDS.iter().filter(|kind| wanted.is_empty() || wanted.iter().any(|name| name == kind.0)) {
        let [alone, together] = [1, 2].map(|threads| least(kind, threads));
        println!("{:<12}{:>6.2} µs of CPU for a create, {:>6.2} µs on two threads at once", kind.0, alone?, together?);
    }
    Ok(())
}

/// Microseconds that one create takes, in the best of the rounds.
fn least(kind: &Kind, threads: usize) -> Result<f64> {
    let costs = (0..ROUNDS).map(|_| round(kind, threads)).collect::<Result<Vec<_>>>()?;
    Ok(costs.into_iter().fold(f64::INFINITY, f64::min))
}

/// Microseconds that one create takes when so many threads share the work.
fn round(kind: &Kind, threads: usize) -> Result<f64> {
    let providers: Vec<Arc<Provider>> = Catalog::built_in().providers().cloned().collect();
    let number = providers.iter().position(|provider| provider.id == kind.2).context("no such provider")?;
    let emulator = Emulator::new(&providers, &settings()?, [7; 32])?;
    let credentials = (0..ACCOUNTS).map(|account| credentials(kind, &emulator, number, account)).collect::<Result<Vec<_>>>()?;
    let sign = |at: usize| signed(kind, &providers[number], &credentials[at % ACCOUNTS], at);
    let requests = (0..CREATES).map(sign).collect::<Result<Vec<_>>>()?;
    let answered = |share: &[Request]| answer(&emulator, number, share);
    let costs: Vec<_> = thread::scope(|scope| {
        let shares: Vec<_> = requests.chunks(CREATES / threads).map(|share| scope.spawn(|| answered(share))).collect();
        shares.into_iter().map(|share| share.join().unwrap_or_else(|_| bail!("a thread has panicked"))).collect()
    });
    let nanoseconds: f64 = costs.into_iter().sum::<Result<f64>>()?;
    Ok(nanoseconds / 1e3 / f64::from(u32::try_from(requests.len())?))
}

/// Answers requests, and gives the nanoseconds of CPU that it took.
fn answer(emulator: &Emulator, number: usize, requests: &[Request]) -> Result<f64> {
    let (now, before) = (Timestamp::now(), cpu()?);
    for request in requests {
        let reply = black_box(emulator.answer(number, request, now));
        ensure!(reply.response.status < 300, "refused: {:?}", reply.response);
    }
    Ok(cpu()? - before)
}

/// Nanoseconds that this thread has run.
fn cpu() -> Result<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").context("the system does not tell")?;
    Ok(text.split_whitespace().next().context("no figure")?.parse()?)
}

fn settings() -> Result<Settings> {
    let keys = (0..ACCOUNTS).map(|account| format!("{}:{}", key_id(account), secret(account)).parse());
    let users = (0..ACCOUNTS).map(|account| format!("load{account}:pass:LOAD{account}:eu-de").parse());
    Ok(Settings { keys: keys.collect::<Result<_, _>>()?, users: users.collect::<Result<_, _>>()?, ..Settings::default() })
}

fn key_id(account: usize) -> String {
    format!("LTAI5tLoadKey{account:06}")
}

fn secret(account: usize) -> String {
    format!("LoadSecret{account:020}")
}

fn credentials(kind: &Kind, emulator: &Emulator, number: usize, account: usize) -> Result<Credentials> {
    if kind.1 != Scheme::IamToken {
        let key = AccessKey { id: key_id(account), secret: secret(account).into(), token: None, project_id: None };
        return Ok(Credentials::AccessKey(key));
    }
    let user = json!({"name": format!("load{account}"), "password": "pass", "domain": {"name": format!("LOAD{account}")}});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let body = json!({"auth": {"identity": identity, "scope": {"project": {"name": "eu-de"}}}}).to_string();
    let request = Request { method: "POST".into(), target: "/v3/auth/tokens".into(), headers: Headers::new(), body: body.into() };
    let response = emulator.answer(number, &request, Timestamp::now()).response;
    Ok(Credentials::Token(response.headers.get_str("x-subject-token").context("no token")?.to_owned().into()))
}

fn signed(kind: &Kind, provider: &Arc<Provider>, credentials: &Credentials, at: usize) -> Result<Request> {
    let mut form = Form::new(Arc::clone(provider.operation(kind.3).context("no such operation")?));
    let mut given = vec![Assignment::Text(kind.4.into(), format!("n{at}"))];
    if kind.1 == Scheme::Acs3 {
        given.push(Assignment::Text("NamespaceName".into(), "Orders".into()));
    }
    assign(&mut form, &given)?;
    let endpoint = "http://127.0.0.1:8700".parse()?;
    let plain = plan(provider, &form, &endpoint)?.request;
    let moment = SigningInputs { now: Timestamp::now(), nonce: format!("{at:032x}") };
    let scope = Scope { region: &provider.default_region, service: &provider.service };
    let mut request = auth::sign(kind.1, plain, credentials, scope, &moment, &[])?.request;
    // As the listener hands it on: hyper has every name in lower case.
    request.headers = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec())).collect();
    Ok(request)
}
