//! JSON that is about to be written: members in their order, names and texts borrowed from where they stand.
//!
//! An answer is put together for every request and looked into by nobody: a map with hashed names would be built in vain.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A piece of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// Any value that is there already.
    Value(Cow<'a, Value>),
    /// Members in their order.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
    /// Elements.
    Array(Vec<Tree<'a>>),
}

impl<'a> Tree<'a> {
    /// Nothing yet: JSON's `null`.
    pub const NULL: Self = Self::Value(Cow::Owned(Value::Null));

    /// An object of these members.
    pub fn object(members: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, member)| (Cow::Borrowed(name), member)).collect())
    }

    /// The member of this name of what is an object, or becomes one.
    pub fn member(&mut self, name: &'a str) -> &mut Self {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::with_capacity(8));
        }
        let Self::Object(members) = self else { return self };
        let at = members.iter().position(|(own, _)| own == name).unwrap_or(members.len());
        if at == members.len() {
            members.push((Cow::Borrowed(name), Self::NULL));
        }
        &mut members[at].1
    }

    /// The element at this place of what is an array, or becomes one.
    pub fn element(&mut self, at: usize) -> &mut Self {
        self.make_array();
        let Self::Array(elements) = self else { return self };
        if elements.len() <= at {
            elements.resize(at + 1, Self::NULL);
        }
        &mut elements[at]
    }

    /// Makes it an array, unless it is one.
    pub fn make_array(&mut self) {
        if !matches!(self, Self::Array(_)) {
            *self = Self::Array(Vec::new());
        }
    }

    /// Its member of this name, taken out of it.
    pub fn take(self, name: &str) -> Option<Self> {
        let Self::Object(members) = self else { return None };
        members.into_iter().find(|(own, _)| own == name).map(|(_, member)| member)
    }
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
        Self::from(Value::from(flag))
    }
}

impl From<Value> for Tree<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => Self::Object(members.into_iter().map(|(name, member)| (name.into(), member.into())).collect()),
            other => Self::Value(Cow::Owned(other)),
        }
    }
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Value(value) => value.serialize(serializer),
            Self::Array(elements) => serializer.collect_seq(elements),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, member)| map.serialize_entry(name, member))?;
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(tree: &Tree<'_>) -> Value {
        serde_json::to_value(tree).unwrap()
    }

    #[test]
    fn what_is_on_the_way_is_made() {
        let mut tree = Tree::NULL;
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
        assert_eq!(serde_json::to_string(&tree).unwrap(), r#"{"b":"1","a":{}}"#);
    }
}
