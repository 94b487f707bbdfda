//! The command line: one file per subcommand with its arguments, the steps that they share in `setting` and `draft`, one writer in `output`.
//!
//! ```text
//! arguments ─▶ Setting (paths, configuration, catalog) ─▶ Draft (form, findings) ─▶ PreparedCall (access, plan) ─▶ send | sign | dry run
//!    ╲ 2          ╲ 2                                        ╲ 2, 3                    ╲ 2                             ╲ 4, 5, 6
//! ```
//!
//! `arguments` alone knows every command; what all of them use (`global`, `setting`, `output`) knows none.
//!
//! The numbers are the exit statuses of [`Exit`]. Results go to standard output, everything else to standard error.

mod argument_error;
mod arguments;
mod candidates;
mod completions;
mod config;
mod console;
mod draft;
mod emulator;
mod exit;
mod explain;
mod export;
mod extras;
mod global;
mod history;
mod jq;
mod lab;
mod load;
mod operations;
mod output;
mod reference;
mod report;
mod send;
mod setting;
mod sign;
mod signed;

use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::io::{hardening, panic_hook};
use crate::redact::SecretRegistry;
use crate::visible::VisibleForm;

use arguments::{Arguments, Command};
use exit::Failure;
use output::{Output, OutputFormat};

pub use exit::Exit;

/// Runs the program: the console without arguments, a subcommand, or a shell's request for completions.
pub fn run() -> ExitCode {
    hardening::harden_process();
    let secrets = SecretRegistry::default();
    panic_hook::report_masked(secrets.clone());
    if std::env::var_os(completions::VARIABLE).is_some()
        && let Some(exit) = completions::answer(Arguments::command)
    {
        return exit.into();
    }
    let arguments = if std::env::args_os().len() <= 1 { Ok(Arguments::default()) } else { parse() };
    let arguments = match arguments {
        Ok(arguments) => arguments,
        Err(failure) => return Output::standard(OutputFormat::Text, secrets).finish(Err(failure)).into(),
    };
    if let Some(Command::Jq { bytes }) = arguments.command {
        return jq::run(bytes);
    }
    let mut output = Output::standard(arguments.global.output, secrets.clone());
    let ended = match (arguments.global.start_log(&secrets), arguments.command) {
        (Err(failure), _) => Err(failure),
        (_, Some(command)) => command.run(&arguments.global, &mut output),
        (_, None) => match console::open(&arguments.global, &secrets) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
    };
    output.finish(ended).into()
}

/// Reads the arguments. Help, the version and most mistakes are printed, and end the program with the status that clap gives them: 0 or 2.
fn parse() -> Result<Arguments, Failure> {
    Arguments::try_parse().map_err(|error| Failure::usage(own_message(&error).unwrap_or_else(|| error.exit())))
}

/// Returns our own message in place of clap's: where that would repeat a value that may hold a secret, and where an argument would steer the terminal.
fn own_message(error: &clap::Error) -> Option<String> {
    if let (ErrorKind::ValueValidation, Some(reason)) = (error.kind(), error.source()) {
        let option = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
        return Some(format!("{option}: {reason}"));
    }
    let steers = |argument: OsString| argument.to_string_lossy().contains(|c| VisibleForm::new(c).is_some());
    let odd = error.use_stderr() && std::env::args_os().any(steers);
    odd.then(|| error.to_string().trim_start_matches("error: ").trim_end().to_owned())
}
