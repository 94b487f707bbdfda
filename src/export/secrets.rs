//! What becomes of the secrets in an exchange: masked, unless the operator asked for them in so many words.

use std::ops::Range;

use crate::redact::Redactor;
use crate::secret::MASK;
use crate::wire::Headers;

/// The treatment of secrets in an export.
#[derive(Clone, Copy, Debug)]
pub enum Secrets<'a> {
    /// They are masked.
    Masked(&'a Redactor),
    /// They stand as they were sent: only where the operator typed `--with-secrets`.
    Shown,
}

impl Secrets<'_> {
    /// Returns whether they are shown.
    pub fn shown(self) -> bool {
        matches!(self, Self::Shown)
    }

    /// Returns a text with what is secret in it masked.
    pub fn text(self, text: &str) -> String {
        match self {
            Self::Masked(redactor) => redactor.text(text),
            Self::Shown => text.to_owned(),
        }
    }

    /// Returns bytes with what is secret in them masked.
    pub fn bytes(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Masked(redactor) => redactor.bytes(bytes),
            Self::Shown => bytes.to_vec(),
        }
    }

    /// Returns headers with what is secret in them masked.
    pub fn headers(self, headers: &Headers) -> Headers {
        match self {
            Self::Masked(redactor) => redactor.headers(headers),
            Self::Shown => headers.clone(),
        }
    }

    /// Returns one header's value with what is secret in it masked.
    pub fn header(self, name: &str, value: &[u8]) -> Vec<u8> {
        match self {
            Self::Masked(redactor) => redactor.header(name, value),
            Self::Shown => value.to_vec(),
        }
    }

    /// Returns where secrets stand in bytes.
    pub fn spans(self, bytes: &[u8]) -> Vec<Range<usize>> {
        match self {
            Self::Masked(redactor) => redactor.spans(bytes),
            Self::Shown => Vec::new(),
        }
    }

    /// Returns whether a header's value is secret as a whole, by its name.
    pub fn holds_header(self, name: &str, value: &[u8]) -> bool {
        match self {
            Self::Masked(redactor) => redactor.header(name, value) == MASK.as_bytes(),
            Self::Shown => false,
        }
    }
}
