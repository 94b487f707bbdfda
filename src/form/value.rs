//! Values: what stands in a field, and how the command line's `NAME=VALUE` becomes one.

use thiserror::Error;

/// What stands in a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// An object's members that are set, in order: name and text.
pub type Row = Vec<(String, String)>;

/// One argument of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `NAME=VALUE`: the value as text; repeated for a list, it adds an element.
    Text(String, String),
    /// `NAME:=JSON`: the value as JSON.
    Json(String, String),
}

/// Why an argument is not an assignment, or does not fit the operation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AssignmentError {
    /// Neither `=` nor `:=` in it.
    #[error("`{0}` is not NAME=VALUE (or NAME:=JSON)")]
    NotAnAssignment(String),
    /// The operation has no such parameter. Holds the nearest names.
    #[error("{operation} has no parameter `{name}`{}", nearest(.near))]
    Unknown {
        /// The operation's id.
        operation: String,
        /// What was given.
        name: String,
        /// The nearest names, best first.
        near: Vec<String>,
    },
    /// The JSON is not JSON.
    #[error("{name}: not JSON: {reason}")]
    NotJson {
        /// The parameter's name.
        name: String,
        /// What the parser says.
        reason: String,
    },
    /// Given twice, and not a list.
    #[error("{0} is given twice, and is not a list")]
    Twice(String),
}

fn nearest(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(": did you mean {}?", near.join(", ")) }
}

/// Puts arguments of the command line into a form.
///
/// # Errors
/// [`AssignmentError`] of the first argument that does not fit.
pub fn assign(form: &mut super::Form, assignments: &[Assignment]) -> Result<(), AssignmentError> {
    let _ = (form, assignments);
    unimplemented!()
}
