//! Changes of resources, as data: those of a request are first logged, then made in the store.

use std::fmt::Debug;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::properties::Properties;
use crate::catalog::Name;

/// The scope of resources: those of a kind, at a provider, in a region.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceScope {
    /// The provider's id.
    pub provider: Name,
    /// The region.
    pub region: Name,
    /// The kind, as the catalog names it.
    pub kind: Name,
}

/// The key of one resource.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceKey {
    /// The scope that it is in; state files keep the name that they were first written with.
    #[serde(rename = "shelf")]
    pub resource_scope: ResourceScope,
    /// Its number there.
    pub serial: u64,
}

/// One resource.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource {
    /// The account that owns it.
    pub account: Name,
    /// Within what its key is unique: an account, or all of them (an empty text).
    pub scope: Name,
    /// The value of its key property.
    pub key: Arc<str>,
    /// All its properties.
    pub properties: Arc<Properties>,
    /// The changes that are scheduled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub due: Vec<ScheduledChange>,
}

/// A property that changes by itself.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduledChange {
    /// The time.
    #[serde(with = "moment")]
    pub at: Timestamp,
    /// The property's name.
    pub name: Name,
    /// Its value from then on.
    pub value: Value,
}

/// A change to one resource.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum Change {
    /// It is there from now on.
    Created(ResourceKey, Resource),
    /// It is this from now on.
    Changed(ResourceKey, Resource),
    /// It is gone.
    Removed(ResourceKey),
}

impl Change {
    /// Returns the resource that it changes.
    pub(crate) fn place(&self) -> &ResourceKey {
        match self {
            Self::Created(place, _) | Self::Changed(place, _) | Self::Removed(place) => place,
        }
    }
}

/// All that one request changes: kept whole or not at all.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The number of identifiers that were issued by then: none of them may be issued again.
    pub count: u64,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

/// A log of changes: they outlive the process before their request is answered.
pub(crate) trait ChangeLog: Debug + Send {
    /// Keeps an entry; when this returns, it outlives the process.
    ///
    /// # Errors
    /// [`StoreError`] when nothing of it is kept.
    fn persist(&mut self, entry: &Entry) -> Result<(), StoreError>;
}

/// The reason why an entry could not be stored.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub(crate) struct StoreError(pub String);

/// A point in time as a text (RFC 3339).
mod moment {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Resource {
    /// Returns its properties as they are now.
    pub(crate) fn properties_at(&self, now: Timestamp) -> Arc<Properties> {
        let mut properties = Arc::clone(&self.properties);
        for due in self.due.iter().filter(|due| due.at <= now) {
            Arc::make_mut(&mut properties).set(due.name, due.value.clone());
        }
        properties
    }

    /// Returns it with some properties changed. What is due by now becomes a property like any other.
    pub(crate) fn with_changes(&self, changes: &Properties, now: Timestamp) -> Self {
        let mut after = self.clone();
        after.properties = self.properties_at(now);
        after.due.retain(|due| due.at > now);
        let properties = Arc::make_mut(&mut after.properties);
        changes.iter().for_each(|(name, value)| properties.set(name, value));
        after
    }
}
