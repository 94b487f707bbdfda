//! The accepted callers: access keys and users, and the account that each belongs to.

use std::collections::HashMap;
use std::str::FromStr;

use foldhash::fast::RandomState;
use thiserror::Error;

use crate::auth::{AccessKey, KeyCache, KnownKey, hex_sha256};
use crate::catalog::Name;
use crate::secret::Secret;

/// A key pair that the emulator accepts.
#[derive(Clone, Debug)]
pub struct AcceptedKey {
    /// The pair.
    pub key: AccessKey,
    /// The name of the account that it belongs to; a key given by `--accept-key` has an account of its own.
    pub owner: String,
}

/// A user of the token service that the emulator accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedUser {
    /// The user's name.
    pub name: String,
    /// The user's password.
    pub password: Secret,
    /// The domain: the account.
    pub domain: String,
    /// The one project that the user has.
    pub project: String,
}

/// An error from parsing an accepted key or user. The text is not repeated: there is a secret in it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AcceptError {
    /// Not `ID:SECRET[:TOKEN]`.
    #[error("a key is ID:SECRET or ID:SECRET:TOKEN, no part empty")]
    Key,
    /// Not `NAME:PASSWORD:DOMAIN:PROJECT`.
    #[error("a user is a name, a password, a domain and a project with colons between them, none of them empty")]
    User,
}

/// The caller that a request proved to be from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The account's number.
    pub account: Name,
    /// The user's name, or the access key id.
    pub name: Name,
}

/// Every key and user that is accepted.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    keys: HashMap<String, Accepted, RandomState>,
    users: Vec<AcceptedUser>,
}

/// An accepted key, with the caller that it stands for.
#[derive(Debug)]
struct Accepted {
    pair: AccessKey,
    memory: KeyCache,
    caller: Caller,
    owner: String,
}

impl FromStr for AcceptedKey {
    type Err = AcceptError;

    /// Reads `ID:SECRET[:TOKEN]`; a token may have colons.
    fn from_str(text: &str) -> Result<Self, AcceptError> {
        let mut parts = text.splitn(3, ':');
        let (Some(id), Some(secret), token) = (parts.next(), parts.next(), parts.next()) else { return Err(AcceptError::Key) };
        if id.is_empty() || secret.is_empty() || token == Some("") {
            return Err(AcceptError::Key);
        }
        let key = AccessKey { id: id.to_owned(), secret: Secret::new(secret), token: token.map(Secret::new), project_id: None };
        Ok(Self { key, owner: id.to_owned() })
    }
}

impl FromStr for AcceptedUser {
    type Err = AcceptError;

    /// Reads `NAME:PASSWORD:DOMAIN:PROJECT`; a password may have colons.
    fn from_str(text: &str) -> Result<Self, AcceptError> {
        let (name, rest) = text.split_once(':').ok_or(AcceptError::User)?;
        let mut parts = rest.rsplitn(3, ':');
        let (Some(project), Some(domain), Some(password)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(AcceptError::User);
        };
        if [name, password, domain, project].contains(&"") {
            return Err(AcceptError::User);
        }
        Ok(Self { name: name.to_owned(), password: Secret::new(password), domain: domain.to_owned(), project: project.to_owned() })
    }
}

impl AcceptedUser {
    /// Returns the id of the user, as the token service gives it out.
    pub(crate) fn id(&self) -> String {
        hex_id(&format!("user {} {}", self.domain, self.name))
    }

    /// Returns the id of the user's domain.
    pub(crate) fn domain_id(&self) -> String {
        domain_id(&self.domain)
    }

    /// Returns the id of the user's project.
    pub fn project_id(&self) -> String {
        project_id(&self.domain, &self.project)
    }

    /// Returns the caller that a token of this user stands for.
    pub(crate) fn caller(&self) -> Caller {
        Caller { account: account_number(&self.domain).into(), name: self.name.as_str().into() }
    }
}

impl Accounts {
    pub(crate) fn new(keys: Vec<AcceptedKey>, users: Vec<AcceptedUser>) -> Self {
        let numbered = |accepted: AcceptedKey| {
            let caller = Caller { account: account_number(&accepted.owner).into(), name: accepted.key.id.as_str().into() };
            (accepted.key.id.clone(), Accepted { pair: accepted.key, memory: KeyCache::default(), caller, owner: accepted.owner })
        };
        Self { keys: keys.into_iter().map(numbered).collect(), users }
    }

    /// Returns the key pair of an access key id.
    pub(crate) fn key(&self, id: &str) -> Option<KnownKey<'_>> {
        self.keys.get(id).map(|accepted| KnownKey::with_cache(&accepted.pair, &accepted.memory))
    }

    /// Returns the caller that a signature with this key stands for.
    pub(crate) fn caller(&self, id: &str) -> Caller {
        let own = self.keys.get(id).map(|accepted| accepted.caller);
        own.unwrap_or_else(|| Caller { account: account_number(id).into(), name: id.into() })
    }

    /// Returns the name of the account that a key belongs to.
    pub(crate) fn owner<'a>(&'a self, id: &'a str) -> &'a str {
        self.keys.get(id).map_or(id, |accepted| &accepted.owner)
    }

    /// Returns the users, in the order given.
    pub(crate) fn users(&self) -> impl Iterator<Item = &AcceptedUser> {
        self.users.iter()
    }
}

/// Returns the id of the domain of this name.
pub(crate) fn domain_id(domain: &str) -> String {
    hex_id(&format!("domain {domain}"))
}

/// Returns the id of a domain's project of this name.
pub(crate) fn project_id(domain: &str, project: &str) -> String {
    hex_id(&format!("project {domain} {project}"))
}

/// Returns 32 hex digits that are always the same for the same name.
fn hex_id(name: &str) -> String {
    let mut digest = hex_sha256(name.as_bytes());
    digest.truncate(32);
    digest
}

/// Returns the 16 digits of the account of this name.
fn account_number(owner: &str) -> String {
    let digest = u64::from_str_radix(&hex_id(owner)[..15], 16).unwrap_or_default();
    (1_000_000_000_000_000 + digest % 9_000_000_000_000_000).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_keys() {
        let key: AcceptedKey = "LTAI1:s3cret:to:ken".parse().unwrap();
        assert_eq!((key.key.id.as_str(), key.key.secret.expose()), ("LTAI1", "s3cret"));
        assert_eq!(key.key.token.unwrap().expose(), "to:ken");
        for wrong in ["", "LTAI1", "LTAI1:", ":secret", "LTAI1:secret:"] {
            assert_eq!(wrong.parse::<AcceptedKey>().unwrap_err(), AcceptError::Key, "{wrong}");
        }
    }

    #[test]
    fn reads_users_whose_password_has_colons() {
        let user: AcceptedUser = "ops:p:a:ss:DOMAIN:eu-de".parse().unwrap();
        assert_eq!((user.password.expose(), user.domain.as_str(), user.project.as_str()), ("p:a:ss", "DOMAIN", "eu-de"));
        for wrong in ["ops", "ops:p", "ops:p:D", "ops::D:p", ":p:D:P", "ops:p:D:"] {
            assert_eq!(wrong.parse::<AcceptedUser>().unwrap_err(), AcceptError::User, "{wrong}");
        }
    }

    #[test]
    fn says_nothing_of_a_secret() {
        let key: AcceptedKey = "LTAI1:s3cret:t0ken".parse().unwrap();
        let user: AcceptedUser = "ops:passw0rd:D:P".parse().unwrap();
        let printed = format!("{key:?} {user:?}");
        assert!(!["s3cret", "t0ken", "passw0rd"].iter().any(|secret| printed.contains(secret)), "{printed}");
    }

    #[test]
    fn shares_an_account_between_key_and_user() {
        let user: AcceptedUser = "ops:p:D:P".parse().unwrap();
        let mut key: AcceptedKey = "AK:SK".parse().unwrap();
        key.owner = "D".to_owned();
        let accounts = Accounts::new(vec![key], vec![user.clone()]);
        assert_eq!(accounts.caller("AK").account, user.caller().account);
        assert_eq!(user.caller().account.len(), 16);
    }
}
