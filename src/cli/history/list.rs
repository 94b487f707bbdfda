//! `skydeck history list` and `skydeck history search`.

use clap::Args;

use super::{Selection, open, row};
use crate::cli::exit::{CommandResult, Exit};
use crate::cli::output::Output;
use crate::cli::setting::Setting;
use crate::io::history::Page;
use crate::query::Query;

/// The text of `--help` after the options.
const HELP: &str = "\
With --output json: one object a line: id, started, provider, operation, profile, region, endpoint, origin,
by_console, outcome, status, code, request_id, duration_ms. `skydeck history --help` shows the language of filters.";

/// The arguments of `history list`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The selected exchanges.
    #[command(flatten)]
    selection: Selection,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
}

/// The arguments of `history search`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct SearchArguments {
    /// The text, as it stands; case does not count
    #[arg(required = true, num_args = 1..)]
    text: Vec<String>,
    /// The selected exchanges, and their maximum number.
    #[command(flatten)]
    list: Arguments,
}

/// Runs `history list`.
pub fn run(setting: &Setting, arguments: &Arguments, output: &mut Output) -> CommandResult {
    print(setting, &arguments.selection.query()?, arguments.limit, output)
}

/// Runs `history search`.
pub fn search(setting: &Setting, arguments: &SearchArguments, output: &mut Output) -> CommandResult {
    let query = Query::text(&arguments.text.join(" ")).and(arguments.list.selection.query()?);
    print(setting, &query, arguments.list.limit, output)
}

fn print(setting: &Setting, query: &Query, limit: usize, output: &mut Output) -> CommandResult {
    if let Some(mut store) = open(setting, output)? {
        row::print(&store.list(query, Page::newest(limit))?, output);
    }
    Ok(Exit::Success)
}
