//! Making a form into a plan: the unsigned request.

use std::borrow::Cow;

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use thiserror::Error;

use super::{Form, Value, json};
use crate::catalog::{Constant, Parameter, ParameterLocation, Provider, Type};
use crate::text::quoted_char;
use crate::wire::{Endpoint, Headers, Request, encode};

/// The `user-agent` of our requests.
pub const USER_AGENT: &str = concat!("skydeck/", env!("CARGO_PKG_VERSION"));

/// An unsigned request, and what must be known to sign and send it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The provider's id.
    pub provider: String,
    /// The operation's id.
    pub operation: String,
    /// Set when it changes something.
    pub changes: bool,
    /// The request: `host`, constants, `accept`, `user-agent`, and with a body `content-type` and `content-length`.
    pub request: Request,
}

/// An error from planning a request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PlanError {
    /// A parameter of the path has no value.
    #[error("{0} stands in the path and has no value")]
    EmptyPath(String),
    /// A value written as JSON is not JSON.
    #[error("{name}: not JSON: {reason}")]
    NotJson {
        /// The parameter.
        name: String,
        /// The parser's message.
        reason: String,
    },
    /// A value cannot travel where its parameter stands: an object in a query, a line break in a header, `..` as a path segment.
    #[error("{name}: {reason}")]
    CannotTravel {
        /// The parameter.
        name: String,
        /// The reason.
        reason: String,
    },
}

/// Builds the request to a server.
///
/// # Errors
/// [`PlanError`] when a value cannot travel. What merely breaks a rule is built all the same: sending it is the operator's choice.
pub fn plan(provider: &Provider, form: &Form, endpoint: &Endpoint) -> Result<Plan, PlanError> {
    let operation = &form.operation;
    let draft = Draft { provider, form };
    let body = draft.body()?;
    let request = Request {
        method: operation.method.clone(),
        target: draft.target()?,
        headers: draft.headers(endpoint, body.as_deref())?,
        body: body.map_or_else(Bytes::new, Bytes::from),
    };
    Ok(Plan { provider: provider.id.clone(), operation: operation.id.clone(), changes: operation.changes, request })
}

/// A request being built.
#[derive(Clone, Copy)]
struct Draft<'a> {
    provider: &'a Provider,
    form: &'a Form,
}

impl<'a> Draft<'a> {
    fn target(self) -> Result<String, PlanError> {
        let mut target = self.path()?;
        let mut mark = '?';
        for (name, value) in self.query()? {
            target.push(mark);
            target.push_str(&encode(name));
            target.push('=');
            target.push_str(&encode(&*value));
            mark = '&';
        }
        Ok(target)
    }

    fn path(self) -> Result<String, PlanError> {
        let segments = self.form.operation.path.split('/').map(|segment| self.segment(segment));
        Ok(segments.collect::<Result<Vec<_>, _>>()?.join("/"))
    }

    /// Returns one segment of the path, its `{Name}`s filled in.
    fn segment(self, pattern: &str) -> Result<String, PlanError> {
        let mut filled = pattern.to_owned();
        let named = self.set(ParameterLocation::Path).filter(|(parameter, _)| pattern.contains(&mark(parameter)));
        for (parameter, value) in named {
            let text = scalar(parameter, value)?;
            if text.is_empty() {
                return Err(PlanError::EmptyPath(parameter.name.clone()));
            }
            filled = filled.replace(&mark(parameter), &encode(&*text));
            if matches!(filled.as_str(), "." | "..") {
                return Err(cannot_travel(
                    parameter,
                    format!("`{filled}` as a path segment is a way up or nowhere, and would be taken out"),
                ));
            }
        }
        match self.parameters(ParameterLocation::Path).find(|(parameter, _)| filled.contains(&mark(parameter))) {
            Some((parameter, _)) => Err(PlanError::EmptyPath(parameter.name.clone())),
            None => Ok(filled),
        }
    }

    fn query(self) -> Result<Vec<(&'a str, Cow<'a, str>)>, PlanError> {
        let constants = self.constants(ParameterLocation::Query).map(|(name, value)| Ok((name, Cow::Owned(value))));
        let parameters =
            self.set(ParameterLocation::Query).map(|(parameter, value)| Ok((parameter.name.as_str(), scalar(parameter, value)?)));
        constants.chain(parameters).collect()
    }

    fn headers(self, endpoint: &Endpoint, body: Option<&str>) -> Result<Headers, PlanError> {
        let mut headers = Headers::new();
        headers.push("host", endpoint.authority());
        headers.push("user-agent", USER_AGENT);
        for (name, value) in self.constants(ParameterLocation::Header) {
            headers.push(name.to_ascii_lowercase(), value);
        }
        for (parameter, value) in self.set(ParameterLocation::Header) {
            headers.push(parameter.name.to_ascii_lowercase(), &*printable(parameter, scalar(parameter, value)?)?);
        }
        if !headers.contains("accept") {
            // The HTTP library would add it, and the preview must be what goes out.
            headers.push("accept", "*/*");
        }
        if body.is_some() {
            headers.push("content-type", self.provider.content_type.as_str());
        }
        if body.is_some() || matches!(self.form.operation.method.as_str(), "POST" | "PUT" | "PATCH") {
            headers.push("content-length", body.map_or(0, str::len).to_string());
        }
        Ok(headers)
    }

    fn body(self) -> Result<Option<String>, PlanError> {
        let members = self.set(ParameterLocation::Body).map(|(parameter, value)| {
            let name = Json::from(parameter.name.as_str());
            Ok(format!("{name}:{}", member(parameter, value)?))
        });
        let members = members.collect::<Result<Vec<_>, PlanError>>()?;
        let has_body = self.form.operation.always_body || !members.is_empty();
        Ok(has_body.then(|| format!("{{{}}}", members.join(","))))
    }

    fn constants(self, place: ParameterLocation) -> impl Iterator<Item = (&'a str, String)> {
        let all = self.provider.constants.iter().chain(&self.form.operation.constants);
        all.filter(move |constant| constant.place == place).map(move |constant| (constant.name.as_str(), self.filled(constant)))
    }

    fn filled(self, constant: &Constant) -> String {
        constant.value.replace("{operation}", &self.form.operation.id).replace("{version}", &self.provider.version)
    }

    fn parameters(self, place: ParameterLocation) -> impl Iterator<Item = (&'a Parameter, &'a Value)> {
        let all = self.form.operation.parameters.iter().zip(&self.form.values);
        all.filter(move |(parameter, _)| parameter.place == place)
    }

    fn set(self, place: ParameterLocation) -> impl Iterator<Item = (&'a Parameter, &'a Value)> {
        self.parameters(place).filter(|(_, value)| **value != Value::Unset)
    }
}

/// Returns the mark of a parameter in a path.
fn mark(parameter: &Parameter) -> String {
    format!("{{{}}}", parameter.name)
}

/// Returns a value as one text, for a path, a query or a header. A list travels in a query as compact JSON.
fn scalar<'a>(parameter: &Parameter, value: &'a Value) -> Result<Cow<'a, str>, PlanError> {
    match value {
        Value::Text(text) => Ok(Cow::Borrowed(text)),
        Value::Flag(flag) => Ok(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::List(elements) => list(parameter, &Json::from(elements.as_slice())),
        Value::Json(text) => scalar_json(parameter, text),
        Value::Unset | Value::Rows(_) => Err(misplaced(parameter, "an object")),
    }
}

fn scalar_json<'a>(parameter: &Parameter, text: &'a str) -> Result<Cow<'a, str>, PlanError> {
    match serde_json::from_str(text).map_err(|error| not_json(parameter, &error))? {
        Json::String(text) => Ok(Cow::Owned(text)),
        // As it was written: a number keeps every digit.
        Json::Bool(_) | Json::Number(_) => Ok(Cow::Borrowed(text.trim())),
        list @ Json::Array(_) => self::list(parameter, &list),
        Json::Object(_) => Err(misplaced(parameter, "an object")),
        Json::Null => Err(misplaced(parameter, "null")),
    }
}

fn list<'a>(parameter: &Parameter, list: &Json) -> Result<Cow<'a, str>, PlanError> {
    if parameter.place == ParameterLocation::Query { Ok(Cow::Owned(list.to_string())) } else { Err(misplaced(parameter, "a list")) }
}

/// Returns a value as the JSON of a member of the body.
fn member(parameter: &Parameter, value: &Value) -> Result<String, PlanError> {
    let json = match value {
        Value::Unset => Json::Null,
        Value::Text(text) if parameter.kind == Type::Integer => json::integer(text),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Flag(flag) => Json::from(*flag),
        Value::List(elements) => Json::from(elements.as_slice()),
        Value::Rows(rows) => objects(parameter, rows),
        Value::Json(text) => return raw(parameter, text),
    };
    Ok(json.to_string())
}

fn objects(parameter: &Parameter, rows: &[super::Row]) -> Json {
    let mut objects = rows.iter().map(|row| Json::Object(json::object(&parameter.members, row)));
    match (parameter.kind, rows.len()) {
        (Type::Object, 0 | 1) => objects.next().unwrap_or_else(|| Json::Object(serde_json::Map::new())),
        _ => objects.collect(),
    }
}

/// Returns JSON exactly as it was written, once it is known to be JSON.
fn raw(parameter: &Parameter, text: &str) -> Result<String, PlanError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| not_json(parameter, &error))?;
    Ok(text.trim().to_owned())
}

fn printable<'a>(parameter: &Parameter, value: Cow<'a, str>) -> Result<Cow<'a, str>, PlanError> {
    let odd = value.chars().enumerate().find(|(_, c)| *c != ' ' && !c.is_ascii_graphic());
    if let Some((at, c)) = odd {
        return Err(cannot_travel(parameter, format!("{} at {}: a header takes only printable ASCII characters", quoted_char(c), at + 1)));
    }
    if value.trim() != &*value {
        return Err(cannot_travel(parameter, "a header loses the spaces at the ends of its value".to_owned()));
    }
    Ok(value)
}

fn not_json(parameter: &Parameter, error: &serde_json::Error) -> PlanError {
    PlanError::NotJson { name: parameter.name.clone(), reason: error.to_string() }
}

fn misplaced(parameter: &Parameter, what: &str) -> PlanError {
    cannot_travel(parameter, format!("{what} cannot stand in the {}", parameter.place.name()))
}

fn cannot_travel(parameter: &Parameter, reason: String) -> PlanError {
    PlanError::CannotTravel { name: parameter.name.clone(), reason }
}
