//! Carrying an operation out: check the parameters, do what it does, answer.

use std::sync::Arc;

use parking_lot::Mutex;

use super::change_log::StoreError;
use super::effect::{Outcome, carry_out, prepare};
use super::properties::Properties;
use super::respond::respond;
use super::store::ResourceStore;
use super::template_variables::TemplateVariables;
use crate::catalog::Condition;
use crate::emulator::auth::accounts::Caller;
use crate::emulator::ids::FreshIds;
use crate::emulator::refusal::Refusal;
use crate::emulator::request_context::{ProviderContext, RequestContext};
use crate::form::{Diagnostic, DiagnosticKind, Form, ValidationContext, validate};
use crate::wire::Response;

/// An operation that somebody may carry out.
pub(crate) struct OperationContext<'a> {
    /// The port's provider.
    pub provider_context: &'a ProviderContext,
    /// The parameters.
    pub form: &'a Form,
    /// The caller.
    pub caller: &'a Caller,
    /// Facts of the request.
    pub request_context: &'a RequestContext,
}

/// Carries an operation out.
pub(crate) fn perform(
    operation_context: &OperationContext<'_>,
    resource_store: &Mutex<ResourceStore>,
    ids: &FreshIds<'_>,
) -> Result<Response, Refusal> {
    check(operation_context)?;
    let mut names = TemplateVariables::new(operation_context, ids);
    let listed = decided(operation_context, resource_store, &mut names)?;
    Ok(respond(operation_context, &names, listed.as_deref()))
}

/// Finds out what the operation does and does it, in one hold of the world: nothing comes between the two.
fn decided(
    operation_context: &OperationContext<'_>,
    resource_store: &Mutex<ResourceStore>,
    names: &mut TemplateVariables<'_>,
) -> Result<Option<Vec<Arc<Properties>>>, Refusal> {
    let emulate = operation_context.form.operation.emulate.as_ref();
    if let Some(emulate) = emulate {
        prepare(emulate, names);
    }
    let resource_store = &mut *resource_store.lock();
    let outcome = match emulate {
        Some(emulate) => carry_out(operation_context, emulate, names, resource_store)?,
        None => Outcome::default(),
    };
    resource_store.commit(outcome.changes, names.given_out()).map_err(|error| not_stored(&error))?;
    Ok(outcome.listed)
}

/// Returns the refusal of a change that cannot be kept: nothing has changed.
fn not_stored(error: &StoreError) -> Refusal {
    Refusal::of(Condition::InternalError).because(format!("the emulator cannot keep the change: {error}"))
}

/// Refuses what breaks the rules: what is missing before what is wrong.
fn check(operation_context: &OperationContext<'_>) -> Result<(), Refusal> {
    let findings = validate(operation_context.form, ValidationContext { region: &operation_context.provider_context.region });
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
        (None, DiagnosticKind::Missing) => Refusal::of(Condition::MissingParameter),
        (None, _) => Refusal::of(Condition::InvalidParameter),
    };
    refusal.about(&finding.parameter).because(format!("{}: {}{}", finding.parameter, finding.place(), finding.message))
}
