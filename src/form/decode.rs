//! The way back: a request as a server receives it, made into a form. The emulator checks it with the same rules.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use thiserror::Error;

use super::{Form, Value, json};
use crate::catalog::{Items, Operation, Parameter, ParameterLocation, Type};
use crate::wire::{Request, cut, parse_query, plain_path};

/// An error from decoding a request into a form.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// The body is not a JSON object.
    #[error("the body is not a JSON object: {0}")]
    Body(String),
}

/// Reads a request's parameters. A value of another type than its parameter's becomes [`Value::Json`] (in a query a
/// [`Value::Text`]), and `validate` says so. Members that are no parameters are ignored, as is the body of an operation without one.
/// `path` holds the values of the path's parameters, decoded, as the route matched them.
///
/// # Errors
/// [`DecodeError`] when the operation takes a body and this one is no JSON object; an empty one has no members.
pub fn decode(operation: &Arc<Operation>, request: &Request, path: &[(String, String)]) -> Result<Form, DecodeError> {
    let query = if has(operation, ParameterLocation::Query) { parse_query(request.query()) } else { Vec::new() };
    let received = Received { request, path, query, body: body(operation, request)? };
    let values = operation.parameters.iter().map(|parameter| received.value(parameter)).collect();
    Ok(Form { operation: operation.clone(), values })
}

/// Returns the values of a path's parameters, decoded: a path against an operation's, segment by segment. `None` when it is another's.
pub fn path_values(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut keep = |name: &str, segment: &str| values.push((name.to_owned(), String::from_utf8_lossy(&plain_path(segment)).into_owned()));
    fits(pattern, path, &mut keep).then_some(values)
}

/// Returns whether a path is an operation's. `take` gets the name and the segment, as it stands, of each parameter up to where it is not.
pub(super) fn fits(pattern: &str, path: &str, take: &mut dyn FnMut(&str, &str)) -> bool {
    let (mut expected, mut given) = (pattern, path);
    loop {
        let ((pattern, more_expected), (segment, more_given)) = (cut(expected, b'/'), cut(given, b'/'));
        match pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !segment.is_empty() => take(name, segment),
            None if pattern == segment => {}
            _ => return false,
        }
        // A slash at the end leaves an empty segment behind it.
        match (pattern.len() == expected.len(), segment.len() == given.len()) {
            (false, false) => (expected, given) = (more_expected, more_given),
            (ends, also_ends) => return ends == also_ends,
        }
    }
}

/// A request taken apart.
struct Received<'a> {
    request: &'a Request,
    path: &'a [(String, String)],
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    body: Members<'a>,
}

impl Received<'_> {
    fn value(&self, parameter: &Parameter) -> Value {
        let name = &parameter.name;
        match parameter.place {
            ParameterLocation::Path => first(self.path, name).map(|text| typed(parameter, text)),
            ParameterLocation::Query => first(&self.query, name).map(|text| typed(parameter, text)),
            ParameterLocation::Header => {
                self.request.headers.get(name).map(|bytes| typed(parameter, String::from_utf8_lossy(bytes).trim()))
            }
            ParameterLocation::Body => self.body.get(name).map(|member| json::value(parameter, member)),
        }
        .unwrap_or_default()
    }
}

fn first<'a, T: AsRef<str>>(pairs: &'a [(T, T)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(given, _)| given.as_ref() == name).map(|(_, value)| value.as_ref())
}

/// Converts a text of the path, the query or a header to a value of the parameter's type; what does not fit stays a text.
pub(super) fn typed(parameter: &Parameter, text: &str) -> Value {
    let fitting = match (parameter.kind, parameter.items) {
        (Type::Boolean, _) => json::flag(text).map(Value::Flag),
        (Type::List, Items::String) => list(text).map(Value::List),
        _ => None,
    };
    fitting.unwrap_or_else(|| Value::Text(text.to_owned()))
}

fn list(text: &str) -> Option<Vec<String>> {
    json::texts(serde_json::from_str::<Json>(text).ok()?.as_array()?)
}

fn body<'o>(operation: &'o Operation, request: &Request) -> Result<Members<'o>, DecodeError> {
    if !has(operation, ParameterLocation::Body) || request.body.trim_ascii().is_empty() {
        return Ok(Members::default());
    }
    let wrong = |error: serde_json::Error| DecodeError::Body(error.to_string());
    let mut body = serde_json::Deserializer::from_slice(&request.body);
    let members = Reader(operation).deserialize(&mut body).map_err(wrong)?;
    body.end().map_err(wrong)?;
    Ok(members)
}

/// Returns whether an operation has a parameter there.
fn has(operation: &Operation, place: ParameterLocation) -> bool {
    operation.parameters.iter().any(|parameter| parameter.place == place)
}

/// The members of a JSON object that are parameters of an operation. They are few, and looked up once: a map would cost more than it saves.
#[derive(Default)]
struct Members<'o>(Vec<(&'o str, Json)>);

impl Members<'_> {
    fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, member)| member)
    }
}

/// A name that is not copied where it stands there as it is.
#[derive(Deserialize)]
#[serde(transparent)]
struct DecodedName<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads the members that an operation has. Others are read as JSON too, since a body is right or wrong as a whole, and dropped at once.
struct Reader<'o>(&'o Operation);

impl<'de, 'o> DeserializeSeed<'de> for Reader<'o> {
    type Value = Members<'o>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Members<'o>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, 'o> Visitor<'de> for Reader<'o> {
    type Value = Members<'o>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'o>, A::Error> {
        let mut members: Vec<(&str, Json)> = Vec::with_capacity(8);
        while let Some((DecodedName(name), member)) = map.next_entry()? {
            let Some(parameter) = self.0.parameters.iter().find(|own| own.place == ParameterLocation::Body && own.name == *name) else {
                continue;
            };
            match members.iter_mut().find(|(own, _)| *own == parameter.name) {
                // Of several of one name the last counts, as everywhere in JSON.
                Some((_, earlier)) => *earlier = member,
                None => members.push((&parameter.name, member)),
            }
        }
        Ok(Members(members))
    }
}
