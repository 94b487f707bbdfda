//! Without a subcommand: the console.

use std::process::ExitCode;
use std::sync::Arc;

use super::exit::Failure;
use super::global::Global;
use super::setting::CommandContext;
use crate::io::console::{self, Options};
use crate::io::files::SystemEnvironment;
use crate::io::program_log;
use crate::redact::SecretRegistry;

/// Opens the console.
///
/// # Errors
/// A configuration with mistakes; no terminal, or one that was lost.
pub fn open(global: &Global, secrets: &SecretRegistry) -> Result<ExitCode, Failure> {
    let setting = CommandContext::load(global, secrets)?;
    let log = program_log::path().map(|path| format!("the program's own log is {}", path.display()));
    let notice = notice(&setting.catalog_problems).or(log);
    let options = Options {
        config: setting.config,
        catalog: Arc::new(setting.catalog),
        profile: setting.profile,
        overrides: setting.overrides,
        data_dir: setting.paths.data,
        environment: Arc::new(SystemEnvironment::new(secrets.clone())),
        notice,
    };
    console::run(options).map_err(|error| Failure::usage(format!("no console: {error}")))
}

/// Returns a notice about catalog files that were left out.
fn notice(problems: &[String]) -> Option<String> {
    let (first, rest) = problems.split_first()?;
    let more = if rest.is_empty() { String::new() } else { format!(" (and {} more: skydeck config check)", rest.len()) };
    Some(format!("{first}{more}"))
}
