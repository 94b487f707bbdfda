//! Where a field stands in the body of an answer.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};

/// The suffix of a step into each element of an array.
const EACH: &str = "[]";

/// A path in the body of an answer, members joined by dots: `Data.NamespaceId`. `[]` stands for the elements of an array:
/// `Data.Namespaces[].Name`. It is taken apart once, when the catalog is read.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(from = "String")]
pub struct ResponsePath {
    text: String,
    steps: Vec<Step>,
}

/// A step on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The member's name.
    pub name: String,
    /// Set when the member is an array whose elements the path goes on in.
    pub each: bool,
}

impl ResponsePath {
    /// Returns the steps from the whole body to the field.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the steps to the first array on the way, if there is one.
    pub fn to_array(&self) -> Option<&[Step]> {
        self.steps.iter().position(|step| step.each).map(|at| &self.steps[..=at])
    }
}

impl From<String> for ResponsePath {
    fn from(text: String) -> Self {
        Self { steps: text.split('.').map(step).collect(), text }
    }
}

fn step(text: &str) -> Step {
    let array = text.strip_suffix(EACH);
    Step { name: array.unwrap_or(text).to_owned(), each: array.is_some() }
}

impl Deref for ResponsePath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ResponsePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for ResponsePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
