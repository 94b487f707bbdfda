//! The effect of an operation on the resources, as its catalog entry describes it.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::change::{Change, ResourceKey, ResourceScope, ScheduledChange};
use super::context::OperationContext;
use super::properties::Properties;
use super::select::{Selection, cut_page, sort};
use super::store::{NewResource, ResourceStore};
use super::template_variables::{ListCounts, TemplateVariables};
use crate::catalog::{Condition, Effect, Emulate, Filter, JsonRef, Precondition, Region, Transition};
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

/// Does what can be done without the store, so that nobody waits for it.
pub(crate) fn prepare(emulate: &Emulate, names: &mut TemplateVariables<'_>) {
    if is_known_beforehand(emulate) {
        names.derive(&emulate.derive);
    }
}

/// An operation at work on the store, once it is prepared.
pub(crate) struct Execution<'e, 'n> {
    /// The operation.
    pub context: &'e OperationContext<'e>,
    /// Its effect, as the catalog describes it.
    pub emulate: &'e Emulate,
    /// The values in templates; in the end they have the properties of the resource that the operation is about.
    pub names: &'e mut TemplateVariables<'n>,
    /// The resources.
    pub store: &'e mut ResourceStore,
}

impl Execution<'_, '_> {
    /// Works out what the operation does.
    pub(crate) fn run(mut self) -> Result<Outcome, Refusal> {
        match self.emulate.effect {
            Effect::Create => self.create(),
            Effect::Get => {
                self.names.properties = self.one()?.1;
                Ok(Outcome::default())
            }
            Effect::Update => self.update(),
            Effect::Delete => {
                let (place, properties) = self.one()?;
                self.names.properties = properties;
                Ok(Outcome::changing(vec![Change::Removed(place)]))
            }
            Effect::List => Ok(Outcome::listing(self.list())),
            Effect::Regions => Ok(Outcome::listing(regions(self.context.request.provider_context, self.names))),
        }
    }

    fn create(&mut self) -> Result<Outcome, Refusal> {
        let (emulate, request) = (self.emulate, self.context.request);
        if !is_known_beforehand(emulate) {
            self.check_preconditions()?;
            self.names.derive(&emulate.derive);
        }
        // A resource without its key property is like no other.
        let key = self.names.properties.get(&emulate.key).map_or(Cow::Borrowed(&*request.request_id), JsonRef::into_text).into();
        let candidate = NewResource {
            resource_scope: request.provider_context.resource_scope(&emulate.resource),
            account: self.context.caller.account,
            key,
            properties: Arc::clone(&self.names.properties),
            due: emulate.transitions.iter().filter_map(|transition| due(transition, request.now)).collect(),
        };
        self.store.check_can_add(emulate, &candidate).map_err(|condition| {
            let fact = if condition == Condition::QuotaReached { &emulate.resource } else { &*candidate.key };
            Refusal::for_condition(condition).with_values([fact]).with_parameter(&emulate.key)
        })?;
        Ok(Outcome::changing(vec![self.store.creating(emulate, candidate)]))
    }

    fn update(&mut self) -> Result<Outcome, Refusal> {
        let (place, before) = self.one()?;
        let now = self.context.request.now;
        self.names.derive(&self.emulate.others);
        let others = std::mem::take(&mut self.names.properties);
        self.names.before = Some(before);
        self.names.derive(&self.emulate.derive);
        let mut changes = self.store.change_others(&place, &self.context.caller.account, &others, now);
        if let Some((change, properties)) = self.store.change(&place, &self.names.properties, now) {
            changes.push(change);
            self.names.properties = properties;
        }
        Ok(Outcome::changing(changes))
    }

    /// Returns the one resource that is meant, which must be there, and what else must hold.
    fn one(&mut self) -> Result<(ResourceKey, Arc<Properties>), Refusal> {
        let found = self.find(&self.emulate.resource, &self.emulate.filters);
        let found = found.map_err(|missing| missing.refusal(Condition::NotFound))?;
        self.check_preconditions()?;
        Ok(found)
    }

    /// Returns the first of the caller's resources that is meant. A request that names none means none: it never means just any.
    fn find(&mut self, kind: &str, filters: &[Filter]) -> Result<(ResourceKey, Arc<Properties>), MissingResource> {
        let selection = Selection::new(filters, self.names);
        let Some((property, value)) = selection.target() else { return Err(MissingResource::default()) };
        let resource_scope = self.context.request.provider_context.resource_scope(kind);
        let found = self.selected(&resource_scope, &selection).next();
        let (serial, properties) = found.ok_or(MissingResource { property: property.to_owned(), value })?;
        Ok((ResourceKey { resource_scope, serial }, properties))
    }

    /// Returns the caller's resources that are meant, in the order of creation.
    fn selected<'s>(
        &'s mut self,
        resource_scope: &ResourceScope,
        selection: &'s Selection<'_>,
    ) -> impl Iterator<Item = (u64, Arc<Properties>)> {
        let equality_filter = selection.equality_filter();
        let by = equality_filter.as_ref().map(|(property, value)| (*property, value.as_str()));
        let own = self.store.of_account(resource_scope, &self.context.caller.account, by, self.context.request.now);
        own.filter(|(_, properties)| selection.fits(properties))
    }

    fn check_preconditions(&mut self) -> Result<(), Refusal> {
        self.emulate.preconditions.iter().try_for_each(|precondition| self.check_precondition(precondition))
    }

    /// Refuses an operation when a resource that it needs is absent, or one that is in its way is there. Templates may then
    /// name what it needs.
    fn check_precondition(&mut self, precondition: &Precondition) -> Result<(), Refusal> {
        match (self.find(&precondition.resource, &precondition.filters), precondition.absent) {
            (Err(missing), false) => Err(missing.refusal(precondition.condition)),
            (Ok((_, properties)), true) => {
                let property = precondition.filters.first().map_or("", |filter| &filter.property);
                let value = properties.get(property).map(|value| value.into_text().into_owned()).unwrap_or_default();
                Err(MissingResource { property: property.to_owned(), value }.refusal(precondition.condition))
            }
            (Ok((_, properties)), false) => {
                self.names.needed.push((precondition.resource.clone(), properties));
                Ok(())
            }
            (Err(_), true) => Ok(()),
        }
    }

    fn list(&mut self) -> Vec<Arc<Properties>> {
        let selection = Selection::new(&self.emulate.filters, self.names);
        let resource_scope = self.context.request.provider_context.resource_scope(&self.emulate.resource);
        let mut found: Vec<_> = self.selected(&resource_scope, &selection).map(|(_, properties)| properties).collect();
        if let Some(order) = &self.emulate.sort {
            sort(&mut found, order, self.names);
        }
        self.names.counted = Some(cut_page(&mut found, self.emulate.page.as_ref(), self.names));
        found
    }
}

fn due(transition: &Transition, now: Timestamp) -> Option<ScheduledChange> {
    let at = now.checked_add(SignedDuration::from_secs(transition.after_seconds.into())).ok()?;
    Some(ScheduledChange { at, name: transition.name, value: transition.value.clone() })
}

/// The property and value of a resource that was not found.
#[derive(Default)]
struct MissingResource {
    property: String,
    value: String,
}

impl MissingResource {
    fn refusal(self, condition: Condition) -> Refusal {
        Refusal::for_condition(condition).with_values([self.value]).with_parameter(&self.property)
    }
}

fn regions(provider_context: &ProviderContext, names: &mut TemplateVariables<'_>) -> Vec<Arc<Properties>> {
    let provider = &provider_context.provider;
    let host = |url: String| url.split_once("://").map_or(url.clone(), |(_, host)| host.to_owned());
    let properties = |region: &Region| -> Properties {
        let members = [("id", region.id.clone()), ("title", region.title.clone()), ("endpoint", host(provider.endpoint_of(&region.id)))];
        members.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, Value::from(text))).collect()
    };
    let found: Vec<_> = provider.regions.iter().map(|region| Arc::new(properties(region))).collect();
    names.counted = Some(ListCounts { total: found.len(), page: 1, size: found.len() });
    found
}
