//! Files, commands and environment variables: the real [`Environment`] of the configuration.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};
use thiserror::Error;

use super::{command, prompt};
use crate::config::{CommandError, CredentialsCommand, DemoAccess, Environment, FileText, PromptError};
use crate::redact::SecretRegistry;
use crate::secret::Secret;

/// The most that is read of a file, in bytes: no configuration comes near it.
const MAX_READ_BYTES: u64 = 4 << 20;

/// The most that is taken as a body, in bytes: the largest that a vendor documents is 12 MiB, and an answer's bound is as large.
const BODY_LIMIT: u64 = 64 << 20;

/// An error from reading a file.
#[derive(Debug, Error)]
#[error("{name}: {source}")]
pub struct ReadError {
    /// The file's name; `-` for standard input.
    pub name: String,
    /// The system's error.
    pub source: io::Error,
}

/// The paths of the program's folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file; need not exist unless it was named.
    pub config: PathBuf,
    /// Set when the operator named it.
    pub config_named: bool,
    /// The folder of the operator's own catalog files: `catalog` beside the configuration file.
    pub catalog: PathBuf,
    /// The data folder.
    pub data: PathBuf,
}

impl Paths {
    /// Returns the paths that were named, or else the platform's own. `None` when the platform has no home folder and too few were named.
    pub fn find(config: Option<&Path>, data: Option<&Path>) -> Option<Self> {
        let own = ProjectDirs::from("", "", "skydeck");
        let named = config.is_some();
        let config = config.map(Path::to_path_buf).or_else(|| Some(own.as_ref()?.config_dir().join("config.toml")))?;
        let data = data.map(Path::to_path_buf).or_else(|| Some(own.as_ref()?.data_dir().to_path_buf()))?;
        let catalog = config.parent().unwrap_or(Path::new("")).join("catalog");
        Some(Self { config, config_named: named, catalog, data })
    }

    /// Returns the configuration's text; `None` when there is no file and none was named.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read_config(&self) -> Result<Option<String>, ReadError> {
        match read_text(&self.config) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.config_named => Ok(None),
            Err(source) => Err(ReadError { name: self.config.display().to_string(), source }),
        }
    }

    /// Returns the operator's catalog files (`*.toml`, in the order of their names), name and text each; and why others cannot be read.
    pub fn read_catalog(&self) -> (Vec<(String, String)>, Vec<String>) {
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        let Ok(entries) = fs::read_dir(&self.catalog) else { return (files, problems) };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        for path in paths {
            let name = path.display().to_string();
            match read_text(&path) {
                Ok(text) => files.push((name, text)),
                Err(error) => problems.push(format!("{name}: {error}")),
            }
        }
        (files, problems)
    }
}

/// Returns a body from a file, or from standard input for `-`.
///
/// # Errors
/// [`ReadError`].
pub fn read_body(name: &str) -> Result<Vec<u8>, ReadError> {
    let read = match name {
        "-" => bounded(io::stdin().lock(), BODY_LIMIT),
        path => fs::File::open(path).and_then(|file| bounded(file, BODY_LIMIT)),
    };
    read.map_err(|source| ReadError { name: name.to_owned(), source })
}

/// Returns a file's text, within bounds.
///
/// # Errors
/// The system's, or the place where it ceases to be UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    let bytes = bounded(fs::File::open(path)?, MAX_READ_BYTES)?;
    String::from_utf8(bytes).map_err(|error| io::Error::other(not_text(error.as_bytes(), error.utf8_error().valid_up_to())))
}

/// Returns all that a source gives, unless it is more than `limit` bytes: a device may never end.
fn bounded(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(io::Error::other(format!("larger than {} MiB", limit >> 20))) } else { Ok(bytes) }
}

/// Names the place where a text ceases to be UTF-8. The column counts characters, as the parsers of TOML and JSON do.
fn not_text(bytes: &[u8], good: usize) -> String {
    let before = String::from_utf8_lossy(&bytes[..good]);
    let (line, last) = before.lines().enumerate().last().unwrap_or_default();
    let (line, column) = if before.ends_with('\n') { (line + 2, 1) } else { (line + 1, last.chars().count() + 1) };
    format!("line {line}, column {column}: not UTF-8 (the byte 0x{:02X}): save the file as UTF-8", bytes[good])
}

/// This machine, as the configuration sees it.
#[derive(Debug)]
pub struct SystemEnvironment {
    /// The registry of this process's secrets.
    pub secrets: SecretRegistry,
    /// Set when the operator may be asked and commands may run.
    pub is_interactive: bool,
    /// The demo profile's access to each provider, by its id; empty until an emulator runs.
    pub demo: BTreeMap<String, DemoAccess>,
}

impl SystemEnvironment {
    /// Creates one that may ask the operator and run commands.
    pub fn new(secrets: SecretRegistry) -> Self {
        Self { secrets, is_interactive: true, demo: BTreeMap::new() }
    }

    /// Creates one that does nothing that an operator would notice.
    pub fn silent(secrets: SecretRegistry) -> Self {
        Self { is_interactive: false, ..Self::new(secrets) }
    }
}

impl Environment for SystemEnvironment {
    fn secrets(&self) -> &SecretRegistry {
        &self.secrets
    }

    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn home(&self) -> Option<PathBuf> {
        BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf())
    }

    fn read_file(&self, path: &Path) -> io::Result<FileText> {
        let text = read_text(path)?;
        Ok(FileText { text: Secret::from(text), open_to_others: open_to_others(path) })
    }

    fn run_command(&self, command: &CredentialsCommand) -> Result<Secret, CommandError> {
        if self.is_interactive { command::run(command) } else { Err(CommandError::NotRun("no command is run unasked")) }
    }

    fn prompt(&self, question: &str, masked: bool) -> Result<Secret, PromptError> {
        if !self.is_interactive {
            return Err(PromptError::NotAsked("nobody is asked"));
        }
        let typed = prompt::ask(question, masked)?;
        if masked {
            self.secrets.add([&typed]);
        }
        Ok(typed)
    }

    fn demo(&self, provider: &str) -> Option<DemoAccess> {
        self.demo.get(provider).cloned()
    }
}

/// Returns whether others than the owner may read a file.
#[cfg(unix)]
fn open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Returns `false`: elsewhere a file's mode says nothing about who may read it.
#[cfg(not(unix))]
fn open_to_others(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_missing_configuration_unless_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let named = Paths::find(Some(&file), Some(folder.path())).unwrap();
        assert!(named.read_config().unwrap_err().to_string().contains("config.toml"));
        assert_eq!(Paths { config_named: false, ..named }.read_config().unwrap(), None);
    }

    #[test]
    fn catalog_files_come_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::find(Some(&folder.path().join("config.toml")), Some(folder.path())).unwrap();
        assert_eq!(paths.read_catalog(), (Vec::new(), Vec::new()));
        fs::create_dir(&paths.catalog).unwrap();
        for (name, text) in [("b.toml", "2"), ("a.toml", "1"), ("c.txt", "3")] {
            fs::write(paths.catalog.join(name), text).unwrap();
        }
        fs::write(paths.catalog.join("d.toml"), [0xff]).unwrap();
        let (files, problems) = paths.read_catalog();
        assert_eq!(files.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["1", "2"]);
        assert!(problems.len() == 1 && problems[0].contains("d.toml"), "{problems:?}");
    }

    #[test]
    fn reports_the_position_in_a_file_that_is_not_text() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (bytes, place) in [
            (&b"a\xff"[..], "line 1, column 2"),
            (b"\xff", "line 1, column 1"),
            (b"a\n\xc3\xa9x\xe9\n", "line 2, column 3"),
            (b"a\n\xff", "line 2, column 1"),
        ] {
            fs::write(file.path(), bytes).unwrap();
            let error = read_text(file.path()).unwrap_err().to_string();
            assert!(error.starts_with(place) && error.contains("UTF-8"), "{bytes:?}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn refuses_an_endless_source() {
        assert_eq!(read_body("/dev/zero").unwrap_err().to_string(), "/dev/zero: larger than 64 MiB");
        assert_eq!(read_text(Path::new("/dev/zero")).unwrap_err().to_string(), "larger than 4 MiB");
    }

    #[cfg(unix)]
    #[test]
    fn reports_why_a_command_failed() {
        let machine = SystemEnvironment::new(SecretRegistry::default());
        let run = |script: &str| machine.run_command(&CredentialsCommand::new(["sh", "-c", script].map(String::from).to_vec()));
        assert_eq!(run("printf x").unwrap().expose(), "x");
        assert!(run("echo locked >&2; exit 3").unwrap_err().to_string().ends_with("locked"));
        assert!(machine.run_command(&CredentialsCommand::new(vec!["skydeck-no-such-program".into()])).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn files_open_to_others_are_noticed() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, open) in [(0o600, false), (0o640, true)] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(SystemEnvironment::new(SecretRegistry::default()).read_file(file.path()).unwrap().open_to_others, open);
        }
    }
}
