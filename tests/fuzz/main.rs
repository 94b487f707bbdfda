//! Fuzzing: every parser of bytes that come from outside is given mutated inputs, and must neither panic nor hang.
//!
//! Each test is one parser. It takes its corpus (`corpus/NAME/` and files that other tests have), changes it, and keeps whatever
//! gives a result that was not seen before. Everything follows from a seed, so every run of a build is the same.
//! `cargo test` gives each parser a few thousand inputs. `SKYDECK_FUZZ=1000000 cargo test --release --test fuzz` gives each parser a
//! million (the slow ones a fixed part of it), and keeps the input under way in `target/tmp/fuzz/NAME`, which is what to look at after an
//! abort; `SKYDECK_FUZZ_SEED` changes the seed.
//! An input that failed goes into `corpus/NAME/` together with the fix.
#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../emulator/fuzz/dice.rs"]
mod dice;

mod answers;
mod files;
mod mutate;
#[path = "../raw/mod.rs"]
mod raw;
mod requests;
mod run;
mod words;
