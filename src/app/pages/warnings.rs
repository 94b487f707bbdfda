//! What is wrong with a form that is about to be sent all the same.

use super::{Line, Page, Role};
use crate::catalog::Severity;
use crate::form::Diagnostic;

/// Adds the findings, errors first.
pub fn warnings_page(page: &mut Page, findings: &[Diagnostic]) {
    for (severity, role, mark) in [(Severity::Error, Role::Failure, "✗ "), (Severity::Warning, Role::Warning, "! ")] {
        let mut last = None;
        let of_severity = findings.iter().filter(|finding| finding.severity == severity);
        // Two rules that stumble over the same character say the same twice.
        let place = |finding: &Diagnostic| finding.at.map(|at| (finding.parameter.clone(), at));
        for finding in of_severity.filter(|finding| finding.at.is_none() || std::mem::replace(&mut last, place(finding)) != place(finding))
        {
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
