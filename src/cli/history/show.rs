//! `skydeck history show`: one exchange in full.

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::open;
use crate::catalog::Catalog;
use crate::cli::argument_error::ArgumentError;
use crate::cli::exit::{CommandResult, Exit, Failure};
use crate::cli::output::{ColorRole, Output, OutputFormat};
use crate::cli::setting::CommandContext;
use crate::cli::{report, sign};
use crate::exchange::Exchange;
use crate::explain::{Explanation, ExplanationContext, explain_with};
use crate::export::{Secrets, object};
use crate::history::{Damaged, StoredExchange};

/// The text of `--help` after the options.
const HELP: &str = "\
With --output json: the object of `skydeck send --output json`, and before it id, origin (the exchange that it repeats, or null),
form (name and value each: text, flag, list, rows or json), covered (request, answer: how many secrets are covered in the bytes),
request_cut (bytes of the request's body that are not kept). Its outcome may be `unanswered`: sent, no answer recorded.";

/// The arguments of `history show`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The exchange's number, as `history list` shows it, or as the console does (h12)
    #[arg(value_parser = number)]
    id: i64,
}

/// Reads an exchange's number.
fn number(text: &str) -> Result<i64, ArgumentError> {
    let digits = text.strip_prefix('h').unwrap_or(text);
    digits.parse().ok().filter(|number| *number > 0).ok_or(ArgumentError::ExchangeNumber)
}

/// Runs `history show`.
pub fn run(setting: &CommandContext, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let stored = open(setting, output)?.map(|mut store| store.get(arguments.id)).transpose()?.flatten();
    let stored = stored.ok_or_else(|| Failure::usage(format!("no exchange {} is kept", arguments.id)))?;
    match output.format {
        OutputFormat::Text => text(&stored, &setting.catalog, output)?,
        OutputFormat::Json => {
            let object = full(&stored, &setting.catalog, output)?;
            output.json(&object);
        }
    }
    Ok(Exit::Success)
}

/// Returns the whole exchange as one object: stable, documented in the help.
///
/// # Errors
/// A part of the history that is damaged.
pub fn full(stored: &StoredExchange, catalog: &Catalog, output: &Output) -> Result<Value, Failure> {
    let exchange = stored.exchange(catalog)?;
    let (request, answer) = stored.masked()?;
    let mut whole = json!({
        "id": stored.id,
        "origin": stored.beginning.origin,
        "by_console": stored.beginning.background_call,
        "form": stored.form()?,
        "covered": { "request": request, "answer": answer },
        "request_cut": stored.request_cut()?,
    });
    let object = object::exchange(&exchange, explained(&exchange, catalog).as_ref(), Secrets::Masked(&output.redactor()));
    if let (Some(whole), Value::Object(object)) = (whole.as_object_mut(), object) {
        whole.extend(object);
    }
    Ok(whole)
}

fn explained(exchange: &Exchange, catalog: &Catalog) -> Option<Explanation> {
    let provider = catalog.provider(&exchange.provider)?;
    let operation = provider.operation(&exchange.operation).map(|operation| &**operation);
    explain_with(provider, operation, exchange, &ExplanationContext::in_zone(TimeZone::system()))
}

fn text(stored: &StoredExchange, catalog: &Catalog, output: &mut Output) -> Result<(), Failure> {
    let exchange = stored.exchange(catalog)?;
    let sent = exchange.started.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S%.3f %:z");
    output.line(&[(ColorRole::Label, &format!("# {}  {sent}  profile {}", stored.id, exchange.profile))]);
    if let Some(origin) = stored.beginning.origin {
        output.line(&[(ColorRole::Label, &format!("# repeats {origin}"))]);
    }
    remarks(stored, &exchange, output)?;
    report::report(&exchange, explained(&exchange, catalog).as_ref(), true, output);
    if let Some(trace) = exchange.signing.as_ref().filter(|trace| !trace.canonical_request.is_empty()) {
        sign::print_steps(trace, output);
    }
    report::timings(&exchange.timings, output);
    Ok(())
}

/// Prints where the bytes below differ from those sent and received.
fn remarks(stored: &StoredExchange, exchange: &Exchange, output: &mut Output) -> Result<(), Damaged> {
    let (request, answer) = stored.masked()?;
    if request + answer > 0 {
        output.line(&[(ColorRole::Label, &format!("# secrets are masked at {request} places of the request and {answer} of the answer"))]);
    }
    for (what, cut) in [("request", stored.request_cut()?), ("answer", exchange.response().map_or(0, |answer| answer.excess))] {
        if cut > 0 {
            output.line(&[(ColorRole::Label, &format!("# {cut} bytes of the {what}'s body are not kept"))]);
        }
    }
    Ok(())
}
