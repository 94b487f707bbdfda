//! What is wrong with a form that is about to be sent all the same.

use super::{Line, Page, Role};
use crate::catalog::Severity;
use crate::form::Finding;

/// The findings, errors first.
pub fn doubt(page: &mut Page, findings: &[Finding]) {
    for (severity, role, mark) in [(Severity::Error, Role::Failure, "✗ "), (Severity::Warning, Role::Doubt, "! ")] {
        for finding in findings.iter().filter(|finding| finding.severity == severity) {
            let line = Line::of(role, mark)
                .with(Role::Label, &finding.parameter)
                .with(Role::Text, "  ")
                .with(role, finding.place())
                .with(role, &finding.message);
            page.line(line.hanging(2));
        }
    }
    page.gap();
    page.text(Role::Text, "The vendor is expected to refuse this. Sending it on purpose shows how.");
}
