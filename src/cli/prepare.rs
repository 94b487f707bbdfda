//! The steps that every subcommand shares: paths, configuration, catalog; then for a call its form, its access, its plan.

use std::path::PathBuf;
use std::sync::Arc;

use tracing::Level;

use super::arguments::{CallArguments, Global};
use super::exit::Failure;
use super::extras::Extras;
use super::output::Output;
use crate::catalog::{Catalog, Operation, ParameterLocation, Provider};
use crate::config::{self, Access, Config, DEMO, Location, Overrides};
use crate::form::{Assignment, Diagnostic, Form, Plan, ValidationContext, assign, plan, secrets, validate};
use crate::io::demo;
use crate::io::files::{Machine, Paths};
use crate::io::program_log;
use crate::redact::SecretRegistry;
use crate::text::{brief, did_you_mean, joined, nearest};
use crate::wire::{Endpoint, Protocol};

/// The first port of the demo's providers while no emulator runs: the ports of `skydeck emulator --listen 127.0.0.1:8640`.
pub const DEMO_PORT: u16 = 8640;

/// The environment variable that names the file of the program's own log.
const LOG_VARIABLE: &str = "SKYDECK_LOG";

/// The configuration and catalog that a command starts from.
pub struct Setting {
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

impl Setting {
    /// Reads configuration and catalog, and starts the log that the configuration names.
    ///
    /// # Errors
    /// A configuration with mistakes, all of them; an unknown profile. Mistakes in catalog files are kept: the rest is loaded.
    pub fn load(global: &Global, secrets: &SecretRegistry) -> Result<Self, Failure> {
        let paths = paths(global)?;
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

    /// Works as [`Setting::load`], with the mistakes of the catalog's files on standard error.
    pub fn load_and_tell(global: &Global, output: &mut Output) -> Result<Self, Failure> {
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

/// Starts the log that `--log-file` or the environment names.
///
/// # Errors
/// A file that cannot be opened.
pub fn start_log(global: &Global, secrets: &SecretRegistry) -> Result<(), Failure> {
    let variable = || std::env::var_os(LOG_VARIABLE).filter(|value| !value.is_empty()).map(|value| (LOG_VARIABLE, PathBuf::from(value)));
    let named = global.log_file.clone().map(|path| ("--log-file", path)).or_else(variable);
    let Some((place, path)) = named else { return Ok(()) };
    program_log::start(&path, Level::DEBUG, secrets).map_err(|error| Failure::usage(format!("{place}: {error}")))
}

/// Returns where things are; a platform without a home folder wants them named.
pub fn paths(global: &Global) -> Result<Paths, Failure> {
    Paths::find(global.config.as_deref(), global.data_dir.as_deref())
        .ok_or_else(|| Failure::usage("there is no home folder: name --config FILE and --data-dir DIR"))
}

/// Returns the catalog with the operator's own files, and what is wrong with those.
pub fn load_catalog(paths: &Paths) -> (Catalog, Vec<String>) {
    let mut catalog = Catalog::built_in();
    let (files, mut problems) = paths.read_catalog();
    problems.extend(catalog.add_files(&files).iter().map(ToString::to_string));
    for problem in &problems {
        tracing::warn!(problem, "a file of the catalog is left out");
    }
    (catalog, problems)
}

/// Returns the configuration, or all that is wrong with it.
pub fn load_config(paths: &Paths, catalog: &Catalog) -> Result<Config, Failure> {
    let Some(text) = paths.read_config().map_err(Failure::usage)? else { return Ok(Config::default()) };
    let providers: Vec<&str> = catalog.index().map(|(id, _)| id).collect();
    Config::parse(&paths.config.display().to_string(), &text, &providers).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::usage(lines.join("\n"))
    })
}

/// Returns `there is no provider x: did you mean y?`, or with all names when none is near. `lack` is `there is no provider`.
pub fn unknown<'a>(lack: &str, name: &str, names: impl Iterator<Item = &'a str>) -> Failure {
    let names: Vec<&str> = names.collect();
    let near = nearest(name, names.iter().copied());
    let hint =
        if near.is_empty() { format!("; there are {}", joined(names.iter().map(ToString::to_string), "and")) } else { did_you_mean(&near) };
    Failure::usage(format!("{lack} `{}`{hint}", brief(name)))
}

/// A call whose parameters are known, before anybody is asked for a secret.
pub struct Draft {
    /// The provider.
    pub provider: Arc<Provider>,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The values.
    pub form: Form,
    /// Their errors and warnings.
    pub findings: Vec<Diagnostic>,
    /// Headers and body of the operator's own.
    pub extras: Extras,
}

/// A call that can be signed.
pub struct PreparedCall {
    /// The account, the region and the server.
    pub access: Arc<Access>,
    /// The unsigned request.
    pub plan: Plan,
    /// Headers to sign besides those that the scheme signs by rule.
    pub also_signed: Vec<String>,
}

impl Draft {
    /// Fills the form and checks it. The values of its secret parameters and headers are registered, and the names of what its answers call a secret.
    ///
    /// # Errors
    /// An unknown provider, operation, parameter, region or profile; a header or a body that cannot be.
    pub fn new(setting: &Setting, call: &CallArguments, machine: &Machine) -> Result<Self, Failure> {
        let provider = Arc::clone(setting.provider(&call.provider)?);
        let operation = operation_of(&provider, &call.operation)?;
        let form = filled(&operation, &call.assignments)?;
        let extras = Extras::read(&call.headers, call.body.as_deref())?;
        machine.secrets.add_names(operation.secret_names());
        machine.secrets.add(&secrets(&operation, &form.given()).collect::<Vec<_>>());
        machine.secrets.add_headers(&extras.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect());
        let Location { region, .. } = config::locate(&setting.config, &setting.profile, &provider, &setting.overrides, machine)?;
        let mut findings = validate(&form, ValidationContext { region: &region });
        findings.retain(|finding| extras.body.is_none() || !in_body(&operation, finding));
        Ok(Self { provider, operation, form, findings, extras })
    }

    /// Gets the credentials, and builds the request.
    ///
    /// # Errors
    /// Missing credentials; a value that cannot travel.
    pub fn ready(&self, setting: &Setting, machine: &Machine, output: &mut Output) -> Result<PreparedCall, Failure> {
        let access = config::resolve(&setting.config, &setting.profile, &self.provider, &setting.overrides, machine)?;
        for warning in &access.warnings {
            output.warn(warning);
        }
        let mut plan = plan(&self.provider, &self.form, &access.endpoint)?;
        let also_signed = self.extras.apply(&mut plan.request, &self.provider.content_type);
        Ok(PreparedCall { access: Arc::new(access), plan, also_signed })
    }
}

/// Returns an operation of a provider, by its id.
pub fn operation_of(provider: &Provider, id: &str) -> Result<Arc<Operation>, Failure> {
    let names = provider.operations.iter().map(|operation| operation.id.as_str());
    provider.operation(id).cloned().ok_or_else(|| unknown(&format!("{} has no operation", provider.id), id, names))
}

fn filled(operation: &Arc<Operation>, assignments: &[String]) -> Result<Form, Failure> {
    let mut form = Form::new(Arc::clone(operation));
    let assignments: Vec<Assignment> = assignments.iter().map(|argument| Assignment::parse(argument)).collect::<Result<_, _>>()?;
    assign(&mut form, &assignments)?;
    Ok(form)
}

/// Returns whether a finding speaks of the body, which the operator may bring along.
fn in_body(operation: &Operation, finding: &Diagnostic) -> bool {
    operation.parameter(&finding.parameter).is_some_and(|parameter| parameter.place == ParameterLocation::Body)
}

/// Returns this machine; on the demo profile with each provider where it would be if an emulator ran.
pub fn machine(setting: &Setting, secrets: &SecretRegistry) -> Machine {
    let mut machine = Machine::new(secrets.clone());
    if is_demo(setting) {
        let at_rest = |(provider, port): (&Arc<Provider>, u16)| (provider.id.clone(), demo::access(provider, loopback(port)));
        machine.demo = setting.catalog.providers().zip(DEMO_PORT..).map(at_rest).collect();
    }
    machine
}

/// Returns a port of this machine.
pub fn loopback(port: u16) -> Endpoint {
    Endpoint { protocol: Protocol::Http, host: "127.0.0.1".to_owned(), port }
}

/// Returns whether the profile is the built-in demo, which needs an emulator.
pub fn is_demo(setting: &Setting) -> bool {
    setting.profile == DEMO
}
