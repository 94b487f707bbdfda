//! The sizes of an exchange: what was sent and what came back.

use crate::app::page::{Page, Role};
use crate::exchange::Exchange;

/// Adds the sizes of both bodies.
pub(super) fn fill(page: &mut Page, exchange: &Exchange) {
    page.text(Role::Text, &format!("request body   {} bytes", exchange.request.body.len()));
    if let Some(response) = exchange.response() {
        page.text(Role::Text, &format!("response body  {} bytes", response.body.len()));
    }
}
