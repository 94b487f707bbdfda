//! The resources that were created, by provider, region and kind, each of an account.
//!
//! A request's changes are computed first and change nothing. [`ResourceStore::commit`] writes them to the log, where
//! there is one, and only then carries them out: what cannot be kept has not happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;

use super::change::{Change, ChangeLog, Entry, Resource, ResourceKey, ResourceScope, ScheduledChange, StoreError};
use super::index::ResourceIndex;
use super::properties::Properties;
use crate::catalog::{Condition, Emulate, Name, Scope};

/// All resources.
#[derive(Debug, Default)]
pub(crate) struct ResourceStore {
    resource_scopes: BTreeMap<ResourceScope, ResourceIndex>,
    /// The log of changes; without one they end with the process.
    change_log: Option<Box<dyn ChangeLog>>,
}

/// A resource about to be created.
pub(crate) struct NewResource {
    /// The destination.
    pub resource_scope: ResourceScope,
    /// The account that owns it.
    pub account: Name,
    /// The value of its key property.
    pub key: Arc<str>,
    /// All its properties.
    pub properties: Arc<Properties>,
    /// The changes that are scheduled.
    pub due: Vec<ScheduledChange>,
}

/// An error from replaying a stored change.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ReplayError {
    /// A resource is created under a number that is taken.
    #[error("it creates what is there already")]
    Taken,
    /// A resource is created under a key that is taken.
    #[error("it creates a second one of the same key")]
    SecondKey,
    /// A resource is changed or removed that is not there.
    #[error("it changes or removes what is not there")]
    Absent,
}

impl ResourceStore {
    /// Keeps what changes from now on.
    pub(crate) fn set_change_log(&mut self, change_log: Box<dyn ChangeLog>) {
        self.change_log = Some(change_log);
    }

    /// Returns whether a resource may be added.
    ///
    /// # Errors
    /// [`Condition::Duplicate`] when the key is taken within its scope, [`Condition::QuotaReached`] when the account has as many as it may.
    pub(crate) fn check_can_add(&self, emulate: &Emulate, candidate: &NewResource) -> Result<(), Condition> {
        let Some(resources) = self.resource_scopes.get(&candidate.resource_scope) else {
            return if emulate.quota == Some(0) { Err(Condition::QuotaReached) } else { Ok(()) };
        };
        if resources.is_taken(&scope(emulate, candidate), &candidate.key) {
            return Err(Condition::Duplicate);
        }
        let is_full = emulate.quota.is_some_and(|quota| resources.count(&candidate.account) >= quota);
        if is_full { Err(Condition::QuotaReached) } else { Ok(()) }
    }

    /// Returns the change that adds a resource.
    pub(crate) fn creating(&self, emulate: &Emulate, candidate: NewResource) -> Change {
        let scope = scope(emulate, &candidate);
        let serial = self.resource_scopes.get(&candidate.resource_scope).map_or(1, ResourceIndex::next_serial);
        let NewResource { resource_scope, account, key, properties, due } = candidate;
        Change::Created(ResourceKey { resource_scope, serial }, Resource { account, scope, key, properties, due })
    }

    /// Returns an account's resources in the order of creation, each with its number and its properties as they are now. Given
    /// a property and its value, those without are left out where that can be told quickly: the caller looks again.
    pub(crate) fn of_account<'a>(
        &'a mut self,
        on: &ResourceScope,
        account: &str,
        by: Option<(&str, &str)>,
        now: Timestamp,
    ) -> impl Iterator<Item = (u64, Arc<Properties>)> + use<'a> {
        let own = self.resource_scopes.get_mut(on).map(|resources| resources.of_account(account, by));
        own.into_iter().flatten().map(move |(serial, resource)| (serial, resource.properties_at(now)))
    }

    /// Returns the change of some properties of a resource, and all its properties then.
    pub(crate) fn change(&self, place: &ResourceKey, changes: &Properties, now: Timestamp) -> Option<(Change, Arc<Properties>)> {
        let resource = self.resource_scopes.get(&place.resource_scope)?.get(place.serial)?.with_changes(changes, now);
        let properties = Arc::clone(&resource.properties);
        Some((Change::Changed(*place, resource), properties))
    }

    /// Returns the changes of some properties of all the resources of the account in its scope but this one.
    pub(crate) fn change_others(&mut self, place: &ResourceKey, account: &str, changes: &Properties, now: Timestamp) -> Vec<Change> {
        let Some(resources) = self.resource_scopes.get_mut(&place.resource_scope) else { return Vec::new() };
        let others = resources.find_different(account, changes).into_iter().filter(|serial| *serial != place.serial);
        let change = |serial| {
            let after = resources.get(serial)?.with_changes(changes, now);
            Some(Change::Changed(ResourceKey { resource_scope: place.resource_scope, serial }, after))
        };
        others.filter_map(change).collect()
    }

    /// Makes changes, logged first where there is a log. `count` is how many identifiers were issued.
    ///
    /// # Errors
    /// [`StoreError`]: nothing has changed then.
    pub(crate) fn commit(&mut self, changes: Vec<Change>, count: u64) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let entry = Entry { count, changes };
        if let Some(change_log) = &mut self.change_log {
            change_log.persist(&entry)?;
        }
        entry.changes.into_iter().try_for_each(|change| self.apply(change)).map_err(|misfit| StoreError(misfit.to_string()))
    }

    /// Makes a change.
    ///
    /// # Errors
    /// [`ReplayError`] when it does not fit what is there.
    pub(crate) fn apply(&mut self, change: Change) -> Result<(), ReplayError> {
        match change {
            Change::Created(place, resource) => self.add(&place, resource),
            Change::Changed(place, resource) => {
                self.remove(&place)?;
                self.add(&place, resource)
            }
            Change::Removed(place) => self.remove(&place),
        }
    }

    fn remove(&mut self, place: &ResourceKey) -> Result<(), ReplayError> {
        let gone = self.resource_scopes.get_mut(&place.resource_scope).and_then(|resources| resources.remove(place.serial));
        gone.map(drop).ok_or(ReplayError::Absent)
    }

    fn add(&mut self, place: &ResourceKey, resource: Resource) -> Result<(), ReplayError> {
        let resources = self.resource_scopes.entry(place.resource_scope).or_default();
        if resources.get(place.serial).is_some() {
            return Err(ReplayError::Taken);
        }
        if resources.is_taken(&resource.scope, &resource.key) {
            return Err(ReplayError::SecondKey);
        }
        resources.add(place.serial, resource);
        Ok(())
    }

    /// Returns all resources, each as its creation.
    pub(crate) fn snapshot(&self) -> impl Iterator<Item = Change> + '_ {
        self.resource_scopes.iter().flat_map(|(resource_scope, resources)| {
            let place = |serial| ResourceKey { resource_scope: *resource_scope, serial };
            resources.all().into_iter().map(move |(serial, resource)| Change::Created(place(serial), resource.clone()))
        })
    }

    /// Returns the number of resources.
    pub(crate) fn len(&self) -> usize {
        self.resource_scopes.values().map(ResourceIndex::len).sum()
    }
}

/// Returns within what a candidate's key must be unique: its account, or all of them.
fn scope(emulate: &Emulate, candidate: &NewResource) -> Name {
    if emulate.scope == Scope::Account { candidate.account } else { Name::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn emulate(scope: Scope, quota: Option<usize>) -> Emulate {
        let emulate = toml::from_str("effect = 'create'\nresource = 'namespace'\nkey = 'name'").unwrap();
        Emulate { scope, quota, ..emulate }
    }

    fn candidate(region: &str, account: &str, key: &str) -> NewResource {
        let resource_scope = ResourceScope { provider: "p".into(), region: region.into(), kind: "namespace".into() };
        NewResource { resource_scope, account: account.into(), key: key.into(), properties: Arc::default(), due: Vec::new() }
    }

    /// Creates one, if it may.
    fn create(resource_store: &mut ResourceStore, emulate: &Emulate, candidate: NewResource) -> Result<(), Condition> {
        resource_store.check_can_add(emulate, &candidate)?;
        let created = resource_store.creating(emulate, candidate);
        resource_store.commit(vec![created], 0).unwrap();
        Ok(())
    }

    #[test]
    fn keeps_keys_unique_within_their_scope() {
        let (mut resource_store, own, all) = (ResourceStore::default(), emulate(Scope::Account, None), emulate(Scope::Tenants, None));
        assert_eq!(create(&mut resource_store, &own, candidate("eu", "1", "a")), Ok(()));
        assert_eq!(create(&mut resource_store, &own, candidate("eu", "1", "a")), Err(Condition::Duplicate));
        assert_eq!(create(&mut resource_store, &own, candidate("eu", "2", "a")), Ok(()));
        assert_eq!(create(&mut resource_store, &own, candidate("us", "1", "a")), Ok(()));
        assert_eq!(create(&mut resource_store, &all, candidate("asia", "1", "a")), Ok(()));
        assert_eq!(create(&mut resource_store, &all, candidate("asia", "2", "a")), Err(Condition::Duplicate));
    }

    #[test]
    fn applies_a_quota_per_account_and_region() {
        let (mut resource_store, two) = (ResourceStore::default(), emulate(Scope::Tenants, Some(2)));
        assert_eq!(create(&mut resource_store, &two, candidate("eu", "1", "a")), Ok(()));
        assert_eq!(create(&mut resource_store, &two, candidate("eu", "1", "b")), Ok(()));
        assert_eq!(create(&mut resource_store, &two, candidate("eu", "1", "c")), Err(Condition::QuotaReached));
        assert_eq!(create(&mut resource_store, &two, candidate("eu", "1", "b")), Err(Condition::Duplicate));
        assert_eq!(create(&mut resource_store, &two, candidate("eu", "2", "c")), Ok(()));
        assert_eq!(create(&mut resource_store, &two, candidate("us", "1", "c")), Ok(()));
    }

    fn named(resource_store: &mut ResourceStore, account: &str, at: i64) -> Vec<String> {
        let now = Timestamp::from_second(at).unwrap();
        let own = resource_store.of_account(&candidate("eu", "1", "").resource_scope, account, None, now);
        own.map(|(serial, properties)| format!("{serial} {}", serde_json::to_string(&*properties).unwrap())).collect()
    }

    #[test]
    fn removal_frees_key_and_room() {
        let (mut resource_store, one) = (ResourceStore::default(), emulate(Scope::Tenants, Some(1)));
        assert_eq!(create(&mut resource_store, &one, candidate("eu", "1", "a")), Ok(()));
        let place = ResourceKey { resource_scope: candidate("eu", "1", "").resource_scope, serial: 1 };
        assert_eq!(resource_store.apply(Change::Removed(place)), Ok(()));
        assert_eq!(resource_store.apply(Change::Removed(place)), Err(ReplayError::Absent));
        assert!(named(&mut resource_store, "1", 0).is_empty());
        assert_eq!(create(&mut resource_store, &one, candidate("eu", "2", "a")), Ok(()));
        assert_eq!(create(&mut resource_store, &one, candidate("eu", "1", "b")), Ok(()));
        assert_eq!(create(&mut resource_store, &one, candidate("eu", "1", "c")), Err(Condition::QuotaReached));
        assert_eq!(
            (named(&mut resource_store, "2", 0), named(&mut resource_store, "1", 0)),
            (vec!["2 {}".to_owned()], vec!["3 {}".to_owned()])
        );
    }

    #[test]
    fn properties_change_when_they_are_due_and_stay_when_changed() {
        let mut resource_store = ResourceStore::default();
        let due =
            |second, value: &str| ScheduledChange { at: Timestamp::from_second(second).unwrap(), name: "s".into(), value: value.into() };
        let due = vec![due(10, "b"), due(20, "c")];
        create(&mut resource_store, &emulate(Scope::Account, None), NewResource { due, ..candidate("eu", "1", "a") }).unwrap();
        assert_eq!(
            [9, 10, 20].map(|at| named(&mut resource_store, "1", at)),
            ["1 {}", r#"1 {"s":"b"}"#, r#"1 {"s":"c"}"#].map(|text| vec![text.to_owned()])
        );
        let place = ResourceKey { resource_scope: candidate("eu", "1", "").resource_scope, serial: 1 };
        let changes = Properties::from_iter([("s", Value::from("own"))]);
        let (change, properties) = resource_store.change(&place, &changes, Timestamp::from_second(15).unwrap()).unwrap();
        assert_eq!(*properties, changes);
        resource_store.commit(vec![change], 0).unwrap();
        assert_eq!(
            [15, 20].map(|at| named(&mut resource_store, "1", at)),
            [r#"1 {"s":"own"}"#, r#"1 {"s":"c"}"#].map(|text| vec![text.to_owned()])
        );
    }

    /// A log that fails.
    #[derive(Debug)]
    struct FailingChangeLog;

    impl ChangeLog for FailingChangeLog {
        fn persist(&mut self, _: &Entry) -> Result<(), StoreError> {
            Err(StoreError("no room".to_owned()))
        }
    }

    #[test]
    fn rolls_back_changes_that_cannot_be_stored() {
        let (mut resource_store, one) = (ResourceStore::default(), emulate(Scope::Account, None));
        create(&mut resource_store, &one, candidate("eu", "1", "a")).unwrap();
        resource_store.set_change_log(Box::new(FailingChangeLog));
        let place = ResourceKey { resource_scope: candidate("eu", "1", "").resource_scope, serial: 1 };
        for change in [resource_store.creating(&one, candidate("eu", "1", "b")), Change::Removed(place)] {
            assert_eq!(resource_store.commit(vec![change], 0), Err(StoreError("no room".to_owned())));
        }
        assert_eq!(named(&mut resource_store, "1", 0), ["1 {}"]);
        assert_eq!(resource_store.commit(Vec::new(), 0), Ok(()), "nothing to keep");
    }

    #[test]
    fn moves_the_default_mark_within_an_account() {
        let mut resource_store = ResourceStore::default();
        let mark = |on: bool| Properties::from_iter([("d", Value::from(on))]);
        for (account, key, on) in [("1", "a", false), ("1", "b", true), ("1", "c", false), ("2", "a", true)] {
            create(
                &mut resource_store,
                &emulate(Scope::Account, None),
                NewResource { properties: mark(on).into(), ..candidate("eu", account, key) },
            )
            .unwrap();
        }
        let place = ResourceKey { resource_scope: candidate("eu", "1", "").resource_scope, serial: 1 };
        let changes = resource_store.change_others(&place, "1", &mark(false), Timestamp::UNIX_EPOCH);
        assert_eq!(changes.len(), 1, "only what differs: {changes:?}");
        resource_store.commit(changes, 0).unwrap();
        assert_eq!(named(&mut resource_store, "1", 0), [r#"1 {"d":false}"#, r#"2 {"d":false}"#, r#"3 {"d":false}"#]);
        assert_eq!(named(&mut resource_store, "2", 0), [r#"4 {"d":true}"#]);
    }

    #[test]
    fn updates_an_index_on_every_change() {
        let mut resource_store = ResourceStore::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let of = |value: &str| Properties::from_iter([("s", Value::from(value))]);
        let found = |resource_store: &mut ResourceStore, value: &str, second| {
            let on = candidate("eu", "1", "").resource_scope;
            let own = resource_store.of_account(&on, "1", Some(("s", value)), at(second));
            own.filter(|(_, properties)| properties.get("s").is_some_and(|own| own.text() == Some(value)))
                .map(|(serial, _)| serial)
                .collect::<Vec<_>>()
        };
        assert!(found(&mut resource_store, "a", 0).is_empty());
        let due = vec![ScheduledChange { at: at(10), name: "s".into(), value: "b".into() }];
        let one = NewResource { due, properties: of("a").into(), ..candidate("eu", "1", "a") };
        create(&mut resource_store, &emulate(Scope::Account, None), one).unwrap();
        assert_eq!((found(&mut resource_store, "a", 9), found(&mut resource_store, "b", 9)), (vec![1], vec![]));
        assert_eq!((found(&mut resource_store, "a", 10), found(&mut resource_store, "b", 10)), (vec![], vec![1]));
        let place = ResourceKey { resource_scope: candidate("eu", "1", "").resource_scope, serial: 1 };
        let (change, _) = resource_store.change(&place, &of("c"), at(20)).unwrap();
        resource_store.commit(vec![change, Change::Removed(place)], 0).unwrap();
        assert!(["a", "b", "c"].iter().all(|value| found(&mut resource_store, value, 30).is_empty()));
    }
}
