//! Parameters that hold lists, in the forms that lists have: `Id=a&Id=b`, `Id.1=a&Id.2=b`, `Id[0]=a`, `Id[]=a`, `Id=a,b`, `Id=["a","b"]`.

use serde_json::Value;

use super::super::{Aspect, Mistake, MistakeContext, text};
use crate::lab::fault;
use crate::lab::material::{Pair, parameters};

/// A notation of a list: its name, and the parameters.
type ListNotation = (&'static str, fn(&str, &[String]) -> Vec<(String, String)>);

const FORMS: [ListNotation; 10] = [
    ("the name once for each item", |name, items| each(items, |_| name.to_owned())),
    ("with .1 after the name", |name, items| each(items, |at| format!("{name}.{}", at + 1))),
    ("with .0 after the name", |name, items| each(items, |at| format!("{name}.{at}"))),
    ("with .member.1 after the name", |name, items| each(items, |at| format!("{name}.member.{}", at + 1))),
    ("with [] after the name", |name, items| each(items, |_| format!("{name}[]"))),
    ("with [0] after the name", |name, items| each(items, |at| format!("{name}[{at}]"))),
    ("with [1] after the name", |name, items| each(items, |at| format!("{name}[{}]", at + 1))),
    ("with commas between the items", |name, items| vec![(name.to_owned(), items.join(","))]),
    ("as JSON", |name, items| vec![(name.to_owned(), Value::from(items.to_vec()).to_string())]),
    ("as JSON with a space after each comma", |name, items| {
        let items: Vec<String> = items.iter().map(|item| Value::from(item.as_str()).to_string()).collect();
        vec![(name.to_owned(), format!("[{}]", items.join(", ")))]
    }),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let sent = parameters(context.request.query());
    let mut names: Vec<String> = sent.iter().map(|(name, _)| base(&text(name)).to_owned()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let own = |pair: &&Pair| base(&text(&pair.0)) == name;
        let items: Vec<String> = sent.iter().filter(own).flat_map(|(_, value)| items(&text(value))).collect();
        let others: Vec<Pair> = sent.iter().filter(|pair| !own(pair)).cloned().collect();
        for (how, write) in FORMS {
            let written = write(&name, &items).into_iter().map(|(name, value)| (name.into_bytes(), value.into_bytes()));
            let pairs: Vec<Pair> = others.iter().cloned().chain(written).collect();
            let detail = format!("the list {name} was signed {how}");
            all.push(Mistake::new(&fault::QUERY_LIST, Aspect::QueryPairs, detail, move |m| pairs.clone_into(&mut m.pairs)).never_paired());
        }
    }
}

fn each(items: &[String], name: impl Fn(usize) -> String) -> Vec<(String, String)> {
    items.iter().enumerate().map(|(at, item)| (name(at), item.clone())).collect()
}

/// Returns the name without what counts the items.
fn base(name: &str) -> &str {
    let counted = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((base, rest)) = name.strip_suffix(']').and_then(|name| name.rsplit_once('['))
        && (rest.is_empty() || counted(rest))
    {
        return base;
    }
    match name.rsplit_once('.') {
        Some((base, rest)) if counted(rest) => base.strip_suffix(".member").unwrap_or(base),
        _ => name,
    }
}

/// Returns the items of a value: of JSON, of a text with commas, or itself.
fn items(value: &str) -> Vec<String> {
    let plain = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    match serde_json::from_str::<Value>(value) {
        Ok(Value::Array(items)) => items.iter().map(plain).collect(),
        _ => value.split(',').map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_items_are_found() {
        for (name, found) in
            [("Id.1", "Id"), ("Id.member.2", "Id"), ("Id[]", "Id"), ("Id[0]", "Id"), ("a.b", "a.b"), ("Id", "Id"), ("", "")]
        {
            assert_eq!(base(name), found);
        }
        assert_eq!(items("[\"a\", 1]"), ["a", "1"]);
        assert_eq!(items("a,b"), ["a", "b"]);
    }
}
