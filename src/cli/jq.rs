//! The console's own `skydeck console-jq`: runs one filter over one body, bounded, and ends. Nobody types it.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use crate::io::jq::bound;
use crate::jq::{self, JqError};

/// Stack of the thread that runs the filter, in bytes: deep JSON and deep recursion are met before the bound of memory.
const STACK: usize = 64 << 20;

/// Reads a filter, a NUL and JSON from standard input; prints each result on a line, or what was wrong on standard error.
pub fn run() -> ExitCode {
    let mut input = Vec::new();
    if let Err(error) = io::stdin().read_to_end(&mut input) {
        eprintln!("{}", JqError::Input(error.to_string()).written());
        return ExitCode::FAILURE;
    }
    bound(input.len());
    let ran = thread::Builder::new().stack_size(STACK).spawn(move || filter(&input)).map(thread::JoinHandle::join);
    match ran {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) => {
            eprintln!("{}", error.written());
            ExitCode::FAILURE
        }
        _ => ExitCode::FAILURE,
    }
}

fn filter(input: &[u8]) -> Result<(), JqError> {
    let end = memchr::memchr(0, input).unwrap_or(input.len());
    let filter = String::from_utf8_lossy(&input[..end]).into_owned();
    // Each result goes out at once: this process may be killed before the next one.
    let mut out = io::stdout();
    jq::run(&filter, input.get(end + 1..).unwrap_or_default(), &mut |result| writeln!(out, "{result}").is_ok())
}
