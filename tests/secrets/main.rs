//! Random secrets, planted wherever one can come from: none of them is found in a frame, a file, the history, an export, a log or the words of a panic.
//!
//! `SKYDECK_SECRET_CASES` is how many times more each property is tried than usual.
#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../stage/mod.rs"]
mod stage;

mod everywhere;
mod frames;
mod panics;
mod plant;
#[cfg(unix)]
mod program;
mod typed;
