//! What a pane shows, for the clipboard or a file: secrets masked, lines not broken at the pane's width.

use super::frame::preview_page;
use super::requests::notify;
use crate::app::exchanges::{ExchangeContext, MAX_CLIPBOARD_BYTES, file_stem, too_much};
use crate::app::message::BodyCopy;
use crate::app::{Action, App, Effect, Notice, Pane, pages};
use crate::body::index;

/// Copies what the focused pane shows to the clipboard.
pub(super) fn copy(app: &mut App) {
    let selected = app.exchanges.log.selected();
    let text = match (app.focus.pane, selected) {
        (Pane::Form | Pane::Preview, _) => Ok(preview_text(app)),
        (Pane::Exchange, _) if app.viewer.jq.is_some() => results(app),
        (Pane::Log | Pane::Exchange, None) => Err(Notice::warning("nothing was sent yet")),
        (Pane::Log | Pane::Exchange, Some(exchange)) => {
            exchange_text(app, app.subject(exchange)).ok_or_else(|| too_much("too long for the clipboard", Action::Save, &app.session.keys))
        }
    };
    match text {
        Ok(text) => app.effects.push(Effect::Copy(text)),
        Err(notice) => notify(app, notice),
    }
}

/// Writes what the focused pane shows to a file.
pub(super) fn save(app: &mut App) {
    let effect = match (app.focus.pane, app.exchanges.log.selected()) {
        (Pane::Form | Pane::Preview, _) => {
            let part = if app.resources_shown() { "resource" } else { app.preview.view.name() };
            let name = format!("{}-{part}.txt", app.current().id);
            Ok(Effect::Save { name, head: preview_text(app), body: None })
        }
        (_, None) => Err(Notice::warning("nothing was sent yet")),
        (Pane::Exchange, Some(exchange)) if app.viewer.jq.is_some() => {
            results(app).map(|head| Effect::Save { name: format!("{}-jq.json", file_stem(exchange)), head, body: None })
        }
        (_, Some(exchange)) => {
            let name = format!("{}-{}.txt", file_stem(exchange), app.viewer.view.name());
            let (head, body) = app.viewer.copy(app.subject(exchange), &app.session.redactor);
            Ok(Effect::Save { name, head, body })
        }
    };
    match effect {
        Ok(effect) => app.effects.push(effect),
        Err(notice) => notify(app, notice),
    }
}

fn preview_text(app: &App) -> String {
    preview_page(app, 0, Some(&app.composer.masking_typed(&app.session.redactor))).plain()
}

/// Returns the exchange pane's view as text, unless it is long.
fn exchange_text(app: &App, subject: ExchangeContext<'_>) -> Option<String> {
    let (mut text, body) = app.viewer.copy(subject, &app.session.redactor);
    if let Some(BodyCopy { view, bytes, redactor }) = body.filter(|body| !body.bytes.is_empty()) {
        if bytes.len() > MAX_CLIPBOARD_BYTES {
            return None;
        }
        let rows = index(&bytes, view, u16::MAX, &redactor);
        pages::add_text(&mut text, &rows.screen(0..rows.len(), &bytes));
    }
    Some(text)
}

/// Returns the results of the filter, or why they cannot be copied, in a notice.
fn results(app: &App) -> Result<String, Notice> {
    if app.session.revealed {
        let key = app.session.keys.hint(Action::Reveal);
        return Err(Notice::warning(format!("the filter read revealed secrets, and copies are always masked: press {key} first")));
    }
    let text = app.viewer.jq.as_ref().and_then(|jq| jq.results_text(&app.session.redactor));
    text.ok_or_else(|| Notice::warning("the filter has given nothing to copy"))
}
