//! The log of exchanges with its filter, the rows of earlier sessions, and the waits before a call is sent again.

mod earlier_sessions;
mod entries;
mod export;
mod filter;
mod log;
mod retry_wait;
mod subject;

use crossterm::event::Event;
use tui_input::backend::crossterm::EventHandler;

use super::input_line::paste_into;
use super::message::{Effect, RetryWait};
use super::session::Session;
use super::{Action, AppRequest, Context, Notice, Pane};
use crate::exchange::{Exchange, ExchangeId};
use crate::history::LiveFacts;
use crate::query::{KnownNames, QueryTime};

pub use earlier_sessions::{EarlierSessions, HistoryReply, HistoryRequest, HistoryRow};
pub use entries::Entries;
pub(super) use export::{MAX_CLIPBOARD_BYTES, export, file_stem, too_much};
pub use filter::Filter;
pub use log::{Log, LogRow};
pub use retry_wait::{WaitState, Waits};
pub use subject::ExchangeContext;

/// The exchanges and what the console knows about them.
#[derive(Debug)]
pub struct Exchanges {
    /// Every exchange.
    pub log: Log,
    /// Calls that are sent again after a wait.
    pub waits: Waits,
    /// The exchange that another one will be compared with.
    pub marked: Option<ExchangeId>,
}

impl Exchanges {
    /// Creates an empty log.
    pub(super) fn new() -> Self {
        Self { log: Log::new(), waits: Waits::default(), marked: None }
    }

    /// Adds an exchange that has begun.
    pub(super) fn started(&mut self, exchange: Exchange, session: &Session) {
        let shown = self.matches_filter(&exchange, None, session);
        self.log.begin(exchange, shown);
    }

    /// Takes an exchange that has ended.
    pub(super) fn finished(&mut self, exchange: Exchange, session: &Session) {
        let number = self.log.live.number_of(exchange.id);
        let shown = self.matches_filter(&exchange, number, session);
        self.log.finish(exchange, shown);
    }

    /// Takes the number that an exchange has in the history.
    pub(super) fn stored(&mut self, id: ExchangeId, number: i64) {
        self.log.live.set_number(id, number);
        self.log.past.ends_before(number);
    }

    /// Takes a reply of the history.
    pub(super) fn history_replied(&mut self, reply: HistoryReply, cx: &mut Context<'_>) {
        match reply {
            HistoryReply::Open { stored, below } => self.log.past.opened(stored, below),
            HistoryReply::Rows { number, found: Ok(found) } => {
                let next = self.log.take_past(number, found);
                cx.effects(next.map(Effect::HistoryRequest));
            }
            HistoryReply::Rows { number, found: Err(reason) } => {
                self.log.past.failed(number);
                cx.notify(Notice::failure(format!("the history cannot be read: {reason}")));
            }
            HistoryReply::Exchange { number, exchange } => {
                self.log.past.take_open(number, exchange);
                cx.requests.push(AppRequest::RemakePage);
            }
        }
    }

    /// Takes a call that is sent again after a wait.
    pub(super) fn waiting(&mut self, wait: &RetryWait, cx: &mut Context<'_>) {
        self.waits.begin(wait, cx.session.now.time);
        let (seconds, key) = (wait.wait.as_secs_f64(), cx.key(Action::Cancel));
        cx.notify(Notice::warning(format!("again in {seconds:.1} s ({} more, {key} gives up): {}", wait.left, wait.reason)));
    }

    /// Takes the end of a wait.
    pub(super) fn waited(&mut self, after: ExchangeId, given_up: bool, cx: &mut Context<'_>) {
        self.waits.end(after, given_up);
        if given_up {
            cx.notify(Notice::warning(format!("{after} is not sent again")));
        }
    }

    /// Returns the selected exchange, if it is in flight or its call waits to be sent again; else the last that waits.
    pub fn cancellable(&self) -> Option<ExchangeId> {
        let waits = |id| matches!(self.waits.after(id), Some(WaitState::Until(_)));
        let selected = self.log.selected().filter(|exchange| exchange.in_flight() || waits(exchange.id)).map(|exchange| exchange.id);
        selected.or(self.waits.last())
    }

    /// Carries out an action of the log.
    pub(super) fn act(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Cancel => match self.cancellable() {
                Some(id) => cx.effect(Effect::Cancel(id)),
                None => cx.notify(Notice::warning("the selected exchange is not in flight, and no wait follows it")),
            },
            Action::Compare => self.compare_selected(cx),
            Action::AcceptCandidate if self.log.filter.take_candidate() => self.read_filter(cx),
            Action::ApplyFilter => self.end_filter(cx),
            _ if !action.moves() => {}
            _ if self.log.filter.typing => self.log.filter.step(if action == Action::Up { -1 } else { 1 }),
            _ => {
                let last = self.log.len().saturating_sub(1);
                let (from, row) = (self.log.row(), action.moved(self.log.row(), self.log.height()));
                self.log.select(row.min(last));
                self.load_older_rows(action, if action == Action::First { self.log.row() } else { from }, cx);
            }
        }
    }

    /// Moves the selection by the wheel.
    pub(super) fn wheel(&mut self, lines: isize, cx: &mut Context<'_>) {
        let row = self.log.row();
        self.log.select(row.saturating_add_signed(lines.signum()));
        self.load_older_rows(if lines < 0 { Action::Up } else { Action::Down }, row, cx);
    }

    /// Marks the selected exchange, or compares it with the marked one.
    fn compare_selected(&mut self, cx: &mut Context<'_>) {
        let Some(selected) = self.log.selected().map(|exchange| exchange.id) else {
            return cx.notify(Notice::warning("nothing was sent yet"));
        };
        match self.marked.take() {
            Some(marked) if marked != selected && self.log.exchange(marked).is_some() => {
                cx.requests.push(AppRequest::Compare(marked, selected));
            }
            Some(_) => cx.notify(Notice::done("no longer marked")),
            None => {
                self.marked = Some(selected);
                self.log.past.pin(selected);
                cx.notify(Notice::done(format!("{selected} is marked: the same key on another one compares the two")));
            }
        }
    }

    /// Loads older rows near the first one. The first time the operator must try to go beyond it.
    fn load_older_rows(&mut self, action: Action, row: usize, cx: &mut Context<'_>) {
        let up = matches!(action, Action::Up | Action::PageUp | Action::First);
        let near = row < self.log.height() && self.log.past.is_requested();
        if up && (row == 0 || near) {
            self.request_history_rows(cx);
        }
    }

    fn request_history_rows(&mut self, cx: &mut Context<'_>) {
        let request = self.log.request_history_rows();
        cx.effects(request.map(Effect::HistoryRequest));
    }

    /// Begins to type the filter.
    pub(super) fn begin_filter(&mut self, known: KnownNames, cx: &mut Context<'_>) {
        self.log.filter.begin(known);
        cx.focus(Pane::Log);
    }

    /// Handles a key in the filter.
    pub(super) fn type_key(&mut self, event: &Event, cx: &mut Context<'_>) {
        self.log.filter.input.handle_event(event);
        self.read_filter(cx);
    }

    /// Handles a paste into the filter.
    pub(super) fn paste(&mut self, text: &str, cx: &mut Context<'_>) {
        paste_into(&mut self.log.filter.input, text);
        self.read_filter(cx);
    }

    /// Leaves the filter: what was typed is in force, unless it is no query.
    fn end_filter(&mut self, cx: &mut Context<'_>) {
        if let Some(mistake) = self.log.filter.mistake() {
            return cx.notify(Notice::failure(mistake.to_string()));
        }
        self.log.filter.typing = false;
        if !self.log.filter.is_empty() {
            self.request_history_rows(cx);
        }
    }

    /// Takes the filter away; `false` if there is none.
    pub(super) fn back(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.log.filter.typing && self.log.filter.is_empty() {
            return false;
        }
        self.log.filter.clear();
        self.log.filter_all(None);
        self.reload_history(cx);
        true
    }

    fn read_filter(&mut self, cx: &mut Context<'_>) {
        let moment = QueryTime { now: cx.session.now.time, zone: cx.session.zone.clone() };
        if self.log.filter.read(&moment) {
            let entries = self.log.entries().iter().enumerate();
            let matching = entries.filter(|(at, exchange)| self.matches_filter(exchange, self.log.live.number(*at), cx.session));
            let filtered = (!self.log.filter.is_empty()).then(|| matching.map(|(at, _)| at).collect());
            self.log.filter_all(filtered);
            self.reload_history(cx);
        }
    }

    /// Drops the rows that were loaded for another filter, and loads them again if the operator wanted any.
    fn reload_history(&mut self, cx: &mut Context<'_>) {
        self.log.forget_past();
        if self.log.past.is_requested() {
            self.request_history_rows(cx);
        }
    }

    /// Returns whether the filter lets an exchange through.
    fn matches_filter(&self, exchange: &Exchange, number: Option<i64>, session: &Session) -> bool {
        let query = self.log.filter.query();
        if query.is_empty() {
            return true;
        }
        let origin = self.log.live.origin(exchange);
        // Masking the texts is the expensive part: only where they decide.
        let decided = query.decided(&LiveFacts::new(exchange).facts(number, origin));
        decided.unwrap_or_else(|| query.matches(&LiveFacts::with_texts(exchange, &session.redactor).facts(number, origin)))
    }
}
