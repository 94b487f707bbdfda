//! Names that are kept as long as the program runs.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::LazyLock;

use parking_lot::Mutex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Every name there is.
static KNOWN: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);

/// A name out of a limited number of them: of a property, an operation, a provider, an account. Copying one costs nothing, and
/// threads that use the same do not get into each other's way, as they would in counting who uses a shared text.
///
/// It is never given back: no name that a stranger makes up becomes one. Each comes from [`Name::new`] or is the default, so that two of
/// one text are at one place, and are compared by it.
#[derive(Clone, Copy, Eq, PartialOrd, Ord)]
pub struct Name(&'static str);

/// The text of the name that is none.
static NONE: &str = "";

impl Name {
    /// Creates the name of this text.
    pub fn new(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let mut known = KNOWN.lock();
        if let Some(name) = known.get(text) {
            return Self(name);
        }
        let name: &'static str = Box::leak(text.into());
        known.insert(name);
        Self(name)
    }

    /// Returns its text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Default for Name {
    fn default() -> Self {
        Self(NONE)
    }
}

/// Every text is kept once: two names of the same are at the same place.
impl PartialEq for Name {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// As a text hashes, since a name is looked for by its text.
impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_a_name_once() {
        let (one, other) = (Name::new("kept once"), Name::from("kept once".to_owned()));
        assert!(std::ptr::eq(one.as_str(), other.as_str()));
        assert_eq!((one, &*one), (other, "kept once"));
        assert_ne!(one, Name::new("kept twice"));
        assert_eq!((Name::default(), &*Name::new("")), (Name::new(""), ""));
    }

    #[test]
    fn serializes_a_name_as_its_text() {
        let name: Name = serde_json::from_str("\"a b\"").unwrap();
        assert_eq!((serde_json::to_string(&name).unwrap(), format!("{name} {name:?}")), ("\"a b\"".into(), "a b \"a b\"".into()));
    }
}
