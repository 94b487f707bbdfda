//! The history on disk: `SQLite` in the data folder, shared by every console and every command that runs at the same time.
//!
//! Write-ahead logging lets readers and one writer work side by side; a writer waits its turn for a few seconds at most, and every transaction is
//! short. `synchronous = NORMAL` is enough: what a commit has handed to the system survives the end of the process, however it ends (`kill -9`
//! too); only when the machine itself goes down may the last moments be lost, and waiting for the disk before each request would cost milliseconds.
//!
//! A list reads narrow rows only: names stand once in a table of their own, heads and bodies in two others. No index is needed to filter a
//! hundred thousand of them; text has one ([`crate::query::grams()`]). A list is gone through newest first, a part at a time, so that a console
//! has an answer within a moment whatever it asks for.

mod error;
mod files;
mod open;
mod prune;
mod read;
mod reader;
mod recorder;
mod records;
mod row_set;
mod search;
mod unwritten_ends;

pub use error::HistoryError;
pub use files::FILE;
pub use open::Store;
pub use prune::Retention;
pub use reader::Reader;
pub use recorder::{Entry, Recorder, Settings};
pub use search::Page;
