//! Background calls: calls that the console makes by itself, and what comes of their answers.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::fill::filled;
use super::row::{Row, rows_of};
use super::table::{Fetched, ListingState};
use super::{ResourceTables, catalogued};
use crate::app::composer::Composer;
use crate::app::keys::Action;
use crate::app::message::{AccessKey, Effect, Notice};
use crate::app::{AppRequest, Context};
use crate::catalog::Resources;
use crate::exchange::{Exchange, Failure, Outcome, Purpose};
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
    purpose: CallPurpose,
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
    Requested,
    /// It was created a moment ago.
    Created,
    /// It is being made.
    Followed,
}

impl ResourceTables {
    /// Lists a tab's resources again.
    pub(in crate::app) fn list(&mut self, at: usize, composer: &Composer, cx: &mut Context<'_>) {
        let tab = &composer.tabs[at];
        let Some(resources) = catalogued(tab) else { return };
        match &tab.access {
            None => self.tables[at].state = ListingState::Awaited,
            Some(Err(reason)) => self.tables[at].state = ListingState::Failed(first_line(reason)),
            Some(Ok(_)) => {
                // A listing that was begun before is of no use beside a newer one.
                self.calls.in_progress.retain(|_, call| call.tab != at || !matches!(call.purpose, CallPurpose::Page { .. }));
                self.tables[at].state = ListingState::Loading(0);
                self.fetch_page((at, 1), resources, Vec::new(), composer, cx);
            }
        }
    }

    fn fetch_page(&mut self, (at, number): (usize, u32), resources: &Resources, rows: Vec<Row>, composer: &Composer, cx: &mut Context<'_>) {
        let Some(operation) = composer.tabs[at].operation_named(&resources.list.operation) else { return };
        let mut form = Form::new(Arc::clone(operation));
        if let Some(page) = &resources.list.page {
            form.set(&page.number, Value::Text(number.to_string()));
            form.set(&page.size, Value::Text(page.most.to_string()));
        }
        self.call(at, &form, CallPurpose::Page { number, rows }, composer, cx);
    }

    /// Fetches one resource by what is known of it.
    pub(super) fn fetch_one(&mut self, at: usize, resource: &Json, reason: FetchReason, composer: &Composer, cx: &mut Context<'_>) {
        let tab = &composer.tabs[at];
        let Some(show) = catalogued(tab).and_then(|resources| resources.show.as_ref()) else { return };
        let Some(operation) = tab.operation_named(&show.operation) else { return };
        self.call(at, &filled(operation, show, resource), CallPurpose::One(reason), composer, cx);
    }

    fn call(&mut self, at: usize, form: &Form, purpose: CallPurpose, composer: &Composer, cx: &mut Context<'_>) {
        let tab = &composer.tabs[at];
        self.calls.last += 1;
        let number = self.calls.last;
        let access = tab.access_key(&cx.session.profile().name);
        let call = BackgroundCall { tab: at, access, operation: form.operation.id.clone(), purpose };
        self.calls.in_progress.insert(number, call);
        match tab.call(form, Purpose::BackgroundCall(number), cx.session.clock.offset()) {
            Ok(call) => cx.effect(Effect::Send(Box::new(call))),
            Err(reason) => self.not_sent(number, &reason.to_string(), cx),
        }
    }

    /// Takes the end of a background call's exchange. A token that was fetched for it leaves it in progress, unless it was cancelled.
    pub(in crate::app) fn ended(&mut self, number: u64, exchange: &Exchange, composer: &Composer, cx: &mut Context<'_>) {
        let Some(call) = self.calls.in_progress.get(&number) else { return };
        if call.operation != exchange.operation && !matches!(exchange.outcome, Outcome::Cancelled) {
            return;
        }
        let Some(call) = self.calls.in_progress.remove(&number) else { return };
        if call.access != composer.tabs[call.tab].access_key(&cx.session.profile().name) {
            return;
        }
        match answer(exchange) {
            Ok(body) => self.answered(call, &body, composer, cx),
            Err(reason) => self.call_failed(&call, &format!("{}: {reason}", call.operation), cx),
        }
    }

    /// Takes a background call for which nothing was sent, or nothing was received.
    pub(in crate::app) fn not_sent(&mut self, number: u64, reason: &str, cx: &mut Context<'_>) {
        if let Some(call) = self.calls.in_progress.remove(&number) {
            self.call_failed(&call, &first_line(reason), cx);
        }
    }

    fn call_failed(&mut self, call: &BackgroundCall, reason: &str, cx: &mut Context<'_>) {
        let reason = cx.session.redactor.text(reason);
        match call.purpose {
            CallPurpose::Page { .. } => self.tables[call.tab].state = ListingState::Failed(reason),
            CallPurpose::One(why) => self.not_fetched(call.tab, why, &reason, cx),
        }
    }

    fn answered(&mut self, call: BackgroundCall, body: &Json, composer: &Composer, cx: &mut Context<'_>) {
        let BackgroundCall { tab: at, operation, purpose, .. } = call;
        let Some(resources) = catalogued(&composer.tabs[at]) else { return };
        match purpose {
            CallPurpose::Page { number, rows } => self.page_listed((at, number), resources, rows, body, composer, cx),
            CallPurpose::One(reason) => self.one_fetched((at, reason), resources, operation, body, composer, cx),
        }
        self.tables[at].revision += 1;
        cx.requests.push(AppRequest::RemakePage);
    }

    fn page_listed(
        &mut self,
        (at, number): (usize, u32),
        resources: &Resources,
        mut rows: Vec<Row>,
        body: &Json,
        composer: &Composer,
        cx: &mut Context<'_>,
    ) {
        let table = &mut self.tables[at];
        let (new, total) = match rows_of(resources, body) {
            Ok(page) => page,
            Err(reason) => return table.state = ListingState::Failed(format!("{}: {reason}", resources.list.operation)),
        };
        let listed = new.len();
        rows.extend(new);
        let have = rows.len() as u64;
        table.total = total.filter(|total| *total > have);
        if listed > 0 && rows.len() < MAX_LISTED_ROWS && total.is_some_and(|total| total > have) {
            table.state = ListingState::Loading(rows.len());
            return self.fetch_page((at, number + 1), resources, rows, composer, cx);
        }
        table.take(rows, cx.session.now.time);
    }

    fn one_fetched(
        &mut self,
        (at, reason): (usize, FetchReason),
        resources: &Resources,
        operation: String,
        body: &Json,
        composer: &Composer,
        cx: &mut Context<'_>,
    ) {
        let path = resources.show.as_ref().map_or("", |show| show.at.as_str());
        let value = crate::catalog::template::member(body, path).cloned();
        let Some(row) = value.and_then(|value| Row::new(resources, value)) else {
            let words = format!("{operation}: the answer has no {} with {}", resources.noun, resources.key);
            return self.not_fetched(at, reason, &words, cx);
        };
        let now = cx.session.now.time;
        let table = &mut self.tables[at];
        table.take_one(Fetched { row: row.clone(), operation, at: now });
        match reason {
            FetchReason::Requested => table.follow(resources, &row, now),
            FetchReason::Created => self.created_fetched(at, resources, &row, composer, cx),
            FetchReason::Followed => {
                if let Some(words) = table.followed(resources, &row, now) {
                    cx.notify(Notice::done(words));
                }
            }
        }
    }

    fn not_fetched(&mut self, at: usize, why: FetchReason, reason: &str, cx: &mut Context<'_>) {
        let table = &mut self.tables[at];
        if why == FetchReason::Followed {
            table.follow = None;
        }
        if let Some(created) = table.created.as_mut().filter(|_| why == FetchReason::Created) {
            created.fetched = Some(Err(reason.to_owned()));
        }
        cx.requests.push(AppRequest::RemakePage);
        let words = match why {
            FetchReason::Requested => reason.to_owned(),
            FetchReason::Created => format!("created, but it cannot be shown yet: {reason}"),
            FetchReason::Followed => format!("no longer followed: {reason}"),
        };
        cx.notify(Notice::failure(words));
    }

    /// Fetches every followed resource that is due.
    pub(in crate::app) fn tick(&mut self, composer: &Composer, cx: &mut Context<'_>) {
        let now = cx.session.now.time;
        for at in 0..self.tables.len() {
            let Some(follow) = &mut self.tables[at].follow else { continue };
            if follow.is_overdue(now) {
                self.tables[at].follow = None;
                let key = cx.key(Action::FetchResource);
                cx.notify(Notice::warning(format!("no longer followed: it takes too long; {key} fetches it again")));
            } else if let Some(resource) = follow.take_due(now) {
                self.fetch_one(at, &resource, FetchReason::Followed, composer, cx);
            }
        }
    }
}

fn first_line(reason: &str) -> String {
    reason.lines().next().unwrap_or_default().to_owned()
}

/// A reason why an exchange tells nothing of the resources, in a few words.
#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error("{}: {}", .0.class.name(), .0.detail)]
    NoAnswer(Failure),
    #[error("cancelled")]
    Cancelled,
    #[error("{status} {code}")]
    Refused { status: u16, code: String },
    #[error("HTTP {0}")]
    Status(u16),
    #[error("{0} bytes are too many for a table; the log has them")]
    TooLong(usize),
    #[error("the answer is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

/// Returns the body of a successful answer.
fn answer(exchange: &Exchange) -> Result<Json, AnswerError> {
    let answered = match &exchange.outcome {
        Outcome::Answered(answered) => answered,
        Outcome::Failed(failure) => return Err(AnswerError::NoAnswer(failure.clone())),
        Outcome::Cancelled | Outcome::InFlight | Outcome::Unrecorded => return Err(AnswerError::Cancelled),
    };
    let (envelope, response) = (&answered.envelope, &answered.response);
    if !envelope.succeeded() {
        let status = response.status;
        return Err(envelope.code.clone().map_or(AnswerError::Status(status), |code| AnswerError::Refused { status, code }));
    }
    if response.body.len() > MAX_LISTING_BYTES {
        return Err(AnswerError::TooLong(response.body.len()));
    }
    Ok(serde_json::from_slice(&response.body)?)
}
