//! The emulator: the vendors' APIs on the loopback interface, answered by the catalog.
//!
//! ```text
//! request ─▶ route ─▶ fault? ─▶ credentials, date, key, token, signature ─▶ nonce ─▶ parameters ─▶ rules ─▶ resources ─▶ answer
//!              ╲ unknown  ╲ injected   ╲ refused as the vendor refuses it     ╲ replay  ╲ missing     ╲ broken  ╲ taken, full
//! ```
//!
//! [`Emulator::answer`] is pure: clock and seed come from outside, nothing is read or sent. Only the listener has
//! sockets and a clock. A refusal is a [`crate::catalog::Condition`]; which status, code and text that is stands in
//! the catalog, and which shape in [`crate::envelope`].

mod access;
mod answer;
mod auth;
pub mod demo;
pub mod fault;
mod fault_control;
mod gateway;
mod http;
mod identity;
mod ids;
mod refusal;
mod reply;
mod request_context;
mod resources;
mod route;
mod settings;
mod state;
mod versions;

pub use access::{AccessRecord, AccessSink, Note};
pub use answer::Emulator;
pub use auth::accounts::{AcceptError, AcceptedKey, AcceptedUser};
pub use fault::{Fault, FaultError};
pub use http::{RunningEmulator, StartError, addresses, start, start_logged};
pub use reply::{Delivery, PlaceInResponse, Reply};
pub use settings::{RegionOf, Settings, SettingsError};
pub use state::{LineError, StateError};
