//! Commands that print credentials: bounded in time, in what they print and in what they get to see.
//!
//! ```text
//! start (own process group, few variables) ──output whole, process ended──▶ what it printed
//!    ╲ too much, too long, the program ends: the whole group is killed
//! ```

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::{process_groups, signals};
use crate::config::{CommandError, CredentialsCommand};
use crate::log_error::LogError;
use crate::secret::Secret;
use crate::visible::visible_line;

/// The most that a command may print, in bytes: the longest token takes a fiftieth of it.
const MAX_OUTPUT_BYTES: usize = 1 << 20;

/// The part kept of a command's standard error, in bytes.
const MAX_ERROR_BYTES: usize = 8 << 10;

/// The interval at which a process that has closed its output is checked for its end.
const EXIT_POLL_INTERVAL: Duration = Duration::from_millis(5);

/// The time that a process that has ended may keep us waiting for its last words: another that it has started may hold them open.
const STDERR_TIMEOUT: Duration = Duration::from_millis(200);

/// Variables that every command gets, where they are set; and those whose names begin with `LC_`. None of them holds a secret.
const VARIABLES: [&str; 12] =
    ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SystemRoot", "USERPROFILE", "APPDATA", "LOCALAPPDATA"];

/// Runs a command and gives what it printed on standard output.
///
/// # Errors
/// [`CommandError`].
pub(super) fn run(command: &CredentialsCommand) -> Result<Secret, CommandError> {
    tracing::debug!(program = command.argv.first(), "a command is run for credentials");
    signals::end_by_signal()?;
    let mut running = RunningCommand::start(command)?;
    let (Some(stdout), Some(stderr)) = (running.child.stdout.take(), running.child.stderr.take()) else {
        return Err(CommandError::NoOutput);
    };
    let (printed, stderr_text) = (whole(stdout), beginning(stderr));
    let text = running.within_time(&printed)??;
    let status = running.status()?;
    if !status.success() {
        let stderr_text = stderr_text.recv_timeout(STDERR_TIMEOUT).unwrap_or_default();
        return Err(CommandError::Failed { status: status.to_string(), message: first_line(&stderr_text) });
    }
    Ok(text)
}

/// A command on its way. Dropped before it has ended, it is killed.
struct RunningCommand {
    child: Child,
    end: Instant,
    timeout: Duration,
    has_ended: bool,
}

impl RunningCommand {
    fn start(command: &CredentialsCommand) -> io::Result<Self> {
        let (program, arguments) = command.argv.split_first().ok_or_else(|| io::Error::other("there is nothing to run"))?;
        let mut process = Command::new(program);
        process.args(arguments).env_clear().envs(environment(command));
        process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = process_groups::spawn(&mut process)?;
        let end = Instant::now() + command.timeout;
        Ok(Self { child, end, timeout: command.timeout, has_ended: false })
    }

    /// Waits for something until the time is over.
    fn within_time<T>(&self, awaited: &Receiver<T>) -> Result<T, CommandError> {
        match awaited.recv_timeout(self.end.saturating_duration_since(Instant::now())) {
            Ok(awaited) => Ok(awaited),
            Err(RecvTimeoutError::Timeout) => Err(CommandError::TimedOut(self.timeout)),
            Err(RecvTimeoutError::Disconnected) => Err(CommandError::NoOutput),
        }
    }

    /// Waits for the end of the process, and returns its status.
    fn status(&mut self) -> Result<ExitStatus, CommandError> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                self.has_ended = true;
                return Ok(status);
            }
            if self.end <= Instant::now() {
                return Err(CommandError::TimedOut(self.timeout));
            }
            thread::sleep(EXIT_POLL_INTERVAL);
        }
    }
}

impl Drop for RunningCommand {
    fn drop(&mut self) {
        if !self.has_ended {
            process_groups::kill(self.child.id());
            // Where there are no groups, at least this one.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        process_groups::remove(self.child.id());
    }
}

/// Returns the variables of a command: the usual few, and those that the configuration names.
fn environment(command: &CredentialsCommand) -> impl Iterator<Item = (std::ffi::OsString, std::ffi::OsString)> + '_ {
    std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        let is_usual = VARIABLES.iter().any(|usual| *usual == name) || name.starts_with("LC_");
        is_usual || command.environment.iter().any(|named| *named == name)
    })
}

/// Reads all that is printed, on a thread of its own.
fn whole(from: impl Read + Send + 'static) -> Receiver<Result<Secret, CommandError>> {
    let (give, take) = channel();
    thread::spawn(move || {
        // Room at once, so that growing leaves no copies of a secret behind.
        let mut bytes = Vec::with_capacity(MAX_OUTPUT_BYTES + 1);
        let read = from.take(MAX_OUTPUT_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(CommandError::from);
        let text = read.and_then(|_| match bytes.len() {
            ..=MAX_OUTPUT_BYTES => String::from_utf8(bytes).map(Secret::from).map_err(|_| CommandError::NotUtf8),
            _ => Err(CommandError::TooLong(MAX_OUTPUT_BYTES)),
        });
        // Nobody waits for it when the time is over.
        let _ = give.send(text);
    });
    take
}

/// Reads the beginning of what is said, on a thread of its own; the rest is dropped.
fn beginning(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (give, take) = channel();
    thread::spawn(move || {
        let mut words = Vec::new();
        // What cannot be read is not said.
        from.by_ref().take(MAX_ERROR_BYTES as u64).read_to_end(&mut words).log_error("read a command's standard error");
        let _ = give.send(words);
        // Whoever says more must not wait for a reader.
        let _ = io::copy(&mut from, &mut io::sink());
    });
    take
}

fn first_line(stderr_text: &[u8]) -> String {
    let stderr_text = String::from_utf8_lossy(stderr_text);
    let line = stderr_text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it said nothing");
    visible_line(line).into_owned()
}
