//! `skydeck config`: where the configuration is, what is in effect, what is wrong with it.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::arguments::{Form, Global};
use super::exit::{Ended, Exit, Failure};
use super::output::{Ink, Output};
use super::prepare::{Setting, load_catalog, load_config, paths};
use crate::config::{self, Config, CredentialsCommand, FileText, Overrides, Surroundings};
use crate::io::files::Machine;
use crate::secret::Secret;

/// The arguments of `config`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// What to do with the configuration.
#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Print where the configuration file, the catalog folder and the data folder are
    Path,
    /// Print the configuration in effect, defaults filled in, secrets masked
    Show,
    /// Look for mistakes in the configuration and the catalog folder, and try every profile without asking or running anything
    Check,
}

/// Runs `config`.
pub fn run(global: &Global, arguments: &Arguments, output: &mut Output) -> Ended {
    match arguments.what {
        What::Path => path(global, output),
        What::Show => show(global, output),
        What::Check => check(global, output),
    }
}

fn path(global: &Global, output: &mut Output) -> Ended {
    let paths = paths(global)?;
    let places = [("config", &paths.config), ("catalog", &paths.catalog), ("data", &paths.data)];
    if output.form == Form::Json {
        output.json(&places.into_iter().map(|(name, path)| (name.to_owned(), Value::from(path.display().to_string()))).collect());
        return Ok(Exit::Success);
    }
    for (name, path) in places {
        let state = if path.exists() { "" } else { "  (does not exist)" };
        output.line(&[(Ink::Label, &format!("{name:<8} ")), (Ink::Plain, &path.display().to_string()), (Ink::Label, state)]);
    }
    Ok(Exit::Success)
}

fn show(global: &Global, output: &mut Output) -> Ended {
    let setting = Setting::load_and_tell(global, output)?;
    let mut shown = config::show(&setting.config);
    shown["default_profile"] = setting.profile.into();
    match output.form {
        Form::Json => output.json(&shown),
        Form::Text => output.plain(config::to_toml(&shown).map_err(|error| Failure::usage(error.to_string()))?.trim_end()),
    }
    Ok(Exit::Success)
}

/// Prints everything that is wrong, a line each. Doubts do not count as mistakes.
fn check(global: &Global, output: &mut Output) -> Ended {
    let paths = paths(global)?;
    let (catalog, mut problems) = load_catalog(&paths);
    let mut doubts = Vec::new();
    match load_config(&paths, &catalog) {
        Ok(config) => {
            let setting =
                Setting { paths, config, catalog, catalog_problems: Vec::new(), profile: String::new(), overrides: Overrides::default() };
            try_profiles(&setting, &mut problems, &mut doubts);
        }
        Err(failure) => problems.extend(failure.message.lines().map(str::to_owned)),
    }
    print_check(&problems, &doubts, output);
    Ok(if problems.is_empty() { Exit::Success } else { Exit::Usage })
}

fn print_check(problems: &[String], doubts: &[String], output: &mut Output) {
    if output.form == Form::Json {
        return output.json(&json!({ "problems": problems, "warnings": doubts }));
    }
    for problem in problems {
        output.plain(problem);
    }
    for doubt in doubts {
        output.line(&[(Ink::Doubt, "warning: "), (Ink::Plain, doubt)]);
    }
    if problems.is_empty() {
        output.line(&[(Ink::Good, "no mistakes found")]);
    }
}

/// Tries each of the file's profiles with each provider whose vendor it has an account at.
fn try_profiles(setting: &Setting, problems: &mut Vec<String>, doubts: &mut Vec<String>) {
    let Config { profiles, .. } = &setting.config;
    for profile in profiles {
        for provider in setting.catalog.providers().filter(|provider| profile.accounts.contains_key(&provider.vendor)) {
            let place = format!("profile {}, {}", profile.name, provider.id);
            match config::resolve(&setting.config, &profile.name, provider, &setting.overrides, &Quiet(Machine::default())) {
                Ok(access) => doubts.extend(access.warnings.iter().map(|warning| format!("{place}: {warning}"))),
                Err(config::ConfigError::Prompt { .. } | config::ConfigError::Command { .. }) => {}
                Err(error) => problems.push(format!("{place}: {error}")),
            }
        }
    }
    doubts.dedup();
}

/// This machine, but it runs no command and asks nobody: a check does neither.
struct Quiet(Machine);

impl Surroundings for Quiet {
    fn var(&self, name: &str) -> Option<String> {
        self.0.var(name)
    }

    fn home(&self) -> Option<std::path::PathBuf> {
        self.0.home()
    }

    fn read_file(&self, path: &std::path::Path) -> Result<FileText, String> {
        self.0.read_file(path)
    }

    fn run_command(&self, _command: &CredentialsCommand) -> Result<Secret, String> {
        Err("not run by a check".to_owned())
    }

    fn prompt(&self, _question: &str, _covered: bool) -> Result<Secret, String> {
        Err("not asked by a check".to_owned())
    }

    fn demo(&self, provider: &str) -> Option<config::DemoAccess> {
        self.0.demo(provider)
    }
}
