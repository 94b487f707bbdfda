//! Errors that stop nothing: the program goes on without what failed, and its own log has them.

use std::fmt::Display;

/// A result of which nobody but the program's own log hears.
pub trait LogError {
    /// Writes the error to the program's own log, if that is on. `action` is what failed: `"remove the temporary file"`.
    fn log_error(self, action: &str);
}

impl<T, E: Display> LogError for Result<T, E> {
    fn log_error(self, action: &str) {
        if let Err(error) = self {
            tracing::debug!(%error, "cannot {action}");
        }
    }
}
