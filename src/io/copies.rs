//! Copies that the operator asks for, written where only the operator reads them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::destination::create_private;

use crate::log_error::LogError;

/// Writes a new file into a folder; both are made for the owner alone. A name that is taken gets a number.
///
/// # Errors
/// The system's, with the path.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let named = |path: &Path, error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    make_private(folder).map_err(|error| named(folder, error))?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for number in 1..=9999 {
        let path = folder.join(if number == 1 { name.to_owned() } else { format!("{stem}-{number}.{ending}") });
        match create_private(&path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                return written.map(|()| path.clone()).map_err(|error| {
                    // Half a copy is none.
                    fs::remove_file(&path).log_error("remove half a copy");
                    named(&path, error)
                });
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(named(&path, error)),
        }
    }
    Err(io::Error::other(format!("{} is full of copies of {name}", folder.display())))
}

#[cfg(unix)]
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_a_taken_file_name() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("copies");
        let one = write(&inner, "a.txt", b"1").unwrap();
        let two = write(&inner, "a.txt", b"2").unwrap();
        assert_eq!(two.file_name().unwrap(), "a-2.txt");
        assert_eq!((fs::read(one).unwrap(), fs::read(two).unwrap()), (b"1".to_vec(), b"2".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn writes_files_readable_by_the_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = write(&folder.path().join("copies"), "a.txt", b"").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn names_a_folder_that_cannot_be_created() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = write(&file.path().join("x"), "a.txt", b"").unwrap_err().to_string();
        assert!(error.contains(&file.path().display().to_string()), "{error}");
    }
}
