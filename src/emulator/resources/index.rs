//! The resources of one kind in one region, found by account, by key, and by the value of a property.
//!
//! A property that a request goes by is indexed from then on. An index gives candidates only: with a property that
//! changes by itself, a resource stands under the value it has and under those it will have.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::change::Resource;
use super::properties::Properties;
use crate::catalog::Name;
use crate::catalog::as_text;

/// A map that is asked a dozen times for every create. Its hash is quick and seeded again at each start; whoever can reach the emulator
/// is on this machine, and gains nothing by finding names that collide.
type Map<K, V> = HashMap<K, V, RandomState>;

/// Numbers of resources, in the order of creation.
type Serials = BTreeSet<u64>;

/// The numbers by account and by the property's value as a text; `None` stands for those without the property.
type Index = Map<Name, Map<Option<String>, Serials>>;

/// The resources of one scope.
#[derive(Debug, Default)]
pub(crate) struct ResourceIndex {
    /// The highest number that was issued.
    last: u64,
    by_serial: Map<u64, Resource>,
    /// The numbers by scope (an account, or all of them: an empty text) and key.
    by_key: Map<Name, Map<Arc<str>, u64>>,
    by_account: Map<Name, Serials>,
    by_property: Map<String, Index>,
}

impl ResourceIndex {
    /// Returns the number of the next resource.
    pub(crate) fn next_serial(&self) -> u64 {
        self.last + 1
    }

    /// Returns the resource of a number.
    pub(crate) fn get(&self, serial: u64) -> Option<&Resource> {
        self.by_serial.get(&serial)
    }

    /// Returns whether a key is taken within a scope.
    pub(crate) fn is_taken(&self, scope: &str, key: &str) -> bool {
        self.by_key.get(scope).is_some_and(|keys| keys.contains_key(key))
    }

    /// Returns the number of an account's resources.
    pub(crate) fn count(&self, account: &str) -> usize {
        self.by_account.get(account).map_or(0, Serials::len)
    }

    /// Returns the number of resources.
    pub(crate) fn len(&self) -> usize {
        self.by_serial.len()
    }

    /// Returns all of them, in the order of creation.
    pub(crate) fn all(&self) -> Vec<(u64, &Resource)> {
        let mut all: Vec<_> = self.by_serial.iter().map(|(serial, resource)| (*serial, resource)).collect();
        all.sort_unstable_by_key(|(serial, _)| *serial);
        all
    }

    /// Returns an account's resources in the order of creation; with a property and its value only those that have or will have it.
    pub(crate) fn of_account<'a>(
        &'a mut self,
        account: &str,
        by: Option<(&str, &str)>,
    ) -> impl Iterator<Item = (u64, &'a Resource)> + use<'a> {
        if let Some((property, _)) = by {
            self.index(property);
        }
        let serials = match by {
            Some((property, value)) => self.by_property[property].get(account).and_then(|values| values.get(&Some(value.to_owned()))),
            None => self.by_account.get(account),
        };
        let by_serial = &self.by_serial;
        serials.into_iter().flatten().filter_map(|serial| Some((*serial, by_serial.get(serial)?)))
    }

    /// Returns the resources of an account that lack one of these values, in the order of creation.
    pub(crate) fn find_different(&mut self, account: &str, wanted: &Properties) -> Vec<u64> {
        let mut found = Serials::new();
        for (name, value) in wanted.iter() {
            self.index(&name);
            let value = Some(value.as_text().into_owned());
            let others = self.by_property[&*name].get(account).into_iter().flatten().filter(|(other, _)| **other != value);
            found.extend(others.flat_map(|(_, serials)| serials));
        }
        found.into_iter().collect()
    }

    /// Adds a resource under a number.
    pub(crate) fn add(&mut self, serial: u64, resource: Resource) {
        self.last = self.last.max(serial);
        insert_into(&mut self.by_account, resource.account, |serials| serials.insert(serial));
        insert_into(&mut self.by_key, resource.scope, |keys| keys.insert(Arc::clone(&resource.key), serial));
        for (property, index) in &mut self.by_property {
            insert_value(index, property, serial, &resource);
        }
        self.by_serial.insert(serial, resource);
    }

    /// Takes a resource away.
    pub(crate) fn remove(&mut self, serial: u64) -> Option<Resource> {
        let resource = self.by_serial.remove(&serial)?;
        for (property, index) in &mut self.by_property {
            remove_value(index, property, serial, &resource);
        }
        drop_from(&mut self.by_account, &resource.account, |serials| serials.remove(&serial), Serials::is_empty);
        drop_from(&mut self.by_key, &resource.scope, |keys| keys.remove(&resource.key), Map::is_empty);
        Some(resource)
    }

    /// Makes the index of a property, if it is not there yet.
    fn index(&mut self, property: &str) {
        if self.by_property.contains_key(property) {
            return;
        }
        let mut index = Index::default();
        self.by_serial.iter().for_each(|(serial, resource)| insert_value(&mut index, property, *serial, resource));
        self.by_property.insert(property.to_owned(), index);
    }
}

/// Returns the values that a resource has or will have in a property.
fn values<'a>(property: &'a str, resource: &'a Resource) -> impl Iterator<Item = Option<String>> + 'a {
    let later = resource.due.iter().filter(move |due| *due.name == *property).map(|due| Some(as_text(&due.value).into_owned()));
    std::iter::once(resource.properties.get(property).map(|value| value.into_text().into_owned())).chain(later)
}

fn insert_value(index: &mut Index, property: &str, serial: u64, resource: &Resource) {
    for value in values(property, resource) {
        index.entry(resource.account).or_default().entry(value).or_default().insert(serial);
    }
}

fn remove_value(index: &mut Index, property: &str, serial: u64, resource: &Resource) {
    let Some(of_account) = index.get_mut(&resource.account) else { return };
    for value in values(property, resource) {
        drop_from(of_account, &value, |serials| serials.remove(&serial), Serials::is_empty);
    }
    if of_account.is_empty() {
        index.remove(&resource.account);
    }
}

/// Puts something into a member, which is made if it is not there.
fn insert_into<V: Default, R>(members: &mut Map<Name, V>, name: Name, put: impl FnOnce(&mut V) -> R) {
    if let Some(member) = members.get_mut(&name) {
        put(member);
    } else {
        put(members.entry(name).or_default());
    }
}

/// Takes something out of a member, and the member away when nothing is left in it.
fn drop_from<K: std::hash::Hash + Eq, V, R>(members: &mut Map<K, V>, name: &K, take: impl FnOnce(&mut V) -> R, is_empty: fn(&V) -> bool) {
    if let Some(member) = members.get_mut(name) {
        take(member);
        if is_empty(member) {
            members.remove(name);
        }
    }
}
