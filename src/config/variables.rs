//! The environment variables of the vendors' own SDKs and tools, in the order in which those look at them.
//!
//! Which variables those are stands in `assets/config/variables.toml`; here they are looked up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::environment::Environment;
use super::error::{CheckedVariable, ConfigError};
use crate::auth::{AccessKey, Credentials, Login, Project};
use crate::catalog::Vendor;
use crate::secret::Secret;

/// The variables by vendor. The file is built in, and the tests read it: no vendor is without its entry.
static VARIABLES: LazyLock<BTreeMap<Vendor, VendorVariables>> =
    LazyLock::new(|| toml::from_str(include_str!("../../assets/config/variables.toml")).unwrap_or_default());

/// The names that may hold a value; the first that is set counts.
type Names = Vec<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct VendorVariables {
    region: Names,
    /// The token service.
    #[serde(default)]
    iam_endpoint: Names,
    family: Vec<Family>,
}

/// Variables that belong together: they give all of a credential or nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case", tag = "kind")]
enum Family {
    AccessKey {
        id: Names,
        secret: Names,
        #[serde(default)]
        token: Names,
        #[serde(default)]
        project_id: Names,
    },
    Token {
        token: Names,
    },
    Login {
        user: Names,
        password: Names,
        domain: Names,
        project: Names,
        project_id: Names,
    },
}

/// The kind of credentials that a family of variables gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CredentialKind {
    /// Access key id, secret, security token, project id.
    AccessKey,
    /// A token.
    Token,
    /// User, password, domain, project's name, project's id.
    Login,
}

impl Family {
    fn kind(&self) -> CredentialKind {
        match self {
            Self::AccessKey { .. } => CredentialKind::AccessKey,
            Self::Token { .. } => CredentialKind::Token,
            Self::Login { .. } => CredentialKind::Login,
        }
    }

    /// Returns the required values, each with the names that may hold it.
    fn required(&self) -> Vec<(&'static str, &Names)> {
        match self {
            Self::AccessKey { id, secret, .. } => vec![("access key id", id), ("secret access key", secret)],
            Self::Token { token } => vec![("token", token)],
            Self::Login { user, password, domain, .. } => vec![("user", user), ("password", password), ("domain", domain)],
        }
    }

    /// Returns the credentials; `None` if a required variable is missing. `region` names the project of a user that has none.
    fn credentials(&self, region: &str, environment: &dyn Environment) -> Option<Credentials> {
        let value = |names: &Names| first_set(names, environment).map(|(_, value)| value);
        Some(match self {
            Self::Token { token } => Credentials::Token(Secret::new(value(token)?)),
            Self::AccessKey { id, secret, token, project_id } => Credentials::AccessKey(AccessKey {
                id: value(id)?,
                secret: Secret::new(value(secret)?),
                token: value(token).map(Secret::new),
                project_id: value(project_id),
            }),
            Self::Login { user, password, domain, project, project_id } => {
                let (user, password, domain) = (value(user)?, Secret::new(value(password)?), value(domain)?);
                let project = value(project_id).map(Project::Id).or_else(|| value(project).map(Project::Name));
                let project = project.unwrap_or_else(|| Project::Name(region.to_owned()));
                Credentials::Login(Login { user, password, domain, project, endpoint: None })
            }
        })
    }
}

/// Returns the first of the variables that is set, with its name.
pub(super) fn first_set<'n>(names: &'n [impl AsRef<str>], environment: &dyn Environment) -> Option<(&'n str, String)> {
    let set = |name: &'n str| environment.var(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    names.iter().find_map(|name| set(name.as_ref()))
}

/// Returns the region that the environment names, and the variable that does.
pub(super) fn region(vendor: Vendor, environment: &dyn Environment) -> Option<(&'static str, String)> {
    first_set(&VARIABLES.get(&vendor)?.region, environment).map(|(name, value)| (name, value.trim().to_owned()))
}

/// Returns the token service that the environment names, and the variable that does.
pub(super) fn iam_endpoint(vendor: Vendor, environment: &dyn Environment) -> Option<(&'static str, String)> {
    first_set(&VARIABLES.get(&vendor)?.iam_endpoint, environment)
}

/// Returns the credentials of the first family that is complete and `usable`.
///
/// # Errors
/// [`ConfigError::NoVariables`] with every variable that was looked at.
pub(super) fn credentials(
    vendor: Vendor,
    region: &str,
    usable: &dyn Fn(CredentialKind) -> bool,
    environment: &dyn Environment,
) -> Result<Credentials, ConfigError> {
    let families = || VARIABLES.get(&vendor).into_iter().flat_map(|vendor| &vendor.family).filter(|family| usable(family.kind()));
    let found = families().find_map(|family| family.credentials(region, environment));
    found.ok_or_else(|| ConfigError::NoVariables { vendor: vendor.title(), looked_at: looked_at(families(), environment) })
}

fn looked_at(families: impl Iterator<Item = &'static Family>, environment: &dyn Environment) -> Vec<CheckedVariable> {
    let set = |name: &str| environment.var(name).is_some_and(|value| !value.is_empty());
    let checked = |(holds, names): (&'static str, &'static Names)| {
        names.iter().map(move |name| CheckedVariable { name, set: set(name), holds }).collect::<Vec<_>>()
    };
    families.flat_map(Family::required).flat_map(checked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_has_variables() {
        let read: BTreeMap<Vendor, VendorVariables> = toml::from_str(include_str!("../../assets/config/variables.toml")).unwrap();
        assert!(Vendor::ALL.into_iter().all(|vendor| !read[&vendor].family.is_empty() && !read[&vendor].region.is_empty()));
    }
}
