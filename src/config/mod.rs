//! Profiles: named sets of credentials, regions and guards, and what they give for a call.
//!
//! ```text
//! config.toml ──Config::parse──▶ Config ─┐
//!                                        ├─resolve──▶ Access (region, endpoint, scheme, credentials, warnings)
//! profile, provider, overrides ──────────┘   │
//!                          Environment: variables, files, commands, prompts
//! ```
//!
//! Pure: the outside world is a [`Environment`], the file is a text. Every mistake in it has a line, a column and a reason.

mod access;
mod command;
mod environment;
mod error;
mod parse;
mod profile;
mod reader;
mod resolve;
mod settings;
mod show;
mod variables;
mod vendor_file;
mod warn;

pub use access::{Access, Guard};
pub use environment::{CommandError, DemoAccess, Environment, FileText, PromptError};
pub use error::{CheckedVariable, ConfigError, VendorFileError};
pub use profile::{Account, Colour, ConfiguredValue, CredentialsCommand, PerProvider, Profile, Source, VendorFile};
pub use resolve::{Location, Overrides, locate, resolve};
pub use settings::{Borders, History, Network, ProgramLog, Resources, Screen, Theme};
pub use show::{show, to_toml};

/// The built-in profile that starts the emulator and can reach nothing else.
pub const DEMO: &str = "demo";

/// The built-in profile that takes everything from the vendors' own environment variables.
pub const ENV: &str = "env";

/// The whole configuration: what `config.toml` says, or else the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The profile used when none is named.
    pub default_profile: String,
    /// The `[screen]` settings.
    pub screen: Screen,
    /// The `[resources]` settings.
    pub resources: Resources,
    /// The `[network]` settings.
    pub network: Network,
    /// The `[history]` settings.
    pub history: History,
    /// The `[log]` settings.
    pub log: ProgramLog,
    /// The file's own profiles, in the order of their names; the built-in ones are not among them.
    pub profiles: Vec<Profile>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            default_profile: DEMO.to_owned(),
            screen: Screen::default(),
            resources: Resources::default(),
            network: Network::default(),
            history: History::default(),
            log: ProgramLog::default(),
            profiles: Vec::new(),
        }
    }
}

impl Config {
    /// Returns the profile of this name; the built-in ones included.
    pub fn profile(&self, name: &str) -> Option<Profile> {
        match name {
            DEMO => Some(Profile { guard: Guard::None, ..Profile::new(DEMO) }),
            ENV => Some(Profile { guard: Guard::Confirm, ..Profile::new(ENV) }),
            _ => self.profiles.iter().find(|profile| profile.name == name).cloned(),
        }
    }

    /// Returns the names of all profiles, the built-in ones first.
    pub fn profile_names(&self) -> impl Iterator<Item = &str> {
        [DEMO, ENV].into_iter().chain(self.profiles.iter().map(|profile| profile.name.as_str()))
    }
}
