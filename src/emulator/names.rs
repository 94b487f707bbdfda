//! What the names in templates stand for: properties, parameters, facts of the request, fresh identifiers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::change::Properties;
use super::ids::Ids;
use super::perform::Act;
use crate::catalog::template::{as_text, evaluate};
use crate::catalog::{Derive, Parameter, Type, When};
use crate::form::{Form, Value as Typed};

/// What the names in the templates of one request stand for.
pub(super) struct Names<'a> {
    act: &'a Act<'a>,
    ids: &'a Ids,
    parameters: Map<String, Value>,
    /// The properties of the resource that is made or answered with.
    pub properties: Arc<Properties>,
    /// Of a resource that is being changed, the properties as they were.
    pub before: Arc<Properties>,
    /// The resources that must be there for the operation, by their kind.
    pub needed: Properties,
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
    pub(super) fn new(act: &'a Act<'a>, ids: &'a Ids) -> Self {
        let none = Arc::<Properties>::default;
        Self { act, ids, parameters: parameters(act.form), properties: none(), before: none(), needed: Properties::new(), counted: None }
    }

    /// Derives properties, in order; a later one may use an earlier one.
    pub(super) fn derive(&mut self, rules: &[Derive]) {
        if self.properties.is_empty() {
            self.properties = Arc::new(Properties::with_capacity(rules.len()));
        }
        for rule in rules {
            let value = self.first(&rule.first).map(|value| swap(cut(value, rule.after.as_deref()), &rule.swap));
            let keeps = rule.keeps.as_ref().and_then(|kept| self.before.get(&rule.name).filter(|value| same(value, kept)));
            if let Some(value) = keeps.cloned().or(value) {
                Arc::make_mut(&mut self.properties).insert(rule.name.clone(), value);
            }
        }
    }

    /// The value of the first template in which everything is known. An empty text counts only when there is nothing else.
    pub(super) fn first(&mut self, templates: &[toml::Value]) -> Option<Value> {
        let mut empty = None;
        for template in templates {
            match self.value(template) {
                Some(Value::String(text)) if text.is_empty() => empty = Some(Value::String(text)),
                Some(value) => return Some(value),
                None => {}
            }
        }
        empty
    }

    /// The value of a template.
    pub(super) fn value(&mut self, template: &toml::Value) -> Option<Value> {
        evaluate(template, &mut |name| self.find(name))
    }

    /// The value of a parameter as a text; empty when it is not given.
    pub(super) fn given(&self, parameter: &str) -> String {
        self.parameters.get(parameter).map(as_text).unwrap_or_default()
    }

    /// How many fresh identifiers were given out by now.
    pub(super) fn given_out(&self) -> u64 {
        self.ids.count()
    }

    /// Whether the parameters have these values.
    pub(super) fn holds(&self, when: &When) -> bool {
        when.iter().all(|(parameter, wanted)| self.given(parameter) == *wanted)
    }

    fn find(&mut self, name: &str) -> Option<Value> {
        self.kept(name).or_else(|| self.count(name)).or_else(|| self.fact(name).map(Value::String))
    }

    fn kept(&self, name: &str) -> Option<Value> {
        [&*self.properties, &self.parameters, &*self.before, &self.needed].into_iter().find_map(|members| look_up(members, name))
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

    fn fact(&mut self, name: &str) -> Option<String> {
        let Act { station, caller, facts, .. } = self.act;
        Some(match name {
            "region" => station.region.clone(),
            "account" => caller.account.clone(),
            "user" => caller.name.clone(),
            "action" => facts.action.clone(),
            "version" => facts.version.clone(),
            "service" => station.provider.service.clone(),
            "request-id" => facts.request_id.clone(),
            "now" => facts.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "now-millis" => facts.now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "uuid" => self.ids.uuid(),
            "hex32" => self.ids.hex32(),
            "digits" => self.ids.digits(),
            _ => return None,
        })
    }
}

/// The member of this name, or of the object before the dot the member after it.
fn look_up(members: &Map<String, Value>, name: &str) -> Option<Value> {
    let inside = || name.split_once('.').and_then(|(object, member)| members.get(object)?.get(member));
    members.get(name).or_else(inside).cloned()
}

fn same(value: &Value, kept: &toml::Value) -> bool {
    serde_json::to_value(kept).is_ok_and(|kept| kept == *value)
}

/// Keeps what stands after the first of a sign, if it is there.
fn cut(value: Value, after: Option<&str>) -> Value {
    let tail = after.and_then(|sign| value.as_str()?.split_once(sign)).map(|(_, tail)| Value::from(tail));
    tail.unwrap_or(value)
}

/// Puts other texts in the place of some.
pub(super) fn swap(value: Value, swaps: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::from(swaps.iter().fold(text, |text, (from, to)| text.replace(from, to))),
        other => other,
    }
}

/// The parameters that are set, as JSON.
fn parameters(form: &Form) -> Map<String, Value> {
    let set = form.operation.parameters.iter().zip(&form.values);
    set.filter_map(|(parameter, value)| Some((parameter.name.clone(), json(value, parameter)?))).collect()
}

fn json(value: &Typed, parameter: &Parameter) -> Option<Value> {
    match value {
        Typed::Unset => None,
        Typed::Text(text) => Some(of_kind(Value::from(text.as_str()), parameter.kind)),
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
        kind => of_kind(Value::from(text), kind),
    }
}

/// A value as an integer or a text, where that is its kind.
pub(super) fn of_kind(value: Value, kind: Type) -> Value {
    match (kind, &value) {
        (Type::Integer, Value::String(text)) => text.parse::<i64>().map_or(value, Value::from),
        (Type::String, Value::Number(_) | Value::Bool(_)) => Value::from(as_text(&value)),
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
    fn names_reach_into_objects() {
        let Value::Object(members) = json!({"Filter": {"Name": "a"}, "Other.Name": 1}) else { panic!() };
        assert_eq!(look_up(&members, "Filter.Name"), Some(json!("a")));
        assert_eq!(look_up(&members, "Other.Name"), Some(json!(1)));
        assert_eq!(look_up(&members, "Filter.Id"), None);
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
