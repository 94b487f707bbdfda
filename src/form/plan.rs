//! Making a form into a plan: the unsigned request.

use thiserror::Error;

use super::Form;
use crate::catalog::Provider;
use crate::wire::{Endpoint, Request};

/// Where a plan goes.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The server.
    pub endpoint: &'a Endpoint,
    /// The value of the `user-agent` header.
    pub user_agent: &'a str,
}

/// An unsigned request, and what must be known to sign and send it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The provider's id.
    pub provider: String,
    /// The operation's id.
    pub operation: String,
    /// Whether it changes something.
    pub changes: bool,
    /// The request: `host`, constants, `accept`, `user-agent`, and with a body `content-type` and `content-length`.
    pub request: Request,
}

/// Why a form cannot become a request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PlanError {
    /// A parameter of the path has no value.
    #[error("{0} stands in the path and has no value")]
    EmptyPath(String),
    /// A value written as JSON is not JSON.
    #[error("{name}: not JSON: {reason}")]
    NotJson {
        /// The parameter.
        name: String,
        /// What the parser says.
        reason: String,
    },
    /// A value cannot travel where its parameter stands: an object in a query, a line break in a header, `..` as a path segment.
    #[error("{name}: {reason}")]
    CannotTravel {
        /// The parameter.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Builds the request.
///
/// # Errors
/// [`PlanError`] when a value cannot travel. What merely breaks a rule is built all the same: sending it is the operator's choice.
pub fn plan(_provider: &Provider, _form: &Form, _target: Target<'_>) -> Result<Plan, PlanError> {
    unimplemented!()
}
