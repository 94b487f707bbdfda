//! Errors of texts that are no faults.

use thiserror::Error;

use crate::text::{did_you_mean, joined};

/// An error from parsing a fault.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("fault `{fault}`: {reason}")]
pub struct FaultError {
    /// The whole text.
    pub fault: String,
    /// The error.
    pub reason: Box<Reason>,
}

/// The reason why a fault cannot be parsed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Reason {
    /// Not of the form at all.
    #[error("it is not PROVIDER[/OPERATION]:WHAT, WHAT being an error code, a status, or a kind like delay=500ms or reset")]
    Form,
    /// No such provider.
    #[error("there is no provider `{name}`{}", did_you_mean(.near))]
    Provider {
        /// The name given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// The provider has no such operation.
    #[error("{provider} has no operation `{name}`{}", did_you_mean(.near))]
    Operation {
        /// The provider, or words for all of them.
        provider: String,
        /// The name given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// Neither a code nor a kind.
    #[error("the catalog has no error code `{name}` there, and no kind of fault has that name{}", did_you_mean(.near))]
    What {
        /// The name given.
        name: String,
        /// The nearest codes and kinds, best first.
        near: Vec<String>,
    },
    /// The code never comes with that status.
    #[error("`{code}` comes with status {}, never {given}", joined(.known.iter().map(ToString::to_string), "or"))]
    CodeStatus {
        /// The code.
        code: String,
        /// The name given.
        given: String,
        /// The statuses that the catalog has it with.
        known: Vec<u16>,
    },
    /// Not a status that an answer can have.
    #[error("{0} is no status to answer with (200 to 599)")]
    Status(String),
    /// A kind's value is not one.
    #[error("`{given}` is not {form}: {wanted}")]
    Value {
        /// The name given.
        given: String,
        /// The format of the kind: `delay=TIME`.
        form: &'static str,
        /// The expected form of the value.
        wanted: &'static str,
    },
    /// The provider gives out no tokens.
    #[error("{0} gives out no tokens that could be revoked")]
    NoTokens(String),
    /// A mark's value is not one.
    #[error("`{mark}{given}` is not {wanted}")]
    Mark {
        /// The sign.
        mark: char,
        /// The text that follows it.
        given: String,
        /// The text expected after it.
        wanted: &'static str,
    },
    /// A mark stands there twice.
    #[error("`{0}` stands there twice")]
    MarkTwice(char),
}
