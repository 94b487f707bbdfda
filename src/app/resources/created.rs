//! After a call that changed something: what there is now is fetched and shown.

use serde_json::Value as Json;

use super::background_call::FetchReason;
use super::{Created, Row};
use crate::app::message::Notice;
use crate::app::page::Page;
use crate::app::{App, Pane, pages};
use crate::catalog::as_text;
use crate::catalog::template::member;
use crate::catalog::{Creation, JsonRef, Placeholder, Resources};
use crate::exchange::Exchange;
use crate::form::{Form, Value, decode};
use crate::redact::Redactor;

impl App {
    /// Handles a successful call of the operator: if it changed something, the table is old.
    pub(in crate::app) fn something_changed(&mut self, exchange: &Exchange) {
        let Some(tab) = self.tabs.iter().position(|tab| tab.id == exchange.provider) else { return };
        // An answer for another account or region says nothing of this one.
        if self.profile().name != exchange.profile || self.tabs[tab].region() != exchange.region {
            return;
        }
        let (Some(operation), Some(resources)) = (self.operation_of(tab, &exchange.operation), self.resources_of(tab)) else { return };
        if !operation.changes {
            return;
        }
        let creation = resources.create.as_ref().filter(|create| create.operation == operation.id);
        if let Some(made) = creation.and_then(|creation| made(creation, &operation, exchange)) {
            let key = member(&made, &resources.key).map(|key| as_text(key).into_owned());
            self.tabs[tab].resources.created = key.clone().map(|key| Created { exchange: exchange.id, key, fetched: None });
            self.tabs[tab].resources.wanted = key;
            self.fetch_one(tab, &made, FetchReason::Created);
        }
        self.list_resources(tab);
        let came_from_table = std::mem::take(&mut self.tabs[tab].resources.opened_form);
        if came_from_table && self.awaiting == Some(tab) && self.tab == tab && !self.popups.is_open() {
            self.show_resources();
        }
    }

    /// Handles the new resource that was fetched.
    pub(super) fn there_it_is(&mut self, tab: usize, resources: &Resources, row: &Row) {
        let operation = resources.create.as_ref().map_or("the call", |create| create.operation.as_str());
        // Who has gone on to something else finds it below the envelope.
        if self.awaiting == Some(tab) {
            self.notify(Notice::done(format!("{operation} succeeded: {}", row.name)));
        }
        self.begin_following(tab, resources, row);
    }

    /// Adds what came of the creation by an exchange, below its envelope.
    pub(in crate::app) fn created_page(&self, page: &mut Page, exchange: &Exchange, redactor: Option<&Redactor>) {
        let tab = self.tabs.iter().find(|tab| tab.id == exchange.provider);
        let resources = tab.and_then(|tab| tab.provider.as_ref()?.resources.as_ref());
        let created = tab.and_then(|tab| tab.resources.created.as_ref()).filter(|created| created.exchange == exchange.id);
        if let (Some(resources), Some(created)) = (resources, created) {
            pages::created(page, resources, created.fetched.as_ref(), (&self.zone, &self.keys), redactor);
        }
    }

    /// Puts the table in the place of the form.
    pub(super) fn show_resources(&mut self) {
        self.tabs[self.tab].resources.shown = true;
        self.tabs[self.tab].revision += 1;
        self.focus_pane(Pane::Form);
        self.lower = Pane::Preview;
    }
}

/// Returns what is known of a resource that was just created: from the answer, or else from the call's parameters.
fn made(creation: &Creation, operation: &std::sync::Arc<crate::catalog::Operation>, exchange: &Exchange) -> Option<Json> {
    let body: Json = serde_json::from_slice(&exchange.response()?.body).unwrap_or_default();
    let form = decode(operation, &exchange.request, &[]).ok();
    let given = |name: &str| form.as_ref().and_then(|form| text(form, name));
    let mut find = |placeholder: &Placeholder| {
        member(&body, &placeholder.name())
            .filter(|found| !found.is_null())
            .map(JsonRef::from)
            .or_else(|| given(&placeholder.name()).map(JsonRef::from))
    };
    let members = creation.made.iter().filter_map(|(name, template)| Some((name.clone(), template.evaluate(&mut find)?.into_value())));
    Some(Json::Object(members.collect()))
}

fn text(form: &Form, name: &str) -> Option<Json> {
    match form.value(name)? {
        Value::Text(text) => Some(Json::from(text.as_str())),
        _ => None,
    }
}
