//! What was created: resources by provider, region and kind, each of an account.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
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

/// Where one resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its shelf.
    pub shelf: Shelf,
    /// Its number there.
    pub serial: u64,
}

/// All resources.
#[derive(Debug, Default)]
pub(super) struct World {
    shelves: BTreeMap<Shelf, Resources>,
}

/// The resources of one shelf.
#[derive(Debug, Default)]
struct Resources {
    /// How many were ever created.
    created: u64,
    /// By number: in the order of creation.
    by_serial: BTreeMap<u64, Resource>,
    /// The numbers by scope (an account, or all of them: an empty text) and key.
    by_key: HashMap<(String, String), u64>,
    /// How many an account has.
    counts: HashMap<String, usize>,
}

/// One resource.
#[derive(Debug)]
struct Resource {
    account: String,
    /// Its scope and key in the index.
    key: (String, String),
    properties: Properties,
    /// What changes by itself later.
    due: Vec<Due>,
}

/// A property that changes by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Due {
    /// When.
    pub at: Timestamp,
    /// The property's name.
    pub name: String,
    /// Its value from then on.
    pub value: Value,
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
    /// What changes by itself later.
    pub due: Vec<Due>,
}

impl World {
    /// Adds a resource.
    ///
    /// # Errors
    /// [`Condition::Duplicate`] when the key is taken within its scope, [`Condition::QuotaReached`] when the account has as many as it may.
    pub(super) fn create(&mut self, emulate: &Emulate, candidate: Candidate<'_>) -> Result<(), Condition> {
        let resources = self.shelves.entry(candidate.shelf).or_default();
        let account = candidate.account.to_owned();
        let scope = if emulate.scope == Scope::Account { account.clone() } else { String::new() };
        let key = (scope, candidate.key);
        if resources.by_key.contains_key(&key) {
            return Err(Condition::Duplicate);
        }
        let count = resources.counts.get(&account).copied().unwrap_or_default();
        if emulate.quota.is_some_and(|quota| count >= quota) {
            return Err(Condition::QuotaReached);
        }
        resources.add(Resource { account, key, properties: candidate.properties, due: candidate.due });
        Ok(())
    }

    /// An account's resources in the order of creation, each with its number and its properties as they are now.
    pub(super) fn of_account<'a>(
        &'a self,
        shelf: &Shelf,
        account: &'a str,
        now: Timestamp,
    ) -> impl Iterator<Item = (u64, Cow<'a, Properties>)> + use<'a> {
        let all = self.shelves.get(shelf).into_iter().flat_map(|resources| &resources.by_serial);
        let own = all.filter(move |(_, resource)| resource.account == account);
        own.map(move |(serial, resource)| (*serial, resource.properties_at(now)))
    }

    /// Changes some properties of a resource, and returns all of them.
    pub(super) fn change(&mut self, place: &Place, changes: &Properties, now: Timestamp) -> Properties {
        let Some(resource) = self.shelves.get_mut(&place.shelf).and_then(|resources| resources.by_serial.get_mut(&place.serial)) else {
            return Properties::new();
        };
        resource.settle(now);
        resource.put(changes);
        resource.properties.clone()
    }

    /// Changes some properties of all the resources of the account on the shelf but this one.
    pub(super) fn change_others(&mut self, place: &Place, account: &str, changes: &Properties) {
        let all = self.shelves.get_mut(&place.shelf).into_iter().flat_map(|resources| &mut resources.by_serial);
        let others = all.filter(|(serial, resource)| **serial != place.serial && resource.account == account);
        others.for_each(|(_, resource)| resource.put(changes));
    }

    /// Takes a resource away.
    pub(super) fn remove(&mut self, place: &Place) {
        if let Some(resources) = self.shelves.get_mut(&place.shelf) {
            resources.remove(place.serial);
        }
    }
}

impl Resources {
    fn add(&mut self, resource: Resource) {
        self.created += 1;
        *self.counts.entry(resource.account.clone()).or_default() += 1;
        self.by_key.insert(resource.key.clone(), self.created);
        self.by_serial.insert(self.created, resource);
    }

    fn remove(&mut self, serial: u64) {
        let Some(resource) = self.by_serial.remove(&serial) else { return };
        self.by_key.remove(&resource.key);
        if let Some(count) = self.counts.get_mut(&resource.account) {
            *count = count.saturating_sub(1);
        }
    }
}

impl Resource {
    fn properties_at(&self, now: Timestamp) -> Cow<'_, Properties> {
        if self.due.iter().all(|due| due.at > now) {
            return Cow::Borrowed(&self.properties);
        }
        let mut properties = self.properties.clone();
        properties.extend(self.due.iter().filter(|due| due.at <= now).map(|due| (due.name.clone(), due.value.clone())));
        Cow::Owned(properties)
    }

    /// Makes what is due by now a property like any other.
    fn settle(&mut self, now: Timestamp) {
        self.properties = self.properties_at(now).into_owned();
        self.due.retain(|due| due.at > now);
    }

    fn put(&mut self, changes: &Properties) {
        self.properties.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emulate(scope: Scope, quota: Option<usize>) -> Emulate {
        let emulate = toml::from_str("effect = 'create'\nresource = 'namespace'\nkey = 'name'").unwrap();
        Emulate { scope, quota, ..emulate }
    }

    fn candidate<'a>(region: &str, account: &'a str, key: &str) -> Candidate<'a> {
        let shelf = Shelf { provider: "p".into(), region: region.into(), kind: "namespace".into() };
        Candidate { shelf, account, key: key.into(), properties: Properties::new(), due: Vec::new() }
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

    fn named(world: &World, account: &str, at: i64) -> Vec<String> {
        let now = Timestamp::from_second(at).unwrap();
        let own = world.of_account(&candidate("eu", "1", "").shelf, account, now);
        own.map(|(serial, properties)| format!("{serial} {}", Value::Object(properties.into_owned()))).collect()
    }

    #[test]
    fn what_is_removed_frees_its_key_and_its_room() {
        let (mut world, one) = (World::default(), emulate(Scope::Tenants, Some(1)));
        assert_eq!(world.create(&one, candidate("eu", "1", "a")), Ok(()));
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        world.remove(&place);
        world.remove(&place);
        assert!(named(&world, "1", 0).is_empty());
        assert_eq!(world.create(&one, candidate("eu", "2", "a")), Ok(()));
        assert_eq!(world.create(&one, candidate("eu", "1", "b")), Ok(()));
        assert_eq!(world.create(&one, candidate("eu", "1", "c")), Err(Condition::QuotaReached));
        assert_eq!((named(&world, "2", 0), named(&world, "1", 0)), (vec!["2 {}".to_owned()], vec!["3 {}".to_owned()]));
    }

    #[test]
    fn properties_change_when_they_are_due_and_stay_when_changed() {
        let mut world = World::default();
        let due = |second, value: &str| Due { at: Timestamp::from_second(second).unwrap(), name: "s".into(), value: value.into() };
        let due = vec![due(10, "b"), due(20, "c")];
        world.create(&emulate(Scope::Account, None), Candidate { due, ..candidate("eu", "1", "a") }).unwrap();
        assert_eq!(
            [9, 10, 20].map(|at| named(&world, "1", at)),
            ["1 {}", r#"1 {"s":"b"}"#, r#"1 {"s":"c"}"#].map(|text| vec![text.to_owned()])
        );
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        let changes = Properties::from_iter([("s".to_owned(), Value::from("own"))]);
        assert_eq!(world.change(&place, &changes, Timestamp::from_second(15).unwrap()), changes);
        assert_eq!([15, 20].map(|at| named(&world, "1", at)), [r#"1 {"s":"own"}"#, r#"1 {"s":"c"}"#].map(|text| vec![text.to_owned()]));
    }
}
