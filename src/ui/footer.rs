//! The keys that work here and now, or what the operator is told.

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use crate::app::composer::blamed_field;
use crate::app::page::Role;
use crate::app::viewer::PromptKind;
use crate::app::{Action, App, Pane, Tone};
use crate::catalog::Severity;

/// Draws the footer.
pub fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let mut x = area.x + 1;
    if let Some(notice) = &app.session.notice {
        let mark = match notice.tone {
            Tone::Done => "✓ ",
            Tone::Warning => "! ",
            Tone::Failure => "✗ ",
        };
        let style = canvas.theme.tone(notice.tone);
        let text = crate::visible::visible(&notice.text);
        x += canvas.put(Position::new(x, area.y), area.right().saturating_sub(x + 1), &format!("{mark}{text}"), style) + 3;
    }
    for (action, word) in hints(app) {
        x = hint(app, action, word, x, area, canvas);
    }
}

/// Returns one key with its word, if it fits; the column behind it.
fn hint(app: &App, action: Action, word: &str, x: u16, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let Some(chord) = app.session.keys.chord_of(app.contexts(), action) else { return x };
    let key = chord.to_string();
    let width = u16::try_from(key.chars().count() + 1 + word.chars().count()).unwrap_or(u16::MAX);
    if x.saturating_add(width) >= area.right() {
        return x;
    }
    let used = canvas.write(Position::new(x, area.y), width, &key, Role::Accent);
    canvas.write(Position::new(x + used + 1, area.y), width, word, Role::Dim);
    x + width + 2
}

/// Returns the actions worth showing here and now with their words, the most useful first.
fn hints(app: &App) -> Vec<(Action, &'static str)> {
    if let Some(popup) = app.popups.open() {
        return popup.view(&app.popup_context()).hints.to_vec();
    }
    let shown = app.contexts()[0].footer().iter().filter(|action| is_available(app, **action));
    shown.map(|action| (*action, word(app, *action))).collect()
}

/// Returns whether the way back leads out of jq: out of a search, and away from a selected line, it leads first.
fn closes_jq(app: &App) -> bool {
    let viewer = &app.viewer;
    app.focus.pane == Pane::Exchange
        && viewer.jq.is_some()
        && viewer.prompt.is_none()
        && viewer.search.is_none()
        && viewer.text.cursor.is_none()
}

/// Returns the word for an action here and now.
fn word(app: &App, action: Action) -> &'static str {
    let prompt = app.viewer.prompt.as_ref().map(|prompt| prompt.kind);
    match (action, prompt) {
        (Action::Back, _) if app.focus.editing => "commands",
        (Action::Choose, Some(PromptKind::Filter)) => "keep it",
        (Action::Choose, _) => "take it",
        (Action::Down, Some(PromptKind::Search)) => "next match",
        (Action::Up, Some(PromptKind::Search)) => "previous match",
        (Action::Back, Some(PromptKind::Filter)) => "close",
        (Action::Back, _) if closes_jq(app) => "close jq",
        (Action::ServerClock, _) if app.session.clock.is_by_server() => "own clock",
        (Action::Send, _) if app.current().findings.iter().any(|finding| finding.severity == Severity::Error) => "send…",
        (other, _) => other.info().hint,
    }
}

/// Returns whether an action would do something as things stand.
fn is_available(app: &App, action: Action) -> bool {
    use Action as A;
    let (sent, prompt) = (!app.exchanges.log.is_empty(), app.viewer.prompt.as_ref().map(|prompt| prompt.kind));
    match action {
        A::Complete if prompt.is_some() => prompt != Some(PromptKind::Search),
        A::Regex => prompt == Some(PromptKind::Search),
        A::Up | A::Down if prompt.is_some() => prompt != Some(PromptKind::Path),
        A::PageUp | A::PageDown if prompt.is_some() => prompt == Some(PromptKind::Filter),
        A::ServerClock => app.session.clock.skew().is_some(),
        A::AddRow => app.current().focused().is_some_and(|(_, field)| field.has_rows()),
        A::Edit | A::Examples | A::Json | A::NextField | A::FieldHelp => !app.current().fields.is_empty(),
        A::Resources => app.current().provider.as_ref().is_some_and(|provider| provider.resources.is_some()),
        A::FillShow | A::FillUpdate | A::FillDelete | A::FetchResource => app.table().selected().is_some(),
        A::Faults => app.session.profile().demo,
        A::AcceptCandidate => !app.exchanges.log.filter.candidates().is_empty(),
        A::FilterLog => !app.exchanges.log.entries().is_empty() || app.exchanges.log.past.stored() > 0,
        A::Sort | A::Filter => !app.table().is_empty(),
        A::Operation => app.current().provider.as_ref().is_some_and(|provider| provider.operations.len() > 1),
        A::Cancel => app.exchanges.cancellable().is_some(),
        A::JumpToField => app.exchanges.log.selected().and_then(|exchange| blamed_field(&app.composer, exchange)).is_some(),
        A::NextMatch | A::PreviousMatch => app.viewer.search.is_some(),
        A::Back if app.focus.pane == Pane::Exchange && !app.focus.editing => app.viewer.reads(),
        A::EditAgain | A::SendAgain | A::SendExactly | A::Compare | A::Search | A::BodyView | A::Reveal | A::ToExchange | A::Last => sent,
        A::Copy | A::Save if matches!(app.focus.pane, Pane::Log | Pane::Exchange) => sent,
        A::NextView if app.focus.pane == Pane::Exchange => sent,
        _ => true,
    }
}
