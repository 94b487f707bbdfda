//! What a failure means: cause, remedy, field.

use super::finding::pointer;
use super::{LABELS, Line, Page, Role, covered};
use crate::catalog::{Operation, Provider};
use crate::exchange::Exchange;
use crate::explain::{Explanation, explain as explanation};
use crate::redact::Redactor;

/// The explanation of an exchange, or that none is needed.
pub fn explain(
    page: &mut Page,
    provider: Option<&Provider>,
    operation: Option<&Operation>,
    exchange: &Exchange,
    redactor: Option<&Redactor>,
) {
    if exchange.in_flight() {
        return page.text(Role::Dim, "Waiting for the answer. F9 cancels.");
    }
    let Some(explained) = explained(provider, operation, exchange, redactor) else {
        page.line(Line::of(Role::Success, "✓ ").with(Role::Text, "The call succeeded: there is nothing to explain."));
        return;
    };
    page.line(Line::of(Role::Failure, "✗ ").with(Role::Heading, &explained.summary).hanging(2));
    if !explained.vendor.is_empty() {
        page.line(Line::of(Role::Dim, format!("  {}", explained.vendor)).hanging(2));
    }
    page.gap();
    details(page, &explained);
    pointer(page, exchange);
}

/// What a failure means, without the secrets that the vendor's own words may hold.
pub(super) fn explained(
    provider: Option<&Provider>,
    operation: Option<&Operation>,
    exchange: &Exchange,
    redactor: Option<&Redactor>,
) -> Option<Explanation> {
    let mut explained = explanation(provider?, operation, exchange)?;
    for text in [&mut explained.summary, &mut explained.vendor, &mut explained.cause, &mut explained.remedy] {
        *text = covered(text, redactor);
    }
    Some(explained)
}

/// Cause, remedy and field, as the envelope view repeats them.
pub(super) fn verdict(page: &mut Page, explained: &Explanation) {
    page.gap();
    details(page, explained);
}

fn details(page: &mut Page, explained: &Explanation) {
    page.field(LABELS, "Cause", Role::Text, &explained.cause);
    page.field(LABELS, "Remedy", Role::Text, &explained.remedy);
    if let Some(parameter) = &explained.parameter {
        page.field(LABELS, "Field", Role::Accent, &format!("{parameter}   (F8 goes there)"));
    }
    if let Some(permission) = &explained.permission {
        page.field(LABELS, "Permission", Role::Text, permission);
    }
    if explained.transient {
        page.field(LABELS, "Again?", Role::Text, "the same call may succeed a little later");
    }
    if let Some(source) = &explained.source {
        page.field(LABELS, "Source", Role::Dim, source);
    }
}
