//! A parameter: what the operator fills in, where it travels and what it must look like.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::Rule;

/// A parameter of an operation, or a member of an object parameter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Parameter {
    /// The name as the vendor spells it.
    pub name: String,
    /// The part of the request that carries it. A member of an object travels with its object.
    #[serde(rename = "in", default)]
    pub place: ParameterLocation,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Set when the call fails without it.
    #[serde(default)]
    pub required: bool,
    /// The vendor's default when it is left out, as the vendor states it; never sent by us.
    pub default: Option<toml::Value>,
    /// A value that passes every rule.
    pub example: Option<toml::Value>,
    /// The meaning, in our own words.
    pub help: String,
    /// The values of an enumeration, or of the elements of a list.
    #[serde(default)]
    pub values: Vec<Choice>,
    /// The element type of a list.
    #[serde(default)]
    pub items: Items,
    /// The members of an object, or of the objects in a list.
    #[serde(default)]
    pub members: Vec<Parameter>,
    /// The rules on the value. For a list these speak of the whole list.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The rules on each element of a list.
    #[serde(default)]
    pub item_rules: Vec<Rule>,
    /// Notes for the operator: contradictions of the vendor's pages above all.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Set when the value is a secret: typed masked, masked wherever it is shown.
    #[serde(default)]
    pub sensitive: bool,
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ParameterLocation {
    /// In the path, at `{Name}`.
    Path,
    /// In the query.
    Query,
    /// A member of the JSON body.
    #[default]
    Body,
    /// A header.
    Header,
}

impl ParameterLocation {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A query member or a header that every request of a provider or an operation carries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// `query` or `header`.
    #[serde(rename = "in")]
    pub place: ParameterLocation,
    /// Its name as it travels.
    pub name: String,
    /// Its value; `{operation}` and `{version}` are filled in.
    pub value: String,
}

/// The type of a parameter or of an answer's field.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// One of [`Parameter::values`].
    Enum,
    /// Several of what [`Parameter::items`] says.
    List,
    /// Named [`Parameter::members`].
    Object,
}

impl Type {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The element type of a list.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Items {
    /// Texts; picked from [`Parameter::values`] when there are any.
    #[default]
    String,
    /// Objects with [`Parameter::members`].
    Object,
}

/// One value of an enumeration.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value as it travels.
    pub value: String,
    /// The meaning.
    #[serde(default)]
    pub help: String,
}

/// Something an operator should know.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The kind of thing.
    pub kind: NoteKind,
    /// The text, with the choice we made.
    pub text: String,
    /// The source.
    pub source: Option<String>,
}

/// The kind of a note.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, IntoStaticStr, Serialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum NoteKind {
    /// The vendor's pages contradict each other or themselves.
    Contradiction,
    /// Nothing public says it: a decision of ours.
    Undocumented,
    /// A trap or a tip.
    Hint,
}

impl NoteKind {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
