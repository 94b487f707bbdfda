//! What may be wrong with one argument.

use thiserror::Error;

use crate::export::Format;
use crate::text::{joined, quoted};

/// An argument that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ArgumentError {
    /// No format of an export has this name.
    #[error("there is no format {}; there are {}", quoted(.0), joined(Format::ALL.iter().map(|format| format.name().to_owned()), "and"))]
    Format(String),
    /// A format with a file whose name is empty.
    #[error("{0}= names no file")]
    NoFile(String),
    /// Not a time.
    #[error("{} is no time: write it like 2026-11-22T10:00:00Z (RFC 3339)", quoted(.0))]
    Time(String),
    /// Not a socket's address.
    #[error("{} is no address: write it like 127.0.0.1:4010", quoted(.0))]
    Address(String),
    /// Not an age.
    #[error("write an age like 30d, 12h or 8w")]
    Age,
    /// Not the number of an exchange.
    #[error("write its number as `history list` shows it: 12, or h12")]
    ExchangeNumber,
    /// No colon in a header.
    #[error("`{0}` is not a header: write 'Name: value'")]
    NotAHeader(String),
    /// A header's name with other characters than HTTP allows.
    #[error("`{0}` is no name for a header")]
    HeaderName(String),
    /// A header that would contradict the rest of the request.
    #[error("the header {0} follows from the rest of the request and cannot be given")]
    DerivedHeader(String),
    /// A control character in a header's value.
    #[error("the header {0} has a control character in its value")]
    HeaderValue(String),
}
