//! What a name in a template stands for: borrowed from where it stands, as far as that goes.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A JSON value. Texts and truth values, as most are, need no [`Value`] made for them.
#[derive(Clone, Debug)]
pub enum JsonRef<'v> {
    /// A text.
    Text(Cow<'v, str>),
    /// A truth value.
    Flag(bool),
    /// Anything else that is there already.
    There(&'v Value),
    /// Anything else, made just now.
    Made(Box<Value>),
}

impl<'v> JsonRef<'v> {
    /// Returns the text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value, if it is neither a text nor a truth value.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Text(_) | Self::Flag(_) => None,
            Self::There(value) => Some(value),
            Self::Made(value) => Some(value),
        }
    }

    /// Returns the value as text: a string without its quotes, anything else as JSON.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Flag(flag) => Cow::Borrowed(flag_text(*flag)),
            Self::There(value) => as_text(value),
            Self::Made(value) => as_text(value),
        }
    }

    /// Converts it to text, copying nothing that is borrowed.
    pub fn into_text(self) -> Cow<'v, str> {
        match self {
            Self::Text(text) => text,
            Self::Flag(flag) => Cow::Borrowed(flag_text(flag)),
            Self::There(value) => as_text(value),
            Self::Made(value) => Cow::Owned(as_text(&value).into_owned()),
        }
    }

    /// Converts it to an owned JSON value.
    pub fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Flag(flag) => Value::Bool(flag),
            Self::There(value) => value.clone(),
            Self::Made(value) => *value,
        }
    }
}

/// Returns a value inside a text: a string without its quotes, anything else as JSON.
pub fn as_text(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

fn flag_text(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

impl<'v> From<&'v str> for JsonRef<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for JsonRef<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'v> From<&'v Value> for JsonRef<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::String(text) => Self::from(text.as_str()),
            Value::Bool(flag) => Self::Flag(*flag),
            other => Self::There(other),
        }
    }
}

impl From<Value> for JsonRef<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::from(text),
            Value::Bool(flag) => Self::Flag(flag),
            other => Self::Made(Box::new(other)),
        }
    }
}

impl PartialEq<Value> for JsonRef<'_> {
    fn eq(&self, other: &Value) -> bool {
        match self {
            Self::Text(text) => other.as_str() == Some(text),
            Self::Flag(flag) => other.as_bool() == Some(*flag),
            Self::There(value) => *value == other,
            Self::Made(value) => **value == *other,
        }
    }
}

impl Serialize for JsonRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::There(value) => value.serialize(serializer),
            Self::Made(value) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn preserves_every_value() {
        for value in [json!("a"), json!(""), json!(true), json!(null), json!(-1.5), json!(["a"]), json!({"a": 1})] {
            for found in [JsonRef::from(&value), JsonRef::from(value.clone())] {
                assert!(found == value && found != json!("other"), "{found:?}");
                assert_eq!((found.as_text(), serde_json::to_value(&found).unwrap()), (as_text(&value), value.clone()));
                assert_eq!(found.into_value(), value);
            }
        }
    }
}
