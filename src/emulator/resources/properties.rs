//! The properties of a resource.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::catalog::{JsonRef, Name};

/// The properties of a resource, in the order they were derived. There are a dozen of them, and their names are the
/// catalog's: looking through them is quicker than hashing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Properties(Vec<(Name, StoredValue)>);

/// A value as it is kept. Most are short texts, and a [`Value`] would take five times the room.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum StoredValue {
    /// A text.
    Text(Box<str>),
    /// A truth value.
    Flag(bool),
    /// Anything else.
    Other(Box<Value>),
}

impl From<JsonRef<'_>> for StoredValue {
    fn from(found: JsonRef<'_>) -> Self {
        match found {
            JsonRef::Text(text) => Self::Text(text.into()),
            JsonRef::Flag(flag) => Self::Flag(flag),
            JsonRef::There(value) => Self::Other(value.clone().into()),
            JsonRef::Made(value) => Self::Other(value),
        }
    }
}

impl From<Value> for StoredValue {
    fn from(value: Value) -> Self {
        JsonRef::from(value).into()
    }
}

impl StoredValue {
    fn found(&self) -> JsonRef<'_> {
        match self {
            Self::Text(text) => JsonRef::from(&**text),
            Self::Flag(flag) => JsonRef::Flag(*flag),
            Self::Other(value) => JsonRef::There(value),
        }
    }
}

impl Properties {
    /// Creates one with room for so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Returns the value of the property of this name.
    pub(crate) fn of(&self, name: Name) -> Option<JsonRef<'_>> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, held)| held.found())
    }

    /// Returns the value of a property whose name is only a text yet.
    pub(crate) fn get(&self, name: &str) -> Option<JsonRef<'_>> {
        self.0.iter().find(|(own, _)| **own == *name).map(|(_, held)| held.found())
    }

    /// Gives a property a value; a new one comes last.
    pub(crate) fn set(&mut self, name: Name, value: impl Into<StoredValue>) {
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => *old = value.into(),
            None => self.0.push((name, value.into())),
        }
    }

    /// Returns each property with its value.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Name, JsonRef<'_>)> {
        self.0.iter().map(|(name, held)| (*name, held.found()))
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Properties {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(properties: I) -> Self {
        Self(properties.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
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
