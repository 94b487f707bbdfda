//! The properties of a resource.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::catalog::{Found, Name};

/// The properties of a resource, in the order they were derived. There are a dozen of them, and their names are the
/// catalog's: looking through them is quicker than hashing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Properties(Vec<(Name, Held)>);

/// A value as it is kept. Most are short texts, and a [`Value`] would take five times the room.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Held {
    /// A text.
    Text(Box<str>),
    /// A truth value.
    Flag(bool),
    /// Anything else.
    Other(Box<Value>),
}

impl From<Found<'_>> for Held {
    fn from(found: Found<'_>) -> Self {
        match found {
            Found::Text(text) => Self::Text(text.into()),
            Found::Flag(flag) => Self::Flag(flag),
            Found::There(value) => Self::Other(value.clone().into()),
            Found::Made(value) => Self::Other(value),
        }
    }
}

impl From<Value> for Held {
    fn from(value: Value) -> Self {
        Found::from(value).into()
    }
}

impl Held {
    fn found(&self) -> Found<'_> {
        match self {
            Self::Text(text) => Found::from(&**text),
            Self::Flag(flag) => Found::Flag(*flag),
            Self::Other(value) => Found::There(value),
        }
    }
}

impl Properties {
    /// With room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// The value of the property of this name.
    pub(super) fn of(&self, name: Name) -> Option<Found<'_>> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, held)| held.found())
    }

    /// The value of a property whose name is only a text yet.
    pub(super) fn get(&self, name: &str) -> Option<Found<'_>> {
        self.0.iter().find(|(own, _)| **own == *name).map(|(_, held)| held.found())
    }

    /// Gives a property a value; a new one comes last.
    pub(super) fn set(&mut self, name: Name, value: impl Into<Held>) {
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => *old = value.into(),
            None => self.0.push((name, value.into())),
        }
    }

    /// Each property with its value.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Name, Found<'_>)> {
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
