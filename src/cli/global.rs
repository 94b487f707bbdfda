//! The options of every command.

// Help is plain text: back-ticks and brackets would be printed.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;
use tracing::Level;

use super::candidates;
use super::exit::Failure;
use super::load::paths;
use super::output::OutputFormat;
use crate::config::Overrides;
use crate::io::files::Paths;
use crate::io::program_log;
use crate::redact::SecretRegistry;
use crate::wire::Endpoint;

/// The environment variable that names the file of the program's own log.
const LOG_VARIABLE: &str = "SKYDECK_LOG";

/// The options of every command.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The configuration file; the folder `catalog` beside it holds operations of your own
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// The profile: credentials, regions, guard (built in: demo, env)
    #[arg(long, global = true, value_name = "NAME", add = ArgValueCompleter::new(candidates::profiles))]
    pub profile: Option<String>,
    /// The region, in place of the profile's
    #[arg(long, global = true, value_name = "REGION", add = ArgValueCompleter::new(candidates::regions))]
    pub region: Option<String>,
    /// The endpoint (http://HOST[:PORT] or https://...), in place of the region's
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub endpoint: Option<Endpoint>,
    /// How results are printed
    #[arg(long, global = true, value_name = "FORM", value_enum, default_value_t)]
    pub output: OutputFormat,
    /// The folder for data, in place of the platform's own
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data_dir: Option<PathBuf>,
    /// Write the program's own log, secrets masked, to a file (or name it by the variable SKYDECK_LOG)
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log_file: Option<PathBuf>,
}

impl Global {
    /// Returns the values that override the profile's.
    pub fn overrides(&self) -> Overrides {
        Overrides { region: self.region.clone(), endpoint: self.endpoint.clone(), typed: false }
    }

    /// Returns the paths of the program's folders.
    pub fn paths(&self) -> Result<Paths, Failure> {
        paths(self.config.as_deref(), self.data_dir.as_deref())
    }

    /// Starts the log that `--log-file` or the environment names.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn start_log(&self, secrets: &SecretRegistry) -> Result<(), Failure> {
        let variable =
            || std::env::var_os(LOG_VARIABLE).filter(|value| !value.is_empty()).map(|value| (LOG_VARIABLE, PathBuf::from(value)));
        let named = self.log_file.clone().map(|path| ("--log-file", path)).or_else(variable);
        let Some((place, path)) = named else { return Ok(()) };
        program_log::start(&path, Level::DEBUG, secrets).map_err(|error| Failure::usage(format!("{place}: {error}")))
    }
}
