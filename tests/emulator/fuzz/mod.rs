//! Fuzzing: random and mutated requests, against the emulator as a function and, fewer, through its sockets.
//!
//! Never a panic, never a hang, never a success without a valid signature. Everything follows from a seed: a failure
//! prints seed and block, and `SKYDECK_FUZZ_SEED=... SKYDECK_FUZZ_BLOCK=...` runs that block alone.
//! `SKYDECK_FUZZ` is the number of requests of each test (a few thousand without it).

mod dice;
mod mutate;
mod oracle;
mod seeds;
mod socket;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use skydeck::auth::AccessKey;
use skydeck::emulator::{AcceptedKey, Emulator, Settings};
use skydeck::wire::{Request, Response};

use crate::pure::emulator;
use crate::wait::HANG_TIMEOUT;
use dice::Dice;
use seeds::{Seed, seeds};

/// How many requests one emulator answers before the next begins again.
const BLOCK: u64 = 100;

/// A number from the environment.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Runs blocks of requests until there were so many; says where it failed.
fn blocks(usual: u64, block: impl Fn(&mut Dice)) {
    let seed = setting("SKYDECK_FUZZ_SEED").unwrap_or(20_261_122);
    let count = setting("SKYDECK_FUZZ").unwrap_or(usual).div_ceil(BLOCK);
    let which = setting("SKYDECK_FUZZ_BLOCK").map_or(0..count, |one| one..one + 1);
    for number in which {
        let mut dice = Dice::new(seed, number);
        if let Err(cause) = catch_unwind(AssertUnwindSafe(|| block(&mut dice))) {
            println!("failed with SKYDECK_FUZZ_SEED={seed} SKYDECK_FUZZ_BLOCK={number}");
            std::panic::resume_unwind(cause);
        }
    }
}

/// An emulator that takes these keys beside the demo's.
fn accepting(keys: impl IntoIterator<Item = AccessKey>) -> Emulator {
    let mut settings = Settings::default();
    settings.keys.extend(keys.into_iter().map(|key| AcceptedKey { owner: key.id.clone(), key }));
    emulator(&settings)
}

/// Answers in good time, with something that can be sent.
fn answered(emulator: &mut Emulator, seed: &Seed, request: &Request) -> Response {
    let start = Instant::now();
    let answer = emulator.answer(seed.provider, request, seed.now).response;
    assert!(start.elapsed() < HANG_TIMEOUT, "{:?} for {request:?}", start.elapsed());
    assert!((200..600).contains(&answer.status), "{answer:?} to {request:?}");
    for (name, value) in answer.headers.iter() {
        assert!(http::HeaderName::try_from(name).is_ok() && http::HeaderValue::from_bytes(value).is_ok(), "{name} in {answer:?}");
    }
    let json = answer.headers.get_str("content-type").is_some_and(|kind| kind.contains("json"));
    assert!(!json || serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok(), "{answer:?}");
    answer
}

#[test]
fn accepts_every_seed() {
    let (mut taken, all) = (0, seeds());
    for seed in all {
        let mut emulator = accepting([seed.key.clone()]);
        let answer = answered(&mut emulator, seed, &seed.request);
        assert!(answer.status != 401 && answer.status != 403, "{}: {answer:?}", seed.name);
        taken += usize::from(answer.status < 300);
    }
    assert!(all.len() > 150 && taken > 80, "{taken} of {}", all.len());
}

#[test]
fn accepts_mutated_requests_only_if_equivalent() {
    blocks(4000, |dice| {
        for _ in 0..BLOCK {
            let seed = dice.pick(seeds());
            let mut request = seed.request.clone();
            for _ in 0..=dice.below(3) {
                mutate::mutate(&mut request, dice);
            }
            let mut emulator = accepting([seed.key.clone()]);
            let answer = answered(&mut emulator, seed, &request);
            if answer.status < 400 && !oracle::is_open(&request) {
                assert_eq!(oracle::difference(&seed.request, &request), None, "{}: {} {}", seed.name, request.method, request.target);
            }
        }
    });
}

#[test]
fn signed_mutations_break_nothing() {
    blocks(4000, |dice| {
        let mut emulator = accepting([]);
        for _ in 0..BLOCK {
            let seed = dice.pick(seeds::unsigned());
            let mut request = seed.request.clone();
            for _ in 0..dice.below(4) {
                mutate::mutate(&mut request, dice);
            }
            let request = seeds::signed(seed, request, dice);
            answered(&mut emulator, seed, &request);
        }
    });
}

#[test]
fn whatever_is_made_up_is_refused() {
    blocks(4000, |dice| {
        let mut emulator = accepting([]);
        for _ in 0..BLOCK {
            let request = mutate::made_up(dice);
            let seed = dice.pick(seeds());
            let answer = answered(&mut emulator, seed, &request);
            assert!(answer.status >= 300 || oracle::is_open(&request), "{answer:?} to {request:?}");
        }
    });
}
