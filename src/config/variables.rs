//! The environment variables of the vendors' own SDKs and tools, in the order in which those look at them.

use super::environment::Environment;
use super::error::{CheckedVariable, ConfigError};
use crate::auth::{AccessKey, Credentials, Login, Project};
use crate::catalog::Vendor;
use crate::secret::Secret;

/// A set of variables that belong together: one family of names gives all of a credential or nothing.
struct Family {
    kind: CredentialKind,
    fields: &'static [VariableField],
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

/// One value and the variables that may hold it, the first that is set counts.
struct VariableField {
    holds: &'static str,
    names: &'static [&'static str],
    required: bool,
}

const fn needed(holds: &'static str, names: &'static [&'static str]) -> VariableField {
    VariableField { holds, names, required: true }
}

const fn extra(holds: &'static str, names: &'static [&'static str]) -> VariableField {
    VariableField { holds, names, required: false }
}

const ID: &str = "access key id";
const SECRET: &str = "secret access key";
const TEMPORARY: &str = "security token";
const PROJECT_ID: &str = "project id";

/// The Alibaba Cloud command line looks for each value under four prefixes; its SDKs know the first.
const ALIBABA: [Family; 1] = [Family {
    kind: CredentialKind::AccessKey,
    fields: &[
        needed(ID, &["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_ID", "ACCESS_KEY_ID"]),
        needed(
            SECRET,
            &["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALICLOUD_ACCESS_KEY_SECRET", "ACCESS_KEY_SECRET"],
        ),
        extra(TEMPORARY, &["ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN", "SECURITY_TOKEN"]),
    ],
}];

/// Current SDKs and the `ve` command line; the fallback of the Go and Node SDKs; the older SDKs.
const VOLCENGINE: [Family; 3] = [
    Family {
        kind: CredentialKind::AccessKey,
        fields: &[
            needed(ID, &["VOLCENGINE_ACCESS_KEY"]),
            needed(SECRET, &["VOLCENGINE_SECRET_KEY"]),
            extra(TEMPORARY, &["VOLCENGINE_SESSION_TOKEN"]),
        ],
    },
    Family {
        kind: CredentialKind::AccessKey,
        fields: &[
            needed(ID, &["VOLCSTACK_ACCESS_KEY_ID", "VOLCSTACK_ACCESS_KEY"]),
            needed(SECRET, &["VOLCSTACK_SECRET_ACCESS_KEY", "VOLCSTACK_SECRET_KEY"]),
            extra(TEMPORARY, &["VOLCSTACK_SESSION_TOKEN"]),
        ],
    },
    Family { kind: CredentialKind::AccessKey, fields: &[needed(ID, &["VOLC_ACCESSKEY"]), needed(SECRET, &["VOLC_SECRETKEY"])] },
];

/// Huawei's SDKs; then the Terraform provider, which also knows tokens and users.
const HUAWEI: [Family; 4] = [
    Family {
        kind: CredentialKind::AccessKey,
        fields: &[
            needed(ID, &["HUAWEICLOUD_SDK_AK"]),
            needed(SECRET, &["HUAWEICLOUD_SDK_SK"]),
            extra(TEMPORARY, &["HUAWEICLOUD_SDK_SECURITY_TOKEN"]),
            extra(PROJECT_ID, &["HUAWEICLOUD_SDK_PROJECT_ID"]),
        ],
    },
    Family {
        kind: CredentialKind::AccessKey,
        fields: &[
            needed(ID, &["HW_ACCESS_KEY"]),
            needed(SECRET, &["HW_SECRET_KEY"]),
            extra(TEMPORARY, &["HW_SECURITY_TOKEN"]),
            extra(PROJECT_ID, &["HW_PROJECT_ID"]),
        ],
    },
    Family { kind: CredentialKind::Token, fields: &[needed("token", &["HW_AUTH_TOKEN"])] },
    Family {
        kind: CredentialKind::Login,
        fields: &[
            needed("user", &["HW_USER_NAME"]),
            needed("password", &["HW_USER_PASSWORD"]),
            needed("domain", &["HW_DOMAIN_NAME"]),
            extra("project", &["HW_PROJECT_NAME"]),
            extra(PROJECT_ID, &["HW_PROJECT_ID"]),
        ],
    },
];

/// Open Telekom Cloud's tools: a token before a key before a password. The names that those tools share with another cloud's S3
/// (`AWS_*`, `S3_*`) are left out on purpose: a key found there is more likely somebody else's.
const OTC: [Family; 3] = [
    Family { kind: CredentialKind::Token, fields: &[needed("token", &["OS_TOKEN"])] },
    Family {
        kind: CredentialKind::AccessKey,
        fields: &[
            needed(ID, &["OS_ACCESS_KEY", "OS_ACCESS_KEY_ID", "OS_AK"]),
            needed(SECRET, &["OS_SECRET_KEY", "OS_SK"]),
            extra(TEMPORARY, &["OS_SECURITY_TOKEN", "OS_ST"]),
            extra(PROJECT_ID, &["OS_PROJECT_ID"]),
        ],
    },
    Family {
        kind: CredentialKind::Login,
        fields: &[
            needed("user", &["OS_USERNAME"]),
            needed("password", &["OS_PASSWORD"]),
            needed("domain", &["OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"]),
            extra("project", &["OS_PROJECT_NAME", "OS_TENANT_NAME"]),
            extra(PROJECT_ID, &["OS_PROJECT_ID"]),
        ],
    },
];

fn families(vendor: Vendor) -> &'static [Family] {
    match vendor {
        Vendor::Alibaba => &ALIBABA,
        Vendor::Volcengine => &VOLCENGINE,
        Vendor::Huawei => &HUAWEI,
        Vendor::Otc => &OTC,
    }
}

/// Returns the variables that may name the region.
fn region_names(vendor: Vendor) -> &'static [&'static str] {
    match vendor {
        Vendor::Alibaba => &["ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID", "REGION_ID", "REGION"],
        Vendor::Volcengine => &["VOLCENGINE_REGION"],
        Vendor::Huawei => &["HW_REGION_NAME"],
        Vendor::Otc => &["OS_REGION_NAME"],
    }
}

/// Returns the variables that may name the token service.
fn iam_names(vendor: Vendor) -> &'static [&'static str] {
    match vendor {
        Vendor::Alibaba | Vendor::Volcengine => &[],
        Vendor::Huawei => &["HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL"],
        Vendor::Otc => &["OS_AUTH_URL"],
    }
}

/// Returns the first of the variables that is set, with its name.
pub(super) fn first_set(names: &[&'static str], environment: &dyn Environment) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| environment.var(name).filter(|value| !value.is_empty()).map(|value| (*name, value)))
}

/// Returns the region that the environment names, and the variable that does.
pub(super) fn region(vendor: Vendor, environment: &dyn Environment) -> Option<(&'static str, String)> {
    first_set(region_names(vendor), environment).map(|(name, value)| (name, value.trim().to_owned()))
}

/// Returns the token service that the environment names, and the variable that does.
pub(super) fn iam_endpoint(vendor: Vendor, environment: &dyn Environment) -> Option<(&'static str, String)> {
    first_set(iam_names(vendor), environment)
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
    let families = || families(vendor).iter().filter(|family| usable(family.kind));
    let found = families().find_map(|family| read(family, environment).map(|values| build(family.kind, values, region)));
    found.ok_or_else(|| ConfigError::NoVariables { vendor: vendor.title(), looked_at: looked_at(families(), environment) })
}

/// Returns the values of a family, one for each field; `None` if a required one is missing.
fn read(family: &Family, environment: &dyn Environment) -> Option<Vec<Option<String>>> {
    let values: Vec<Option<String>> =
        family.fields.iter().map(|field| first_set(field.names, environment).map(|(_, value)| value)).collect();
    let complete = family.fields.iter().zip(&values).all(|(field, value)| !field.required || value.is_some());
    complete.then_some(values)
}

fn build(kind: CredentialKind, values: Vec<Option<String>>, region: &str) -> Credentials {
    let mut values = values.into_iter();
    let mut next = || values.next().flatten();
    let mut text = || next().unwrap_or_default();
    match kind {
        CredentialKind::Token => Credentials::Token(Secret::new(text())),
        CredentialKind::AccessKey => {
            let (id, secret) = (text(), Secret::new(text()));
            Credentials::AccessKey(AccessKey { id, secret, token: next().map(Secret::new), project_id: next() })
        }
        CredentialKind::Login => {
            let (user, password, domain) = (text(), Secret::new(text()), text());
            let (name, id) = (next(), next());
            let project = id.map(Project::Id).or(name.map(Project::Name)).unwrap_or_else(|| Project::Name(region.to_owned()));
            Credentials::Login(Login { user, password, domain, project, endpoint: None })
        }
    }
}

fn looked_at<'f>(families: impl Iterator<Item = &'f Family>, environment: &dyn Environment) -> Vec<CheckedVariable> {
    let set = |name: &str| environment.var(name).is_some_and(|value| !value.is_empty());
    families
        .flat_map(|family| family.fields)
        .filter(|field| field.required)
        .flat_map(|field| field.names.iter().map(|name| CheckedVariable { name, set: set(name), holds: field.holds }))
        .collect()
}
