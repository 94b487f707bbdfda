//! Which keys and users the emulator accepts: from arguments, which every user of the machine can read, or from files and the environment.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueHint};

use crate::cli::exit::Failure;
use crate::emulator::{AcceptError, AcceptedKey, AcceptedUser};
use crate::io::files;

/// The variable with keys, one on each line.
const KEYS: &str = "SKYDECK_ACCEPT_KEYS";

/// The variable with users, one on each line.
const USERS: &str = "SKYDECK_ACCEPT_USERS";

/// The options that name keys and users.
#[derive(Args, Debug)]
pub struct AcceptOptions {
    /// A key that is accepted, in place of the demo's (repeatable)
    #[arg(long = "accept-key", value_name = "ID:SECRET[:TOKEN]")]
    keys: Vec<String>,
    /// A file of such keys, one on each line, # before a comment; also `$SKYDECK_ACCEPT_KEYS` (repeatable)
    #[arg(long = "accept-keys", value_name = "FILE", value_hint = ValueHint::FilePath)]
    key_files: Vec<PathBuf>,
    /// A user that is accepted, in place of the demo's (repeatable)
    #[arg(long = "accept-user", value_name = "NAME:PASSWORD:DOMAIN:PROJECT")]
    users: Vec<String>,
    /// A file of such users, one on each line, # before a comment; also `$SKYDECK_ACCEPT_USERS` (repeatable)
    #[arg(long = "accept-users", value_name = "FILE", value_hint = ValueHint::FilePath)]
    user_files: Vec<PathBuf>,
}

impl AcceptOptions {
    /// Returns the keys to accept; none stands for the demo's.
    pub fn keys(&self) -> Result<Vec<AcceptedKey>, Failure> {
        all(&self.keys, &self.key_files, KEYS)
    }

    /// Returns the users to accept; none stands for the demo's.
    pub fn users(&self) -> Result<Vec<AcceptedUser>, Failure> {
        all(&self.users, &self.user_files, USERS)
    }
}

/// Returns the entries of the files, the variable and the arguments, in that order.
fn all<T: FromStr<Err = AcceptError>>(arguments: &[String], paths: &[PathBuf], variable: &str) -> Result<Vec<T>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        found.extend(of_file(path)?);
    }
    if let Some(text) = std::env::var_os(variable) {
        let text = text.into_string().map_err(|_| Failure::usage(format!("{variable} is not UTF-8")))?;
        found.extend(lines(&text, variable)?);
    }
    for argument in arguments {
        found.push(argument.parse()?);
    }
    Ok(found)
}

fn of_file<T: FromStr<Err = AcceptError>>(path: &Path) -> Result<Vec<T>, Failure> {
    let text = files::read_text(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    lines(&text, &path.display().to_string())
}

/// Reads a text with one on each line. A mistake names the line and repeats nothing of it: there is a secret in it.
fn lines<T: FromStr<Err = AcceptError>>(text: &str, place: &str) -> Result<Vec<T>, Failure> {
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let written = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = |(number, line): (usize, &str)| line.parse().map_err(|error| Failure::usage(format!("{place}:{number}: {error}")));
    written.map(read).collect()
}
