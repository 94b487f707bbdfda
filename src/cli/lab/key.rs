//! The key to examine with: named, typed, a profile's, or one that needs no asking and has the request's id.

use std::sync::Arc;

use super::Arguments;
use crate::auth::{AccessKey, Credentials};
use crate::catalog::Provider;
use crate::cli::exit::Failure;
use crate::cli::global::Global;
use crate::cli::setting::{CommandContext, system_environment};
use crate::config::{self, DEMO, ENV, Environment};
use crate::emulator::demo;
use crate::io::files::SystemEnvironment;
use crate::lab;
use crate::redact::SecretRegistry;
use crate::secret::Secret;
use crate::wire::Request;

/// A key, and what is to be said about it.
#[derive(Default)]
pub(super) struct FoundKey {
    pub key: Option<AccessKey>,
    pub note: Option<String>,
}

/// Finds the key; its secrets are registered.
pub(super) fn find(
    global: &Global,
    arguments: &Arguments,
    setting: &CommandContext,
    (request, secrets): (&Request, &SecretRegistry),
) -> Result<FoundKey, Failure> {
    if let Some(secret) = named(arguments, secrets)? {
        let token = arguments.token_env.as_deref().map(|name| variable(name, secrets)).transpose()?;
        let space = secret.has_edge_space().then(|| "the secret has white space around it".to_owned());
        let key = AccessKey { id: arguments.key_id.clone().unwrap_or_default(), secret, token, project_id: None };
        return Ok(FoundKey { key: Some(key), note: space });
    }
    let Some(claim) = lab::claim(request) else { return Ok(FoundKey::default()) };
    let providers = || setting.catalog.providers().filter(|provider| claim.scheme.vendors().contains(&provider.vendor));
    if global.profile.is_some() {
        return of_profile(setting, providers(), (&claim.key_id, secrets));
    }
    let key_id = arguments.key_id.as_deref().unwrap_or(&claim.key_id);
    for profile in [setting.config.default_profile.as_str(), ENV, DEMO] {
        let machine = SystemEnvironment::silent(secrets.clone());
        let mut keys = providers().filter_map(|provider| resolved(setting, profile, provider, &machine).ok());
        if let Some(key) = keys.find(|key| key.id == key_id) {
            return Ok(FoundKey { key: Some(key), note: Some(format!("the key is the one of profile {profile}")) });
        }
    }
    let note =
        "no secret is known for this key id: only what can be seen without one is shown (--secret-env NAME, --profile NAME, --ask-secret)";
    Ok(FoundKey { key: None, note: Some(note.to_owned()) })
}

/// Returns a secret that is named or typed.
fn named(arguments: &Arguments, secrets: &SecretRegistry) -> Result<Option<Secret>, Failure> {
    if let Some(name) = &arguments.secret_env {
        return variable(name, secrets).map(Some);
    }
    if !arguments.ask_secret {
        return Ok(None);
    }
    SystemEnvironment::new(secrets.clone()).prompt("Secret access key", true).map(Some).map_err(Failure::usage)
}

fn variable(name: &str, secrets: &SecretRegistry) -> Result<Secret, Failure> {
    let value = SystemEnvironment::silent(secrets.clone()).var(name).map(Secret::new);
    secrets.add(&value);
    value.ok_or_else(|| Failure::usage(format!("the environment variable {name} is not set, or empty")))
}

/// Returns the key of the profile that was named: of its accounts the one with the request's key id, or else the first.
fn of_profile<'p>(
    setting: &CommandContext,
    providers: impl Iterator<Item = &'p Arc<Provider>>,
    (id, secrets): (&str, &SecretRegistry),
) -> Result<FoundKey, Failure> {
    let system_environment = system_environment(setting, secrets);
    let (mut first, mut failed) = (None, None);
    for provider in providers {
        match resolved(setting, &setting.profile, provider, &system_environment) {
            Ok(key) if key.id == id => return Ok(FoundKey { key: Some(key), note: None }),
            Ok(key) => first = first.or(Some(key)),
            Err(failure) => failed = failed.or(Some(failure)),
        }
    }
    match (first, failed) {
        (None, Some(failure)) => Err(failure),
        (key, _) => Ok(FoundKey { key, note: None }),
    }
}

fn resolved(setting: &CommandContext, profile: &str, provider: &Provider, environment: &dyn Environment) -> Result<AccessKey, Failure> {
    // The demo calls some providers with a token, and has a key for each all the same.
    if profile == DEMO {
        let key = demo::access_key(provider.vendor);
        environment.secrets().add([&key.secret]);
        return Ok(key);
    }
    let access = config::resolve(&setting.config, profile, provider, &config::Overrides::default(), environment)?;
    match access.credentials {
        Credentials::AccessKey(key) => Ok(key),
        other => Err(Failure::usage(format!(
            "profile `{profile}` has {} for {}, and signatures want an access key",
            other.describe(),
            provider.id
        ))),
    }
}
