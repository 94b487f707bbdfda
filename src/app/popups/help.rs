//! Every key, printed from the key map.

use super::text::TextPopup;
use crate::app::keys::CONTEXTS;
use crate::app::page::{Line, Role};

/// Returns the popup of the keys.
pub fn help() -> TextPopup {
    TextPopup::new("Keys", |page, context, _| {
        for info in CONTEXTS {
            page.heading(info.title);
            for (action, keys) in context.keys.rows(info.context) {
                let line = Line::of(Role::Text, "  ").with(Role::Accent, format!("{:<18}", keys.join("  ")));
                page.line(line.with(Role::Text, action.help).hanging(20));
            }
        }
    })
}
