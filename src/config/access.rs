//! What a profile gives for calls to one provider.

use serde::Deserialize;

use crate::auth::{Credentials, Scheme};
use crate::wire::Endpoint;

/// What stands between the operator and a call that changes something.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// Nothing.
    #[default]
    None,
    /// The profile's name is typed first.
    Confirm,
    /// Such calls are refused.
    ReadOnly,
}

impl Guard {
    /// The word of the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Confirm => "confirm",
            Self::ReadOnly => "read-only",
        }
    }
}

/// All that a profile gives for calls to one provider in one region.
#[derive(Clone, Debug)]
pub struct Access {
    /// The profile's name.
    pub profile: String,
    /// Its guard.
    pub guard: Guard,
    /// The region.
    pub region: String,
    /// Where calls go.
    pub endpoint: Endpoint,
    /// Where tokens are fetched, for [`Scheme::IamToken`].
    pub iam_endpoint: Option<Endpoint>,
    /// How requests are authenticated.
    pub scheme: Scheme,
    /// What with.
    pub credentials: Credentials,
    /// Whatever looks wrong before anything is sent: white space around a key, a key of another vendor, a literal secret in a file.
    pub warnings: Vec<String>,
}
