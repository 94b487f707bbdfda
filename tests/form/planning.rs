//! From a form to the bytes of a request.

use skydeck::form::{PlanError, Value};

use super::{form, json, list, planned, provider, rows, text};

fn request(values: &[(&str, Value)]) -> skydeck::wire::Request {
    planned(provider(), &form(values)).unwrap().request
}

fn body(values: &[(&str, Value)]) -> String {
    String::from_utf8(request(values).body.to_vec()).unwrap()
}

fn error(name: &str, value: Value) -> String {
    planned(provider(), &form(&[(name, value)])).unwrap_err().to_string()
}

#[test]
fn everything_stands_where_it_belongs_and_in_order() {
    let plan = planned(
        provider(),
        &form(&[
            ("ThingId", text("a/b c%名")),
            ("Label", text("x&y=1")),
            ("Force", Value::Flag(true)),
            ("Only", list(&["a", "b c"])),
            ("x-trace", text("t 1")),
            ("Mode", text("Fast")),
        ]),
    )
    .unwrap();
    assert_eq!((plan.provider.as_str(), plan.operation.as_str(), plan.changes), ("own-cloud", "UpdateThing", true));
    let expected = "PUT /things/a%2Fb%20c%25%E5%90%8D/parts/7?Action=UpdateThing&Deep=a%20b&Label=x%26y%3D1&Force=true&Only=%5B%22a%22%2C%22b%20c%22%5D HTTP/1.1\r\n\
        host: 127.0.0.1:8080\r\n\
        user-agent: skydeck/0.1.0\r\n\
        accept: application/json\r\n\
        x-version: 2026-01-01\r\n\
        x-trace: t 1\r\n\
        content-type: application/json\r\n\
        content-length: 30\r\n\r\n";
    assert_eq!(String::from_utf8(plan.request.head()).unwrap(), expected);
    assert_eq!(plan.request.body, "{\"Mode\":\"Fast\",\"Enabled\":true}");
}

#[test]
fn writes_a_compact_body_in_form_order() {
    let full = body(&[
        ("Filter", rows(&[&[("Name", "é\"\n\u{2028}"), ("Id", "1")]])),
        ("Tags", rows(&[&[("Key", "a"), ("Weight", "3"), ("Hidden", "true"), ("Kinds", "[ \"x\" ]")], &[]])),
        ("Owners", list(&["ann", ""])),
        ("Zones", list(&[])),
        ("Size", text("007")),
    ]);
    let expected = "{\"Size\":7,\"Enabled\":true,\"Zones\":[],\"Owners\":[\"ann\",\"\"],\
        \"Tags\":[{\"Key\":\"a\",\"Weight\":3,\"Hidden\":true,\"Kinds\":[\"x\"]},{}],\"Filter\":{\"Name\":\"é\\\"\\n\u{2028}\",\"Id\":\"1\"}}";
    assert_eq!(full, expected);
}

#[test]
fn plans_values_that_break_rules() {
    assert_eq!(body(&[("Size", text("many"))]), "{\"Size\":\"many\",\"Enabled\":true}");
    assert_eq!(body(&[("Enabled", text("maybe"))]), "{\"Enabled\":\"maybe\"}");
    assert_eq!(body(&[("Tags", text("none"))]), "{\"Enabled\":true,\"Tags\":\"none\"}");
    assert_eq!(
        body(&[("Tags", rows(&[&[("Weight", "ten"), ("Odd", "5")]]))]),
        "{\"Enabled\":true,\"Tags\":[{\"Weight\":\"ten\",\"Odd\":\"5\"}]}"
    );
}

#[test]
fn json_travels_as_it_was_written() {
    assert_eq!(body(&[("Size", json(" 1.50 "))]), "{\"Size\":1.50,\"Enabled\":true}");
    assert_eq!(
        body(&[("Tags", json("[{\"Key\": \"a\", \"Key\": \"b\"}]"))]),
        "{\"Enabled\":true,\"Tags\":[{\"Key\": \"a\", \"Key\": \"b\"}]}"
    );
    let query = |value| request(&[("Label", value)]).query().to_owned();
    assert_eq!(query(json("\"a b\"")), "Action=UpdateThing&Deep=a%20b&Label=a%20b");
    assert_eq!(query(json("1.50")), "Action=UpdateThing&Deep=a%20b&Label=1.50");
    assert_eq!(query(json("[1, 2]")), "Action=UpdateThing&Deep=a%20b&Label=%5B1%2C2%5D");
    assert_eq!(query(text("")), "Action=UpdateThing&Deep=a%20b&Label=");
}

#[test]
fn sends_length_zero_without_a_body() {
    let without = request(&[("Enabled", Value::Unset)]);
    assert_eq!(without.headers.get_str("content-length"), Some("0"));
    assert!(without.body.is_empty() && !without.headers.contains("content-type"));

    let mut operation = (*provider().operations[0]).clone();
    operation.method = "GET".into();
    let mut get = form(&[("Enabled", Value::Unset)]);
    get.operation = operation.clone().into();
    assert!(!planned(provider(), &get).unwrap().request.headers.contains("content-length"));

    operation.always_body = true;
    get.operation = operation.into();
    let always = planned(provider(), &get).unwrap().request;
    assert_eq!((&always.body[..], always.headers.get_str("content-length")), (&b"{}"[..], Some("2")));
}

#[test]
fn refuses_values_that_cannot_be_sent() {
    assert_eq!(error("ThingId", Value::Unset), "ThingId stands in the path and has no value");
    assert_eq!(error("ThingId", text("")), "ThingId stands in the path and has no value");
    assert_eq!(error("ThingId", text("..")), "ThingId: `..` as a path segment is a way up or nowhere, and would be taken out");
    assert_eq!(error("ThingId", json("[\"a\"]")), "ThingId: a list cannot stand in the path");
    assert_eq!(error("Label", json("{\"a\": 1}")), "Label: an object cannot stand in the query");
    assert_eq!(error("Label", json("null")), "Label: null cannot stand in the query");
    assert_eq!(error("Label", rows(&[])), "Label: an object cannot stand in the query");
    assert_eq!(error("x-trace", text("a\r\nx-evil: 1")), "x-trace: U+000D at 2: a header takes only printable ASCII characters");
    assert_eq!(error("x-trace", text("é")), "x-trace: 'é' at 1: a header takes only printable ASCII characters");
    assert_eq!(error("x-trace", text(" a")), "x-trace: a header loses the spaces at the ends of its value");
    let not_json = planned(provider(), &form(&[("Size", json("1 2"))])).unwrap_err();
    assert!(matches!(&not_json, PlanError::NotJson { name, .. } if name == "Size"), "{not_json}");
    assert!(error("Label", json("nope")).starts_with("Label: not JSON: "));
}
