//! Rules on several parameters at once.

use crate::catalog::{JointCheck, JointRule, Parameter};
use crate::form::{Diagnostic, DiagnosticKind, Form, Value};

/// Returns the mistakes of the joints whose first parameter is `parameter`.
pub(super) fn findings<'a>(form: &'a Form, parameter: &'a Parameter) -> impl Iterator<Item = Diagnostic> + 'a {
    let own = form.operation.joints.iter().filter(|joint| first(&joint.check) == Some(&*parameter.name));
    own.filter(|joint| broken(&joint.check, form)).map(|joint| finding(joint, parameter))
}

fn first(check: &JointCheck) -> Option<&str> {
    match check {
        JointCheck::AnyOf(names) | JointCheck::AtMostOne(names) => names.first().map(String::as_str),
        JointCheck::Overrides(first, _) => Some(first),
    }
}

fn broken(check: &JointCheck, form: &Form) -> bool {
    let given = |name: &String| form.value(name).is_some_and(Value::is_given);
    match check {
        JointCheck::AnyOf(names) => !names.iter().any(given),
        JointCheck::AtMostOne(names) => names.iter().filter(|name| given(name)).count() > 1,
        JointCheck::Overrides(first, second) => given(first) && given(second),
    }
}

fn finding(joint: &JointRule, parameter: &Parameter) -> Diagnostic {
    Diagnostic {
        parameter: parameter.name.clone(),
        element: None,
        kind: DiagnosticKind::Joint,
        severity: joint.severity,
        message: joint.otherwise.clone(),
        at: None,
        source: joint.source.clone(),
        code: joint.code.clone(),
    }
}
