//! The state file: what was created outlives the emulator, however that ends.
//!
//! A journal of JSON lines. The first line says what it is and in which format; each further line is an [`Entry`],
//! all that one request changed:
//!
//! ```text
//! {"skydeck-emulator-state":2,"count":0}
//! {"check":"3f0c6d5e9a1b7724","count":12,"changes":[{"created":[{"shelf":{...},"serial":1},{"account":"...","key":"orders","properties":{...}}]}]}
//! ```
//!
//! Each line's check is made of its text and the check before it: a line that was removed, moved or changed is found at the start. That the last
//! lines are missing cannot be seen.
//!
//! ```text
//! request ─▶ changes computed ─▶ one line appended ─▶ resources changed ─▶ answer
//!                                    ╲ disk full: the line's beginning cut off again, nothing changed, internal error
//! start ─▶ lock ─▶ read line by line ─▶ last line torn? cut it off ─▶ mostly history? written again beside it and renamed
//!            ╲ in use  ╲ not ours, newer, spoiled: refused, nothing is overwritten
//! ```
//!
//! A line is written before its answer goes out, so a process that is killed loses nothing that was acknowledged; at
//! most it leaves a last line without its end, which nobody was told of. When the machine itself loses power, the last
//! changes may be missing: a line is not forced to the disk. In the file is what the API would show its owner: no
//! access keys, passwords, tokens or signatures of callers. Tokens of the token service and used nonces do not
//! survive; clients fetch a new token and never repeat a nonce.
//!
//! A `FILE.lock` beside the file keeps a second emulator out. It stays there, empty, and does no harm.

mod file;
mod journal;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub(super) use file::open;

use super::resources::store::ReplayError;

#[cfg(doc)]
use crate::emulator::resources::change::Entry;

/// An error from opening a state file.
#[derive(Debug, Error)]
pub enum StateError {
    /// The system refuses.
    #[error("cannot {action} the state file {}: {source}", path.display())]
    System {
        /// The attempted action: `read`, `lock`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// A folder, a device.
    #[error("the state file {} is no regular file: name another, or one that does not exist yet", .0.display())]
    NotAFile(PathBuf),
    /// Another emulator has it.
    #[error("the state file {} is in use by another emulator: end that one, or name another file", .0.display())]
    InUse(PathBuf),
    /// Not written by an emulator.
    #[error("{} is no state file of the emulator, and is left as it is: name another, or one that does not exist yet", .0.display())]
    NotOurs(PathBuf),
    /// Written by a later skydeck.
    #[error("the state file {} has format {format}, and this skydeck reads {}: use the skydeck that wrote it", path.display(), journal::FORMAT_VERSION)]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u64,
    },
    /// A line that cannot be read, or does not fit those before it.
    #[error("{}:{line}: {reason}; the file is left as it is: fix the line, or name another file", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The error.
        reason: LineError,
    },
}

impl StateError {
    /// Words the failure of an action on a file.
    fn system(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::System { action, path, source }
    }
}

/// An error in a line of a state file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LineError {
    /// It is not JSON, or not an entry.
    #[error("{message} (column {column})")]
    Syntax {
        /// The reader's message.
        message: String,
        /// The column, counted from 1.
        column: usize,
    },
    /// It has more bytes than any that is written.
    #[error("the line has more than {} bytes", journal::MAX_LINE_BYTES)]
    TooLong,
    /// It has no check.
    #[error("the line has no check")]
    NoCheck,
    /// Its check is not that of the lines before it.
    #[error("it does not follow the line before it: a line was removed, added or changed")]
    OutOfOrder,
    /// After this number there might be no next one.
    #[error("the {name} {number} is greater than any that was given out")]
    OutOfBounds {
        /// `count` or `serial`.
        name: &'static str,
        /// The number.
        number: u64,
    },
    /// It does not fit the resources.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}
