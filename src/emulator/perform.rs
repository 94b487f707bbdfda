//! Carrying an operation out: check the parameters, do what it does, answer.

use std::sync::{Arc, Mutex};

use super::accounts::Caller;
use super::effect::{Outcome, carry_out, prepare};
use super::facts::{Facts, Station};
use super::ids::Fresh;
use super::ledger::Unkept;
use super::locked::locked;
use super::names::Names;
use super::properties::Properties;
use super::refusal::Refusal;
use super::respond::respond;
use super::world::World;
use crate::catalog::Condition;
use crate::form::{Context, Finding, FindingKind, Form, validate};
use crate::wire::Response;

/// An operation that somebody may carry out.
pub(super) struct Act<'a> {
    /// Where it arrived.
    pub station: &'a Station,
    /// The parameters.
    pub form: &'a Form,
    /// Who calls.
    pub caller: &'a Caller,
    /// Facts of the request.
    pub facts: &'a Facts,
}

/// Carries an operation out.
pub(super) fn perform(act: &Act<'_>, world: &Mutex<World>, ids: &Fresh<'_>) -> Result<Response, Refusal> {
    check(act)?;
    let mut names = Names::new(act, ids);
    let listed = decided(act, world, &mut names)?;
    Ok(respond(act, &names, listed.as_deref()))
}

/// Finds out what the operation does and does it, in one hold of the world: nothing comes between the two.
fn decided(act: &Act<'_>, world: &Mutex<World>, names: &mut Names<'_>) -> Result<Option<Vec<Arc<Properties>>>, Refusal> {
    let emulate = act.form.operation.emulate.as_ref();
    if let Some(emulate) = emulate {
        prepare(emulate, names);
    }
    let world = &mut *locked(world);
    let outcome = match emulate {
        Some(emulate) => carry_out(act, emulate, names, world)?,
        None => Outcome::default(),
    };
    world.commit(outcome.changes, names.given_out()).map_err(|error| unkept(&error))?;
    Ok(outcome.listed)
}

/// The refusal of a change that cannot be kept: nothing has changed.
fn unkept(error: &Unkept) -> Refusal {
    Refusal::of(Condition::InternalError).because(format!("the emulator cannot keep the change: {error}"))
}

/// Refuses what breaks the rules: what is missing before what is wrong.
fn check(act: &Act<'_>) -> Result<(), Refusal> {
    let findings = validate(act.form, Context { region: &act.station.region });
    let missing = findings.iter().find(|finding| finding.kind == FindingKind::Missing);
    match missing.or_else(|| findings.iter().find(|finding| refuses(finding))) {
        Some(finding) => Err(refusal(finding)),
        None => Ok(()),
    }
}

/// Whether the vendor refuses it. A doubtful one is refused when the catalog names the code that the vendor would answer.
fn refuses(finding: &Finding) -> bool {
    finding.severity == crate::catalog::Severity::Error || finding.code.is_some()
}

fn refusal(finding: &Finding) -> Refusal {
    // The vendor names the parameter; what is wrong with its value, in our words, goes to the log alone.
    let refusal = match (&finding.code, finding.kind) {
        (Some(code), _) => Refusal::with_code(code),
        (None, FindingKind::Missing) => Refusal::of(Condition::MissingParameter),
        (None, _) => Refusal::of(Condition::InvalidParameter),
    };
    refusal.about(&finding.parameter).because(format!("{}: {}{}", finding.parameter, finding.place(), finding.message))
}
