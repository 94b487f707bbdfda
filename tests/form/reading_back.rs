//! A request read as a server reads it, and that the form survives the way there and back.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use skydeck::catalog::{Catalog, Items, Operation, Parameter, ParameterLocation, Provider, Type};
use skydeck::form::{Form, Row, Value, decode};
use skydeck::wire::{Request, decode_path};

use super::{findings, form, json, list, planned, provider, rows, text};

/// The values of a path's parameters, as a route finds them.
fn route(operation: &Operation, request: &Request) -> Vec<(String, String)> {
    let pairs = operation.path.split('/').zip(request.path().split('/'));
    let named = pairs.filter_map(|(pattern, segment)| Some((pattern.strip_prefix('{')?.strip_suffix('}')?, segment)));
    named.map(|(name, segment)| (name.to_owned(), String::from_utf8(decode_path(segment)).unwrap())).collect()
}

fn there_and_back(provider: &Provider, form: &Form) -> Vec<Value> {
    let request = planned(provider, form).unwrap().request;
    decode(&form.operation, &request, &route(&form.operation, &request)).unwrap().values
}

fn received(query: &str, body: &str) -> Result<Form, String> {
    let request = Request { target: format!("/things/t-1/parts/7?{query}"), body: body.to_owned().into(), ..Request::default() };
    let operation = &provider().operations[0];
    decode(operation, &request, &route(operation, &request)).map_err(|error| error.to_string())
}

fn value(query: &str, body: &str, name: &str) -> Value {
    received(query, body).unwrap().value(name).unwrap().clone()
}

#[test]
fn reads_what_sdks_send() {
    assert_eq!(value("Label=a+b%2Ac", "", "Label"), text("a b*c"));
    assert_eq!(value("Force=True", "", "Force"), Value::Flag(true));
    assert_eq!(value("Force=FALSE", "", "Force"), Value::Flag(false));
    assert_eq!(value("label=a", "", "Label"), Value::Unset);
    assert_eq!(value("Label=", "", "Label"), text(""));
    assert_eq!(value("Label=a&Label=b", "", "Label"), text("a"));
    assert_eq!(value("", "{\"Mode\": \"\\u540d\", \"Other\": 1}", "Mode"), text("名"));
    assert_eq!(value("", "{\"Mode\": null}", "Mode"), Value::Unset);
    assert_eq!(value("", "{\"Mode\": \"a\", \"Other\": 1, \"Mode\": \"b\"}", "Mode"), text("b"));
    assert_eq!(value("", " \r\n", "Mode"), Value::Unset);
    assert_eq!(value("", "{\"Tags\": [{\"Key\": \"a\", \"Value\": null}]}", "Tags"), rows(&[&[("Key", "a")]]));
    assert_eq!(value("", "", "ThingId"), text("t-1"));
}

#[test]
fn reports_a_value_of_another_type() {
    let cases = [
        ("Force=yes", "", "Force", text("yes")),
        ("Only=a", "", "Only", text("a")),
        ("", "{\"Size\": \"5\"}", "Size", json("\"5\"")),
        ("", "{\"Mode\": 5}", "Mode", json("5")),
        ("", "{\"Zones\": [\"zone-a\", 1]}", "Zones", json("[\"zone-a\",1]")),
        ("", "{\"Tags\": [{\"Key\": 1}]}", "Tags", json("[{\"Key\":1}]")),
        ("", "{\"Tags\": [{\"Key\": \"a\", \"Values\": [\"x\"]}]}", "Tags", json("[{\"Key\":\"a\",\"Values\":[\"x\"]}]")),
        ("", "{\"Filter\": []}", "Filter", json("[]")),
    ];
    for (query, body, name, expected) in cases {
        let form = received(query, body).unwrap();
        assert_eq!(form.value(name), Some(&expected));
        assert!(findings(&form).iter().any(|finding| finding.parameter == name), "{name}: {expected:?}");
    }
}

#[test]
fn refuses_a_body_that_is_not_an_object() {
    for body in ["[]", "{", "1", "{} x", "\u{feff}{}", "{\"Other\": tru}"] {
        let error = received("", body).unwrap_err();
        assert!(error.starts_with("the body is not a JSON object: "), "{body}: {error}");
    }
}

#[test]
fn ignores_the_body_of_an_operation_without_one() {
    let catalog = Catalog::built_in();
    let operation = &catalog.provider("alibaba-sae").unwrap().operations[0];
    let request = Request { target: format!("{}?NamespaceName=a", operation.path), body: "not JSON".into(), ..Request::default() };
    assert_eq!(decode(operation, &request, &[]).unwrap().value("NamespaceName"), Some(&text("a")));
}

/// Values of a parameter's type, whether they keep its rules or not.
fn any_value(parameter: &Parameter) -> BoxedStrategy<Value> {
    let texts = any_text(parameter);
    match (parameter.kind, parameter.items) {
        (Type::String | Type::Enum, _) => texts.prop_map(Value::Text).boxed(),
        (Type::Integer, _) => any::<i64>().prop_map(|number| Value::Text(number.to_string())).boxed(),
        (Type::Boolean, _) => any::<bool>().prop_map(Value::Flag).boxed(),
        (Type::List, Items::String) => vec(texts, 0..4).prop_map(Value::List).boxed(),
        (Type::List, Items::Object) => vec(any_row(&parameter.members), 0..4).prop_map(Value::Rows).boxed(),
        (Type::Object, _) => any_row(&parameter.members).prop_map(|row| Value::Rows(vec![row])).boxed(),
    }
}

fn any_text(parameter: &Parameter) -> BoxedStrategy<String> {
    match parameter.place {
        ParameterLocation::Path => "[^.].{0,9}".boxed(),
        ParameterLocation::Header => "[!-~]([ -~]{0,9}[!-~])?".boxed(),
        ParameterLocation::Query | ParameterLocation::Body => any::<String>().boxed(),
    }
}

fn any_row(members: &[Parameter]) -> BoxedStrategy<Row> {
    let member = |member: &Parameter| {
        let name = member.name.clone();
        let text = match member.kind {
            Type::Integer => any::<i64>().prop_map(|number| number.to_string()).boxed(),
            Type::Boolean => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
            Type::List => vec(any::<String>(), 0..3).prop_map(|texts| serde_json::Value::from(texts).to_string()).boxed(),
            _ => any::<String>().boxed(),
        };
        option::of(text).prop_map(move |text| text.map(|text| (name.clone(), text)))
    };
    members.iter().map(member).collect::<Vec<_>>().prop_map(|row| row.into_iter().flatten().collect()).boxed()
}

fn any_form(provider: &Provider) -> BoxedStrategy<Form> {
    let operation = provider.operations[0].clone();
    let value = |parameter: &Parameter| match parameter.place {
        ParameterLocation::Path => any_value(parameter),
        _ => option::weighted(0.8, any_value(parameter)).prop_map(Option::unwrap_or_default).boxed(),
    };
    let values: Vec<_> = operation.parameters.iter().map(value).collect();
    values.prop_map(move |values| Form { operation: operation.clone(), values }).boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn round_trips_a_form(form in any_form(provider())) {
        prop_assert_eq!(there_and_back(provider(), &form), form.values);
    }

    #[test]
    fn so_does_every_built_in_form(forms in Catalog::built_in().providers().map(|provider| any_form(provider)).collect::<Vec<_>>()) {
        for (provider, form) in Catalog::built_in().providers().zip(forms) {
            prop_assert_eq!(&there_and_back(provider, &form), &form.values);
        }
    }

    #[test]
    fn judges_a_form_and_its_request_alike(form in any_form(provider())) {
        let values = there_and_back(provider(), &form);
        prop_assert_eq!(findings(&form), findings(&Form { values, ..form.clone() }));
    }

    #[test]
    fn judges_a_value_and_its_json_alike(form in any_form(provider())) {
        let sent: serde_json::Value = serde_json::from_slice(&planned(provider(), &form).unwrap().request.body).unwrap_or_default();
        let mut raw = form.clone();
        for parameter in &form.operation.parameters {
            if let Some(member) = sent.get(&parameter.name) {
                raw.set(&parameter.name, Value::Json(member.to_string()));
            }
        }
        let ignoring_joints = |form: &Form| findings(form).into_iter().filter(|finding| finding.kind != skydeck::form::DiagnosticKind::Joint).collect::<Vec<_>>();
        prop_assert_eq!(ignoring_joints(&form), ignoring_joints(&raw));
    }
}

#[test]
fn lists_and_rows_survive_even_when_they_are_empty() {
    let empty = form(&[("Zones", list(&[])), ("Tags", rows(&[])), ("Only", list(&[]))]);
    assert_eq!(there_and_back(provider(), &empty), empty.values);
}
