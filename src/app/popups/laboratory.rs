//! The laboratory: a request that was signed elsewhere is pasted, and examined off the loop.

use std::borrow::Cow;

use super::component::{PopupContext, PopupInput, PopupOutcome, Reaction};
use super::text::Text;
use crate::app::keys::{Action, KeyContext};
use crate::app::page::Page;
use crate::app::pages;
use crate::redact::Redactor;

/// The result of the last examination.
#[derive(Debug, Default)]
pub struct Examination;

impl Text for Examination {
    fn title(&self) -> Cow<'_, str> {
        "Laboratory".into()
    }

    fn write(&self, page: &mut Page, context: &PopupContext<'_>, redactor: Option<&Redactor>) {
        pages::laboratory(page, &context.laboratory.stage, context.keys, redactor);
    }

    fn contexts(&self) -> &'static [KeyContext] {
        &[KeyContext::Popup, KeyContext::Laboratory]
    }

    fn hints(&self, context: &PopupContext<'_>) -> Vec<(Action, &'static str)> {
        let examined = context.laboratory.is_examined().then_some((Action::EditAgain, Action::EditAgain.info().hint));
        examined.into_iter().chain(super::help::Help.hints(context)).collect()
    }

    fn update(&mut self, input: PopupInput<'_>) -> Reaction {
        match input {
            PopupInput::Paste(text) => Reaction::Do(PopupOutcome::Examine(text.to_owned())),
            PopupInput::Action(Action::EditAgain) => Reaction::Do(PopupOutcome::FillExamined),
            _ => Reaction::Stay,
        }
    }
}
