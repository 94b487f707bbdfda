//! The history: what is kept is covered and comes back, both evaluations of a query agree, and a file that cannot be used is named.
#![allow(clippy::unwrap_used)] // a test may fail

mod agreement;
mod files;
mod recording;
mod secrets;
mod support;
#[path = "../wait/mod.rs"]
mod wait;
