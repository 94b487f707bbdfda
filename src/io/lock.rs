//! What several threads use at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes hold of it. What a thread that panicked left behind is still a value to go on with.
pub(in crate::io) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
