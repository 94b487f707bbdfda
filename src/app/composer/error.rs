//! The reasons why a form makes no call.

use thiserror::Error;

use crate::auth::SignError;
use crate::form::PlanError;
use crate::wire::Endpoint;

/// A reason why a form makes no request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// No form was filled in so far.
    #[error("nothing yet")]
    NoForm,
    /// The catalog's file is not read.
    #[error("the catalog is still being read")]
    CatalogPending,
    /// The profile is being resolved.
    #[error("finding out whose account this is")]
    Resolving,
    /// The account is not known so far.
    #[error("still finding out whose account this is: again in a moment")]
    AccessPending,
    /// The profile could not be resolved, for this reason.
    #[error("{0}")]
    NoAccess(String),
    /// The form's values make no request.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The request cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A reason why an exchange's exact bytes are not sent again.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ResendError {
    /// It was dropped from the log.
    #[error("it is no longer in the log")]
    Gone,
    /// It comes from the history.
    #[error("parts of it are masked: its exact bytes are not known any more")]
    Masked,
    /// It belongs to no call of a tab, for this reason.
    #[error("{0}")]
    NoCall(String),
    /// Its call makes no request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The chosen profile leads elsewhere.
    #[error("it went to {endpoint} with profile {profile}: choose that first")]
    OtherTarget {
        /// The endpoint that it went to.
        endpoint: Endpoint,
        /// The profile that it was sent with.
        profile: String,
    },
}
