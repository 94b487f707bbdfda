//! The routes between the owners of state: messages and actions to the owner that they are for, requests to the one that carries
//! them out. What belongs to one owner alone is not decided here.

mod actions;
mod copies;
mod frame;
mod messages;
mod mouse;
mod popups;
mod requests;

pub(super) use frame::fit;
pub use messages::update;
pub(super) use requests::run_requests;
