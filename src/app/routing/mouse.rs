//! The mouse, to the owner of what it points at.

use super::popups::{dismiss_popup, open_picker, popup_input};
use super::requests::focus_pane;
use crate::app::composer::Sending;
use crate::app::message::{Gesture, ScreenTarget};
use crate::app::popups::{PickerKind, PopupInput};
use crate::app::{Action, App, Context, ExchangeView, Pane, PreviewView};

/// Lines that one turn of the wheel scrolls.
const WHEEL_LINES: isize = 3;

pub(super) fn mouse(app: &mut App, gesture: Gesture, target: &ScreenTarget) {
    match gesture {
        Gesture::Click => click(app, target),
        Gesture::WheelUp => wheel(app, target, -WHEEL_LINES),
        Gesture::WheelDown => wheel(app, target, WHEEL_LINES),
    }
}

fn click(app: &mut App, target: &ScreenTarget) {
    app.session.notice = None;
    if let Sending::Sent(_) = app.composer.sending {
        app.composer.sending = Sending::Idle;
    }
    match *target {
        ScreenTarget::Tab(at) => {
            app.composer.show_tab(at, &mut Context { session: &app.session, requests: &mut app.requests });
        }
        ScreenTarget::Field { field, part, character } => {
            click_pane(app, Pane::Form);
            app.composer.sending = Sending::Idle;
            app.focus.editing = true;
            if !app.composer.current_mut().point(field, part, character) {
                app.composer.edit(&app.session, |field, choices| field.step(1, false, choices));
            }
        }
        ScreenTarget::View(pane, at) => {
            click_pane(app, pane);
            match pane {
                Pane::Preview => app.preview.view = *PreviewView::ALL.get(at).unwrap_or(&app.preview.view),
                Pane::Exchange => app.viewer.show_view(*ExchangeView::ALL.get(at).unwrap_or(&app.viewer.view)),
                Pane::Form | Pane::Log => {}
            }
        }
        ScreenTarget::Entry(row) => {
            click_pane(app, Pane::Log);
            app.exchanges.log.select(row);
        }
        ScreenTarget::Resource(row) => {
            click_pane(app, Pane::Form);
            app.table_mut().select(row);
        }
        ScreenTarget::Pane(pane) => click_pane(app, pane),
        ScreenTarget::Results => click_pane(app, Pane::Exchange),
        ScreenTarget::PickerRow(row) => popup_input(app, PopupInput::Click(row)),
        ScreenTarget::Profile => open_picker(app, PickerKind::Profile),
        ScreenTarget::Region => open_picker(app, PickerKind::Region),
        ScreenTarget::Elsewhere => dismiss_popup(app),
        ScreenTarget::Popup => {}
    }
}

/// Gives a pane the focus and leaves the line that is typed into.
fn click_pane(app: &mut App, pane: Pane) {
    app.viewer.prompt = None;
    focus_pane(app, pane);
}

fn wheel(app: &mut App, target: &ScreenTarget, lines: isize) {
    if app.popups.is_open() {
        return popup_input(app, PopupInput::Wheel(lines));
    }
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match target {
        ScreenTarget::Entry(_) | ScreenTarget::Pane(Pane::Log) => app.exchanges.wheel(lines, cx),
        ScreenTarget::Resource(_) => app.table_mut().travel(if lines < 0 { Action::Up } else { Action::Down }),
        ScreenTarget::Pane(Pane::Preview) | ScreenTarget::View(Pane::Preview, _) => {
            app.preview.scroll = app.preview.scroll.saturating_add_signed(lines);
        }
        ScreenTarget::Results => {
            app.viewer.jq.iter_mut().for_each(|jq| jq.scroll = jq.scroll.saturating_add_signed(lines));
        }
        ScreenTarget::Pane(Pane::Exchange) | ScreenTarget::View(Pane::Exchange, _) => {
            app.viewer.text.scroll = app.viewer.text.scroll.saturating_add_signed(lines);
        }
        _ => {}
    }
}
