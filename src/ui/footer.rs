//! The keys that work here and now, or what the operator is told.

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use crate::app::page::Role;
use crate::app::reading::Asked;
use crate::app::{Action, App, Pane, Popup, Tone, keymap};
use crate::catalog::Severity;
use crate::exchange::Exchange;

/// Draws the footer.
pub fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let mut x = area.x + 1;
    if let Some(notice) = &app.notice {
        let mark = match notice.tone {
            Tone::Done => "✓ ",
            Tone::Doubt => "! ",
            Tone::Failure => "✗ ",
        };
        let style = canvas.theme.tone(notice.tone);
        let text = crate::visible::visible(&notice.text);
        x += canvas.put(Position::new(x, area.y), area.right().saturating_sub(x + 1), &format!("{mark}{text}"), style) + 3;
    }
    for action in hints(app) {
        x = hint(app, action, x, area, canvas);
    }
}

/// One key with its word, if it fits; the column behind it.
fn hint(app: &App, action: Action, x: u16, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let Some(chord) = keymap::chord_of(app.contexts(), action) else { return x };
    let (key, word) = (chord.name(), word(app, action));
    let width = u16::try_from(key.chars().count() + 1 + word.chars().count()).unwrap_or(u16::MAX);
    if x.saturating_add(width) >= area.right() {
        return x;
    }
    let used = canvas.write(Position::new(x, area.y), width, &key, Role::Accent);
    canvas.write(Position::new(x + used + 1, area.y), width, word, Role::Dim);
    x + width + 2
}

/// The word for an action here and now.
fn word(app: &App, action: Action) -> &'static str {
    match action {
        Action::Back if app.editing && app.popup.is_none() => "commands",
        Action::Choose if app.popup.is_none() => "take it",
        Action::Down if app.viewer.prompt.is_some() && app.popup.is_none() => "next match",
        Action::Up if app.viewer.prompt.is_some() && app.popup.is_none() => "match before",
        Action::Choose if matches!(app.popup, Some(Popup::Confirm(_))) => "send",
        Action::Choose if matches!(app.popup, Some(Popup::Ask(_))) => "answer",
        Action::Choose if matches!(app.popup, Some(Popup::Fault(_))) => "set",
        Action::Send if app.current().findings.iter().any(|finding| finding.severity == Severity::Error) => "send…",
        other => other.words().hint,
    }
}

/// The actions worth showing here and now, the most useful first.
fn hints(app: &App) -> Vec<Action> {
    use Action as A;
    let here: &[Action] = match (&app.popup, app.editing, app.pane) {
        (Some(Popup::Doubt(_)), _, _) => &[A::SendAnyway, A::Back],
        (Some(Popup::Reading(_)), _, _) => &[A::Back, A::Up, A::Down, A::PageDown, A::Copy],
        (Some(Popup::Picker(_)), _, _) => &[A::Choose, A::Back, A::Up, A::Down],
        (Some(Popup::Faults(_)), _, _) => &[A::AddFault, A::RemoveFault, A::ClearFaults, A::Back, A::Up, A::Down],
        (Some(Popup::Confirm(_) | Popup::Ask(_) | Popup::Fault(_)), _, _) => &[A::Choose, A::Back],
        (None, true, _) => &[
            A::Send,
            A::Cancel,
            A::NextField,
            A::FieldHelp,
            A::Back,
            A::JumpToField,
            A::Resources,
            A::Json,
            A::AddRow,
            A::NextTab,
            A::Quit,
        ],
        (None, false, Pane::Form) if app.current().resources.filtering => &[A::EndFilter, A::Back, A::Up, A::Down],
        (None, false, Pane::Form) if app.resources_shown() => &[
            A::ShowResource,
            A::FillUpdate,
            A::FillDelete,
            A::FillShow,
            A::NewResource,
            A::Refresh,
            A::Filter,
            A::Sort,
            A::ToForm,
            A::NextPane,
            A::Help,
            A::Quit,
        ],
        (None, false, Pane::Form) => &[
            A::Edit,
            A::Send,
            A::Cancel,
            A::Resources,
            A::Examples,
            A::NextPane,
            A::Tab(0),
            A::Operation,
            A::Profile,
            A::Region,
            A::Help,
            A::Quit,
            A::Faults,
        ],
        (None, false, Pane::Preview) => &[A::NextView, A::Copy, A::Save, A::NextPane, A::Zoom, A::Send, A::Help, A::Quit],
        (None, false, Pane::Log) if app.log.filter.typing => &[A::TakeCandidate, A::EndFilter, A::Back, A::Up, A::Down],
        (None, false, Pane::Log) => &[
            A::ToExchange,
            A::FilterLog,
            A::Cancel,
            A::JumpToField,
            A::EditAgain,
            A::SendAgain,
            A::Compare,
            A::Copy,
            A::Last,
            A::NextPane,
            A::Zoom,
            A::Help,
            A::Quit,
        ],
        (None, false, Pane::Exchange) if app.viewer.prompt.as_ref().is_some_and(|prompt| prompt.asked == Asked::Path) => {
            &[A::Choose, A::Complete, A::Back]
        }
        (None, false, Pane::Exchange) if app.viewer.prompt.is_some() => &[A::Choose, A::Back, A::Regex, A::Down, A::Up],
        (None, false, Pane::Exchange) => &[
            A::NextMatch,
            A::PreviousMatch,
            A::NextView,
            A::Cancel,
            A::BodyView,
            A::Search,
            A::Fold,
            A::Path,
            A::JumpToField,
            A::Copy,
            A::Save,
            A::Uncover,
            A::Zoom,
            A::NextPane,
            A::Help,
            A::Quit,
        ],
    };
    here.iter().copied().filter(|action| works(app, *action)).collect()
}

/// Whether an action would do something as things stand.
fn works(app: &App, action: Action) -> bool {
    use Action as A;
    let sent = !app.log.is_empty();
    match action {
        A::AddRow => app.current().focused().is_some_and(|(_, field)| field.has_rows()),
        A::Edit | A::Examples | A::Json | A::NextField | A::FieldHelp => !app.current().fields.is_empty(),
        A::Resources => app.current().provider.as_ref().is_some_and(|provider| provider.resources.is_some()),
        A::FillShow | A::FillUpdate | A::FillDelete | A::ShowResource => app.current().resources.selected().is_some(),
        A::RemoveFault | A::ClearFaults => !app.faults.set.is_empty(),
        A::Faults => app.profile().demo,
        A::TakeCandidate => !app.log.filter.candidates().is_empty(),
        A::FilterLog => !app.log.entries().is_empty() || app.log.past().kept() > 0,
        A::Sort | A::Filter => !app.current().resources.is_empty(),
        A::Operation => app.current().provider.as_ref().is_some_and(|provider| provider.operations.len() > 1),
        A::Cancel => app.log.selected().is_some_and(Exchange::in_flight),
        A::JumpToField => app.blamed_field().is_some(),
        A::NextMatch | A::PreviousMatch => app.viewer.search.is_some(),
        A::EditAgain | A::SendAgain | A::SendExactly | A::Compare | A::Search | A::BodyView | A::Uncover | A::ToExchange | A::Last => sent,
        A::Copy | A::Save if app.popup.is_none() && matches!(app.pane, Pane::Log | Pane::Exchange) => sent,
        A::NextView if app.pane == Pane::Exchange => sent,
        _ => true,
    }
}
