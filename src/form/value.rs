//! Values: what stands in a field.

use serde::{Deserialize, Serialize};

/// The value of a field. The names are stored in history files and must not change.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Nothing: the parameter is not sent.
    #[default]
    Unset,
    /// A text: of a string, an enumeration, or an integer as it was typed. May be empty, and is sent even then.
    Text(String),
    /// A boolean.
    Flag(bool),
    /// The texts of a list of strings.
    List(Vec<String>),
    /// The objects of a list of objects, or one object as a list of one: for each, its members that are set.
    Rows(Vec<Row>),
    /// A value written as JSON, sent as it is.
    Json(String),
}

/// An object's members that are set, in order: name and text. The text of a member that is a list or an object is JSON.
pub type Row = Vec<(String, String)>;

impl Value {
    /// Returns the texts in it.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Unset | Self::Flag(_) => Vec::new(),
            Self::Text(text) | Self::Json(text) => vec![text],
            Self::List(texts) => texts.iter().map(String::as_str).collect(),
            Self::Rows(rows) => rows.iter().flatten().map(|(_, text)| text.as_str()).collect(),
        }
    }

    /// Returns whether it says anything: an empty text, an empty list and JSON's `null` do not.
    pub fn is_given(&self) -> bool {
        match self {
            Self::Unset => false,
            Self::Text(text) => !text.is_empty(),
            Self::Flag(_) => true,
            Self::List(elements) => !elements.is_empty(),
            Self::Rows(rows) => !rows.is_empty(),
            Self::Json(text) => text.trim() != "null",
        }
    }
}
