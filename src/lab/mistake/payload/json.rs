//! The same JSON as other writers write it.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::super::choice::{missing, permuted, without};
use super::Push;
use crate::lab::encoding::doubled;
use crate::lab::fault;

/// The maximum length of a body that is serialised again: no request of these APIs comes near it.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The maximum length of a body that is serialised in every way; of longer ones only the usual layouts are tried, for all of them would be
/// gigabytes to write and to hash.
const MAX_FULL_SEARCH_BYTES: usize = 128 << 10;

/// The maximum length of a body whose members are left out, reordered or wrapped, and whose escapes are undone first.
pub(in crate::lab::mistake) const MAX_EDITED_BYTES: usize = 16 << 10;

/// The layouts that a writer may use.
const LAYOUTS: [(&str, Layout); 5] = [
    ("compact", Layout::Compact),
    ("with a space after each comma and colon", Layout::Spaced),
    ("indented by two", Layout::Indented("  ")),
    ("indented by four", Layout::Indented("    ")),
    ("indented by tabs", Layout::Indented("\t")),
];

/// An escape that a writer applies to finished JSON.
type Escape = fn(String) -> String;

/// The escapes that a writer may use without need.
const ESCAPES: [(&str, Escape); 8] = [
    ("", |text| text),
    (", with \\u escapes for what is not ASCII", ascii),
    (", with \\U escapes in capitals for what is not ASCII", |text| ascii_with(text, capital)),
    (", with \\/ for each slash", |text| text.replace('/', "\\/")),
    (", with \\/ for each slash and \\u escapes for what is not ASCII", |text| ascii(text).replace('/', "\\/")),
    (", with \\u escapes for < > &", |text| text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")),
    (", with \\u escapes for < > & = '", html),
    (", with \\u escapes for < > & + ' and what is not ASCII, in capitals", |text| ascii_with(strict(&text), capital)),
];

/// The maximum number of members of which every order is tried.
const MAX_PERMUTED_MEMBERS: usize = 5;

/// A change to a value, with its description.
type Change = (&'static str, fn(&Value) -> Value);

/// The orders of an object's members.
const SORTED: [Change; 3] = [("", Value::clone), (", members sorted", sorted), (", members backwards", backwards)];

/// The changes to values: numbers as texts, texts as numbers, whole numbers with a fraction.
const VALUES: [Change; 3] = [
    ("numbers and booleans as texts", textual),
    ("texts as the numbers and booleans they look like", literal),
    ("whole numbers with .0", fractional),
];

#[derive(Clone, Copy)]
enum Layout {
    Compact,
    Spaced,
    Indented(&'static str),
}

/// Returns whether the words are those of a plain layout, with its members in their order or sorted, and with no escapes but the usual one.
pub(super) fn is_plain(how: &str) -> bool {
    let Some(rest) = how.strip_prefix(DETAIL_PREFIX) else { return false };
    let layout = LAYOUTS.iter().find_map(|(layout, _)| rest.strip_prefix(layout));
    layout.is_some_and(|rest| {
        let rest = rest.strip_prefix(SORTED[1].0).unwrap_or(rest);
        let rest = rest.strip_prefix(ESCAPES[1].0).unwrap_or(rest);
        ["", LINE_FEED, CR_LF].contains(&rest)
    })
}

/// The beginning of the sentence.
const DETAIL_PREFIX: &str = "the JSON was signed ";
const LINE_FEED: &str = ", with a line feed at its end";
const CR_LF: &str = ", with CR LF";

/// Adds every way to write the body's JSON again, and the JSON with a member less.
pub(super) fn variants(sent: &[u8], push: Push<'_>) {
    if sent.len() > MAX_BODY_BYTES {
        return;
    }
    let Ok(value) = serde_json::from_slice::<Value>(sent) else { return };
    layouts(sent.len(), &value, push);
    if sent.len() > MAX_EDITED_BYTES {
        return;
    }
    for (how, change) in VALUES {
        both(&format!("the JSON was signed with {how}"), &change(&value), push);
    }
    orders(&value, push);
    wrapped(&value, push);
    push(
        &fault::PAYLOAD_JSON,
        "the JSON was signed as a JSON text of itself",
        Value::from(written(&value, Layout::Compact)).to_string().into_bytes(),
    );
    if let Value::String(inner) = &value {
        push(&fault::PAYLOAD_JSON, "the JSON was signed before it was made a JSON text", inner.clone().into_bytes());
    }
    let other = doubled(written(&value, Layout::Spaced).as_bytes());
    push(&fault::PAYLOAD_CHARSET, "the body's UTF-8 was taken for Latin-1", other);
    fewer(&value, push);
}

/// Adds every layout, with every order where the body is not large.
fn layouts(size: usize, value: &Value, push: Push<'_>) {
    let orders = if size > MAX_FULL_SEARCH_BYTES { &SORTED[..1] } else { &SORTED };
    for (order, change) in orders {
        let value = change(value);
        for (layout, how) in LAYOUTS {
            for (escapes, escape) in ESCAPES {
                let text = escape(written(&value, how));
                indexed(&format!("{DETAIL_PREFIX}{layout}{order}{escapes}"), how, text, push);
            }
        }
    }
}

/// Adds the text, and one that is indented also with the line ends that it may have.
fn indexed(how: &str, layout: Layout, text: String, push: Push<'_>) {
    if matches!(layout, Layout::Indented(_)) {
        push(&fault::PAYLOAD_JSON, &format!("{how}{LINE_FEED}"), format!("{text}\n").into_bytes());
        push(&fault::PAYLOAD_JSON, &format!("{how}{CR_LF}"), text.replace('\n', "\r\n").into_bytes());
    }
    push(&fault::PAYLOAD_JSON, how, text.into_bytes());
}

/// Adds the object without some of its members, and without those that are null or empty.
fn fewer(value: &Value, push: Push<'_>) {
    let Some(members) = value.as_object() else { return };
    let all: Vec<(String, Value)> = members.iter().map(|(name, member)| (name.clone(), member.clone())).collect();
    for places in missing(all.len()) {
        let names: Vec<&str> = places.iter().map(|at| all[*at].0.as_str()).collect();
        let how = format!("the JSON was signed without its member{} {}", if names.len() == 1 { "" } else { "s" }, names.join(", "));
        both(&how, &Value::Object(without(&all, &places).into_iter().collect()), push);
    }
    let mut set = members.clone();
    set.retain(|_, member| !member.is_null());
    both("the JSON was signed without the members that are null", &set.clone().into(), push);
    set.retain(|_, member| member.as_str() != Some(""));
    both("the JSON was signed without the members that are null or empty", &set.clone().into(), push);
    set.retain(|_, member| member.as_array().is_none_or(|items| !items.is_empty()));
    both("the JSON was signed without the members that hold nothing", &set.into(), push);
}

/// Adds every order of the members, where they are a few.
fn orders(value: &Value, push: Push<'_>) {
    let Some(members) = value.as_object().filter(|members| (2..=MAX_PERMUTED_MEMBERS).contains(&members.len())) else { return };
    let mut rest: Vec<(String, Value)> = members.iter().map(|(name, member)| (name.clone(), member.clone())).collect();
    permuted(&mut rest, 0, &mut |order| {
        let object = Value::Object(order.iter().cloned().collect());
        both("the JSON was signed with its members in another order", &object, push);
    });
}

/// Adds what a gateway put around it, or took off: a list of one, an object with one member.
fn wrapped(value: &Value, push: Push<'_>) {
    let inside = match value {
        Value::Array(items) if items.len() == 1 => items.first(),
        Value::Object(members) if members.len() == 1 => members.values().next().filter(|member| !member.is_string()),
        _ => None,
    };
    let mut push_as = |how: &str, value: &Value| {
        for layout in [Layout::Compact, Layout::Spaced] {
            let text = written(value, layout);
            push(&fault::PAYLOAD_WRAPPED, how, ascii(text.clone()).into_bytes());
            push(&fault::PAYLOAD_WRAPPED, how, text.into_bytes());
        }
    };
    if let Some(inside) = inside {
        push_as("what was signed is sent within a list or an object", inside);
    }
    push_as("what is sent was signed within a list", &Value::from(vec![value.clone()]));
    for name in ["data", "body", "params", "request"] {
        push_as(&format!("what is sent was signed as the member {name} of an object"), &serde_json::json!({ name: value }));
    }
}

fn both(how: &str, value: &Value, push: Push<'_>) {
    for layout in [Layout::Compact, Layout::Spaced] {
        let text = written(value, layout);
        push(&fault::PAYLOAD_JSON, how, ascii(text.clone()).into_bytes());
        push(&fault::PAYLOAD_JSON, how, text.into_bytes());
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.iter().map(|(name, member)| (name.clone(), sorted(member))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

fn backwards(value: &Value) -> Value {
    let Some(members) = value.as_object() else { return value.clone() };
    Value::Object(members.iter().rev().map(|(name, member)| (name.clone(), member.clone())).collect())
}

/// Returns each value that is neither a list nor an object, changed.
fn leaves(value: &Value, change: &dyn Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| leaves(item, change)).collect(),
        Value::Object(members) => Value::Object(members.iter().map(|(name, member)| (name.clone(), leaves(member, change))).collect()),
        leaf => change(leaf),
    }
}

fn textual(value: &Value) -> Value {
    leaves(value, &|leaf| if leaf.is_number() || leaf.is_boolean() { Value::from(leaf.to_string()) } else { leaf.clone() })
}

fn literal(value: &Value) -> Value {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok().filter(|value| value.is_number() || value.is_boolean());
    leaves(value, &|leaf| leaf.as_str().and_then(read).unwrap_or_else(|| leaf.clone()))
}

fn fractional(value: &Value) -> Value {
    let whole = |leaf: &Value| leaf.is_number().then(|| leaf.to_string()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    leaves(value, &|leaf| whole(leaf).and_then(|text| serde_json::from_str(&format!("{text}.0")).ok()).unwrap_or_else(|| leaf.clone()))
}

/// Writes the text as Gson writes it.
fn html(text: String) -> String {
    ["<", ">", "&", "=", "'"].iter().fold(text, |text, sign| text.replace(sign, &format!("\\u{:04x}", sign.as_bytes()[0])))
}

/// Writes the text as .NET writes it, but for what is not ASCII.
fn strict(text: &str) -> String {
    ["<", ">", "&", "+", "'"]
        .iter()
        .fold(text.replace("\\\"", "\\u0022"), |text, sign| text.replace(sign, &format!("\\u{:04X}", sign.as_bytes()[0])))
}

fn written(value: &Value, layout: Layout) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = match layout {
        Layout::Compact => value.serialize(&mut Serializer::new(&mut out)),
        Layout::Spaced => value.serialize(&mut Serializer::with_formatter(&mut out, SpacedFormatter)),
        Layout::Indented(by) => value.serialize(&mut Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(by.as_bytes()))),
    };
    String::from_utf8(out).unwrap_or_default()
}

/// Returns JSON of which all that is not ASCII is escaped. Such characters stand in texts only.
fn ascii(text: String) -> String {
    ascii_with(text, |unit| format!("\\u{unit:04x}"))
}

fn capital(unit: u16) -> String {
    format!("\\u{unit:04X}")
}

fn ascii_with(text: String, escape: fn(u16) -> String) -> String {
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| escape(*unit)));
        }
    }
    out
}

/// Python's habit: `, ` and `: `.
struct SpacedFormatter;

impl Formatter for SpacedFormatter {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_others_do() {
        let mut seen = Vec::new();
        variants("{\"b\":\"é/<\",\"a\":[1,{\"d\":2,\"c\":null}]}".as_bytes(), &mut |_, _, bytes| {
            seen.push(String::from_utf8(bytes).unwrap());
        });
        for text in [
            "{\"b\": \"é/<\", \"a\": [1, {\"d\": 2, \"c\": null}]}",
            "{\"a\":[1,{\"c\":null,\"d\":2}],\"b\":\"\\u00e9/<\"}",
            "{\"b\":\"é\\/<\",\"a\":[1,{\"d\":2,\"c\":null}]}",
            "{\"b\":\"é/\\u003c\",\"a\":[1,{\"d\":2,\"c\":null}]}",
            "{\"b\":\"é/<\"}",
        ] {
            assert!(seen.iter().any(|one| one == text), "{text}");
        }
    }

    #[test]
    fn has_no_variants_of_invalid_json() {
        variants(b"{", &mut |_, how, _| panic!("{how}"));
        variants(b"", &mut |_, how, _| panic!("{how}"));
    }
}
