//! The setting that a command starts from: paths, configuration, catalog, profile, and this machine.

use std::sync::Arc;

use super::exit::Failure;
use super::global::Global;
use super::load::{load_catalog, load_config, unknown};
use super::output::Output;
use crate::catalog::{Catalog, Operation, Provider};
use crate::config::{Config, DEMO, Overrides};
use crate::io::demo;
use crate::io::files::{Paths, SystemEnvironment};
use crate::io::program_log;
use crate::redact::SecretRegistry;
use crate::wire::{Endpoint, Protocol};

/// The first port of the demo's providers while no emulator runs: the ports of `skydeck emulator --listen 127.0.0.1:8640`.
pub const DEMO_PORT: u16 = 8640;

/// The configuration and catalog that a command starts from.
pub struct CommandContext {
    /// The paths of the program's folders.
    pub paths: Paths,
    /// The configuration in effect.
    pub config: Config,
    /// The built-in catalog with the operator's own files.
    pub catalog: Catalog,
    /// The mistakes in the operator's own files, a line each.
    pub catalog_problems: Vec<String>,
    /// The profile to use.
    pub profile: String,
    /// Values given by the operator that override the profile's.
    pub overrides: Overrides,
}

impl CommandContext {
    /// Reads configuration and catalog, and starts the log that the configuration names.
    ///
    /// # Errors
    /// A configuration with mistakes, all of them; an unknown profile. Mistakes in catalog files are kept: the rest is loaded.
    pub fn load(global: &Global, secrets: &SecretRegistry) -> Result<Self, Failure> {
        let paths = global.paths()?;
        let (catalog, catalog_problems) = load_catalog(&paths);
        let config = load_config(&paths, &catalog)?;
        if let Some(file) = &config.log.file {
            let place = |error| Failure::usage(format!("{}: log.file: {error}", paths.config.display()));
            program_log::start(file, config.log.level, secrets).map_err(place)?;
        }
        let profile = global.profile.clone().unwrap_or_else(|| config.default_profile.clone());
        if config.profile(&profile).is_none() {
            return Err(unknown("there is no profile", &profile, config.profile_names()));
        }
        Ok(Self { paths, config, catalog, catalog_problems, profile, overrides: global.overrides() })
    }

    /// Works as [`CommandContext::load`], with the mistakes of the catalog's files on standard error.
    pub fn load_with_warnings(global: &Global, output: &mut Output) -> Result<Self, Failure> {
        let setting = Self::load(global, &output.secrets)?;
        for problem in &setting.catalog_problems {
            output.warn(&format!("{problem} (this file is left out)"));
        }
        Ok(setting)
    }

    /// Returns a provider by its id.
    pub fn provider(&self, id: &str) -> Result<&Arc<Provider>, Failure> {
        self.catalog.provider(id).ok_or_else(|| unknown("there is no provider", id, self.catalog.index().map(|(id, _)| id)))
    }
}

/// Returns an operation of a provider, by its id.
pub fn operation_of(provider: &Provider, id: &str) -> Result<Arc<Operation>, Failure> {
    let names = provider.operations.iter().map(|operation| operation.id.as_str());
    provider.operation(id).cloned().ok_or_else(|| unknown(&format!("{} has no operation", provider.id), id, names))
}

/// Returns this machine; on the demo profile with the addresses that an emulator would have.
pub fn system_environment(setting: &CommandContext, secrets: &SecretRegistry) -> SystemEnvironment {
    let mut machine = SystemEnvironment::new(secrets.clone());
    if is_demo(setting) {
        let access = |(provider, port): (&Arc<Provider>, u16)| (provider.id.clone(), demo::access(provider, loopback(port)));
        machine.demo = setting.catalog.providers().zip(DEMO_PORT..).map(access).collect();
    }
    machine
}

/// Returns a port of this machine.
pub fn loopback(port: u16) -> Endpoint {
    Endpoint { protocol: Protocol::Http, host: "127.0.0.1".to_owned(), port }
}

/// Returns whether the profile is the built-in demo, which needs an emulator.
pub fn is_demo(setting: &CommandContext) -> bool {
    setting.profile == DEMO
}
