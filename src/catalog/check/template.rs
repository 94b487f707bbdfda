//! Checks of the emulator's templates: every `{name}` in them must stand for something.

use super::ProblemCollector;
use crate::catalog::template::Template;
use crate::catalog::{Effect, Emulate, Filter, Operation, ParameterCondition, Precondition, RequestVariable};

/// The properties of a region.
const REGION: [&str; 3] = ["id", "title", "endpoint"];

/// Checks every template of an operation.
pub(super) fn check_templates<'p>(problems: &mut ProblemCollector<'p>, operation: &'p Operation) {
    let mut known: Vec<&str> = RequestVariable::ALL.iter().map(|(name, _)| *name).collect();
    known.extend(operation.parameters.iter().map(|parameter| parameter.name.as_str()));
    if let Some(emulate) = &operation.emulate {
        check_emulate(problems, operation, emulate, &mut known);
    }
    for answer in &operation.answers {
        let what = format!("the answer {}", answer.path);
        check_names(problems, &what, &answer.value, &known);
        check_when(problems, operation, &what, &answer.when);
    }
}

fn check_emulate<'p>(problems: &mut ProblemCollector<'p>, operation: &Operation, emulate: &'p Emulate, known: &mut Vec<&'p str>) {
    let properties = properties_of(problems, &emulate.resource);
    match emulate.effect {
        Effect::Create => {}
        Effect::Regions => known.extend(REGION),
        _ => {
            problems.require(!properties.is_empty(), || format!("no operation creates a {}", emulate.resource));
            known.extend(&properties);
        }
    }
    known.extend(emulate.preconditions.iter().filter(|demand| !demand.absent).map(|demand| demand.resource.as_str()));
    check_derived(problems, emulate, known);
    let aimless = emulate.effect.needs_one() && emulate.filters.is_empty();
    problems.require(!aimless, || "`where` does not say which resource is meant".to_owned());
    check_filters(problems, operation, &emulate.filters, &properties, known);
    for demand in &emulate.preconditions {
        check_precondition(problems, operation, demand, known);
    }
    check_listing(problems, operation, emulate, &properties);
}

/// Returns every property that an operation of the provider gives to resources of the kind.
fn properties_of<'p>(problems: &ProblemCollector<'p>, kind: &str) -> Vec<&'p str> {
    let all = problems.provider.operations.iter().filter_map(|operation| operation.emulate.as_ref());
    let alike = all.filter(|other| other.resource == kind);
    alike.flat_map(|other| &other.derive).map(|derive| &*derive.name).collect()
}

fn check_derived<'p>(problems: &mut ProblemCollector<'p>, emulate: &'p Emulate, known: &mut Vec<&'p str>) {
    problems.distinct("property", emulate.derive.iter().map(|derive| &derive.name));
    for derive in &emulate.derive {
        check_names(problems, &format!("the property {}", derive.name), &derive.first, known);
        known.push(&derive.name);
    }
    for derive in &emulate.others {
        check_names(problems, &format!("the others' {}", derive.name), &derive.first, known);
    }
    for transitions in &emulate.transitions {
        let name = &*transitions.name;
        problems.require(known.contains(&name), || format!("{name} changes by itself and is no property"));
    }
    let key = emulate.key.as_str();
    let keyed = emulate.effect != Effect::Create || known.contains(&key);
    problems.require(keyed, || format!("the key {key} is neither a property nor a parameter"));
}

fn check_precondition(problems: &mut ProblemCollector<'_>, operation: &Operation, demand: &Precondition, known: &[&str]) {
    let properties = properties_of(problems, &demand.resource);
    problems.require(!properties.is_empty(), || format!("no operation creates a {}, which is demanded", demand.resource));
    problems.require(!demand.filters.is_empty(), || format!("`where` does not say which {} is demanded", demand.resource));
    check_filters(problems, operation, &demand.filters, &properties, known);
}

fn check_filters(problems: &mut ProblemCollector<'_>, operation: &Operation, filters: &[Filter], properties: &[&str], known: &[&str]) {
    for filter in filters {
        let name = filter.property.as_str();
        problems.require(properties.contains(&name), || format!("`where` names {name}, which is no property"));
        let what = format!("the filter on {name}");
        check_names(problems, &what, &filter.first, known);
        check_when(problems, operation, &what, &filter.when);
    }
}

fn check_listing(problems: &mut ProblemCollector<'_>, operation: &Operation, emulate: &Emulate, properties: &[&str]) {
    let page = emulate.page.iter().flat_map(|page| [&page.number, &page.size]);
    let sort = emulate.sort.iter().flat_map(|sort| [&sort.by, &sort.order]);
    for name in page.chain(sort) {
        problems.require(operation.parameter(name).is_some(), || format!("a listing goes by {name}, which is no parameter"));
    }
    if let Some(sort) = &emulate.sort {
        let name = sort.default.as_str();
        problems.require(properties.contains(&name), || format!("a listing is sorted by {name}, which is no property"));
    }
}

fn check_when(problems: &mut ProblemCollector<'_>, operation: &Operation, what: &str, when: &ParameterCondition) {
    for name in when.keys() {
        problems.require(operation.parameter(name).is_some(), || format!("{what} depends on {name}, which is no parameter"));
    }
}

fn check_names<'v>(problems: &mut ProblemCollector<'_>, what: &str, templates: impl IntoIterator<Item = &'v Template>, known: &[&str]) {
    for name in templates.into_iter().flat_map(Template::names) {
        let whole = name.split('.').next().unwrap_or(name);
        problems.require(known.contains(&name) || known.contains(&whole), || format!("{what} names {{{name}}}, which stands for nothing"));
    }
}

/// Returns the names in braces of a template. Braces around anything but a name are no mark.
pub(super) fn marks(template: &str) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_names_in_braces() {
        assert_eq!(marks("{region}:{Name}").collect::<Vec<_>>(), ["region", "Name"]);
        assert_eq!(marks("{ } {} {a b} {open").count(), 0);
    }
}
