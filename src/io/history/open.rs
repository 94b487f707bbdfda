//! Opening the history: its schema is created, or brought to the newest version.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, ErrorCode, InterruptHandle, OpenFlags, TransactionBehavior};

use super::error::BUSY_TIMEOUT;
use super::files::FILE;
use super::row_set::marked;
use super::{HistoryError, files};
use crate::io::copies;
use crate::query::{Pattern, SearchTexts};

/// The time that is waited before the next try where `SQLite` does not wait by itself.
const BUSY_RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// The version of files that have had all steps.
#[allow(clippy::cast_possible_wrap)] // a handful of steps
const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// The application id that marks the file as ours: `skyd`.
const APPLICATION_ID: i64 = 0x736B_7964;

/// The settings of every connection. The memory of its cache is bounded; nothing goes to files for a while.
const PRAGMAS: &str = "
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -4096;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 8388608;
    PRAGMA trusted_schema = OFF;
";

/// The steps that lead to the schema: a file of version N (its `user_version`) has had the first N. A step that was released is never changed.
///
/// Numbers and words in the tables are explained in `query::field` and `history`; the words of exchange n are at 2n (request) and 2n+1 (answer).
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE exchange (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started INTEGER NOT NULL,
        provider INTEGER NOT NULL,
        operation INTEGER NOT NULL,
        profile INTEGER NOT NULL,
        region INTEGER NOT NULL,
        endpoint INTEGER NOT NULL,
        outcome INTEGER NOT NULL DEFAULT 0,
        status INTEGER,
        code INTEGER,
        duration INTEGER,
        origin INTEGER,
        background_call INTEGER NOT NULL,
        request_id TEXT
    );
    CREATE TABLE request (id INTEGER PRIMARY KEY, rest TEXT NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL);
    CREATE TABLE response (id INTEGER PRIMARY KEY, rest TEXT NOT NULL, note TEXT NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5 (grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2');
"];

/// An open history.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

impl Store {
    /// Opens the history in a data folder; what is missing is made, for its owner alone.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn open(folder: &Path) -> Result<Self, HistoryError> {
        let path = folder.join(FILE);
        copies::make_private(folder).map_err(|error| HistoryError::io(folder, &error))?;
        files::make_private(&path).map_err(|error| HistoryError::io(&path, &error))?;
        Self::connect(path, false)
    }

    /// Opens the history in a data folder if there is one.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn open_existing(folder: &Path) -> Result<Option<Self>, HistoryError> {
        let path = folder.join(FILE);
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(HistoryError::io(&path, &error)),
            Ok(_) => {
                files::check(&path).map_err(|error| HistoryError::io(&path, &error))?;
                let opened = Self::connect(path.clone(), false);
                opened
                    .or_else(|error| if error.may_be_out_of_space() { Self::open_exclusive(path).map_err(|_| error) } else { Err(error) })
                    .map(Some)
            }
        }
    }

    /// Opens the history on a disk that has no room: what is written beside the file otherwise is kept in memory, and nobody else gets in meanwhile.
    pub(super) fn open_exclusive(path: PathBuf) -> Result<Self, HistoryError> {
        Self::connect(path, true)
    }

    fn connect(path: PathBuf, exclusive: bool) -> Result<Self, HistoryError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags).map_err(|error| HistoryError::of(&path, &error))?;
        let mut store = Self { connection, path };
        let identity = store.run(|connection| {
            connection.busy_timeout(BUSY_TIMEOUT)?;
            if exclusive {
                connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
            }
            retry_busy(|| FileIdentity::read(connection))
        })?;
        identity.check(&store.path)?;
        store.run(|connection| prepare(connection, identity))?;
        Ok(store)
    }

    /// Returns a handle that stops a long read from another thread.
    pub(super) fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Runs something on the connection; a failure names the file.
    pub(super) fn run<T>(&mut self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, HistoryError> {
        work(&mut self.connection).map_err(|error| HistoryError::of(&self.path, &error))
    }
}

/// The identification of a history file.
#[derive(Clone, Copy)]
struct FileIdentity {
    version: i64,
    application: i64,
    tables: i64,
}

impl FileIdentity {
    /// Reads all of it at one time: another program may be creating the tables meanwhile.
    fn read(connection: &mut Connection) -> rusqlite::Result<Self> {
        let transaction = connection.transaction()?;
        let number = |sql: &str| transaction.query_row(sql, [], |row| row.get(0));
        Ok(Self {
            version: number("PRAGMA user_version")?,
            application: number("PRAGMA application_id")?,
            tables: number("SELECT count(*) FROM sqlite_schema")?,
        })
    }

    fn check(self, path: &Path) -> Result<(), HistoryError> {
        let path = path.to_owned();
        match self {
            Self { version: 0, tables: 0, .. } => Ok(()),
            Self { application, .. } if application != APPLICATION_ID => {
                Err(HistoryError::Damaged { path, reason: "it is a database of another program".to_owned() })
            }
            Self { version, .. } if version > SCHEMA_VERSION => Err(HistoryError::Newer { path, found: version, known: SCHEMA_VERSION }),
            Self { .. } => Ok(()),
        }
    }
}

/// Tries until it is nobody else's turn. `SQLite` waits by itself for a transaction, but not where several programs create the file at once.
fn retry_busy<T>(mut attempt: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let end = Instant::now() + BUSY_TIMEOUT;
    loop {
        match attempt() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < end => {
                thread::sleep(BUSY_RETRY_INTERVAL);
            }
            outcome => return outcome,
        }
    }
}

fn prepare(connection: &mut Connection, identity: FileIdentity) -> rusqlite::Result<()> {
    connection.execute_batch(PRAGMAS)?;
    if identity.version == 0 {
        retry_busy(|| connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())))?;
    }
    if identity.version < SCHEMA_VERSION {
        migrate(connection, &MIGRATIONS)?;
    }
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("fits", 2, flags, |context| Ok(fits(context)))?;
    connection.create_scalar_function("holds", 4, flags, |context| Ok(holds(context)))?;
    connection.create_scalar_function("found", 2, flags, |context| Ok(found(context)))
}

/// Takes the steps that a file has not had yet, all in one transaction; another program may have taken them meanwhile.
///
/// A crate for this reads the version before its transaction begins, so that two programs that create the file at once get in each other's way.
fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    for (version, step) in (1_i64..).zip(migrations).filter(|(version, _)| *version > done) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    transaction.commit()
}

/// Defines `fits(pattern, name)`.
fn fits(context: &Context<'_>) -> bool {
    let pattern = Pattern::new(context.get_raw(0).as_str().unwrap_or_default());
    pattern.matches_name(context.get_raw(1).as_str().unwrap_or_default())
}

/// Defines `holds(text, head, body, note)`, of a request or of an answer.
fn holds(context: &Context<'_>) -> bool {
    let bytes = |at: usize| context.get_raw(at).as_bytes().unwrap_or_default();
    let texts = SearchTexts { answer_head: bytes(1), answer_body: bytes(2), note: bytes(3), ..SearchTexts::default() };
    texts.contain(context.get_raw(0).as_str().unwrap_or_default())
}

/// Defines `found(what the index says, number)`.
fn found(context: &Context<'_>) -> u8 {
    marked(context.get_raw(0).as_blob().unwrap_or_default(), context.get_raw(1).as_i64().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens the history's file past the history.
    fn bare(folder: &Path) -> Connection {
        Connection::open(folder.join(FILE)).unwrap()
    }

    #[test]
    fn migrates_a_file_of_the_version_before_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let mut connection = bare(folder.path());
        connection.execute("INSERT INTO name (text) VALUES ('kept')", []).unwrap();
        let steps = [&MIGRATIONS[..], &["ALTER TABLE name ADD COLUMN colour TEXT DEFAULT 'red'"]].concat();
        for _ in 0..2 {
            migrate(&mut connection, &steps).unwrap();
            let row = connection.query_row("SELECT text || ' ' || colour FROM name", [], |row| row.get::<_, String>(0));
            assert_eq!((row.unwrap().as_str(), FileIdentity::read(&mut connection).unwrap().version), ("kept red", SCHEMA_VERSION + 1));
        }
    }

    #[test]
    fn refuses_a_file_of_a_newer_version_and_leaves_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let newer = SCHEMA_VERSION + 1;
        bare(folder.path()).pragma_update(None, "user_version", newer).unwrap();
        let error = Store::open(folder.path()).unwrap_err();
        assert_eq!(error, HistoryError::Newer { path: folder.path().join(FILE), found: newer, known: SCHEMA_VERSION });
        assert!(error.to_string().contains("was written by a newer skydeck (layout 2; this one knows 1): use that one"), "{error}");
        assert_eq!(FileIdentity::read(&mut bare(folder.path())).unwrap().version, newer);
    }

    #[test]
    fn refuses_a_database_of_another_program() {
        let folder = tempfile::tempdir().unwrap();
        bare(folder.path()).execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        let error = Store::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains("it is a database of another program"), "{error}");
    }
}
