//! The signature laboratory: takes a signed request apart, says whether it verifies, and if not where it departs and why.
//!
//! ```text
//! pasted text ──read──▶ Pasted ──examine──▶ Report (verdict, causes, what should have been signed)
//!   ╲ ReadError                  ╲ structure: what can be seen without the secret
//!                                 ╲ search: sign again with every known mistake, until one gives the very signature
//! our trace + the server's text ──compare──▶ Comparison (line by line, the first difference to the byte, its cause)
//! an exchange that was refused ──▶ Finding (the same, where the answer carries the server's text)
//! ```
//!
//! Pure: the clock, the key and what is known of the providers are arguments. A [`Report`] holds what the request holds, security
//! tokens too; whoever shows it passes it through the redactor. It never holds a secret or a derived key.

mod align;
mod cause;
mod claim;
mod claimed;
mod encoding;
mod examine;
mod fault;
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
mod signature_comparison;
mod signing_variants;
mod string;
mod structure;
mod token_request;
mod typography;
mod unverified;
mod version;

use jiff::Timestamp;

use crate::auth::AccessKey;
use crate::wire::Request;

pub use align::{Comparison, Part, Texts, named_lines};
pub use claim::{Claim, ScopeParts};
pub use examine::{compare, examine, examine_pasted};
pub use fault::{ALL as FAULTS, MistakeKind, mistake_kind_by_id};
pub use hints::{Hints, OperationServices};
pub use read::{InputFormat, PastedRequest, ReadError, read};
pub use report::{Cause, Certainty, Recomputed, Report, Verdict};
pub use server::ServerText;
pub use signature_comparison::{SignatureComparison, cause};

/// A time to hold the request's date against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceClock {
    /// The time.
    pub now: Timestamp,
    /// Set when the request is known to have been sent then; if not, a date far from it is merely noted.
    pub certain: bool,
}

/// A request to be examined, with its context.
#[derive(Clone, Copy, Debug)]
pub struct ExaminedRequest<'a> {
    /// The request as it came.
    pub request: &'a Request,
    /// The key that it should be signed with; an empty id stands for the request's own.
    pub key: Option<&'a AccessKey>,
    /// The time at which it was sent.
    pub clock: Option<ReferenceClock>,
    /// The host and port of its URL, where that is known apart from the header.
    pub url_host: Option<&'a str>,
    /// The text that the server says it signed.
    pub server: Option<&'a ServerText>,
    /// Hints at other values that may have been meant.
    pub hints: &'a Hints,
}

/// Returns what a request claims of its signature, if it carries one that can be taken apart.
pub fn claim(request: &Request) -> Option<Claim> {
    claim::ParsedClaim::of(request).ok().map(|reading| reading.claim)
}
