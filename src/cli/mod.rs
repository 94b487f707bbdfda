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
mod extras;
mod object;
mod operations;
mod output;
mod prepare;
mod reference;
mod report;
mod send;
mod shown;
mod sign;
mod signed;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use output::Output;

pub use exit::Exit;

/// Runs the program: the console without arguments, a subcommand, or a shell's request for completions.
pub fn run() -> ExitCode {
    if std::env::var_os(completions::VARIABLE).is_some()
        && let Some(exit) = completions::answer()
    {
        return exit.into();
    }
    let arguments = if std::env::args_os().len() <= 1 { Arguments::default() } else { parse() };
    let mut output = Output::standard(arguments.global.output);
    let ended = match arguments.command {
        Some(command) => dispatch(&arguments.global, command, &mut output),
        None => match console::open(&arguments.global) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
    };
    output.finish(ended).into()
}

/// Reads the arguments. Help, the version and mistakes are printed, and end the program with the status that clap gives them: 0 or 2.
fn parse() -> Arguments {
    Arguments::try_parse().unwrap_or_else(|error| error.exit())
}

fn dispatch(global: &arguments::Global, command: Command, output: &mut Output) -> exit::Ended {
    match command {
        Command::Send(arguments) => send::run(global, &arguments, output),
        Command::Sign(arguments) => sign::run(global, &arguments, output),
        Command::Operations(arguments) => operations::run(global, &arguments, output),
        Command::Explain(arguments) => explain::run(global, &arguments, output),
        Command::Emulator(arguments) => emulator::run(global, &arguments, output),
        Command::Config(arguments) => config::run(global, &arguments, output),
        Command::Completions(arguments) => completions::run(&arguments, output),
    }
}
