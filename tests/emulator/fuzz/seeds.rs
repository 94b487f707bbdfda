//! Where mutation starts: what SDKs sent, and freshly signed calls of every operation.

use std::sync::LazyLock;

use jiff::Timestamp;
use skydeck::auth::AccessKey;
use skydeck::catalog::{Operation, Parameter};
use skydeck::wire::Request;

use super::Dice;
use crate::captured;
use crate::lab::{Lab, PROVIDERS, Signer};
use crate::pure::{Pure, noon, number};

/// A request that is good.
#[derive(Debug)]
pub struct Seed {
    /// What it is.
    pub name: String,
    /// The provider's number.
    pub provider: usize,
    /// The key it is signed with.
    pub key: AccessKey,
    /// When it is good.
    pub now: Timestamp,
    /// The request.
    pub request: Request,
}

static LAB: LazyLock<Lab> = LazyLock::new(|| Pure::demo().lab);
static UNSIGNED: LazyLock<Vec<Seed>> = LazyLock::new(|| PROVIDERS.iter().flat_map(|id| plans(id)).collect());
static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let fresh = UNSIGNED.iter().map(|seed| {
        let request = signed(seed, seed.request.clone(), &mut Dice::new(1, 1));
        Seed { name: seed.name.clone(), key: seed.key.clone(), request, ..*seed }
    });
    fresh.chain(captured::ALL.iter().map(of_sdk)).collect()
});

/// Every good request.
pub fn seeds() -> &'static [Seed] {
    &SEEDS
}

/// The fresh ones before they are signed.
pub fn unsigned() -> &'static [Seed] {
    &UNSIGNED
}

/// Signs a request as the seed's provider wants it; what cannot be signed goes as it is.
pub fn signed(seed: &Seed, request: Request, dice: &mut Dice) -> Request {
    let signer = Signer { key: seed.key.clone(), now: seed.now, nonce: Some(format!("{:032x}", dice.next())) };
    signer.try_sign(&LAB, PROVIDERS[seed.provider], request.clone()).unwrap_or(request)
}

fn of_sdk(one: &captured::Captured) -> Seed {
    let accepted: skydeck::emulator::AcceptedKey = one.key.parse().unwrap();
    Seed { name: one.name.clone(), provider: one.provider, key: accepted.key, now: one.now, request: one.request.clone() }
}

/// Calls of every operation: with all parameters, and with those alone that it needs.
fn plans(id: &str) -> Vec<Seed> {
    let provider = LAB.provider(id);
    let all = provider.operations.iter().flat_map(|operation| [plan(id, operation, false), plan(id, operation, true)]);
    all.collect()
}

fn plan(id: &str, operation: &Operation, all: bool) -> Seed {
    let wanted = operation.parameters.iter().filter(|parameter| all || parameter.required);
    let arguments: Vec<String> = wanted.filter_map(argument).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Seed {
        name: format!("{id} {}", operation.id),
        provider: number(id),
        key: LAB.signer(id).key,
        now: noon(),
        request: LAB.plan_of(id, &operation.id, &arguments),
    }
}

fn argument(parameter: &Parameter) -> Option<String> {
    let example = serde_json::to_value(parameter.example.as_ref()?).ok()?;
    Some(match example.as_str() {
        Some(text) => format!("{}={text}", parameter.name),
        None => format!("{}:={example}", parameter.name),
    })
}
