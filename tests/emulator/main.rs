//! The emulator over real sockets: what it takes, what it refuses and how, and how it speaks HTTP.

mod creates;
mod faults;
mod http;
mod identity;
mod lab;
mod refusals;
