//! `skydeck history export`: exchanges in full, for another program.

use clap::Args;

use super::{Selection, open, show};
use crate::catalog::Catalog;
use crate::cli::exit::{CommandResult, Exit, Failure};
use crate::cli::export::format;
use crate::cli::output::Output;
use crate::cli::setting::CommandContext;
use crate::exchange::Exchange;
use crate::export::{self, ExportInput, Format, Secrets};
use crate::history::StoredExchange;
use crate::io::history::{Page, Store};
use crate::query::Query;
use crate::redact::Redactor;

/// Numbers that are looked up at a time: none of them holds a body.
const BATCH_ROWS: usize = 1000;

/// The arguments of `history export`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The exchanges' numbers; all of them when it is left out
    ids: Vec<i64>,
    /// The form: jsonl (the object of `history show --output json`, one a line), curl, har, hurl, http, markdown, python, go, cli;
    /// what was covered when it was kept stays covered
    #[arg(long, value_name = "FORMAT", value_parser = format, default_value = "jsonl")]
    format: Format,
    /// The selected exchanges.
    #[command(flatten)]
    selection: Selection,
}

/// Runs `history export`.
pub fn run(setting: &CommandContext, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let query = arguments.selection.query()?;
    let Some(mut store) = open(setting, output)? else { return Ok(Exit::Success) };
    let ids = if arguments.ids.is_empty() { numbers(&mut store, &query)? } else { arguments.ids.clone() };
    let mut found = Vec::new();
    for id in ids {
        match store.get(id)? {
            Some(stored) if query.matches(&stored.facts()) => {
                if arguments.format == Format::JsonLines {
                    let object = show::full(&stored, &setting.catalog, output)?;
                    output.json(&object);
                } else {
                    found.push(stored);
                }
            }
            Some(_) => {}
            None if arguments.ids.is_empty() => {}
            None => return Err(Failure::usage(format!("no exchange {id} is kept"))),
        }
    }
    write(arguments.format, &found, &setting.catalog, output)?;
    Ok(Exit::Success)
}

/// Writes exchanges in another form than that of their own object.
fn write(format: Format, stored: &[StoredExchange], catalog: &Catalog, output: &mut Output) -> Result<(), Failure> {
    let exchanges = stored.iter().map(|stored| stored.exchange(catalog)).collect::<Result<Vec<Exchange>, _>>()?;
    let redactor = output.redactor();
    let subjects = exchanges.iter().map(|exchange| subject(exchange, catalog, &redactor)).collect::<Result<Vec<_>, _>>()?;
    let bytes = export::render_all(format, &subjects)?;
    output.bytes(&bytes);
    Ok(())
}

fn subject<'a>(exchange: &'a Exchange, catalog: &'a Catalog, redactor: &'a Redactor) -> Result<ExportInput<'a>, Failure> {
    let id = &exchange.provider;
    let provider = catalog.provider(id).ok_or_else(|| Failure::usage(format!("the catalog has no provider {id} any more")))?;
    let operation = provider.operation(&exchange.operation).map(|operation| &**operation);
    Ok(ExportInput { provider, operation, exchange, secrets: Secrets::Masked(redactor) })
}

/// Returns the numbers of all that a query holds for, oldest first.
fn numbers(store: &mut Store, query: &Query) -> Result<Vec<i64>, Failure> {
    let mut ids = Vec::new();
    let mut page = Page::newest(BATCH_ROWS);
    loop {
        let rows = store.list(query, page)?;
        let Some(last) = rows.last() else { break };
        page.below = last.id;
        ids.extend(rows.iter().map(|row| row.id));
    }
    ids.reverse();
    Ok(ids)
}
