//! The token service on the ports of the two SWR providers.

use serde_json::{Value, json};
use skydeck::auth::{read_token, token_request};
use skydeck::catalog::Vendor;
use skydeck::emulator::demo;
use skydeck::wire::{Request, Response};

use crate::lab::{Lab, code, json, message};

/// A request to the token service.
fn ask(lab: &Lab, id: &str, method: &str, target: &str, body: &Value) -> Response {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let headers = [("host", lab.address(id).to_string()), ("content-length", body.len().to_string())];
    let request = Request { method: method.into(), target: target.into(), headers: headers.into_iter().collect(), body: body.into() };
    lab.send(id, &request)
}

/// The body of a token request.
fn login(user: &str, password: &str, domain: &str, scope: &Value) -> Value {
    json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {
        "name": user, "password": password, "domain": {"name": domain}}}}, "scope": scope}})
}

fn demo_login(scope: &Value) -> Value {
    let login_of = demo::login(Vendor::Otc).unwrap();
    login(&login_of.user, login_of.password.expose(), &login_of.domain, scope)
}

fn create(lab: &Lab, id: &str, name: &str, token: &str) -> Response {
    let mut request = lab.plan(id, &[&format!("namespace={name}")]);
    request.headers.push("X-Auth-Token", token);
    lab.send(id, &request)
}

#[test]
fn a_token_opens_the_providers_own_port_only() {
    let lab = Lab::demo();
    for (id, other, vendor) in [("huawei-swr", "otc-swr", Vendor::Huawei), ("otc-swr", "huawei-swr", Vendor::Otc)] {
        let request = token_request(&demo::login(vendor).unwrap(), &lab.endpoint(id));
        let token = read_token(&lab.send(id, &request)).unwrap().value;
        assert_eq!(create(&lab, id, "orders", token.expose()).status, 201);
        let refused = create(&lab, other, "orders", token.expose());
        assert_eq!((refused.status, code(&refused).as_str()), (401, "APIGW.0301"));
        assert!(message(&refused).ends_with("decrypt token fail"));
    }
}

#[test]
fn the_demos_key_and_user_are_one_account() {
    let lab = Lab::demo();
    let token =
        read_token(&lab.send("otc-swr", &token_request(&demo::login(Vendor::Otc).unwrap(), &lab.endpoint("otc-swr")))).unwrap().value;
    for number in 0..5 {
        assert_eq!(create(&lab, "otc-swr", &format!("n{number}"), token.expose()).status, 201);
    }
    let full = lab.send("otc-swr", &lab.create("otc-swr", &["namespace=more"]));
    assert_eq!(code(&full), "SVCSTG.SWR.4000097");
}

#[test]
fn with_a_token_and_a_signature_the_token_counts() {
    let lab = Lab::demo();
    let mut request = lab.create("otc-swr", &["namespace=orders"]);
    request.headers.push("x-auth-token", "nobody's");
    assert_eq!(lab.send("otc-swr", &request).status, 401);
}

#[test]
fn a_token_tells_what_it_is_for() {
    let lab = Lab::demo();
    let scope = json!({"project": {"name": "eu-de"}});
    let answer = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &demo_login(&scope));
    assert_eq!(answer.status, 201);
    let token = &json(&answer)["token"];
    assert_eq!((&token["methods"], &token["project"]["name"]), (&json!(["password"]), &json!("eu-de")));
    let urls: Vec<_> = token["catalog"].as_array().unwrap().iter().map(|service| service["endpoints"][0]["url"].clone()).collect();
    assert!(urls.contains(&json!(format!("http://{}/v2", lab.address("otc-swr")))), "{urls:?}");
    let lasts = |text: &str| text.len() == "2026-11-23T00:00:00.000000Z".len() && text.ends_with('Z');
    assert!(lasts(token["expires_at"].as_str().unwrap()) && lasts(token["issued_at"].as_str().unwrap()));

    let without = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens?nocatalog=1", &demo_login(&scope));
    assert!(json(&without)["token"].get("catalog").is_none());
    let by_id = json!({"project": {"id": token["project"]["id"]}});
    assert_eq!(json(&ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &demo_login(&by_id)))["token"]["project"], token["project"]);
}

#[test]
fn a_token_of_the_domain_is_none_for_swr() {
    let lab = Lab::demo();
    for scope in [Value::Null, json!({"domain": {"name": "OTC-EU-DE-00000000001000000DEMO"}})] {
        let answer = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &demo_login(&scope));
        let token = answer.headers.get_str("x-subject-token").unwrap();
        assert!(json(&answer)["token"].get("domain").is_some());
        assert_eq!(create(&lab, "otc-swr", "orders", token).status, 401);
        // But it gives one for the project.
        let rescoped =
            json!({"auth": {"identity": {"methods": ["token"], "token": {"id": token}}, "scope": {"project": {"name": "eu-de"}}}});
        let answer = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &rescoped);
        assert!(json(&answer)["token"].get("project").is_some());
    }
}

#[test]
fn errors_are_keystones() {
    let lab = Lab::demo();
    let project = json!({"project": {"name": "eu-de"}});
    let cases = [
        (login("demo", "wrong", "OTC-EU-DE-00000000001000000DEMO", &project), 401, "Unauthorized"),
        (login("demo", "Skydeck-Demo-1", "another", &project), 401, "Unauthorized"),
        (demo_login(&json!({"project": {"name": "eu-nl"}})), 401, "Unauthorized"),
        (demo_login(&json!({"project": 7})), 400, "Bad Request"),
        (json!({"auth": {}}), 400, "Bad Request"),
        (json!([]), 400, "Bad Request"),
        (json!({"auth": {"identity": {"methods": ["token"], "token": {"id": "x"}}}}), 401, "Unauthorized"),
        (json!({"auth": {"identity": {"methods": ["totp"]}}}), 400, "Bad Request"),
    ];
    for (body, status, title) in cases {
        let answer = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &body);
        let error = &json(&answer)["error"];
        assert_eq!((answer.status, &error["code"], &error["title"]), (status, &json!(status), &json!(title)), "{body}");
    }
    assert_eq!(ask(&lab, "otc-swr", "PUT", "/v3/auth/tokens", &Value::Null).status, 405);
    assert_eq!(ask(&lab, "otc-swr", "GET", "/v3/users", &Value::Null).status, 404);
}

#[test]
fn versions_are_discovered() {
    let lab = Lab::demo();
    let link = json!(format!("http://{}/v3/", lab.address("huawei-swr")));
    let version = ask(&lab, "huawei-swr", "GET", "/v3", &Value::Null);
    assert_eq!((version.status, &json(&version)["version"]["links"][0]["href"]), (200, &link));
    let versions = ask(&lab, "huawei-swr", "GET", "/", &Value::Null);
    assert_eq!((versions.status, &json(&versions)["versions"]["values"][0]["status"]), (300, &json!("stable")));
    // Only where there is a token service.
    assert_eq!(code(&ask(&lab, "alibaba-sae", "GET", "/v3", &Value::Null)), "InvalidAction.NotFound");
}
