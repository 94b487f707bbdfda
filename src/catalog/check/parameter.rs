//! Checks of parameters: that what is said fits the type, and that examples pass their own rules.

use super::{ProblemCollector, is_token};
use crate::catalog::identifier::is_parameter_name;
use crate::catalog::{Check, Items, Parameter, ParameterLocation, Rule, Type};
use crate::text::quoted;

impl ProblemCollector<'_> {
    /// Checks a parameter or a member; `path` names it in messages.
    pub(super) fn parameter(&mut self, parameter: &Parameter, path: &str) {
        self.require(is_parameter_name(&parameter.name), || {
            format!("the name {} has more than letters, digits, '.', '_', '-', '[', ']', ':', '$' and '@'", quoted(&parameter.name))
        });
        self.shape(parameter, path);
        self.rules(parameter, path);
        self.values(parameter, path);
        self.distinct("member", parameter.members.iter().map(|member| format!("{path}.{}", member.name)));
        for member in &parameter.members {
            self.parameter(member, &format!("{path}.{}", member.name));
        }
    }

    /// Checks that a parameter of the operation can travel where it stands.
    pub(super) fn placed(&mut self, parameter: &Parameter) {
        let name = &parameter.name;
        let fits = match parameter.kind {
            Type::Object => parameter.place == ParameterLocation::Body,
            Type::List if parameter.items == Items::Object => parameter.place == ParameterLocation::Body,
            Type::List => matches!(parameter.place, ParameterLocation::Body | ParameterLocation::Query),
            _ => true,
        };
        self.require(fits, || format!("{name}: a value of this type cannot stand in the {}", parameter.place.name()));
        let named = parameter.place != ParameterLocation::Header || is_token(name);
        self.require(named, || format!("{} cannot be the name of a header", quoted(name)));
    }

    fn shape(&mut self, parameter: &Parameter, path: &str) {
        let objects = has_objects(parameter);
        self.require(objects || parameter.members.is_empty(), || format!("{path} has members and is not an object"));
        let list = parameter.kind == Type::List;
        let choices = parameter.kind == Type::Enum || (list && !objects);
        self.require(choices || parameter.values.is_empty(), || format!("{path} has values and is neither an enum nor a list of strings"));
        self.require(parameter.kind != Type::Enum || !parameter.values.is_empty(), || format!("{path} is an enum without values"));
        self.require(list || parameter.items == Items::String, || format!("{path} has items and is not a list"));
        self.require((list && !objects) || parameter.item_rules.is_empty(), || {
            format!("{path} has item-rules and is not a list of strings")
        });
        self.distinct("value", parameter.values.iter().map(|choice| format!("{path} {}", choice.value)));
    }

    fn rules(&mut self, parameter: &Parameter, path: &str) {
        for rule in &parameter.rules {
            let fits = match (parameter.kind, &rule.check) {
                (Type::List, check) => check.is_of_lists(),
                (Type::Integer, check) => matches!(check, Check::Range(..)),
                (Type::String | Type::Enum, check) => !check.is_of_lists(),
                (Type::Boolean | Type::Object, _) => false,
            };
            self.rule(rule, fits, path);
        }
        for rule in &parameter.item_rules {
            self.rule(rule, !rule.check.is_of_lists(), path);
        }
    }

    fn rule(&mut self, rule: &Rule, fits: bool, path: &str) {
        self.require(fits, || format!("{path} has a rule for values of another type: {:?}", rule.check));
        self.code(&format!("a rule of {path}"), rule.code.as_ref());
    }

    fn values(&mut self, parameter: &Parameter, path: &str) {
        if let Some(default) = &parameter.default {
            self.require(has_type(parameter, default), || format!("the default of {path} is not of its type"));
        }
        let Some(example) = &parameter.example else { return };
        for fault in example_problems(parameter, example, &self.provider.default_region) {
            self.add(format!("the example of {path}: {fault}"));
        }
    }
}

fn has_objects(parameter: &Parameter) -> bool {
    parameter.kind == Type::Object || (parameter.kind == Type::List && parameter.items == Items::Object)
}

fn has_type(parameter: &Parameter, value: &toml::Value) -> bool {
    match parameter.kind {
        Type::String => value.is_str(),
        Type::Enum => value.as_str().is_some_and(|text| is_choice(parameter, text)),
        Type::Boolean => value.is_bool(),
        Type::Integer => value.is_integer(),
        Type::List => value.is_array(),
        Type::Object => value.is_table(),
    }
}

fn is_choice(parameter: &Parameter, text: &str) -> bool {
    parameter.values.is_empty() || parameter.values.iter().any(|choice| choice.value == text)
}

/// Returns the rules of its own parameter that an example breaks.
fn example_problems(parameter: &Parameter, example: &toml::Value, region: &str) -> Vec<String> {
    if !has_type(parameter, example) {
        return vec![format!("{} is not of its type, or not one of its values", quoted(&text(example)))];
    }
    match example {
        toml::Value::String(text) => broken(&parameter.rules, text, region).collect(),
        toml::Value::Integer(number) => broken(&parameter.rules, &number.to_string(), region).collect(),
        toml::Value::Array(elements) => list_faults(parameter, elements, region),
        toml::Value::Table(members) => member_faults(parameter, members, region),
        _ => Vec::new(),
    }
}

fn list_faults(parameter: &Parameter, elements: &[toml::Value], region: &str) -> Vec<String> {
    let texts: Vec<String> = elements.iter().map(text).collect();
    let whole = parameter.rules.iter().filter_map(|rule| rule.list(&texts)).map(|violation| violation.message);
    let each = elements.iter().zip(&texts).flat_map(|(element, text)| match element {
        toml::Value::Table(members) if has_objects(parameter) => member_faults(parameter, members, region),
        toml::Value::String(_) if has_objects(parameter) => vec![format!("{} is not an object", quoted(text))],
        toml::Value::String(_) if is_choice(parameter, text) => broken(&parameter.item_rules, text, region).collect(),
        _ => vec![format!("{} is not one of its values", quoted(text))],
    });
    whole.chain(each).collect()
}

fn member_faults(parameter: &Parameter, members: &toml::Table, region: &str) -> Vec<String> {
    let unknown = members.keys().filter(|name| !parameter.members.iter().any(|member| &member.name == *name));
    let unknown = unknown.filter(|_| !parameter.members.is_empty()).map(|name| format!("there is no member {name}"));
    let known = parameter.members.iter().flat_map(|member| match members.get(&member.name) {
        Some(value) => example_problems(member, value, region),
        None if member.required => vec![format!("the member {} is missing", member.name)],
        None => Vec::new(),
    });
    unknown.chain(known).collect()
}

fn broken<'a>(rules: &'a [Rule], text: &'a str, region: &'a str) -> impl Iterator<Item = String> + 'a {
    rules.iter().filter_map(move |rule| rule.text(text, region)).map(|violation| violation.message)
}

fn text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
