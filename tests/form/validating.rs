//! Every mistake gives its own finding, and only that.

use proptest::prelude::*;
use skydeck::catalog::Severity;
use skydeck::form::{DiagnosticKind, Value};

use super::{empty, findings, form, json, list, rows, text};

/// The only finding of a form with this value.
fn only(name: &str, value: &Value) -> skydeck::form::Diagnostic {
    let found = findings(&form(&[(name, value.clone())]));
    assert_eq!(found.len(), 1, "{name} = {value:?}: {found:#?}");
    assert_eq!(found[0].parameter, name);
    found.into_iter().next().unwrap()
}

#[test]
fn finds_nothing_in_a_correct_form() {
    let all = [
        ("Label", text("abc")),
        ("Label", text("")),
        ("Label", json("\"abc\"")),
        ("Force", Value::Flag(false)),
        ("Force", json(" true ")),
        ("Force", json("null")),
        ("Only", list(&[])),
        ("Only", json("[\"a\"]")),
        ("x-trace", text("a b")),
        ("Size", text("100")),
        ("Size", json("1")),
        ("Mode", text("Fast")),
        ("Zones", list(&["zone-b", "zone-a"])),
        ("Zones", json("[\"zone-a\"]")),
        ("Owners", list(&["ann", ""])),
        ("Tags", rows(&[&[("Key", "a"), ("Value", ""), ("Weight", "9"), ("Hidden", "true"), ("Kinds", "[\"x\"]")], &[("Key", "b")]])),
        ("Tags", json("[{\"Key\": \"a\", \"Weight\": 3, \"Hidden\": false, \"Value\": null, \"Kinds\": []}]")),
        ("Filter", rows(&[&[("Id", "1")]])),
        ("Filter", json("{\"Id\": \"1\", \"Name\": null}")),
    ];
    for (name, value) in all {
        assert_eq!(findings(&form(&[(name, value)])), [], "{name}");
    }
}

#[test]
fn reports_each_broken_rule_alone() {
    let cases = [
        ("Label", text("orders_eu1"), "'_' at 7: only a-z and 0-9"),
        ("Size", text("0"), "0: at least 1"),
        ("Size", json("101"), "101: at most 100"),
        ("Zones", list(&["zone-a", "zone-b", "zone-c"]), "3 elements: at most 2"),
        ("Zones", list(&["zone-a", "zone-a"]), "\"zone-a\" occurs twice"),
        (
            "Zones",
            json("[\"zone-b\"]"),
            "[zone-b]: must be [zone-a], [zone-a, zone-b], [zone-a, zone-a] or [zone-a, zone-b, zone-c], in any order",
        ),
        ("Tags", rows(&[&[("Key", "a")], &[("Key", "b")], &[("Key", "c")]]), "3 elements: at most 2"),
    ];
    for (name, value, message) in cases {
        // The label is also longer than it should be, which its own test is about.
        let found = findings(&form(&[(name, value)]));
        assert_eq!((found[0].message.as_str(), found[0].kind, found[0].severity), (message, DiagnosticKind::Rule, Severity::Error));
        assert!(name == "Label" || found.len() == 1, "{found:#?}");
    }
}

#[test]
fn reports_the_sentence_of_the_rule() {
    let found = only("Label", &text("a_b"));
    assert_eq!((found.at, found.code.as_deref(), found.source.as_deref()), (Some(1), Some("BadLabel"), Some("the labels' page")));
    let found = only("Label", &text("abcdefghi"));
    assert_eq!((found.severity, found.at, found.message.as_str()), (Severity::Warning, None, "9 characters: at most 8"));
}

#[test]
fn names_the_type_of_a_wrong_value() {
    let cases = [
        ("Force", text("maybe"), "\"maybe\", not true or false"),
        ("Force", json("\"true\""), "the text \"true\", not true or false"),
        ("Size", text("many"), "\"many\", not a whole number"),
        ("Size", text("+5"), "\"+5\", not a whole number"),
        ("Size", json("1.5"), "a number, not a whole number"),
        ("Label", Value::Flag(true), "a boolean, not a string"),
        ("Label", json("[1"), "not JSON at 2: EOF while parsing a list"),
        ("Label", json(""), "not JSON: nothing is there"),
        ("Label", json("[\"名\",\n oops]"), "not JSON at 8: expected value"),
        ("Mode", text("fast"), "\"fast\" is not one of the values: did you mean Fast?"),
        ("Mode", json("\"Quick\""), "\"Quick\" is not one of the values: expected Fast or Thorough"),
        ("Zones", text("zone-a"), "a string, not a list of strings"),
        ("Zones", rows(&[]), "objects, not a list of strings"),
        ("Tags", list(&["a"]), "a list of strings, not a list of objects"),
        ("Tags", json("{}"), "an object, not a list of objects"),
        ("Filter", json("[]"), "a list, not an object"),
        ("Filter", rows(&[&[("Id", "1")], &[("Id", "2")]]), "several objects, not an object"),
    ];
    for (name, value, message) in cases {
        let found = only(name, &value);
        assert_eq!((found.message.as_str(), found.kind, found.element), (message, DiagnosticKind::Type, None), "{name}");
    }
}

#[test]
fn elements_and_members_are_named() {
    let cases = [
        ("Zones", list(&["zone-a", "zone_b"]), (1, None), "\"zone_b\" is not one of the values: did you mean zone-b, zone-a or zone-c?"),
        ("Zones", json("[\"zone-a\", 5]"), (1, None), "a number, not a string"),
        ("Owners", list(&["ann", "1ob"]), (1, None), "must start with a lower-case letter, not '1'"),
        ("Owners", json("[\"ann\", \"Bob\"]"), (1, None), "must start with a lower-case letter, not 'B'"),
        ("Tags", json("[{\"Key\": \"a\"}, []]"), (1, None), "a list, not an object"),
        ("Tags", rows(&[&[("Key", "a"), ("Valeu", "x")]]), (0, None), "there is no member \"Valeu\": did you mean Value?"),
        ("Tags", json("[{\"Key\": \"a\", \"Values\": [\"x\"]}]"), (0, None), "there is no member \"Values\": did you mean Value?"),
        ("Tags", rows(&[&[("Key", "a")], &[("Key", "abcde")]]), (1, Some("Key")), "5 characters: at most 4"),
        ("Tags", rows(&[&[("Value", "x")]]), (0, Some("Key")), "required"),
        ("Tags", rows(&[&[("Key", ""), ("Value", "x")]]), (0, Some("Key")), "required"),
        ("Tags", rows(&[&[("Key", "a"), ("Weight", "ten")]]), (0, Some("Weight")), "the text \"ten\", not a whole number"),
        ("Tags", json("[{\"Key\": 5}]"), (0, Some("Key")), "a number, not a string"),
        ("Tags", json("[{\"Key\": \"a\", \"Kinds\": [\"ok\", \"N\"]}]"), (0, Some("Kinds")), "'N' at 1: only a-z"),
        ("Filter", json("{\"Name\": \"x\"}"), (0, Some("Id")), "required"),
    ];
    for (name, value, (element, member), message) in cases {
        let found = only(name, &value);
        assert_eq!(found.message, message);
        assert_eq!(found.element, Some((element, member.map(str::to_owned))), "{message}");
    }
}

#[test]
fn reports_missing_required_parameters() {
    let found = findings(&empty());
    let missing: Vec<_> = found.iter().filter(|finding| finding.kind == DiagnosticKind::Missing).collect();
    assert_eq!(missing.iter().map(|finding| finding.parameter.as_str()).collect::<Vec<_>>(), ["ThingId", "PartId"]);
    assert!(missing.iter().all(|finding| finding.message == "required" && finding.severity == Severity::Error));
    for nothing in [text(""), json("null"), json("\"\"")] {
        let found = only("ThingId", &nothing);
        assert_eq!((found.kind, found.message.as_str()), (DiagnosticKind::Missing, "required"));
    }
}

#[test]
fn values_that_do_not_go_together() {
    let found = findings(&form(&[("Size", text("5")), ("Mode", text("Fast"))]));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].parameter.as_str(), found[0].kind, found[0].code.as_deref()), ("Size", DiagnosticKind::Joint, Some("Both")));
    assert_eq!(found[0].message, "set at most one of Size and Mode");

    let found = only("Enabled", &Value::Unset);
    assert_eq!((found.severity, found.message.as_str()), (Severity::Warning, "set at least one of Enabled and Owners"));
    assert_eq!(findings(&form(&[("Enabled", Value::Unset), ("Owners", list(&["ann"]))])), []);

    let found = findings(&form(&[("Filter", rows(&[&[("Id", "1")]])), ("Tags", rows(&[&[("Key", "a")]]))]));
    assert_eq!(
        (found[0].message.as_str(), found[0].source.as_deref()),
        ("Tags has no effect when Filter is set", Some("the filters' page"))
    );
}

#[test]
fn findings_stand_in_the_order_of_the_form() {
    let wrong = [("Filter", json("1")), ("Size", text("0")), ("Label", text("_")), ("ThingId", Value::Unset), ("Mode", text("x"))];
    let order: Vec<String> = findings(&form(&wrong)).into_iter().map(|finding| finding.parameter).collect();
    assert_eq!(order, ["ThingId", "Label", "Size", "Size", "Mode", "Filter"]);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_checked_without_panic(name in "ThingId|PartId|Label|Force|Only|Size|Mode|Zones|Owners|Tags|Filter", typed in ".*") {
        for value in [text(&typed), json(&typed), list(&[&typed, &typed]), rows(&[&[("Key", &typed), ("Kinds", &typed), (&typed, &typed)]])] {
            let form = form(&[(&name, value)]);
            for finding in findings(&form) {
                prop_assert!(form.operation.parameter(&finding.parameter).is_some());
                prop_assert!(finding.at.is_none_or(|at| at < typed.chars().count().max(1)), "{finding:?}");
                prop_assert!(!finding.message.contains(|c: char| c.is_control()), "{finding:?}");
            }
        }
    }

    #[test]
    fn points_at_the_named_character(value in "[a-z0-9]{0,6}[^a-z0-9][a-z0-9_é]{0,6}") {
        let found = findings(&form(&[("Label", text(&value))]));
        let at = found[0].at.unwrap();
        prop_assert_eq!(at, value.chars().position(|c| !matches!(c, 'a'..='z' | '0'..='9')).unwrap());
        let named = format!(" at {}: only a-z and 0-9", at + 1);
        prop_assert!(found[0].message.ends_with(&named));
    }
}
