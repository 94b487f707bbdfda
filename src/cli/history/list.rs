//! `skydeck history list` and `skydeck history search`.

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Selection, open};
use crate::cli::exit::{CommandResult, Exit};
use crate::cli::output::{ColorRole, Output, OutputFormat};
use crate::cli::setting::CommandContext;
use crate::history::Row;
use crate::io::history::Page;
use crate::query::{OutcomeKind, Query};

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
pub fn run(setting: &CommandContext, arguments: &Arguments, output: &mut Output) -> CommandResult {
    print(setting, &arguments.selection.query()?, arguments.limit, output)
}

/// Runs `history search`.
pub fn search(setting: &CommandContext, arguments: &SearchArguments, output: &mut Output) -> CommandResult {
    let query = Query::text(&arguments.text.join(" ")).and(arguments.list.selection.query()?);
    print(setting, &query, arguments.list.limit, output)
}

fn print(setting: &CommandContext, query: &Query, limit: usize, output: &mut Output) -> CommandResult {
    if let Some(mut store) = open(setting, output)? {
        print_rows(&store.list(query, Page::newest(limit))?, output);
    }
    Ok(Exit::Success)
}

/// Prints exchanges, a line each.
fn print_rows(rows: &[Row], output: &mut Output) {
    if output.format == OutputFormat::Json {
        return rows.iter().for_each(|row| output.json(&object(row)));
    }
    if rows.is_empty() {
        output.note(&[(ColorRole::Label, "no exchange like this is kept")]);
    }
    let zone = TimeZone::system();
    for row in rows {
        line(row, &zone, output);
    }
}

/// Writes `     17  2026-11-22 12:01:07  409  otc-swr        CreateOrganization    87 ms  SVCSTG.SWR.4090060`
fn line(row: &Row, zone: &TimeZone, output: &mut Output) {
    let (role, outcome) = outcome(row);
    let sent = row.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    let took = row.duration.map(|took| format!("{} ms", took / 1_000_000)).unwrap_or_default();
    let what = format!("  {:<14} {:<26} {took:>9}", row.provider, row.operation);
    let rest = [Some(row.profile.as_str()), row.code.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("  ");
    output.line(&[
        (ColorRole::Label, &format!("{:>7}  {sent}  ", row.id)),
        (role, &format!("{outcome:<10}")),
        (ColorRole::Plain, &what),
        (ColorRole::Plain, &format!("  {rest}")),
    ]);
}

/// Returns the status, or a word for why there is none.
fn outcome(row: &Row) -> (ColorRole, String) {
    let role = match row.ended {
        OutcomeKind::Success => ColorRole::Good,
        OutcomeKind::Error | OutcomeKind::Failed => ColorRole::Bad,
        OutcomeKind::Foreign | OutcomeKind::Cancelled | OutcomeKind::Unanswered => ColorRole::Warning,
    };
    let status = row.status.filter(|_| matches!(row.ended, OutcomeKind::Success | OutcomeKind::Error | OutcomeKind::Foreign));
    let word = if row.ended == OutcomeKind::Unanswered { "no answer" } else { row.ended.word() };
    (role, status.map_or_else(|| word.to_owned(), |status| status.to_string()))
}

fn object(row: &Row) -> Value {
    #[allow(clippy::cast_precision_loss)] // a duration in milliseconds is far below 2^53
    let duration = row.duration.map(|took| (took / 1000) as f64 / 1e3);
    json!({
        "id": row.id,
        "started": row.started.to_string(),
        "provider": row.provider,
        "operation": row.operation,
        "profile": row.profile,
        "region": row.region,
        "endpoint": row.endpoint,
        "origin": row.origin,
        "by_console": row.background_call,
        "outcome": row.ended.word(),
        "status": row.status,
        "code": row.code,
        "request_id": row.request_id,
        "duration_ms": duration,
    })
}
