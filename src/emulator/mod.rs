//! The emulator: the vendors' APIs on the loopback interface, answered by the catalog.
//!
//! ```text
//! request ─▶ route ─▶ fault? ─▶ credentials, date, key, token, signature ─▶ nonce ─▶ parameters ─▶ rules ─▶ world ─▶ answer
//!              ╲ unknown  ╲ injected   ╲ refused as the vendor refuses it     ╲ replay  ╲ missing     ╲ broken  ╲ taken, full
//! ```
//!
//! [`Emulator::answer`] is pure: clock and seed come from outside, nothing is read or sent. Only the listener has
//! sockets and a clock. A refusal is a [`crate::catalog::Condition`]; which status, code and text that is stands in
//! the catalog, and which shape in [`crate::envelope`].

mod access;
mod accounts;
mod answer;
mod authenticate;
mod body;
mod browser;
mod budget;
mod change;
mod change_log;
mod deliver;
pub mod demo;
mod effect;
mod failures;
pub mod fault;
mod framing;
mod gateway;
mod identity;
mod idle_timeout;
mod ids;
mod inject;
mod listener;
mod locked;
mod nonces;
mod note;
mod perform;
mod properties;
mod refusal;
mod request_context;
mod resource_index;
mod resource_store;
mod respond;
mod route;
mod select;
mod settings;
mod state;
mod template_variables;
mod tokens;
mod versions;

pub use access::{Access, AccessSink};
pub use accounts::{AcceptError, AcceptedKey, AcceptedUser};
pub use answer::{Delivery, Emulator, PlaceInResponse, Reply};
pub use fault::{Fault, FaultError};
pub use listener::{RunningEmulator, StartError, addresses, start, start_logged};
pub use note::Note;
pub use settings::{RegionOf, Settings, SettingsError};
pub use state::StateError;
