//! The properties of a resource.

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The properties of a resource, in the order they were derived. There are a dozen of them, and their names are the
/// catalog's: looking through them is quicker than hashing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Properties(Vec<(Arc<str>, Value)>);

impl Properties {
    /// None at all, which many requests have at first.
    pub(super) fn none() -> Arc<Self> {
        static NONE: LazyLock<Arc<Properties>> = LazyLock::new(Arc::default);
        Arc::clone(&NONE)
    }

    /// With room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// The value of a property.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| **own == *name).map(|(_, value)| value)
    }

    /// Gives a property a value; a new one comes last.
    pub(super) fn set(&mut self, name: &Arc<str>, value: Value) {
        match self.0.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((Arc::clone(name), value)),
        }
    }

    /// Each property with its value.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl<N: Into<Arc<str>>> FromIterator<(N, Value)> for Properties {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(properties: I) -> Self {
        Self(properties.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Map::deserialize(deserializer)?.into_iter().collect())
    }
}
