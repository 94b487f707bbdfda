//! What the names in templates stand for: properties, parameters, facts of the request, fresh identifiers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::ids::Fresh;
use super::perform::Act;
use super::properties::Properties;
use crate::auth::DateFormat;
use crate::catalog::template::{Template, as_text};
use crate::catalog::{Derive, Parameter, Type, When};
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
            let value = self.first_about(&rule.first, &properties).map(|value| swap(cut(value, rule.after.as_deref()), &rule.swap));
            let keeps = rule.keeps.as_ref().filter(|kept| self.was(&rule.name).as_deref() == Some(*kept));
            if let Some(value) = keeps.cloned().or(value) {
                properties.set(rule.name, value);
            }
        }
        self.properties = Arc::new(properties);
    }

    /// The value of the first template in which everything is known. An empty text counts only when there is nothing else.
    pub(super) fn first(&self, templates: &[Template]) -> Option<Value> {
        self.first_about(templates, &self.properties)
    }

    fn first_about(&self, templates: &[Template], properties: &Properties) -> Option<Value> {
        let mut empty = None;
        for value in templates.iter().filter_map(|template| self.value(template, properties)) {
            if value.as_str() != Some("") {
                return Some(value.into_owned());
            }
            empty = Some(value);
        }
        empty.map(Cow::into_owned)
    }

    /// The value of a template about a resource with these properties.
    pub(super) fn value<'v>(&'v self, template: &'v Template, properties: &'v Properties) -> Option<Cow<'v, Value>> {
        template.evaluate(&mut |name| self.find(name, properties))
    }

    /// The value of a parameter as a text; empty when it is not given.
    pub(super) fn given(&self, parameter: &str) -> String {
        self.parameter(parameter).as_ref().map(as_text).unwrap_or_default()
    }

    /// How many fresh identifiers were given out by now.
    pub(super) fn given_out(&self) -> u64 {
        self.ids.given_out()
    }

    /// Whether the parameters have these values.
    pub(super) fn holds(&self, when: &When) -> bool {
        when.iter().all(|(parameter, wanted)| self.given(parameter) == *wanted)
    }

    fn find<'v>(&'v self, name: &str, properties: &'v Properties) -> Option<Cow<'v, Value>> {
        let known = self.known(name, properties).or_else(|| self.inside(name, properties));
        known.or_else(|| self.count(name).map(Cow::Owned)).or_else(|| self.fact(name).map(|fact| Cow::Owned(Value::String(fact))))
    }

    /// What a property was before.
    fn was(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.before.as_ref()?.get(name)
    }

    /// What a property, a parameter, or a property as it was stands for.
    fn known<'v>(&'v self, name: &str, properties: &'v Properties) -> Option<Cow<'v, Value>> {
        let property = properties.get(name);
        property.or_else(|| self.parameter(name).map(Cow::Owned)).or_else(|| self.was(name))
    }

    /// What stands behind a dot: a property of a resource that is needed, a member of an object.
    fn inside<'v>(&'v self, name: &str, properties: &'v Properties) -> Option<Cow<'v, Value>> {
        let dot = name.bytes().position(|byte| byte == b'.')?;
        let (whole, part) = (&name[..dot], &name[dot + 1..]);
        if let Some((_, needed)) = self.needed.iter().find(|(kind, _)| kind == whole) {
            return needed.get(part);
        }
        match self.known(whole, properties)? {
            Cow::Borrowed(object) => object.get(part).map(Cow::Borrowed),
            Cow::Owned(mut object) => object.get_mut(part).map(Value::take).map(Cow::Owned),
        }
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        let form = self.act.form;
        let at = form.operation.parameters.iter().position(|parameter| parameter.name == name)?;
        json(form.values.get(at)?, &form.operation.parameters[at])
    }

    fn count(&self, name: &str) -> Option<Value> {
        let counted = self.counted?;
        Some(match name {
            "total" => counted.total.into(),
            "page" => counted.page.into(),
            "page-size" => counted.size.into(),
            _ => return None,
        })
    }

    fn fact(&self, name: &str) -> Option<String> {
        let Act { station, caller, facts, .. } = self.act;
        Some(match name {
            "region" => station.region.clone(),
            "account" => caller.account.to_string(),
            "user" => caller.name.to_string(),
            "action" => facts.action.to_string(),
            "version" => facts.version.to_string(),
            "service" => station.provider.service.clone(),
            "request-id" => facts.request_id.clone(),
            "now" => DateFormat::Extended.write(facts.now),
            "now-millis" => millis(facts.now),
            "uuid" => self.ids.uuid(),
            "hex32" => self.ids.hex32(),
            "digits" => self.ids.digits(),
            _ => return None,
        })
    }
}

/// A time with three decimals.
fn millis(time: Timestamp) -> String {
    let seconds = DateFormat::Extended.write(time);
    format!("{}.{:03}Z", seconds.trim_end_matches('Z'), time.subsec_millisecond())
}

/// Keeps what stands after the first of a sign, if it is there.
fn cut(value: Value, after: Option<&str>) -> Value {
    let tail = after.and_then(|sign| value.as_str()?.split_once(sign)).map(|(_, tail)| Value::from(tail));
    tail.unwrap_or(value)
}

/// Puts other texts in the place of some.
pub(super) fn swap(value: Value, swaps: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) if !swaps.is_empty() => Value::from(swaps.iter().fold(text, |text, (from, to)| text.replace(from, to))),
        other => other,
    }
}

/// The value of a parameter, if it is set.
fn json(value: &Typed, parameter: &Parameter) -> Option<Value> {
    match value {
        Typed::Unset => None,
        Typed::Text(text) => Some(of_kind(Cow::Owned(Value::from(text.as_str())), parameter.kind).into_owned()),
        Typed::Flag(flag) => Some(Value::from(*flag)),
        Typed::List(texts) => Some(Value::from(texts.clone())),
        Typed::Rows(objects) if parameter.kind == Type::Object => objects.first().map(|row| object(row, parameter)),
        Typed::Rows(objects) => Some(objects.iter().map(|row| object(row, parameter)).collect()),
        Typed::Json(text) => serde_json::from_str(text).ok(),
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
        kind => of_kind(Cow::Owned(Value::from(text)), kind).into_owned(),
    }
}

/// A value as an integer or a text, where that is its kind.
pub(super) fn of_kind(value: Cow<'_, Value>, kind: Type) -> Cow<'_, Value> {
    match (kind, &*value) {
        (Type::Integer, Value::String(text)) => text.parse::<i64>().map_or(value, |number| Cow::Owned(Value::from(number))),
        (Type::String, Value::Number(_) | Value::Bool(_)) => Cow::Owned(Value::from(as_text(&value))),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cuts_after_a_sign() {
        assert_eq!(cut(json!("eu:a:b"), Some(":")), json!("a:b"));
        assert_eq!(cut(json!("ab"), Some(":")), json!("ab"));
        assert_eq!(cut(json!(true), Some(":")), json!(true));
    }

    #[test]
    fn typed_values_become_json() {
        let parameter = |text: &str| toml::from_str::<Parameter>(&format!("name = 'a'\nhelp = ''\n{text}")).unwrap();
        let rows = Typed::Rows(vec![vec![("Key".into(), "env".into()), ("Values".into(), r#"["a"]"#.into())]]);
        let list = parameter("type = 'list'\nmembers = [{ name = 'Values', type = 'list', help = '' }]");
        assert_eq!(json(&rows, &list), Some(json!([{"Key": "env", "Values": ["a"]}])));
        assert_eq!(json(&rows, &parameter("type = 'object'")), Some(json!({"Key": "env", "Values": "[\"a\"]"})));
        assert_eq!(json(&Typed::Text("7".into()), &parameter("type = 'integer'")), Some(json!(7)));
        assert_eq!(json(&Typed::Json("[1]".into()), &list), Some(json!([1])));
        assert_eq!(json(&Typed::Unset, &parameter("type = 'string'")), None);
    }
}
