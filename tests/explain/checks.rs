//! The checks by what the emulator answers to a broken call.

use skydeck::auth::Credentials;
use skydeck::exchange::{Exchange, ExchangeId, FailureClass, Origin};
use skydeck::explain::{ExplanationContext, State, explain_with};
use skydeck::secret::Secret;
use skydeck::wire::Response;

use crate::support::{call, holds, key};

#[test]
fn blames_the_signature_for_a_wrong_secret() {
    for id in ["alibaba-sae", "alibaba-pai", "volcengine-id", "huawei-swr", "otc-swr"] {
        let mut call = call(id);
        let Credentials::AccessKey(pair) = &mut call.credentials else { unreachable!() };
        pair.secret = Secret::new("AnotherSecretThanTheKeys");
        let explanation = call.explained(&call.emulated());
        holds(&explanation, "signature", "computed another signature");
        let states: Vec<_> = explanation.checks.iter().take(3).map(|checked| checked.state).collect();
        assert_eq!(states, [State::Fine; 3], "{id}: clock, key and white space are fine: {explanation:#?}");
    }
}

#[test]
fn white_space_in_a_secret_comes_before_the_signature() {
    let mut call = call("alibaba-sae");
    call.credentials = key("LTAI5tSkydeckDemoKey0001", "SkydeckDemoSecretAlibaba000001 ");
    let explanation = call.explained(&call.emulated());
    holds(&explanation, "white space", "The secret access key has white space");
    let found: Vec<_> = explanation.checks.iter().filter(|checked| checked.state == State::Found).map(|checked| checked.name).collect();
    assert_eq!(found, ["white space", "signature"]);
}

#[test]
fn reports_a_wrong_clock_in_seconds() {
    for id in ["alibaba-sae", "volcengine-id", "huawei-swr"] {
        for (ahead, words) in [(3600, "3600 s ahead of the server's"), (-7200, "7200 s behind the server's")] {
            let mut call = call(id);
            call.ahead = ahead;
            holds(&call.explained(&call.emulated()), "clock", words);
        }
    }
}

#[test]
fn accepts_a_call_signed_by_the_servers_clock() {
    let mut call = call("alibaba-sae");
    call.credentials = key("LTAI5tSkydeckDemoKey0001", "another");
    let mut exchange = call.emulated();
    exchange.started = "2026-11-22T09:00:00Z".parse().unwrap();
    let explanation = call.explained(&exchange);
    holds(&explanation, "signature", "wrong-secret");
    let clock = &explanation.checks[0];
    assert_eq!((clock.name, clock.state), ("clock", State::Odd));
    assert!(clock.says.ends_with("3600 s behind the server's; this call was signed by the server's."), "{}", clock.says);
}

#[test]
fn tells_an_old_request_from_a_wrong_clock() {
    let mut call = call("alibaba-sae");
    call.ahead = -3600;
    let mut exchange = call.emulated();
    exchange.started = "2026-11-22T10:00:00Z".parse().unwrap();
    holds(&call.explained(&exchange), "clock", "3600 s behind this machine's clock: by a correction that no longer fits");
    let again = Exchange { call_origin: Origin { exact: true, ..Origin::default() }, ..exchange.clone() };
    holds(&call.explained(&again), "clock", "3600 s old: a request that was signed earlier was sent again");
    let stored = Exchange { id: ExchangeId::stored(7), ..exchange };
    holds(&call.explained(&stored), "clock", "behind this machine's clock: earlier, or by a correction that no longer fits");
}

#[test]
fn recognizes_another_vendors_key_by_its_shape() {
    let mut huawei = call("huawei-swr");
    huawei.credentials = key("LTAI5tSkydeckDemoKey0001", "secret");
    holds(&huawei.explained(&huawei.emulated()), "key", "LTAI… is the shape of a key of Alibaba Cloud, and this is Huawei Cloud");
    let mut alibaba = call("alibaba-pai");
    alibaba.credentials = key("AKLTxyz", "secret");
    holds(&alibaba.explained(&alibaba.emulated()), "key", "AKLT… is the shape of a key of Volcengine");
    alibaba.credentials = key("HWDUMMYACCESSKEY0001", "secret");
    holds(&alibaba.explained(&alibaba.emulated()), "key", "does not begin as Alibaba Cloud's do (LTAI, STS.)");
}

#[test]
fn reports_an_unknown_key() {
    for (id, unknown, words) in [
        ("alibaba-sae", "LTAI5tUnknown", "LTAI… has Alibaba Cloud's shape, and the vendor refuses it"),
        ("volcengine-id", "AKLTUnknown", "AKLT… has Volcengine's shape, and the vendor refuses it"),
        ("otc-swr", "UNKNOWNUNKNOWNUNKN01", "Open Telekom Cloud does not know this access key id"),
    ] {
        let mut call = call(id);
        call.credentials = key(unknown, "secret");
        holds(&call.explained(&call.emulated()), "key", words);
    }
}

#[test]
fn requires_the_token_of_a_temporary_key() {
    let mut call = call("alibaba-sae");
    call.credentials = key("STS.NUexample", "secret");
    holds(&call.explained(&call.emulated()), "token", "no security token went with it");
}

#[test]
fn explains_a_token_of_another_cloud() {
    let mut call = call("huawei-swr");
    call.credentials = Credentials::Token(Secret::new("MIIOfAnotherCloud"));
    let explanation = call.explained(&call.emulated());
    holds(&explanation, "token", "cannot read the token: it is of another cloud");
    assert!(explanation.checks.iter().any(|checked| checked.name == "signature" && checked.state == State::Idle));
}

/// The exchange that brought a token.
fn token_request(exchange: &Exchange, from: &str, facts: &str) -> Exchange {
    let mut response = Response { status: 201, body: format!("{{\"token\":{facts}}}").into(), ..Response::default() };
    response.headers.push("x-subject-token", exchange.request.headers.get_str("x-auth-token").unwrap());
    let envelope = skydeck::envelope::decode_token(&response);
    let answered = skydeck::exchange::Answered { response, envelope };
    Exchange {
        id: ExchangeId(1),
        operation: "IAM token".into(),
        endpoint: from.parse().unwrap(),
        outcome: skydeck::exchange::Outcome::Answered(Box::new(answered)),
        ..exchange.clone()
    }
}

#[test]
fn uses_facts_of_the_token_request() {
    let mut call = call("otc-swr");
    call.credentials = Credentials::Token(Secret::new("MIIToken"));
    let body = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: decrypt token fail","request_id":"r"}"#;
    let exchange = call.answered(401, &[], body);
    let own = "https://iam.eu-de.otc.t-systems.com";
    let facts = |expires: &str, project: &str| {
        format!(r#"{{"issued_at":"2026-11-21T09:00:00Z","expires_at":"2026-11-{expires}Z","project":{{"name":"{project}"}}}}"#)
    };
    for (from, facts, words) in [
        (own, facts("22T09:00:00", "eu-de"), "expired at 2026-11-22 09:00:00"),
        ("https://iam.eu-west-101.myhuaweicloud.eu", facts("23T09:00:00", "eu-de"), "comes from https://iam.eu-west-101.myhuaweicloud.eu"),
        (own, facts("23T09:00:00", "eu-nl"), "for project eu-nl, and the call goes to region eu-de"),
        (own, facts("23T09:00:00", "eu-de_orders"), "to hold until 2026-11-23 09:00:00: password, key or permissions may have changed"),
    ] {
        let earlier = [token_request(&exchange, from, &facts)];
        let known = ExplanationContext::default().with_earlier(earlier.iter(), &exchange);
        holds(&explain_with(&call.provider, Some(&call.operation), &exchange, &known).unwrap(), "token", words);
    }
}

#[test]
fn reports_an_endpoint_of_another_region() {
    let mut huawei = call("huawei-swr");
    huawei.endpoint = "https://swr-api.cn-north-4.myhuaweicloud.com".into();
    let body = r#"{"error_code":"APIGW.0302","error_msg":"no","request_id":"r"}"#;
    holds(&huawei.explained(&huawei.answered(403, &[], body)), "endpoint", "The host is cn-north-4's");
    huawei.endpoint = "https://swr-api.eu-west-101.myhuaweicloud.com".into();
    holds(&huawei.explained(&huawei.failed(FailureClass::Dns)), "endpoint", "eu-west-101 is not at");
}

#[test]
fn reports_a_scope_of_another_region() {
    let mut call = call("volcengine-id");
    call.scope = "ap-southeast-2".into();
    let body = r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"SignatureDoesNotMatch","Message":"no"}}}"#;
    let explanation = call.explained(&call.answered(401, &[], body));
    holds(&explanation, "endpoint", "The signature is for region ap-southeast-2 (its scope), and open.volcengineapi.com is cn-beijing's");
    let foreign = call.explained(&call.answered(
        404,
        &[],
        r#"{"ResponseMetadata":{"RequestId":"r","Region":"ap-southeast-3","Error":{"Code":"ServiceNotFound","Message":"no"}}}"#,
    ));
    holds(&foreign, "endpoint", "region ap-southeast-2");
}

#[test]
fn names_a_field_refused_by_the_service() {
    let call = call("alibaba-sae");
    let explanation = call.explained(&call.emulated());
    holds(&explanation, "parameter", "NamespaceName is refused");
    let of = |name: &str| explanation.checks.iter().find(|checked| checked.name == name).unwrap().state;
    assert_eq!((of("clock"), of("key"), of("signature")), (State::Fine, State::Fine, State::Fine), "{explanation:#?}");
}
