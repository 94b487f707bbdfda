//! Opening the history, and laying out a new one.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, ErrorCode, InterruptHandle, OpenFlags, TransactionBehavior};

use super::row_set::marked;
use super::{HistoryError, files};
use crate::io::copies;
use crate::query::{Pattern, SearchTexts};

/// The file's name in the data folder.
pub const FILE: &str = "history.db";

/// The time that a transaction waits for its turn.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The time that is waited before the next try where `SQLite` does not wait by itself.
const BUSY_RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// The number of the layout below.
const SCHEMA_VERSION: i64 = 1;

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

/// The tables. Numbers and words in them are explained in `query::field` and `history`; the words of exchange n are at 2n (request) and 2n+1 (answer).
const SCHEMA: &str = "
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
";

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
        Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
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
                let opened = Self::connect(path.clone(), OpenFlags::SQLITE_OPEN_READ_WRITE);
                opened.or_else(|error| if error.is_of_room() { Self::without_room(path).map_err(|_| error) } else { Err(error) }).map(Some)
            }
        }
    }

    /// Opens the history on a disk that has no room: what is written beside the file otherwise is kept in memory, and nobody else gets in meanwhile.
    pub(super) fn without_room(path: PathBuf) -> Result<Self, HistoryError> {
        let named = |error: &rusqlite::Error| HistoryError::of(&path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(|error| named(&error))?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(|error| named(&error))?;
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE").map_err(|error| named(&error))?;
        let found = at_one_time(&mut connection).map_err(|error| named(&error))?;
        check(found, &path)?;
        prepare(&mut connection, false).map_err(|error| named(&error))?;
        Ok(Self { connection, path })
    }

    fn connect(path: PathBuf, flags: OpenFlags) -> Result<Self, HistoryError> {
        let named = |error: &rusqlite::Error| HistoryError::of(&path, error);
        let mut connection = Connection::open_with_flags(&path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|error| named(&error))?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(|error| named(&error))?;
        let found = patiently(|| at_one_time(&mut connection)).map_err(|error| named(&error))?;
        check(found, &path)?;
        prepare(&mut connection, found.number == 0).map_err(|error| named(&error))?;
        Ok(Self { connection, path })
    }

    /// Returns what stops a read that takes long, from another thread.
    pub(super) fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Runs something on the connection, and says of a failure where it was.
    pub(super) fn run<T>(&mut self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, HistoryError> {
        work(&mut self.connection).map_err(|error| HistoryError::of(&self.path, &error))
    }
}

/// The identification of a history file.
#[derive(Clone, Copy)]
struct FileIdentity {
    number: i64,
    application: i64,
    tables: i64,
}

/// Tries until it is nobody else's turn. `SQLite` waits by itself for a transaction, but not where several lay a new file out at once.
fn patiently<T>(mut attempt: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
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

/// Returns what a file says of itself, all of it read at one time: another program may be laying it out meanwhile.
fn at_one_time(connection: &mut Connection) -> rusqlite::Result<FileIdentity> {
    let transaction = connection.transaction()?;
    let found = layout(&transaction)?;
    transaction.commit()?;
    Ok(found)
}

fn layout(connection: &Connection) -> rusqlite::Result<FileIdentity> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
    Ok(FileIdentity {
        number: number("PRAGMA user_version")?,
        application: number("PRAGMA application_id")?,
        tables: number("SELECT count(*) FROM sqlite_schema")?,
    })
}

fn check(found: FileIdentity, path: &Path) -> Result<(), HistoryError> {
    let path = || path.to_owned();
    match found {
        FileIdentity { number: 0, tables: 0, .. } => Ok(()),
        FileIdentity { application, .. } if application != APPLICATION_ID => {
            Err(HistoryError::Damaged { path: path(), reason: "it is a database of another program".to_owned() })
        }
        FileIdentity { number, .. } if number > SCHEMA_VERSION => {
            Err(HistoryError::Newer { path: path(), found: number, known: SCHEMA_VERSION })
        }
        FileIdentity { .. } => Ok(()),
    }
}

fn prepare(connection: &mut Connection, new: bool) -> rusqlite::Result<()> {
    connection.execute_batch(PRAGMAS)?;
    if new {
        patiently(|| connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())))?;
        index_body(connection)?;
    }
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("fits", 2, flags, |context| Ok(fits(context)))?;
    connection.create_scalar_function("holds", 4, flags, |context| Ok(holds(context)))?;
    connection.create_scalar_function("found", 2, flags, |context| Ok(found(context)))
}

/// Makes the tables, unless somebody else has just made them.
fn index_body(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if layout(&transaction)?.number == 0 {
        transaction.execute_batch(SCHEMA)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()
}

/// Defines `fits(pattern, name)`.
fn fits(context: &Context<'_>) -> bool {
    let pattern = Pattern::new(context.get_raw(0).as_str().unwrap_or_default());
    pattern.fits(context.get_raw(1).as_str().unwrap_or_default())
}

/// Defines `holds(text, head, body, note)`, of a request or of an answer.
fn holds(context: &Context<'_>) -> bool {
    let bytes = |at: usize| context.get_raw(at).as_bytes().unwrap_or_default();
    let texts = SearchTexts { answer_head: bytes(1), answer_body: bytes(2), note: bytes(3), ..SearchTexts::default() };
    texts.hold(context.get_raw(0).as_str().unwrap_or_default())
}

/// Defines `found(what the index says, number)`.
fn found(context: &Context<'_>) -> u8 {
    marked(context.get_raw(0).as_blob().unwrap_or_default(), context.get_raw(1).as_i64().unwrap_or_default())
}
