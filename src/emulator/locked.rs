//! What several requests use at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes hold of it. What a request that panicked left behind is still a world to answer from.
pub(super) fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
