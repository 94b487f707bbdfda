//! JSON that is about to be written: members in their order, names and texts borrowed from where they stand.
//!
//! An answer is put together for every request and looked into by nobody: a map with hashed names would be built in vain.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Number, Value};

/// The initial capacity of a body: most are shorter.
const INITIAL_CAPACITY_BYTES: usize = 512;

/// A piece of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<'a> {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Cow<'a, str>),
    /// Any value that is there already.
    Value(&'a Value),
    /// Members in their order.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
    /// Elements.
    Array(Vec<Tree<'a>>),
}

impl<'a> Tree<'a> {
    /// Returns an object of these members.
    pub fn object(members: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, member)| (Cow::Borrowed(name), member)).collect())
    }

    /// Returns the member of this name of what is an object, or becomes one.
    pub fn member(&mut self, name: &'a str) -> &mut Self {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::with_capacity(8));
        }
        let Self::Object(members) = self else { return self };
        let at = members.iter().position(|(own, _)| own == name).unwrap_or(members.len());
        if at == members.len() {
            members.push((Cow::Borrowed(name), Self::Null));
        }
        &mut members[at].1
    }

    /// Returns the element at this place of what is an array, or becomes one.
    pub fn element(&mut self, at: usize) -> &mut Self {
        self.make_array();
        let Self::Array(elements) = self else { return self };
        if elements.len() <= at {
            elements.resize(at + 1, Self::Null);
        }
        &mut elements[at]
    }

    /// Makes it an array, unless it is one.
    pub fn make_array(&mut self) {
        if !matches!(self, Self::Array(_)) {
            *self = Self::Array(Vec::new());
        }
    }

    /// Returns its member of this name, taken out of it.
    pub fn take(self, name: &str) -> Option<Self> {
        let Self::Object(members) = self else { return None };
        members.into_iter().find(|(own, _)| own == name).map(|(_, member)| member)
    }

    /// Returns it as it goes out.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(INITIAL_CAPACITY_BYTES);
        self.write(&mut bytes);
        bytes
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Flag(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Self::Number(number) => write_json(number, out),
            Self::Text(text) => write_text(text, out),
            Self::Value(value) => write_json(value, out),
            Self::Object(members) => write_all(members, *b"{}", out, |(name, member), out| {
                write_text(name, out);
                out.push(b':');
                member.write(out);
            }),
            Self::Array(elements) => write_all(elements, *b"[]", out, Self::write),
        }
    }
}

/// Writes what stands between two brackets, with commas.
fn write_all<T>(all: &[T], [open, close]: [u8; 2], out: &mut Vec<u8>, write: impl Fn(&T, &mut Vec<u8>)) {
    out.push(open);
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(one, out);
    }
    out.push(close);
}

/// Writes a text. Hardly any has something to escape.
fn write_text(text: &str, out: &mut Vec<u8>) {
    if !is_plain(text) {
        return write_json(text, out);
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Returns whether JSON has the text as it is. All of it is looked at, which takes several bytes at a time.
fn is_plain(text: &str) -> bool {
    let special = |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    text.bytes().fold(0, |any, byte| any | special(byte)) == 0
}

/// Writes what is not that simple. What goes to memory and has only texts as names cannot fail.
fn write_json(value: &(impl Serialize + ?Sized), out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}

impl<'a> From<&'a str> for Tree<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Tree<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Tree<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Value> for Tree<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::from(text),
            Value::Array(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(members.into_iter().map(|(name, member)| (name.into(), member.into())).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(tree: &Tree<'_>) -> Value {
        serde_json::from_slice(&tree.bytes()).unwrap()
    }

    #[test]
    fn creates_missing_parents() {
        let mut tree = Tree::Null;
        *tree.member("Data").member("Name") = "a".into();
        *tree.member("Data").member("Deep").member("Er") = Value::from(1).into();
        *tree.member("List").element(1).member("Key") = String::from("k").into();
        *tree.member("On") = true.into();
        tree.member("Empty").make_array();
        let whole = json!({"Data": {"Name": "a", "Deep": {"Er": 1}}, "List": [null, {"Key": "k"}], "On": true, "Empty": []});
        assert_eq!(written(&tree), whole);
        assert_eq!(tree.clone().take("On"), Some(true.into()));
        assert_eq!(tree.take("Off"), None);
    }

    #[test]
    fn members_stay_in_order() {
        let tree = Tree::object([("b", "1".into()), ("a", Tree::object([]))]);
        assert_eq!(tree.bytes(), br#"{"b":"1","a":{}}"#);
    }

    #[test]
    fn everything_is_written_as_json_writes_it() {
        let every: String = (0..=0x2fff).filter_map(char::from_u32).collect();
        let value = json!({ "\"": every, "\\\n": "\u{7f}é", "l": [1, -2.5, null, true, {}, [], "a\"b"], "u": u64::MAX });
        let text = value.to_string();
        assert_eq!(Tree::Value(&value).bytes(), text.as_bytes());
        assert_eq!(Tree::from(value).bytes(), text.as_bytes());
    }
}
