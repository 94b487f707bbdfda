//! What a profile gives for calls to one provider.

use strum::IntoStaticStr;

use crate::auth::{Credentials, Scheme};
use crate::wire::Endpoint;

/// The guard in front of a call that changes something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
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
    /// Returns the word of the configuration.
    pub fn name(self) -> &'static str {
        self.into()
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
    /// The server that calls go to.
    pub endpoint: Endpoint,
    /// The server that tokens are fetched from, for [`Scheme::IamToken`].
    pub iam_endpoint: Option<Endpoint>,
    /// The authentication scheme.
    pub scheme: Scheme,
    /// The credentials.
    pub credentials: Credentials,
    /// Whatever looks wrong before anything is sent: white space around a key, a key of another vendor, a literal secret in a file.
    pub warnings: Vec<String>,
}

impl Access {
    /// Returns `true` when the token of a call is fetched when it is sent.
    pub fn awaits_token(&self) -> bool {
        self.scheme == Scheme::IamToken && matches!(self.credentials, Credentials::Login(_))
    }
}
