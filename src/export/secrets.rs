//! What becomes of the secrets in an exchange: covered, unless the operator asked for them in so many words.

use std::ops::Range;

use crate::redact::Redactor;
use crate::secret::MASK;
use crate::wire::Headers;

/// What becomes of secrets.
#[derive(Clone, Copy, Debug)]
pub enum Secrets<'a> {
    /// They are covered.
    Covered(&'a Redactor),
    /// They stand as they were sent: only where the operator typed `--with-secrets`.
    Shown,
}

impl Secrets<'_> {
    /// Whether they are shown.
    pub fn shown(self) -> bool {
        matches!(self, Self::Shown)
    }

    /// A text with what is secret in it covered.
    pub fn text(self, text: &str) -> String {
        match self {
            Self::Covered(redactor) => redactor.text(text),
            Self::Shown => text.to_owned(),
        }
    }

    /// Bytes with what is secret in them covered.
    pub fn bytes(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Covered(redactor) => redactor.bytes(bytes),
            Self::Shown => bytes.to_vec(),
        }
    }

    /// Headers with what is secret in them covered.
    pub fn headers(self, headers: &Headers) -> Headers {
        match self {
            Self::Covered(redactor) => redactor.headers(headers),
            Self::Shown => headers.clone(),
        }
    }

    /// One header's value with what is secret in it covered.
    pub fn header(self, name: &str, value: &[u8]) -> Vec<u8> {
        match self {
            Self::Covered(redactor) => redactor.header(name, value),
            Self::Shown => value.to_vec(),
        }
    }

    /// Where secrets stand in bytes.
    pub fn spans(self, bytes: &[u8]) -> Vec<Range<usize>> {
        match self {
            Self::Covered(redactor) => redactor.spans(bytes),
            Self::Shown => Vec::new(),
        }
    }

    /// Whether a header's value is secret as a whole, by its name.
    pub fn holds_header(self, name: &str, value: &[u8]) -> bool {
        match self {
            Self::Covered(redactor) => redactor.header(name, value) == MASK.as_bytes(),
            Self::Shown => false,
        }
    }
}
