//! Templates of the catalog: texts with `{names}` in them, and tables and lists of such.

use serde_json::{Map, Value};

/// Finds what a name stands for.
pub type Lookup<'a> = dyn FnMut(&str) -> Option<Value> + 'a;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Literal(&'a str),
    Name(&'a str),
}

/// The value of a template; `None` when a name in it stands for nothing. Members of a table that stand for nothing are left out.
pub fn evaluate(template: &toml::Value, lookup: &mut Lookup<'_>) -> Option<Value> {
    match template {
        toml::Value::String(text) => evaluate_text(text, lookup),
        toml::Value::Array(elements) => elements.iter().map(|element| evaluate(element, lookup)).collect::<Option<_>>().map(Value::Array),
        toml::Value::Table(members) => Some(Value::Object(evaluate_members(members, lookup))),
        other => serde_json::to_value(other).ok(),
    }
}

fn evaluate_members(members: &toml::Table, lookup: &mut Lookup<'_>) -> Map<String, Value> {
    members.iter().filter_map(|(name, member)| Some((name.clone(), evaluate(member, lookup)?))).collect()
}

fn evaluate_text(text: &str, lookup: &mut Lookup<'_>) -> Option<Value> {
    if let Some(("", name, "")) = next_name(text) {
        return lookup(name);
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Name(name) => out.push_str(&as_text(&lookup(name)?)),
        }
    }
    Some(Value::String(out))
}

/// A value inside a text: a string without its quotes, anything else as JSON.
pub fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The member at a dotted path: `Data.Namespaces`. An empty path is the value itself.
pub fn member<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    path.split('.').try_fold(value, |place, name| place.get(name))
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.push(Piece::Name(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// The first `{name}` with what stands before and after it. Braces around anything else are text.
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
        let table: toml::Table = format!("v = {template}").parse().unwrap();
        evaluate(&table["v"], &mut |name| match name {
            "Name" => Some(json!("orders")),
            "On" => Some(json!(true)),
            "region" => Some(json!("eu")),
            _ => None,
        })
    }

    #[test]
    fn one_name_alone_keeps_its_type() {
        assert_eq!(value("'{On}'"), Some(json!(true)));
        assert_eq!(value("'{region}:{Name} {On}'"), Some(json!("eu:orders true")));
    }

    #[test]
    fn an_unknown_name_makes_the_whole_unknown() {
        assert_eq!(value("'{region}:{Other}'"), None);
        assert_eq!(value("['{Name}', '{Other}']"), None);
        assert_eq!(value("{ a = '{Name}', b = '{Other}' }"), Some(json!({"a": "orders"})));
    }

    #[test]
    fn other_values_and_braces_stand_for_themselves() {
        assert_eq!(value("7"), Some(json!(7)));
        assert_eq!(value("''"), Some(json!("")));
        assert_eq!(value("'{ {} {{Name}} }'"), Some(json!("{ {} {orders} }")));
    }
}
