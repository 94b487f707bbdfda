//! What an operation does to the world, as its catalog entry says.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::change::{Change, Due, Place};
use super::facts::Station;
use super::names::{Counted, Names};
use super::perform::Act;
use super::properties::Properties;
use super::refusal::Refusal;
use super::select::{Selection, cut_page, sort};
use super::world::{Candidate, World};
use crate::catalog::{Becomes, Condition, Demand, Effect, Emulate, Filter, Found};

/// What comes of an operation.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What it changes; nothing has changed yet.
    pub changes: Vec<Change>,
    /// What a listing found.
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

/// Whether the properties follow from the request alone.
fn is_known_beforehand(emulate: &Emulate) -> bool {
    emulate.effect == Effect::Create && emulate.demands.is_empty()
}

/// Does what can be done without the world, so that nobody waits for it.
pub(super) fn prepare(emulate: &Emulate, names: &mut Names<'_>) {
    if is_known_beforehand(emulate) {
        names.derive(&emulate.derive);
    }
}

/// Works out what an operation does, once it is prepared. `names` then has the properties of the resource that it is about.
pub(super) fn carry_out(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Result<Outcome, Refusal> {
    match emulate.effect {
        Effect::Create => create(act, emulate, names, world),
        Effect::Get => {
            names.properties = one(act, emulate, names, world)?.1;
            Ok(Outcome::default())
        }
        Effect::Update => update(act, emulate, names, world),
        Effect::Delete => {
            let (place, properties) = one(act, emulate, names, world)?;
            names.properties = properties;
            Ok(Outcome::changing(vec![Change::Removed(place)]))
        }
        Effect::List => Ok(Outcome::listing(list(act, emulate, names, world))),
        Effect::Regions => Ok(Outcome::listing(regions(act.station, names))),
    }
}

fn create(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Result<Outcome, Refusal> {
    if !is_known_beforehand(emulate) {
        emulate.demands.iter().try_for_each(|demand| meet(act, demand, names, world))?;
        names.derive(&emulate.derive);
    }
    // A resource without its key property is like no other.
    let key: Arc<str> = names.properties.get(&emulate.key).map_or(Cow::Borrowed(&*act.facts.request_id), Found::into_text).into();
    let refused = |condition, key: &str| {
        let fact = if condition == Condition::QuotaReached { &emulate.resource } else { key };
        Refusal::of(condition).filled([fact]).about(&emulate.key)
    };
    let candidate = Candidate {
        shelf: act.station.shelf(&emulate.resource),
        account: act.caller.account,
        key,
        properties: Arc::clone(&names.properties),
        due: emulate.becomes.iter().filter_map(|becomes| due(becomes, act.facts.now)).collect(),
    };
    world.permits(emulate, &candidate).map_err(|condition| refused(condition, &candidate.key))?;
    let created = world.creating(emulate, candidate);
    Ok(Outcome::changing(vec![created]))
}

fn due(becomes: &Becomes, now: Timestamp) -> Option<Due> {
    let at = now.checked_add(SignedDuration::from_secs(becomes.after_seconds.into())).ok()?;
    Some(Due { at, name: becomes.name, value: becomes.value.clone() })
}

fn update(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Result<Outcome, Refusal> {
    let (place, before) = one(act, emulate, names, world)?;
    names.derive(&emulate.others);
    let others = std::mem::take(&mut names.properties);
    names.before = Some(before);
    names.derive(&emulate.derive);
    let mut changes = world.change_others(&place, &act.caller.account, &others, act.facts.now);
    if let Some((change, properties)) = world.change(&place, &names.properties, act.facts.now) {
        changes.push(change);
        names.properties = properties;
    }
    Ok(Outcome::changing(changes))
}

/// The one resource that is meant, which must be there, and what else must hold.
fn one(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Result<(Place, Arc<Properties>), Refusal> {
    let found = find(act, &emulate.resource, &emulate.filters, names, world);
    let found = found.map_err(|sought| sought.missing(Condition::NotFound))?;
    emulate.demands.iter().try_for_each(|demand| meet(act, demand, names, world))?;
    Ok(found)
}

/// What was sought in vain: the property and its value.
struct Sought {
    property: String,
    value: String,
}

impl Sought {
    fn missing(self, condition: Condition) -> Refusal {
        Refusal::of(condition).filled([self.value]).about(&self.property)
    }
}

/// The first of the caller's resources that is meant. A request that names none means none: it never means just any.
fn find(
    act: &Act<'_>,
    kind: &str,
    filters: &[Filter],
    names: &mut Names<'_>,
    world: &mut World,
) -> Result<(Place, Arc<Properties>), Sought> {
    let selection = Selection::new(filters, names);
    let Some((property, value)) = selection.target() else { return Err(Sought { property: String::new(), value: String::new() }) };
    let shelf = act.station.shelf(kind);
    let handle = selection.handle();
    let by = handle.as_ref().map(|(property, value)| (*property, value.as_str()));
    let mut own = world.of_account(&shelf, &act.caller.account, by, act.facts.now);
    let found = own.find(|(_, properties)| selection.fits(properties));
    let (serial, properties) = found.ok_or(Sought { property: property.to_owned(), value })?;
    Ok((Place { shelf, serial }, properties))
}

/// Refuses an operation when a resource that it needs is absent, or one that is in its way is there. Templates may then
/// name what it needs.
fn meet(act: &Act<'_>, demand: &Demand, names: &mut Names<'_>, world: &mut World) -> Result<(), Refusal> {
    match (find(act, &demand.resource, &demand.filters, names, world), demand.absent) {
        (Err(sought), false) => Err(sought.missing(demand.condition)),
        (Ok((_, properties)), true) => {
            let property = demand.filters.first().map_or("", |filter| &filter.property);
            let value = properties.get(property).map(|value| value.into_text().into_owned()).unwrap_or_default();
            Err(Sought { property: property.to_owned(), value }.missing(demand.condition))
        }
        (Ok((_, properties)), false) => {
            names.needed.push((demand.resource.clone(), properties));
            Ok(())
        }
        (Err(_), true) => Ok(()),
    }
}

fn list(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Vec<Arc<Properties>> {
    let selection = Selection::new(&emulate.filters, names);
    let handle = selection.handle();
    let by = handle.as_ref().map(|(property, value)| (*property, value.as_str()));
    let own = world.of_account(&act.station.shelf(&emulate.resource), &act.caller.account, by, act.facts.now);
    let mut found: Vec<_> = own.map(|(_, properties)| properties).filter(|properties| selection.fits(properties)).collect();
    if let Some(order) = &emulate.sort {
        sort(&mut found, order, names);
    }
    names.counted = Some(cut_page(&mut found, emulate.page.as_ref(), names));
    found
}

fn regions(station: &Station, names: &mut Names<'_>) -> Vec<Arc<Properties>> {
    let provider = &station.provider;
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
    names.counted = Some(Counted { total: found.len(), page: 1, size: found.len() });
    found
}
