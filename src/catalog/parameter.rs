//! A parameter: what the operator fills in, where it travels and what it must look like.

use serde::Deserialize;

use super::Rule;

/// A parameter of an operation, or a member of an object parameter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Parameter {
    /// The name as the vendor spells it.
    pub name: String,
    /// Where it travels. A member of an object travels with its object.
    #[serde(rename = "in", default)]
    pub place: Place,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Whether the call fails without it.
    #[serde(default)]
    pub required: bool,
    /// What the vendor assumes when it is left out, as the vendor states it; never sent by us.
    #[serde(default)]
    pub default: Option<toml::Value>,
    /// A value that passes every rule.
    #[serde(default)]
    pub example: Option<toml::Value>,
    /// What it means, in our own words.
    pub help: String,
    /// The values of an enumeration, or of the elements of a list.
    #[serde(default)]
    pub values: Vec<Choice>,
    /// What the elements of a list are.
    #[serde(default)]
    pub items: Items,
    /// The members of an object, or of the objects in a list.
    #[serde(default)]
    pub members: Vec<Parameter>,
    /// What a value must look like. For a list these speak of the whole list.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What each element of a list must look like.
    #[serde(default)]
    pub item_rules: Vec<Rule>,
    /// What an operator should know: contradictions of the vendor's pages above all.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Whether the value is a secret: typed covered, masked wherever it is shown.
    #[serde(default)]
    pub sensitive: bool,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
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

impl Place {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body => "body",
            Self::Header => "header",
        }
    }
}

/// The type of a parameter or of an answer's field.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
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
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Enum => "enum",
            Self::List => "list",
            Self::Object => "object",
        }
    }
}

/// What the elements of a list are.
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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value as it travels.
    pub value: String,
    /// What it means.
    #[serde(default)]
    pub help: String,
}

/// Something an operator should know.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What sort of thing it is.
    pub kind: NoteKind,
    /// What to know, and the choice we made.
    pub text: String,
    /// Where it is written.
    #[serde(default)]
    pub source: Option<String>,
}

/// What sort of thing a note tells.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// The vendor's pages contradict each other or themselves.
    Contradiction,
    /// Nothing public says it: a decision of ours.
    Undocumented,
    /// A trap or a tip.
    Hint,
}

impl NoteKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::Undocumented => "undocumented",
            Self::Hint => "hint",
        }
    }
}
