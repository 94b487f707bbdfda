//! After a call that changed something: what there is now is fetched and shown.

use std::sync::Arc;

use serde_json::Value as Json;

use super::background_call::FetchReason;
use super::row::Row;
use super::table::{Created, Placement};
use super::{ResourceTables, catalogued};
use crate::app::composer::{Composer, Sending};
use crate::app::message::Notice;
use crate::app::{AppRequest, Context};
use crate::catalog::as_text;
use crate::catalog::template::member;
use crate::catalog::{Creation, JsonRef, Operation, Placeholder, Resources};
use crate::exchange::Exchange;
use crate::form::{Form, Value, decode};

impl ResourceTables {
    /// Takes a successful call of the operator: if it changed something, the table is old.
    pub(in crate::app) fn succeeded(&mut self, exchange: &Exchange, composer: &Composer, cx: &mut Context<'_>) {
        let Some(at) = composer.tab_of(&exchange.provider) else { return };
        let tab = &composer.tabs[at];
        // An answer for another account or region says nothing of this one.
        if cx.session.profile().name != exchange.profile || tab.region() != exchange.region {
            return;
        }
        let (Some(operation), Some(resources)) = (tab.operation_named(&exchange.operation), catalogued(tab)) else { return };
        if !operation.changes {
            return;
        }
        let creation = resources.create.as_ref().filter(|create| create.operation == operation.id);
        if let Some(created) = creation.and_then(|creation| created(creation, operation, exchange)) {
            let key = member(&created, &resources.key).map(|key| as_text(key).into_owned());
            self.tables[at].created = key.clone().map(|key| Created { exchange: exchange.id, key, fetched: None });
            self.tables[at].select_next = key;
            self.fetch_one(at, &created, FetchReason::Created, composer, cx);
        }
        self.list(at, composer, cx);
        if self.tables[at].placement == Placement::FormOfTable {
            self.tables[at].placement = Placement::Form;
            cx.requests.push(AppRequest::ReturnToTable(at));
        }
    }

    /// Takes the new resource that was fetched.
    pub(super) fn created_fetched(&mut self, at: usize, resources: &Resources, row: &Row, composer: &Composer, cx: &mut Context<'_>) {
        let operation = resources.create.as_ref().map_or("the call", |create| create.operation.as_str());
        // Who has gone on to something else finds it below the envelope.
        if composer.sending == Sending::Sent(at) {
            cx.notify(Notice::done(format!("{operation} succeeded: {}", row.name)));
        }
        self.tables[at].follow(resources, row, cx.session.now.time);
    }
}

/// Returns what is known of a resource that was just created: from the answer, or else from the call's parameters.
fn created(creation: &Creation, operation: &Arc<Operation>, exchange: &Exchange) -> Option<Json> {
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
