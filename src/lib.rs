//! skydeck: a terminal console for the calls that open a tenant's space on a cloud.
//!
//! The life of a call, each step owned by one module:
//!
//! ```text
//! form ──validate──▶ plan ──auth::sign──▶ signed ──io::send──▶ exchange ──envelope──▶ explain
//!   ╲ invalid          ╲ dry run            ╲ refused by a guard  ╲ no answer   ╲ not the vendor's format
//! ```
//!
//! Everything is pure but [`io`], the emulator's listener, [`cli`] and `main`: time, nonces and
//! the environment are arguments. `tests/layering.rs` holds who may use whom.

pub mod app;
pub mod auth;
pub mod body;
pub mod call;
pub mod catalog;
pub mod cli;
pub mod compare;
pub mod config;
pub mod emulator;
pub mod envelope;
pub mod exchange;
pub mod explain;
pub mod export;
pub mod form;
pub mod history;
pub mod io;
pub mod jq;
pub mod lab;
pub mod log_error;
pub mod query;
pub mod redact;
pub mod secret;
pub mod text;
pub mod ui;
pub mod visible;
pub mod wire;
