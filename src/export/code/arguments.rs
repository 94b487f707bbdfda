//! The parameters that a request carries, read back from its bytes.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::catalog::{Operation, Parameter, ParameterLocation, Type};
use crate::export::{ExportInput, Secrets};
use crate::wire::{Request, decode_path, parse_query};

/// A parameter and its value.
#[derive(Clone, Debug)]
pub(super) struct Argument<'a> {
    /// The parameter.
    pub parameter: &'a Parameter,
    /// Its value, secrets masked.
    pub value: Value,
}

/// The parameters that a request carries.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments<'a> {
    /// The parameters that are set, in the order of the operation.
    pub given: Vec<Argument<'a>>,
    /// The parts that the tool cannot express, a sentence each.
    pub left_out: Vec<String>,
}

impl<'a> Arguments<'a> {
    /// Reads the request of an exchange.
    pub(super) fn read(operation: &'a Operation, subject: &ExportInput<'_>) -> Self {
        let request = &subject.exchange.request;
        let mut arguments = Self::default();
        let source = Source { request, query: parse_query(request.query()), body: arguments.body(operation, request) };
        for parameter in &operation.parameters {
            let Some(value) = source.value(operation, parameter) else { continue };
            let value = arguments.masked(parameter, value, subject.secrets);
            arguments.given.push(Argument { parameter, value });
        }
        let stray = source.body.keys().filter(|name| operation.parameter(name).is_none_or(|known| known.place != ParameterLocation::Body));
        arguments.left_out.extend(stray.map(|name| format!("left out: {name}, which is no parameter of {}", operation.id)));
        arguments
    }

    /// Returns the body's members; what is no JSON object cannot be said.
    fn body(&mut self, operation: &Operation, request: &Request) -> Map<String, Value> {
        let expected = operation.parameters.iter().any(|parameter| parameter.place == ParameterLocation::Body) || operation.always_body;
        if request.body.is_empty() {
            return Map::new();
        }
        serde_json::from_slice(&request.body).unwrap_or_else(|_| {
            let what = if expected { "is no JSON object" } else { "belongs to no parameter" };
            self.left_out.push(format!("left out: the body of {} bytes, which {what}", request.body.len()));
            Map::new()
        })
    }

    /// Returns a value without its secrets, and a word on it where there were any.
    fn masked(&mut self, parameter: &Parameter, value: Value, secrets: Secrets<'_>) -> Value {
        let member = serde_json::json!({ parameter.name.as_str(): value }).to_string();
        let masked = secrets.text(&member);
        if masked == member && (!parameter.sensitive || secrets.shown()) {
            return value;
        }
        self.left_out.push(format!("covered: {} holds a secret; put it in", parameter.name));
        let read: Option<Map<String, Value>> = serde_json::from_str(&masked).ok();
        let read = read.and_then(|mut members| members.remove(&parameter.name)).filter(|masked| *masked != value);
        read.unwrap_or_else(|| crate::secret::MASK.into())
    }
}

/// A request taken apart.
struct Source<'a> {
    request: &'a Request,
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    body: Map<String, Value>,
}

impl Source<'_> {
    fn value(&self, operation: &Operation, parameter: &Parameter) -> Option<Value> {
        let name = parameter.name.as_str();
        match parameter.place {
            ParameterLocation::Body => self.body.get(name).cloned(),
            ParameterLocation::Query => self.query.iter().find(|(given, _)| given == name).map(|(_, value)| typed(parameter, value)),
            ParameterLocation::Path => self.in_path(operation, name).map(|value| typed(parameter, &value)),
            ParameterLocation::Header => self.request.headers.get(name).map(|value| typed(parameter, &String::from_utf8_lossy(value))),
        }
    }

    /// Returns what stands in the path where the operation's path has `{name}`.
    fn in_path(&self, operation: &Operation, name: &str) -> Option<String> {
        let mark = format!("{{{name}}}");
        let at = operation.path.split('/').position(|segment| segment == mark)?;
        let segment = self.request.path().split('/').nth(at)?;
        Some(String::from_utf8_lossy(&decode_path(segment)).into_owned())
    }
}

/// Returns a text as a value of the parameter's type; what does not fit stays a text.
fn typed(parameter: &Parameter, text: &str) -> Value {
    let fits = |value: &Value| match parameter.kind {
        Type::Boolean => value.is_boolean(),
        Type::Integer => value.is_i64() || value.is_u64(),
        Type::List => value.is_array(),
        Type::Object => value.is_object(),
        Type::String | Type::Enum => false,
    };
    serde_json::from_str(text).ok().filter(fits).unwrap_or_else(|| text.into())
}
