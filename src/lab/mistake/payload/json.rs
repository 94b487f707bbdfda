//! The same JSON as other writers write it.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::Push;
use crate::lab::encoding::doubled;
use crate::lab::fault;

/// Larger bodies are not written anew: no request of these APIs comes near it.
const LIMIT: usize = 1 << 20;

/// How a writer lays values out.
const LAYOUTS: [(&str, Layout); 4] = [
    ("compact", Layout::Compact),
    ("with a space after each comma and colon", Layout::Spaced),
    ("indented by two", Layout::Indented("  ")),
    ("indented by four", Layout::Indented("    ")),
];

/// What a writer does to the text of finished JSON.
type Escape = fn(String) -> String;

/// How a writer escapes what it need not.
const ESCAPES: [(&str, Escape); 4] = [
    ("", |text| text),
    (", with \\u escapes for what is not ASCII", ascii),
    (", with \\/ for each slash", |text| text.replace('/', "\\/")),
    (", with \\u escapes for < > &", |text| text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")),
];

#[derive(Clone, Copy)]
enum Layout {
    Compact,
    Spaced,
    Indented(&'static str),
}

/// Every way to write the body's JSON anew, and the JSON with a member less.
pub(super) fn variants(sent: &[u8], push: Push<'_>) {
    if sent.len() > LIMIT {
        return;
    }
    let Ok(value) = serde_json::from_slice::<Value>(sent) else { return };
    let sorted = sorted(&value);
    for (order, value) in [("", &value), (", members sorted", &sorted)] {
        for (layout, how) in LAYOUTS {
            for (escapes, escape) in ESCAPES {
                let text = escape(written(value, how));
                push(&fault::PAYLOAD_JSON, &format!("the JSON was signed {layout}{order}{escapes}"), text.into_bytes());
            }
        }
    }
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

/// The object without each of its members, and without those that are null or empty.
fn fewer(value: &Value, push: Push<'_>) {
    let Some(members) = value.as_object() else { return };
    for name in members.keys().take(64) {
        let mut fewer = members.clone();
        fewer.shift_remove(name);
        both(&format!("the JSON was signed without its member {name}"), &fewer.into(), push);
    }
    let mut set = members.clone();
    set.retain(|_, member| !member.is_null());
    both("the JSON was signed without the members that are null", &set.clone().into(), push);
    set.retain(|_, member| member.as_str() != Some(""));
    both("the JSON was signed without the members that are null or empty", &set.into(), push);
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

fn written(value: &Value, layout: Layout) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = match layout {
        Layout::Compact => value.serialize(&mut Serializer::new(&mut out)),
        Layout::Spaced => value.serialize(&mut Serializer::with_formatter(&mut out, Spaced)),
        Layout::Indented(by) => value.serialize(&mut Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(by.as_bytes()))),
    };
    String::from_utf8(out).unwrap_or_default()
}

/// JSON of which all that is not ASCII is escaped. Such characters stand in texts only.
fn ascii(text: String) -> String {
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// Python's habit: `, ` and `: `.
struct Spaced;

impl Formatter for Spaced {
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
    fn what_is_no_json_has_no_variants() {
        variants(b"{", &mut |_, how, _| panic!("{how}"));
        variants(b"", &mut |_, how, _| panic!("{how}"));
    }
}
