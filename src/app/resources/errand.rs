//! Errands: calls that the console makes by itself, and what comes of their answers.

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
const MOST_ROWS: usize = 10_000;

/// An answer of more bytes is no listing to be shown: it is in the log.
const MOST_BYTES: usize = 16 << 20;

/// The errands that are under way.
#[derive(Debug, Default)]
pub struct Errands {
    last: u64,
    under_way: HashMap<u64, Errand>,
}

/// A call of the console's own.
#[derive(Debug)]
struct Errand {
    /// The tab it is for.
    tab: usize,
    /// Whose account it looks at: an answer about another one is of no use any more.
    access: AccessKey,
    operation: String,
    aim: Aim,
}

/// What an errand is for.
#[derive(Debug)]
pub(super) enum Aim {
    /// A page of the listing, with the rows of the pages before.
    Page { number: u32, rows: Vec<Row> },
    /// One resource.
    One(Occasion),
}

/// Why one resource is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The operator wants to see it.
    Asked,
    /// It was created a moment ago.
    Created,
    /// It is being made.
    Followed,
}

impl App {
    /// Lists a tab's resources anew.
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

    /// A listing that was begun before is of no use beside a newer one.
    fn drop_listings(&mut self, tab: usize) {
        self.errands.under_way.retain(|_, errand| errand.tab != tab || !matches!(errand.aim, Aim::Page { .. }));
    }

    /// What the catalog says of a tab's resources.
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
        self.run_errand(tab, &form, Aim::Page { number, rows });
    }

    /// Fetches one resource by what is known of it.
    pub(super) fn fetch_one(&mut self, tab: usize, resource: &Json, occasion: Occasion) {
        let Some(show) = self.resources_of(tab).and_then(|resources| resources.show) else { return };
        let Some(operation) = self.operation_of(tab, &show.operation) else { return };
        self.run_errand(tab, &filled(&operation, &show, resource), Aim::One(occasion));
    }

    pub(in crate::app) fn operation_of(&self, tab: usize, id: &str) -> Option<Arc<crate::catalog::Operation>> {
        self.tabs[tab].provider.as_ref()?.operation(id).cloned()
    }

    fn run_errand(&mut self, tab: usize, form: &Form, aim: Aim) {
        self.errands.last += 1;
        let number = self.errands.last;
        let errand = Errand { tab, access: self.access_key_of(tab), operation: form.operation.id.clone(), aim };
        self.errands.under_way.insert(number, errand);
        match self.call(tab, form, Purpose::Errand(number)) {
            Ok(call) => self.effects.push(Effect::Send(Box::new(call))),
            Err(reason) => self.errand_failed(number, &reason),
        }
    }

    fn access_key_of(&self, tab: usize) -> AccessKey {
        self.tabs[tab].access_key(&self.profile().name)
    }

    /// An exchange of an errand has ended. A token that was fetched on the way is not the errand's own exchange.
    pub(in crate::app) fn errand_ended(&mut self, number: u64, exchange: &Exchange) {
        let errands = &mut self.errands.under_way;
        let own = errands.get(&number).is_some_and(|errand| errand.operation == exchange.operation);
        let Some(errand) = errands.remove(&number).filter(|_| own) else { return };
        if errand.access != self.access_key_of(errand.tab) {
            return;
        }
        match answer(exchange) {
            Ok(body) => self.errand_answered(errand, &body),
            Err(reason) => self.errand_fails(&errand, &format!("{}: {reason}", errand.operation)),
        }
    }

    /// Nothing was sent for an errand, or nothing came.
    pub(in crate::app) fn errand_failed(&mut self, number: u64, reason: &str) {
        if let Some(errand) = self.errands.under_way.remove(&number) {
            self.errand_fails(&errand, reason.lines().next().unwrap_or_default());
        }
    }

    fn errand_fails(&mut self, errand: &Errand, reason: &str) {
        let reason = self.redactor.text(reason);
        match errand.aim {
            Aim::Page { .. } => self.tabs[errand.tab].resources.state = State::Failed(reason),
            Aim::One(occasion) => self.not_there(errand.tab, occasion, &reason),
        }
    }

    fn errand_answered(&mut self, errand: Errand, body: &Json) {
        let Some(resources) = self.resources_of(errand.tab) else { return };
        let Errand { tab, operation, aim, .. } = errand;
        match aim {
            Aim::Page { number, rows } => self.page_came(tab, &resources, (number, rows), body),
            Aim::One(occasion) => self.one_came(tab, &resources, (occasion, operation), body),
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
        if came > 0 && rows.len() < MOST_ROWS && total.is_some_and(|total| total > have) {
            table.state = State::Loading(rows.len());
            return self.fetch_page(tab, resources, number + 1, rows);
        }
        table.take(rows, now);
    }

    fn one_came(&mut self, tab: usize, resources: &Resources, (occasion, operation): (Occasion, String), body: &Json) {
        let at = resources.show.as_ref().map_or("", |show| show.at.as_str());
        let value = crate::catalog::template::member(body, at).cloned();
        let Some(row) = value.and_then(|value| Row::new(resources, value)) else {
            let reason = format!("{operation}: the answer has no {} with {}", resources.noun, resources.key);
            return self.not_there(tab, occasion, &reason);
        };
        let at = self.now.time;
        self.tabs[tab].resources.take_one(Fetched { row: row.clone(), operation, at });
        match occasion {
            Occasion::Asked => self.begin_following(tab, resources, &row),
            Occasion::Created => self.there_it_is(tab, resources, &row),
            Occasion::Followed => self.followed(tab, resources, &row),
        }
    }

    fn not_there(&mut self, tab: usize, occasion: Occasion, reason: &str) {
        let table = &mut self.tabs[tab].resources;
        if occasion == Occasion::Followed {
            table.follow = None;
        }
        if let Some(created) = table.created.as_mut().filter(|_| occasion == Occasion::Created) {
            created.fetched = Some(Err(reason.to_owned()));
        }
        self.viewer.forget();
        let words = match occasion {
            Occasion::Asked => reason.to_owned(),
            Occasion::Created => format!("created, but it cannot be shown yet: {reason}"),
            Occasion::Followed => format!("no longer followed: {reason}"),
        };
        self.tell(Notice::failure(words));
    }
}

/// The body of a successful answer, or in a few words why there is none.
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
    if response.body.len() > MOST_BYTES {
        return Err(format!("{} bytes are too many for a table; the log has them", response.body.len()));
    }
    serde_json::from_slice(&response.body).map_err(|error| format!("the answer is not JSON: {error}"))
}
