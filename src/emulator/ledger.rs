//! Where changes are kept beyond the process, before anybody is told that they are made.

use std::fmt::Debug;

use thiserror::Error;

use super::change::Entry;

/// Keeps what requests change.
pub(super) trait Ledger: Debug + Send {
    /// Keeps an entry; when this returns, it outlives the process.
    ///
    /// # Errors
    /// [`Unkept`] when nothing of it is kept.
    fn keep(&mut self, entry: &Entry) -> Result<(), Unkept>;
}

/// Why an entry is not kept.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub(super) struct Unkept(pub String);
