//! The values of the names in templates: properties, parameters, facts of the request, fresh identifiers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::OperationContext;
use super::properties::{Properties, StoredValue};
use crate::auth::DateFormat;
use crate::catalog::template::Template;
use crate::catalog::{DerivedProperty, JsonRef, Name, Parameter, ParameterCondition, Placeholder, RequestVariable, Type};
use crate::emulator::request_context::RequestContext;
use crate::form::Value as Typed;

/// The values of the names in one request's templates.
pub(crate) struct TemplateVariables<'a> {
    context: &'a OperationContext<'a>,
    /// The properties of the resource that is made or answered with.
    pub properties: Arc<Properties>,
    /// Of a resource that is being changed, the properties as they were.
    pub before: Option<Arc<Properties>>,
    /// The resources that must be there for the operation, each with its kind.
    pub needed: Vec<(String, Arc<Properties>)>,
    /// The counts of a listing.
    pub counted: Option<ListCounts>,
}

/// A listing in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListCounts {
    /// The number of elements on all pages.
    pub total: usize,
    /// The page, counted from 1.
    pub page: usize,
    /// The most that a page holds.
    pub size: usize,
}

impl<'a> TemplateVariables<'a> {
    pub(crate) fn new(context: &'a OperationContext<'a>) -> Self {
        Self { context, properties: Arc::default(), before: None, needed: Vec::new(), counted: None }
    }

    /// Derives properties, in order; a later one may use an earlier one.
    pub(crate) fn derive(&mut self, rules: &[DerivedProperty]) {
        let mut properties = Properties::with_capacity(rules.len());
        for rule in rules {
            if let Some(held) = self.derived(rule, &properties) {
                properties.set(rule.name, held);
            }
        }
        self.properties = Arc::new(properties);
    }

    fn derived(&self, rule: &DerivedProperty, properties: &Properties) -> Option<StoredValue> {
        let value = self.first_for(&rule.first, properties).map(|value| replace_text(cut(value, rule.after.as_deref()), &rule.swap));
        let keeps = rule.keeps.as_ref().filter(|stored| self.previous_value(rule.name).is_some_and(|was| was == **stored));
        keeps.map(JsonRef::from).or(value).map(StoredValue::from)
    }

    /// Returns the value of the first template in which everything is known. An empty text counts only when there is nothing else.
    pub(crate) fn first<'v>(&'v self, templates: &'v [Template]) -> Option<JsonRef<'v>> {
        self.first_for(templates, &self.properties)
    }

    fn first_for<'v>(&'v self, templates: &'v [Template], properties: &'v Properties) -> Option<JsonRef<'v>> {
        let mut empty = None;
        for value in templates.iter().filter_map(|template| self.value(template, properties)) {
            if value.text() != Some("") {
                return Some(value);
            }
            empty = Some(value);
        }
        empty
    }

    /// Returns the value of a template about a resource with these properties.
    pub(crate) fn value<'v>(&'v self, template: &'v Template, properties: &'v Properties) -> Option<JsonRef<'v>> {
        template.evaluate(&mut |placeholder| self.find(placeholder, properties))
    }

    /// Returns the value of a parameter as a text; empty when it is not given.
    pub(crate) fn given(&self, parameter: &str) -> Cow<'_, str> {
        self.parameter(parameter).map(JsonRef::into_text).unwrap_or_default()
    }

    /// Returns whether the parameters have these values.
    pub(crate) fn holds(&self, when: &ParameterCondition) -> bool {
        when.iter().all(|(parameter, wanted)| self.given(parameter) == *wanted)
    }

    fn find<'v>(&'v self, placeholder: &Placeholder, properties: &'v Properties) -> Option<JsonRef<'v>> {
        let known = self.named_value(placeholder.name(), properties).or_else(|| self.nested_value(placeholder, properties));
        known.or_else(|| self.request_value(placeholder.request_variable()?))
    }

    /// Returns the value of a property before the change.
    fn previous_value(&self, name: Name) -> Option<JsonRef<'_>> {
        self.before.as_ref()?.of(name)
    }

    /// Returns the value of a property, a parameter, or a property before the change.
    fn named_value<'v>(&'v self, name: Name, properties: &'v Properties) -> Option<JsonRef<'v>> {
        properties.of(name).or_else(|| self.parameter(&name)).or_else(|| self.previous_value(name))
    }

    /// Returns the value behind a dot: a property of a resource that is needed, a member of an object.
    fn nested_value<'v>(&'v self, placeholder: &Placeholder, properties: &'v Properties) -> Option<JsonRef<'v>> {
        let (whole, part) = placeholder.parts()?;
        if let Some((_, needed)) = self.needed.iter().find(|(kind, _)| **kind == *whole) {
            return needed.get(part);
        }
        match self.named_value(whole, properties)? {
            JsonRef::There(object) => object.get(part).map(JsonRef::from),
            JsonRef::Made(mut object) => object.get_mut(part).map(Value::take).map(JsonRef::from),
            JsonRef::Text(_) | JsonRef::Flag(_) => None,
        }
    }

    fn parameter(&self, name: &str) -> Option<JsonRef<'_>> {
        let form = self.context.form;
        let at = form.operation.position(name)?;
        given(form.values.get(at)?, &form.operation.parameters[at])
    }

    fn request_value(&self, fact: RequestVariable) -> Option<JsonRef<'_>> {
        let OperationContext { caller, request, .. } = self.context;
        let RequestContext { provider_context, ids, .. } = request;
        Some(match fact {
            RequestVariable::Region => JsonRef::from(&*provider_context.region),
            RequestVariable::Account => JsonRef::from(caller.account.as_str()),
            RequestVariable::User => JsonRef::from(&*caller.name),
            RequestVariable::Action => JsonRef::from(&*request.action),
            RequestVariable::Version => JsonRef::from(&*request.version),
            RequestVariable::Service => JsonRef::from(&*provider_context.provider.service),
            RequestVariable::RequestId => JsonRef::from(&*request.request_id),
            RequestVariable::Now => JsonRef::from(DateFormat::Extended.write(request.now)),
            RequestVariable::NowMillis => JsonRef::from(DateFormat::write_millis(request.now)),
            RequestVariable::Uuid => JsonRef::from(ids.uuid()),
            RequestVariable::Hex32 => JsonRef::from(ids.hex32()),
            RequestVariable::Digits => JsonRef::from(ids.digits()),
            RequestVariable::Total => JsonRef::from(Value::from(self.counted?.total)),
            RequestVariable::Page => JsonRef::from(Value::from(self.counted?.page)),
            RequestVariable::PageSize => JsonRef::from(Value::from(self.counted?.size)),
        })
    }
}

/// Keeps what stands after the first of a sign, if it is there.
fn cut<'v>(value: JsonRef<'v>, after: Option<&str>) -> JsonRef<'v> {
    let start = after.and_then(|sign| Some(value.text()?.find(sign)? + sign.len()));
    match (value, start) {
        (JsonRef::Text(Cow::Borrowed(text)), Some(start)) => JsonRef::from(&text[start..]),
        (JsonRef::Text(Cow::Owned(text)), Some(start)) => JsonRef::from(text[start..].to_owned()),
        (value, _) => value,
    }
}

/// Puts other texts in the place of some.
pub(crate) fn replace_text<'v>(value: JsonRef<'v>, swaps: &BTreeMap<String, String>) -> JsonRef<'v> {
    match value {
        JsonRef::Text(text) if !swaps.is_empty() => {
            JsonRef::from(swaps.iter().fold(text.into_owned(), |text, (from, to)| text.replace(from, to)))
        }
        other => other,
    }
}

/// Returns the value of a parameter, if it is set.
fn given<'v>(value: &'v Typed, parameter: &Parameter) -> Option<JsonRef<'v>> {
    match value {
        Typed::Unset => None,
        Typed::Text(text) => Some(of_kind(JsonRef::from(text.as_str()), parameter.kind)),
        Typed::Flag(flag) => Some(JsonRef::Flag(*flag)),
        Typed::List(texts) => Some(JsonRef::from(Value::from(texts.clone()))),
        Typed::Rows(objects) if parameter.kind == Type::Object => objects.first().map(|row| JsonRef::from(object(row, parameter))),
        Typed::Rows(objects) => Some(JsonRef::from(objects.iter().map(|row| object(row, parameter)).collect::<Value>())),
        Typed::Json(text) => serde_json::from_str::<Value>(text).ok().map(JsonRef::from),
    }
}

fn object(row: &[(String, String)], parameter: &Parameter) -> Value {
    row.iter().map(|(name, text)| (name.clone(), member(parameter, name, text))).collect::<Map<_, _>>().into()
}

/// Returns a member's value. The text of one that is a list or an object is JSON.
fn member(parameter: &Parameter, name: &str, text: &str) -> Value {
    let kind = parameter.members.iter().find(|member| member.name == name).map_or(Type::String, |member| member.kind);
    match kind {
        Type::List | Type::Object | Type::Boolean => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        kind => of_kind(JsonRef::from(text), kind).into_value(),
    }
}

/// Returns a value as an integer or a text, where that is its kind.
pub(crate) fn of_kind(value: JsonRef<'_>, kind: Type) -> JsonRef<'_> {
    match (kind, &value) {
        (Type::Integer, JsonRef::Text(text)) => text.parse::<i64>().map_or(value, |number| JsonRef::from(Value::from(number))),
        (Type::String, JsonRef::Flag(_)) => JsonRef::Text(value.into_text()),
        (Type::String, _) if value.value().is_some_and(Value::is_number) => JsonRef::Text(value.into_text()),
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
            assert!(cut(JsonRef::from(&whole), Some(":")) == part);
            assert!(cut(JsonRef::from(whole), Some(":")) == part);
        }
    }

    #[test]
    fn typed_values_become_json() {
        let value = |of: &Typed, as_of: &Parameter| given(of, as_of).map(JsonRef::into_value);
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
