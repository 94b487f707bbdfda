//! The file itself: locked, read, appended to, written again when it has grown.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::StateError;
use super::journal::{self, FORMAT_VERSION, HashChain, Replay};
use crate::emulator::resources::change::{ChangeLog, Entry, StoreError};
use crate::emulator::resources::store::ResourceStore;
use crate::log_error::LogError;

/// A file with more entries than this, and more than twice as many as there are resources, is written again.
const MIN_COMPACTION_ENTRIES: usize = 1000;

/// A state file that changes are appended to.
#[derive(Debug)]
struct Journal {
    path: PathBuf,
    file: File,
    /// The length of its whole lines in bytes.
    length: u64,
    /// The hash that the next line continues.
    chain: HashChain,
    /// Set while the beginning of a line that could not be written stands behind them.
    torn: bool,
    /// Kept open: the lock ends with it.
    _lock: File,
}

/// Opens a state file, or makes one, and returns the resources in it, whose changes are logged there, and how many
/// identifiers were issued.
///
/// # Errors
/// [`StateError`]; the file is as it was then.
pub(in crate::emulator) fn open(path: &Path) -> Result<(ResourceStore, u64), StateError> {
    let path = resolved(path)?;
    let lock = lock(&path)?;
    let replay = load(&path)?;
    let Replay { mut resource_store, count, whole, chain, .. } = replay;
    let file = OpenOptions::new().append(true).open(&path).map_err(StateError::system("write", &path))?;
    file.set_len(whole).map_err(StateError::system("write", &path))?;
    resource_store.set_change_log(Box::new(Journal { path, file, length: whole, chain, torn: false, _lock: lock }));
    Ok((resource_store, count))
}

/// Returns the file that is meant, links followed: the lock stands beside the file itself.
fn resolved(path: &Path) -> Result<PathBuf, StateError> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(StateError::NotAFile(path.to_owned())),
        Ok(_) => path.canonicalize().map_err(StateError::system("find", path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
        Err(error) => Err(StateError::system("find", path)(error)),
    }
}

fn lock(path: &Path) -> Result<File, StateError> {
    let lock = private_open_options().truncate(false).open(sibling_path(path, ".lock")).map_err(StateError::system("lock", path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StateError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StateError::system("lock", path)(error)),
    }
}

/// Reads the file; one that is new or has grown is written (again) first.
fn load(path: &Path) -> Result<Replay, StateError> {
    let replay = match File::open(path) {
        Ok(file) if file.metadata().map_err(StateError::system("read", path))?.len() == 0 => None,
        Ok(file) => Some(journal::read(BufReader::new(file), path)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(StateError::system("read", path)(error)),
    };
    match replay {
        Some(replay)
            if replay.format == FORMAT_VERSION
                && (replay.entries <= MIN_COMPACTION_ENTRIES || replay.entries <= 2 * replay.resource_store.len()) =>
        {
            Ok(replay)
        }
        Some(Replay { resource_store, count, .. }) => rewritten(path, resource_store, count),
        None => rewritten(path, ResourceStore::default(), 0),
    }
}

/// Writes the whole file beside the old one, and puts it in its place: at every moment there is one that is whole.
fn rewritten(path: &Path, resource_store: ResourceStore, count: u64) -> Result<Replay, StateError> {
    let new_file = sibling_path(path, ".new");
    let written = write_all(&new_file, &resource_store, count).and_then(|written| fs::rename(&new_file, path).map(|()| written));
    match written {
        Ok((whole, chain)) => {
            sync_directory(path);
            Ok(Replay { entries: resource_store.len(), resource_store, count, chain, format: FORMAT_VERSION, whole })
        }
        Err(error) => {
            // The old one is still there; what is left of the new one is of no use.
            fs::remove_file(&new_file).log_error("remove the new state file");
            Err(StateError::system("write", path)(error))
        }
    }
}

fn write_all(path: &Path, resource_store: &ResourceStore, count: u64) -> io::Result<(u64, HashChain)> {
    // What an emulator that was killed has left there goes, and where it is a link only the link.
    let _ = fs::remove_file(path);
    let mut out = BufWriter::new(private_open_options().create_new(true).open(path)?);
    let chain = journal::write(&mut out, resource_store, count)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok((file.metadata()?.len(), chain))
}

/// Forces the new name to the disk, where a folder can be opened. Without it a power cut could bring the old file back, which is whole too.
fn sync_directory(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).log_error("force the state file's name to the disk");
}

/// Returns a file that is written, made for its owner alone if it is not there.
fn private_open_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // A link in its place is not followed, and a pipe does not keep us waiting.
        options.mode(0o600).custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options
}

/// Returns the file of this name with an ending.
fn sibling_path(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

impl ChangeLog for Journal {
    fn persist(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let stored = journal::entry_line(entry, &self.chain).and_then(|(line, chain)| {
            self.append(&line)?;
            self.chain = chain;
            Ok(())
        });
        stored.map_err(|error| StoreError(format!("{}: {error}", self.path.display())))
    }
}

impl Journal {
    /// Appends a line whole, or not at all.
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.repair()?;
        self.torn = true;
        let written = self.file.write_all(line);
        match written {
            Ok(()) => {
                self.length += line.len() as u64;
                self.torn = false;
                Ok(())
            }
            Err(error) => {
                // If this fails too, the next change tries again, and is refused until it works.
                self.repair().log_error("take back a change of the state file");
                Err(error)
            }
        }
    }

    /// Cuts off what a failed attempt has left behind.
    fn repair(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
            self.torn = false;
        }
        Ok(())
    }
}
