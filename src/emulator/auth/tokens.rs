//! The tokens that were issued, and the caller that each stands for.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;
use jiff::{SignedDuration, Timestamp};

use super::accounts::{AcceptedUser, Caller};
use crate::catalog::Condition;

/// The time that a token holds.
pub(crate) const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// No more than this many are kept; the oldest go first.
const MAX_TOKENS: usize = 10_000;

/// The scope of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The user's project: good for calls.
    Project,
    /// The user's domain: SWR takes no such token.
    Domain,
}

/// A token that was issued.
#[derive(Clone, Debug)]
pub(crate) struct IssuedToken {
    /// The provider at whose port it was issued.
    pub provider: String,
    /// The user that it stands for.
    pub user: AcceptedUser,
    /// The caller that the user is.
    pub caller: Caller,
    /// The scope of the token.
    pub scope: Scope,
    /// The time at which it was issued.
    pub issued: Timestamp,
    /// The methods by which its user authenticated.
    pub methods: Vec<String>,
    /// Set when it was revoked.
    pub revoked: bool,
}

/// Every token that was issued.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    grants: HashMap<String, IssuedToken, RandomState>,
    order: VecDeque<String>,
}

impl IssuedToken {
    /// Returns the time at which it expires.
    pub(crate) fn expires(&self) -> Timestamp {
        self.issued.saturating_add(TOKEN_LIFETIME).unwrap_or(Timestamp::MAX)
    }

    /// Returns whether it still holds.
    pub(crate) fn is_valid(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.expires()
    }
}

impl Tokens {
    /// Keeps a token.
    pub(crate) fn store_token(&mut self, token: &str, grant: IssuedToken) {
        if self.order.len() >= MAX_TOKENS
            && let Some(oldest) = self.order.pop_front()
        {
            self.grants.remove(&oldest);
        }
        self.order.push_back(token.to_owned());
        self.grants.insert(token.to_owned(), grant);
    }

    /// Returns the caller that a token stands for in calls to a provider.
    ///
    /// # Errors
    /// [`Condition::UnknownToken`] also for a token of another provider or without a project; [`Condition::ExpiredToken`] also for one
    /// that was taken back.
    pub(crate) fn holder(&self, provider: &str, token: &str, now: Timestamp) -> Result<Caller, Condition> {
        let grant = self.find_token(provider, token).filter(|grant| grant.scope == Scope::Project).ok_or(Condition::UnknownToken)?;
        if grant.is_valid(now) { Ok(grant.caller) } else { Err(Condition::ExpiredToken) }
    }

    /// Revokes a token.
    pub(crate) fn revoke(&mut self, token: &str) {
        if let Some(grant) = self.grants.get_mut(token) {
            grant.revoked = true;
        }
    }

    /// Forgets every token of a provider.
    pub(crate) fn forget(&mut self, provider: &str) {
        self.grants.retain(|_, grant| grant.provider != provider);
        self.order.retain(|token| self.grants.contains_key(token));
    }

    /// Returns an issued token of a provider, expired or not.
    pub(crate) fn find_token(&self, provider: &str, token: &str) -> Option<&IssuedToken> {
        self.grants.get(token).filter(|grant| grant.provider == provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_a_token_for_a_day_at_its_provider() {
        let issued = Timestamp::UNIX_EPOCH;
        let user: AcceptedUser = "ops:p:D:P".parse().unwrap();
        let mut tokens = Tokens::default();
        let grant = |scope| IssuedToken {
            provider: "otc".into(),
            user: user.clone(),
            caller: user.caller(),
            scope,
            issued,
            methods: Vec::new(),
            revoked: false,
        };
        tokens.store_token("project", grant(Scope::Project));
        tokens.store_token("domain", grant(Scope::Domain));
        let at = |hours| issued + SignedDuration::from_hours(hours);
        assert!(tokens.holder("otc", "project", at(23)).is_ok());
        assert_eq!(tokens.holder("otc", "project", at(24)).unwrap_err(), Condition::ExpiredToken);
        assert_eq!(tokens.holder("huawei", "project", at(0)).unwrap_err(), Condition::UnknownToken);
        assert_eq!(tokens.holder("otc", "domain", at(0)).unwrap_err(), Condition::UnknownToken);
        tokens.revoke("project");
        assert_eq!(tokens.holder("otc", "project", at(0)).unwrap_err(), Condition::ExpiredToken);
    }

    #[test]
    fn keeps_so_many_and_no_more() {
        let user: AcceptedUser = "ops:p:D:P".parse().unwrap();
        let mut tokens = Tokens::default();
        for at in 0..=MAX_TOKENS {
            let (user, caller, issued) = (user.clone(), user.caller(), Timestamp::UNIX_EPOCH);
            let (scope, methods) = (Scope::Project, Vec::new());
            let grant = IssuedToken { provider: "otc".into(), user, caller, scope, issued, methods, revoked: false };
            tokens.store_token(&at.to_string(), grant);
        }
        assert_eq!((tokens.grants.len(), tokens.order.len()), (MAX_TOKENS, MAX_TOKENS));
        assert!(tokens.find_token("otc", "0").is_none());
    }
}
