//! Between values and JSON, both ways.

use serde_json::{Map, Value as Json};

use super::{Row, Value};
use crate::catalog::{Items, Parameter, Type};

/// Returns an object of which the members are typed: each becomes the JSON of its member's type where its text allows that.
pub(super) fn object(members: &[Parameter], row: &Row) -> Map<String, Json> {
    row.iter().map(|(name, text)| (name.clone(), member(find(members, name), text))).collect()
}

/// Returns a typed integer as a JSON number, or as the text it is when it is none.
pub(super) fn integer(text: &str) -> Json {
    whole(text).map_or_else(|| Json::from(text), Json::from)
}

/// Reads `true` and `false`, whatever their case: SDKs of one vendor send `True`.
pub(super) fn flag(text: &str) -> Option<bool> {
    [true, false].into_iter().find(|flag| text.eq_ignore_ascii_case(&flag.to_string()))
}

/// Reads a whole number as people write one: digits, perhaps after a `-`.
pub(super) fn whole(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

/// Reads JSON as a value of the parameter's own shape; `null` is nothing, and what has another shape stays JSON.
pub(super) fn value(parameter: &Parameter, json: &Json) -> Value {
    shaped(parameter, json).unwrap_or_else(|| Value::Json(json.to_string()))
}

impl Value {
    /// Reads JSON as a value of a parameter: of its own shape where it has that, `null` as nothing, anything else as JSON.
    pub fn from_json(parameter: &Parameter, json: &serde_json::Value) -> Self {
        value(parameter, json)
    }
}

fn shaped(parameter: &Parameter, json: &Json) -> Option<Value> {
    match (parameter.kind, json) {
        (_, Json::Null) => Some(Value::Unset),
        (Type::String | Type::Enum, Json::String(text)) => Some(Value::Text(text.clone())),
        (Type::Boolean, Json::Bool(flag)) => Some(Value::Flag(*flag)),
        (Type::Integer, Json::Number(number)) => number.as_i64().map(|number| Value::Text(number.to_string())),
        (Type::Object, Json::Object(members)) => Some(Value::Rows(vec![row(parameter, members)?])),
        (Type::List, Json::Array(elements)) => list(parameter, elements),
        _ => None,
    }
}

fn list(parameter: &Parameter, elements: &[Json]) -> Option<Value> {
    match parameter.items {
        Items::String => texts(elements).map(Value::List),
        Items::Object => elements.iter().map(|element| row(parameter, element.as_object()?)).collect::<Option<_>>().map(Value::Rows),
    }
}

/// Returns the texts of an array of texts.
pub(super) fn texts(elements: &[Json]) -> Option<Vec<String>> {
    elements.iter().map(|element| element.as_str().map(str::to_owned)).collect()
}

fn row(parameter: &Parameter, members: &Map<String, Json>) -> Option<Row> {
    let set = members.iter().filter(|(_, json)| !json.is_null());
    set.map(|(name, json)| Some((name.clone(), text(find(&parameter.members, name), json)?))).collect()
}

/// Returns the text of a member, if its JSON is of the member's type.
fn text(member: Option<&Parameter>, json: &Json) -> Option<String> {
    let kind = member.map_or(Type::String, |member| member.kind);
    match (kind, json) {
        (Type::String | Type::Enum, Json::String(text)) => Some(text.clone()),
        (Type::Integer, Json::Number(number)) => number.as_i64().map(|number| number.to_string()),
        (Type::Boolean, Json::Bool(flag)) => Some(flag.to_string()),
        (Type::List, Json::Array(_)) | (Type::Object, Json::Object(_)) => Some(json.to_string()),
        _ => None,
    }
}

fn member(member: Option<&Parameter>, text: &str) -> Json {
    match member.map(|member| member.kind) {
        Some(Type::Integer) => integer(text),
        Some(Type::Boolean) => flag(text).map_or_else(|| Json::from(text), Json::from),
        Some(Type::List | Type::Object) => serde_json::from_str(text).unwrap_or_else(|_| Json::from(text)),
        _ => Json::from(text),
    }
}

fn find<'a>(members: &'a [Parameter], name: &str) -> Option<&'a Parameter> {
    members.iter().find(|member| member.name == name)
}
