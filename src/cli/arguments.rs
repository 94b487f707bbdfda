//! The arguments, as clap reads them. Every text here is help that somebody reads.

// Help is plain text: back-ticks and brackets would be printed.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::{candidates, completions, config, emulator, exit, explain, history, lab, operations, send, sign};
use crate::config::Overrides;
use crate::io::jq::SUBCOMMAND;
use crate::wire::Endpoint;

/// Terminal console for the calls that open a tenant's space on a cloud. Without a command it opens the console.
#[derive(Debug, Default, Parser)]
#[command(name = "skydeck", version, max_term_width = 100, after_long_help = exit::STATUSES, disable_help_subcommand = true)]
pub struct Arguments {
    /// The options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The remedy; the console when there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options of every command.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The configuration file; the folder `catalog` beside it holds operations of your own
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// The profile: credentials, regions, guard (built in: demo, env)
    #[arg(long, global = true, value_name = "NAME", add = ArgValueCompleter::new(candidates::profiles))]
    pub profile: Option<String>,
    /// The region, in place of the profile's
    #[arg(long, global = true, value_name = "REGION", add = ArgValueCompleter::new(candidates::regions))]
    pub region: Option<String>,
    /// The endpoint (http://HOST[:PORT] or https://...), in place of the region's
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub endpoint: Option<Endpoint>,
    /// How results are printed
    #[arg(long, global = true, value_name = "FORM", value_enum, default_value_t)]
    pub output: OutputFormat,
    /// The folder for data, in place of the platform's own
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data_dir: Option<PathBuf>,
    /// Write the program's own log, secrets masked, to a file (or name it by the variable SKYDECK_LOG)
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log_file: Option<PathBuf>,
}

/// The format of printed results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// For programs: one object on one line
    Json,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Validate, sign and send a call, and print the answer
    Send(send::Arguments),
    /// Show how a call is signed, step by step; nothing is sent
    Sign(sign::Arguments),
    /// List the operations, or show one in full
    Operations(operations::Arguments),
    /// Say what an error code means and what to do
    Explain(explain::Arguments),
    /// List, show, find, prune and export the exchanges that were kept
    History(history::Arguments),
    /// Take somebody's signed request apart: whether it verifies, and if not where it departs and why
    Lab(lab::Arguments),
    /// Run the emulator alone, for SDKs and scripts
    Emulator(emulator::Arguments),
    /// Show where the configuration is, what is in effect, and what is wrong with it
    Config(config::Arguments),
    /// Run the console's filter over a body, in a process that can be killed
    #[command(name = SUBCOMMAND, hide = true)]
    Jq {
        /// For a filter over so many bytes; without it the process is bounded already
        bytes: Option<usize>,
    },
    /// Print the script that completes commands, names and values in a shell
    Completions(completions::Arguments),
}

/// A call: what `send` and `sign` have in common.
#[derive(Args, Debug)]
pub struct CallArguments {
    /// The provider, such as alibaba-sae
    #[arg(add = ArgValueCompleter::new(candidates::providers))]
    pub provider: String,
    /// The operation, such as CreateNamespace
    #[arg(add = ArgValueCompleter::new(candidates::operations))]
    pub operation: String,
    /// The parameters: NAME=VALUE as text (repeated, it adds to a list), NAME:=JSON as JSON
    #[arg(value_name = "NAME=VALUE", add = ArgValueCompleter::new(candidates::assignments))]
    pub assignments: Vec<String>,
    /// Go on with parameters that break a rule
    #[arg(long)]
    pub no_validate: bool,
    /// Add a header, and sign it ('Name: value'; one that is there is replaced, 'Name:' takes it away)
    #[arg(long = "header", value_name = "HEADER")]
    pub headers: Vec<String>,
    /// Take the body from a file (- is standard input) in place of the one built from the parameters
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub body: Option<String>,
}

impl Global {
    /// Returns what the operator names in place of what the profile says.
    pub fn overrides(&self) -> Overrides {
        Overrides { region: self.region.clone(), endpoint: self.endpoint.clone(), typed: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn clap_finds_nothing_wrong_with_the_arguments() {
        Arguments::command().debug_assert();
    }
}
