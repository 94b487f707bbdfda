//! Faults: failures injected on demand.
//!
//! ```text
//! FAULT  = PROVIDER[/OPERATION]:WHAT[MARKS]
//!
//! PROVIDER   a provider's id, or * for all
//! OPERATION  an operation's id, or `token` for the token service; without it every operation but the token service
//! WHAT       an error code of the catalog (CODE, or CODE=STATUS where it has several), a status (503), or a kind, most with
//!            a value: delay=2s, truncated=100 (see [`KINDS`])
//! MARKS      which requests it strikes, of those it is for; in any order, each once:
//!            ~N       not the first N
//!            @N/UNIT  only what comes beyond N in a second, minute or hour (@5/s, @100/m, @1000/h)
//!            %P       P in a hundred, drawn by the seed
//!            *N       no more than N
//! ```
//!
//! A code strikes the operations that the catalog documents it for. Several faults may strike one request: delays and
//! clocks add up, one takes the answer's place, one spoils what the answer holds, one spoils how it travels, and of
//! each sort the one that was set first counts.

mod draw;
mod error;
mod file;
mod filter;
pub(super) mod inject;
mod kinds;
mod possible;
mod read;
mod set;

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;

use crate::catalog::Provider;

pub use error::{FaultError, Reason};
pub use file::lines;
pub use filter::{FaultFilter, Rate};
pub use kinds::{FaultKind, KINDS};
pub use possible::{AvailableFault, bare_status, possible};
pub use set::SetFault;
pub(super) use set::{AppliedFaults, FaultCandidate, Faults};

/// The name by which a fault speaks of the token service.
pub const TOKEN: &str = "token";

/// The name by which a fault speaks of all providers.
const ALL: &str = "*";

/// A failure to inject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The provider's id; `None` for all of them.
    pub provider: Option<String>,
    /// The operation's id, or [`TOKEN`] for the token service; without it, every operation but the token service.
    pub operation: Option<String>,
    /// The failure.
    pub failure: Failure,
    /// The filter of the requests that it applies to.
    pub filter: FaultFilter,
}

/// The kind of failure that is injected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The vendor's error of this code is answered; with the status, where the catalog has the code with several.
    Code(String, Option<u16>),
    /// The error that the vendor answers to too many calls.
    Throttle,
    /// A bare answer with this status.
    Status(u16),
    /// A web page with this status, as a proxy sends it.
    Html(u16),
    /// The answer comes later by this much.
    Delay(Duration),
    /// The emulator's clock is off by this much.
    Clock(SignedDuration),
    /// The tokens issued so far no longer hold.
    Revoke,
    /// The answer says that it is of this content type.
    ContentType(String),
    /// The answer's body is not what its content type says, though its length is right.
    Malformed(Damage),
    /// The connection is reset, before the answer or inside it.
    Reset(Option<Cut>),
    /// The answer ends before the length that it states, and the connection is closed in good order.
    Truncated(Cut),
    /// Something comes that is no HTTP.
    NotHttp,
    /// The answer comes in small pieces.
    Drip {
        /// The number of bytes at a time.
        bytes: usize,
        /// The time between them.
        every: Duration,
    },
}

/// The damage to a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Its second half is missing.
    Cut,
    /// A sign in it is another one.
    Garbled,
}

/// The position at which an answer is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// After half of its body.
    Half,
    /// After so many bytes of its body.
    Bytes(usize),
}

impl Fault {
    /// Reads a fault, and looks its names up among the providers.
    ///
    /// # Errors
    /// [`FaultError`]: what is wrong with it, with the nearest names.
    pub fn parse<'a>(text: &str, providers: impl IntoIterator<Item = &'a Provider>) -> Result<Self, FaultError> {
        let providers: Vec<&Provider> = providers.into_iter().collect();
        read::fault(text, &providers).map_err(|reason| FaultError { fault: text.to_owned(), reason: Box::new(reason) })
    }

    /// Returns whether it is for a request for this operation ([`TOKEN`] for a token request; `None` when the route is unknown).
    fn is_for(&self, provider: &Provider, operation: Option<&str>) -> bool {
        let to_provider = self.provider.as_ref().is_none_or(|wanted| *wanted == provider.id);
        let to_operation = match &self.operation {
            Some(wanted) => operation == Some(wanted),
            None => operation != Some(TOKEN),
        };
        to_provider && to_operation && self.failure.can_be_answered(provider, operation)
    }
}

impl Failure {
    /// Returns whether a provider can answer so: its catalog must have the code for the operation.
    fn can_be_answered(&self, provider: &Provider, operation: Option<&str>) -> bool {
        let Self::Code(code, status) = self else { return true };
        let operation = operation.and_then(|id| provider.operation(id)).map(|operation| &**operation);
        provider.error(operation, *status, code).is_some_and(|entry| status.is_none_or(|status| entry.status == status))
    }
}

impl fmt::Display for Fault {
    /// Returns the fault as [`Fault::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.provider.as_deref().unwrap_or(ALL))?;
        if let Some(operation) = &self.operation {
            write!(f, "/{operation}")?;
        }
        write!(f, ":{}{}", self.failure, self.filter)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code, None) => f.write_str(code),
            Self::Code(code, Some(status)) => write!(f, "{code}={status}"),
            Self::Throttle => f.write_str("throttle"),
            Self::Status(status) => write!(f, "{status}"),
            Self::Html(status) => write!(f, "html={status}"),
            Self::Delay(delay) => write!(f, "delay={}ms", delay.as_millis()),
            Self::Clock(skew) => write!(f, "clock={:+}s", skew.as_secs()),
            Self::Revoke => f.write_str("revoke"),
            Self::ContentType(kind) => write!(f, "content-type={kind}"),
            Self::Malformed(Damage::Cut) => f.write_str("malformed"),
            Self::Malformed(Damage::Garbled) => f.write_str("malformed=garbled"),
            Self::Reset(None) => f.write_str("reset"),
            Self::Reset(Some(cut)) => write!(f, "reset={cut}"),
            Self::Truncated(cut) => write!(f, "truncated={cut}"),
            Self::NotHttp => f.write_str("not-http"),
            Self::Drip { bytes, every } => write!(f, "drip={bytes}/{}ms", every.as_millis()),
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Half => f.write_str("half"),
            Self::Bytes(bytes) => write!(f, "{bytes}"),
        }
    }
}
