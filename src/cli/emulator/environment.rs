//! `--print-env`: what to paste into a shell so that the vendors' SDKs and command lines reach the emulator.
//!
//! Which variables those read stands in `assets/emulator/environment.toml`; here they are filled in and quoted.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::catalog::template::Template;
use crate::catalog::{Catalog, JsonRef, Provider, Vendor};
use crate::emulator::{AcceptedKey, AcceptedUser, Settings, demo};
use crate::secret::KeyShape;

const BUILT_IN: &str = include_str!("../../../assets/emulator/environment.toml");

/// The prefix of our own variable that names a provider's address for scripts and examples; an SDK's variables are for it alone.
const ADDRESS_VARIABLE_PREFIX: &str = "SKYDECK_";

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    vendor: Vec<Entry>,
}

/// The environment variables of one vendor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    title: String,
    variables: Vec<Variable>,
    notes: Vec<Template>,
}

/// An environment variable.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    name: Template,
    value: Template,
}

/// The variables that are set for a vendor.
pub struct Block {
    title: String,
    notes: Vec<String>,
    /// Names with their values; without a value the variable is unset.
    variables: Vec<(String, Option<String>)>,
}

/// The values of a template's names.
struct TemplateValues<'a> {
    address: SocketAddr,
    region: &'a str,
    key: Option<&'a AcceptedKey>,
    user: Option<&'a AcceptedUser>,
}

/// Returns the blocks of all vendors, in the order of the tabs.
///
/// # Errors
/// A mistake in the built-in file: a fault of the program.
pub fn blocks(catalog: &Catalog, settings: &Settings, addresses: &[(String, SocketAddr)]) -> Result<Vec<Block>, toml::de::Error> {
    let file: File = toml::from_str(BUILT_IN)?;
    let ports = || addresses.iter().filter_map(|(id, address)| Some((&**catalog.provider(id)?, *address)));
    let of = |vendor: Vendor| ports().filter(move |(provider, _)| provider.vendor == vendor);
    let entry = |vendor: Vendor| file.vendor.iter().find(|entry| entry.key == vendor.key());
    let blocks = Vendor::ALL.into_iter().filter_map(|vendor| {
        let (first, address) = of(vendor).next()?;
        let facts = TemplateValues { address, region: settings.region(first), key: key(vendor, settings), user: user(vendor, settings) };
        let mut block = block(entry(vendor)?, &facts);
        block.variables.extend(of(vendor).map(|(provider, address)| (own_name(provider), Some(format!("http://{address}")))));
        Some(block)
    });
    Ok(blocks.collect())
}

/// Returns the variable of our own with a provider's address.
fn own_name(provider: &Provider) -> String {
    format!("{ADDRESS_VARIABLE_PREFIX}{}", part_of_name(&provider.id))
}

/// Converts a text to a part of a variable's name.
fn part_of_name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

fn block(entry: &Entry, facts: &TemplateValues<'_>) -> Block {
    let filled = |template: &Template| facts.fill(template).unwrap_or_default();
    let variables = entry.variables.iter().map(|variable| (filled(&variable.name), facts.fill(&variable.value)));
    Block {
        title: entry.title.clone(),
        notes: entry.notes.iter().map(filled).collect(),
        variables: variables.filter(|(name, _)| !name.is_empty()).collect(),
    }
}

/// Returns the key for a vendor: the demo's if it is accepted, or else the first that looks like the vendor's, or the first.
fn key(vendor: Vendor, settings: &Settings) -> Option<&AcceptedKey> {
    let own = demo::access_key(vendor).id;
    let looks = |accepted: &&AcceptedKey| KeyShape::detect(&accepted.key.id).is_some_and(|shape| shape.vendor() == vendor.title());
    let keys = || settings.keys.iter();
    keys().find(|accepted| accepted.key.id == own).or_else(|| keys().find(looks)).or_else(|| keys().next())
}

/// Returns the user for a vendor: the demo's if it is accepted, or else the first.
fn user(vendor: Vendor, settings: &Settings) -> Option<&AcceptedUser> {
    let own = demo::login(vendor).map(|login| login.domain);
    let users = || settings.users.iter();
    users().find(|user| own.as_ref() == Some(&user.domain)).or_else(|| users().next())
}

impl TemplateValues<'_> {
    /// Returns a template filled in; `None` when a name in it stands for nothing.
    fn fill(&self, template: &Template) -> Option<String> {
        Some(template.evaluate(&mut |name| self.fact(&name.name()).map(JsonRef::from))?.as_text().into_owned())
    }

    fn fact(&self, name: &str) -> Option<String> {
        let user = |part: fn(&AcceptedUser) -> String| self.user.map(part);
        match name {
            "url" => Some(format!("http://{}", self.address)),
            "host" => Some(self.address.to_string()),
            "region" => Some(self.region.to_owned()),
            "REGION" => Some(part_of_name(self.region)),
            "key-id" => self.key.map(|accepted| accepted.key.id.clone()),
            "key-secret" => self.key.map(|accepted| accepted.key.secret.expose().to_owned()),
            "key-token" => self.key?.key.token.as_ref().map(|token| token.expose().to_owned()),
            "user" => user(|user| user.name.clone()),
            "password" => user(|user| user.password.expose().to_owned()),
            "domain" => user(|user| user.domain.clone()),
            "project" => user(|user| user.project.clone()),
            "project-id" => user(AcceptedUser::project_id),
            _ => None,
        }
    }
}

/// Returns the blocks as a script that any POSIX shell reads.
pub fn script(blocks: &[Block]) -> String {
    let mut out = String::new();
    for Block { title, notes, variables } in blocks {
        // Writing to a text cannot fail.
        let _ = writeln!(out, "# {title}");
        for note in notes {
            let _ = writeln!(out, "# {note}");
        }
        for (name, value) in variables {
            let _ = match value {
                Some(value) => writeln!(out, "export {name}={}", quoted(value)),
                None => writeln!(out, "unset {name}"),
            };
        }
    }
    out
}

/// Quotes a text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns the variables of all blocks as one object; one that is to be unset is null.
pub fn object(blocks: &[Block]) -> Value {
    let variables = blocks.iter().flat_map(|block| &block.variables);
    variables.map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks_with(settings: &Settings) -> Vec<Block> {
        let catalog = Catalog::built_in();
        let ids = catalog.providers().map(|provider| provider.id.clone());
        let addresses: Vec<_> = ids.zip(4010..).map(|(id, port)| (id, SocketAddr::from(([127, 0, 0, 1], port)))).collect();
        blocks(&catalog, settings, &addresses).unwrap()
    }

    #[test]
    fn uses_its_own_key_and_port_per_vendor() {
        let all = object(&blocks_with(&Settings::default()));
        for (name, value) in [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", json!(demo::access_key(Vendor::Alibaba).id)),
            ("ALIBABA_CLOUD_SECURITY_TOKEN", Value::Null),
            ("SKYDECK_ALIBABA_PAI", json!("http://127.0.0.1:4011")),
            ("VOLCENGINE_ENDPOINT", json!("127.0.0.1:4012")),
            ("HUAWEICLOUD_SDK_REGION_SWR_EU_WEST_101", json!("http://127.0.0.1:4013")),
            ("HUAWEICLOUD_SDK_AK", json!(demo::access_key(Vendor::Huawei).id)),
            ("OS_AUTH_URL", json!("http://127.0.0.1:4014/v3")),
            ("OS_PROJECT_NAME", json!("eu-de")),
        ] {
            assert_eq!(all[name], value, "{name}");
        }
        assert_eq!(all["HUAWEICLOUD_SDK_PROJECT_ID"].as_str().unwrap().len(), 32);
    }

    #[test]
    fn accepted_keys_go_to_those_they_look_like() {
        let keys = ["AKLTx:v:tok'en", "LTAIx:a"].map(|key| key.parse().unwrap()).to_vec();
        let all = object(&blocks_with(&Settings { keys, users: Vec::new(), ..Settings::default() }));
        assert_eq!((&all["ALIBABA_CLOUD_ACCESS_KEY_ID"], &all["VOLCENGINE_SESSION_TOKEN"]), (&json!("LTAIx"), &json!("tok'en")));
        assert_eq!((&all["HUAWEICLOUD_SDK_AK"], &all["OS_USERNAME"]), (&json!("AKLTx"), &Value::Null));
    }

    #[test]
    fn quotes_any_value_for_a_shell() {
        assert_eq!(quoted("a'b$(c)\n`d`\\"), "'a'\\''b$(c)\n`d`\\'");
    }

    #[test]
    fn has_an_entry_for_every_vendor() {
        assert_eq!(blocks_with(&Settings::default()).len(), Vendor::ALL.len());
    }
}
