//! Actions, to the owner that carries them out.

use super::copies::{copy, save};
use super::popups::{ask_other_key, open_export, open_faults, open_laboratory, open_picker, popup_input};
use super::requests::{begin_editing, focus_pane, notify, show_table};
use crate::app::keys::{Action, KeyContext};
use crate::app::popups::{PickerKind, Popup, PopupInput, field_help, help};
use crate::app::resources::{ListingState, Placement, catalogued};
use crate::app::{App, Context, Effect, Notice, Pane};
use crate::exchange::{Exchange, Purpose};
use crate::query::KnownNames;

/// The owner of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// The root: popups are opened, the focus moves, the session changes.
    Console,
    /// The form as a whole, and sending it.
    Composer,
    /// A field of the form.
    Fields,
    /// The table of resources.
    Table,
    /// The preview.
    Preview,
    /// The log.
    Log,
    /// The exchange pane.
    Viewer,
}

/// Carries out an action.
pub(super) fn act(app: &mut App, action: Action) {
    if app.popups.is_open() && action != Action::Quit {
        return popup_input(app, PopupInput::Action(action));
    }
    let owner = owner(app, action);
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match owner {
        Owner::Console => act_on_console(app, action),
        Owner::Composer => act_on_composer(app, action),
        Owner::Fields => app.composer.act(action, cx),
        Owner::Table => app.resources.act(action, &app.composer, cx),
        Owner::Preview => app.preview.act(action),
        Owner::Log => app.exchanges.act(action, cx),
        Owner::Viewer => app.viewer.act(action, cx),
    }
}

/// Returns the owner of an action: of the contexts in which its keys work, or else one that is named here.
fn owner(app: &App, action: Action) -> Owner {
    use Action as A;
    match action {
        A::Send | A::SendWithRetries | A::SendAgain | A::SendExactly | A::EditAgain | A::JumpToField => Owner::Composer,
        A::Edit | A::CopyAs | A::WriteAs | A::FilterLog => Owner::Console,
        A::Cancel | A::Compare => Owner::Log,
        A::Choose => Owner::Viewer,
        _ if action.moves() => pane_owner(app),
        _ => {
            let owners: Vec<Owner> = action.info().keys.iter().map(|(context, _)| context_owner(*context)).collect();
            match owners[..] {
                [first, ref rest @ ..] if rest.iter().all(|other| *other == first) => first,
                _ if owners.contains(&Owner::Console) => Owner::Console,
                // It works in several panes.
                _ => pane_owner(app),
            }
        }
    }
}

fn context_owner(context: KeyContext) -> Owner {
    use KeyContext as C;
    match context {
        C::Field | C::Form => Owner::Fields,
        C::Resources | C::Filter => Owner::Table,
        C::Preview => Owner::Preview,
        C::Log | C::LogFilter => Owner::Log,
        C::Exchange | C::Prompt => Owner::Viewer,
        _ => Owner::Console,
    }
}

fn pane_owner(app: &App) -> Owner {
    match app.focus.pane {
        Pane::Form if app.resources_shown() => Owner::Table,
        Pane::Form => Owner::Fields,
        Pane::Preview => Owner::Preview,
        Pane::Log => Owner::Log,
        Pane::Exchange => Owner::Viewer,
    }
}

fn act_on_composer(app: &mut App, action: Action) {
    let shown = app.resources_shown();
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    let selected = app.exchanges.log.selected();
    match action {
        Action::Send | Action::SendWithRetries if shown => {
            cx.notify(Notice::warning(format!("the form is not visible: {} shows it", cx.key(Action::ToForm))));
        }
        Action::Send | Action::SendWithRetries => app.composer.send(action == Action::SendWithRetries, cx),
        Action::SendAgain => app.composer.send_again(selected, cx),
        Action::SendExactly => app.composer.send_exactly(selected, cx),
        Action::JumpToField if app.exchanges.log.is_empty() => cx.notify(Notice::warning("nothing was sent yet")),
        Action::JumpToField => app.composer.jump_to_field(selected, cx),
        _ => {
            app.composer.edit_again(selected, cx);
        }
    }
}

fn act_on_console(app: &mut App, action: Action) {
    let tabs = app.composer.tabs.len();
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match action {
        Action::Edit => begin_editing(app),
        Action::Back => back(app),
        Action::FieldHelp => {
            let tab = app.composer.current();
            cx.open(Popup::Text(field_help(tab.operation().cloned(), tab.focus)));
        }
        Action::Help => cx.open(Popup::Text(help())),
        Action::NextPane => step_pane(app, 1),
        Action::PreviousPane => step_pane(app, Pane::ALL.len() - 1),
        Action::ToForm => {
            app.table_mut().hide();
            focus_pane(app, Pane::Form);
        }
        Action::ToPreview => focus_pane(app, Pane::Preview),
        Action::ToLog => focus_pane(app, Pane::Log),
        Action::ToExchange => focus_pane(app, Pane::Exchange),
        Action::Tab(at) => app.composer.show_tab(usize::from(at), cx),
        Action::NextTab => app.composer.show_tab((app.composer.tab + 1) % tabs, cx),
        Action::PreviousTab => app.composer.show_tab((app.composer.tab + tabs - 1) % tabs, cx),
        Action::Zoom => app.focus.zoomed = !app.focus.zoomed,
        Action::FilterLog => {
            let providers = app.composer.tabs.iter().filter_map(|tab| tab.provider.as_deref());
            let known = KnownNames::new(providers, app.session.profiles.iter().map(|profile| profile.name.as_str()));
            app.exchanges.begin_filter(known, cx);
        }
        Action::Laboratory => open_laboratory(app),
        Action::Resources => toggle_resources(app),
        Action::Copy => copy(app),
        Action::Save => save(app),
        Action::Profile => open_picker(app, PickerKind::Profile),
        Action::Region => open_picker(app, PickerKind::Region),
        Action::Operation => open_picker(app, PickerKind::Operation),
        Action::CopyAs => open_export(app, PickerKind::CopyAs),
        Action::WriteAs => open_export(app, PickerKind::WriteAs),
        Action::Faults => open_faults(app),
        Action::OtherKey => ask_other_key(app),
        _ => act_on_session(app, action),
    }
}

fn act_on_session(app: &mut App, action: Action) {
    let notice = match action {
        Action::ServerClock => {
            let notice = app.session.clock.toggle(&app.session.keys);
            app.composer.refresh(&app.session);
            notice
        }
        Action::Reveal => app.session.toggle_revealed(),
        Action::Mouse => {
            let (effect, notice) = app.session.toggle_mouse();
            app.effects.push(effect);
            notice
        }
        Action::Quit => return quit(app),
        // Keys of popups alone.
        _ => return,
    };
    notify(app, notice);
}

fn back(app: &mut App) {
    if app.focus.editing {
        return app.focus.editing = false;
    }
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    let went_back = match app.focus.pane {
        Pane::Form => app.resources.back(app.composer.tab, cx),
        Pane::Exchange => app.viewer.back(),
        Pane::Log => app.exchanges.back(cx),
        Pane::Preview => false,
    };
    match went_back {
        true => {}
        false if app.focus.zoomed => app.focus.zoomed = false,
        false => app.focus.pane = Pane::Form,
    }
}

fn step_pane(app: &mut App, by: usize) {
    let at = Pane::ALL.iter().position(|pane| *pane == app.focus.pane).unwrap_or(0);
    focus_pane(app, Pane::ALL[(at + by) % Pane::ALL.len()]);
}

/// Puts the table in the place of the form, or the form back.
fn toggle_resources(app: &mut App) {
    let editing = app.focus.editing;
    let table = app.table_mut();
    if let Placement::Table { left_editing: editing } = table.placement {
        table.hide();
        (app.focus.pane, app.focus.editing) = (Pane::Form, editing);
        return;
    }
    let tab = app.composer.current();
    let Some(provider) = &tab.provider else { return notify(app, Notice::warning("the catalog is still being read")) };
    if catalogued(tab).is_none() {
        let words = format!("the catalog does not say how the resources of {} are listed", provider.title);
        return notify(app, Notice::warning(words));
    }
    show_table(app, editing);
    if matches!(app.table().state, ListingState::Unknown | ListingState::Failed(_)) {
        let cx = &mut Context { session: &app.session, requests: &mut app.requests };
        app.resources.list(app.composer.tab, &app.composer, cx);
    }
}

fn quit(app: &mut App) {
    // What the console asks by itself changes nothing, and nobody waits for it.
    let awaited = |exchange: &&Exchange| exchange.in_flight() && exchange.purpose == Purpose::Operator;
    let in_flight = app.exchanges.log.entries().iter().filter(awaited).count();
    let to_come = app.exchanges.waits.in_progress();
    if in_flight + to_come == 0 || app.leaving {
        return app.effects.push(Effect::Quit);
    }
    app.leaving = true;
    let what = if in_flight > 0 { format!("{in_flight} in flight") } else { format!("{to_come} to be sent again") };
    notify(app, Notice::warning(format!("{what}: the same key again leaves all the same")));
}
