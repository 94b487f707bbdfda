//! The documentation of a field.

use std::borrow::Cow;
use std::sync::Arc;

use super::component::PopupContext;
use super::text::Text;
use crate::app::page::{Page, Role};
use crate::app::pages;
use crate::catalog::Operation;
use crate::redact::Redactor;

/// The documentation of the field that had the focus.
#[derive(Debug)]
pub struct FieldHelp {
    /// The operation of the form; `None` while the catalog is read.
    pub operation: Option<Arc<Operation>>,
    /// The field, counted from 0.
    pub field: usize,
}

impl Text for FieldHelp {
    fn title(&self) -> Cow<'_, str> {
        self.operation.as_ref().map_or_else(Default::default, |operation| operation.id.as_str().into())
    }

    fn write(&self, page: &mut Page, _context: &PopupContext<'_>, _redactor: Option<&Redactor>) {
        let found = self.operation.as_ref().and_then(|operation| Some((operation, operation.parameters.get(self.field)?)));
        match found {
            Some((operation, parameter)) => pages::field(page, operation, parameter),
            None => page.text(Role::Dim, "This operation has no parameters."),
        }
    }
}
