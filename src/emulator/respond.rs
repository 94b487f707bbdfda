//! The answer to an operation that was carried out: its fields put where the catalog says.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::change::Properties;
use super::names::{Names, of_kind};
use super::perform::Act;
use crate::catalog::{Answer, AnswerFormat, Operation};
use crate::envelope::render_success;
use crate::wire::Response;

/// What stands in a path for each element of an array.
const EACH: &str = "[]";

/// Answers. `listed` are the resources of a listing; without one the properties in `names` are the resource.
pub(super) fn respond(act: &Act<'_>, names: &mut Names<'_>, listed: Option<Vec<Arc<Properties>>>) -> Response {
    let operation = &*act.form.operation;
    let status = operation.success.first().copied().unwrap_or(200);
    let format = operation.answer_format.unwrap_or(act.station.provider.answer_format);
    let data = (!operation.answers.is_empty()).then(|| body(operation, names, listed)).and_then(|body| data(format, body));
    render_success(format, status, data, &act.facts.for_envelope(act.station))
}

/// The body with every field that has a value.
fn body(operation: &Operation, names: &mut Names<'_>, listed: Option<Vec<Arc<Properties>>>) -> Value {
    let mut body = Value::Object(Map::new());
    let is_listing = listed.is_some();
    let (each, once): (Vec<&Answer>, Vec<&Answer>) = operation.answers.iter().partition(|field| is_listing && field.path.contains(EACH));
    for field in once {
        fill(&mut body, operation, field, names, 0);
    }
    for field in &each {
        make_array(&mut body, &field.path);
    }
    for (at, properties) in listed.into_iter().flatten().enumerate() {
        names.properties = properties;
        for field in &each {
            fill(&mut body, operation, field, names, at);
        }
    }
    body
}

fn fill(body: &mut Value, operation: &Operation, field: &Answer, names: &mut Names<'_>, at: usize) {
    if let Some(value) = field_value(operation, field, names) {
        put(body, &field.path, of_kind(value, field.kind), at);
    }
}

/// The value of a field; an operation that is not emulated answers with the examples.
fn field_value(operation: &Operation, field: &Answer, names: &mut Names<'_>) -> Option<Value> {
    let template = match &operation.emulate {
        Some(_) => field.value.as_ref().filter(|_| names.holds(&field.when)),
        None => field.value.as_ref().or(field.example.as_ref()),
    };
    names.value(template?)
}

/// The answer proper: what the format's wrapper goes around.
fn data(format: AnswerFormat, mut body: Value) -> Option<Value> {
    match wrapper(format) {
        Some(member) => body.get_mut(member).map(Value::take),
        None => Some(body),
    }
}

/// The member of the body that holds the answer proper.
fn wrapper(format: AnswerFormat) -> Option<&'static str> {
    match format {
        AnswerFormat::AlibabaService => Some("Data"),
        AnswerFormat::Volcengine => Some("Result"),
        AnswerFormat::AlibabaFlat | AnswerFormat::HuaweiSwr | AnswerFormat::OtcSwr => None,
    }
}

/// Makes the array of a path that has one: an empty listing has an empty array.
fn make_array(body: &mut Value, path: &str) {
    let Some((array, _)) = path.split_once(EACH) else { return };
    let mut place = body;
    for name in array.split('.') {
        place = member(place, name);
    }
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
}

/// Puts a value at a dotted path, making what is on the way. `at` counts the elements of the first array in it; of an
/// array within an element it is the first.
fn put(body: &mut Value, path: &str, value: Value, at: usize) {
    let mut place = body;
    let mut at = Some(at);
    for name in path.split('.') {
        let array = name.strip_suffix(EACH);
        place = member(place, array.unwrap_or(name));
        if array.is_some() {
            place = element(place, at.take().unwrap_or_default());
        }
    }
    *place = value;
}

/// The member of this name of what is an object, or becomes one.
fn member<'a>(place: &'a mut Value, name: &str) -> &'a mut Value {
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    &mut place[name]
}

/// The element at this place of what is an array, or becomes one.
fn element(place: &mut Value, at: usize) -> &mut Value {
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    if let Value::Array(elements) = place {
        elements.resize(elements.len().max(at + 1), Value::Null);
    }
    &mut place[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn puts_values_at_paths() {
        let mut body = json!({});
        put(&mut body, "Data.Name", json!("a"), 0);
        put(&mut body, "Data.Deep.Er", json!(1), 0);
        put(&mut body, "Top", json!(true), 0);
        assert_eq!(body, json!({"Data": {"Name": "a", "Deep": {"Er": 1}}, "Top": true}));
    }

    #[test]
    fn puts_values_into_elements() {
        let mut body = json!({});
        make_array(&mut body, "Data.List[].Name");
        assert_eq!(body, json!({"Data": {"List": []}}));
        put(&mut body, "Data.List[].Name", json!("a"), 0);
        put(&mut body, "Data.List[].Name", json!("b"), 1);
        put(&mut body, "Data.List[].Tags[].Key", json!("k"), 1);
        put(&mut body, "Names[]", json!("n"), 1);
        let list = json!([{"Name": "a"}, {"Name": "b", "Tags": [{"Key": "k"}]}]);
        assert_eq!(body, json!({"Data": {"List": list}, "Names": [null, "n"]}));
    }
}
