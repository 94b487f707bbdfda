//! Why a profile gives no access.

use std::fmt::Write as _;

use thiserror::Error;

use super::{CommandError, PromptError};
use crate::text::{brief, did_you_mean};
use crate::wire::EndpointError;

/// An error from resolving a profile's access to a provider. The operator can fix each, so each says what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// No profile of this name.
    #[error("no profile `{name}`{}", did_you_mean(.near))]
    UnknownProfile {
        /// The name asked for.
        name: String,
        /// The nearest names, or all of them.
        near: Vec<String>,
    },
    /// The profile has no account at the vendor.
    #[error("profile `{profile}` has nothing for {vendor}: add a table [profiles.{profile}.{key}]")]
    NoAccount {
        /// The profile.
        profile: String,
        /// The vendor's name.
        vendor: &'static str,
        /// The vendor's key in a profile.
        key: &'static str,
    },
    /// The vendor does not list the region.
    #[error("{provider} lists no region `{}`{by} (one that is new needs its endpoint: --endpoint, or `endpoint` in the profile){}", brief(.region), did_you_mean(.near))]
    UnknownRegion {
        /// The provider's id.
        provider: String,
        /// The name asked for.
        region: String,
        /// The origin of the name, in brackets; empty where that is plain.
        by: String,
        /// The nearest names.
        near: Vec<String>,
    },
    /// An endpoint cannot be read.
    #[error("{place}: {error}")]
    Endpoint {
        /// The source of the value.
        place: String,
        /// The error.
        error: EndpointError,
    },
    /// The demo profile was sent elsewhere.
    #[error("profile `demo` reaches the built-in emulator and nothing else: {0} is not on the loopback interface")]
    DemoElsewhere(String),
    /// The emulator does not serve the provider.
    #[error("the built-in emulator does not serve {0}")]
    NoDemo(String),
    /// The variables of the environment are not set.
    #[error("no credentials for {vendor} in the environment; these variables were looked at:{}", listed(.looked_at))]
    NoVariables {
        /// The vendor's name.
        vendor: &'static str,
        /// Each variable, in the order in which it was looked at.
        looked_at: Vec<CheckedVariable>,
    },
    /// A file of credentials cannot be used.
    #[error("{file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// The reason, and what to do.
        reason: VendorFileError,
    },
    /// A command gave no credentials.
    #[error("the command `{command}` gave no credentials: {reason}")]
    Command {
        /// The program's name, without its arguments: there may be secrets in them.
        command: String,
        /// The reason.
        reason: CommandError,
    },
    /// Nothing was typed.
    #[error("{question}: {reason}")]
    Prompt {
        /// The name asked for.
        question: String,
        /// The reason why there is no answer.
        reason: PromptError,
    },
    /// The way to authenticate does not fit.
    #[error("{provider} cannot use {has} with {wanted}: {remedy}")]
    Auth {
        /// The provider's id.
        provider: String,
        /// The kind of credentials.
        has: &'static str,
        /// The profile's choice, or the choices there are.
        wanted: String,
        /// The remedy.
        remedy: &'static str,
    },
}

/// The reason why a file of a vendor's own command line gives no credentials.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VendorFileError {
    /// There is no home folder to find it in.
    #[error("there is no home folder: write the whole path")]
    NoHome,
    /// It cannot be read. Holds the system's message.
    #[error("{0}")]
    Unreadable(String),
    /// It is not the JSON that the tool writes.
    #[error("line {line}, column {column}: not the JSON expected here")]
    NotJson {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// It has no profile of this name.
    #[error("there is no profile `{name}` in it{}", did_you_mean(.near))]
    NoProfile {
        /// The name.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// The profile has a mode of the vendor's tool that is not carried out here.
    #[error(
        "profile `{profile}` has the mode {mode}, which is not supported here ({supported} are): use credentials = {{ command = [...] }}"
    )]
    Mode {
        /// The profile.
        profile: String,
        /// Its mode.
        mode: String,
        /// The modes that are supported.
        supported: &'static str,
    },
    /// The profile has no key.
    #[error("the profile has no access key id or no secret")]
    NoKey,
}

/// A variable that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedVariable {
    /// Its name.
    pub name: &'static str,
    /// `true` when it is set.
    pub set: bool,
    /// The kind of value that it holds: `access key id`.
    pub holds: &'static str,
}

fn listed(looked_at: &[CheckedVariable]) -> String {
    looked_at.iter().fold(String::new(), |mut text, variable| {
        let state = if variable.set { "set" } else { "not set" };
        let _ = write!(text, "\n  {} ({}): {state}", variable.name, variable.holds);
        text
    })
}
