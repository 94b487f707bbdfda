//! JSON written as XML, as Alibaba Cloud's gateway answers who asks for it: members as elements, an array as its element repeated.

use serde_json::Value;

/// Writes a JSON body as XML under one element; `None` where it is no JSON object.
pub fn to_xml(body: &[u8], root: &str) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(body).ok().filter(Value::is_object)?;
    let mut out = "<?xml version='1.0' encoding='UTF-8'?>".to_owned();
    write(&mut out, root, &value);
    Some(out.into_bytes())
}

fn write(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(elements) => elements.iter().for_each(|element| write(out, name, element)),
        Value::Object(members) => {
            let mut inner = String::new();
            members.iter().for_each(|(name, member)| write(&mut inner, name, member));
            put(out, name, &inner);
        }
        Value::String(text) => put(out, name, &escaped(text)),
        Value::Bool(_) | Value::Number(_) => put(out, name, &value.to_string()),
    }
}

fn put(out: &mut String, name: &str, inner: &str) {
    out.extend(["<", name, ">", inner, "</", name, ">"]);
}

fn escaped(text: &str) -> String {
    const ENTITIES: [(&str, &str); 5] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&apos;")];
    ENTITIES.iter().fold(text.to_owned(), |text, (character, entity)| text.replace(character, entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_members_and_repeats_the_elements_of_an_array() {
        let body = br#"{"RequestId":"R","Data":{"Namespaces":[{"Name":"<a&b>"},{"Name":"c","No":null}],"Empty":[]},"Success":true,"N":1}"#;
        let xml = String::from_utf8(to_xml(body, "Answer").unwrap()).unwrap();
        let inner = "<RequestId>R</RequestId><Data><Namespaces><Name>&lt;a&amp;b&gt;</Name></Namespaces><Namespaces><Name>c</Name></Namespaces></Data>\
                     <Success>true</Success><N>1</N>";
        assert_eq!(xml, format!("<?xml version='1.0' encoding='UTF-8'?><Answer>{inner}</Answer>"));
        assert_eq!((to_xml(b"[]", "a"), to_xml(b"x", "a")), (None, None));
    }
}
