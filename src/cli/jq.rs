//! The console's own `skydeck console-jq`: runs one filter over one body, bounded, and ends. Nobody types it.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use crate::io::jq::begin_bounded;
use crate::jq::{self, JqError};

/// Stack of the thread that runs the filter, in bytes: deep JSON and deep recursion are met before the bound of memory.
const STACK_BYTES: usize = 64 << 20;

/// Reads a filter, a NUL and JSON from standard input, and prints each result on a line, or the error on standard error.
/// With `bytes` it bounds this process first, for a filter over so many.
pub fn run(bytes: Option<usize>) -> ExitCode {
    match bytes.map_or(Ok(()), begin_bounded).and_then(|()| read()) {
        Ok(input) => run_over(input),
        Err(error) => failed(&JqError::Input(error.to_string())),
    }
}

fn read() -> io::Result<Vec<u8>> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    Ok(input)
}

fn run_over(input: Vec<u8>) -> ExitCode {
    let ran = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || filter(&input)).map(thread::JoinHandle::join);
    match ran {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) => failed(&error),
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(error) => failed(&JqError::Input(error.to_string())),
    }
}

fn failed(error: &JqError) -> ExitCode {
    eprintln!("{}", error.written());
    ExitCode::FAILURE
}

fn filter(input: &[u8]) -> Result<(), JqError> {
    let end = memchr::memchr(0, input).unwrap_or(input.len());
    let filter = String::from_utf8_lossy(&input[..end]).into_owned();
    // Each result goes out at once: this process may be killed before the next one.
    let mut out = io::stdout();
    jq::run(&filter, input.get(end + 1..).unwrap_or_default(), &mut |result| writeln!(out, "{result}").is_ok())
}
