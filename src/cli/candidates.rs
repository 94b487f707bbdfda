//! Candidates for a shell's completion: names out of the catalog and the configuration.

use std::ffi::OsStr;
use std::path::Path;

use clap_complete::engine::CompletionCandidate;

use super::load::{load_catalog, load_config, paths};
use crate::catalog::{Catalog, Operation, Parameter, Provider, Type};
use crate::emulator::fault::possible;
use crate::io::files::Paths;

/// The words of the command line that is being completed.
struct CommandLine(Vec<String>);

impl CommandLine {
    /// Reads the words that the shell's script passes after `--`.
    fn from_shell() -> Self {
        Self(std::env::args_os().skip_while(|word| word != "--").skip(1).map(|word| word.to_string_lossy().into_owned()).collect())
    }

    /// Returns the value of an option.
    fn option(&self, name: &str) -> Option<&str> {
        let with_equals = format!("{name}=");
        self.0.iter().enumerate().find_map(|(at, word)| match word.strip_prefix(&with_equals) {
            Some(value) => Some(value),
            None if word == name => self.0.get(at + 1).map(String::as_str),
            None => None,
        })
    }

    /// Returns the first word that is a provider's id, and the word after it.
    fn provider<'a>(&self, catalog: &'a Catalog) -> Option<(&'a Provider, Option<&str>)> {
        self.0.iter().enumerate().skip(1).find_map(|(at, word)| {
            let provider = catalog.index().any(|(id, _)| id == word).then(|| catalog.provider(word)).flatten()?;
            Some((&**provider, self.0.get(at + 1).map(String::as_str)))
        })
    }

    fn paths(&self) -> Option<Paths> {
        paths(self.option("--config").map(Path::new), None).ok()
    }

    fn catalog(&self) -> Catalog {
        self.paths().map_or_else(Catalog::built_in, |paths| load_catalog(&paths).0)
    }

    /// Returns the word before the one being completed; shells that break words at `=` leave the parameter's name there.
    fn parameter_before<'a>(&self, operation: &'a Operation) -> Option<&'a Parameter> {
        let typed = self.0.split_last()?.1;
        let name = typed.iter().rev().find(|word| *word != "=")?;
        operation.parameter(name)
    }
}

/// Returns the candidates that begin with what was typed.
fn matching(current: &OsStr, all: impl IntoIterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let typed = current.to_string_lossy();
    all.into_iter()
        .filter(|(value, _)| value.starts_with(&*typed))
        .map(|(value, help)| CompletionCandidate::new(value).help((!help.is_empty()).then(|| help.into())))
        .collect()
}

/// Returns the providers.
pub fn providers(current: &OsStr) -> Vec<CompletionCandidate> {
    let catalog = CommandLine::from_shell().catalog();
    matching(current, catalog.index().map(|(id, title)| (id.to_owned(), title.to_owned())))
}

/// Returns the operations of the provider that was typed.
pub fn operations(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = CommandLine::from_shell();
    let catalog = words.catalog();
    let Some((provider, _)) = words.provider(&catalog) else { return Vec::new() };
    matching(current, provider.operations.iter().map(|operation| (operation.id.clone(), operation.title.clone())))
}

/// Returns the error codes of the provider that was typed.
pub fn codes(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = CommandLine::from_shell();
    let catalog = words.catalog();
    let Some((provider, _)) = words.provider(&catalog) else { return Vec::new() };
    matching(current, provider.error_codes().map(|error| (error.code.clone(), error.cause.clone())))
}

/// Returns the faults of every provider, without marks.
pub fn faults(current: &OsStr) -> Vec<CompletionCandidate> {
    let catalog = CommandLine::from_shell().catalog();
    let of = |provider: &Provider| possible(provider).into_iter().map(|one| (one.fault(&provider.id), one.meaning)).collect::<Vec<_>>();
    matching(current, catalog.providers().flat_map(|provider| of(provider)))
}

/// Returns the regions of the provider that was typed, or of all.
pub fn regions(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = CommandLine::from_shell();
    let catalog = words.catalog();
    let named: Vec<&Provider> = match words.provider(&catalog) {
        Some((provider, _)) => vec![provider],
        None => catalog.providers().map(|provider| &**provider).collect(),
    };
    let mut regions: Vec<(String, String)> =
        named.iter().flat_map(|provider| &provider.regions).map(|region| (region.id.clone(), region.title.clone())).collect();
    regions.sort();
    regions.dedup_by(|one, other| one.0 == other.0);
    matching(current, regions)
}

/// Returns the profiles.
pub fn profiles(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = CommandLine::from_shell();
    let catalog = words.catalog();
    let config = words.paths().and_then(|paths| load_config(&paths, &catalog).ok()).unwrap_or_default();
    matching(current, config.profile_names().map(|name| (name.to_owned(), String::new())))
}

/// Offers `NAME=` for each parameter of the operation that was typed, and after it the values that there are.
pub fn assignments(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = CommandLine::from_shell();
    let catalog = words.catalog();
    let operation = words.provider(&catalog).and_then(|(provider, operation)| provider.operation(operation?));
    let Some(operation) = operation else { return Vec::new() };
    if let Some(parameter) = words.parameter_before(operation) {
        return matching(current, values(parameter, ""));
    }
    let typed = current.to_string_lossy().into_owned();
    match typed.split_once('=').and_then(|(name, _)| operation.parameter(name)) {
        Some(parameter) => matching(current, values(parameter, &format!("{}=", parameter.name))),
        None => matching(current, operation.parameters.iter().map(|parameter| (format!("{}=", parameter.name), parameter.help.clone()))),
    }
}

/// Returns the values that a parameter may have, where they can be counted.
fn values(parameter: &Parameter, prefix: &str) -> Vec<(String, String)> {
    if parameter.kind == Type::Boolean {
        return ["true", "false"].map(|value| (format!("{prefix}{value}"), String::new())).into();
    }
    parameter.values.iter().map(|choice| (format!("{prefix}{}", choice.value), choice.help.clone())).collect()
}
