//! From a resource to the parameters of a call about it.

use std::sync::Arc;

use serde_json::Value;

use crate::catalog::as_text;
use crate::catalog::template::member;
use crate::catalog::{JsonRef, Operation, Parameter, ResourceCall, Type};
use crate::form::{self, Form};

/// Returns the form of a call about a resource: what the catalog fills in, the rest unset.
pub(super) fn filled(operation: &Arc<Operation>, deed: &ResourceCall, resource: &Value) -> Form {
    let mut form = Form::new(Arc::clone(operation));
    for (name, template) in &deed.fill {
        let value = template.evaluate(&mut |mark| member(resource, &mark.name()).map(JsonRef::from)).map(JsonRef::into_value);
        let parameter = operation.parameter(name);
        if let (Some(value), Some(parameter)) = (value.filter(|value| !is_nothing(value)), parameter) {
            form.set(name, form::Value::from_json(parameter, &fitting(parameter, value)));
        }
    }
    form
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// Returns an identifier that is a number in an answer and a text in a request.
fn fitting(parameter: &Parameter, value: Value) -> Value {
    match value {
        Value::Number(_) | Value::Bool(_) if parameter.kind == Type::String => Value::from(as_text(&value)),
        other => other,
    }
}
