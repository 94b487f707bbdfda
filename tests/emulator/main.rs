//! The emulator over real sockets: what it takes, what it refuses and how, and how it speaks HTTP.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod browsers;
mod captured;
mod choosing;
mod creates;
mod deliveries;
mod faults;
mod fuzz;
mod http;
mod identity;
mod kill;
mod lab;
mod life;
mod messages;
mod pure;
mod refusals;
mod rpc;
mod scope;
mod state;
#[path = "../wait/mod.rs"]
mod wait;
