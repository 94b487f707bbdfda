//! Background calls: calls that the console makes by itself, and what comes of their answers.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::fill::filled;
use super::row::rows_of;
use super::{Fetched, Row, State};
use crate::app::message::{AccessKey, Notice};
use crate::app::{App, Effect};
use crate::catalog::Resources;
use crate::exchange::{Exchange, Outcome, Purpose};
use crate::form::{Form, Value};

/// No more rows than this are fetched; the table says how many there are.
const MAX_LISTED_ROWS: usize = 10_000;

/// An answer of more bytes is no listing to be shown: it is in the log.
const MAX_LISTING_BYTES: usize = 16 << 20;

/// The background calls that are under way.
#[derive(Debug, Default)]
pub struct BackgroundCalls {
    last: u64,
    in_progress: HashMap<u64, BackgroundCall>,
}

/// A call of the console's own.
#[derive(Debug)]
struct BackgroundCall {
    /// The tab it is for.
    tab: usize,
    /// The account that it looks at: an answer about another one is dropped.
    access: AccessKey,
    operation: String,
    aim: CallPurpose,
}

/// The purpose of a background call.
#[derive(Debug)]
pub(super) enum CallPurpose {
    /// A page of the listing, with the rows of the pages before.
    Page { number: u32, rows: Vec<Row> },
    /// One resource.
    One(FetchReason),
}

/// The reason for fetching one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FetchReason {
    /// The operator wants to see it.
    PromptKind,
    /// It was created a moment ago.
    Created,
    /// It is being made.
    Followed,
}

impl App {
    /// Lists a tab's resources again.
    pub(in crate::app) fn list_resources(&mut self, tab: usize) {
        let Some(resources) = self.resources_of(tab) else { return };
        match &self.tabs[tab].access {
            None => self.tabs[tab].resources.state = State::Awaited,
            Some(Err(reason)) => self.tabs[tab].resources.state = State::Failed(reason.lines().next().unwrap_or_default().to_owned()),
            Some(Ok(_)) => {
                self.drop_listings(tab);
                self.tabs[tab].resources.state = State::Loading(0);
                self.fetch_page(tab, &resources, 1, Vec::new());
            }
        }
    }

    /// Drops listings: one that was begun before is of no use beside a newer one.
    fn drop_listings(&mut self, tab: usize) {
        self.background_calls
            .in_progress
            .retain(|_, background_call| background_call.tab != tab || !matches!(background_call.aim, CallPurpose::Page { .. }));
    }

    /// Returns what the catalog says of a tab's resources.
    pub(super) fn resources_of(&self, tab: usize) -> Option<Resources> {
        self.tabs[tab].provider.as_ref()?.resources.clone()
    }

    fn fetch_page(&mut self, tab: usize, resources: &Resources, number: u32, rows: Vec<Row>) {
        let Some(operation) = self.operation_of(tab, &resources.list.operation) else { return };
        let mut form = Form::new(operation);
        if let Some(page) = &resources.list.page {
            form.set(&page.number, Value::Text(number.to_string()));
            form.set(&page.size, Value::Text(page.most.to_string()));
        }
        self.run_background_call(tab, &form, CallPurpose::Page { number, rows });
    }

    /// Fetches one resource by what is known of it.
    pub(super) fn fetch_one(&mut self, tab: usize, resource: &Json, occasion: FetchReason) {
        let Some(show) = self.resources_of(tab).and_then(|resources| resources.show) else { return };
        let Some(operation) = self.operation_of(tab, &show.operation) else { return };
        self.run_background_call(tab, &filled(&operation, &show, resource), CallPurpose::One(occasion));
    }

    pub(in crate::app) fn operation_of(&self, tab: usize, id: &str) -> Option<Arc<crate::catalog::Operation>> {
        self.tabs[tab].provider.as_ref()?.operation(id).cloned()
    }

    fn run_background_call(&mut self, tab: usize, form: &Form, aim: CallPurpose) {
        self.background_calls.last += 1;
        let number = self.background_calls.last;
        let background_call = BackgroundCall { tab, access: self.access_key_of(tab), operation: form.operation.id.clone(), aim };
        self.background_calls.in_progress.insert(number, background_call);
        match self.call(tab, form, Purpose::BackgroundCall(number)) {
            Ok(call) => self.effects.push(Effect::Send(Box::new(call))),
            Err(reason) => self.background_call_failed(number, &reason),
        }
    }

    fn access_key_of(&self, tab: usize) -> AccessKey {
        self.tabs[tab].access_key(&self.profile().name)
    }

    /// Handles the end of a background call's exchange. A token that was fetched on the way is not the background call's own exchange.
    pub(in crate::app) fn background_call_ended(&mut self, number: u64, exchange: &Exchange) {
        let background_calls = &mut self.background_calls.in_progress;
        let own = background_calls.get(&number).is_some_and(|background_call| background_call.operation == exchange.operation);
        let Some(background_call) = background_calls.remove(&number).filter(|_| own) else { return };
        if background_call.access != self.access_key_of(background_call.tab) {
            return;
        }
        match answer(exchange) {
            Ok(body) => self.background_call_answered(background_call, &body),
            Err(reason) => self.fails_in_background(&background_call, &format!("{}: {reason}", background_call.operation)),
        }
    }

    /// Handles a background call for which nothing was sent, or nothing came.
    pub(in crate::app) fn background_call_failed(&mut self, number: u64, reason: &str) {
        if let Some(background_call) = self.background_calls.in_progress.remove(&number) {
            self.fails_in_background(&background_call, reason.lines().next().unwrap_or_default());
        }
    }

    fn fails_in_background(&mut self, background_call: &BackgroundCall, reason: &str) {
        let reason = self.redactor.text(reason);
        match background_call.aim {
            CallPurpose::Page { .. } => self.tabs[background_call.tab].resources.state = State::Failed(reason),
            CallPurpose::One(occasion) => self.not_there(background_call.tab, occasion, &reason),
        }
    }

    fn background_call_answered(&mut self, background_call: BackgroundCall, body: &Json) {
        let Some(resources) = self.resources_of(background_call.tab) else { return };
        let BackgroundCall { tab, operation, aim, .. } = background_call;
        match aim {
            CallPurpose::Page { number, rows } => self.page_came(tab, &resources, (number, rows), body),
            CallPurpose::One(occasion) => self.one_came(tab, &resources, (occasion, operation), body),
        }
        self.tabs[tab].revision += 1;
        self.viewer.forget();
    }

    fn page_came(&mut self, tab: usize, resources: &Resources, (number, mut rows): (u32, Vec<Row>), body: &Json) {
        let now = self.now.time;
        let table = &mut self.tabs[tab].resources;
        let (new, total) = match rows_of(resources, body) {
            Ok(page) => page,
            Err(reason) => return table.state = State::Failed(format!("{}: {reason}", resources.list.operation)),
        };
        let came = new.len();
        rows.extend(new);
        let have = rows.len() as u64;
        table.total = total.filter(|total| *total > have);
        if came > 0 && rows.len() < MAX_LISTED_ROWS && total.is_some_and(|total| total > have) {
            table.state = State::Loading(rows.len());
            return self.fetch_page(tab, resources, number + 1, rows);
        }
        table.take(rows, now);
    }

    fn one_came(&mut self, tab: usize, resources: &Resources, (occasion, operation): (FetchReason, String), body: &Json) {
        let at = resources.show.as_ref().map_or("", |show| show.at.as_str());
        let value = crate::catalog::template::member(body, at).cloned();
        let Some(row) = value.and_then(|value| Row::new(resources, value)) else {
            let reason = format!("{operation}: the answer has no {} with {}", resources.noun, resources.key);
            return self.not_there(tab, occasion, &reason);
        };
        let at = self.now.time;
        self.tabs[tab].resources.take_one(Fetched { row: row.clone(), operation, at });
        match occasion {
            FetchReason::PromptKind => self.begin_following(tab, resources, &row),
            FetchReason::Created => self.there_it_is(tab, resources, &row),
            FetchReason::Followed => self.followed(tab, resources, &row),
        }
    }

    fn not_there(&mut self, tab: usize, occasion: FetchReason, reason: &str) {
        let table = &mut self.tabs[tab].resources;
        if occasion == FetchReason::Followed {
            table.follow = None;
        }
        if let Some(created) = table.created.as_mut().filter(|_| occasion == FetchReason::Created) {
            created.fetched = Some(Err(reason.to_owned()));
        }
        self.viewer.forget();
        let words = match occasion {
            FetchReason::PromptKind => reason.to_owned(),
            FetchReason::Created => format!("created, but it cannot be shown yet: {reason}"),
            FetchReason::Followed => format!("no longer followed: {reason}"),
        };
        self.notify(Notice::failure(words));
    }
}

/// Returns the body of a successful answer, or in a few words why there is none.
fn answer(exchange: &Exchange) -> Result<Json, String> {
    let answered = match &exchange.outcome {
        Outcome::Answered(answered) => answered,
        Outcome::Failed(failure) => return Err(format!("{}: {}", failure.class.name(), failure.detail)),
        Outcome::Cancelled | Outcome::InFlight | Outcome::Unrecorded => return Err("cancelled".to_owned()),
    };
    let (envelope, response) = (&answered.envelope, &answered.response);
    if !envelope.succeeded() {
        let status = response.status;
        return Err(envelope.code.as_ref().map_or_else(|| format!("HTTP {status}"), |code| format!("{status} {code}")));
    }
    if response.body.len() > MAX_LISTING_BYTES {
        return Err(format!("{} bytes are too many for a table; the log has them", response.body.len()));
    }
    serde_json::from_slice(&response.body).map_err(|error| format!("the answer is not JSON: {error}"))
}
