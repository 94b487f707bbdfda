//! A form: an operation with the values being typed; checked against the rules, and made into a plan.

mod assign;
mod decode;
mod flat;
mod json;
mod plan;
pub mod route;
mod validate;
mod value;

use std::sync::Arc;

use crate::catalog::{Operation, Severity};
use crate::secret::Secret;

pub use assign::{Assignment, AssignmentError, assign};
pub use decode::{DecodeError, decode, path_values};
pub use flat::{decode_flat, flat_parameters};
pub use plan::{Plan, PlanError, USER_AGENT, plan};
pub use validate::{ValidationContext, validate};
pub use value::{Row, Value};

/// An operation's parameters with a value each. Knows nothing of cursors and screens.
#[derive(Clone, Debug)]
pub struct Form {
    /// The operation.
    pub operation: Arc<Operation>,
    /// One value for each of [`Operation::parameters`], in their order.
    pub values: Vec<Value>,
}

/// An error or warning about a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The parameter it is about; for a rule on several, the first of them.
    pub parameter: String,
    /// For a list, the element it is about, counted from 0; for a list of objects also the member.
    pub element: Option<(usize, Option<String>)>,
    /// The kind of mistake.
    pub kind: DiagnosticKind,
    /// The severity: the call would fail, or may.
    pub severity: Severity,
    /// The error and its position: `'_' at 7: only a-z and 0-9`.
    pub message: String,
    /// The character it is about, counted from 0.
    pub at: Option<usize>,
    /// The vendor's page that states it.
    pub source: Option<String>,
    /// The vendor's error code for it, if the rule names one.
    pub code: Option<String>,
}

impl Diagnostic {
    /// Returns the row and the member it is about, to stand before its message: `row 2, Key: `; empty for a plain value.
    pub fn place(&self) -> String {
        match &self.element {
            Some((row, Some(member))) => format!("row {}, {member}: ", row + 1),
            Some((row, None)) => format!("row {}: ", row + 1),
            None => String::new(),
        }
    }
}

/// Sorts of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagnosticKind {
    /// A required parameter is missing.
    Missing,
    /// A value is not of the parameter's type.
    Type,
    /// A value breaks a rule.
    Rule,
    /// Several values do not go together.
    Joint,
}

/// Returns the secrets among the values of an operation's parameters, by name.
pub fn secrets<'a>(operation: &'a Operation, values: &'a [(String, Value)]) -> impl Iterator<Item = Secret> + use<'a> {
    let secret = |name: &str| operation.parameter(name).is_some_and(|parameter| parameter.sensitive);
    values.iter().filter(move |(name, _)| secret(name)).flat_map(|(_, value)| value.texts()).map(Secret::new)
}

impl Form {
    /// Creates an empty form.
    pub fn new(operation: Arc<Operation>) -> Self {
        let values = vec![Value::Unset; operation.parameters.len()];
        Self { operation, values }
    }

    /// Returns the value of a parameter, by its exact name.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.operation.position(name).map(|at| &self.values[at])
    }

    /// Returns the values that are set, with the names of their parameters.
    pub fn given(&self) -> Vec<(String, Value)> {
        let named = self.operation.parameters.iter().zip(&self.values).filter(|(_, value)| **value != Value::Unset);
        named.map(|(parameter, value)| (parameter.name.clone(), value.clone())).collect()
    }

    /// Sets a parameter, by its exact name; `false` if the operation has no such parameter.
    pub fn set(&mut self, name: &str, value: Value) -> bool {
        match self.operation.position(name) {
            Some(at) => {
                self.values[at] = value;
                true
            }
            None => false,
        }
    }
}
