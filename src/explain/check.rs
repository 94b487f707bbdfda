//! A check of a failed call: what it looks at, and what it finds.

use super::ExplanationContext;
use super::category::Category;
use super::vendor_error::VendorError;
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
    pub(super) state: State,
    pub(super) says: String,
    pub(super) remedy: String,
}

impl CheckResult {
    pub(super) fn not_run(why: impl Into<String>) -> Self {
        Self { state: State::Idle, says: why.into(), remedy: String::new() }
    }

    pub(super) fn passed(says: impl Into<String>) -> Self {
        Self { state: State::Fine, says: says.into(), remedy: String::new() }
    }

    pub(super) fn suspicious(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Odd, says: says.into(), remedy: remedy.into() }
    }

    pub(super) fn found(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Found, says: says.into(), remedy: remedy.into() }
    }

    /// Creates a finding when it explains the failure, else an oddity.
    pub(super) fn found_or_odd(explains: bool, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        if explains { Self::found(says, remedy) } else { Self::suspicious(says, remedy) }
    }
}
