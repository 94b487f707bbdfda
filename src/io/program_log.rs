//! The program's own log, for whoever looks into a failure: off unless a file is named.
//!
//! ```text
//! debug!, warn! ... anywhere ──▶ subscriber ──line──▶ LogFile: masks it, appends it, begins a new file at 8 MiB (the one before is PATH.1)
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

use super::destination;
use crate::redact::{Redactor, SecretRegistry};
use crate::visible::visible_line;

/// The size at which a new file is begun.
const MAX_FILE_BYTES: u64 = 8 << 20;

/// The time that a line waits for another. A panic while a line is written must not wait for its own lock for ever.
const LOCK_TIMEOUT: Duration = Duration::from_millis(200);

/// The log of this process; none while it is off.
static PATH: OnceLock<PathBuf> = OnceLock::new();

/// Returns the log's file; `None` while the log is off.
pub fn path() -> Option<&'static Path> {
    PATH.get().map(PathBuf::as_path)
}

/// Starts the log; once it is on, another call changes nothing.
///
/// # Errors
/// Why the file cannot be opened, with its path.
pub fn start(path: &Path, level: Level, secrets: &SecretRegistry) -> io::Result<()> {
    if PATH.get().is_some() {
        return Ok(());
    }
    let file = LogFile::open(path, MAX_FILE_BYTES, secrets.clone());
    let file = file.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    if tracing::subscriber::set_global_default(subscriber(file, level)).is_ok() && PATH.set(path.to_owned()).is_ok() {
        tracing::info!(version = env!("CARGO_PKG_VERSION"), process = std::process::id(), "log started");
    }
    Ok(())
}

/// Writes what this program reports from `level` on, and the warnings of the libraries.
fn subscriber(file: LogFile, level: Level) -> impl Subscriber + Send + Sync {
    let targets = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level).with_default(Level::WARN);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Arc::new(file));
    tracing_subscriber::registry().with(targets).with(lines)
}

/// The file of the log. Several processes may write to the same.
#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    max_bytes: u64,
    secrets: SecretRegistry,
    open: Mutex<OpenLog>,
}

#[derive(Debug)]
struct OpenLog {
    file: File,
    redactor: Redactor,
}

impl LogFile {
    fn open(path: &Path, max_bytes: u64, secrets: SecretRegistry) -> io::Result<Self> {
        let open = Mutex::new(OpenLog { file: append(path)?, redactor: secrets.redactor() });
        Ok(Self { path: path.to_owned(), max_bytes, secrets, open })
    }

    fn write_line(&self, line: &str, open: &mut OpenLog) -> io::Result<()> {
        self.secrets.refresh(&mut open.redactor);
        let line = open.redactor.text(line.trim_end());
        if open.file.metadata()?.len() >= self.max_bytes {
            self.begin_new(open)?;
        }
        open.file.write_all(format!("{}\n", visible_line(&line)).as_bytes())
    }

    fn begin_new(&self, open: &mut OpenLog) -> io::Result<()> {
        // Another process may have begun a new one already.
        if fs::metadata(&self.path).is_ok_and(|found| found.len() >= self.max_bytes) {
            let mut before = self.path.clone().into_os_string();
            before.push(".1");
            if fs::rename(&self.path, before).is_err() {
                // The folder takes no new name: the newest lines are worth more than the oldest.
                return open.file.set_len(0);
            }
        }
        open.file = append(&self.path)?;
        Ok(())
    }
}

impl Write for &LogFile {
    /// Takes a line. Where it cannot be written it is lost: the log must not be what fails.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(mut open) = self.open.try_lock_for(LOCK_TIMEOUT) {
            drop(self.write_line(&String::from_utf8_lossy(line), &mut open));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens a file for the owner alone, to add to its end. A device or a pipe is written to as it is.
fn append(path: &Path) -> io::Result<File> {
    if destination::is_written_through(path) {
        return destination::through(path);
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::fs::Permissions;
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{MASK, Secret};

    #[test]
    fn a_line_is_masked_by_what_is_registered_by_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let secrets = SecretRegistry::default();
        let log = subscriber(LogFile::open(&path, MAX_FILE_BYTES, secrets.clone()).unwrap(), Level::DEBUG);
        tracing::subscriber::with_default(log, || {
            secrets.add([&Secret::new("hunter2/\"x")]);
            tracing::debug!(reason = "hunter2/\"x", password = "other", "not sent\nto \u{1b}[31m hunter2/\"x");
            tracing::trace!("nothing");
        });
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!text.contains("hunter2") && !text.contains("other") && !text.contains('\u{1b}'), "{text}");
        assert!(text.matches(MASK).count() == 3 && text.contains("DEBUG skydeck::io::program_log"), "{text}");
    }

    #[test]
    fn a_full_file_is_kept_as_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let file = LogFile::open(&path, 20, SecretRegistry::default()).unwrap();
        for number in 0..5 {
            (&file).write_all(format!("the line number {number}\n").as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "the line number 4\n");
        assert_eq!(fs::read_to_string(folder.path().join("log.1")).unwrap(), "the line number 2\nthe line number 3\n");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "before\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        append(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before\n");
        assert!(append(folder.path()).is_err());
    }
}
