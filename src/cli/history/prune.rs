//! `skydeck history prune`: letting old exchanges go.

use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::open;
use crate::cli::argument_error::ArgumentError;
use crate::cli::exit::{CommandResult, Exit};
use crate::cli::output::{ColorRole, Output, OutputFormat};
use crate::cli::setting::CommandContext;
use crate::io::history::Retention;
use crate::query::age_seconds;

/// The text of `--help` after the options.
const HELP: &str = "\
Without an option: what the configuration keeps ([history] keep, max_age) stays.
With --output json: one object with the member pruned, the number of exchanges that are gone.";

/// The arguments of `history prune`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// Keep so many exchanges, the newest
    #[arg(long, value_name = "NUMBER")]
    keep: Option<u64>,
    /// Let go of those that are older (30d, 12h, 8w)
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
    /// Let all go
    #[arg(long, conflicts_with_all = ["keep", "older_than"])]
    all: bool,
}

fn age(text: &str) -> Result<Duration, ArgumentError> {
    let seconds = age_seconds(text).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(Duration::from_secs).ok_or(ArgumentError::Age)
}

/// Runs `history prune`.
pub fn run(setting: &CommandContext, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let retention = arguments.retention(&setting.config.history);
    let gone = match open(setting, output)? {
        Some(mut store) => store.prune(retention, Timestamp::now())?,
        None => 0,
    };
    match output.format {
        OutputFormat::Json => output.json(&json!({ "pruned": gone })),
        OutputFormat::Text => output.note(&[(ColorRole::Label, &format!("{gone} exchanges are gone"))]),
    }
    Ok(Exit::Success)
}

impl Arguments {
    /// Returns the limits that are named; what is not named is not pruned.
    fn retention(&self, configured: &crate::config::History) -> Retention {
        let unnamed = self.keep.is_none() && self.older_than.is_none() && !self.all;
        Retention {
            keep: if self.all { 0 } else { self.keep.unwrap_or(if unnamed { configured.keep } else { u64::MAX }) },
            max_age: self.older_than.unwrap_or(if unnamed { configured.max_age } else { Duration::MAX }),
        }
    }
}
