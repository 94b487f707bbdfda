//! Requests of the owners, carried out in their order.

use crate::app::composer::Sending;
use crate::app::popups::{Popup, comparison};
use crate::app::{App, AppRequest, Notice, Pane};

/// Carries out every request of the owners, and those that come of them.
pub(in crate::app) fn run_requests(app: &mut App) {
    while !app.requests.is_empty() {
        for request in std::mem::take(&mut app.requests) {
            carry_out(app, request);
        }
    }
}

fn carry_out(app: &mut App, request: AppRequest) {
    match request {
        AppRequest::Effect(effect) => app.effects.push(effect),
        AppRequest::Notify(notice) => notify(app, notice),
        AppRequest::Focus(pane) => focus_pane(app, pane),
        AppRequest::Edit => begin_editing(app),
        AppRequest::ShowForm => {
            app.table_mut().hide();
            focus_pane(app, Pane::Form);
        }
        AppRequest::FillForm(form, focus) => {
            app.composer.current_mut().fill(&form, focus);
            app.composer.refresh(&app.session);
        }
        AppRequest::ChooseOperation(operation) => {
            app.composer.current_mut().choose_named(&operation);
            app.composer.refresh(&app.session);
        }
        AppRequest::ReturnToTable(tab) => {
            if app.composer.sending == Sending::Sent(tab) && app.composer.tab == tab && !app.popups.is_open() {
                show_table(app, false);
            }
        }
        AppRequest::FollowNewest => app.exchanges.log.follow_newest(),
        AppRequest::RemakePage => app.viewer.forget(),
        AppRequest::Open(popup) => app.popups.show(*popup),
        AppRequest::ClosePopup => app.popups.close(),
        AppRequest::Compare(left, right) => {
            let log = &app.exchanges.log;
            let providers = [left, right].map(|id| log.exchange(id).and_then(|exchange| app.composer.provider_of(exchange)));
            let volatile = providers.iter().flatten().flat_map(|provider| provider.volatile.iter().cloned()).collect();
            app.popups.show(Popup::Text(comparison(left, right, volatile)));
        }
    }
}

/// Tells the operator something, with whatever is secret masked.
pub(in crate::app) fn notify(app: &mut App, notice: Notice) {
    let redactor = app.composer.masking_typed(&app.session.redactor);
    app.session.notify(notice, &redactor);
}

/// Gives a pane the focus; what is typed into another one's line is left.
pub(super) fn focus_pane(app: &mut App, pane: Pane) {
    if pane != Pane::Exchange {
        app.viewer.prompt = None;
    }
    app.focus.set(pane);
}

/// Begins to type into the focused field of the form.
pub(super) fn begin_editing(app: &mut App) {
    if app.resources_shown() {
        app.table_mut().hide();
    }
    focus_pane(app, Pane::Form);
    app.focus.editing = true;
}

/// Puts the table in the place of the form, which was being typed into or not.
pub(super) fn show_table(app: &mut App, editing: bool) {
    app.table_mut().show(editing);
    focus_pane(app, Pane::Form);
    app.focus.lower = Pane::Preview;
}

/// Forgets the account that calls of a tab go to.
pub(super) fn forget_access(app: &mut App, tab: usize) {
    app.composer.forget_access(tab, &app.session);
    app.resources.forget(tab);
}

/// Masks the secrets that were registered in the meantime, also in what is shown already.
pub(super) fn refresh_redactor(app: &mut App) {
    if app.session.refresh_redactor() {
        app.viewer.forget();
    }
}
