//! The command line: one file per subcommand, the steps that they share in `prepare`, one writer in `output`.
//!
//! ```text
//! arguments ─▶ Setting (paths, configuration, catalog) ─▶ Draft (form, findings) ─▶ Ready (access, plan) ─▶ send | sign | dry run
//!    ╲ 2          ╲ 2                                        ╲ 2, 3                    ╲ 2                      ╲ 4, 5, 6
//! ```
//!
//! The numbers are the exit statuses of [`Exit`]. Results go to standard output, everything else to standard error.

mod arguments;
mod candidates;
mod completions;
mod config;
mod console;
mod emulator;
mod exit;
mod explain;
mod export;
mod extras;
mod faults;
mod history;
mod jq;
mod lab;
mod operations;
mod output;
mod prepare;
mod reference;
mod report;
mod send;
mod shown;
mod sign;
mod signed;

use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};

use crate::io::{hardening, panic_hook};
use crate::redact::SecretRegistry;
use crate::visible::VisibleForm;

use arguments::{Arguments, Command, OutputFormat};
use exit::Failure;
use output::Output;

pub use exit::Exit;

/// Runs the program: the console without arguments, a subcommand, or a shell's request for completions.
pub fn run() -> ExitCode {
    hardening::harden_process();
    let secrets = SecretRegistry::default();
    panic_hook::report_masked(secrets.clone());
    if std::env::var_os(completions::VARIABLE).is_some()
        && let Some(exit) = completions::answer()
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
    let ended = match (prepare::start_log(&arguments.global, &secrets), arguments.command) {
        (Err(failure), _) => Err(failure),
        (_, Some(command)) => dispatch(&arguments.global, command, &mut output),
        (_, None) => match console::open(&arguments.global, &secrets) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
    };
    output.finish(ended).into()
}

/// Reads the arguments. Help, the version and most mistakes are printed, and end the program with the status that clap gives them: 0 or 2.
fn parse() -> Result<Arguments, Failure> {
    Arguments::try_parse().map_err(|error| Failure::usage(told(&error).unwrap_or_else(|| error.exit())))
}

/// Returns what we say in clap's place: where it would repeat a value that may hold a secret, and where an argument would steer the terminal.
fn told(error: &clap::Error) -> Option<String> {
    if let (ErrorKind::ValueValidation, Some(reason)) = (error.kind(), error.source()) {
        let option = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
        return Some(format!("{option}: {reason}"));
    }
    let steers = |argument: OsString| argument.to_string_lossy().contains(|c| VisibleForm::new(c).is_some());
    let odd = error.use_stderr() && std::env::args_os().any(steers);
    odd.then(|| error.to_string().trim_start_matches("error: ").trim_end().to_owned())
}

fn dispatch(global: &arguments::Global, command: Command, output: &mut Output) -> exit::CommandResult {
    match command {
        Command::Send(arguments) => send::run(global, &arguments, output),
        Command::Sign(arguments) => sign::run(global, &arguments, output),
        Command::Operations(arguments) => operations::run(global, &arguments, output),
        Command::Explain(arguments) => explain::run(global, &arguments, output),
        Command::Lab(arguments) => lab::run(global, &arguments, output),
        Command::Emulator(arguments) => emulator::run(global, &arguments, output),
        Command::History(arguments) => history::run(global, &arguments, output),
        Command::Config(arguments) => config::run(global, &arguments, output),
        Command::Jq { .. } => Ok(Exit::Success),
        Command::Completions(arguments) => completions::run(&arguments, output),
    }
}
