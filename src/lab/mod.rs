//! The signature laboratory: takes a signed request apart, says whether it verifies, and if not where it departs and why.
//!
//! ```text
//! pasted text ──read──▶ Pasted ──examine──▶ Report (verdict, causes, what should have been signed)
//!   ╲ ReadError                  ╲ structure: what can be seen without the secret
//!                                 ╲ search: sign again with every known mistake, until one gives the very signature
//! our trace + the server's text ──compare──▶ Comparison (line by line, the first difference to the byte, its cause)
//! an exchange that was refused ──Finding::of──▶ Finding (the same, where the answer carries the server's text)
//! ```
//!
//! Pure: the clock, the key and what is known of the providers are arguments. A [`Report`] holds what the request holds, security
//! tokens too; whoever shows it passes it through the redactor. It never holds a secret or a derived key.

mod align;
mod carried;
mod claim;
mod claimed;
mod dialect;
mod encoding;
mod examine;
mod fault;
mod finding;
mod foreign;
mod hints;
mod material;
mod miscopied;
mod mistake;
mod parameters;
mod read;
mod relation;
mod report;
mod search;
mod server;
mod string;
mod structure;
mod token_request;
mod typography;
mod unverified;
mod version;
mod ways;

use jiff::Timestamp;

use crate::auth::AccessKey;
use crate::wire::Request;

pub use align::{Comparison, Part, Texts, named_lines};
pub use claim::{Claim, ScopeParts};
pub use dialect::Dialect;
pub use examine::{compare, examine, examine_pasted};
pub use fault::{ALL as FAULTS, Fault, fault_named};
pub use finding::{Finding, cause};
pub use hints::{Hints, Home};
pub use read::{Dress, Pasted, ReadError, read};
pub use report::{Cause, Certainty, Recomputed, Report, Verdict};
pub use server::ServerText;

/// A time to hold the request's date against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The time.
    pub now: Timestamp,
    /// Whether the request is known to have been sent then; if not, a date far from it is merely noted.
    pub certain: bool,
}

/// What is to be examined, and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The request as it came.
    pub request: &'a Request,
    /// The key that it should be signed with; an empty id stands for the request's own.
    pub key: Option<&'a AccessKey>,
    /// When it was sent.
    pub clock: Option<Clock>,
    /// The host and port of its URL, where that is known apart from the header.
    pub url_host: Option<&'a str>,
    /// What the server says that it signed.
    pub server: Option<&'a ServerText>,
    /// What somebody may have meant.
    pub hints: &'a Hints,
}

/// What a request claims of its signature, if it carries one that can be taken apart.
pub fn claim(request: &Request) -> Option<Claim> {
    claim::Reading::of(request).ok().map(|reading| reading.claim)
}
