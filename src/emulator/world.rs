//! What was created: resources by provider, region and kind, each of an account.
//!
//! A request's changes are worked out first and change nothing. [`World::commit`] keeps them in the ledger, where
//! there is one, and only then carries them out: what cannot be kept has not happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;

use super::change::{Change, Due, Entry, Place, Resource, Shelf};
use super::ledger::{Ledger, Unkept};
use super::properties::Properties;
use super::shelf::Resources;
use crate::catalog::{Condition, Emulate, Name, Scope};

/// All resources.
#[derive(Debug, Default)]
pub(super) struct World {
    shelves: BTreeMap<Shelf, Resources>,
    /// Where changes are kept; without one they end with the process.
    ledger: Option<Box<dyn Ledger>>,
}

/// A resource about to be created.
pub(super) struct Candidate {
    /// Where it goes.
    pub shelf: Shelf,
    /// Whose it is.
    pub account: Name,
    /// The value of its key property.
    pub key: Arc<str>,
    /// All its properties.
    pub properties: Arc<Properties>,
    /// What changes by itself later.
    pub due: Vec<Due>,
}

/// Why a change that was kept once does not fit what is there.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum Misfit {
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

impl World {
    /// Keeps what changes from now on.
    pub(super) fn keep_in(&mut self, ledger: Box<dyn Ledger>) {
        self.ledger = Some(ledger);
    }

    /// Whether a resource may be added.
    ///
    /// # Errors
    /// [`Condition::Duplicate`] when the key is taken within its scope, [`Condition::QuotaReached`] when the account has as many as it may.
    pub(super) fn permits(&self, emulate: &Emulate, candidate: &Candidate) -> Result<(), Condition> {
        let Some(resources) = self.shelves.get(&candidate.shelf) else {
            return if emulate.quota == Some(0) { Err(Condition::QuotaReached) } else { Ok(()) };
        };
        if resources.is_taken(&scope(emulate, candidate), &candidate.key) {
            return Err(Condition::Duplicate);
        }
        let is_full = emulate.quota.is_some_and(|quota| resources.count(&candidate.account) >= quota);
        if is_full { Err(Condition::QuotaReached) } else { Ok(()) }
    }

    /// What adding a resource would change.
    pub(super) fn creating(&self, emulate: &Emulate, candidate: Candidate) -> Change {
        let scope = scope(emulate, &candidate);
        let serial = self.shelves.get(&candidate.shelf).map_or(1, Resources::next_serial);
        let Candidate { shelf, account, key, properties, due } = candidate;
        Change::Created(Place { shelf, serial }, Resource { account, scope, key, properties, due })
    }

    /// An account's resources in the order of creation, each with its number and its properties as they are now. Given
    /// a property and its value, those without are left out where that can be told quickly: the caller looks again.
    pub(super) fn of_account<'a>(
        &'a mut self,
        on: &Shelf,
        account: &str,
        by: Option<(&str, &str)>,
        now: Timestamp,
    ) -> impl Iterator<Item = (u64, Arc<Properties>)> + use<'a> {
        let own = self.shelves.get_mut(on).map(|resources| resources.of_account(account, by));
        own.into_iter().flatten().map(move |(serial, resource)| (serial, resource.properties_at(now)))
    }

    /// What changing some properties of a resource would change, and all its properties then.
    pub(super) fn change(&self, place: &Place, changes: &Properties, now: Timestamp) -> Option<(Change, Arc<Properties>)> {
        let resource = self.shelves.get(&place.shelf)?.get(place.serial)?.with(changes, now);
        let properties = Arc::clone(&resource.properties);
        Some((Change::Changed(*place, resource), properties))
    }

    /// What changing some properties of all the resources of the account on the shelf but this one would change.
    pub(super) fn change_others(&mut self, place: &Place, account: &str, changes: &Properties, now: Timestamp) -> Vec<Change> {
        let Some(resources) = self.shelves.get_mut(&place.shelf) else { return Vec::new() };
        let others = resources.unlike(account, changes).into_iter().filter(|serial| *serial != place.serial);
        let change = |serial| {
            let after = resources.get(serial)?.with(changes, now);
            Some(Change::Changed(Place { shelf: place.shelf, serial }, after))
        };
        others.filter_map(change).collect()
    }

    /// Makes changes, kept first where there is a ledger. `count` is how many identifiers were given out.
    ///
    /// # Errors
    /// [`Unkept`]: nothing has changed then.
    pub(super) fn commit(&mut self, changes: Vec<Change>, count: u64) -> Result<(), Unkept> {
        if changes.is_empty() {
            return Ok(());
        }
        let entry = Entry { count, changes };
        if let Some(ledger) = &mut self.ledger {
            ledger.keep(&entry)?;
        }
        entry.changes.into_iter().try_for_each(|change| self.apply(change)).map_err(|misfit| Unkept(misfit.to_string()))
    }

    /// Makes a change.
    ///
    /// # Errors
    /// [`Misfit`] when it does not fit what is there.
    pub(super) fn apply(&mut self, change: Change) -> Result<(), Misfit> {
        match change {
            Change::Created(place, resource) => self.add(&place, resource),
            Change::Changed(place, resource) => {
                self.remove(&place)?;
                self.add(&place, resource)
            }
            Change::Removed(place) => self.remove(&place),
        }
    }

    fn remove(&mut self, place: &Place) -> Result<(), Misfit> {
        let gone = self.shelves.get_mut(&place.shelf).and_then(|resources| resources.remove(place.serial));
        gone.map(drop).ok_or(Misfit::Absent)
    }

    fn add(&mut self, place: &Place, resource: Resource) -> Result<(), Misfit> {
        let resources = self.shelves.entry(place.shelf).or_default();
        if resources.get(place.serial).is_some() {
            return Err(Misfit::Taken);
        }
        if resources.is_taken(&resource.scope, &resource.key) {
            return Err(Misfit::SecondKey);
        }
        resources.add(place.serial, resource);
        Ok(())
    }

    /// All that is there, each as its creation.
    pub(super) fn snapshot(&self) -> impl Iterator<Item = Change> + '_ {
        self.shelves.iter().flat_map(|(shelf, resources)| {
            let place = |serial| Place { shelf: *shelf, serial };
            resources.all().into_iter().map(move |(serial, resource)| Change::Created(place(serial), resource.clone()))
        })
    }

    /// How many resources there are.
    pub(super) fn len(&self) -> usize {
        self.shelves.values().map(Resources::len).sum()
    }
}

/// Within what a candidate's key must be unique: its account, or all of them.
fn scope(emulate: &Emulate, candidate: &Candidate) -> Name {
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

    fn candidate(region: &str, account: &str, key: &str) -> Candidate {
        let shelf = Shelf { provider: "p".into(), region: region.into(), kind: "namespace".into() };
        Candidate { shelf, account: account.into(), key: key.into(), properties: Arc::default(), due: Vec::new() }
    }

    /// Creates one, if it may.
    fn create(world: &mut World, emulate: &Emulate, candidate: Candidate) -> Result<(), Condition> {
        world.permits(emulate, &candidate)?;
        let created = world.creating(emulate, candidate);
        world.commit(vec![created], 0).unwrap();
        Ok(())
    }

    #[test]
    fn a_key_is_unique_within_its_scope() {
        let (mut world, own, all) = (World::default(), emulate(Scope::Account, None), emulate(Scope::Tenants, None));
        assert_eq!(create(&mut world, &own, candidate("eu", "1", "a")), Ok(()));
        assert_eq!(create(&mut world, &own, candidate("eu", "1", "a")), Err(Condition::Duplicate));
        assert_eq!(create(&mut world, &own, candidate("eu", "2", "a")), Ok(()));
        assert_eq!(create(&mut world, &own, candidate("us", "1", "a")), Ok(()));
        assert_eq!(create(&mut world, &all, candidate("asia", "1", "a")), Ok(()));
        assert_eq!(create(&mut world, &all, candidate("asia", "2", "a")), Err(Condition::Duplicate));
    }

    #[test]
    fn a_quota_is_an_accounts_in_a_region() {
        let (mut world, two) = (World::default(), emulate(Scope::Tenants, Some(2)));
        assert_eq!(create(&mut world, &two, candidate("eu", "1", "a")), Ok(()));
        assert_eq!(create(&mut world, &two, candidate("eu", "1", "b")), Ok(()));
        assert_eq!(create(&mut world, &two, candidate("eu", "1", "c")), Err(Condition::QuotaReached));
        assert_eq!(create(&mut world, &two, candidate("eu", "1", "b")), Err(Condition::Duplicate));
        assert_eq!(create(&mut world, &two, candidate("eu", "2", "c")), Ok(()));
        assert_eq!(create(&mut world, &two, candidate("us", "1", "c")), Ok(()));
    }

    fn named(world: &mut World, account: &str, at: i64) -> Vec<String> {
        let now = Timestamp::from_second(at).unwrap();
        let own = world.of_account(&candidate("eu", "1", "").shelf, account, None, now);
        own.map(|(serial, properties)| format!("{serial} {}", serde_json::to_string(&*properties).unwrap())).collect()
    }

    #[test]
    fn what_is_removed_frees_its_key_and_its_room() {
        let (mut world, one) = (World::default(), emulate(Scope::Tenants, Some(1)));
        assert_eq!(create(&mut world, &one, candidate("eu", "1", "a")), Ok(()));
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        assert_eq!(world.apply(Change::Removed(place)), Ok(()));
        assert_eq!(world.apply(Change::Removed(place)), Err(Misfit::Absent));
        assert!(named(&mut world, "1", 0).is_empty());
        assert_eq!(create(&mut world, &one, candidate("eu", "2", "a")), Ok(()));
        assert_eq!(create(&mut world, &one, candidate("eu", "1", "b")), Ok(()));
        assert_eq!(create(&mut world, &one, candidate("eu", "1", "c")), Err(Condition::QuotaReached));
        assert_eq!((named(&mut world, "2", 0), named(&mut world, "1", 0)), (vec!["2 {}".to_owned()], vec!["3 {}".to_owned()]));
    }

    #[test]
    fn properties_change_when_they_are_due_and_stay_when_changed() {
        let mut world = World::default();
        let due = |second, value: &str| Due { at: Timestamp::from_second(second).unwrap(), name: "s".into(), value: value.into() };
        let due = vec![due(10, "b"), due(20, "c")];
        create(&mut world, &emulate(Scope::Account, None), Candidate { due, ..candidate("eu", "1", "a") }).unwrap();
        assert_eq!(
            [9, 10, 20].map(|at| named(&mut world, "1", at)),
            ["1 {}", r#"1 {"s":"b"}"#, r#"1 {"s":"c"}"#].map(|text| vec![text.to_owned()])
        );
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        let changes = Properties::from_iter([("s", Value::from("own"))]);
        let (change, properties) = world.change(&place, &changes, Timestamp::from_second(15).unwrap()).unwrap();
        assert_eq!(*properties, changes);
        world.commit(vec![change], 0).unwrap();
        assert_eq!([15, 20].map(|at| named(&mut world, "1", at)), [r#"1 {"s":"own"}"#, r#"1 {"s":"c"}"#].map(|text| vec![text.to_owned()]));
    }

    /// A ledger that keeps nothing.
    #[derive(Debug)]
    struct Full;

    impl Ledger for Full {
        fn keep(&mut self, _: &Entry) -> Result<(), Unkept> {
            Err(Unkept("no room".to_owned()))
        }
    }

    #[test]
    fn what_cannot_be_kept_has_not_happened() {
        let (mut world, one) = (World::default(), emulate(Scope::Account, None));
        create(&mut world, &one, candidate("eu", "1", "a")).unwrap();
        world.keep_in(Box::new(Full));
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        for change in [world.creating(&one, candidate("eu", "1", "b")), Change::Removed(place)] {
            assert_eq!(world.commit(vec![change], 0), Err(Unkept("no room".to_owned())));
        }
        assert_eq!(named(&mut world, "1", 0), ["1 {}"]);
        assert_eq!(world.commit(Vec::new(), 0), Ok(()), "nothing to keep");
    }

    #[test]
    fn only_one_of_an_account_has_a_mark_that_others_lose() {
        let mut world = World::default();
        let mark = |on: bool| Properties::from_iter([("d", Value::from(on))]);
        for (account, key, on) in [("1", "a", false), ("1", "b", true), ("1", "c", false), ("2", "a", true)] {
            create(&mut world, &emulate(Scope::Account, None), Candidate { properties: mark(on).into(), ..candidate("eu", account, key) })
                .unwrap();
        }
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        let changes = world.change_others(&place, "1", &mark(false), Timestamp::UNIX_EPOCH);
        assert_eq!(changes.len(), 1, "only what differs: {changes:?}");
        world.commit(changes, 0).unwrap();
        assert_eq!(named(&mut world, "1", 0), [r#"1 {"d":false}"#, r#"2 {"d":false}"#, r#"3 {"d":false}"#]);
        assert_eq!(named(&mut world, "2", 0), [r#"4 {"d":true}"#]);
    }

    #[test]
    fn an_index_follows_every_change() {
        let mut world = World::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let of = |value: &str| Properties::from_iter([("s", Value::from(value))]);
        let found = |world: &mut World, value: &str, second| {
            let on = candidate("eu", "1", "").shelf;
            let own = world.of_account(&on, "1", Some(("s", value)), at(second));
            own.filter(|(_, properties)| properties.get("s").is_some_and(|own| own.text() == Some(value)))
                .map(|(serial, _)| serial)
                .collect::<Vec<_>>()
        };
        assert!(found(&mut world, "a", 0).is_empty());
        let due = vec![Due { at: at(10), name: "s".into(), value: "b".into() }];
        let one = Candidate { due, properties: of("a").into(), ..candidate("eu", "1", "a") };
        create(&mut world, &emulate(Scope::Account, None), one).unwrap();
        assert_eq!((found(&mut world, "a", 9), found(&mut world, "b", 9)), (vec![1], vec![]));
        assert_eq!((found(&mut world, "a", 10), found(&mut world, "b", 10)), (vec![], vec![1]));
        let place = Place { shelf: candidate("eu", "1", "").shelf, serial: 1 };
        let (change, _) = world.change(&place, &of("c"), at(20)).unwrap();
        world.commit(vec![change, Change::Removed(place)], 0).unwrap();
        assert!(["a", "b", "c"].iter().all(|value| found(&mut world, value, 30).is_empty()));
    }
}
