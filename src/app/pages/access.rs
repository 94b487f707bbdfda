//! What is doubtful about the account before anything is sent, or why there is none.

use super::{Line, Page, Role};
use crate::app::Tab;

/// Adds whatever looks wrong with the tab's credentials, a line each; nothing when all is well.
pub fn warnings(page: &mut Page, tab: &Tab) {
    let Some(Ok(access)) = &tab.access else { return };
    for warning in &access.warnings {
        page.line(Line::of(Role::Warning, "! ").with(Role::Warning, warning).hanging(2));
    }
    page.gap();
}

/// Adds why there is no request: what is the matter, and then what was looked at.
pub fn missing(page: &mut Page, reason: &str) {
    let (first, rest) = reason.split_once('\n').unwrap_or((reason, ""));
    page.text(Role::Warning, first);
    if !rest.is_empty() {
        page.text(Role::Dim, rest);
    }
}
