//! Errors that stop nothing: the program goes on without what failed, and its own log has them.

use std::fmt::Display;

/// A result whose error goes to the program's own log alone.
pub trait LogError {
    /// Writes the error to the program's own log at debug level, with the place of the call, if that is on. `action` is what failed: `"remove the temporary file"`.
    #[track_caller]
    fn log_error(self, action: &str);
}

impl<T, E: Display> LogError for Result<T, E> {
    #[track_caller]
    fn log_error(self, action: &str) {
        if let Err(error) = self {
            let place = std::panic::Location::caller();
            tracing::debug!(%place, %error, "cannot {action}");
        }
    }
}
