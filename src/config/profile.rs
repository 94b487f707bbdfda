//! A profile as it is written down: guard, colour, and an account at each vendor.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::Guard;
use crate::auth::{Credentials, Project};
use crate::catalog::{Scheme, Vendor};
use crate::secret::Secret;
use crate::wire::Endpoint;

/// A named set of accounts with one guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The guard in front of a call that changes something.
    pub guard: Guard,
    /// The colour of its name on the screen.
    pub colour: Option<Colour>,
    /// `true` when its exchanges are kept in the history.
    pub history: bool,
    /// The accounts, by vendor.
    pub accounts: BTreeMap<Vendor, Account>,
}

/// An account at one vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The region; one for all of the vendor's providers, or one for each.
    pub region: PerProvider<String>,
    /// The endpoint in place of the region's own; one for all of the vendor's providers, or one for each.
    pub endpoint: PerProvider<Endpoint>,
    /// The token service in place of the region's own.
    pub iam_endpoint: Option<Endpoint>,
    /// The authentication scheme, where the credentials allow several.
    pub auth: Option<Scheme>,
    /// The source of the credentials.
    pub credentials: Source,
}

/// A setting for all providers of a vendor, or for each by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PerProvider<T> {
    /// Not set.
    #[default]
    None,
    /// The same for all.
    All(T),
    /// By the provider's id.
    Each(BTreeMap<String, T>),
}

/// The source of credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The environment variables of the vendor's own SDKs.
    #[default]
    Environment,
    /// A file of the vendor's own command line.
    File {
        /// The vendor's file.
        kind: VendorFile,
        /// The file, where it is not at its usual place.
        path: Option<PathBuf>,
        /// The profile in it; else the file's current one.
        profile: Option<String>,
    },
    /// The output of a command, as JSON.
    Command(CredentialsCommand),
    /// An access key pair.
    AccessKey {
        /// The access key id.
        id: ConfiguredValue<String>,
        /// The secret.
        secret: ConfiguredValue<Secret>,
        /// The security token of a temporary key.
        token: Option<Secret>,
        /// Huawei: the project's id.
        project_id: Option<String>,
    },
    /// A user of the identity service.
    Login {
        /// The user's name.
        user: String,
        /// The password.
        password: ConfiguredValue<Secret>,
        /// The domain (the account) that the user belongs to.
        domain: String,
        /// The project that the token is for; else the one named like the region.
        project: Option<Project>,
    },
    /// A token of the identity service that somebody else fetched.
    Token(ConfiguredValue<Secret>),
}

/// A command that prints credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialsCommand {
    /// The program and its arguments; no shell reads them.
    pub argv: Vec<String>,
    /// Names of the environment variables that it gets besides the usual few.
    pub environment: Vec<String>,
    /// The time that it may run.
    pub timeout: Duration,
}

impl CredentialsCommand {
    /// The time that a command may run unless the configuration says otherwise: somebody may have to touch a key or type a PIN.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

    /// Creates a command with the usual time and environment.
    pub fn new(argv: Vec<String>) -> Self {
        Self { argv, environment: Vec::new(), timeout: Self::DEFAULT_TIMEOUT }
    }
}

impl Source {
    /// Returns the same sort of credentials, with what is secret in them asked for. Of a key the id is asked for, too: a wrong secret is often
    /// another key's. Where only a look outside tells the sort it is a key.
    #[must_use]
    pub fn typed(&self) -> Self {
        match self {
            Self::Login { user, domain, project, .. } => {
                Self::Login { user: user.clone(), password: ConfiguredValue::Asked, domain: domain.clone(), project: project.clone() }
            }
            Self::Token(_) => Self::Token(ConfiguredValue::Asked),
            Self::AccessKey { project_id, .. } => Self::asked_key(project_id.clone()),
            Self::Environment | Self::File { .. } | Self::Command(_) => Self::asked_key(None),
        }
    }

    fn asked_key(project_id: Option<String>) -> Self {
        Self::AccessKey { id: ConfiguredValue::Asked, secret: ConfiguredValue::Asked, token: None, project_id }
    }
}

impl From<Credentials> for Source {
    fn from(credentials: Credentials) -> Self {
        match credentials {
            Credentials::AccessKey(key) => Self::AccessKey {
                id: ConfiguredValue::Written(key.id),
                secret: ConfiguredValue::Written(key.secret),
                token: key.token,
                project_id: key.project_id,
            },
            Credentials::Login(login) => Self::Login {
                user: login.user,
                password: ConfiguredValue::Written(login.password),
                domain: login.domain,
                project: Some(login.project),
            },
            Credentials::Token(token) => Self::Token(ConfiguredValue::Written(token)),
        }
    }
}

/// A value that stands in the configuration, or is asked for when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfiguredValue<T> {
    /// It stands there.
    Written(T),
    /// It is asked for.
    Asked,
}

/// Files of the vendors' own command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VendorFile {
    /// `~/.aliyun/config.json`.
    AliyunCli,
    /// `~/.volcengine/config.json`.
    VolcCli,
    /// `~/.huaweicloud/credentials`.
    HuaweiCloud,
}

/// The colour of a profile's name: one of the terminal's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Colour {
    Red,
    Yellow,
    Green,
    Cyan,
    Blue,
    Magenta,
}

impl Profile {
    /// Creates a profile with nothing in it.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), guard: Guard::None, colour: None, history: true, accounts: BTreeMap::new() }
    }
}

impl<T> PerProvider<T> {
    /// Returns the setting for a provider.
    pub fn of(&self, provider: &str) -> Option<&T> {
        match self {
            Self::None => None,
            Self::All(value) => Some(value),
            Self::Each(values) => values.get(provider),
        }
    }
}

impl VendorFile {
    /// The words of the configuration.
    pub const WORDS: [(&str, Self); 3] = [("aliyun-cli", Self::AliyunCli), ("volc-cli", Self::VolcCli), ("huaweicloud", Self::HuaweiCloud)];

    /// Returns the vendor whose file it is.
    pub fn vendor(self) -> Vendor {
        match self {
            Self::AliyunCli => Vendor::Alibaba,
            Self::VolcCli => Vendor::Volcengine,
            Self::HuaweiCloud => Vendor::Huawei,
        }
    }

    /// Returns its usual path below the home folder.
    pub fn usual_place(self) -> &'static str {
        match self {
            Self::AliyunCli => ".aliyun/config.json",
            Self::VolcCli => ".volcengine/config.json",
            Self::HuaweiCloud => ".huaweicloud/credentials",
        }
    }
}

impl Colour {
    /// The words of the configuration.
    pub const WORDS: [(&str, Self); 6] = [
        ("red", Self::Red),
        ("yellow", Self::Yellow),
        ("green", Self::Green),
        ("cyan", Self::Cyan),
        ("blue", Self::Blue),
        ("magenta", Self::Magenta),
    ];
}
