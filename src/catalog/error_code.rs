//! An error code: what the vendor answers, why, and what to do.

use serde::{Deserialize, Serialize};

/// An error that a vendor documents.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ErrorCode {
    /// The HTTP status.
    pub status: u16,
    /// The code as the vendor writes it; `{parameter}` stands for a parameter's name (`MissingParameter.{parameter}`).
    /// The status again (`409`) where the vendor documents an answer without a code.
    pub code: String,
    /// The vendor's message; `%s` stands for what the vendor fills in. Empty where no page publishes one.
    #[serde(default)]
    pub message: String,
    /// The emulator's message where no page publishes a message: a text after the pattern of the vendor's others, with `%s` as in
    /// [`Self::message`]. Never shown as the vendor's.
    #[serde(default, skip_serializing)]
    pub emulator_message: String,
    /// The vendor's number beside the code (Volcengine `CodeN`).
    #[serde(skip_serializing)]
    pub number: Option<i64>,
    /// The layer that answers with it.
    #[serde(default, skip_serializing)]
    pub layer: Layer,
    /// The reason why it happens, in our own words.
    pub cause: String,
    /// The remedy.
    pub remedy: String,
    /// The parameter it speaks of, where it is always the same.
    pub parameter: Option<String>,
    /// Set when the same call may succeed a little later.
    #[serde(default)]
    pub transient: bool,
    /// The source, if not on the operation's own page.
    #[serde(skip_serializing)]
    pub source: Option<String>,
}

/// The layer that answers with an error.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The service behind the gateway.
    #[default]
    Service,
    /// The vendor's API gateway, before the service is reached.
    Gateway,
}

impl ErrorCode {
    /// Returns whether this entry describes `code`: equal, or equal but for what stands at `{parameter}`.
    pub fn names(&self, code: &str) -> bool {
        self.code == code || self.parameter_in(code).is_some()
    }

    /// Returns whether the vendor's answer has no code at all: the catalog then has the status in its place.
    pub fn has_no_code(&self) -> bool {
        self.code == self.status.to_string()
    }

    /// Returns what stands at `{parameter}` in `code`, if this entry's code has that mark and the rest is equal.
    pub fn parameter_in<'a>(&self, code: &'a str) -> Option<&'a str> {
        let (before, after) = self.code.split_once("{parameter}")?;
        let filled = code.strip_prefix(before)?.strip_suffix(after)?;
        (!filled.is_empty()).then_some(filled)
    }
}
