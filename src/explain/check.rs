//! The checks: what a good engineer looks at when a call failed, in that order, with what was found.

use super::category::Category;
use super::vendor_error::VendorError;
use super::{Explanation, ExplanationContext, clock, key, network, permission, place, refused, throttle, token};
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

    /// Returns the sign before the line.
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
    /// Whether it finds what the vendor's code does not say by itself.
    pub beyond: bool,
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
    beyond: bool,
    look: fn(&CheckInput<'_>) -> CheckResult,
}

const fn beyond(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, beyond: true, look }
}

const fn named(name: &'static str, looks_at: &'static str, look: fn(&CheckInput<'_>) -> CheckResult) -> Check {
    Check { name, looks_at, beyond: false, look }
}

/// The checks in their order: the first that finds something is the likely cause.
const CHECKS: [Check; 12] = [
    beyond("clock", "the date header of the answer, the date in the request", clock::check),
    beyond("key", "the shape of the access key id, whether the vendor knows it", key::shape),
    beyond("white space", "the credentials of the profile", key::white_space),
    beyond("token", "whether there is one, how long it holds, for which project, from which service", token::check),
    beyond("endpoint", "the host, the region, the scope of the signature", place::check),
    named("signature", "what the vendor says of it", refused::signature),
    beyond("permission", "what was denied to whom", permission::check),
    named("parameter", "which field the vendor speaks of", refused::parameter),
    named("quota", "what the vendor says of it", refused::quota),
    beyond("throttling", "the code, retry-after and rate-limit headers", throttle::check),
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
    pub(super) fn refuses_the_caller(&self) -> bool {
        self.category().is_some_and(Category::is_about_the_caller)
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

    /// Returns `Found` where it explains the failure, odd where it does not.
    pub(super) fn weighed(explains: bool, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        if explains { Self::found(says, remedy) } else { Self::odd(says, remedy) }
    }
}

/// Makes every check.
pub(super) fn all(case: &CheckInput<'_>, base: &Explanation) -> Vec<Checked> {
    let checked = |check: &Check| {
        let CheckResult { state, says, remedy } = (check.look)(case);
        Checked { name: check.name, looked_at: check.looks_at, beyond: check.beyond, state, says, remedy }
    };
    let mut made: Vec<_> = CHECKS.iter().map(checked).collect();
    if let Some(cause) = &case.signature {
        made.iter_mut().filter(|checked| !refused::agrees(checked.name, cause)).for_each(weaken);
    }
    let field = base.parameter.as_deref();
    for of_field in made.iter_mut().filter(|checked| checked.name == "parameter" && checked.state == State::Found) {
        of_field.says = refused::of_field(field, &of_field.says);
    }
    made
}

/// Makes of what was found something that is merely odd: another check knows the cause.
fn weaken(checked: &mut Checked) {
    if checked.state == State::Found {
        checked.state = State::Odd;
    }
}
