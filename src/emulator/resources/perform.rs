//! Carrying an operation out: check the parameters, do what it does, answer.

use std::sync::Arc;

use parking_lot::Mutex;

use super::change::StoreError;
use super::context::OperationContext;
use super::effect::{Execution, Outcome, prepare};
use super::properties::Properties;
use super::respond::respond;
use super::store::ResourceStore;
use super::template_variables::TemplateVariables;
use crate::catalog::Condition;
use crate::emulator::refusal::Refusal;
use crate::form::{Diagnostic, DiagnosticKind, ValidationContext, validate};
use crate::wire::Response;

/// Carries an operation out.
pub(crate) fn perform(context: &OperationContext<'_>, resource_store: &Mutex<ResourceStore>) -> Result<Response, Refusal> {
    check(context)?;
    let mut names = TemplateVariables::new(context);
    let listed = decided(context, resource_store, &mut names)?;
    Ok(respond(context, &names, listed.as_deref()))
}

/// Finds out what the operation does and does it, in one hold of the store: nothing comes between the two.
fn decided(
    context: &OperationContext<'_>,
    resource_store: &Mutex<ResourceStore>,
    names: &mut TemplateVariables<'_>,
) -> Result<Option<Vec<Arc<Properties>>>, Refusal> {
    let emulate = context.form.operation.emulate.as_ref();
    if let Some(emulate) = emulate {
        prepare(emulate, names);
    }
    let store = &mut *resource_store.lock();
    let outcome = match emulate {
        Some(emulate) => Execution { context, emulate, names, store }.run()?,
        None => Outcome::default(),
    };
    store.commit(outcome.changes, context.request.ids.issued()).map_err(|error| not_stored(&error))?;
    Ok(outcome.listed)
}

/// Returns the refusal of a change that cannot be kept: nothing has changed.
fn not_stored(error: &StoreError) -> Refusal {
    Refusal::for_condition(Condition::InternalError).with_reason(format!("the emulator cannot keep the change: {error}"))
}

/// Refuses what breaks the rules: what is missing before what is wrong.
fn check(context: &OperationContext<'_>) -> Result<(), Refusal> {
    let findings = validate(context.form, ValidationContext { region: &context.request.provider_context.region });
    let missing = findings.iter().find(|finding| finding.kind == DiagnosticKind::Missing);
    match missing.or_else(|| findings.iter().find(|finding| refuses(finding))) {
        Some(finding) => Err(refusal(finding)),
        None => Ok(()),
    }
}

/// Returns whether the vendor refuses it. A doubtful one is refused when the catalog names the code that the vendor would answer.
fn refuses(finding: &Diagnostic) -> bool {
    finding.severity == crate::catalog::Severity::Error || finding.code.is_some()
}

fn refusal(finding: &Diagnostic) -> Refusal {
    // The vendor names the parameter; what is wrong with its value, in our words, goes to the log alone.
    let refusal = match (&finding.code, finding.kind) {
        (Some(code), _) => Refusal::with_code(code),
        (None, DiagnosticKind::Missing) => Refusal::for_condition(Condition::MissingParameter),
        (None, _) => Refusal::for_condition(Condition::InvalidParameter),
    };
    refusal.with_parameter(&finding.parameter).with_reason(format!("{}: {}{}", finding.parameter, finding.place(), finding.message))
}
