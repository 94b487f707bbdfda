//! Parameters written flat, as names and texts of a query or a form body: `Tags.1.Key`, `Associates.1`, `Filter.Name`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::decode::typed;
use super::{Form, Value, json};
use crate::catalog::{Items, Operation, Parameter, Type};
use crate::wire::{Request, parse_query};

/// A name below that of a parameter (`1.Key`), and its text.
type NestedName<'a> = (&'a str, &'a str);

/// Returns the parameters of the query, and behind them those of a form body.
pub fn flat_parameters(request: &Request) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut pairs = parse_query(request.query());
    pairs.extend(parse_query(request.form_body().unwrap_or_default()));
    pairs
}

/// Reads an operation's parameters from names and texts, wherever they travel otherwise. Elements of a list are numbered and need
/// not be in order; a list or an object may also be JSON in one text. Names that are no parameters are ignored.
pub fn decode_flat(operation: &Arc<Operation>, pairs: &[(Cow<'_, str>, Cow<'_, str>)]) -> Form {
    let values = operation.parameters.iter().map(|parameter| value(parameter, pairs)).collect();
    Form { operation: Arc::clone(operation), values }
}

fn value(parameter: &Parameter, pairs: &[(Cow<'_, str>, Cow<'_, str>)]) -> Value {
    if let Some((_, text)) = pairs.iter().find(|(name, _)| *name == parameter.name) {
        return parse_text(parameter, text);
    }
    let all: Vec<NestedName<'_>> = pairs.iter().map(|(name, text)| (&**name, &**text)).collect();
    let below = strip_parent_name(&parameter.name, &all);
    if below.is_empty() { Value::Unset } else { nested(parameter, &below).map_or(Value::Unset, |json| json::value(parameter, &json)) }
}

/// Returns a value that stands in one text.
fn parse_text(parameter: &Parameter, text: &str) -> Value {
    let json = || serde_json::from_str::<Json>(text).ok().filter(|json| json.is_array() || json.is_object());
    match (parameter.kind, json()) {
        (Type::List | Type::Object, Some(json)) => json::value(parameter, &json),
        _ => typed(parameter, text),
    }
}

/// Returns the rest below a name: `1.Key` of `Tags.1.Key`.
fn strip_parent_name<'a>(name: &str, all: &[NestedName<'a>]) -> Vec<NestedName<'a>> {
    all.iter().filter_map(|(full, text)| Some((full.strip_prefix(name)?.strip_prefix('.')?, *text))).collect()
}

/// Returns the JSON of a list or an object from what stands below its name.
fn nested(parameter: &Parameter, all: &[NestedName<'_>]) -> Option<Json> {
    match (parameter.kind, parameter.items) {
        (Type::List, Items::String) => Some(elements(all).into_values().filter_map(|own| Some(own.first()?.1)).collect()),
        (Type::List, Items::Object) => Some(elements(all).values().map(|own| object(&parameter.members, own)).collect()),
        (Type::Object, _) => Some(object(&parameter.members, all)),
        _ => None,
    }
}

/// Returns the elements of a list by their number.
fn elements<'a>(all: &[NestedName<'a>]) -> BTreeMap<u32, Vec<NestedName<'a>>> {
    let mut found: BTreeMap<u32, Vec<NestedName<'a>>> = BTreeMap::new();
    for (name, text) in all {
        let (number, rest) = name.split_once('.').unwrap_or((name, ""));
        if let Ok(number) = number.parse() {
            found.entry(number).or_default().push((rest, text));
        }
    }
    found
}

fn object(members: &[Parameter], all: &[NestedName<'_>]) -> Json {
    let of = |member: &Parameter| {
        let own = all.iter().find(|(name, _)| *name == member.name).map(|(_, text)| leaf(member, text));
        own.or_else(|| nested(member, &strip_parent_name(&member.name, all)).filter(|json| *json != Json::Array(Vec::new())))
    };
    members.iter().filter_map(|member| Some((member.name.clone(), of(member)?))).collect::<Map<_, _>>().into()
}

/// Returns a member's text as JSON of its type where it can be.
fn leaf(member: &Parameter, text: &str) -> Json {
    let read = || serde_json::from_str(text).ok();
    match member.kind {
        Type::Integer => json::integer(text),
        Type::Boolean | Type::List | Type::Object => read().unwrap_or_else(|| text.into()),
        Type::String | Type::Enum => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn read(provider: &str, operation: &str, query: &str) -> Vec<(String, Value)> {
        let catalog = Catalog::built_in();
        let operation = catalog.provider(provider).and_then(|provider| provider.operation(operation)).unwrap();
        decode_flat(operation, &parse_query(query)).given()
    }

    fn row(members: &[(&str, &str)]) -> super::super::Row {
        members.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn reads_numbered_elements_and_members() {
        let given = read(
            "volcengine-id",
            "CreateNamespace",
            "NamespaceName=o&Tags.2.Key=b&Tags.1.Value=x+y&Tags.1.Key=a&Associates.10=z&Associates.9=y",
        );
        let of = |name: &str| given.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
        assert_eq!(of("NamespaceName"), Some(Value::Text("o".into())));
        assert_eq!(of("Tags"), Some(Value::Rows(vec![row(&[("Key", "a"), ("Value", "x y")]), row(&[("Key", "b")])])));
        assert_eq!(of("Associates"), Some(Value::List(vec!["y".into(), "z".into()])));
    }

    #[test]
    fn reads_objects_lists_within_lists_and_json() {
        let given = read(
            "volcengine-id",
            "ListNamespaces",
            "PageSize=5&Filter.Name=o&TagFilters.1.Key=k&TagFilters.1.Values.1=a&TagFilters.1.Values.2=b",
        );
        assert_eq!(given[0], ("PageSize".into(), Value::Text("5".into())));
        assert!(given.contains(&("Filter".into(), Value::Rows(vec![row(&[("Name", "o")])]))), "{given:?}");
        assert!(given.contains(&("TagFilters".into(), Value::Rows(vec![row(&[("Key", "k"), ("Values", "[\"a\",\"b\"]")])]))), "{given:?}");
        let given = read("alibaba-pai", "CreateWorkspace", "EnvTypes=%5B%22dev%22%2C%22prod%22%5D&WorkspaceName=a");
        assert!(given.contains(&("EnvTypes".into(), Value::List(vec!["dev".into(), "prod".into()]))), "{given:?}");
    }
}
