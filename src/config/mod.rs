//! Profiles: named sets of credentials, regions and guards, and what they give for a call.
//!
//! Reading files, the environment and a command's output is done by whoever calls: here are only texts.

mod access;

pub use access::{Access, Guard};
