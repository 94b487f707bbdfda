//! `skydeck config`: where the configuration is, what is in effect, what is wrong with it.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::exit::{CommandResult, Exit};
use super::global::Global;
use super::load::{load_catalog, load_config};
use super::output::{ColorRole, Output, OutputFormat};
use super::setting::CommandContext;
use crate::config::{self, ConfigError, Overrides};
use crate::io::files::SystemEnvironment;
use crate::redact::SecretRegistry;

/// The arguments of `config`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    command: ConfigCommand,
}

/// The subcommands of `config`.
#[derive(Clone, Copy, Debug, Subcommand)]
enum ConfigCommand {
    /// Print where the configuration file, the catalog folder and the data folder are
    Path,
    /// Print the configuration in effect, defaults filled in, secrets masked
    Show,
    /// Look for mistakes in the configuration and the catalog folder, and try every profile without asking or running anything
    Check,
}

/// Runs `config`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> CommandResult {
    match arguments.command {
        ConfigCommand::Path => path(global, output),
        ConfigCommand::Show => show(global, output),
        ConfigCommand::Check => check(global, output),
    }
}

fn path(global: &Global, output: &mut Output) -> CommandResult {
    let paths = global.paths()?;
    let places = [("config", &paths.config), ("catalog", &paths.catalog), ("data", &paths.data)];
    if output.format == OutputFormat::Json {
        output.json(&places.into_iter().map(|(name, path)| (name.to_owned(), Value::from(path.display().to_string()))).collect());
        return Ok(Exit::Success);
    }
    for (name, path) in places {
        let state = if path.exists() { "" } else { "  (does not exist)" };
        output.line(&[
            (ColorRole::Label, &format!("{name:<8} ")),
            (ColorRole::Plain, &path.display().to_string()),
            (ColorRole::Label, state),
        ]);
    }
    Ok(Exit::Success)
}

fn show(global: &Global, output: &mut Output) -> CommandResult {
    let setting = CommandContext::load_with_warnings(global, output)?;
    let mut shown = config::show(&setting.config);
    shown["default_profile"] = setting.profile.into();
    match output.format {
        OutputFormat::Json => output.json(&shown),
        OutputFormat::Text => output.plain(config::to_toml(&shown)?.trim_end()),
    }
    Ok(Exit::Success)
}

/// Prints everything that is wrong, a line each. Warnings do not count as mistakes.
fn check(global: &Global, output: &mut Output) -> CommandResult {
    let paths = global.paths()?;
    let (catalog, mut problems) = load_catalog(&paths);
    let mut warnings = Vec::new();
    match load_config(&paths, &catalog) {
        Ok(config) => {
            let setting = CommandContext {
                paths,
                config,
                catalog,
                catalog_problems: Vec::new(),
                profile: String::new(),
                overrides: Overrides::default(),
            };
            try_profiles(&setting, &output.secrets, &mut problems, &mut warnings);
        }
        Err(failure) => problems.extend(failure.message.lines().map(str::to_owned)),
    }
    print_check(&problems, &warnings, output);
    Ok(if problems.is_empty() { Exit::Success } else { Exit::Usage })
}

fn print_check(problems: &[String], warnings: &[String], output: &mut Output) {
    if output.format == OutputFormat::Json {
        return output.json(&json!({ "problems": problems, "warnings": warnings }));
    }
    for problem in problems {
        output.plain(problem);
    }
    for warning in warnings {
        output.line(&[(ColorRole::Warning, "warning: "), (ColorRole::Plain, warning)]);
    }
    if problems.is_empty() {
        output.line(&[(ColorRole::Good, "no mistakes found")]);
    }
}

/// Tries each of the file's profiles with each provider whose vendor it has an account at.
fn try_profiles(setting: &CommandContext, secrets: &SecretRegistry, problems: &mut Vec<String>, warnings: &mut Vec<String>) {
    let machine = SystemEnvironment::silent(secrets.clone());
    for profile in &setting.config.profiles {
        for provider in setting.catalog.providers().filter(|provider| profile.accounts.contains_key(&provider.vendor)) {
            let place = format!("profile {}, {}", profile.name, provider.id);
            match config::resolve(&setting.config, &profile.name, provider, &setting.overrides, &machine) {
                Ok(access) => warnings.extend(access.warnings.iter().map(|warning| format!("{place}: {warning}"))),
                Err(ConfigError::Prompt { .. } | ConfigError::Command { .. }) => {}
                Err(error) => problems.push(format!("{place}: {error}")),
            }
        }
    }
    warnings.dedup();
}
