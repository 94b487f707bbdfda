//! What an operation does to the world, as its catalog entry says.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::change::{Change, ResourceKey, ScheduledChange};
use super::context::OperationContext;
use super::properties::Properties;
use super::select::{Selection, cut_page, sort};
use super::store::{NewResource, ResourceStore};
use super::template_variables::{ListCounts, TemplateVariables};
use crate::catalog::{Condition, Effect, Emulate, Filter, JsonRef, Precondition, Transition};
use crate::emulator::refusal::Refusal;
use crate::emulator::request_context::ProviderContext;

/// The result of an operation.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The changes to be made; nothing has changed yet.
    pub changes: Vec<Change>,
    /// The result of a listing.
    pub listed: Option<Vec<Arc<Properties>>>,
}

impl Outcome {
    fn changing(changes: Vec<Change>) -> Self {
        Self { changes, listed: None }
    }

    fn listing(listed: Vec<Arc<Properties>>) -> Self {
        Self { changes: Vec::new(), listed: Some(listed) }
    }
}

/// Returns whether the properties follow from the request alone.
fn is_known_beforehand(emulate: &Emulate) -> bool {
    emulate.effect == Effect::Create && emulate.preconditions.is_empty()
}

/// Does what can be done without the world, so that nobody waits for it.
pub(crate) fn prepare(emulate: &Emulate, names: &mut TemplateVariables<'_>) {
    if is_known_beforehand(emulate) {
        names.derive(&emulate.derive);
    }
}

/// Works out what an operation does, once it is prepared. `names` then has the properties of the resource that it is about.
pub(crate) fn carry_out(
    operation_context: &OperationContext<'_>,
    emulate: &Emulate,
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Result<Outcome, Refusal> {
    match emulate.effect {
        Effect::Create => create(operation_context, emulate, names, resource_store),
        Effect::Get => {
            names.properties = one(operation_context, emulate, names, resource_store)?.1;
            Ok(Outcome::default())
        }
        Effect::Update => update(operation_context, emulate, names, resource_store),
        Effect::Delete => {
            let (place, properties) = one(operation_context, emulate, names, resource_store)?;
            names.properties = properties;
            Ok(Outcome::changing(vec![Change::Removed(place)]))
        }
        Effect::List => Ok(Outcome::listing(list(operation_context, emulate, names, resource_store))),
        Effect::Regions => Ok(Outcome::listing(regions(operation_context.provider_context, names))),
    }
}

fn create(
    operation_context: &OperationContext<'_>,
    emulate: &Emulate,
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Result<Outcome, Refusal> {
    if !is_known_beforehand(emulate) {
        emulate.preconditions.iter().try_for_each(|demand| meet(operation_context, demand, names, resource_store))?;
        names.derive(&emulate.derive);
    }
    // A resource without its key property is like no other.
    let key: Arc<str> =
        names.properties.get(&emulate.key).map_or(Cow::Borrowed(&*operation_context.request_context.request_id), JsonRef::into_text).into();
    let refused = |condition, key: &str| {
        let fact = if condition == Condition::QuotaReached { &emulate.resource } else { key };
        Refusal::of(condition).filled([fact]).about(&emulate.key)
    };
    let candidate = NewResource {
        resource_scope: operation_context.provider_context.resource_scope(&emulate.resource),
        account: operation_context.caller.account,
        key,
        properties: Arc::clone(&names.properties),
        due: emulate.transitions.iter().filter_map(|transitions| due(transitions, operation_context.request_context.now)).collect(),
    };
    resource_store.permits(emulate, &candidate).map_err(|condition| refused(condition, &candidate.key))?;
    let created = resource_store.creating(emulate, candidate);
    Ok(Outcome::changing(vec![created]))
}

fn due(transitions: &Transition, now: Timestamp) -> Option<ScheduledChange> {
    let at = now.checked_add(SignedDuration::from_secs(transitions.after_seconds.into())).ok()?;
    Some(ScheduledChange { at, name: transitions.name, value: transitions.value.clone() })
}

fn update(
    operation_context: &OperationContext<'_>,
    emulate: &Emulate,
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Result<Outcome, Refusal> {
    let (place, before) = one(operation_context, emulate, names, resource_store)?;
    names.derive(&emulate.others);
    let others = std::mem::take(&mut names.properties);
    names.before = Some(before);
    names.derive(&emulate.derive);
    let mut changes =
        resource_store.change_others(&place, &operation_context.caller.account, &others, operation_context.request_context.now);
    if let Some((change, properties)) = resource_store.change(&place, &names.properties, operation_context.request_context.now) {
        changes.push(change);
        names.properties = properties;
    }
    Ok(Outcome::changing(changes))
}

/// Returns the one resource that is meant, which must be there, and what else must hold.
fn one(
    operation_context: &OperationContext<'_>,
    emulate: &Emulate,
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Result<(ResourceKey, Arc<Properties>), Refusal> {
    let found = find(operation_context, &emulate.resource, &emulate.filters, names, resource_store);
    let found = found.map_err(|sought| sought.missing(Condition::NotFound))?;
    emulate.preconditions.iter().try_for_each(|demand| meet(operation_context, demand, names, resource_store))?;
    Ok(found)
}

/// The property and value of a resource that was not found.
struct MissingResource {
    property: String,
    value: String,
}

impl MissingResource {
    fn missing(self, condition: Condition) -> Refusal {
        Refusal::of(condition).filled([self.value]).about(&self.property)
    }
}

/// Returns the first of the caller's resources that is meant. A request that names none means none: it never means just any.
fn find(
    operation_context: &OperationContext<'_>,
    kind: &str,
    filters: &[Filter],
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Result<(ResourceKey, Arc<Properties>), MissingResource> {
    let selection = Selection::new(filters, names);
    let Some((property, value)) = selection.target() else { return Err(MissingResource { property: String::new(), value: String::new() }) };
    let resource_scope = operation_context.provider_context.resource_scope(kind);
    let handle = selection.handle();
    let by = handle.as_ref().map(|(property, value)| (*property, value.as_str()));
    let mut own = resource_store.of_account(&resource_scope, &operation_context.caller.account, by, operation_context.request_context.now);
    let found = own.find(|(_, properties)| selection.fits(properties));
    let (serial, properties) = found.ok_or(MissingResource { property: property.to_owned(), value })?;
    Ok((ResourceKey { resource_scope, serial }, properties))
}

/// Refuses an operation when a resource that it needs is absent, or one that is in its way is there. Templates may then
/// name what it needs.
fn meet(
    operation_context: &OperationContext<'_>,
    demand: &Precondition,
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Result<(), Refusal> {
    match (find(operation_context, &demand.resource, &demand.filters, names, resource_store), demand.absent) {
        (Err(sought), false) => Err(sought.missing(demand.condition)),
        (Ok((_, properties)), true) => {
            let property = demand.filters.first().map_or("", |filter| &filter.property);
            let value = properties.get(property).map(|value| value.into_text().into_owned()).unwrap_or_default();
            Err(MissingResource { property: property.to_owned(), value }.missing(demand.condition))
        }
        (Ok((_, properties)), false) => {
            names.needed.push((demand.resource.clone(), properties));
            Ok(())
        }
        (Err(_), true) => Ok(()),
    }
}

fn list(
    operation_context: &OperationContext<'_>,
    emulate: &Emulate,
    names: &mut TemplateVariables<'_>,
    resource_store: &mut ResourceStore,
) -> Vec<Arc<Properties>> {
    let selection = Selection::new(&emulate.filters, names);
    let handle = selection.handle();
    let by = handle.as_ref().map(|(property, value)| (*property, value.as_str()));
    let own = resource_store.of_account(
        &operation_context.provider_context.resource_scope(&emulate.resource),
        &operation_context.caller.account,
        by,
        operation_context.request_context.now,
    );
    let mut found: Vec<_> = own.map(|(_, properties)| properties).filter(|properties| selection.fits(properties)).collect();
    if let Some(order) = &emulate.sort {
        sort(&mut found, order, names);
    }
    names.counted = Some(cut_page(&mut found, emulate.page.as_ref(), names));
    found
}

fn regions(provider_context: &ProviderContext, names: &mut TemplateVariables<'_>) -> Vec<Arc<Properties>> {
    let provider = &provider_context.provider;
    let host = |url: String| url.split_once("://").map_or(url.clone(), |(_, host)| host.to_owned());
    let found: Vec<Arc<Properties>> = provider
        .regions
        .iter()
        .map(|region| {
            let members =
                [("id", region.id.clone()), ("title", region.title.clone()), ("endpoint", host(provider.endpoint_of(&region.id)))];
            members
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(name, text)| (name, Value::from(text)))
                .collect::<Properties>()
                .into()
        })
        .collect();
    names.counted = Some(ListCounts { total: found.len(), page: 1, size: found.len() });
    found
}
