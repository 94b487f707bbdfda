//! What this program is.

use super::text::TextPopup;
use crate::app::page::Role;

/// Returns the popup of name and version.
pub fn about() -> TextPopup {
    TextPopup::new("About", |page, _, _| page.text(Role::Text, concat!("skydeck ", env!("CARGO_PKG_VERSION"))))
}
