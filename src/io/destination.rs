//! A file of the operator's own naming: opened before it is known what it is to hold, and put in its place when it is whole.
//!
//! ```text
//! open ─▶ FILE.skydeck-N beside it, for the owner alone ─write─▶ whole, on the disk ─▶ renamed to FILE
//!    ╲ cannot be made: reported before anything is sent   ╲ disk full: removed, FILE is as it was
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::log_error::LogError;

/// The number of names that are tried for the file beside.
const MAX_NAME_ATTEMPTS: u32 = 100;

/// A file that is about to be written. Dropped before that, it leaves nothing behind.
#[derive(Debug)]
pub struct Destination {
    path: PathBuf,
    file: File,
    /// The file that takes its place; none for a device or a pipe, which is written to as it is.
    beside: Option<PathBuf>,
}

impl Destination {
    /// Opens a file. One that is there stays as it is until [`Destination::write`]; a link is replaced, and what it leads to is left alone.
    ///
    /// # Errors
    /// The system's, with the path; a folder, or a pipe that nobody reads.
    pub fn open(path: &Path) -> io::Result<Self> {
        let opened = if is_written_through(path) { through(path).map(|file| (file, None)) } else { create_temporary(path) };
        let (file, beside) = opened.map_err(|error| named(path, &error))?;
        Ok(Self { path: path.to_owned(), file, beside })
    }

    /// Writes it whole, or not at all.
    ///
    /// # Errors
    /// The system's, with the path.
    pub fn write(mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.write_through(bytes);
        written.map_err(|error| named(&self.path, &error))
    }

    fn write_through(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        let Some(beside) = &self.beside else { return self.file.flush() };
        self.file.sync_all()?;
        fs::rename(beside, &self.path)?;
        self.beside = None;
        Ok(())
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        // What is left of it is of no use.
        if let Some(beside) = &self.beside {
            fs::remove_file(beside).log_error("remove an unfinished file");
        }
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Returns whether a path names what cannot be replaced: a device, a pipe, or an open file of a process.
pub(super) fn is_written_through(path: &Path) -> bool {
    let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    is_special || cfg!(unix) && (path.starts_with("/dev") || path.starts_with("/proc"))
}

/// Opens a device or a pipe without waiting for somebody who reads it.
#[cfg(unix)]
pub(super) fn through(path: &Path) -> io::Result<File> {
    use rustix::fs::{OFlags, fcntl_setfl};
    use std::os::unix::fs::OpenOptionsExt;
    let opened = OpenOptions::new().append(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path);
    let file = opened.map_err(|error| match error.raw_os_error().map(rustix::io::Errno::from_raw_os_error) {
        Some(rustix::io::Errno::NXIO) => io::Error::other("nobody reads this pipe"),
        _ => error,
    })?;
    fcntl_setfl(&file, OFlags::APPEND)?;
    Ok(file)
}

#[cfg(not(unix))]
pub(super) fn through(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).open(path)
}

/// Makes a file of a name of its own in the folder of another.
fn create_temporary(path: &Path) -> io::Result<(File, Option<PathBuf>)> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    let name = path.file_name().ok_or_else(|| io::Error::other("names no file"))?;
    for number in 0..MAX_NAME_ATTEMPTS {
        let mut own = name.to_os_string();
        own.push(format!(".skydeck-{}-{number}", std::process::id()));
        let own = path.with_file_name(own);
        match create_private(&own) {
            Ok(file) => return Ok((file, Some(own))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("other programs have left too many files beside it"))
}

/// Makes a new file for the owner alone; one that is there, and a link, is refused.
#[cfg(unix)]
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn replaces_a_file_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.har");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        drop(Destination::open(&path).unwrap());
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"old".to_vec(), vec!["a.har".to_owned()]));
        Destination::open(&path).unwrap().write(b"new").unwrap();
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"new".to_vec(), vec!["a.har".to_owned()]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn leaves_what_a_link_leads_to_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
        fs::write(&victim, "mine").unwrap();
        fs::set_permissions(&victim, fs::Permissions::from_mode(0o644)).unwrap();
        symlink(&victim, &link).unwrap();
        Destination::open(&link).unwrap().write(b"export").unwrap();
        assert_eq!((fs::read(&victim).unwrap(), fs::read(&link).unwrap()), (b"mine".to_vec(), b"export".to_vec()));
        assert_eq!(fs::metadata(&victim).unwrap().permissions().mode() & 0o777, 0o644);
    }

    #[test]
    fn refuses_early_what_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let message_text = |path: &Path| Destination::open(path).unwrap_err().to_string();
        assert!(message_text(folder.path()).contains("is a folder"));
        assert!(message_text(&folder.path().join("none/a")).contains("none/a: "));
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(message_text(&pipe).contains("nobody reads this pipe"));
        let full = Destination::open(Path::new("/dev/full")).unwrap();
        assert!(full.write(b"x").unwrap_err().to_string().starts_with("/dev/full: "));
    }
}
