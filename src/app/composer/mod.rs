//! The form: the tabs with their fields, the request as it would be sent, and sending it.

pub(in crate::app) mod edit;
mod field;
pub(in crate::app) mod preview;
mod sending;
mod tab;

pub use field::{Editor, Field};
pub use tab::Tab;
