//! The selected resource: all that the vendor said of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{masked, rows};
use crate::app::page::{Line, Page, Role};
use crate::app::resources::{ListingState, ResourceTable, Row};
use crate::body::{View, index};
use crate::redact::Redactor;

/// The source of a resource's members, and how they are shown.
pub struct Source<'a> {
    /// The noun for one of them.
    pub noun: &'a str,
    /// The operation that listed them.
    pub list: &'a str,
    /// The time zone of the times.
    pub zone: &'a TimeZone,
    /// The redactor that masks.
    pub redactor: Option<&'a Redactor>,
}

/// Fills a page with the selected resource of a table.
pub fn resource(page: &mut Page, table: &ResourceTable, source: &Source<'_>) {
    let Some((row, fetched)) = table.details() else {
        return page.text(Role::Dim, &format!("Shows all members of the selected {}.", source.noun));
    };
    page.line(Line::of(Role::Heading, masked(&row.key, source.redactor)));
    let origin = match (fetched, &table.state) {
        (Some(fetched), _) => stamp(&fetched.operation, fetched.at, source.zone),
        (None, ListingState::Loaded(at)) => stamp(source.list, *at, source.zone),
        (None, _) => source.list.to_owned(),
    };
    page.line(Line::of(Role::Dim, origin));
    page.gap();
    members(page, row, source.redactor);
}

pub(super) fn stamp(operation: &str, at: Timestamp, zone: &TimeZone) -> String {
    format!("{operation} at {}", at.to_zoned(zone.clone()).strftime("%H:%M:%S"))
}

fn members(page: &mut Page, row: &Row, redactor: Option<&Redactor>) {
    let bytes = row.value.to_string().into_bytes();
    let none = Redactor::disabled();
    let body = index(&bytes, View::Pretty, page.columns(), redactor.unwrap_or(&none));
    rows(page, &body, &bytes);
}
