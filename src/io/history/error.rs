//! Errors of the history.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ErrorCode;
use thiserror::Error;

/// The time that a transaction waits for its turn.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// An error of the history, with its file and what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum HistoryError {
    /// The folder or the file cannot be made or opened.
    #[error("{}: {reason}: make it writable, or name another folder with --data-dir", .path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        reason: String,
    },
    /// A newer skydeck wrote it.
    #[error("{} was written by a newer skydeck (layout {found}; this one knows {known}): use that one, or move the file away", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i64,
        /// The newest layout that we know.
        known: i64,
    },
    /// Not a history at all, or a broken one.
    #[error("{} is damaged or no history of skydeck ({reason}): move it away, and a new one is begun", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The error.
        reason: String,
    },
    /// Somebody else kept it locked for too long.
    #[error("{} was locked by another program for {seconds} s: try again when it has finished", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// The time that we waited.
        seconds: u64,
    },
    /// It did not answer in time: a pipe in its place, a lock, a network drive that is away.
    #[error("{} did not answer{}: look what keeps it (a lock, a drive that is away), or name another folder with --data-dir", .path.display(), waited(*.seconds))]
    Silent {
        /// The file.
        path: PathBuf,
        /// The time that we waited; 0 when it was known to be silent.
        seconds: u64,
    },
    /// The disk is full.
    #[error("{}: the disk is full: make room (skydeck history prune frees some)", .path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Anything else that the database says.
    #[error("{}: {reason}", .path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// The message.
        reason: String,
    },
}

/// Words the time that was waited, if any.
fn waited(seconds: u64) -> String {
    if seconds == 0 { String::new() } else { format!(" within {seconds} s") }
}

impl HistoryError {
    /// Sorts an error of the database by what the operator can do about it.
    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        tracing::debug!(path = %path.display(), %error, "the history's database failed");
        let path = path.to_owned();
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged { path, reason },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, seconds: BUSY_TIMEOUT.as_secs() },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::SystemIoFailure) => Self::Database { path, reason: format!("{reason} (the disk may be full)") },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unusable { path, reason },
            _ => Self::Database { path, reason },
        }
    }

    /// Returns the error when the thread that writes has ended.
    pub(super) fn worker_stopped() -> Self {
        Self::Database { path: PathBuf::from(super::FILE), reason: "the thread that writes the history has ended".to_owned() }
    }

    /// Returns whether there may be too little room for what `SQLite` writes beside the file.
    pub(super) fn may_be_out_of_space(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unusable { .. } | Self::Database { .. })
    }

    /// Wraps the system's error about a file or a folder.
    pub(super) fn io(path: &Path, error: &std::io::Error) -> Self {
        tracing::debug!(path = %path.display(), %error, "the history cannot be used");
        Self::Unusable { path: path.to_owned(), reason: error.to_string() }
    }
}
