//! Everything that touches the world: the HTTP client, the terminal, files, the clock, random numbers.

pub mod access_log;
mod asking;
mod background;
pub mod clock;
mod command;
pub mod console;
pub mod copies;
mod delivery;
pub mod demo;
pub mod destination;
mod faults;
pub mod files;
pub mod hardening;
pub mod history;
mod history_requests;
pub mod http;
pub mod jq;
pub mod laboratory;
mod lock;
mod network;
pub mod panic_hook;
mod prompt;
mod retry;
pub mod send;
pub mod terminal;
mod tokens;
mod watch;
