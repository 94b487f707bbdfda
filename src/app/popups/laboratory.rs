//! The laboratory: a request that was signed elsewhere is pasted, and examined off the loop.

use super::component::{Hint, PopupInput, PopupOutcome, Reaction};
use super::text::{TEXT_HINTS, TextPopup};
use crate::app::keys::{Action, KeyContext};
use crate::app::pages;

/// Returns the popup of the laboratory, with what was examined last.
pub fn laboratory(is_examined: bool) -> TextPopup {
    use Action::{Back, Copy, Down, EditAgain, PageDown, Up};
    const EXAMINED: &[Hint] =
        &[(EditAgain, "into form"), (Back, "close"), (Up, "up"), (Down, "down"), (PageDown, "page down"), (Copy, "copy")];
    TextPopup {
        contexts: &[KeyContext::Popup, KeyContext::Laboratory],
        hints: if is_examined { EXAMINED } else { TEXT_HINTS },
        react: |input| match input {
            PopupInput::Paste(text) => Reaction::Do(PopupOutcome::Examine(text.to_owned())),
            PopupInput::Action(EditAgain) => Reaction::Do(PopupOutcome::FillExamined),
            _ => Reaction::Stay,
        },
        ..TextPopup::new("Laboratory", |page, context, redactor| {
            pages::laboratory(page, &context.laboratory.stage, context.keys, redactor);
        })
    }
}
