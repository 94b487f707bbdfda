//! What a message changes. A function for each, effects out.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::message::{AccessKey, Gesture, ScreenTarget, Tone};
use super::popups::{PickerKind, PopupInput};
use super::resources::State;
use super::{Action, App, Effect, Message, Notice, Now, Pane, PreviewView};
use crate::call::Refusal;
use crate::catalog::Provider;
use crate::config::Access;
use crate::envelope::Verdict;
use crate::exchange::{Exchange, Outcome, Purpose};
use crate::explain::clock_skew;
use crate::lab::Cause;

/// Lines that one turn of the wheel scrolls.
const WHEEL_LINES: isize = 3;

/// Changes the state and says what is to be done outside.
pub fn update(app: &mut App, message: Message, now: Now) -> Vec<Effect> {
    app.now = now;
    app.refresh_redactor();
    match message {
        Message::Key(key) => app.key(key),
        Message::Paste(text) => app.paste(&text),
        Message::Mouse(gesture, spot) => app.mouse(gesture, &spot),
        Message::Loaded(provider) => app.loaded(provider),
        Message::Access(key, access) => app.access(&key, access),
        Message::Started(exchange) => app.started(*exchange),
        Message::Finished(exchange) => app.finished(*exchange),
        Message::Stored(id, number) => app.log.learn_number(id, number),
        Message::HistoryReply(history_replied) => app.history_replied(history_replied),
        Message::Waiting(wait) => app.waits(&wait),
        Message::Waited(after, given_up) => app.waited(after, given_up),
        Message::Refused(refusal, purpose) => app.refused(&refusal, purpose),
        Message::Indexed(key, rows) => {
            let effects = app.viewer.indexed(key, rows);
            app.effects.extend(effects);
        }
        Message::Read(number, outcome) => app.read_outcome(number, outcome),
        Message::Examined(number, outcome) => app.examined(number, outcome),
        Message::Ask(question) => app.popups.ask(question),
        Message::Faults(report) => app.fault_report(report),
        Message::Notice(notice) => app.notify(notice),
        Message::Tick => app.look_after_followed(),
        Message::Redraw => {}
        Message::Terminate => app.effects.push(Effect::Quit),
    }
    app.popups.show_next_question();
    std::mem::take(&mut app.effects)
}

impl App {
    fn key(&mut self, key: KeyEvent) {
        if self.popups.type_ahead(key) {
            return;
        }
        self.notice = None;
        self.pending = None;
        self.awaiting = None;
        let action = self.keys.lookup(self.contexts(), key);
        if action != Some(Action::Quit) {
            self.leaving = false;
        }
        match action {
            Some(action) => self.act(action),
            None => self.type_key(key),
        }
    }

    /// Says something to the operator. A vendor's words may hold a secret: what it was sent, for one.
    pub(super) fn notify(&mut self, mut notice: Notice) {
        if notice.tone == Tone::Done && self.notice.as_ref().is_some_and(|shown| shown.stays) {
            return;
        }
        notice.text = self.with_typed(&self.redactor).text(&notice.text);
        self.notice = Some(notice);
    }

    fn loaded(&mut self, provider: Arc<Provider>) {
        let now = self.signing_moment();
        self.secrets.add_names(provider.operations.iter().flat_map(|operation| operation.secret_names()));
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.id == provider.id) else { return };
        if tab.provider.is_some() {
            // The first tab opened with its first operation alone; the form that is being filled in stays.
            tab.provider = Some(provider);
            return;
        }
        tab.load(provider);
        tab.refresh(&now);
    }

    fn access(&mut self, key: &AccessKey, access: Result<Arc<Access>, String>) {
        let profile = self.profile().name.clone();
        let Some(at) = self.tabs.iter().position(|tab| tab.access_key(&profile) == *key) else { return };
        if let Ok(access) = &access {
            if let Some(warning) = access.warnings.first().filter(|_| at == self.tab) {
                self.notify(Notice::warning(warning.clone()));
            }
        }
        if at == self.tab {
            // Nothing more is asked for.
            self.popups.expect_no_question();
        }
        let now = self.signing_moment();
        self.tabs[at].access = Some(access);
        self.tabs[at].refresh(&now);
        if self.tabs[at].resources.state == State::Awaited {
            self.list_resources(at);
        }
        if self.pending.take_if(|tab| *tab == at && at == self.tab).is_some() {
            self.notice = None;
            self.send_anyway();
        }
    }

    fn refused(&mut self, refusal: &Refusal, purpose: Purpose) {
        if let Purpose::BackgroundCall(number) = purpose {
            return self.background_call_failed(number, &refusal.to_string());
        }
        self.notify(Notice::failure(refusal.to_string()));
    }

    /// Masks what was registered in the meantime, also in what is shown already.
    pub(super) fn refresh_redactor(&mut self) {
        if self.secrets.refresh(&mut self.redactor) {
            self.viewer.forget();
            if let Some(notice) = &mut self.notice {
                notice.text = self.redactor.text(&notice.text);
            }
        }
    }

    fn started(&mut self, exchange: Exchange) {
        // The pane that has the focus stays in sight where they share a place.
        if exchange.purpose == Purpose::Operator && self.pane == Pane::Form {
            self.lower = Pane::Exchange;
        }
        let shown = self.holds(&exchange, None);
        self.log.begin(exchange, shown);
    }

    fn finished(&mut self, exchange: Exchange) {
        let clock = clock_skew(&exchange).and_then(|ahead| self.learn_clock(ahead));
        match exchange.purpose {
            Purpose::Operator => self.notify(with_clock(ending(&exchange, self.refused_signature(&exchange).as_ref()), clock)),
            Purpose::BackgroundCall(number) => {
                self.background_call_ended(number, &exchange);
                if let Some(clock) = clock {
                    self.notify(Notice::warning(clock).staying());
                }
            }
        }
        if self.follow_changes && exchange.purpose == Purpose::Operator && exchange.succeeded() {
            self.something_changed(&exchange);
        }
        let number = self.log.position(exchange.id).and_then(|at| self.log.number(at));
        let shown = self.holds(&exchange, number);
        self.log.finish(exchange, shown);
        self.read_faults();
    }

    /// Forgets whose account a tab's calls go to.
    pub(super) fn forget_access(&mut self, tab: usize) {
        let now = self.signing_moment();
        let tab = &mut self.tabs[tab];
        (tab.access, tab.may_ask) = (None, false);
        tab.resources.forget();
        if tab.resources.shown {
            tab.resources.state = State::Awaited;
        }
        tab.refresh(&now);
    }

    /// Has the profile resolved for the shown tab, where that could not be done without asking the operator.
    pub(super) fn resolve_shown(&mut self) {
        let key = self.current().access_key(&self.profile().name);
        let tab = self.current_mut();
        if tab.access.is_none() && !std::mem::replace(&mut tab.may_ask, true) {
            self.effects.push(Effect::Resolve { key, may_ask: true });
        }
    }

    /// Has the profile resolved for every tab; questions are asked for the shown one alone.
    pub(super) fn resolve_all(&mut self) {
        self.resolve_shown();
        let others = self.tabs.iter().filter(|tab| tab.access.is_none() && !tab.may_ask);
        let keys: Vec<_> = others.map(|tab| tab.access_key(&self.profile().name)).collect();
        self.effects.extend(keys.into_iter().map(|key| Effect::Resolve { key, may_ask: false }));
    }

    fn mouse(&mut self, gesture: Gesture, spot: &ScreenTarget) {
        match gesture {
            Gesture::Click => self.click(spot),
            Gesture::WheelUp => self.wheel(spot, -WHEEL_LINES),
            Gesture::WheelDown => self.wheel(spot, WHEEL_LINES),
        }
    }

    fn click(&mut self, spot: &ScreenTarget) {
        self.notice = None;
        self.awaiting = None;
        match *spot {
            ScreenTarget::Tab(at) => self.show_tab(at),
            ScreenTarget::Field { field, part, character } => self.point(field, part, character),
            ScreenTarget::View(pane, at) => self.show_view(pane, at),
            ScreenTarget::Entry(row) => {
                self.focus_pane(Pane::Log);
                self.log.select(row);
            }
            ScreenTarget::Resource(row) => {
                self.focus_pane(Pane::Form);
                self.change_table(|table| table.selected = row);
            }
            ScreenTarget::Pane(pane) => self.focus_pane(pane),
            ScreenTarget::Results => self.focus_pane(Pane::Exchange),
            ScreenTarget::PickerRow(row) => self.popup_input(PopupInput::Click(row)),
            ScreenTarget::Profile => self.open_picker(PickerKind::Profile),
            ScreenTarget::Region => self.open_picker(PickerKind::Region),
            ScreenTarget::Elsewhere => self.dismiss_popup(),
            ScreenTarget::Popup => {}
        }
    }

    fn wheel(&mut self, spot: &ScreenTarget, lines: isize) {
        if self.popups.is_open() {
            return self.popup_input(PopupInput::Wheel(lines));
        }
        match spot {
            ScreenTarget::Entry(_) | ScreenTarget::Pane(Pane::Log) => self.wheel_log(lines),
            ScreenTarget::Resource(_) => self.step_table(lines.signum()),
            ScreenTarget::Pane(Pane::Preview) | ScreenTarget::View(Pane::Preview, _) => scroll(&mut self.preview.scroll, lines),
            ScreenTarget::Results => {
                if let Some(jq) = &mut self.viewer.jq {
                    scroll(&mut jq.scroll, lines);
                }
            }
            ScreenTarget::Pane(Pane::Exchange) | ScreenTarget::View(Pane::Exchange, _) => scroll(&mut self.viewer.scroll, lines),
            _ => {}
        }
    }

    fn wheel_log(&mut self, lines: isize) {
        let row = self.log.row();
        self.log.step(lines.signum());
        self.load_older_rows(if lines < 0 { Action::Up } else { Action::Down }, row);
    }

    fn show_view(&mut self, pane: Pane, at: usize) {
        self.focus_pane(pane);
        match pane {
            Pane::Preview => self.preview.view = *PreviewView::ALL.get(at).unwrap_or(&self.preview.view),
            Pane::Exchange => (self.viewer.left, self.viewer.view) = (None, *super::ExchangeView::ALL.get(at).unwrap_or(&self.viewer.view)),
            Pane::Form | Pane::Log => {}
        }
    }
}

/// Moves a scroll position; past the end it is brought back when the frame is fitted.
fn scroll(position: &mut usize, lines: isize) {
    *position = position.saturating_add_signed(lines);
}

/// Returns the notice, and what became of the correction of the clock that the call was signed with.
fn with_clock(notice: Notice, clock: Option<String>) -> Notice {
    let Some(clock) = clock else { return notice };
    let tone = if notice.tone == Tone::Done { Tone::Warning } else { notice.tone };
    Notice { tone, text: format!("{}; {clock}", notice.text), ..notice }
}

/// Returns what to say when an exchange has ended.
fn ending(exchange: &Exchange, signature: Option<&Cause>) -> Notice {
    let operation = &exchange.operation;
    match &exchange.outcome {
        Outcome::Answered(answered) if answered.envelope.succeeded() => {
            let took = exchange.timings.total.map(|total| format!(" in {}", super::pages::millis(total))).unwrap_or_default();
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
