//! The token service on the ports of the two SWR providers.

use serde_json::{Value, json};
use skydeck::auth::{read_token, token_request};
use skydeck::catalog::Vendor;
use skydeck::emulator::{Settings, demo};
use skydeck::wire::{Request, Response};

use crate::lab::{Lab, code, json, message};

/// A request to the token service.
fn ask(lab: &Lab, id: &str, method: &str, target: &str, body: &Value) -> Response {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let headers = [("host", lab.address(id).to_string()), ("content-length", body.len().to_string())];
    let request = Request { method: method.into(), target: target.into(), headers: headers.into_iter().collect(), body: body.into() };
    lab.send(id, &request)
}

/// A request to the identity service with these headers.
fn call(lab: &Lab, id: &str, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    lab.send(id, &unsigned(lab, id, method, target, headers))
}

fn unsigned(lab: &Lab, id: &str, method: &str, target: &str, headers: &[(&str, &str)]) -> Request {
    let host = lab.address(id).to_string();
    let headers = [("host", host.as_str())].into_iter().chain(headers.iter().copied()).collect();
    Request { method: method.into(), target: target.into(), headers, ..Request::default() }
}

/// The same signed with the demo's key.
fn signed(lab: &Lab, id: &str, target: &str) -> Response {
    lab.send(id, &lab.signer(id).sign(lab, id, unsigned(lab, id, "GET", target, &[])))
}

/// A token of the demo's user for the project.
fn token_of(lab: &Lab, id: &str) -> String {
    let request = token_request(&demo::login(lab.provider(id).vendor).unwrap(), &lab.endpoint(id));
    read_token(&lab.send(id, &request)).unwrap().value.expose().to_owned()
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
fn accepts_a_token_at_its_own_port_only() {
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
fn shares_an_account_between_the_demos_key_and_user() {
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
fn describes_a_token() {
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
fn refuses_a_domain_token_at_swr() {
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
        (json!({"auth": {"identity": {"methods": ["application_credential"], "application_credential": {}}}}), 401, "Unauthorized"),
    ];
    for (body, status, title) in cases {
        let answer = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &body);
        let error = &json(&answer)["error"];
        assert_eq!((answer.status, &error["code"], &error["title"]), (status, &json!(status), &json!(title)), "{body}");
        assert!(!message(&answer).contains(" line "), "{body}");
    }
    let nobody = ask(&lab, "otc-swr", "GET", "/v3/projects", &Value::Null);
    assert_eq!((nobody.status, message(&nobody).as_str()), (401, "The request you have made requires authentication."));
    let token = token_of(&lab, "otc-swr");
    assert_eq!(call(&lab, "otc-swr", "PUT", "/v3/auth/tokens", &[("x-auth-token", &token)]).status, 405);
    assert_eq!(call(&lab, "otc-swr", "GET", "/v3/nothing", &[("x-auth-token", &token)]).status, 404);
}

#[test]
fn versions_are_discovered() {
    let lab = Lab::demo();
    for base in ["", "/identity"] {
        let link = json!(format!("http://{}{base}/v3/", lab.address("huawei-swr")));
        let version = ask(&lab, "huawei-swr", "GET", &format!("{base}/v3"), &Value::Null);
        assert_eq!((version.status, &json(&version)["version"]["links"][0]["href"]), (200, &link));
    }
    let versions = ask(&lab, "huawei-swr", "GET", "/identity/", &Value::Null);
    assert_eq!((versions.status, &json(&versions)["versions"]["values"][0]["status"]), (300, &json!("stable")));
    // The port's own root is SWR's.
    for id in ["huawei-swr", "otc-swr"] {
        let own = signed(&lab, id, "/");
        let version = json(&own)["versions"][0].clone();
        assert_eq!((own.status, &version["id"], &version["status"]), (200, &json!("v2"), &json!("CURRENT")));
        assert_eq!(version["links"], json!({"href": format!("http://{}/v2/", lab.address(id)), "rel": "self"}));
        assert_eq!(json(&signed(&lab, id, "/v2")), json!({"version": version}));
        // As keystoneauth asks and reads.
        for (target, place) in [("/", "/versions/0/links/0/rel"), ("/v2", "/version/links/0/rel")] {
            assert_eq!(json(&ask(&lab, id, "GET", target, &Value::Null)).pointer(place), Some(&json!("self")), "{id} {target}");
        }
    }
    // Only where there is a token service.
    assert_eq!(code(&ask(&lab, "alibaba-sae", "GET", "/v3", &Value::Null)), "InvalidAction.NotFound");
}

#[test]
fn lists_projects_and_domain_of_the_caller() {
    let lab = Lab::demo();
    for (id, region) in [("huawei-swr", "eu-west-101"), ("otc-swr", "eu-de")] {
        let token = token_of(&lab, id);
        let by_token = |target: &str| json(&call(&lab, id, "GET", target, &[("x-auth-token", &token)]));
        let by_key = |target: &str| json(&signed(&lab, id, target));
        let project = by_token("/v3/auth/projects")["projects"][0].clone();
        assert_eq!((&project["name"], &project["is_domain"], &project["enabled"]), (&json!(region), &json!(false), &json!(true)));
        let domain = by_token("/v3/auth/domains")["domains"][0].clone();
        assert_eq!((&project["domain_id"], &project["parent_id"]), (&domain["id"], &domain["id"]));
        for ask in [&by_token as &dyn Fn(&str) -> Value, &by_key] {
            let found = |query: &str| ask(&format!("/v3/projects?{query}"))["projects"].as_array().unwrap().len();
            assert_eq!(ask(&format!("/v3/projects?name={region}"))["projects"], json!([project]), "{id}");
            let domain_id = domain["id"].as_str().unwrap();
            for query in [&format!("domain_id={domain_id}"), "enabled=true", "is_domain=false", &format!("parent_id={domain_id}"), "x=1"] {
                assert_eq!(found(query), 1, "{id} {query}");
            }
            for query in ["name=nowhere", "domain_id=0", "enabled=false", "is_domain=true", "parent_id=0", "page=2&per_page=1"] {
                assert_eq!(found(query), 0, "{id} {query}");
            }
            assert_eq!(ask("/v3/projects?page=1&per_page=1")["links"]["next"], Value::Null);
            assert_eq!(ask(&format!("/v3/auth/domains?name={}", domain["name"].as_str().unwrap()))["domains"], json!([domain]));
            let one = project["id"].as_str().unwrap();
            assert_eq!(ask(&format!("/v3/projects/{one}"))["project"], project);
            assert_eq!(ask("/v3/projects/0")["error"]["message"], json!("Could not find project: 0."));
            assert!(ask("/v3/regions")["regions"].as_array().unwrap().iter().any(|known| known["id"] == region));
            assert!(ask("/v3/services")["services"].as_array().unwrap().iter().any(|known| known["type"] == "swr"));
        }
        let user = json(&ask(&lab, id, "POST", "/v3/auth/tokens", &demo_login_of(&lab, id)))["token"]["user"]["id"].clone();
        assert_eq!(by_token(&format!("/v3/users/{}/projects", user.as_str().unwrap()))["projects"], json!([project]));
        assert_eq!(by_token("/v3/users/0/projects")["error"]["code"], json!(403));
        assert_eq!(by_key("/v3/users?name=demo")["users"], json!([by_token(&format!("/v3/users/{}", user.as_str().unwrap()))["user"]]));
    }
}

#[test]
fn links_listed_elements() {
    let lab = Lab::demo();
    for id in ["huawei-swr", "otc-swr"] {
        let token = token_of(&lab, id);
        let ask = |target: &str| json(&call(&lab, id, "GET", target, &[("x-auth-token", &token)]));
        for list in ["projects", "auth/projects", "auth/domains", "users", "regions", "services", "endpoints"] {
            let name = list.trim_start_matches("auth/");
            let elements = ask(&format!("/identity/v3/{list}"))[name].as_array().unwrap().clone();
            assert!(!elements.is_empty(), "{id} {list}");
            for element in elements {
                let link = element["links"]["self"].as_str().unwrap();
                let target = link.strip_prefix(&format!("http://{}", lab.address(id))).unwrap();
                assert_eq!(ask(target)[name.trim_end_matches('s')], element, "{target}");
            }
        }
        for target in ["/v3/services/0", "/v3/endpoints/0", "/v3/domains/0", "/v3/nothing/0", "/v3/services/0/1"] {
            assert_eq!(ask(target)["error"]["code"], json!(404), "{target}");
        }
    }
}

/// The body with which the demo's user of a provider asks for a token.
fn demo_login_of(lab: &Lab, id: &str) -> Value {
    serde_json::from_slice(&token_request(&demo::login(lab.provider(id).vendor).unwrap(), &lab.endpoint(id)).body).unwrap()
}

#[test]
fn gives_a_separate_key_the_regions_project() {
    let lab = Lab::with(Settings { keys: vec!["AK:SK".parse().unwrap()], ..Settings::default() });
    let signer = lab.signer("huawei-swr").with_id("AK").with_secret("SK");
    let request = signer.sign(&lab, "huawei-swr", unsigned(&lab, "huawei-swr", "GET", "/v3/projects?name=eu-west-101", &[]));
    assert_eq!(json(&lab.send("huawei-swr", &request))["projects"].as_array().unwrap().len(), 1);
}

#[test]
fn refuses_a_wrong_signature() {
    let lab = Lab::demo();
    let request = unsigned(&lab, "otc-swr", "GET", "/v3/auth/catalog", &[]);
    let refused = lab.send("otc-swr", &lab.signer("otc-swr").with_secret("wrong").sign(&lab, "otc-swr", request));
    assert_eq!((refused.status, code(&refused).as_str()), (401, "APIGW.0301"));
}

#[test]
fn services_are_found_in_the_catalog() {
    let lab = Lab::demo();
    for (id, types) in [("huawei-swr", vec!["identity", "swr", "swrv2"]), ("otc-swr", vec!["identity", "swr", "swrv2", "smn"])] {
        let by_key = json(&signed(&lab, id, "/v3/auth/catalog"))["catalog"].clone();
        let by_token = json(&call(&lab, id, "GET", "/v3/auth/catalog", &[("x-auth-token", &token_of(&lab, id))]))["catalog"].clone();
        assert_eq!(by_key, by_token);
        let found: Vec<_> = by_key.as_array().unwrap().iter().map(|service| service["type"].as_str().unwrap().to_owned()).collect();
        assert_eq!(found, types);
        let identity = &by_key[0]["endpoints"][0]["url"];
        assert_eq!(identity, &json!(format!("http://{}/identity/v3", lab.address(id))));
    }
    // OTC's Go tools make SWR's address of the message service's.
    let catalog = json(&signed(&lab, "otc-swr", "/v3/auth/catalog"))["catalog"].clone();
    let messages = catalog[3]["endpoints"][0]["url"].as_str().unwrap().to_owned();
    let swr = messages.replacen("smn", "swr-api", 1);
    let path = swr.strip_prefix(&lab.endpoint("otc-swr").to_string()).unwrap();
    let mut request = lab.plan("otc-swr", &["namespace=orders"]);
    request.target = format!("{path}/manage/namespaces");
    let signer = lab.signer("otc-swr");
    assert_eq!(lab.send("otc-swr", &signer.sign(&lab, "otc-swr", request.clone())).status, 201);
    request.headers.push("x-auth-token", token_of(&lab, "otc-swr"));
    assert_eq!(lab.send("otc-swr", &request).status, 409);
}

#[test]
fn validates_and_revokes_a_token() {
    let lab = Lab::demo();
    let id = "otc-swr";
    let (own, other) = (token_of(&lab, id), token_of(&lab, id));
    let headers = [("x-auth-token", own.as_str()), ("x-subject-token", other.as_str())];
    for target in ["/v3/auth/tokens", "/identity/v3/auth/tokens"] {
        let shown = call(&lab, id, "GET", target, &headers);
        assert_eq!((shown.status, shown.headers.get_str("x-subject-token")), (200, Some(other.as_str())));
        assert_eq!((&json(&shown)["token"]["project"]["name"], &json(&shown)["token"]["methods"]), (&json!("eu-de"), &json!(["password"])));
        assert!(json(&shown)["token"]["catalog"].is_array());
    }
    let head = lab.raw(id, &unsigned(&lab, id, "HEAD", "/v3/auth/tokens", &headers).head());
    assert!(head.starts_with(b"HTTP/1.1 200 ") && head.ends_with(b"\r\n\r\n"), "a head has no body");

    assert_eq!(create(&lab, id, "orders", &other).status, 201);
    assert_eq!(call(&lab, id, "DELETE", "/v3/auth/tokens", &headers).status, 204);
    let refused = create(&lab, id, "billing", &other);
    assert_eq!((refused.status, code(&refused).as_str(), message(&refused).as_str()), (401, "APIGW.0307", "The token must be updated."));
    let shown = call(&lab, id, "GET", "/v3/auth/tokens", &headers);
    assert_eq!((shown.status, message(&shown).as_str()), (404, "Failed to validate token"));
    let itself = [("x-auth-token", other.as_str()), ("x-subject-token", own.as_str())];
    assert_eq!(call(&lab, id, "GET", "/v3/auth/tokens", &itself).status, 401);
    assert_eq!(create(&lab, id, "billing", &own).status, 201, "the other one still holds");
}

#[test]
fn counts_every_method() {
    let lab = Lab::demo();
    let mut body = demo_login(&json!({"project": {"name": "eu-de"}}));
    body["auth"]["identity"]["methods"] = json!(["password", "totp"]);
    body["auth"]["identity"]["totp"] = json!({"user": {"id": "x", "passcode": "123456"}});
    let refused = ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &body);
    assert_eq!((refused.status, message(&refused).as_str()), (401, "Invalid username or TOTP passcode"));
    body["auth"]["identity"]["methods"] = json!(["totp"]);
    assert_eq!(ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &body).status, 401);
    // A token of its own and a wrong password are no token for it.
    let mut both = login("demo", "wrong", "OTC-EU-DE-00000000001000000DEMO", &Value::Null);
    both["auth"]["identity"]["methods"] = json!(["token", "password"]);
    both["auth"]["identity"]["token"] = json!({"id": token_of(&lab, "otc-swr")});
    assert_eq!(ask(&lab, "otc-swr", "POST", "/v3/auth/tokens", &both).status, 401);
}
