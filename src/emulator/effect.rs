//! What an operation does to the world, as its catalog entry says.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::facts::Station;
use super::names::{Counted, Names};
use super::perform::Act;
use super::refusal::Refusal;
use super::select::{Selection, cut_page, sort};
use super::world::{Candidate, Due, Place, Properties, Shelf, World};
use crate::catalog::template::as_text;
use crate::catalog::{Becomes, Condition, Effect, Emulate};

/// Does it. `names` then has the properties of the resource that it was about; a listing is returned.
pub(super) fn carry_out(
    act: &Act<'_>,
    emulate: &Emulate,
    names: &mut Names<'_>,
    world: &mut World,
) -> Result<Option<Vec<Properties>>, Refusal> {
    match emulate.effect {
        Effect::Create => create(act, emulate, names, world)?,
        Effect::Get => names.properties = one(act, emulate, names, world)?.1,
        Effect::Update => update(act, emulate, names, world)?,
        Effect::Delete => {
            let (place, properties) = one(act, emulate, names, world)?;
            world.remove(&place);
            names.properties = properties;
        }
        Effect::List => return Ok(Some(list(act, emulate, names, world))),
        Effect::Regions => return Ok(Some(regions(act.station, names))),
    }
    Ok(None)
}

fn shelf(act: &Act<'_>, emulate: &Emulate) -> Shelf {
    Shelf { provider: act.station.provider.id.clone(), region: act.station.region.clone(), kind: emulate.resource.clone() }
}

fn create(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Result<(), Refusal> {
    names.derive(&emulate.derive);
    // A resource without its key property is like no other.
    let key = names.properties.get(&emulate.key).map_or_else(|| act.facts.request_id.clone(), as_text);
    let candidate = Candidate {
        shelf: shelf(act, emulate),
        account: &act.caller.account,
        key: key.clone(),
        properties: names.properties.clone(),
        due: emulate.becomes.iter().filter_map(|becomes| due(becomes, act.facts.now)).collect(),
    };
    world.create(emulate, candidate).map_err(|condition| {
        let fact = if condition == Condition::QuotaReached { &emulate.resource } else { &key };
        Refusal::of(condition).filled([fact]).about(&emulate.key)
    })
}

fn due(becomes: &Becomes, now: Timestamp) -> Option<Due> {
    let at = now.checked_add(SignedDuration::from_secs(becomes.after_seconds.into())).ok()?;
    Some(Due { at, name: becomes.name.clone(), value: serde_json::to_value(&becomes.value).ok()? })
}

fn update(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &mut World) -> Result<(), Refusal> {
    let (place, before) = one(act, emulate, names, world)?;
    names.derive(&emulate.others);
    let others = std::mem::take(&mut names.properties);
    names.before = before;
    names.derive(&emulate.derive);
    if !others.is_empty() {
        world.change_others(&place, &act.caller.account, &others);
    }
    names.properties = world.change(&place, &names.properties, act.facts.now);
    Ok(())
}

/// The one resource that is meant, which must be there. A request that names none means none: it never means just any.
fn one(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &World) -> Result<(Place, Properties), Refusal> {
    let selection = Selection::new(&emulate.filters, names);
    let target = selection.target();
    let shelf = shelf(act, emulate);
    let mut own = world.of_account(&shelf, &act.caller.account, act.facts.now);
    let found = own.find(|(_, properties)| target.is_some() && selection.fits(properties));
    let (serial, properties) = found.ok_or_else(|| {
        let (property, value) = target.unwrap_or_default();
        Refusal::of(Condition::NotFound).filled([value]).about(property)
    })?;
    Ok((Place { shelf: shelf.clone(), serial }, properties.into_owned()))
}

fn list(act: &Act<'_>, emulate: &Emulate, names: &mut Names<'_>, world: &World) -> Vec<Properties> {
    let selection = Selection::new(&emulate.filters, names);
    let own = world.of_account(&shelf(act, emulate), &act.caller.account, act.facts.now);
    let meant = own.filter(|(_, properties)| selection.fits(properties));
    let mut found: Vec<Properties> = meant.map(|(_, properties)| properties.into_owned()).collect();
    if let Some(order) = &emulate.sort {
        sort(&mut found, order, names);
    }
    names.counted = Some(cut_page(&mut found, emulate.page.as_ref(), names));
    found
}

fn regions(station: &Station, names: &mut Names<'_>) -> Vec<Properties> {
    let provider = &station.provider;
    let host = |url: String| url.split_once("://").map_or(url.clone(), |(_, host)| host.to_owned());
    let found: Vec<Properties> = provider
        .regions
        .iter()
        .map(|region| {
            let members =
                [("id", region.id.clone()), ("title", region.title.clone()), ("endpoint", host(provider.endpoint_of(&region.id)))];
            members.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), Value::from(text))).collect()
        })
        .collect();
    names.counted = Some(Counted { total: found.len(), page: 1, size: found.len() });
    found
}
