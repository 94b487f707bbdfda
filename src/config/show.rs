//! The configuration as it is in effect, secrets masked.

use std::path::Path;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::profile::{Account, ConfiguredValue, CredentialsCommand, PerProvider, Profile, Source, VendorFile};
use super::{Colour, Config};
use crate::auth::Project;
use crate::catalog::Scheme;
use crate::secret::MASK;

/// Returns the configuration with every default filled in and every secret masked, in the shape of `config.toml`.
pub fn show(config: &Config) -> Value {
    let profiles: Map<String, Value> = config.profiles.iter().map(|profile| (profile.name.clone(), show_profile(profile))).collect();
    let mut shown = json!({
        "default_profile": config.default_profile,
        "screen": config.screen,
        "resources": config.resources,
        "network": config.network,
        "history": config.history,
        "log": config.log,
    });
    if !profiles.is_empty() {
        shown["profiles"] = profiles.into();
    }
    shown
}

/// Formats the shown configuration as the text of a configuration file.
///
/// # Errors
/// None for what [`show`] gives: it has no `null`, and every key is a text.
pub fn to_toml(shown: &Value) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(&Tables(shown))
}

/// A JSON value for the writer of TOML: `serde_json` keeps the digits of a number as they were read, in a form that it alone understands.
struct Tables<'a>(&'a Value);

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => match number.as_i64() {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::Array(elements) => serializer.collect_seq(elements.iter().map(Tables)),
            Value::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, Tables(value)))),
            plain => plain.serialize(serializer),
        }
    }
}

fn show_profile(profile: &Profile) -> Value {
    let mut shown = json!({ "guard": profile.guard.name() });
    put(&mut shown, "history", (!profile.history).then_some(false.into()));
    put(&mut shown, "colour", profile.colour.map(|colour| word(&Colour::WORDS, colour).into()));
    for (vendor, account) in &profile.accounts {
        put(&mut shown, vendor.key(), Some(show_account(account)));
    }
    shown
}

fn show_account(account: &Account) -> Value {
    let mut shown = json!({});
    put(&mut shown, "region", per_provider(&account.region, |region| region.clone().into()));
    put(&mut shown, "endpoint", per_provider(&account.endpoint, |endpoint| endpoint.to_string().into()));
    put(&mut shown, "iam_endpoint", account.iam_endpoint.as_ref().map(|endpoint| endpoint.to_string().into()));
    put(&mut shown, "auth", account.auth.map(|scheme| if scheme == Scheme::IamToken { "iam-token" } else { "sdk-hmac-sha256" }.into()));
    put(&mut shown, "credentials", Some(show_source(&account.credentials)));
    shown
}

fn show_source(source: &Source) -> Value {
    match source {
        Source::Environment => "env".into(),
        Source::File { kind, path: place, profile } => {
            let mut shown = json!({ "file": word(&VendorFile::WORDS, *kind) });
            put(&mut shown, "path", place.as_deref().map(path));
            put(&mut shown, "profile", profile.clone().map(Value::from));
            shown
        }
        // A command's arguments may hold a secret: they are shown by their number.
        Source::Command(command) => {
            let argv: Vec<&str> = command.argv.iter().enumerate().map(|(at, part)| if at == 0 { part } else { MASK }).collect();
            let mut shown = json!({ "command": argv });
            put(&mut shown, "environment", (!command.environment.is_empty()).then(|| json!(command.environment)));
            let timeout = (command.timeout != CredentialsCommand::DEFAULT_TIMEOUT).then(|| command.timeout.as_secs_f64().into());
            put(&mut shown, "timeout", timeout);
            shown
        }
        Source::AccessKey { id, secret, token, project_id } => {
            let mut shown = json!({});
            typed(&mut shown, "access_key_id", id, |id| id.clone().into());
            typed(&mut shown, "access_key_secret", secret, |_| MASK.into());
            put(&mut shown, "security_token", token.as_ref().map(|_| MASK.into()));
            put(&mut shown, "project_id", project_id.clone().map(Value::from));
            shown
        }
        Source::Login { user, password, domain, project } => {
            let mut shown = json!({ "user": user, "domain": domain });
            typed(&mut shown, "password", password, |_| MASK.into());
            match project {
                Some(Project::Name(name)) => put(&mut shown, "project", Some(name.clone().into())),
                Some(Project::Id(id)) => put(&mut shown, "project_id", Some(id.clone().into())),
                None => {}
            }
            shown
        }
        Source::Token(_) => json!({ "token": MASK }),
    }
}

fn typed<T>(shown: &mut Value, key: &str, value: &ConfiguredValue<T>, written: fn(&T) -> Value) {
    match value {
        ConfiguredValue::Written(value) => put(shown, key, Some(written(value))),
        ConfiguredValue::Asked => put(shown, "prompt", Some(true.into())),
    }
}

fn per_provider<T>(values: &PerProvider<T>, one: fn(&T) -> Value) -> Option<Value> {
    match values {
        PerProvider::None => None,
        PerProvider::All(value) => Some(one(value)),
        PerProvider::Each(values) => {
            Some(values.iter().map(|(provider, value)| (provider.clone(), one(value))).collect::<Map<_, _>>().into())
        }
    }
}

fn put(shown: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        shown[key] = value;
    }
}

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], meaning: T) -> &'static str {
    words.iter().find(|(_, known)| *known == meaning).map_or("", |(word, _)| word)
}

fn path(path: &Path) -> Value {
    path.display().to_string().into()
}
