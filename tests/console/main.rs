//! The real program in a pseudo-terminal: a person's path, every kind of terminal, and what is left behind however it ends.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a test may fail

#[path = "../stage/script.rs"]
mod script;

mod desk;
mod filtering;
mod input;
mod killed;
mod life;
mod looks;
mod not_stored;
mod path;
mod program;
mod restoring;
mod starting;
mod throttled;
#[path = "../wait/mod.rs"]
mod wait;
