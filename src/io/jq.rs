//! jq in a process of its own: a filter that runs away is killed with it.
//!
//! ```text
//! body ──masked──▶ skydeck console-jq BYTES (no environment) ─bounded─▶ skydeck console-jq ──▶ results, a line each
//!                     ╲ too long, too much, too deep, nobody waits: killed
//! ```
//!
//! The process is this program again, and begins once more when its bounds are set: memory is set aside at the very start. It reads the filter, a NUL and the JSON, so that neither stands in a list of processes.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::app::viewer::{CancelToken, End, Filtered, Filtering, Limit};
use crate::body::mask_json;
use crate::jq::JqError;
use crate::log_error::LogError;

/// The name of the subcommand.
pub const SUBCOMMAND: &str = "console-jq";

/// Returns the seconds that a filter may run over so many bytes: reading ten megabytes takes about one of them.
const fn seconds(bytes: usize) -> u64 {
    2 + (bytes / 5_000_000) as u64
}

/// Returns the memory that a filter may take over so many bytes, in MiB: a small object takes twenty times its text.
const fn mebibytes(bytes: usize) -> u64 {
    512 + 32 * (bytes >> 20) as u64
}

/// Bytes of results that are kept.
const MAX_OUTPUT_BYTES: usize = 1 << 20;

/// Bytes of a failure's words that are kept.
const MAX_ERROR_BYTES: usize = 8 << 10;

/// The interval at which a process that nobody waits for any more looks whether to end.
const CANCEL_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Runs a filter over a body. `None` when nobody waits for it any more.
pub(super) async fn filter(filtering: Filtering) -> Option<Filtered> {
    let token = filtering.cancel.clone();
    let input = tokio::task::spawn_blocking(move || input(&filtering)).await.ok().filter(|_| !token.is_cancelled())?;
    let mut child = match start(input.len()) {
        Ok(child) => child,
        Err(error) => return Some(broken(format!("jq cannot be started: {error}"))),
    };
    let seconds = seconds(input.len());
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    let ended = tokio::select! {
        ended = pipe(&mut child, &input, &mut results, &mut errors) => ended,
        () = sleep(Duration::from_secs(seconds)) => Err(Limit::Time(seconds)),
        () = cancelled(&token) => return None,
    };
    let end = match ended {
        Err(limit) => End::Stopped(limit),
        Ok(()) => match timeout(CANCEL_POLL_INTERVAL * 50, child.wait()).await {
            Ok(Ok(status)) => end(status, &String::from_utf8_lossy(&errors), input.len()),
            Ok(Err(error)) => End::Broken(error.to_string()),
            Err(_) => End::Stopped(Limit::Time(seconds)),
        },
    };
    Some(Filtered { results: without_cut_line(results).into(), end })
}

fn broken(reason: String) -> Filtered {
    Filtered { results: bytes::Bytes::new(), end: End::Broken(reason) }
}

fn input(filtering: &Filtering) -> Vec<u8> {
    let masked = mask_json(&filtering.body, &filtering.redactor);
    [filtering.filter.as_bytes(), b"\0", &masked].concat()
}

/// Starts the process for so many bytes. It inherits nothing: a filter can read the environment it runs in.
fn start(bytes: usize) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args([SUBCOMMAND, &bytes.to_string()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // Without it nothing starts on Windows.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command.spawn()
}

/// Gives the process its input and takes what it says, until it says no more or too much.
async fn pipe(child: &mut Child, input: &[u8], results: &mut Vec<u8>, errors: &mut Vec<u8>) -> Result<(), Limit> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // A filter that is none is refused before the body is read.
            stdin.write_all(input).await.log_error("give a filter its body");
        }
        Ok(())
    };
    tokio::try_join!(write, take(stdout, results), take_errors(stderr, errors)).map(|_| ())
}

/// Takes results, until there are no more of them or too many.
async fn take(from: Option<impl AsyncRead + Unpin>, results: &mut Vec<u8>) -> Result<(), Limit> {
    let Some(mut from) = from else { return Ok(()) };
    while let Ok(1..) = from.read_buf(results).await {
        if results.len() > MAX_OUTPUT_BYTES {
            return Err(Limit::Output(MAX_OUTPUT_BYTES));
        }
    }
    Ok(())
}

/// Takes the first of what is said about a failure; the rest is dropped.
async fn take_errors(from: Option<impl AsyncRead + Unpin>, errors: &mut Vec<u8>) -> Result<(), Limit> {
    let Some(mut from) = from else { return Ok(()) };
    let mut more = Vec::new();
    while let Ok(1..) = from.read_buf(&mut more).await {
        more.truncate(MAX_ERROR_BYTES - errors.len());
        errors.append(&mut more);
    }
    Ok(())
}

async fn cancelled(token: &CancelToken) {
    while !token.is_cancelled() {
        sleep(CANCEL_POLL_INTERVAL).await;
    }
}

/// Interprets the end of the process.
fn end(status: ExitStatus, errors: &str, bytes: usize) -> End {
    if status.success() {
        return End::Whole;
    }
    match errors.lines().last().and_then(JqError::read) {
        Some(error) => End::Failed(error),
        None if errors.contains("memory allocation of") => End::Stopped(Limit::Memory(mebibytes(bytes))),
        None if errors.contains("overflowed its stack") => End::Stopped(Limit::Depth),
        None if status.code().is_none() && errors.is_empty() => End::Stopped(Limit::Time(seconds(bytes))),
        None => End::Broken(format!("jq broke off ({status})")),
    }
}

/// Returns the results without the last one, if it was cut; a single one stays as far as it came.
fn without_cut_line(mut results: Vec<u8>) -> Vec<u8> {
    results.truncate(MAX_OUTPUT_BYTES);
    match memchr::memrchr(b'\n', &results) {
        Some(last) => results.truncate(last + 1),
        None if results.is_empty() => {}
        None => results.push(b'\n'),
    }
    results
}

/// Bounds this process as it may run a filter over so many bytes: memory, and time should nobody be left to end it. Then it begins once
/// more: what the allocator sets aside when a program starts would be beyond the bound, and would not be bounded.
///
/// # Errors
/// The system's, when it cannot start again. Otherwise this does not return.
#[cfg(unix)]
pub fn begin_bounded(bytes: usize) -> io::Result<()> {
    use std::os::unix::process::CommandExt;

    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |limit: u64| Rlimit { current: Some(limit), maximum: Some(limit) };
    // Where the system knows no such bound there is still the time that the parent gives.
    let _ = setrlimit(Resource::As, limit(mebibytes(bytes) << 20));
    let _ = setrlimit(Resource::Cpu, limit(2 * seconds(bytes)));
    let _ = setrlimit(Resource::Core, limit(0));
    Err(std::process::Command::new(std::env::current_exe()?).arg(SUBCOMMAND).exec())
}

/// Starts without a bound: here the time that the parent gives has to do.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn begin_bounded(_bytes: usize) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_a_truncated_result_unless_alone() {
        assert_eq!(without_cut_line(b"1\n2\n3".to_vec()), b"1\n2\n");
        assert_eq!(without_cut_line(b"[1,2".to_vec()), b"[1,2\n");
        assert_eq!(without_cut_line(Vec::new()), b"");
        let (one, many) = (without_cut_line(vec![b'x'; MAX_OUTPUT_BYTES + 100]), without_cut_line(b"12\n".repeat(MAX_OUTPUT_BYTES)));
        assert_eq!((one.len(), one.last()), (MAX_OUTPUT_BYTES + 1, Some(&b'\n')));
        assert!(many.len() <= MAX_OUTPUT_BYTES && many.ends_with(b"\n12\n"), "{}", many.len());
    }
}
