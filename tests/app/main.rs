//! The console as a function: keys in, effects and visible state out. No terminal, no network, no clock.
#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../stage/mod.rs"]
mod stage;

mod comparing;
mod copying;
mod exporting;
mod faults;
mod finding;
mod keys;
mod laboratory;
mod leaving;
mod logging;
mod mending;
mod moving;
mod picking;
mod pointing;
mod reading;
mod recalling;
mod replaying;
mod resources;
mod sending;
mod typing;
