//! How the emulator carries an operation out, as data.
//!
//! A resource is a set of named properties. An operation derives them from the parameters, keeps them in the
//! emulator's world, and its [`super::Answer`] fields are templates over them.
//!
//! Templates: `{Name}` is a property, or else the parameter of that name; `{region}`, `{account}`, `{user}`, `{action}`,
//! `{version}`, `{service}`, `{request-id}` are facts of the request; `{now}` is its time (ISO 8601, seconds),
//! `{now-millis}` with milliseconds; `{uuid}`, `{hex32}`, `{digits}` are fresh identifiers.
//! A value that is one template alone keeps the type of what it stands for (a boolean stays a boolean).

use serde::Deserialize;

/// What an operation does to the emulator's world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Emulate {
    /// What happens.
    pub effect: Effect,
    /// The kind of thing: `namespace`.
    pub resource: String,
    /// The property that names it; no two of a scope are equal in it.
    pub key: String,
    /// Within what the key is unique.
    #[serde(default)]
    pub scope: Scope,
    /// How many of the kind an account may have in a region.
    #[serde(default)]
    pub quota: Option<usize>,
    /// The properties, in order; a later one may use an earlier one.
    #[serde(default)]
    pub derive: Vec<Derive>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Adds a resource, unless its key is taken or the quota is reached.
    Create,
}

/// Within what a key is unique.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The account's resources in the region.
    #[default]
    Account,
    /// All tenants' resources in the region.
    Tenants,
}

/// A property of a new resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Derive {
    /// The property's name.
    pub name: String,
    /// Templates; the first in which everything is known gives the value.
    pub first: Vec<toml::Value>,
    /// Keep only what stands after the first of this sign, if it is there.
    #[serde(default)]
    pub after: Option<String>,
}

/// A condition in which the emulator refuses a request. A provider names the code it answers in each.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// No operation has this path (or action).
    UnknownRoute,
    /// The path is known, the method is not.
    UnknownMethod,
    /// No action or version is named where one must be; `{parameter}` in the code is what is missing.
    MissingAction,
    /// The action or version named does not belong to the route.
    UnknownAction,
    /// No credential in the request.
    NoCredentials,
    /// The authorization cannot be read.
    MalformedAuthorization,
    /// The date is missing or cannot be read.
    MalformedDate,
    /// The date is outside the vendor's window.
    StaleDate,
    /// The access key id is not known.
    UnknownKey,
    /// The signature is not the one that the request and the key give.
    WrongSignature,
    /// The nonce was used before.
    NonceUsed,
    /// A temporary key came without its security token.
    MissingSecurityToken,
    /// The security token is not the key's.
    WrongSecurityToken,
    /// The IAM token is unknown.
    UnknownToken,
    /// The IAM token has expired.
    ExpiredToken,
    /// The body is not what the operation takes.
    MalformedBody,
    /// The body is larger than the vendor takes.
    BodyTooLarge,
    /// A required parameter is missing; `{parameter}` in the code is its name.
    MissingParameter,
    /// A parameter has the wrong type or breaks a rule that has no code of its own.
    InvalidParameter,
    /// The key is taken.
    Duplicate,
    /// The quota is reached.
    QuotaReached,
    /// There is no such resource.
    NotFound,
}

impl Condition {
    /// The condition whose code is answered when the catalog names none for this one.
    pub fn broader(self) -> Option<Self> {
        match self {
            Self::UnknownMethod | Self::UnknownAction => Some(Self::UnknownRoute),
            Self::MissingAction => Some(Self::UnknownAction),
            Self::MalformedDate => Some(Self::MalformedAuthorization),
            Self::MalformedAuthorization | Self::UnknownKey | Self::StaleDate => Some(Self::WrongSignature),
            Self::MissingSecurityToken => Some(Self::WrongSecurityToken),
            Self::WrongSecurityToken | Self::ExpiredToken => Some(Self::UnknownToken),
            Self::MissingParameter | Self::MalformedBody | Self::BodyTooLarge => Some(Self::InvalidParameter),
            _ => None,
        }
    }
}
