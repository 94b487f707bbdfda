//! What is wrong with a form that is about to be sent all the same.

use std::borrow::Cow;

use super::component::{PopupContext, PopupInput, PopupOutcome, Reaction, hints};
use super::text::Text;
use crate::app::keys::{Action, KeyContext};
use crate::app::page::{Line, Page, Role};
use crate::catalog::Severity;
use crate::form::Diagnostic;
use crate::redact::Redactor;

/// The findings about a form with errors, and whether to send it.
#[derive(Debug)]
pub struct Warnings(pub Vec<Diagnostic>);

impl Text for Warnings {
    fn title(&self) -> Cow<'_, str> {
        "The form has errors: send anyway?".into()
    }

    fn size(&self, lines: u16) -> (u16, u16) {
        (76, lines.clamp(3, 16) + 4)
    }

    fn keys(&self) -> &'static [(Action, &'static str)] {
        &[(Action::SendAnyway, "send anyway"), (Action::Back, "fix it")]
    }

    fn contexts(&self) -> &'static [KeyContext] {
        &[KeyContext::Warning, KeyContext::Popup]
    }

    fn hints(&self, _context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        hints([Action::SendAnyway, Action::Back])
    }

    fn is_dismissible(&self) -> bool {
        false
    }

    fn update(&mut self, input: PopupInput<'_>) -> Reaction {
        match input {
            PopupInput::Action(Action::SendAnyway) => Reaction::Finish(PopupOutcome::SendAnyway),
            _ => Reaction::Stay,
        }
    }

    /// Writes the findings, errors first.
    fn write(&self, page: &mut Page, _context: &PopupContext<'_>, _redactor: Option<&Redactor>) {
        for (severity, role, mark) in [(Severity::Error, Role::Failure, "✗ "), (Severity::Warning, Role::Warning, "! ")] {
            let mut last = None;
            for finding in self.0.iter().filter(|finding| finding.severity == severity) {
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
}
