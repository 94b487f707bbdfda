//! The resources that callers create: kept, changed, listed and answered as the catalog describes.

pub(super) mod change;
pub(super) mod context;
mod effect;
mod index;
pub(super) mod perform;
pub(super) mod properties;
mod respond;
mod select;
pub(super) mod store;
mod template_variables;
