//! Reading in the exchange pane: what is typed into its own line, searching, folding, going to a path, jq.
//!
//! Whatever takes longer than a frame is a [`Task`]: it goes out as an effect, says as messages what it has found so far, and is
//! given up as soon as nobody holds it any more.

mod fold;
mod head;
mod jq;
mod keys;
mod prompt;
mod search;
mod task;
mod wrap;

pub use fold::{Folding, Json};
pub use jq::{End, Filtered, Filtering, Jq, Limit};
pub use prompt::{Prompt, PromptKind};
pub use search::Search;
pub use task::{BodyTask, CancelToken, Outcome, Task, TaskHandle};
pub use wrap::LongLines;
