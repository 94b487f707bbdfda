//! How the emulator carries an operation out, as data.
//!
//! A resource is a set of named properties. A create operation derives them from its parameters and keeps them in the
//! emulator's world; others find resources by their properties, change them or take them away. The [`super::Answer`]
//! fields are templates over the properties; `[]` in an answer's path stands for each resource of a listing.
//!
//! Templates: `{Name}` is a property, or else the parameter of that name, with `{Name.Member}` for a member of an object;
//! `{kind.property}` is the property of a resource that [`Emulate::preconditions`] to be there;
//! `{region}`, `{account}`, `{user}`, `{action}`, `{version}`, `{service}`, `{request-id}` are facts of the request;
//! `{now}` is its time (ISO 8601, seconds), `{now-millis}` with milliseconds; `{uuid}`, `{hex32}`, `{digits}` are fresh
//! identifiers; `{total}`, `{page}`, `{page-size}` speak of a listing.
//! A value that is one template alone keeps the type of what it stands for (a boolean stays a boolean).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::name::Name;
use super::template::Template;

/// The effect of an operation on the emulator's resources.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Emulate {
    /// The effect.
    pub effect: Effect,
    /// The kind of thing: `namespace`. Empty for the regions, which are not kept.
    #[serde(default)]
    pub resource: String,
    /// The property that names a new one; no two of a scope are equal in it. Only where one is created.
    #[serde(default)]
    pub key: String,
    /// Within what the key is unique.
    #[serde(default)]
    pub scope: Scope,
    /// The number of resources of the kind that an account may have in a region.
    pub quota: Option<usize>,
    /// The properties of a new resource, or those that an update changes, in order; a later one may use an earlier one.
    /// In an update a name that is no parameter given stands for the property as it was.
    #[serde(default)]
    pub derive: Vec<DerivedProperty>,
    /// The changes that an update makes in all the other resources of the account: only one can be the default.
    #[serde(default)]
    pub others: Vec<DerivedProperty>,
    /// Properties that change by themselves some time after the creation.
    #[serde(default)]
    #[serde(rename = "becomes")]
    pub transitions: Vec<Transition>,
    /// The filters that select among the account's resources: those that every filter accepts, and the first of them where one is wanted.
    #[serde(default, rename = "where")]
    pub filters: Vec<Filter>,
    /// Other resources of the account that must be there, or must not.
    #[serde(default)]
    #[serde(rename = "demands")]
    pub preconditions: Vec<Precondition>,
    /// The sort order of a listing; the order of creation without it.
    pub sort: Option<SortOrder>,
    /// The paging of a listing.
    pub page: Option<Page>,
}

/// The kind of effect that an operation has.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Adds a resource, unless its key is taken or the quota is reached.
    Create,
    /// Answers with one resource.
    Get,
    /// Answers with all resources that are meant, an array.
    List,
    /// Changes one resource.
    Update,
    /// Takes one resource away.
    Delete,
    /// Answers with the provider's regions, an array, each with `id`, `title` and `endpoint`.
    Regions,
}

impl Effect {
    /// Returns whether it is about one resource that must be there.
    pub fn needs_one(self) -> bool {
        matches!(self, Self::Get | Self::Update | Self::Delete)
    }

    /// Returns whether its answer has an array of what was found.
    pub fn is_listing(self) -> bool {
        matches!(self, Self::List | Self::Regions)
    }
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

/// A property of a resource, and where its value comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DerivedProperty {
    /// The property's name.
    pub name: Name,
    /// Templates; the first in which everything is known gives the value. An empty text counts only when there is nothing else.
    pub first: Vec<Template>,
    /// Keep only what stands after the first of this sign, if it is there.
    pub after: Option<String>,
    /// Texts in the value, and what is put in their place.
    #[serde(default)]
    pub swap: BTreeMap<String, String>,
    /// The value that, once the property has it, it keeps.
    pub keeps: Option<serde_json::Value>,
}

/// A property that changes by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Transition {
    /// The property's name.
    pub name: Name,
    /// Its value from then on, as it stands.
    pub value: serde_json::Value,
    /// The number of seconds after the creation.
    pub after_seconds: u32,
}

/// Values of parameters, as texts, under which something holds. A parameter that is not given counts as an empty text.
pub type ParameterCondition = BTreeMap<String, String>;

/// A condition on a property. Where nothing gives a value to compare with, it lets everything through.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Filter {
    /// The property's name.
    pub property: String,
    /// Templates; the first in which everything is known, and not empty, gives the value.
    pub first: Vec<Template>,
    /// The comparison of the two.
    #[serde(default, rename = "match")]
    pub matching: Match,
    /// Take only what stands after this text; nothing where the text is not there.
    pub after: Option<String>,
    /// Take only what stands before this text, if it is there.
    pub before: Option<String>,
    /// Texts in the value, and what is put in their place before anything is compared or taken.
    #[serde(default)]
    pub swap: BTreeMap<String, String>,
    /// The filter holds only then.
    #[serde(default)]
    pub when: ParameterCondition,
}

/// A resource that must be there for an operation to be carried out, or must not.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Precondition {
    /// Its kind.
    pub resource: String,
    /// The filters that select among the account's resources.
    #[serde(rename = "where")]
    pub filters: Vec<Filter>,
    /// Set when none may be there; otherwise one must.
    #[serde(default)]
    pub absent: bool,
    /// In which condition the request is refused otherwise.
    pub condition: Condition,
}

/// The comparison of a property with a filter's value.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// The property is the value.
    #[default]
    Equals,
    /// The property's text has the value in it.
    Contains,
    /// The property is one of the value's parts, which commas separate.
    OneOf,
    /// The property is a list of `{Key, Value}`, the value one of `{Key, Values}`: each key must be there with one of
    /// its values, or with any if it names none.
    Tags,
}

/// The sort order of a listing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SortOrder {
    /// The parameter that names the property.
    pub by: String,
    /// The parameter that names the direction: downwards when its value begins with a `d`, in either case.
    pub order: String,
    /// The property that counts when none is named.
    pub default: String,
}

/// The paging of a listing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Page {
    /// The parameter that counts the pages, from 1.
    pub number: String,
    /// The parameter that says how much a page holds.
    pub size: String,
    /// The size of a page when none is given.
    pub default_size: usize,
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
    /// The action named does not belong to the route.
    UnknownAction,
    /// The version named is not the API's.
    UnknownVersion,
    /// The scope of the signature names a service that is another's, or a region in which it is not served.
    UnknownService,
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
    /// Too many signatures with the key failed in a row.
    LockedKey,
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
    /// There is no such resource to put the new one into.
    NoParent,
    /// The resource still has others in it.
    NotEmpty,
    /// The service fails: the emulator cannot keep a change.
    InternalError,
    /// Too many calls in a time.
    Throttled,
}

impl Condition {
    /// Returns the condition whose code is answered when the catalog names none for this one.
    pub fn broader(self) -> Option<Self> {
        match self {
            Self::UnknownMethod | Self::UnknownAction => Some(Self::UnknownRoute),
            Self::MissingAction | Self::UnknownVersion => Some(Self::UnknownAction),
            Self::MalformedDate => Some(Self::MalformedAuthorization),
            Self::UnknownService | Self::MalformedAuthorization | Self::UnknownKey | Self::LockedKey | Self::StaleDate => {
                Some(Self::WrongSignature)
            }
            Self::MissingSecurityToken => Some(Self::WrongSecurityToken),
            Self::WrongSecurityToken | Self::ExpiredToken => Some(Self::UnknownToken),
            Self::NoParent => Some(Self::NotFound),
            Self::MissingParameter | Self::MalformedBody | Self::BodyTooLarge => Some(Self::InvalidParameter),
            _ => None,
        }
    }
}
