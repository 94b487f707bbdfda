//! The command line's `NAME=VALUE` and `NAME:=JSON`, put into a form.

use serde::de::IgnoredAny;
use thiserror::Error;

use super::{Form, Row, Value, json};
use crate::catalog::{Items, Parameter, Type};
use crate::text::{brief, did_you_mean, nearest};

/// One argument of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `NAME=VALUE`: the value as text; repeated for a list, it adds an element.
    Text(String, String),
    /// `NAME:=JSON`: the value as JSON.
    Json(String, String),
}

/// An error from parsing an assignment or applying it to the operation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AssignmentError {
    /// Neither `=` nor `:=` in it.
    #[error("`{}` is not NAME=VALUE (or NAME:=JSON)", brief(.0))]
    NotAnAssignment(String),
    /// The operation has no such parameter. Holds the nearest names.
    #[error("{operation} has no parameter `{}`{}", brief(.name), did_you_mean(.near))]
    Unknown {
        /// The operation's id.
        operation: String,
        /// The name given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// The JSON is not JSON.
    #[error("{name}: not JSON: {reason}")]
    NotJson {
        /// The parameter's name.
        name: String,
        /// The parser's message.
        reason: String,
    },
    /// Given twice, and not a list.
    #[error("{0} is given twice, and is not a list")]
    Twice(String),
    /// An object's member given twice.
    #[error("{name}: {member} is given twice in `{value}`")]
    MemberTwice {
        /// The parameter's name.
        name: String,
        /// The member's.
        member: String,
        /// The object as it was written.
        value: String,
    },
    /// A list given as JSON and once more: which of the two is meant is not plain.
    #[error("{0} is given as JSON and once more: JSON gives the whole list")]
    TwiceWithJson(String),
}

impl Assignment {
    /// Reads `NAME=VALUE` or `NAME:=JSON`; the first `=` counts.
    ///
    /// # Errors
    /// [`AssignmentError::NotAnAssignment`] when there is no `=`, or no name before it.
    pub fn parse(argument: &str) -> Result<Self, AssignmentError> {
        let wrong = || AssignmentError::NotAnAssignment(argument.to_owned());
        let (left, value) = argument.split_once('=').ok_or_else(wrong)?;
        let (name, make): (_, fn(String, String) -> Self) = match left.strip_suffix(':') {
            Some(name) => (name, Self::Json),
            None => (left, Self::Text),
        };
        if name.is_empty() { Err(wrong()) } else { Ok(make(name.to_owned(), value.to_owned())) }
    }

    fn name(&self) -> &str {
        match self {
            Self::Text(name, _) | Self::Json(name, _) => name,
        }
    }
}

/// Puts arguments of the command line into a form. What stood in a parameter before is replaced.
///
/// The object of a parameter that takes objects may be written `Key=env,Value=prod`; repeated for a list, it adds one.
///
/// # Errors
/// [`AssignmentError`] of the first argument that does not fit.
pub fn assign(form: &mut Form, assignments: &[Assignment]) -> Result<(), AssignmentError> {
    let operation = form.operation.clone();
    let mut given = vec![Value::Unset; operation.parameters.len()];
    for assignment in assignments {
        let at = operation.position(assignment.name()).ok_or_else(|| unknown(form, assignment.name()))?;
        let before = std::mem::take(&mut given[at]);
        given[at] = value(&operation.parameters[at], assignment, before)?;
    }
    for (own, given) in form.values.iter_mut().zip(given) {
        if given != Value::Unset {
            *own = given;
        }
    }
    Ok(())
}

fn unknown(form: &Form, name: &str) -> AssignmentError {
    let names = form.operation.parameters.iter().map(|parameter| parameter.name.as_str());
    AssignmentError::Unknown { operation: form.operation.id.clone(), name: name.to_owned(), near: nearest(name, names) }
}

/// Returns the value of an assignment; `before` is what an earlier argument gave the same parameter.
fn value(parameter: &Parameter, assignment: &Assignment, before: Value) -> Result<Value, AssignmentError> {
    let given = match assignment {
        Assignment::Text(_, text) => single(parameter, typed(parameter, text), text)?,
        Assignment::Json(_, text) => json(parameter, text)?,
    };
    match (before, given) {
        (Value::Unset, given) => Ok(given),
        (Value::List(mut list), Value::List(more)) => {
            list.extend(more);
            Ok(Value::List(list))
        }
        (Value::Rows(mut rows), Value::Rows(more)) if parameter.kind == Type::List => {
            rows.extend(more);
            Ok(Value::Rows(rows))
        }
        (before, given) => Err(twice(parameter, &[before, given])),
    }
}

fn twice(parameter: &Parameter, values: &[Value]) -> AssignmentError {
    let with_json = values.iter().any(|value| matches!(value, Value::Json(_)));
    let name = parameter.name.clone();
    if with_json && parameter.kind == Type::List { AssignmentError::TwiceWithJson(name) } else { AssignmentError::Twice(name) }
}

fn json(parameter: &Parameter, text: &str) -> Result<Value, AssignmentError> {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(Value::Json(text.to_owned())),
        Err(error) => Err(AssignmentError::NotJson { name: parameter.name.clone(), reason: error.to_string() }),
    }
}

/// Converts a text to a value of the parameter's type. What does not fit stays a text, and `validate` reports it.
fn typed(parameter: &Parameter, text: &str) -> Value {
    let fitting = match (parameter.kind, parameter.items) {
        (Type::Boolean, _) => json::flag(text).map(Value::Flag),
        (Type::List, Items::String) => Some(Value::List(vec![text.to_owned()])),
        (Type::Object, _) | (Type::List, Items::Object) => row(text).map(|row| Value::Rows(vec![row])),
        _ => None,
    };
    fitting.unwrap_or_else(|| Value::Text(text.to_owned()))
}

/// Returns the value, unless an object in it has a member twice: one of the two would be lost.
fn single(parameter: &Parameter, value: Value, text: &str) -> Result<Value, AssignmentError> {
    let Value::Rows(rows) = &value else { return Ok(value) };
    let again = |row: &Row| (1..row.len()).find(|at| row[..*at].iter().any(|(name, _)| *name == row[*at].0)).map(|at| row[at].0.clone());
    match rows.iter().find_map(again) {
        None => Ok(value),
        Some(member) => Err(AssignmentError::MemberTwice { name: parameter.name.clone(), member, value: brief(text).into_owned() }),
    }
}

/// Reads `Key=env,Value=prod`. A comma belongs to the value before it unless a name and `=` follow.
fn row(text: &str) -> Option<Row> {
    let mut row = Row::new();
    for piece in text.split(',') {
        match (member(piece), row.last_mut()) {
            (Some((name, value)), _) => row.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                value.push(',');
                value.push_str(piece);
            }
            (None, None) => return None,
        }
    }
    Some(row)
}

fn member(piece: &str) -> Option<(&str, &str)> {
    let (name, value) = piece.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    is_name.then_some((name, value))
}
