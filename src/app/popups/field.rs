//! The documentation of a field.

use std::sync::Arc;

use super::text::TextPopup;
use crate::app::page::Role;
use crate::app::pages;
use crate::catalog::Operation;

/// Returns the popup of a field, counted from 0, of an operation.
pub fn field_help(operation: Option<Arc<Operation>>, field: usize) -> TextPopup {
    let title = operation.as_ref().map_or_else(String::new, |operation| operation.id.clone());
    TextPopup::new(title, move |page, _, _| {
        match operation.as_ref().and_then(|operation| Some((operation, operation.parameters.get(field)?))) {
            Some((operation, parameter)) => pages::field(page, operation, parameter),
            None => page.text(Role::Dim, "This operation has no parameters."),
        }
    })
}
