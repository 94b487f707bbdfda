//! What is wrong with a form that is about to be sent all the same.

use super::component::{PopupInput, PopupOutcome, Reaction};
use super::text::TextPopup;
use crate::app::keys::{Action, KeyContext};
use crate::app::page::{Line, Page, Role};
use crate::catalog::Severity;
use crate::form::Diagnostic;

/// Returns the popup that asks whether to send a form with errors.
pub fn warnings(findings: Vec<Diagnostic>) -> TextPopup {
    TextPopup {
        size: |lines| (76, lines.clamp(3, 16) + 4),
        contexts: &[KeyContext::Warning, KeyContext::Popup],
        hints: &[(Action::SendAnyway, "send anyway"), (Action::Back, "back")],
        keys: &[(Action::SendAnyway, "send anyway"), (Action::Back, "fix it")],
        is_dismissible: false,
        react: |input| match input {
            PopupInput::Action(Action::SendAnyway) => Reaction::Finish(PopupOutcome::SendAnyway),
            _ => Reaction::Stay,
        },
        ..TextPopup::new("The form has errors: send anyway?", move |page, _, _| write(page, &findings))
    }
}

/// Writes the findings, errors first.
fn write(page: &mut Page, findings: &[Diagnostic]) {
    for (severity, role, mark) in [(Severity::Error, Role::Failure, "✗ "), (Severity::Warning, Role::Warning, "! ")] {
        let mut last = None;
        for finding in findings.iter().filter(|finding| finding.severity == severity) {
            // Two rules that stumble over the same character say the same twice.
            let place = finding.at.map(|at| (&finding.parameter, at));
            if place.is_some() && std::mem::replace(&mut last, place) == place {
                continue;
            }
            let line = Line::of(role, mark).with(Role::Label, &finding.parameter).with(Role::Text, "  ");
            page.line(line.with(role, finding.place()).with(role, &finding.message).hanging(2));
        }
    }
    page.gap();
    page.text(Role::Text, "The vendor is expected to refuse this. Sending it on purpose shows how.");
}
