//! The log of exchanges, and what is done with the selected one.

mod compare;
pub(in crate::app) mod copy;
mod earlier_sessions;
mod export;
mod filter;
mod history_rows;
mod log;
mod query;
mod replay;
mod retry_wait;
mod subject;

pub use earlier_sessions::{EarlierSessions, HistoryReply, HistoryRequest, HistoryRow};
pub use filter::Filter;
pub use log::{Log, LogRow};
pub use retry_wait::{RetryWait, WaitState, Waits};
