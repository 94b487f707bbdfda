//! After a creation: the new resource as it was fetched.

use jiff::tz::TimeZone;

use super::resource::stamp;
use super::{LABEL_COLUMNS, Page, Role, masked};
use crate::app::keys::{Action, KeyMap};
use crate::app::resources::{Fetched, in_progress};
use crate::catalog::Resources;
use crate::redact::Redactor;

/// Adds what came of fetching a new resource; `None` while it is awaited.
pub fn created(
    page: &mut Page,
    resources: &Resources,
    fetched: Option<&Result<Fetched, String>>,
    (zone, keys): (&TimeZone, &KeyMap),
    redactor: Option<&Redactor>,
) {
    match fetched {
        None => {
            page.gap();
            page.text(Role::Dim, "Fetching what was created…");
        }
        Some(Err(reason)) => {
            page.gap();
            page.text(Role::Warning, &format!("Created, but it cannot be shown yet: {}", masked(reason, redactor)));
        }
        Some(Ok(fetched)) => {
            page.heading("Created");
            cells(page, resources, fetched, redactor);
            page.text(Role::Dim, &format!("{} · {} lists all", stamp(&fetched.operation, fetched.at, zone), keys.hint(Action::Resources)));
        }
    }
}

fn cells(page: &mut Page, resources: &Resources, fetched: &Fetched, redactor: Option<&Redactor>) {
    for (at, (column, cell)) in resources.columns.iter().zip(&fetched.row.cells).enumerate().filter(|(_, (_, cell))| !cell.is_empty()) {
        let role = if in_progress(resources, at, cell) { Role::Accent } else { Role::Text };
        page.field(LABEL_COLUMNS, &column.title, role, &masked(cell, redactor));
    }
}
