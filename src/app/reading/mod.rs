//! Reading in the exchange pane: what is typed into its own line, searching.
//!
//! Whatever takes longer than a frame is a [`Task`]: it goes out as an effect, says as messages what it has found so far, and is
//! given up as soon as nobody holds it any more.

mod head;
mod prompt;
mod search;
mod task;

pub use prompt::{Asked, Prompt};
pub use search::Search;
pub use task::{Hold, Outcome, Task, Wanted, Work};
