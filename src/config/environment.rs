//! What the configuration needs of the outside world.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::CredentialsCommand;
use crate::auth::Credentials;
use crate::redact::SecretRegistry;
use crate::secret::Secret;
use crate::wire::Endpoint;

/// The outside world as the configuration sees it: `io` has the real one, tests have theirs.
pub trait Environment {
    /// Returns the registry of this process's secrets: what a profile is resolved to is registered there.
    fn secrets(&self) -> &SecretRegistry;

    /// Returns an environment variable; one that is empty counts as not set.
    fn var(&self, name: &str) -> Option<String>;

    /// Returns the home folder.
    fn home(&self) -> Option<PathBuf>;

    /// Returns a file's text.
    ///
    /// # Errors
    /// The system's.
    fn read_file(&self, path: &Path) -> io::Result<FileText>;

    /// Runs a command (program and arguments, no shell) within its time, and gives what it printed.
    ///
    /// # Errors
    /// [`CommandError`].
    fn run_command(&self, command: &CredentialsCommand) -> Result<Secret, CommandError>;

    /// Asks the operator for a value; `masked` when it must not be seen while it is typed.
    ///
    /// # Errors
    /// [`PromptError`].
    fn prompt(&self, question: &str, masked: bool) -> Result<Secret, PromptError>;

    /// Returns how the demo profile reaches a provider; `None` when the emulator does not serve it.
    fn demo(&self, provider: &str) -> Option<DemoAccess>;
}

/// An error from running a command that prints credentials. It never repeats what came on standard output.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CommandError {
    /// The system's own.
    #[error("{0}")]
    System(String),
    /// No command is run here.
    #[error("{0}")]
    NotRun(&'static str),
    /// Its output is lost.
    #[error("its output cannot be read")]
    NoOutput,
    /// The output is no text.
    #[error("its output is not UTF-8")]
    NotUtf8,
    /// The output is longer than so many bytes.
    #[error("it printed more than {} MiB and was killed", .0 >> 20)]
    TooLong(usize),
    /// It was still running after this time.
    #[error("it had not ended after {0:?} and was killed (`timeout` beside `command` allows more)")]
    TimedOut(Duration),
    /// It failed.
    #[error("{status}: {message}")]
    Failed {
        /// The exit status, in the system's words.
        status: String,
        /// The first line of its standard error.
        message: String,
    },
    /// The output is not JSON of the right shape.
    #[error(
        "line {line}, column {column}: not a JSON object of texts with access_key_id and access_key_secret, user and password, or token"
    )]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The output names no credentials.
    #[error("the object has neither access_key_id and access_key_secret, nor user, password and domain, nor token")]
    NoCredentials,
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::System(error.to_string())
    }
}

/// An error from asking the operator for a value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PromptError {
    /// The system's own.
    #[error("{0}")]
    System(String),
    /// Nobody is asked here.
    #[error("{0}")]
    NotAsked(&'static str),
    /// The answer is empty.
    #[error("nothing was typed")]
    Empty,
    /// The operator cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The operator left the question without an answer.
    #[error("nothing was typed; choosing the profile again asks again")]
    Unanswered,
}

impl From<io::Error> for PromptError {
    fn from(error: io::Error) -> Self {
        Self::System(error.to_string())
    }
}

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct FileText {
    /// Its text.
    pub text: Secret,
    /// Set when others than its owner may read it.
    pub open_to_others: bool,
}

/// The demo profile's access to a provider of the built-in emulator.
#[derive(Clone, Debug)]
pub struct DemoAccess {
    /// The provider's server on the loopback interface.
    pub endpoint: Endpoint,
    /// Its token service, where it has one.
    pub iam_endpoint: Option<Endpoint>,
    /// The throw-away credentials.
    pub credentials: Credentials,
}
