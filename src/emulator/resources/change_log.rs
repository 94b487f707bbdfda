//! The log of changes: they outlive the process before their request is answered.

use std::fmt::Debug;

use thiserror::Error;

use super::change::Entry;

/// Keeps what requests change.
pub(crate) trait ChangeLog: Debug + Send {
    /// Keeps an entry; when this returns, it outlives the process.
    ///
    /// # Errors
    /// [`StoreError`] when nothing of it is kept.
    fn keep(&mut self, entry: &Entry) -> Result<(), StoreError>;
}

/// The reason why an entry could not be stored.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub(crate) struct StoreError(pub String);
