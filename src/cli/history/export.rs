//! `skydeck history export`: exchanges in full, for another program.

use clap::{Args, ValueEnum};

use super::{Selection, open, show};
use crate::cli::exit::{Ended, Exit, Failure};
use crate::cli::output::Output;
use crate::cli::prepare::Setting;
use crate::history::Kept;
use crate::io::history::{Page, Store};
use crate::query::Query;

/// Numbers that are looked up at a time: none of them holds a body.
const BATCH: usize = 1000;

/// The arguments of `history export`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The exchanges' numbers; all of them when it is left out
    ids: Vec<i64>,
    /// The form
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// Which exchanges.
    #[command(flatten)]
    selection: Selection,
}

/// The forms of an export.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// JSON Lines: the object of `history show --output json`, one a line
    #[default]
    Jsonl,
}

/// Runs `history export`.
pub fn run(setting: &Setting, arguments: &Arguments, output: &mut Output) -> Ended {
    let query = arguments.selection.query()?;
    let Some(mut store) = open(setting, output)? else { return Ok(Exit::Success) };
    let ids = if arguments.ids.is_empty() { numbers(&mut store, &query)? } else { arguments.ids.clone() };
    for id in ids {
        match store.get(id)? {
            Some(kept) if query.matches(&kept.facts()) => write(arguments.format, &kept, setting, output)?,
            Some(_) => {}
            None if arguments.ids.is_empty() => {}
            None => return Err(Failure::usage(format!("no exchange {id} is kept"))),
        }
    }
    Ok(Exit::Success)
}

fn write(format: Format, kept: &Kept, setting: &Setting, output: &mut Output) -> Result<(), Failure> {
    match format {
        Format::Jsonl => {
            let object = show::full(kept, &setting.catalog, output)?;
            output.json(&object);
        }
    }
    Ok(())
}

/// The numbers of all that a query holds for, oldest first.
fn numbers(store: &mut Store, query: &Query) -> Result<Vec<i64>, Failure> {
    let mut ids = Vec::new();
    let mut page = Page::newest(BATCH);
    loop {
        let rows = store.list(query, page)?;
        let Some(last) = rows.last() else { break };
        page.below = last.id;
        ids.extend(rows.iter().map(|row| row.id));
    }
    ids.reverse();
    Ok(ids)
}
