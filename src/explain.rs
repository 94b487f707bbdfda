//! Explanations: what a failed call means, why, and which field to mend. They add to the vendor's text, never replace it.

use crate::catalog::{Operation, Provider};
use crate::exchange::Exchange;

/// What a failure means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in a few words: `the vendor's gateway refused the signature`.
    pub summary: String,
    /// The vendor's status, code and message, as they came; empty when no answer came.
    pub vendor: String,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// The parameter it speaks of: the field to jump to.
    pub parameter: Option<String>,
    /// The permission that is missing, where that is the matter and the vendor names one.
    pub permission: Option<String>,
    /// Whether the same call may succeed a little later.
    pub transient: bool,
    /// Where it is written.
    pub source: Option<String>,
}

/// Explains an exchange that did not succeed; `None` for one that did or is in flight.
pub fn explain(provider: &Provider, operation: Option<&Operation>, exchange: &Exchange) -> Option<Explanation> {
    let _ = (provider, operation, exchange);
    None
}

/// Explains an error code without an exchange; `None` when the provider has no such code.
pub fn explain_code(provider: &Provider, code: &str) -> Option<Explanation> {
    let _ = (provider, code);
    None
}
