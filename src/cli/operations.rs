//! `skydeck operations`: the catalog, or one operation of it in full.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use serde_json::{Value, json};

use super::exit::{CommandResult, Exit};
use super::global::Global;
use super::output::{ColorRole, Output, OutputFormat};
use super::setting::{CommandContext, operation_of};
use super::{candidates, reference};
use crate::auth::Scheme;
use crate::catalog::{Operation, Provider};

/// The text of `--help` after the options.
const HELP: &str = "\
With --output json: without OPERATION a list of objects (provider, id, title, method, path, changes); with it one object
that has the operation in full: parameters with their rules, the answer's fields, the errors.";

/// The arguments of `operations`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The provider; all of them when it is left out
    #[arg(add = ArgValueCompleter::new(candidates::providers))]
    provider: Option<String>,
    /// The operation to show in full
    #[arg(add = ArgValueCompleter::new(candidates::operations))]
    operation: Option<String>,
}

/// Runs `operations`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    match (&arguments.provider, &arguments.operation) {
        (Some(provider), Some(operation)) => {
            let provider = setting.provider(provider)?;
            full(provider, &*operation_of(provider, operation)?, output);
        }
        (Some(provider), None) => {
            let provider = setting.provider(provider)?;
            if output.format == OutputFormat::Text {
                print_provider(provider, output);
            }
            list(std::iter::once(&**provider), output);
        }
        _ => list(setting.catalog.providers().map(|provider| &**provider), output),
    }
    Ok(Exit::Success)
}

fn full(provider: &Provider, operation: &Operation, output: &mut Output) {
    match output.format {
        OutputFormat::Text => reference::print(provider, operation, output),
        OutputFormat::Json => output.json(&reference::object(provider, operation)),
    }
}

/// Prints a provider: product, regions, ways to authenticate.
fn print_provider(provider: &Provider, output: &mut Output) {
    output.line(&[(ColorRole::Good, &provider.id), (ColorRole::Plain, &format!("  {} {}", provider.product, provider.version))]);
    let regions: Vec<&str> = provider.regions.iter().map(|region| region.id.as_str()).collect();
    let schemes: Vec<&str> = provider.auth.iter().map(|scheme| Scheme::from(*scheme).name()).collect();
    output.field("signs with", &schemes.join(" or "));
    output.field("regions", &format!("{} (usual: {})", regions.join(" "), provider.default_region));
    output.plain("");
}

fn list<'a>(providers: impl Iterator<Item = &'a Provider>, output: &mut Output) {
    let operations: Vec<(&Provider, &Operation)> =
        providers.flat_map(|provider| provider.operations.iter().map(move |operation| (provider, &**operation))).collect();
    if output.format == OutputFormat::Json {
        return output.json(&operations.iter().map(|(provider, operation)| brief(provider, operation)).collect());
    }
    let widest = |text: fn(&Operation) -> &str| operations.iter().map(|(_, operation)| text(operation).len()).max().unwrap_or(0);
    let (ids, paths) = (widest(|operation| &operation.id), widest(|operation| &operation.path));
    let names = operations.iter().map(|(provider, _)| provider.id.len()).max().unwrap_or(0);
    for (provider, operation) in operations {
        let place = format!("{:<6} {:<paths$}  {}", operation.method, operation.path, operation.title);
        output.line(&[
            (ColorRole::Label, &format!("{:<names$}  ", provider.id)),
            (ColorRole::Good, &format!("{:<ids$}  ", operation.id)),
            (ColorRole::Plain, &place),
        ]);
    }
}

fn brief(provider: &Provider, operation: &Operation) -> Value {
    json!({
        "provider": provider.id,
        "id": operation.id,
        "title": operation.title,
        "method": operation.method,
        "path": operation.path,
        "changes": operation.changes,
    })
}
