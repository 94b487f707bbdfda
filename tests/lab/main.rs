//! The signature laboratory, held against requests that were broken in a known way.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod breaking;
mod cases;
mod command;
mod common;
mod every_pair;
mod input_format;
mod large;
mod pairs;
mod proven;
mod reports;
mod seen;
mod server;
mod sound;
mod stranger;
mod table;
#[path = "../signing/vector.rs"]
#[allow(dead_code, reason = "shared with the tests of signing, which use all of it")]
mod vector;
