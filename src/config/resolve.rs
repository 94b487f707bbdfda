//! From a profile to access: region, endpoint, credentials and the way to authenticate.

use super::environment::{DemoAccess, Environment};
use super::profile::{Account, ConfiguredValue, Source};
use super::variables::{self, CredentialKind};
use super::vendor_file::{self, Entry, FileSelection};
use super::{Access, Config, ConfigError, CredentialsCommand, DEMO, ENV, Profile, command, warn};
use crate::auth::{AccessKey, Credentials, Login, Project, Scheme};
use crate::catalog::{self, Provider};
use crate::secret::Secret;
use crate::text::nearest;
use crate::wire::Endpoint;

/// Values given by the operator that override the profile's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The region.
    pub region: Option<String>,
    /// The endpoint.
    pub endpoint: Option<Endpoint>,
    /// Set when the secret is typed, wherever the profile would take it from.
    pub typed: bool,
}

/// The location of calls: what a profile gives without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The region.
    pub region: String,
    /// The provider's server.
    pub endpoint: Endpoint,
    /// The token service, where the provider has one.
    pub iam_endpoint: Option<Endpoint>,
}

/// A region, and who named it.
struct NamedRegion {
    region: String,
    /// Empty where it needs no words.
    by: String,
}

/// Returns where a profile's calls to a provider go. Asks nobody, runs no command.
///
/// # Errors
/// [`ConfigError`]: an unknown profile or region, no account, an endpoint that cannot be read.
pub fn locate(
    config: &Config,
    profile: &str,
    provider: &Provider,
    overrides: &Overrides,
    environment: &dyn Environment,
) -> Result<Location, ConfigError> {
    let resolver = Resolver { provider, overrides, environment };
    match profile {
        DEMO => resolver.demo().map(|(location, _)| location),
        _ => resolver.location(&account_of(&find(config, profile)?, provider)?),
    }
}

/// Returns all that a profile gives for calls to a provider, with its secrets registered. May run a command and ask for what is to be typed.
///
/// # Errors
/// [`ConfigError`]: what is missing, and what was looked at.
pub fn resolve(
    config: &Config,
    profile: &str,
    provider: &Provider,
    overrides: &Overrides,
    environment: &dyn Environment,
) -> Result<Access, ConfigError> {
    let resolver = Resolver { provider, overrides, environment };
    let access = match profile {
        DEMO => resolver.demo_access(),
        _ => find(config, profile).and_then(|profile| resolver.access(&profile)),
    }
    .inspect_err(|error| tracing::warn!(profile, provider = provider.id, %error, "the profile cannot be resolved"))?;
    environment.secrets().add(access.credentials.secrets());
    tracing::debug!(
        profile,
        provider = provider.id,
        region = access.region,
        endpoint = %access.endpoint,
        scheme = access.scheme.name(),
        credentials = access.credentials.describe(),
        "profile resolved"
    );
    Ok(access)
}

/// Credentials with what is to be said about where they came from.
struct ResolvedCredentials {
    credentials: Credentials,
    warnings: Vec<String>,
}

impl ResolvedCredentials {
    fn plain(credentials: Credentials) -> Self {
        Self { credentials, warnings: Vec::new() }
    }

    /// Says that they are not the profile's own.
    fn typed(self) -> Self {
        Self { warnings: vec!["the key was typed for this session: choosing the profile takes it back".to_owned()], ..self }
    }

    fn written(credentials: Credentials, profile: &str, literal: bool) -> Self {
        let warning = || {
            format!(
                "profile `{profile}` has a secret in the configuration file itself: a file of the vendor's, a command or a prompt is safer"
            )
        };
        Self { credentials, warnings: if literal { vec![warning()] } else { Vec::new() } }
    }
}

fn find(config: &Config, name: &str) -> Result<Profile, ConfigError> {
    config.profile(name).ok_or_else(|| {
        let near = nearest(name, config.profile_names());
        let near = if near.is_empty() { config.profile_names().map(str::to_owned).collect() } else { near };
        ConfigError::UnknownProfile { name: name.to_owned(), near }
    })
}

/// Returns the profile's account at the provider's vendor. The built-in `env` has one at each.
fn account_of(profile: &Profile, provider: &Provider) -> Result<Account, ConfigError> {
    match profile.accounts.get(&provider.vendor) {
        Some(account) => Ok(account.clone()),
        None if profile.name == ENV => Ok(Account::default()),
        None => Err(ConfigError::NoAccount { profile: profile.name.clone(), vendor: provider.vendor.title(), key: provider.vendor.key() }),
    }
}

/// What a profile is resolved for: calls to a provider, with the operator's own values, in an environment.
#[derive(Clone, Copy)]
struct Resolver<'a> {
    provider: &'a Provider,
    overrides: &'a Overrides,
    environment: &'a dyn Environment,
}

impl Resolver<'_> {
    fn demo_access(self) -> Result<Access, ConfigError> {
        let (location, credentials) = self.demo()?;
        if !self.overrides.typed {
            return access(&Profile::new(DEMO), None, self.provider, location, ResolvedCredentials::plain(credentials));
        }
        let account = Account { credentials: Source::from(credentials), ..Account::default() };
        self.account_access(&Profile::new(DEMO), account, location)
    }

    fn access(self, profile: &Profile) -> Result<Access, ConfigError> {
        let account = account_of(profile, self.provider)?;
        let location = self.location(&account)?;
        self.account_access(profile, account, location)
    }

    fn account_access(self, profile: &Profile, mut account: Account, location: Location) -> Result<Access, ConfigError> {
        let Self { provider, environment, .. } = self;
        if self.overrides.typed {
            account.credentials = account.credentials.typed();
        }
        let resolver = CredentialResolver { account: &account, provider, region: &location.region, profile: &profile.name, environment };
        let given = resolver.credentials()?;
        let given = if self.overrides.typed { given.typed() } else { given };
        access(profile, account.auth, provider, location, given)
    }

    /// Returns the emulator's access. It may be another emulator (`--endpoint`), but never anything beyond this machine.
    fn demo(self) -> Result<(Location, Credentials), ConfigError> {
        let Self { provider, overrides, environment } = self;
        let DemoAccess { mut endpoint, mut iam_endpoint, credentials } =
            environment.demo(&provider.id).ok_or_else(|| ConfigError::NoDemo(provider.id.clone()))?;
        let region = overrides.region.clone().unwrap_or_else(|| provider.default_region.clone());
        if let Some(other) = &overrides.endpoint {
            if !other.is_loopback() {
                return Err(ConfigError::DemoElsewhere(other.to_string()));
            }
            endpoint = other.clone();
            iam_endpoint = iam_endpoint.map(|_| other.clone());
        } else {
            check_region(provider, &NamedRegion { region: region.clone(), by: String::new() })?;
        }
        Ok((Location { region, endpoint, iam_endpoint }, credentials))
    }

    fn location(self, account: &Account) -> Result<Location, ConfigError> {
        let named = self.region(account)?;
        let own = self.overrides.endpoint.as_ref().or_else(|| account.endpoint.of(&self.provider.id));
        let endpoint = if let Some(endpoint) = own {
            endpoint.clone()
        } else {
            check_region(self.provider, &named)?;
            parse("the catalog", &self.provider.endpoint_of(&named.region))?
        };
        let iam_endpoint = self.iam_endpoint(account, &named.region)?;
        Ok(Location { region: named.region, endpoint, iam_endpoint })
    }

    fn region(self, account: &Account) -> Result<NamedRegion, ConfigError> {
        if let Some(region) = self.overrides.region.as_ref().or_else(|| account.region.of(&self.provider.id)) {
            return Ok(NamedRegion { region: region.clone(), by: String::new() });
        }
        let found = match &account.credentials {
            Source::Environment => {
                variables::region(self.provider.vendor, self.environment).map(|(name, region)| (region, name.to_owned()))
            }
            source => file_entry(source, self.environment)?.and_then(|entry| Some((entry.region?, entry.file))),
        };
        let (region, by) = found.unwrap_or_else(|| (self.provider.default_region.clone(), String::new()));
        Ok(NamedRegion { region, by })
    }

    /// Returns the token service: the profile's, the environment's or file's, that of a server on this machine itself, the region's.
    fn iam_endpoint(self, account: &Account, region: &str) -> Result<Option<Endpoint>, ConfigError> {
        let Some(own) = self.provider.iam_endpoint_of(region) else { return Ok(None) };
        if let Some(endpoint) = &account.iam_endpoint {
            return Ok(Some(endpoint.clone()));
        }
        let named = match &account.credentials {
            Source::Environment => {
                variables::iam_endpoint(self.provider.vendor, self.environment).map(|(name, url)| (name.to_owned(), url))
            }
            source => file_entry(source, self.environment)?.and_then(|entry| Some((entry.file, entry.iam_endpoint?))),
        };
        if let Some((place, url)) = named {
            return parse(&place, without_version(&url)).map(Some);
        }
        // An emulator serves tokens on its own port; a password meant for it must not go to the real service.
        if let Some(endpoint) = self.overrides.endpoint.as_ref().filter(|endpoint| endpoint.is_loopback()) {
            return Ok(Some(endpoint.clone()));
        }
        parse("the catalog", &own).map(Some)
    }
}

fn file_entry(source: &Source, environment: &dyn Environment) -> Result<Option<Entry>, ConfigError> {
    let Source::File { kind, path, profile } = source else { return Ok(None) };
    vendor_file::read(FileSelection { kind: *kind, path: path.as_deref(), profile: profile.as_deref() }, environment).map(Some)
}

/// Refuses a region that the vendor does not list.
fn check_region(provider: &Provider, named: &NamedRegion) -> Result<(), ConfigError> {
    let known = || provider.regions.iter().map(|region| region.id.as_str());
    if provider.regions.is_empty() || known().any(|region| region == named.region) {
        return Ok(());
    }
    let by = if named.by.is_empty() { String::new() } else { format!(" (named by {})", named.by) };
    let near = nearest(&named.region, known());
    Err(ConfigError::UnknownRegion { provider: provider.id.clone(), region: named.region.clone(), by, near })
}

/// Strips the version: `OS_AUTH_URL` and its like end in the version of the interface.
fn without_version(url: &str) -> &str {
    let bare = url.trim().trim_end_matches('/');
    bare.strip_suffix("/v3").unwrap_or(bare)
}

fn parse(place: &str, url: &str) -> Result<Endpoint, ConfigError> {
    url.parse().map_err(|error| ConfigError::Endpoint { place: place.to_owned(), error })
}

/// Getting an account's credentials.
struct CredentialResolver<'a> {
    account: &'a Account,
    provider: &'a Provider,
    region: &'a str,
    profile: &'a str,
    environment: &'a dyn Environment,
}

impl CredentialResolver<'_> {
    fn credentials(&self) -> Result<ResolvedCredentials, ConfigError> {
        match &self.account.credentials {
            Source::Environment => self.environment().map(ResolvedCredentials::plain),
            Source::File { .. } => self.vendor_file(),
            Source::Command(command) => self.command(command).map(ResolvedCredentials::plain),
            Source::AccessKey { id, secret, token, project_id } => {
                let id = self.typed(id, "access key id", false, |asked| asked.expose().to_owned())?;
                let literal = matches!(secret, ConfiguredValue::Written(_));
                let secret = self.typed(secret, "secret access key", true, |asked| asked)?;
                let key = AccessKey { id, secret, token: token.clone(), project_id: project_id.clone() };
                Ok(ResolvedCredentials::written(Credentials::AccessKey(key), self.profile, literal))
            }
            Source::Login { user, password, domain, project } => {
                let literal = matches!(password, ConfiguredValue::Written(_));
                let password = self.typed(password, &format!("password of {user}"), true, |asked| asked)?;
                let project = project.clone().unwrap_or_else(|| Project::Name(self.region.to_owned()));
                let login = Login { user: user.clone(), password, domain: domain.clone(), project, endpoint: None };
                Ok(ResolvedCredentials::written(Credentials::Login(login), self.profile, literal))
            }
            Source::Token(token) => {
                let literal = matches!(token, ConfiguredValue::Written(_));
                let token = self.typed(token, "token", true, |asked| asked)?;
                Ok(ResolvedCredentials::written(Credentials::Token(token), self.profile, literal))
            }
        }
    }

    fn environment(&self) -> Result<Credentials, ConfigError> {
        variables::credentials(self.provider.vendor, self.region, &|kind| self.usable(kind), self.environment)
    }

    /// Returns whether the provider, and the profile's choice, allow credentials of this kind.
    fn usable(&self, kind: CredentialKind) -> bool {
        let by_token = kind != CredentialKind::AccessKey;
        let allowed = |scheme: &catalog::Scheme| (*scheme == catalog::Scheme::IamToken) == by_token;
        self.provider.auth.iter().any(allowed) && self.account.auth.as_ref().is_none_or(allowed)
    }

    fn vendor_file(&self) -> Result<ResolvedCredentials, ConfigError> {
        let Some(entry) = file_entry(&self.account.credentials, self.environment)? else {
            return self.environment().map(ResolvedCredentials::plain);
        };
        let open = entry.open_to_others.then(|| format!("{} can be read by others than you: chmod 600", entry.file));
        Ok(ResolvedCredentials { credentials: Credentials::AccessKey(entry.key), warnings: open.into_iter().collect() })
    }

    fn command(&self, command: &CredentialsCommand) -> Result<Credentials, ConfigError> {
        let wrong = |reason| ConfigError::Command { command: command.argv.first().cloned().unwrap_or_default(), reason };
        let output = self.environment.run_command(command).map_err(wrong)?;
        command::read(output.expose(), self.region).map_err(wrong)
    }

    fn typed<T: Clone>(&self, value: &ConfiguredValue<T>, what: &str, masked: bool, read: fn(Secret) -> T) -> Result<T, ConfigError> {
        if let ConfiguredValue::Written(value) = value {
            return Ok(value.clone());
        }
        let question = format!("{} {what} for profile {}", self.provider.vendor.title(), self.profile);
        self.environment.prompt(&question, masked).map(read).map_err(|reason| ConfigError::Prompt { question, reason })
    }
}

fn access(
    profile: &Profile,
    auth: Option<catalog::Scheme>,
    provider: &Provider,
    location: Location,
    given: ResolvedCredentials,
) -> Result<Access, ConfigError> {
    let scheme = scheme_of(provider, auth, &given.credentials)?;
    let mut warnings = given.warnings;
    warnings.extend(warn::warnings(&given.credentials, provider.vendor));
    let mut credentials = given.credentials;
    if let Credentials::Login(login) = &mut credentials {
        login.endpoint.clone_from(&location.iam_endpoint);
    }
    Ok(Access {
        profile: profile.name.clone(),
        guard: profile.guard,
        region: location.region,
        endpoint: location.endpoint,
        iam_endpoint: location.iam_endpoint.filter(|_| scheme == Scheme::IamToken),
        scheme,
        credentials,
        warnings,
    })
}

/// Returns the first of the provider's schemes that the credentials fit, or the one that the profile chooses.
fn scheme_of(provider: &Provider, chosen: Option<catalog::Scheme>, credentials: &Credentials) -> Result<Scheme, ConfigError> {
    let by_token = !matches!(credentials, Credentials::AccessKey(_));
    let fits =
        |scheme: &&catalog::Scheme| (**scheme == catalog::Scheme::IamToken) == by_token && chosen.is_none_or(|chosen| chosen == **scheme);
    provider.auth.iter().find(fits).map(|scheme| Scheme::from(*scheme)).ok_or_else(|| ConfigError::Auth {
        provider: provider.id.clone(),
        has: credentials.describe(),
        wanted: chosen.map_or_else(
            || provider.auth.iter().map(|scheme| Scheme::from(*scheme).name()).collect::<Vec<_>>().join(" or "),
            |scheme| Scheme::from(scheme).name().to_owned(),
        ),
        remedy: if by_token { "give an access key" } else { "give a user and password, or a token, or leave `auth` out" },
    })
}
