//! The built-in operations: their examples pass, and their requests are what the vendors' pages show.

use std::sync::Arc;

use skydeck::catalog::{Catalog, Parameter, Provider, Severity};
use skydeck::form::{Assignment, Diagnostic, DiagnosticKind, Form, ValidationContext, Value, assign, validate};

use super::planned;

fn provider(id: &str) -> Arc<Provider> {
    Catalog::built_in().provider(id).unwrap().clone()
}

fn form(id: &str, arguments: &[&str]) -> Form {
    let assignments: Vec<_> = arguments.iter().map(|argument| Assignment::parse(argument).unwrap()).collect();
    let mut form = Form::new(provider(id).operations[0].clone());
    assign(&mut form, &assignments).unwrap();
    form
}

fn findings(id: &str, form: &Form) -> Vec<Diagnostic> {
    validate(form, ValidationContext { region: &provider(id).default_region })
}

/// The messages of a form, warnings with a `?` before them.
fn messages(id: &str, arguments: &[&str]) -> Vec<String> {
    let marked =
        |finding: Diagnostic| if finding.severity == Severity::Warning { format!("? {}", finding.message) } else { finding.message };
    findings(id, &form(id, arguments)).into_iter().map(marked).collect()
}

fn example(parameter: &Parameter) -> Option<Value> {
    let json = serde_json::to_string(parameter.example.as_ref()?).unwrap();
    Some(Value::Json(json))
}

#[test]
fn passes_every_example() {
    for provider in Catalog::built_in().providers() {
        for operation in &provider.operations {
            let mut form = Form::new(operation.clone());
            form.values = operation.parameters.iter().map(|parameter| example(parameter).unwrap_or_default()).collect();
            let found = findings(&provider.id, &form);
            assert!(
                found.iter().all(|finding| finding.kind == DiagnosticKind::Joint && finding.severity == Severity::Warning),
                "{found:#?}"
            );
        }
    }
}

#[test]
fn names_required_parameters_of_an_empty_form() {
    for provider in Catalog::built_in().providers() {
        let form = Form::new(provider.operations[0].clone());
        let missing: Vec<_> = findings(&provider.id, &form).into_iter().filter(|finding| finding.kind == DiagnosticKind::Missing).collect();
        let required = form.operation.parameters.iter().filter(|parameter| parameter.required);
        assert!(missing.iter().map(|finding| &finding.parameter).eq(required.map(|parameter| &parameter.name)));
    }
}

#[test]
fn sae_is_checked() {
    let id = |id: &str| messages("alibaba-sae", &["NamespaceName=orders", &format!("NameSpaceShortId={id}")]);
    assert_eq!(id("orders"), [""; 0]);
    assert_eq!(id("or_ders"), ["'_' at 3: only a-z and 0-9"]);
    assert_eq!(id("orders2orders2orders2"), ["21 characters: at most 20"]);
    let name = |length: usize| messages("alibaba-sae", &["NameSpaceShortId=orders", &format!("NamespaceName={}", "名".repeat(length))]);
    assert_eq!(name(63), [""; 0]);
    assert_eq!(name(64).len(), 1);
    assert!(name(64)[0].starts_with("? 64 characters: "), "{:?}", name(64));
    assert!(name(65).contains(&"65 characters: at most 64".to_owned()));
    let long = messages("alibaba-sae", &["NamespaceName=a", "NamespaceId=cn-beijing:orders"]);
    assert_eq!(long, ["? \"cn-beijing\" is not cn-hangzhou, the region of the call"]);
    let both = messages("alibaba-sae", &["NamespaceName=a", "NamespaceId=cn-hangzhou:orders", "NameSpaceShortId=orders"]);
    assert_eq!(both, ["? NamespaceId is set, so NameSpaceShortId is ignored"]);
}

#[test]
fn pai_is_checked() {
    let check = |arguments: &[&str]| messages("alibaba-pai", &[&["Description=d"], arguments].concat());
    assert_eq!(check(&["WorkspaceName=orders", "EnvTypes=prod", "EnvTypes=dev"]), [""; 0]);
    assert_eq!(check(&["WorkspaceName=or", "EnvTypes=prod"]), ["2 characters: at least 3"]);
    assert_eq!(check(&["WorkspaceName=orders", "EnvTypes=Prod"]), ["\"Prod\" is not one of the values: did you mean prod?"]);
    assert_eq!(check(&["WorkspaceName=orders", "EnvTypes=dev"]).len(), 1);
    assert_eq!(check(&["WorkspaceName=orders", "EnvTypes:=[]"]), ["required"]);
}

#[test]
fn swr_is_checked() {
    for id in ["huawei-swr", "otc-swr"] {
        let check = |name: &str| messages(id, &[&format!("namespace={name}")]);
        assert_eq!(check("a__b.c-d"), [""; 0]);
        assert_eq!(check("1ab"), ["'1' at 1: must start with a lower-case letter"]);
        assert!(check("ab._c")[0].starts_with("'_' at 4: "), "{:?}", check("ab._c"));
        assert!(check("ab___c")[0].starts_with("'_' at 5: "), "{:?}", check("ab___c"));
        assert!(
            check("ab--c").iter().all(|message| message.starts_with("? '-' at 4: ")) && check("ab--c").len() == 1,
            "{:?}",
            check("ab--c")
        );
    }
}

#[test]
fn tags_with_the_member_of_the_examples_are_refused() {
    let found = messages("volcengine-id", &["NamespaceName=a", "Tags:=[{\"Key\": \"env\", \"Values\": \"prod\"}]"]);
    assert_eq!(found, ["there is no member \"Values\": did you mean Value?"]);
}

#[test]
fn builds_the_vendors_requests() {
    let cases: [(&str, &[&str], &str, &str); 4] = [
        (
            "alibaba-sae",
            &["NamespaceName=orders eu", "NameSpaceShortId=orders", "EnableMicroRegistration=false"],
            "POST /pop/v1/paas/namespace?NamespaceName=orders%20eu&NameSpaceShortId=orders&EnableMicroRegistration=false",
            "",
        ),
        (
            "alibaba-pai",
            &["EnvTypes=dev", "EnvTypes=prod", "WorkspaceName=orders", "Description=描述"],
            "POST /api/v1/workspaces",
            "{\"WorkspaceName\":\"orders\",\"Description\":\"描述\",\"EnvTypes\":[\"dev\",\"prod\"]}",
        ),
        (
            "volcengine-id",
            &["NamespaceName=example", "Tags=Key=env,Value=prod"],
            "POST /?Action=CreateNamespace&Version=2025-10-30",
            "{\"NamespaceName\":\"example\",\"Tags\":[{\"Key\":\"env\",\"Value\":\"prod\"}]}",
        ),
        ("huawei-swr", &["namespace=group"], "POST /v2/manage/namespaces", "{\"namespace\":\"group\"}"),
    ];
    for (id, arguments, line, body) in cases {
        let request = planned(&provider(id), &form(id, arguments)).unwrap().request;
        assert_eq!(format!("{} {}", request.method, request.target), line);
        assert_eq!(request.body, body);
        assert_eq!(request.headers.get_str("content-length"), Some(body.len().to_string().as_str()));
        assert_eq!(request.headers.contains("content-type"), !body.is_empty());
    }
}
