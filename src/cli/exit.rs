//! Exit statuses, and what ends a subcommand early.

use std::error::Error;
use std::process::ExitCode;

use crate::call::Refusal;
use crate::form::PlanError;

/// The exit statuses, for scripts to rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well: the vendor says that the call succeeded.
    Success = 0,
    /// Wrong arguments, or a configuration that does not allow the call.
    Usage = 2,
    /// The parameters break a rule: nothing was sent.
    Invalid = 3,
    /// The API answered with an error: an HTTP error, or a 200 whose envelope says failure.
    ApiError = 4,
    /// No answer, or none that can be read: DNS, connect, TLS, time-out, broken answer.
    NoAnswer = 5,
    /// A guard of the profile refused the call: nothing was sent.
    Refused = 6,
    /// The call went out, but what came of it could not be written in full: standard output, an export.
    Unwritten = 7,
    /// Cancelled with Ctrl-C (as shells do: 128 and the signal's number). The request may have reached the vendor.
    Interrupted = 130,
}

/// The exit statuses as help text.
pub const STATUSES: &str = "\
Exit status:
    0  success
    2  wrong arguments or configuration
    3  the parameters break a rule; nothing was sent
    4  the API answered with an error (an HTTP error, or a 200 whose envelope says failure)
    5  no answer (DNS, connect, TLS, time-out, broken answer)
    6  refused by the profile's guard; nothing was sent
    7  the call went out, but what came of it could not be written in full (standard output, an export);
       standard error says what was sent and answered: look before you send again
  130  cancelled with Ctrl-C; the request may have reached the vendor";

/// The result of a subcommand.
pub type CommandResult = Result<Exit, Failure>;

/// A message on standard error that ends a subcommand, and the status to end with.
///
/// Every error becomes one, as wrong arguments or configuration; those with another status have a constructor of their own.
#[derive(Debug)]
pub struct Failure {
    /// The status to end with.
    pub exit: Exit,
    /// The error and its remedy.
    pub message: String,
}

impl Failure {
    /// Reports wrong arguments or configuration.
    #[allow(clippy::needless_pass_by_value)] // handed to `map_err`
    pub fn usage(message: impl ToString) -> Self {
        Self { exit: Exit::Usage, message: message.to_string() }
    }

    /// Reports a value that cannot be sent: a parameter refused before sending.
    pub fn invalid(error: &PlanError) -> Self {
        Self { exit: Exit::Invalid, message: error.to_string() }
    }

    /// Reports a call that was not sent, or whose token could not be fetched.
    pub fn refused(refusal: &Refusal) -> Self {
        let exit = match refusal {
            Refusal::ReadOnly { .. } | Refusal::Unconfirmed { .. } => Exit::Refused,
            Refusal::NoToken(_) => Exit::NoAnswer,
            _ => Exit::Usage,
        };
        let hint = match refusal {
            Refusal::Unconfirmed { profile, .. } => format!(": add --confirm {profile}"),
            _ => String::new(),
        };
        Self { exit, message: format!("{refusal}{hint}") }
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::usage(error)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
