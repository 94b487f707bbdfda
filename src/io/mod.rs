//! Everything with side effects: the HTTP client, the terminal, files, the clock, random numbers.

pub mod access_log;
pub mod clock;
mod command;
pub mod console;
pub mod copies;
pub mod demo;
pub mod destination;
pub mod files;
pub mod hardening;
pub mod history;
pub mod http;
pub mod jq;
pub mod laboratory;
mod network;
pub mod panic_hook;
mod process_groups;
pub mod program_log;
mod prompt;
pub mod send;
mod signals;
pub mod terminal;
