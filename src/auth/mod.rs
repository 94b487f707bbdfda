//! Signatures: one description per scheme ([`SchemeDescriptor`]), from which a request is signed ([`sign()`]) and verified ([`verify()`]).
//!
//! Clock and nonce are arguments ([`SigningInputs`]). Every intermediate is kept in a [`Trace`], but never a key or a
//! key derived from it.

mod authorization;
mod canonical;
mod computed_signature;
mod date;
mod hash;
mod incoming;
mod inputs;
mod key_cache;
mod outgoing;
mod roa;
mod rpc;
pub(crate) mod scheme;
mod sign;
mod token;
mod verify;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::secret::Secret;
use crate::wire::{Endpoint, Request};

pub(crate) use canonical::{sent_path, without_default_port};
pub use computed_signature::ComputedSignature;
pub use date::{Format as DateFormat, MAX_CLOCK_SKEW_SECONDS};
pub use hash::{derive_key, hex_digits, hex_hmac_sha256, hex_sha256, hmac_sha1, hmac_sha256, sha256, sha256_of};
pub use key_cache::{KeyCache, KeyLookup, KnownKey};
pub use rpc::rpc_string_to_sign;
pub use scheme::{Scheme, SchemeDescriptor};
pub use sign::sign;
pub use token::{Token, TokenError, read_token, token_request};
pub use verify::{claimed_scope, verify};

/// A caller's credentials.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// An access key pair, permanent or temporary.
    AccessKey(AccessKey),
    /// A user of the identity service; a token is fetched with it.
    Login(Login),
    /// A token that somebody else fetched.
    Token(Secret),
}

/// An access key pair.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// The access key id. Not secret: it names the key.
    pub id: String,
    /// The secret access key.
    pub secret: Secret,
    /// The security token of a temporary key.
    pub token: Option<Secret>,
    /// Huawei: the project id, sent and signed as `x-project-id` when set.
    pub project_id: Option<String>,
}

/// A user of the identity service (Huawei IAM, OTC IAM).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: Secret,
    /// The name of the domain (the account) that the user belongs to.
    pub domain: String,
    /// The project that the token is for.
    pub project: Project,
    /// The token service, when it is not the region's own.
    pub endpoint: Option<Endpoint>,
}

/// The project that a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Project {
    /// By its name: usually the region's id.
    Name(String),
    /// By its id.
    Id(String),
}

/// The clock and the nonce of one signature.
#[derive(Clone, Debug)]
pub struct SigningInputs {
    /// The time put into the request.
    pub now: Timestamp,
    /// A text never used before with this key: 32 lower-case hex digits.
    pub nonce: String,
}

/// The scope of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The region.
    pub region: &'a str,
    /// The service's short name.
    pub service: &'a str,
}

/// A request ready to be sent, with the trace of its signature.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The request with every header that the scheme adds.
    pub request: Request,
    /// The trace of the signature.
    pub trace: Trace,
}

/// Every intermediate of a signature, as made or as recomputed. Holds neither a secret nor a derived key; but where a security
/// token is signed, it stands in the canonical request as it stands in the request, and must be masked with it. Bytes that are not
/// UTF-8 are signed as they are and shown here as U+FFFD.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The scheme.
    pub scheme: Scheme,
    /// The access key id; empty for a token.
    pub key_id: String,
    /// The date as it stands in the request.
    pub date: String,
    /// The scope (`20261122/cn-beijing/id/request`), where the scheme has one.
    pub scope: Option<String>,
    /// The names of the signed headers, in the order of the signature.
    pub signed_headers: Vec<String>,
    /// The payload line of the canonical request: a hex SHA-256, or `UNSIGNED-PAYLOAD`.
    pub payload_hash: String,
    /// The canonical request. Empty for schemes that have none (Alibaba Cloud's older signatures, tokens).
    pub canonical_request: String,
    /// The text that is signed.
    pub string_to_sign: String,
    /// The signature.
    pub signature: String,
    /// The whole value of the `authorization` header; empty where the signature is a parameter.
    pub authorization: String,
}

/// An error from signing a request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignError {
    /// The scheme wants an access key, and the credentials are something else (or the reverse).
    #[error("{scheme} needs {needs}, and the profile has {has}")]
    WrongCredentials {
        /// The scheme's name.
        scheme: &'static str,
        /// The kind of credentials it needs.
        needs: &'static str,
        /// The kind of credentials there are.
        has: &'static str,
    },
    /// A credential cannot stand in a header.
    #[error("the {0} has a character that no header can carry (a line break or another control character): copy it again")]
    Unprintable(&'static str),
    /// The scheme is only verified.
    #[error("{0} is verified, never made")]
    VerifyOnly(&'static str),
}

/// An error from verifying a request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VerifyError {
    /// No `authorization` header (or no token).
    #[error("no credentials in the request")]
    NoCredentials,
    /// The header cannot be read: what is wrong with it.
    #[error("malformed authorization: {0}")]
    Malformed(String),
    /// The date is missing or cannot be read.
    #[error("malformed date: {0}")]
    MalformedDate(String),
    /// The date is too far from the clock, by so many seconds: ahead of it, or behind it when negative.
    #[error("the request's date is {0} seconds from the clock")]
    Stale(i64),
    /// Nobody has this key id.
    #[error("unknown access key id {0}")]
    UnknownKey(String),
    /// The key is temporary and the request has no security token.
    #[error("the key is temporary and the request has no security token")]
    MissingSecurityToken,
    /// The security token is not the key's.
    #[error("the security token is not the key's")]
    WrongSecurityToken,
    /// A header that must be signed is not.
    #[error("the header {0} is not signed")]
    Unsigned(String),
    /// The signature (or the payload's hash) is not the one that the request and the key give. Holds what we computed.
    #[error("the signature does not match")]
    Mismatch(Box<Trace>),
}

impl AccessKey {
    /// Returns the security token of a temporary key; an empty one is none.
    fn security_token(&self) -> Option<&str> {
        self.token.as_ref().map(Secret::expose).filter(|token| !token.is_empty())
    }
}

impl Credentials {
    /// Returns what sort of thing it is, for a sentence.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::AccessKey(_) => "an access key",
            Self::Login(_) => "a user and password",
            Self::Token(_) => "a token",
        }
    }

    /// Returns the names of those parts that have white space where none belongs: copied too much. A password may have some inside.
    pub fn spaced(&self) -> Vec<&'static str> {
        let edge = |text: &str| text.trim().len() != text.len();
        let parts = match self {
            Self::AccessKey(key) => vec![
                ("access key id", key.id.contains(char::is_whitespace)),
                ("secret access key", key.secret.has_white_space()),
                ("security token", key.token.as_ref().is_some_and(Secret::has_white_space)),
            ],
            Self::Login(login) => {
                vec![("user name", edge(&login.user)), ("password", login.password.has_edge_space()), ("domain name", edge(&login.domain))]
            }
            Self::Token(token) => vec![("token", token.has_white_space())],
        };
        parts.into_iter().filter(|(_, spaced)| *spaced).map(|(name, _)| name).collect()
    }

    /// Returns everything in it that must not be seen.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let (one, other) = match self {
            Self::AccessKey(key) => (&key.secret, key.token.as_ref()),
            Self::Login(login) => (&login.password, None),
            Self::Token(token) => (token, None),
        };
        std::iter::once(one).chain(other)
    }
}
