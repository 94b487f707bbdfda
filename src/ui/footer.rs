//! The keys that work here and now, or what the operator is told.

use ratatui::layout::{Position, Rect};

use super::canvas::Canvas;
use crate::app::page::Role;
use crate::app::popup::Topic;
use crate::app::viewer::PromptKind;
use crate::app::{Action, App, Pane, Popup, Tone, keymap};
use crate::catalog::Severity;

/// Draws the footer.
pub fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let mut x = area.x + 1;
    if let Some(notice) = &app.notice {
        let mark = match notice.tone {
            Tone::Done => "✓ ",
            Tone::Warning => "! ",
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

/// Returns one key with its word, if it fits; the column behind it.
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

/// Returns whether the way back leads out of jq: out of a search, and away from a selected line, it leads first.
fn closes_jq(app: &App) -> bool {
    let viewer = &app.viewer;
    let at_once = viewer.prompt.is_none() && viewer.search.is_none() && viewer.cursor.is_none();
    app.pane == Pane::Exchange && app.popup.is_none() && viewer.jq.is_some() && at_once
}

/// Returns the word for an action here and now.
fn word(app: &App, action: Action) -> &'static str {
    match action {
        Action::Back if app.editing && app.popup.is_none() => "commands",
        Action::Choose if asked(app) == Some(PromptKind::Filter) => "keep it",
        Action::Choose if app.popup.is_none() => "take it",
        Action::Down if asked(app) == Some(PromptKind::Search) => "next match",
        Action::Up if asked(app) == Some(PromptKind::Search) => "match before",
        Action::Back if asked(app) == Some(PromptKind::Filter) => "close",
        Action::Back if matches!(app.popup, Some(Popup::Text(_))) => "close",
        Action::Back if closes_jq(app) => "close jq",
        Action::Choose if matches!(app.popup, Some(Popup::Confirm(_))) => "send",
        Action::Choose if matches!(app.popup, Some(Popup::Ask(_))) => "answer",
        Action::Choose if matches!(app.popup, Some(Popup::Fault(_))) => "set",
        Action::ServerClock if app.clock.is_by_server() => "own clock",
        Action::Send if app.current().findings.iter().any(|finding| finding.severity == Severity::Error) => "send…",
        other => other.words().hint,
    }
}

/// Returns what is asked for in the exchange's own line, if anything is.
fn asked(app: &App) -> Option<PromptKind> {
    app.viewer.prompt.as_ref().filter(|_| app.popup.is_none()).map(|prompt| prompt.asked)
}

/// The actions worth showing in a field, the most useful first; likewise below.
const FIELD: &[Action] = &[
    Action::Send,
    Action::Cancel,
    Action::NextField,
    Action::FieldHelp,
    Action::Back,
    Action::JumpToField,
    Action::Resources,
    Action::Json,
    Action::AddRow,
    Action::NextTab,
    Action::Quit,
];

const RESOURCES: &[Action] = &[
    Action::ShowResource,
    Action::FillUpdate,
    Action::FillDelete,
    Action::FillShow,
    Action::NewResource,
    Action::Refresh,
    Action::Filter,
    Action::Sort,
    Action::ToForm,
    Action::NextPane,
    Action::Help,
    Action::Quit,
];

const FORM: &[Action] = &[
    Action::Edit,
    Action::Send,
    Action::Cancel,
    Action::Resources,
    Action::Examples,
    Action::NextPane,
    Action::Tab(0),
    Action::Operation,
    Action::Profile,
    Action::Region,
    Action::Help,
    Action::Quit,
    Action::Faults,
];

const PREVIEW: &[Action] =
    &[Action::NextView, Action::Copy, Action::Save, Action::NextPane, Action::Zoom, Action::Send, Action::Help, Action::Quit];

const LOG: &[Action] = &[
    Action::ToExchange,
    Action::FilterLog,
    Action::Cancel,
    Action::ServerClock,
    Action::JumpToField,
    Action::EditAgain,
    Action::SendAgain,
    Action::Compare,
    Action::Copy,
    Action::Last,
    Action::NextPane,
    Action::Zoom,
    Action::Help,
    Action::Quit,
];

const EXCHANGE: &[Action] = &[
    Action::NextMatch,
    Action::PreviousMatch,
    Action::Back,
    Action::NextView,
    Action::Cancel,
    Action::ServerClock,
    Action::BodyView,
    Action::Search,
    Action::Fold,
    Action::Path,
    Action::Jq,
    Action::JumpToField,
    Action::Copy,
    Action::Save,
    Action::Reveal,
    Action::Zoom,
    Action::NextPane,
    Action::Help,
    Action::Quit,
];

/// Returns the actions worth showing here and now, the most useful first.
fn hints(app: &App) -> impl Iterator<Item = Action> {
    let here = app.popup.as_ref().map_or_else(|| pane_hints(app), popup_hints);
    here.iter().copied().filter(|action| works(app, *action))
}

fn popup_hints(popup: &Popup) -> &'static [Action] {
    use Action as A;
    match popup {
        Popup::Warning(_) => &[A::SendAnyway, A::Back],
        Popup::Text(reading) if reading.topic == Topic::Laboratory => &[A::EditAgain, A::Back, A::Up, A::Down, A::PageDown, A::Copy],
        Popup::Text(_) => &[A::Back, A::Up, A::Down, A::PageDown, A::Copy],
        Popup::Picker(_) => &[A::Choose, A::Back, A::Up, A::Down],
        Popup::Faults(_) => &[A::AddFault, A::RemoveFault, A::ClearFaults, A::Back, A::Up, A::Down],
        Popup::Confirm(_) | Popup::Ask(_) | Popup::Fault(_) => &[A::Choose, A::Back],
    }
}

fn pane_hints(app: &App) -> &'static [Action] {
    use Action as A;
    match app.pane {
        _ if app.editing => FIELD,
        Pane::Form if app.current().resources.filtering => &[A::EndFilter, A::Back, A::Up, A::Down],
        Pane::Form if app.resources_shown() => RESOURCES,
        Pane::Form => FORM,
        Pane::Preview => PREVIEW,
        Pane::Log if app.log.filter.typing => &[A::TakeCandidate, A::EndFilter, A::Back, A::Up, A::Down],
        Pane::Log => LOG,
        Pane::Exchange => app.viewer.prompt.as_ref().map_or(EXCHANGE, |prompt| prompt_hints(prompt.asked)),
    }
}

fn prompt_hints(asked: PromptKind) -> &'static [Action] {
    use Action as A;
    match asked {
        PromptKind::Path => &[A::Choose, A::Complete, A::Back],
        PromptKind::Filter => &[A::Choose, A::Complete, A::Back, A::Down, A::Up, A::PageDown, A::PageUp],
        PromptKind::Search => &[A::Choose, A::Back, A::Regex, A::Down, A::Up],
    }
}

/// Returns whether an action would do something as things stand.
fn works(app: &App, action: Action) -> bool {
    use Action as A;
    let sent = !app.log.is_empty();
    match action {
        A::EditAgain if app.popup.is_some() => app.laboratory.is_examined(),
        A::ServerClock => app.clock.skew().is_some(),
        A::AddRow => app.current().focused().is_some_and(|(_, field)| field.has_rows()),
        A::Edit | A::Examples | A::Json | A::NextField | A::FieldHelp => !app.current().fields.is_empty(),
        A::Resources => app.current().provider.as_ref().is_some_and(|provider| provider.resources.is_some()),
        A::FillShow | A::FillUpdate | A::FillDelete | A::ShowResource => app.current().resources.selected().is_some(),
        A::RemoveFault | A::ClearFaults => !app.faults.set.is_empty(),
        A::Faults => app.profile().demo,
        A::TakeCandidate => !app.log.filter.candidates().is_empty(),
        A::FilterLog => !app.log.entries().is_empty() || app.log.past().stored() > 0,
        A::Sort | A::Filter => !app.current().resources.is_empty(),
        A::Operation => app.current().provider.as_ref().is_some_and(|provider| provider.operations.len() > 1),
        A::Cancel => app.cancellable().is_some(),
        A::JumpToField => app.blamed_field().is_some(),
        A::NextMatch | A::PreviousMatch => app.viewer.search.is_some(),
        A::Back if app.pane == Pane::Exchange && app.popup.is_none() && !app.editing => app.viewer.reads(),
        A::EditAgain | A::SendAgain | A::SendExactly | A::Compare | A::Search | A::BodyView | A::Reveal | A::ToExchange | A::Last => sent,
        A::Copy | A::Save if app.popup.is_none() && matches!(app.pane, Pane::Log | Pane::Exchange) => sent,
        A::NextView if app.pane == Pane::Exchange => sent,
        _ => true,
    }
}
