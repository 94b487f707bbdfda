//! The history's place in the data folder: plain files that are their owner's alone.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file's name in the data folder.
pub const FILE: &str = "history.db";

/// Returns the file of this name with an ending.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// The endings of the files that `SQLite` writes beside the database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Refuses what is there and is no plain file, of the history and of what stands beside it: through a link another file would be closed to others
/// and written to, a pipe never answers.
///
/// # Errors
/// The system's, or the name of the file that is none.
pub(super) fn check(path: &Path) -> io::Result<()> {
    check_one(path)?;
    for companion in COMPANIONS.map(|ending| with_ending(path, ending)) {
        match check_one(&companion) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io::Error::other(format!("{} {error}", companion.display()))),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn check_one(path: &Path) -> io::Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    match (kind.is_file(), kind.is_symlink()) {
        (true, _) => Ok(()),
        (_, true) => Err(io::Error::other("is a symbolic link: name the folder that it leads to")),
        _ => Err(io::Error::other("is no regular file")),
    }
}

/// Makes the file if it is not there, so that it is never open to others: `SQLite` gives its companions the same rights.
///
/// # Errors
/// As [`check`], and what the system says.
#[cfg(unix)]
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    // A link is not followed, and a pipe in its place does not keep us waiting.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let opened = fs::OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags).open(path);
    let file = opened.or_else(|error| check(path).and(Err(error)))?;
    check(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    fs::OpenOptions::new().append(true).create(true).open(path).map(drop)
}
