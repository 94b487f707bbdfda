//! `skydeck history`: exchanges kept, found, shown, let go and exported.

mod export;
mod list;
mod prune;
mod show;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::exit::{CommandResult, Failure};
use super::global::Global;
use super::output::{ColorRole, Output};
use super::setting::CommandContext;
use crate::io::history::Store;
use crate::query::{Query, QueryTime, parse};

/// The language of `--filter`; part of the help.
const FILTER_HELP: &str = "\
A filter is made of terms, all of which must hold; and, or, not and parentheses join them:
  provider: operation: profile: region: endpoint: code: request:   a name; * stands for any characters
  status:404 4xx 400-409 >=500       outcome:success error foreign failed cancelled unanswered
  duration:>500ms <2s                since: before:  2h 7d today 2026-11-22 2026-11-22T10:00
  id:17 >100   origin:17             by:operator console
  text:\"...\", or a word alone        in heads, bodies and messages
  provider:alibaba-sae status:4xx not code:Throttling* since:2h \"group taken\"";

/// The arguments of `history`.
#[derive(Args, Debug)]
#[command(after_long_help = FILTER_HELP)]
pub struct Arguments {
    #[command(subcommand)]
    command: HistoryCommand,
}

/// The subcommands of `history`.
#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// List exchanges, newest first
    List(list::Arguments),
    /// Show one exchange in full
    Show(show::Arguments),
    /// Find exchanges by a text in their heads, bodies and messages
    Search(list::SearchArguments),
    /// Let old exchanges go
    Prune(prune::Arguments),
    /// Print exchanges in full, oldest first, for another program
    Export(export::Arguments),
}

/// A selection of exchanges.
#[derive(Args, Debug, Default)]
pub struct Selection {
    /// Only those that a filter holds for; --help shows the language
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
}

/// Runs `history`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    match &arguments.command {
        HistoryCommand::List(arguments) => list::run(&setting, arguments, output),
        HistoryCommand::Show(arguments) => show::run(&setting, arguments, output),
        HistoryCommand::Search(arguments) => list::search(&setting, arguments, output),
        HistoryCommand::Prune(arguments) => prune::run(&setting, arguments, output),
        HistoryCommand::Export(arguments) => export::run(&setting, arguments, output),
    }
}

impl Selection {
    /// Returns the filter, read.
    fn query(&self) -> Result<Query, Failure> {
        let moment = QueryTime { now: Timestamp::now(), zone: TimeZone::system() };
        let text = self.filter.as_deref().unwrap_or_default();
        parse(text, &moment).map_err(|error| Failure::usage(format!("--filter: {error}")))
    }
}

/// Returns the history, if there is one.
fn open(setting: &CommandContext, output: &mut Output) -> Result<Option<Store>, Failure> {
    let store = Store::open_existing(&setting.paths.data)?;
    if store.is_none() {
        output.note(&[(ColorRole::Label, &format!("nothing is kept yet in {}", setting.paths.data.display()))]);
    }
    Ok(store)
}
