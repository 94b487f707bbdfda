//! Faults: failures injected on demand, by provider, operation and count.

use std::time::Duration;

use thiserror::Error;

use crate::catalog::{ErrorCode, Operation, Provider, Scheme, did_you_mean, nearest};

/// The name by which a fault speaks of the token service.
pub(super) const TOKEN: &str = "token";

/// A longer delay than this is taken for a slip.
const LONGEST: Duration = Duration::from_secs(600);

/// A failure to inject: `PROVIDER[/OPERATION]:WHAT[*COUNT]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The provider's id.
    pub provider: String,
    /// The operation's id, or `token` for the token service; without it, every operation but the token service.
    pub operation: Option<String>,
    /// What goes wrong.
    pub what: Failure,
    /// How many times; without it, always.
    pub count: Option<u32>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The vendor's error of this code.
    Code(String),
    /// A bare answer with this status.
    Status(u16),
    /// The answer comes later by this much.
    Delay(Duration),
}

/// Why a text is not a fault.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FaultError {
    /// Not of the form at all.
    #[error("`{0}` is not PROVIDER[/OPERATION]:WHAT[*COUNT], WHAT being an error code, a status or delay=500ms")]
    Form(String),
    /// No such provider.
    #[error("fault `{fault}`: there is no provider `{name}`{}", did_you_mean(.near))]
    Provider {
        /// The whole text.
        fault: String,
        /// What was given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// The provider has no such operation.
    #[error("fault `{fault}`: {provider} has no operation `{name}`{}", did_you_mean(.near))]
    Operation {
        /// The whole text.
        fault: String,
        /// The provider.
        provider: String,
        /// What was given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// The catalog has no such code there.
    #[error("fault `{fault}`: the catalog has no error code `{name}` there{}", did_you_mean(.near))]
    Code {
        /// The whole text.
        fault: String,
        /// What was given.
        name: String,
        /// The nearest codes, best first.
        near: Vec<String>,
    },
    /// Not a status that an answer can have.
    #[error("fault `{fault}`: {status} is no status to answer with (200 to 599)")]
    Status {
        /// The whole text.
        fault: String,
        /// What was given.
        status: String,
    },
    /// Not a time.
    #[error("fault `{fault}`: `{time}` is not a delay like 500ms or 2s, ten minutes at most")]
    Delay {
        /// The whole text.
        fault: String,
        /// What was given.
        time: String,
    },
    /// Not a count.
    #[error("fault `{fault}`: `{count}` is not how many times (1 or more)")]
    Count {
        /// The whole text.
        fault: String,
        /// What was given.
        count: String,
    },
}

impl Fault {
    /// Reads a fault, and looks its names up among the providers.
    ///
    /// # Errors
    /// [`FaultError`]: what is wrong with it, with the nearest names.
    pub fn parse<'a>(text: &str, providers: impl IntoIterator<Item = &'a Provider>) -> Result<Self, FaultError> {
        let form = || FaultError::Form(text.to_owned());
        let (target, what) = text.split_once(':').ok_or_else(form)?;
        let (name, operation) = target.split_once('/').map_or((target, None), |(name, operation)| (name, Some(operation)));
        if name.is_empty() || what.is_empty() || operation == Some("") {
            return Err(form());
        }
        let (what, count) = split_count(text, what)?;
        let provider = find_provider(text, name, providers)?;
        if let Some(operation) = operation {
            check_operation(text, provider, operation)?;
        }
        let what = read_failure(text, what, provider, operation)?;
        Ok(Self { provider: name.to_owned(), operation: operation.map(str::to_owned), what, count })
    }

    /// Whether it strikes a request for this operation ([`TOKEN`] for a token request; `None` when the route is unknown).
    fn strikes(&self, provider: &str, operation: Option<&str>) -> bool {
        self.provider == provider
            && match (&self.operation, operation) {
                (Some(wanted), operation) => operation == Some(wanted.as_str()),
                (None, operation) => operation != Some(TOKEN),
            }
    }
}

fn split_count<'a>(fault: &str, what: &'a str) -> Result<(&'a str, Option<u32>), FaultError> {
    let Some((what, count)) = what.rsplit_once('*') else { return Ok((what, None)) };
    let wrong = || FaultError::Count { fault: fault.to_owned(), count: count.to_owned() };
    let times = count.parse().ok().filter(|times| *times > 0).ok_or_else(wrong)?;
    Ok((what, Some(times)))
}

fn find_provider<'a>(fault: &str, name: &str, providers: impl IntoIterator<Item = &'a Provider>) -> Result<&'a Provider, FaultError> {
    let providers: Vec<_> = providers.into_iter().collect();
    providers.iter().find(|provider| provider.id == name).copied().ok_or_else(|| FaultError::Provider {
        fault: fault.to_owned(),
        name: name.to_owned(),
        near: nearest(name, providers.iter().map(|provider| provider.id.as_str())),
    })
}

fn check_operation(fault: &str, provider: &Provider, name: &str) -> Result<(), FaultError> {
    let token = provider.auth.contains(&Scheme::IamToken).then_some(TOKEN);
    let names = || provider.operations.iter().map(|operation| operation.id.as_str()).chain(token);
    if names().any(|known| known == name) {
        return Ok(());
    }
    let (fault, name, near) = (fault.to_owned(), name.to_owned(), nearest(name, names()));
    Err(FaultError::Operation { fault, provider: provider.id.clone(), name, near })
}

fn read_failure(fault: &str, what: &str, provider: &Provider, operation: Option<&str>) -> Result<Failure, FaultError> {
    if let Some(time) = what.strip_prefix("delay=") {
        let wrong = || FaultError::Delay { fault: fault.to_owned(), time: time.to_owned() };
        return read_delay(time).map(Failure::Delay).ok_or_else(wrong);
    }
    if what.len() == 3 && what.bytes().all(|byte| byte.is_ascii_digit()) {
        let wrong = || FaultError::Status { fault: fault.to_owned(), status: what.to_owned() };
        return what.parse().ok().filter(|status| (200..600).contains(status)).map(Failure::Status).ok_or_else(wrong);
    }
    let codes = || codes(provider, operation);
    if codes().any(|entry| entry.names(what)) {
        return Ok(Failure::Code(what.to_owned()));
    }
    Err(FaultError::Code { fault: fault.to_owned(), name: what.to_owned(), near: nearest(what, codes().map(|entry| entry.code.as_str())) })
}

/// The codes that an operation may answer: its own and the provider's. The token service has none in the catalog.
fn codes<'a>(provider: &'a Provider, operation: Option<&'a str>) -> impl Iterator<Item = &'a ErrorCode> {
    let concerns = move |known: &&std::sync::Arc<Operation>| operation.is_none_or(|name| known.id == name);
    let own = provider.operations.iter().filter(concerns).flat_map(|operation| &operation.errors);
    own.chain(&provider.errors).filter(move |_| operation != Some(TOKEN))
}

fn read_delay(time: &str) -> Option<Duration> {
    let delay = match time.strip_suffix("ms") {
        Some(millis) => Duration::from_millis(millis.parse().ok()?),
        None => Duration::from_secs(time.strip_suffix('s')?.parse().ok()?),
    };
    (delay <= LONGEST).then_some(delay)
}

/// What strikes one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Strike {
    /// How much later the answer comes.
    pub delay: Duration,
    /// What is answered instead.
    pub failure: Option<Failure>,
}

/// The faults that are set, with what is left of each.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// What strikes a request; counts are used up. Delays add up, of the rest the first counts.
    pub(super) fn strike(&mut self, provider: &str, operation: Option<&str>) -> Strike {
        let mut strike = Strike::default();
        for fault in self.0.iter_mut().filter(|fault| fault.strikes(provider, operation)) {
            match &fault.what {
                Failure::Delay(delay) => strike.delay += *delay,
                other if strike.failure.is_none() => strike.failure = Some(other.clone()),
                _ => continue,
            }
            fault.count = fault.count.map(|count| count - 1);
        }
        self.0.retain(|fault| fault.count != Some(0));
        strike
    }
}
