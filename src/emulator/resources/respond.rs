//! The answer to an operation that was carried out: its fields put where the catalog says.

use std::sync::Arc;

use super::context::OperationContext;
use super::properties::Properties;
use super::template_variables::{TemplateVariables, of_kind};
use crate::catalog::{Answer, JsonRef, Operation, ResponseFormat, ResponsePath};
use crate::envelope::{Tree, render_success};
use crate::wire::Response;

/// Answers. `listed` are the resources of a listing; without one the properties in `names` are the resource.
pub(crate) fn respond(context: &OperationContext<'_>, names: &TemplateVariables<'_>, listed: Option<&[Arc<Properties>]>) -> Response {
    let operation = &*context.form.operation;
    let status = operation.success.first().copied().unwrap_or(200);
    let format = operation.answer_format.unwrap_or(context.request.provider_context.provider.answer_format);
    let data = (!operation.answers.is_empty()).then(|| body(operation, names, listed)).and_then(|body| data(format, body));
    render_success(format, status, data, &context.request.for_envelope())
}

/// Returns the body with every field that has a value.
fn body<'v>(operation: &'v Operation, names: &'v TemplateVariables<'_>, listed: Option<&'v [Arc<Properties>]>) -> Tree<'v> {
    let mut body = Tree::object([]);
    let is_of_each = |field: &&Answer| listed.is_some() && field.path.to_array().is_some();
    for field in operation.answers.iter().filter(|field| !is_of_each(field)) {
        fill(&mut body, field, value(operation, field, names, &names.properties), 0);
    }
    let Some(listed) = listed else { return body };
    for field in operation.answers.iter().filter(is_of_each) {
        make_array(&mut body, &field.path);
        for (at, properties) in listed.iter().enumerate() {
            fill(&mut body, field, value(operation, field, names, properties), at);
        }
    }
    body
}

fn fill<'v>(body: &mut Tree<'v>, field: &'v Answer, value: Option<JsonRef<'v>>, at: usize) {
    if let Some(value) = value {
        put(body, &field.path, tree(of_kind(value, field.kind)), at);
    }
}

/// Returns the value of a field; an operation that is not emulated answers with the examples.
fn value<'v>(
    operation: &Operation,
    field: &'v Answer,
    names: &'v TemplateVariables<'_>,
    properties: &'v Properties,
) -> Option<JsonRef<'v>> {
    match (&field.value, &operation.emulate) {
        (Some(template), Some(_)) => names.holds(&field.when).then(|| names.value(template, properties))?,
        (Some(template), None) => names.value(template, properties),
        (None, Some(_)) => None,
        (None, None) => serde_json::to_value(field.example.as_ref()?).ok().map(JsonRef::from),
    }
}

/// Returns the answer proper: what the format's wrapper goes around.
fn data(format: ResponseFormat, body: Tree<'_>) -> Option<Tree<'_>> {
    match wrapper(format) {
        Some(member) => body.take(member),
        None => Some(body),
    }
}

/// Returns the member of the body that holds the answer proper.
fn wrapper(format: ResponseFormat) -> Option<&'static str> {
    match format {
        ResponseFormat::AlibabaService => Some("Data"),
        ResponseFormat::Volcengine => Some("Result"),
        ResponseFormat::AlibabaFlat | ResponseFormat::HuaweiSwr | ResponseFormat::OtcSwr => None,
    }
}

/// Makes the array of a path that has one: an empty listing has an empty array.
fn make_array<'v>(body: &mut Tree<'v>, path: &'v ResponsePath) {
    if let Some(steps) = path.to_array() {
        steps.iter().fold(body, |place, step| place.member(&step.name)).make_array();
    }
}

/// Puts a value at its path, making what is on the way. `at` counts the elements of the first array in it; of an
/// array within an element it is the first.
fn put<'v>(body: &mut Tree<'v>, path: &'v ResponsePath, value: Tree<'v>, at: usize) {
    let mut place = body;
    let mut at = Some(at);
    for step in path.steps() {
        place = place.member(&step.name);
        if step.each {
            place = place.element(at.take().unwrap_or_default());
        }
    }
    *place = value;
}

fn tree(value: JsonRef<'_>) -> Tree<'_> {
    match value {
        JsonRef::Text(text) => Tree::Text(text),
        JsonRef::Flag(flag) => Tree::Flag(flag),
        JsonRef::There(value) => Tree::Value(value),
        JsonRef::Made(value) => Tree::from(*value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn path(text: &str) -> ResponsePath {
        ResponsePath::from(text.to_owned())
    }

    fn written(body: &Tree<'_>) -> Value {
        serde_json::from_slice(&body.bytes()).unwrap()
    }

    #[test]
    fn puts_values_at_paths() {
        let mut body = Tree::object([]);
        let paths = ["Data.Name", "Data.Deep.Er", "Top"].map(path);
        put(&mut body, &paths[0], "a".into(), 0);
        put(&mut body, &paths[1], "1".into(), 0);
        put(&mut body, &paths[2], true.into(), 0);
        assert_eq!(written(&body), json!({"Data": {"Name": "a", "Deep": {"Er": "1"}}, "Top": true}));
    }

    #[test]
    fn puts_values_into_elements() {
        let mut body = Tree::object([]);
        let [names, keys, tops] = ["Data.List[].Name", "Data.List[].Tags[].Key", "Names[]"].map(path);
        make_array(&mut body, &names);
        assert_eq!(written(&body), json!({"Data": {"List": []}}));
        put(&mut body, &names, "a".into(), 0);
        put(&mut body, &names, "b".into(), 1);
        put(&mut body, &keys, "k".into(), 1);
        put(&mut body, &tops, "n".into(), 1);
        let list = json!([{"Name": "a"}, {"Name": "b", "Tags": [{"Key": "k"}]}]);
        assert_eq!(written(&body), json!({"Data": {"List": list}, "Names": [null, "n"]}));
    }
}
