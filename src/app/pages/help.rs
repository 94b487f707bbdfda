//! Every key, printed from the key map.

use super::{Line, Page, Role};
use crate::app::keys::{CONTEXTS, KeyMap};

/// Adds every key.
pub fn help(page: &mut Page, keys: &KeyMap) {
    for context in CONTEXTS {
        page.heading(context.title);
        for (info, names) in keys.rows(context.context) {
            let line = Line::of(Role::Text, "  ").with(Role::Accent, format!("{:<18}", names.join("  ")));
            page.line(line.with(Role::Text, info.help).hanging(20));
        }
    }
}
