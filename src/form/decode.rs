//! The way back: a request as a server receives it, made into a form. The emulator checks it with the same rules.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use thiserror::Error;

use super::{Form, Value, assign, json};
use crate::catalog::{Items, Operation, Parameter, Place, Type};
use crate::wire::{Request, decode_path, parse_query};

/// Why a request is not a form.
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
    let received = Received { request, path, query: parse_query(request.query()), body: body(operation, request)? };
    let values = operation.parameters.iter().map(|parameter| received.value(parameter)).collect();
    Ok(Form { operation: operation.clone(), values })
}

/// The values of a path's parameters, decoded: a path against an operation's, segment by segment. `None` when it is another's.
pub fn path_values(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut values = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(values),
            (Some(pattern), Some(segment)) => match pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(_) if segment.is_empty() => return None,
                Some(name) => values.push((name.to_owned(), String::from_utf8_lossy(&decode_path(segment)).into_owned())),
                None if pattern == segment => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

/// A request taken apart.
struct Received<'a> {
    request: &'a Request,
    path: &'a [(String, String)],
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    body: Map<String, Json>,
}

impl Received<'_> {
    fn value(&self, parameter: &Parameter) -> Value {
        let name = &parameter.name;
        match parameter.place {
            Place::Path => first(self.path, name).map(|text| typed(parameter, text)),
            Place::Query => first(&self.query, name).map(|text| typed(parameter, text)),
            Place::Header => self.request.headers.get(name).map(|bytes| typed(parameter, String::from_utf8_lossy(bytes).trim())),
            Place::Body => self.body.get(name).map(|member| json::value(parameter, member)),
        }
        .unwrap_or_default()
    }
}

fn first<'a, T: AsRef<str>>(pairs: &'a [(T, T)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(given, _)| given.as_ref() == name).map(|(_, value)| value.as_ref())
}

/// A text of the path, the query or a header as a value of the parameter's type; what does not fit stays a text.
fn typed(parameter: &Parameter, text: &str) -> Value {
    let fitting = match (parameter.kind, parameter.items) {
        (Type::Boolean, _) => assign::flag(text).map(Value::Flag),
        (Type::List, Items::String) => list(text).map(Value::List),
        _ => None,
    };
    fitting.unwrap_or_else(|| Value::Text(text.to_owned()))
}

fn list(text: &str) -> Option<Vec<String>> {
    json::texts(serde_json::from_str::<Json>(text).ok()?.as_array()?)
}

fn body(operation: &Operation, request: &Request) -> Result<Map<String, Json>, DecodeError> {
    let takes_a_body = operation.parameters.iter().any(|parameter| parameter.place == Place::Body);
    if !takes_a_body || request.body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(&request.body).map_err(|error| DecodeError::Body(error.to_string()))
}
