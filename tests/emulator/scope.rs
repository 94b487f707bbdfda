//! Volcengine: what the scope of a signature names, and calls whose members are flat.

use serde_json::{Value, json};
use skydeck::auth::Scope;
use skydeck::emulator::Settings;
use skydeck::wire::{Request, Response, encode};

use crate::lab::{Lab, code, json, message};

const ID: &str = "volcengine-id";

fn send(lab: &Lab, request: Request, region: &str, service: &str) -> Response {
    let request = lab.signer(ID).try_sign_for(lab, ID, request, Scope { region, service }).unwrap();
    lab.send(ID, &request)
}

fn create(lab: &Lab, name: &str) -> Request {
    lab.plan(ID, &[&format!("NamespaceName={name}")])
}

/// A request with its members in the query.
fn get(action: &str, members: &[(&str, &str)]) -> Request {
    let members: Vec<_> = members.iter().map(|(name, text)| ["&", &encode(name), "=", &encode(text)].concat()).collect();
    let members = members.concat();
    Request { method: "GET".into(), target: format!("/?Action={action}&Version=2025-10-30{members}"), ..Request::default() }
}

fn with_host(lab: &Lab, mut request: Request) -> Request {
    request.headers.push("Host", lab.address(ID).to_string());
    request
}

#[test]
fn refuses_a_scope_of_another_service_or_of_no_region() {
    let lab = Lab::demo();
    for (region, service, wanted) in [
        ("cn-beijing", "nonsense", (404, "ServiceNotFound")),
        ("cn-beijing", "iam", (404, "ServiceNotFound")),
        ("cn-beijing", "ID", (404, "ServiceNotFound")),
        ("cn-nowhere", "id", (404, "ServiceNotFound")),
        ("CN-BEIJING", "id", (404, "ServiceNotFound")),
        ("", "id", (400, "InvalidAuthorization")),
        ("cn-beijing", "", (400, "InvalidAuthorization")),
        ("cn beijing", "id", (400, "InvalidAuthorization")),
        ("\u{534e}\u{5317}2", "id", (400, "InvalidAuthorization")),
    ] {
        let answer = send(&lab, create(&lab, "orders"), region, service);
        assert_eq!((answer.status, code(&answer).as_str()), wanted, "{region}/{service}: {answer:?}");
    }
    assert_eq!(message(&send(&lab, create(&lab, "orders"), "cn-beijing", "nonsense")), "This service[nonsense] not found.");
}

#[test]
fn answers_as_the_region_that_the_request_is_signed_for() {
    let lab = Lab::demo();
    let name_and_place = |answer: &Response| {
        let answer = json(answer);
        (answer["ResponseMetadata"]["Region"].clone(), answer["Result"]["Trn"].as_str().unwrap_or_default().to_owned())
    };
    let (region, trn) = name_and_place(&send(&lab, create(&lab, "orders"), "ap-southeast-2", "id"));
    assert_eq!(region, json!("ap-southeast-2"));
    assert!(trn.starts_with("trn:id:ap-southeast-2:"), "{trn}");
    // Each region has resources of its own.
    let (region, trn) = name_and_place(&send(&lab, create(&lab, "orders"), "cn-beijing", "id"));
    assert_eq!(region, json!("cn-beijing"));
    assert!(trn.starts_with("trn:id:cn-beijing:"), "{trn}");
    send(&lab, create(&lab, "more"), "cn-beijing", "id");
    let count = |region: &str| {
        let list = lab.plan_of(ID, "ListNamespaces", &[]);
        json(&send(&lab, list, region, "id"))["Result"]["TotalCount"].as_u64().unwrap()
    };
    assert_eq!((count("ap-southeast-2"), count("cn-beijing"), count("ap-southeast-3")), (1, 2, 0));
    let taken = send(&lab, create(&lab, "orders"), "ap-southeast-2", "id");
    assert_eq!((code(&taken).as_str(), &json(&taken)["ResponseMetadata"]["Region"]), ("Duplicated", &json!("ap-southeast-2")));
    // A refusal before the signature holds names the region that was meant, too.
    let forged = lab.signer(ID).with_secret("wrong");
    let request = forged.try_sign_for(&lab, ID, create(&lab, "a"), Scope { region: "ap-southeast-2", service: "id" }).unwrap();
    assert_eq!(json(&lab.send(ID, &request))["ResponseMetadata"]["Region"], json!("ap-southeast-2"));
}

#[test]
fn serves_the_region_that_an_option_names_and_the_listed_ones() {
    let regions = vec!["volcengine-id=cn-guilin-boe".parse().unwrap()];
    let lab = Lab::with(Settings { regions, ..Settings::default() });
    for region in ["cn-guilin-boe", "cn-beijing"] {
        let answer = send(&lab, create(&lab, "orders"), region, "id");
        assert_eq!((answer.status, &json(&answer)["ResponseMetadata"]["Region"]), (200, &json!(region)));
    }
}

#[test]
fn takes_get_with_members_in_the_query() {
    let lab = Lab::demo();
    let call = |action: &str, members: &[(&str, &str)]| send(&lab, with_host(&lab, get(action, members)), "cn-beijing", "id");
    let made = call(
        "CreateNamespace",
        &[
            ("NamespaceName", "orders"),
            ("Description", "a b*c+d"),
            ("Tags.1.Key", "env"),
            ("Tags.1.Value", "prod"),
            ("Tags.2.Key", "team"),
            ("Associates.1", "tom"),
            ("Associates.2", "jerry"),
        ],
    );
    assert_eq!(made.status, 200, "{made:?}");
    let shown = json(&call("GetNamespace", &[("NamespaceName", "orders")]));
    let tags = json!([{"Key": "env", "Value": "prod"}, {"Key": "team"}]);
    let of = |member: &str| shown["Result"][member].clone();
    assert_eq!((of("Description"), of("Associates")), (json!("a b*c+d"), json!(["tom", "jerry"])));
    assert_eq!(of("Tags"), tags);
    let listed = json(&call(
        "ListNamespaces",
        &[("PageSize", "1"), ("Filter.Name", "orders"), ("TagFilters.1.Key", "env"), ("TagFilters.1.Values.1", "prod")],
    ));
    assert_eq!((&listed["Result"]["TotalCount"], &listed["Result"]["PageSize"]), (&json!(1), &json!(1)), "{listed}");
    assert_eq!(code(&call("DeleteNamespace", &[])), "MissingParameter.NamespaceName");
    assert_eq!(json(&call("DeleteNamespace", &[("NamespaceName", "orders")]))["Result"]["Success"], Value::Bool(true));
}

#[test]
fn takes_post_with_members_in_the_query_and_no_body() {
    let lab = Lab::demo();
    let call = |action: &str, members: &[(&str, &str)]| {
        let request = Request { method: "POST".into(), ..with_host(&lab, get(action, members)) };
        send(&lab, request, "cn-beijing", "id")
    };
    let made = call("CreateNamespace", &[("NamespaceName", "orders"), ("Tags.1.Key", "env"), ("Tags.1.Value", "prod")]);
    assert_eq!(made.status, 200, "{made:?}");
    assert_eq!(json(&call("GetNamespace", &[("NamespaceName", "orders")]))["Result"]["Tags"], json!([{"Key": "env", "Value": "prod"}]));
    assert_eq!(code(&call("CreateNamespace", &[])), "MissingParameter.NamespaceName");
    // A body says all: what stands in the query beside it does not count.
    let mut request = lab.plan(ID, &[]);
    request.target.push_str("&NamespaceName=more");
    request.body = "{}".into();
    request.headers.set("content-length", "2");
    assert_eq!(code(&send(&lab, request, "cn-beijing", "id")), "MissingParameter.NamespaceName");
}

#[test]
fn takes_a_form_for_a_body() {
    let lab = Lab::demo();
    let mut request = lab.plan_of(ID, "CreateNamespace", &[]);
    request.body = "NamespaceName=orders&Tags.1.Key=env&Tags.1.Value=a+b%2A".into();
    request.headers.set("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    request.headers.set("content-length", request.body.len().to_string());
    let made = send(&lab, request, "cn-beijing", "id");
    assert_eq!(made.status, 200, "{made:?}");
    let shown = json(&send(&lab, with_host(&lab, get("GetNamespace", &[("NamespaceName", "orders")])), "cn-beijing", "id"));
    assert_eq!(shown["Result"]["Tags"], json!([{"Key": "env", "Value": "a b*"}]));
}

#[test]
fn still_refuses_other_methods() {
    let lab = Lab::demo();
    for method in ["PUT", "DELETE", "PATCH"] {
        let request = Request { method: method.into(), ..with_host(&lab, get("GetNamespace", &[("NamespaceName", "o")])) };
        assert_eq!(code(&send(&lab, request, "cn-beijing", "id")), "InvalidActionOrVersion", "{method}");
    }
}
