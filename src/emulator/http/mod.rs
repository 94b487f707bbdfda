//! The emulator's edge: sockets, HTTP/1.1 by hyper, limits on what a client may hold, faults in the delivery.

mod body;
mod browser;
mod budget;
mod deliver;
mod framing;
mod idle_timeout;
mod listener;

pub use listener::{RunningEmulator, StartError, addresses, start, start_logged};
