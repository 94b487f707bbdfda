//! The arguments, as clap reads them. Every text here is help that somebody reads.

// Help is plain text: back-ticks and brackets would be printed.
#![allow(clippy::doc_markdown)]

use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser, Subcommand};

use super::exit::{CommandResult, Exit, STATUSES};
use super::global::Global;
use super::output::Output;
use super::{completions, config, emulator, explain, history, lab, operations, send, sign};
use crate::io::jq::SUBCOMMAND;

/// Terminal console for the calls that open a tenant's space on a cloud. Without a command it opens the console.
#[derive(Debug, Default, Parser)]
#[command(name = "skydeck", version, max_term_width = 100, after_long_help = STATUSES, disable_help_subcommand = true)]
pub struct Arguments {
    /// The options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command; the console when there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
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
    /// Write the manual pages of every command into a folder
    #[command(hide = true)]
    Man {
        /// The folder, made if it is not there
        folder: PathBuf,
    },
}

impl Command {
    /// Runs the command.
    pub fn run(self, global: &Global, output: &mut Output) -> CommandResult {
        match self {
            Self::Send(arguments) => send::run(global, &arguments, output),
            Self::Sign(arguments) => sign::run(global, &arguments, output),
            Self::Operations(arguments) => operations::run(global, &arguments, output),
            Self::Explain(arguments) => explain::run(global, &arguments, output),
            Self::Lab(arguments) => lab::run(global, &arguments, output),
            Self::Emulator(arguments) => emulator::run(global, &arguments, output),
            Self::History(arguments) => history::run(global, &arguments, output),
            Self::Config(arguments) => config::run(global, &arguments, output),
            // It has no output but its results: `run` of the command line takes it before there is one.
            Self::Jq { .. } => Ok(Exit::Success),
            Self::Completions(arguments) => completions::run(&arguments, output),
            Self::Man { folder } => write_manual(&folder),
        }
    }
}

/// Writes a manual page for each command that `--help` lists: `skydeck.1`, `skydeck-send.1`, `skydeck-history-list.1`.
fn write_manual(folder: &Path) -> CommandResult {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Arguments::command(), folder)?;
    Ok(Exit::Success)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_finds_nothing_wrong_with_the_arguments() {
        Arguments::command().debug_assert();
    }

    /// Names the pages of a command and of its subcommands that are listed.
    fn pages(command: &clap::Command, name: &str) -> Vec<String> {
        let listed = command.get_subcommands().filter(|command| !command.is_hide_set());
        let below = listed.flat_map(|command| pages(command, &format!("{name}-{}", command.get_name())));
        below.chain([format!("{name}.1")]).collect()
    }

    #[test]
    fn every_listed_command_has_a_manual_page() {
        let folder = tempfile::tempdir().unwrap();
        write_manual(&folder.path().join("man1")).unwrap();
        let pages = pages(&Arguments::command(), "skydeck");
        assert!(pages.contains(&"skydeck-history-list.1".to_owned()), "{pages:?}");
        for page in &pages {
            let text = fs::read_to_string(folder.path().join("man1").join(page)).unwrap();
            assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{page}: {text}");
        }
        assert_eq!(fs::read_dir(folder.path().join("man1")).unwrap().count(), pages.len());
    }
}
