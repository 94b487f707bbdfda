//! What the names in templates stand for: properties, parameters, facts of the request, fresh identifiers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::ids::Fresh;
use super::perform::Act;
use super::properties::{Held, Properties};
use crate::auth::DateFormat;
use crate::catalog::template::Template;
use crate::catalog::{Derive, Fact, Found, Name, Parameter, Placeholder, Type, When};
use crate::form::Value as Typed;

/// What the names in the templates of one request stand for.
pub(super) struct Names<'a> {
    act: &'a Act<'a>,
    ids: &'a Fresh<'a>,
    /// The properties of the resource that is made or answered with.
    pub properties: Arc<Properties>,
    /// Of a resource that is being changed, the properties as they were.
    pub before: Option<Arc<Properties>>,
    /// The resources that must be there for the operation, each with its kind.
    pub needed: Vec<(String, Arc<Properties>)>,
    /// What is to be said of a listing.
    pub counted: Option<Counted>,
}

/// A listing in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// How many there are on all pages.
    pub total: usize,
    /// The page, counted from 1.
    pub page: usize,
    /// How many a page holds.
    pub size: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(act: &'a Act<'a>, ids: &'a Fresh<'a>) -> Self {
        Self { act, ids, properties: Arc::default(), before: None, needed: Vec::new(), counted: None }
    }

    /// Derives properties, in order; a later one may use an earlier one.
    pub(super) fn derive(&mut self, rules: &[Derive]) {
        let mut properties = Properties::with_capacity(rules.len());
        for rule in rules {
            if let Some(held) = self.derived(rule, &properties) {
                properties.set(rule.name, held);
            }
        }
        self.properties = Arc::new(properties);
    }

    fn derived(&self, rule: &Derive, properties: &Properties) -> Option<Held> {
        let value = self.first_about(&rule.first, properties).map(|value| swap(cut(value, rule.after.as_deref()), &rule.swap));
        let keeps = rule.keeps.as_ref().filter(|kept| self.was(rule.name).is_some_and(|was| was == **kept));
        keeps.map(Found::from).or(value).map(Held::from)
    }

    /// The value of the first template in which everything is known. An empty text counts only when there is nothing else.
    pub(super) fn first<'v>(&'v self, templates: &'v [Template]) -> Option<Found<'v>> {
        self.first_about(templates, &self.properties)
    }

    fn first_about<'v>(&'v self, templates: &'v [Template], properties: &'v Properties) -> Option<Found<'v>> {
        let mut empty = None;
        for value in templates.iter().filter_map(|template| self.value(template, properties)) {
            if value.text() != Some("") {
                return Some(value);
            }
            empty = Some(value);
        }
        empty
    }

    /// The value of a template about a resource with these properties.
    pub(super) fn value<'v>(&'v self, template: &'v Template, properties: &'v Properties) -> Option<Found<'v>> {
        template.evaluate(&mut |placeholder| self.find(placeholder, properties))
    }

    /// The value of a parameter as a text; empty when it is not given.
    pub(super) fn given(&self, parameter: &str) -> Cow<'_, str> {
        self.parameter(parameter).map(Found::into_text).unwrap_or_default()
    }

    /// How many fresh identifiers were given out by now.
    pub(super) fn given_out(&self) -> u64 {
        self.ids.given_out()
    }

    /// Whether the parameters have these values.
    pub(super) fn holds(&self, when: &When) -> bool {
        when.iter().all(|(parameter, wanted)| self.given(parameter) == *wanted)
    }

    fn find<'v>(&'v self, placeholder: &Placeholder, properties: &'v Properties) -> Option<Found<'v>> {
        let known = self.known(placeholder.name(), properties).or_else(|| self.inside(placeholder, properties));
        known.or_else(|| self.fact(placeholder.fact()?))
    }

    /// What a property was before.
    fn was(&self, name: Name) -> Option<Found<'_>> {
        self.before.as_ref()?.of(name)
    }

    /// What a property, a parameter, or a property as it was stands for.
    fn known<'v>(&'v self, name: Name, properties: &'v Properties) -> Option<Found<'v>> {
        properties.of(name).or_else(|| self.parameter(&name)).or_else(|| self.was(name))
    }

    /// What stands behind a dot: a property of a resource that is needed, a member of an object.
    fn inside<'v>(&'v self, placeholder: &Placeholder, properties: &'v Properties) -> Option<Found<'v>> {
        let (whole, part) = placeholder.parts()?;
        if let Some((_, needed)) = self.needed.iter().find(|(kind, _)| **kind == *whole) {
            return needed.get(part);
        }
        match self.known(whole, properties)? {
            Found::There(object) => object.get(part).map(Found::from),
            Found::Made(mut object) => object.get_mut(part).map(Value::take).map(Found::from),
            Found::Text(_) | Found::Flag(_) => None,
        }
    }

    fn parameter(&self, name: &str) -> Option<Found<'_>> {
        let form = self.act.form;
        let at = form.operation.position(name)?;
        given(form.values.get(at)?, &form.operation.parameters[at])
    }

    fn fact(&self, fact: Fact) -> Option<Found<'_>> {
        let Act { station, caller, facts, .. } = self.act;
        Some(match fact {
            Fact::Region => Found::from(&*station.region),
            Fact::Account => Found::from(caller.account.as_str()),
            Fact::User => Found::from(&*caller.name),
            Fact::Action => Found::from(&*facts.action),
            Fact::Version => Found::from(&*facts.version),
            Fact::Service => Found::from(&*station.provider.service),
            Fact::RequestId => Found::from(&*facts.request_id),
            Fact::Now => Found::from(DateFormat::Extended.write(facts.now)),
            Fact::NowMillis => Found::from(DateFormat::write_millis(facts.now)),
            Fact::Uuid => Found::from(self.ids.uuid()),
            Fact::Hex32 => Found::from(self.ids.hex32()),
            Fact::Digits => Found::from(self.ids.digits()),
            Fact::Total => Found::from(Value::from(self.counted?.total)),
            Fact::Page => Found::from(Value::from(self.counted?.page)),
            Fact::PageSize => Found::from(Value::from(self.counted?.size)),
        })
    }
}

/// Keeps what stands after the first of a sign, if it is there.
fn cut<'v>(value: Found<'v>, after: Option<&str>) -> Found<'v> {
    let start = after.and_then(|sign| Some(value.text()?.find(sign)? + sign.len()));
    match (value, start) {
        (Found::Text(Cow::Borrowed(text)), Some(start)) => Found::from(&text[start..]),
        (Found::Text(Cow::Owned(text)), Some(start)) => Found::from(text[start..].to_owned()),
        (value, _) => value,
    }
}

/// Puts other texts in the place of some.
pub(super) fn swap<'v>(value: Found<'v>, swaps: &BTreeMap<String, String>) -> Found<'v> {
    match value {
        Found::Text(text) if !swaps.is_empty() => {
            Found::from(swaps.iter().fold(text.into_owned(), |text, (from, to)| text.replace(from, to)))
        }
        other => other,
    }
}

/// The value of a parameter, if it is set.
fn given<'v>(value: &'v Typed, parameter: &Parameter) -> Option<Found<'v>> {
    match value {
        Typed::Unset => None,
        Typed::Text(text) => Some(of_kind(Found::from(text.as_str()), parameter.kind)),
        Typed::Flag(flag) => Some(Found::Flag(*flag)),
        Typed::List(texts) => Some(Found::from(Value::from(texts.clone()))),
        Typed::Rows(objects) if parameter.kind == Type::Object => objects.first().map(|row| Found::from(object(row, parameter))),
        Typed::Rows(objects) => Some(Found::from(objects.iter().map(|row| object(row, parameter)).collect::<Value>())),
        Typed::Json(text) => serde_json::from_str::<Value>(text).ok().map(Found::from),
    }
}

fn object(row: &[(String, String)], parameter: &Parameter) -> Value {
    row.iter().map(|(name, text)| (name.clone(), member(parameter, name, text))).collect::<Map<_, _>>().into()
}

/// The text of a member that is a list or an object is JSON.
fn member(parameter: &Parameter, name: &str, text: &str) -> Value {
    let kind = parameter.members.iter().find(|member| member.name == name).map_or(Type::String, |member| member.kind);
    match kind {
        Type::List | Type::Object | Type::Boolean => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        kind => of_kind(Found::from(text), kind).into_value(),
    }
}

/// A value as an integer or a text, where that is its kind.
pub(super) fn of_kind(value: Found<'_>, kind: Type) -> Found<'_> {
    match (kind, &value) {
        (Type::Integer, Found::Text(text)) => text.parse::<i64>().map_or(value, |number| Found::from(Value::from(number))),
        (Type::String, Found::Flag(_)) => Found::Text(value.into_text()),
        (Type::String, _) if value.value().is_some_and(Value::is_number) => Found::Text(value.into_text()),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cuts_after_a_sign() {
        for (whole, part) in [(json!("eu:a:b"), json!("a:b")), (json!("ab"), json!("ab")), (json!(true), json!(true))] {
            assert!(cut(Found::from(&whole), Some(":")) == part);
            assert!(cut(Found::from(whole), Some(":")) == part);
        }
    }

    #[test]
    fn typed_values_become_json() {
        let value = |of: &Typed, as_of: &Parameter| given(of, as_of).map(Found::into_value);
        let parameter = |text: &str| toml::from_str::<Parameter>(&format!("name = 'a'\nhelp = ''\n{text}")).unwrap();
        let rows = Typed::Rows(vec![vec![("Key".into(), "env".into()), ("Values".into(), r#"["a"]"#.into())]]);
        let list = parameter("type = 'list'\nmembers = [{ name = 'Values', type = 'list', help = '' }]");
        assert_eq!(value(&rows, &list), Some(json!([{"Key": "env", "Values": ["a"]}])));
        assert_eq!(value(&rows, &parameter("type = 'object'")), Some(json!({"Key": "env", "Values": "[\"a\"]"})));
        assert_eq!(value(&Typed::Text("7".into()), &parameter("type = 'integer'")), Some(json!(7)));
        assert_eq!(value(&Typed::Json("[1]".into()), &list), Some(json!([1])));
        assert_eq!(value(&Typed::Unset, &parameter("type = 'string'")), None);
    }
}
