//! Messages, to the owner that they are for.

use std::sync::Arc;

use crossterm::event::{Event, KeyEvent};

use super::actions::act;
use super::mouse::mouse;
use super::popups::{examined, fault_report, popup_input};
use super::requests::{notify, refresh_redactor, run_requests};
use crate::app::composer::Sending;
use crate::app::faults::FaultRequest;
use crate::app::message::{AccessKey, Tone};
use crate::app::pages::millis;
use crate::app::popups::PopupInput;
use crate::app::resources::ListingState;
use crate::app::{Action, App, Context, Effect, Message, Notice, Now, Pane};
use crate::config::Access;
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome, Purpose};
use crate::explain::clock_skew;
use crate::lab::Cause;

/// Changes the state and returns what is to be done outside.
pub fn update(app: &mut App, message: Message, now: Now) -> Vec<Effect> {
    app.session.now = now;
    refresh_redactor(app);
    handle(app, message);
    run_requests(app);
    app.popups.show_next_question();
    std::mem::take(&mut app.effects)
}

fn handle(app: &mut App, message: Message) {
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match message {
        Message::Key(pressed) => key(app, pressed),
        Message::Paste(text) => paste(app, &text),
        Message::Mouse { gesture, target } => mouse(app, gesture, &target),
        Message::Loaded(provider) => {
            app.session.secrets.add_names(provider.operations.iter().flat_map(|operation| operation.secret_names()));
            app.composer.loaded(provider, &app.session);
        }
        Message::Resolved { key, access } => resolved(app, &key, access),
        Message::Started { exchange } => started(app, *exchange),
        Message::Finished { exchange } => finished(app, *exchange),
        Message::Stored { id, number } => app.exchanges.stored(id, number),
        Message::HistoryReply(reply) => app.exchanges.history_replied(reply, cx),
        Message::Waiting(wait) => app.exchanges.waiting(&wait, cx),
        Message::Waited { after, given_up } => app.exchanges.waited(after, given_up, cx),
        Message::Refused { refusal, purpose: Purpose::BackgroundCall(number) } => {
            app.resources.not_sent(number, &refusal.to_string(), cx);
        }
        Message::Refused { refusal, purpose: Purpose::Operator } => cx.notify(Notice::failure(refusal.to_string())),
        Message::Indexed { key, rows } => app.viewer.indexed(key, rows, cx),
        Message::TaskDone { number, outcome } => app.viewer.task_done(number, outcome, cx),
        Message::Examined { number, outcome } => examined(app, number, outcome),
        Message::Ask(question) => app.popups.ask(question),
        Message::Faults(report) => fault_report(app, report),
        Message::Notice(notice) => cx.notify(notice),
        Message::Tick => app.resources.tick(&app.composer, cx),
        Message::Redraw => {}
        Message::Terminate => cx.effect(Effect::Quit),
    }
}

fn key(app: &mut App, key: KeyEvent) {
    if app.popups.type_ahead(key) {
        return;
    }
    app.session.notice = None;
    app.composer.sending = Sending::Idle;
    let action = app.session.keys.lookup(app.contexts(), key);
    if action != Some(Action::Quit) {
        app.leaving = false;
    }
    match action {
        Some(action) => act(app, action),
        None => type_key(app, key),
    }
}

/// Something that is being typed into.
enum Typing {
    Popup,
    TableFilter,
    Prompt,
    LogFilter,
    Field,
    Nothing,
}

fn typing(app: &App) -> Typing {
    match app.focus.pane {
        _ if app.popups.is_open() => Typing::Popup,
        Pane::Form if app.table().filtering => Typing::TableFilter,
        Pane::Exchange if app.viewer.prompt.is_some() && !app.focus.editing => Typing::Prompt,
        Pane::Log if app.exchanges.log.filter.typing => Typing::LogFilter,
        _ if app.focus.editing => Typing::Field,
        _ => Typing::Nothing,
    }
}

/// Passes a key that is no shortcut to whatever is being typed into.
fn type_key(app: &mut App, key: KeyEvent) {
    let typing = typing(app);
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match typing {
        Typing::Popup => popup_input(app, PopupInput::Key(key)),
        Typing::TableFilter => app.resources.type_key(app.composer.tab, &Event::Key(key)),
        Typing::Prompt => app.viewer.type_key(&Event::Key(key), cx),
        Typing::LogFilter => app.exchanges.type_key(&Event::Key(key), cx),
        Typing::Field => app.composer.edit(&app.session, |field, choices| field.key(key, choices)),
        Typing::Nothing => {}
    }
}

/// Handles a paste: pasted text goes where typing goes; outside a field into the focused one, if the form has the focus.
fn paste(app: &mut App, text: &str) {
    app.session.notice = None;
    if app.popups.paste_ahead(text) {
        return;
    }
    app.composer.sending = Sending::Idle;
    let (typing, form) = (typing(app), app.focus.pane == Pane::Form && !app.resources_shown());
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    match typing {
        Typing::Popup => popup_input(app, PopupInput::Paste(text)),
        Typing::TableFilter => app.resources.paste(app.composer.tab, text),
        Typing::Prompt => app.viewer.paste(text, cx),
        Typing::LogFilter => app.exchanges.paste(text, cx),
        Typing::Field | Typing::Nothing if form => {
            app.focus.editing = true;
            app.composer.edit(&app.session, |field, _| field.paste(text));
        }
        Typing::Field | Typing::Nothing => {}
    }
}

fn resolved(app: &mut App, key: &AccessKey, access: Result<Arc<Access>, String>) {
    let cx = &mut Context { session: &app.session, requests: &mut app.requests };
    let Some(at) = app.composer.resolved(key, access, cx) else { return };
    if at == app.composer.tab {
        app.popups.expect_no_question();
    }
    if app.resources.tables[at].state == ListingState::Awaited {
        app.resources.list(at, &app.composer, cx);
    }
    if app.composer.sending == Sending::AwaitsAccess(at) && at == app.composer.tab {
        app.composer.sending = Sending::Idle;
        run_requests(app);
        app.session.notice = None;
        app.composer.send_anyway(&mut Context { session: &app.session, requests: &mut app.requests });
    }
}

fn started(app: &mut App, exchange: Exchange) {
    // The pane that has the focus stays visible where they share a place.
    if exchange.purpose == Purpose::Operator && app.focus.pane == Pane::Form {
        app.focus.lower = Pane::Exchange;
    }
    app.exchanges.started(exchange, &app.session);
}

fn finished(app: &mut App, exchange: Exchange) {
    let clock = clock_skew(&exchange).and_then(|ahead| learn_clock(app, ahead));
    match exchange.purpose {
        Purpose::Operator => {
            let signature = app.subject(&exchange).refused_signature();
            notify(app, with_clock(ending(&exchange, signature.as_ref()), clock));
        }
        Purpose::BackgroundCall(number) => {
            let cx = &mut Context { session: &app.session, requests: &mut app.requests };
            app.resources.ended(number, &exchange, &app.composer, cx);
            if let Some(clock) = clock {
                cx.notify(Notice::warning(clock).staying());
            }
        }
    }
    if app.session.follow_changes && exchange.purpose == Purpose::Operator && exchange.succeeded() {
        let cx = &mut Context { session: &app.session, requests: &mut app.requests };
        app.resources.succeeded(&exchange, &app.composer, cx);
    }
    app.exchanges.finished(exchange, &app.session);
    if app.faults.active(app.session.profile()) > 0 {
        app.effects.push(Effect::Faults(FaultRequest::Look));
    }
}

/// Takes the clock of an answer; returns what becomes of a correction that no longer fits.
fn learn_clock(app: &mut App, ahead: i64) -> Option<String> {
    let before = app.session.clock.offset();
    let change = app.session.clock.learn(ahead);
    if app.session.clock.offset() != before {
        app.composer.refresh(&app.session);
    }
    change.map(|change| change.describe(&app.session.keys))
}

/// Returns the notice, and what became of the correction of the clock that the call was signed with.
fn with_clock(notice: Notice, clock: Option<String>) -> Notice {
    let Some(clock) = clock else { return notice };
    let tone = if notice.tone == Tone::Done { Tone::Warning } else { notice.tone };
    Notice { tone, text: format!("{}; {clock}", notice.text), ..notice }
}

/// Returns the notice of the end of an exchange.
fn ending(exchange: &Exchange, signature: Option<&Cause>) -> Notice {
    let operation = &exchange.operation;
    match &exchange.outcome {
        Outcome::Answered(answered) if answered.envelope.succeeded() => {
            let took = exchange.timings.total.map(|total| format!(" in {}", millis(total))).unwrap_or_default();
            Notice::done(format!("{operation} succeeded{took}"))
        }
        Outcome::Answered(answered) if answered.envelope.verdict != Verdict::Failure => {
            Notice::warning(format!("{operation}: HTTP {}, not in the vendor's format", answered.response.status))
        }
        Outcome::Answered(answered) => {
            let code = answered.envelope.code.clone().unwrap_or_else(|| answered.response.status.to_string());
            let signature = signature.map(|cause| format!(": {}, see the signing view", cause.named()));
            Notice::failure(format!("{operation} failed: {code}{}", signature.unwrap_or_default()))
        }
        Outcome::Failed(failure) => Notice::failure(format!("{operation}: no answer ({}): {}", failure.class.name(), failure.detail)),
        Outcome::Cancelled => Notice::warning(format!("{operation} cancelled; it may have reached the vendor")),
        Outcome::InFlight | Outcome::Unrecorded => Notice::warning(format!("{operation} is under way")),
    }
}
