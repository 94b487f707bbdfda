//! `skydeck explain`: what an error code means and what to do.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::arguments::{Form, Global};
use super::candidates;
use super::exit::{Ended, Exit};
use super::output::{Ink, Output};
use super::prepare::{Setting, unknown};
use super::reference;
use crate::catalog::{ErrorCode, Provider};
use crate::explain::{Explanation, explain_code};
use crate::export::object;

/// What `--help` says beyond the options.
const HELP: &str = "\
With --output json: one object with the members summary, vendor, cause, remedy, parameter, permission, transient, source.";

/// The arguments of `explain`.
#[derive(Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Arguments {
    /// The provider, such as alibaba-sae
    #[arg(add = ArgValueCompleter::new(candidates::providers))]
    provider: String,
    /// The error code as the vendor writes it, such as InvalidNamespaceIdSuffix.Format
    #[arg(add = ArgValueCompleter::new(candidates::codes))]
    code: String,
}

/// Runs `explain`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> Ended {
    let setting = Setting::load_and_tell(global, output)?;
    let provider = setting.provider(&arguments.provider)?;
    let Some(explanation) = explain_code(provider, &arguments.code) else {
        return Err(unknown(&format!("{} has no error code", provider.id), &arguments.code, codes(provider).map(|error| &*error.code)));
    };
    match output.form {
        Form::Text => print(&explanation, output),
        Form::Json => output.json(&object::explained(&explanation)),
    }
    Ok(Exit::Success)
}

/// Every error code of a provider.
pub fn codes(provider: &Provider) -> impl Iterator<Item = &ErrorCode> + Clone {
    provider.operations.iter().flat_map(|operation| &operation.errors).chain(&provider.errors)
}

fn print(explanation: &Explanation, output: &mut Output) {
    output.line(&[(Ink::Bad, &explanation.summary)]);
    for (name, text) in object::parts(explanation) {
        reference::field(name, &text, output);
    }
}
