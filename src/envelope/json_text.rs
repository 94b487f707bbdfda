//! The data of an answer as text.

use bytes::Bytes;
use serde_json::Value;

/// A JSON value as compact text: a large answer is kept as its bytes, of which copies are cheap, not as a tree of fifty thousand nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(Bytes);

impl JsonText {
    /// Returns the text.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Parses the value.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.0).unwrap_or_default()
    }

    /// Returns the text with a line for each member.
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(&self.value()).unwrap_or_default()
    }
}

impl From<Value> for JsonText {
    fn from(value: Value) -> Self {
        Self(serde_json::to_vec(&value).unwrap_or_default().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn copies_share_the_text() {
        let data = JsonText::from(json!({"b": [1.50, "é"], "a": null}));
        assert_eq!(&data.bytes()[..], r#"{"b":[1.5,"é"],"a":null}"#.as_bytes());
        assert_eq!(data.clone().bytes().as_ptr(), data.bytes().as_ptr());
        assert_eq!(JsonText::from(data.value()), data);
    }
}
