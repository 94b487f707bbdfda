//! Templates of the catalog: texts with `{names}` in them, and tables and lists of such. They are taken apart once, when
//! the catalog is read.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{JsonRef, Placeholder};

/// A template, taken apart.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(from = "toml::Value")]
pub enum Template {
    /// A text without names.
    Fixed(Value),
    /// One name alone: the value keeps the type of what it stands for.
    Name(Placeholder),
    /// A text with names in it.
    Text(Vec<TemplatePart>),
    /// A list of templates.
    List(Vec<Template>),
    /// Members, each a template.
    Table(Vec<(String, Template)>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// It stands for itself.
    Literal(String),
    /// The value of this name.
    Name(Placeholder),
}

impl From<toml::Value> for Template {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::String(text) => Self::of_text(text),
            toml::Value::Array(elements) => Self::List(elements.into_iter().map(Self::from).collect()),
            toml::Value::Table(members) => Self::Table(members.into_iter().map(|(name, member)| (name, Self::from(member))).collect()),
            // A number, a truth value or a date is JSON without more ado.
            other => Self::Fixed(serde_json::to_value(other).unwrap_or_default()),
        }
    }
}

impl Template {
    fn of_text(text: String) -> Self {
        match pieces(&text).as_slice() {
            [TemplatePart::Name(placeholder)] => Self::Name(placeholder.clone()),
            pieces if pieces.iter().any(|piece| matches!(piece, TemplatePart::Name(_))) => Self::Text(pieces.to_vec()),
            _ => Self::Fixed(Value::String(text)),
        }
    }

    /// Returns the template's value, where `lookup` finds what a name stands for; `None` when a name in it stands for nothing.
    /// Members of a table that stand for nothing are left out.
    pub fn evaluate<'v>(&'v self, lookup: &mut impl FnMut(&Placeholder) -> Option<JsonRef<'v>>) -> Option<JsonRef<'v>> {
        match self {
            Self::Fixed(value) => Some(JsonRef::from(value)),
            Self::Name(placeholder) => lookup(placeholder),
            Self::Text(pieces) => joined(pieces, lookup).map(JsonRef::from),
            Self::List(elements) => {
                let values: Option<_> = elements.iter().map(|element| element.evaluate(lookup).map(JsonRef::into_value)).collect();
                values.map(|values| JsonRef::from(Value::Array(values)))
            }
            Self::Table(members) => {
                let known = members.iter().filter_map(|(name, member)| Some((name.clone(), member.evaluate(lookup)?.into_value())));
                Some(JsonRef::from(Value::Object(known.collect::<Map<_, _>>())))
            }
        }
    }

    /// Returns every name in it.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Name(placeholder) => vec![placeholder.name().as_str()],
            Self::Text(pieces) => pieces.iter().filter_map(TemplatePart::name).collect(),
            Self::List(elements) => elements.iter().flat_map(Self::names).collect(),
            Self::Table(members) => members.iter().flat_map(|(_, member)| member.names()).collect(),
        }
    }
}

impl TemplatePart {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Name(placeholder) => Some(placeholder.name().as_str()),
        }
    }
}

fn joined<'v>(pieces: &[TemplatePart], lookup: &mut impl FnMut(&Placeholder) -> Option<JsonRef<'v>>) -> Option<String> {
    let mut out = String::with_capacity(64);
    for piece in pieces {
        match piece {
            TemplatePart::Literal(literal) => out.push_str(literal),
            TemplatePart::Name(placeholder) => out.push_str(&lookup(placeholder)?.as_text()),
        }
    }
    Some(out)
}

/// Returns the member at a dotted path: `Data.Namespaces`. An empty path is the value itself.
pub fn member<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    path.split('.').try_fold(value, |place, name| place.get(name))
}

fn pieces(text: &str) -> Vec<TemplatePart> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        if !before.is_empty() {
            pieces.push(TemplatePart::Literal(before.to_owned()));
        }
        pieces.push(TemplatePart::Name(Placeholder::new(name)));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(TemplatePart::Literal(rest.to_owned()));
    }
    pieces
}

/// Returns the first `{name}` with what stands before and after it. Braces around anything else are text.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let inside = &text[open + 1..];
        let length = inside.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')).unwrap_or(inside.len());
        if length > 0 && inside[length..].starts_with('}') {
            return Some((&text[..open], &inside[..length], &inside[length + 1..]));
        }
        from = open + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(template: &str) -> Option<Value> {
        let mut table: toml::Table = format!("v = {template}").parse().unwrap();
        let template = Template::from(table.remove("v").unwrap());
        let known = json!({"Name": "orders", "On": true, "region": "eu"});
        template.evaluate(&mut |placeholder| known.get(&*placeholder.name()).map(JsonRef::from)).map(JsonRef::into_value)
    }

    #[test]
    fn keeps_the_type_of_a_lone_name() {
        assert_eq!(value("'{On}'"), Some(json!(true)));
        assert_eq!(value("'{region}:{Name} {On}'"), Some(json!("eu:orders true")));
    }

    #[test]
    fn rejects_a_template_with_an_unknown_name() {
        assert_eq!(value("'{region}:{Other}'"), None);
        assert_eq!(value("['{Name}', '{Other}']"), None);
        assert_eq!(value("{ a = '{Name}', b = '{Other}' }"), Some(json!({"a": "orders"})));
    }

    #[test]
    fn keeps_other_values_and_braces() {
        assert_eq!(value("7"), Some(json!(7)));
        assert_eq!(value("''"), Some(json!("")));
        assert_eq!(value("'{ {} {{Name}} }'"), Some(json!("{ {} {orders} }")));
    }
}
