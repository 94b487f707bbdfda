//! What the configuration needs of the outside world.

use std::path::{Path, PathBuf};

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
    /// What the system says.
    fn read_file(&self, path: &Path) -> Result<FileText, String>;

    /// Runs a command (program and arguments, no shell) within its time, and gives what it printed.
    ///
    /// # Errors
    /// Why it did not run or how it failed.
    fn run_command(&self, command: &CredentialsCommand) -> Result<Secret, String>;

    /// Asks the operator for a value; `masked` when it must not be seen while it is typed.
    ///
    /// # Errors
    /// Why nobody can be asked, or that nothing was typed.
    fn prompt(&self, question: &str, masked: bool) -> Result<Secret, String>;

    /// Returns how the demo profile reaches a provider; `None` when the emulator does not serve it.
    fn demo(&self, provider: &str) -> Option<DemoAccess>;
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
