//! A fault that was found in a request, with its particulars.

use super::fault::{self, MistakeKind};

/// The certainty of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// The mistake was made on purpose with the key, and gave the very signature of the request; or the server's text shows it.
    Proven,
    /// It can be seen in the request itself.
    Seen,
    /// It is worth knowing, and no reason by itself for a refusal.
    Noted,
}

/// A fault that was found, with its particulars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The fault.
    pub fault: &'static MistakeKind,
    /// The certainty of the cause.
    pub certainty: Certainty,
    /// The exact difference: `signed host:a, the request has host:b`. May hold what the request holds, tokens too: redact before showing.
    pub detail: String,
}

impl Cause {
    pub(super) fn new(fault: &'static MistakeKind, certainty: Certainty, detail: impl Into<String>) -> Self {
        Self { fault, certainty, detail: detail.into() }
    }

    pub(super) fn proven(fault: &'static MistakeKind, detail: impl Into<String>) -> Self {
        Self::new(fault, Certainty::Proven, detail)
    }

    pub(super) fn seen(fault: &'static MistakeKind, detail: impl Into<String>) -> Self {
        Self::new(fault, Certainty::Seen, detail)
    }

    pub(super) fn noted(fault: &'static MistakeKind, detail: impl Into<String>) -> Self {
        Self::new(fault, Certainty::Noted, detail)
    }

    /// Returns its name with how sure it is: `wrong-secret (proven)`. That nothing is known is neither seen nor proven.
    pub fn named(&self) -> String {
        if self.fault == &fault::UNKNOWN {
            return self.fault.id.to_owned();
        }
        format!("{} ({})", self.fault.id, self.certainty.name())
    }
}

impl Certainty {
    /// Returns the word for it, for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Seen => "seen",
            Self::Noted => "noted",
        }
    }
}
