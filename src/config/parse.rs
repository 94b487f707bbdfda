//! Reading `config.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::profile::{Account, Colour, ConfiguredValue, CredentialsCommand, PerProvider, Profile, Source, VendorFile};
use super::reader::{self, Item, ParsedText, Table, ValueError};
use super::{Borders, Config, DEMO, ENV, Guard, History, Network, ProgramLog, Resources, Screen, Theme};
use crate::auth::Project;
use crate::catalog::{LoadError, Scheme, Vendor};
use crate::text::{did_you_mean, nearest};

const GUARDS: [(&str, Guard); 3] = [("none", Guard::None), ("confirm", Guard::Confirm), ("read-only", Guard::ReadOnly)];

const AUTH: [(&str, Scheme); 2] = [("iam-token", Scheme::IamToken), ("sdk-hmac-sha256", Scheme::SdkHmac)];

impl Config {
    /// Reads the text of `config.toml`. `file` is its name in messages; `providers` are the ids that the catalog has.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place, in the order of the text.
    pub fn parse(file: &str, text: &str, providers: &[&str]) -> Result<Self, Vec<LoadError>> {
        let source = ParsedText::new(file, text);
        let config = source.parse().map(|root| {
            let table = Table::new(&source, "", (root.get_ref(), 0..0));
            read_config(table, providers)
        });
        let problems = source.into_problems();
        config.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

fn read_config(mut root: Table<'_, '_>, providers: &[&str]) -> Config {
    let defaults = Config::default();
    let named = root.item("default_profile");
    let screen = root.table("screen").map_or(defaults.screen, read_screen);
    let resources = root.table("resources").map_or(defaults.resources, read_resources);
    let network = root.table("network").map_or(defaults.network, read_network);
    let history = root.table("history").map_or(defaults.history, read_history);
    let log = root.table("log").map_or(defaults.log, read_log);
    let profiles = root.table("profiles").map(|table| read_profiles(&table, providers)).unwrap_or_default();
    let mut config = Config { screen, resources, network, history, log, profiles, ..Config::default() };
    if let Some(item) = named
        && let Some(name) = root.read("default_profile", item, |value| known_profile(&config, value))
    {
        config.default_profile = name;
    }
    root.finish();
    config
}

fn known_profile(config: &Config, value: &DeValue<'_>) -> Result<String, ValueError> {
    let name = reader::string(value)?;
    if config.profile_names().any(|known| known == name) {
        return Ok(name);
    }
    let near = nearest(&name, config.profile_names());
    Err(ValueError::Profile { name, near })
}

fn read_screen(mut table: Table<'_, '_>) -> Screen {
    let defaults = Screen::default();
    let screen = Screen {
        theme: table.take("theme", reader::word(&Theme::WORDS)).unwrap_or(defaults.theme),
        borders: table.take("borders", reader::word(&Borders::WORDS)).unwrap_or(defaults.borders),
        mouse: table.take("mouse", reader::flag).unwrap_or(defaults.mouse),
    };
    table.finish();
    screen
}

fn read_resources(mut table: Table<'_, '_>) -> Resources {
    let follow_changes = table.take("follow_changes", reader::flag);
    table.finish();
    Resources { follow_changes: follow_changes.unwrap_or(Resources::default().follow_changes) }
}

fn read_network(mut table: Table<'_, '_>) -> Network {
    let defaults = Network::default();
    let network = Network {
        connect_timeout: table.take("connect_timeout", reader::seconds).unwrap_or(defaults.connect_timeout),
        read_timeout: table.take("read_timeout", reader::seconds).unwrap_or(defaults.read_timeout),
        total_timeout: table.take("total_timeout", reader::seconds).unwrap_or(defaults.total_timeout),
        ca_file: table.take("ca_file", reader::path),
        body_limit: table.take("body_limit", reader::bytes).unwrap_or(defaults.body_limit),
    };
    table.finish();
    network
}

fn read_history(mut table: Table<'_, '_>) -> History {
    let defaults = History::default();
    let history = History {
        enabled: table.take("enabled", reader::flag).unwrap_or(defaults.enabled),
        keep: table.take("keep", reader::count).unwrap_or(defaults.keep),
        max_age: table.take("max_age", reader::age).unwrap_or(defaults.max_age),
        max_body: table.take("max_body", reader::bytes).unwrap_or(defaults.max_body),
    };
    table.finish();
    history
}

fn read_log(mut table: Table<'_, '_>) -> ProgramLog {
    let defaults = ProgramLog::default();
    let log = ProgramLog {
        file: table.take("file", reader::path),
        level: table.take("level", reader::word(&ProgramLog::LEVELS)).unwrap_or(defaults.level),
    };
    table.finish();
    log
}

fn read_profiles(table: &Table<'_, '_>, providers: &[&str]) -> Vec<Profile> {
    let read = |(name, span, item)| {
        check_name(table, name, span);
        table.inside(name, item).map(|inner| read_profile(name, inner, providers))
    };
    table.entries().filter_map(read).collect()
}

fn check_name(table: &Table<'_, '_>, name: &str, span: Range<usize>) {
    if [DEMO, ENV].contains(&name) {
        table.problem(span, format!("the profile `{name}` is built in: choose another name"));
    } else if name.trim().is_empty() || name.chars().any(char::is_control) {
        table.problem(span, "a profile's name must have something to read in it and no control characters");
    }
}

fn read_profile(name: &str, mut table: Table<'_, '_>, providers: &[&str]) -> Profile {
    let guard = table.take("guard", reader::word(&GUARDS)).unwrap_or_default();
    let colour = table.take("colour", reader::word(&Colour::WORDS));
    let history = table.take("history", reader::flag).unwrap_or(true);
    let read = |vendor: Vendor| Some((vendor, read_account(table.table(vendor.key())?, vendor, providers)));
    let accounts = Vendor::ALL.into_iter().filter_map(read).collect();
    table.finish();
    Profile { name: name.to_owned(), guard, colour, history, accounts }
}

fn read_account(mut table: Table<'_, '_>, vendor: Vendor, providers: &[&str]) -> Account {
    let region = per_provider(&mut table, "region", providers, reader::string);
    let endpoint = per_provider(&mut table, "endpoint", providers, reader::endpoint);
    let credentials = table.item("credentials").and_then(|item| read_source(&table, item, vendor)).unwrap_or_default();
    let mut account = Account { region, endpoint, credentials, ..Account::default() };
    if has_tokens(vendor) {
        account.iam_endpoint = table.take("iam_endpoint", reader::endpoint);
        account.auth = table.take("auth", reader::word(&AUTH));
    }
    table.finish();
    account
}

/// Returns whether the vendor has a token service: only there is a way to authenticate to choose.
fn has_tokens(vendor: Vendor) -> bool {
    matches!(vendor, Vendor::Huawei | Vendor::Otc)
}

/// Returns one value for all providers, or a table with one for each.
fn per_provider<'i, T>(
    table: &mut Table<'_, 'i>,
    key: &'static str,
    providers: &[&str],
    read: impl Fn(&DeValue<'i>) -> Result<T, ValueError>,
) -> PerProvider<T> {
    let Some(item) = table.item(key) else { return PerProvider::None };
    if !item.get_ref().is_table() {
        return table.read(key, item, read).map_or(PerProvider::None, PerProvider::All);
    }
    let Some(inner) = table.inside(key, item) else { return PerProvider::None };
    let mut values = BTreeMap::new();
    for (provider, span, item) in inner.entries() {
        if !providers.contains(&provider) {
            let near = nearest(provider, providers.iter().copied());
            inner.problem(span, format!("`{key}`: there is no provider `{provider}`{}", did_you_mean(&near)));
        } else if let Some(value) = inner.read(provider, item, &read) {
            values.insert(provider.to_owned(), value);
        }
    }
    PerProvider::Each(values)
}

fn read_source(table: &Table<'_, '_>, item: Item<'_, '_>, vendor: Vendor) -> Option<Source> {
    if item.get_ref().is_str() {
        return table.read("credentials", item, reader::word(&[("env", ())])).map(|()| Source::Environment);
    }
    let DeValue::Table(_) = item.get_ref() else {
        table.problem(item.span(), "`credentials` must be \"env\" or a table such as { file = \"...\" }");
        return None;
    };
    None.or_else(|| read_credentials(table.inside("credentials", item)?, vendor))
}

/// Returns the shapes of a table of credentials, each known by one of its keys.
fn read_credentials(mut table: Table<'_, '_>, vendor: Vendor) -> Option<Source> {
    const SHAPES: [&str; 6] = ["file", "command", "user", "token", "access_key_id", "prompt"];
    let shape = SHAPES.into_iter().find(|key| table.has(key));
    let source = match shape {
        Some("file") => read_file_source(&mut table, vendor),
        Some("command") => read_command(&mut table),
        Some("user") => read_login(&mut table, vendor),
        Some("token") => table.take("token", reader::secret).map(|token| Source::Token(ConfiguredValue::Written(token))),
        Some(_) => read_access_key(&mut table, vendor),
        None => {
            table.report_missing("`credentials` must be \"env\", or a table with one of file, command, prompt, access_key_id, user, token");
            return None;
        }
    };
    table.finish();
    source
}

fn read_file_source(table: &mut Table<'_, '_>, vendor: Vendor) -> Option<Source> {
    let kind = table.take("file", |value| {
        let kind = reader::word(&VendorFile::WORDS)(value)?;
        if kind.vendor() == vendor { Ok(kind) } else { Err(ValueError::Vendor { file: kind.vendor(), account: vendor }) }
    });
    let path = table.take("path", reader::path);
    let profile = table.take("profile", reader::string);
    Some(Source::File { kind: kind?, path, profile })
}

fn read_command(table: &mut Table<'_, '_>) -> Option<Source> {
    let argv = table.take("command", reader::strings);
    let environment = table.take("environment", reader::strings).unwrap_or_default();
    let timeout = table.take("timeout", reader::seconds).unwrap_or(CredentialsCommand::DEFAULT_TIMEOUT);
    Some(Source::Command(CredentialsCommand { argv: argv?, environment, timeout }))
}

fn read_login(table: &mut Table<'_, '_>, vendor: Vendor) -> Option<Source> {
    if !has_tokens(vendor) {
        table.report_missing(format!("{} has no users and passwords here: give an access key", vendor.title()));
    }
    let user = table.take("user", reader::string);
    let password = value_or_prompt(table, "password", reader::secret);
    let domain = required(table, "domain", reader::string);
    let name = table.take("project", reader::string).map(Project::Name);
    let id = table.take("project_id", reader::string).map(Project::Id);
    if name.is_some() && id.is_some() {
        table.report_missing("give `project` (its name) or `project_id`, not both");
    }
    Some(Source::Login { user: user?, password: password?, domain: domain?, project: name.or(id) })
}

fn read_access_key(table: &mut Table<'_, '_>, vendor: Vendor) -> Option<Source> {
    let id = value_or_prompt(table, "access_key_id", reader::string);
    let secret = value_or_prompt(table, "access_key_secret", reader::secret);
    let token = table.take("security_token", reader::secret);
    let project_id = if has_tokens(vendor) { table.take("project_id", reader::string) } else { None };
    Some(Source::AccessKey { id: id?, secret: secret?, token, project_id })
}

fn required<'i, T>(table: &mut Table<'_, 'i>, key: &'static str, read: fn(&DeValue<'i>) -> Result<T, ValueError>) -> Option<T> {
    if !table.has(key) {
        table.report_missing(format!("`{key}` is missing in the credentials"));
    }
    table.take(key, read)
}

/// Returns a value that stands in the table, or is asked for where the table has `prompt = true`.
fn value_or_prompt<'i, T>(
    table: &mut Table<'_, 'i>,
    key: &'static str,
    read: fn(&DeValue<'i>) -> Result<T, ValueError>,
) -> Option<ConfiguredValue<T>> {
    let asked = table.take("prompt", reader::flag).unwrap_or(false);
    if asked && !table.has(key) {
        return Some(ConfiguredValue::Asked);
    }
    if !table.has(key) {
        table.report_missing(format!("`{key}` is missing in the credentials (or write prompt = true to be asked for it)"));
    }
    table.take(key, read).map(ConfiguredValue::Written)
}
