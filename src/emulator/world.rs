//! What was created: resources by provider, region and kind, each of an account.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::catalog::{Condition, Emulate, Scope};

/// The properties of a resource, in the order they were derived.
pub(super) type Properties = Map<String, Value>;

/// Which resources are meant: those of a kind, at a provider, in a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shelf {
    /// The provider's id.
    pub provider: String,
    /// The region.
    pub region: String,
    /// The kind, as the catalog names it.
    pub kind: String,
}

/// All resources.
#[derive(Debug, Default)]
pub(super) struct World {
    shelves: BTreeMap<Shelf, Resources>,
}

/// The resources of one shelf.
#[derive(Debug, Default)]
struct Resources {
    /// By scope (an account, or all of them: an empty text) and key.
    by_key: BTreeMap<(String, String), Properties>,
    /// How many an account has.
    counts: HashMap<String, usize>,
}

/// A resource about to be created.
pub(super) struct Candidate<'a> {
    /// Where it goes.
    pub shelf: Shelf,
    /// Whose it is.
    pub account: &'a str,
    /// The value of its key property.
    pub key: String,
    /// All its properties.
    pub properties: Properties,
}

impl World {
    /// Adds a resource.
    ///
    /// # Errors
    /// [`Condition::Duplicate`] when the key is taken within its scope, [`Condition::QuotaReached`] when the account has as many as it may.
    pub(super) fn create(&mut self, emulate: &Emulate, candidate: Candidate<'_>) -> Result<(), Condition> {
        let resources = self.shelves.entry(candidate.shelf).or_default();
        let scope = match emulate.scope {
            Scope::Account => candidate.account.to_owned(),
            Scope::Tenants => String::new(),
        };
        let place = (scope, candidate.key);
        if resources.by_key.contains_key(&place) {
            return Err(Condition::Duplicate);
        }
        let count = resources.counts.entry(candidate.account.to_owned()).or_default();
        if emulate.quota.is_some_and(|quota| *count >= quota) {
            return Err(Condition::QuotaReached);
        }
        *count += 1;
        resources.by_key.insert(place, candidate.properties);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Effect;

    fn emulate(scope: Scope, quota: Option<usize>) -> Emulate {
        Emulate { effect: Effect::Create, resource: "namespace".into(), key: "name".into(), scope, quota, derive: Vec::new() }
    }

    fn candidate<'a>(region: &str, account: &'a str, key: &str) -> Candidate<'a> {
        let shelf = Shelf { provider: "p".into(), region: region.into(), kind: "namespace".into() };
        Candidate { shelf, account, key: key.into(), properties: Properties::new() }
    }

    #[test]
    fn a_key_is_unique_within_its_scope() {
        let (mut world, own, all) = (World::default(), emulate(Scope::Account, None), emulate(Scope::Tenants, None));
        assert_eq!(world.create(&own, candidate("eu", "1", "a")), Ok(()));
        assert_eq!(world.create(&own, candidate("eu", "1", "a")), Err(Condition::Duplicate));
        assert_eq!(world.create(&own, candidate("eu", "2", "a")), Ok(()));
        assert_eq!(world.create(&own, candidate("us", "1", "a")), Ok(()));
        assert_eq!(world.create(&all, candidate("asia", "1", "a")), Ok(()));
        assert_eq!(world.create(&all, candidate("asia", "2", "a")), Err(Condition::Duplicate));
    }

    #[test]
    fn a_quota_is_an_accounts_in_a_region() {
        let (mut world, two) = (World::default(), emulate(Scope::Tenants, Some(2)));
        assert_eq!(world.create(&two, candidate("eu", "1", "a")), Ok(()));
        assert_eq!(world.create(&two, candidate("eu", "1", "b")), Ok(()));
        assert_eq!(world.create(&two, candidate("eu", "1", "c")), Err(Condition::QuotaReached));
        assert_eq!(world.create(&two, candidate("eu", "1", "b")), Err(Condition::Duplicate));
        assert_eq!(world.create(&two, candidate("eu", "2", "c")), Ok(()));
        assert_eq!(world.create(&two, candidate("us", "1", "c")), Ok(()));
    }
}
