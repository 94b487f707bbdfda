//! The checks: what an experienced engineer examines when a call failed, in that order, with the findings.

use super::category::Category;
use super::vendor_error::VendorError;
use super::{Explanation, ExplanationContext, clock, endpoint, key, network, permission, refusal, throttle, token};
use crate::catalog::{Operation, Provider};
use crate::exchange::Exchange;
use crate::lab::Cause;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There was nothing to look at.
    Idle,
    /// Nothing is wrong with it.
    Fine,
    /// Something is odd, which does not explain this failure by itself.
    Odd,
    /// It explains the failure.
    Found,
}

impl State {
    /// Returns the word of the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "not-applicable",
            Self::Fine => "fine",
            Self::Odd => "odd",
            Self::Found => "found",
        }
    }

    /// Returns the mark before the line.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Idle => "–",
            Self::Fine => "✓",
            Self::Odd => "!",
            Self::Found => "✗",
        }
    }
}

/// A check that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The name of the check, in a word or two.
    pub name: &'static str,
    /// The part that was examined.
    pub looked_at: &'static str,
    /// Set when it can find what the vendor's code does not say by itself.
    pub adds_to_code: bool,
    /// The result.
    pub state: State,
    /// The finding, or why there was nothing to see.
    pub says: String,
    /// The remedy; empty unless something was found or is odd.
    pub remedy: String,
}

/// A check.
struct Check {
    name: &'static str,
    looks_at: &'static str,
    adds_to_code: bool,
    look: fn(&CheckInput<'_>) -> CheckResult,
}

const fn adds_to_code(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, adds_to_code: true, look }
}

const fn named(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, adds_to_code: false, look }
}

/// The checks in their order: the first that finds something is the likely cause.
const CHECKS: [Check; 12] = [
    adds_to_code("clock", "the date header of the answer, the date in the request", clock::check),
    adds_to_code("key", "the shape of the access key id, whether the vendor knows it", key::shape),
    adds_to_code("white space", "the credentials of the profile", key::white_space),
    adds_to_code("token", "whether there is one, how long it holds, for which project, from which service", token::check),
    adds_to_code("endpoint", "the host, the region, the scope of the signature", endpoint::check),
    named("signature", "what the vendor says of it", refusal::signature),
    adds_to_code("permission", "what was denied to whom", permission::check),
    named("parameter", "which field the vendor speaks of", refusal::parameter),
    named("quota", "what the vendor says of it", refusal::quota),
    adds_to_code("throttling", "the code, retry-after and rate-limit headers", throttle::check),
    named("vendor", "whether it is the vendor's own trouble", network::vendor),
    named("network", "the connection, who answered, traces of a proxy", network::network),
];

/// The input of the checks.
pub(super) struct CheckInput<'a> {
    pub(super) provider: &'a Provider,
    pub(super) operation: Option<&'a Operation>,
    pub(super) exchange: &'a Exchange,
    pub(super) known: &'a ExplanationContext<'a>,
    /// The vendor's error; `None` when no answer came or somebody else answered.
    pub(super) vendor_error: Option<VendorError<'a>>,
    /// The difference between our signature and the text that the server shows.
    pub(super) signature: Option<Cause>,
}

impl CheckInput<'_> {
    /// Returns what the vendor's error is about.
    pub(super) fn category(&self) -> Option<Category> {
        self.vendor_error.as_ref().map(|vendor_error| vendor_error.category)
    }

    /// Returns whether the vendor refused the caller: who it is, the signature, or its date.
    pub(super) fn refuses_caller(&self) -> bool {
        self.category().is_some_and(Category::is_about_caller)
    }
}

/// The finding of a check.
pub(super) struct CheckResult {
    state: State,
    says: String,
    remedy: String,
}

impl CheckResult {
    pub(super) fn idle(why: impl Into<String>) -> Self {
        Self { state: State::Idle, says: why.into(), remedy: String::new() }
    }

    pub(super) fn fine(says: impl Into<String>) -> Self {
        Self { state: State::Fine, says: says.into(), remedy: String::new() }
    }

    pub(super) fn odd(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Odd, says: says.into(), remedy: remedy.into() }
    }

    pub(super) fn found(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Found, says: says.into(), remedy: remedy.into() }
    }

    /// Creates a finding when it explains the failure, else an oddity.
    pub(super) fn found_or_odd(explains: bool, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        if explains { Self::found(says, remedy) } else { Self::odd(says, remedy) }
    }
}

/// Makes every check.
pub(super) fn all(case: &CheckInput<'_>, base: &Explanation) -> Vec<Checked> {
    let checked = |check: &Check| {
        let CheckResult { state, says, remedy } = (check.look)(case);
        Checked { name: check.name, looked_at: check.looks_at, adds_to_code: check.adds_to_code, state, says, remedy }
    };
    let mut made: Vec<_> = CHECKS.iter().map(checked).collect();
    if let Some(cause) = &case.signature {
        made.iter_mut().filter(|checked| !refusal::is_compatible(checked.name, cause)).for_each(downgrade);
    }
    let field = base.parameter.as_deref();
    for field_sentence in made.iter_mut().filter(|checked| checked.name == "parameter" && checked.state == State::Found) {
        field_sentence.says = refusal::field_sentence(field, &field_sentence.says);
    }
    made
}

/// Lowers a finding to an oddity: another check knows the cause.
fn downgrade(checked: &mut Checked) {
    if checked.state == State::Found {
        checked.state = State::Odd;
    }
}
