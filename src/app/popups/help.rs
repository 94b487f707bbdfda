//! Every key, printed from the key map.

use std::borrow::Cow;

use super::component::PopupContext;
use super::text::Text;
use crate::app::keys::CONTEXTS;
use crate::app::page::{Line, Page, Role};
use crate::redact::Redactor;

/// The text of the help.
#[derive(Debug, Default)]
pub struct Help;

impl Text for Help {
    fn title(&self) -> Cow<'_, str> {
        "Keys".into()
    }

    fn write(&self, page: &mut Page, context: &PopupContext<'_>, _redactor: Option<&Redactor>) {
        for info in CONTEXTS {
            page.heading(info.title);
            for (action, keys) in context.keys.rows(info.context) {
                let line = Line::of(Role::Text, "  ").with(Role::Accent, format!("{:<18}", keys.join("  ")));
                page.line(line.with(Role::Text, action.help).hanging(20));
            }
        }
    }
}
