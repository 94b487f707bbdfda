//! The checks by answers that the vendors document, and by what stands between here and them.

use jiff::SignedDuration;
use skydeck::exchange::{Exchange, FailureClass};
use skydeck::explain::{MAX_ACCEPTED_WAIT, State, wait};

use crate::support::{call, holds, now};

const THROTTLED: &str = r#"{"RequestId":"r","Code":"Throttling.User","Message":"Request was denied due to user flow control."}"#;

#[test]
fn names_a_denied_action_with_a_policy() {
    for (id, status, body, action, resource, policy) in [
        (
            "alibaba-sae",
            403,
            r#"{"RequestId":"r","Code":"NoPermission","Message":"no","AccessDeniedDetail":{"AuthAction":"sae:CreateNamespace","AuthPrincipalType":"SubUser","AuthPrincipalDisplayName":"2100"}}"#,
            "sae:CreateNamespace",
            "*",
            r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["sae:CreateNamespace"],"Resource":["*"]}]}"#,
        ),
        (
            "alibaba-pai",
            403,
            r#"{"RequestId":"r","Code":"Forbidden.RAM","Message":"no"}"#,
            "paiworkspace:CreateWorkspace",
            "*",
            r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["paiworkspace:CreateWorkspace"],"Resource":["*"]}]}"#,
        ),
        (
            "volcengine-id",
            403,
            r#"{"ResponseMetadata":{"RequestId":"r","Error":{"CodeN":100013,"Code":"AccessDenied","Message":"User is not authorized to perform: id:CreateNamespace on resource: trn:id:cn-beijing:21:namespace/a."}}}"#,
            "id:CreateNamespace",
            "trn:id:cn-beijing:21:namespace/a",
            r#"{"Statement":[{"Effect":"Allow","Action":["id:CreateNamespace"],"Resource":["trn:id:cn-beijing:21:namespace/a"]}]}"#,
        ),
        (
            "huawei-swr",
            403,
            r#"{"errors":[{"errorCode":"SVCSTG.SWR.4030170","errorMessage":"Insufficient permissions"}],"error_code":"SVCSTG.SWR.4030170","error_msg":"Insufficient permissions"}"#,
            "swr:namespace:createNamespace",
            "*",
            r#"{"Version":"5.0","Statement":[{"Effect":"Allow","Action":["swr:namespace:createNamespace"],"Resource":["*"]}]}"#,
        ),
    ] {
        let call = call(id);
        let explanation = call.explained(&call.answered(status, &[], body));
        holds(&explanation, "permission", action);
        let missing = explanation.missing.unwrap();
        assert_eq!(
            (missing.action.as_str(), missing.resource.as_str(), missing.policy.as_deref()),
            (action, resource, Some(policy)),
            "{id}"
        );
        assert_eq!(explanation.permission.as_deref(), Some(action));
    }
}

#[test]
fn explains_a_denial_without_a_known_action() {
    let call = call("otc-swr");
    let explanation = call.explained(&call.answered(403, &[], r#"[{"errorCode":"SVCSTG.SWR.4039002","errorMessage":"no"}]"#));
    holds(&explanation, "permission", "not allowed this call");
    assert_eq!(explanation.missing, None);
}

#[test]
fn explains_an_explicit_denial() {
    let call = call("alibaba-sae");
    let body = r#"{"RequestId":"r","Code":"NoPermission","Message":"no","AccessDeniedDetail":{"AuthAction":"sae:CreateNamespace","NoPermissionType":"ExplicitDeny"}}"#;
    let explanation = call.explained(&call.answered(403, &[], body));
    assert!(explanation.likely().unwrap().remedy.contains("denies it by name"), "{explanation:#?}");
}

#[test]
fn tells_a_quota_from_a_taken_name() {
    let huawei = call("huawei-swr");
    let answer = |status: u16, code: &str| {
        let body = format!(r#"{{"errors":[{{"errorCode":"{code}","errorMessage":"no"}}],"error_code":"{code}","error_msg":"no"}}"#);
        huawei.explained(&huawei.answered(status, &[], &body))
    };
    holds(&answer(400, "SVCSTG.SWR.4000097"), "quota", "may not have more");
    holds(&answer(409, "SVCSTG.SWR.4090060"), "parameter", "namespace is taken");
}

fn throttled(headers: &[(&str, &str)]) -> Exchange {
    call("alibaba-sae").answered(400, headers, THROTTLED)
}

#[test]
fn reads_every_retry_header() {
    const DATE: (&str, &str) = ("date", "Sun, 22 Nov 2026 11:00:00 GMT");
    for (headers, millis) in [
        (vec![("x-acs-retry-after", "1500")], 1_500),
        (vec![("retry-after", "37")], 37_000),
        (vec![("retry-after", "1.2")], 2_000),
        (vec![("Retry-After", "Sun, 22 Nov 2026 10:00:30 GMT")], 30_000),
        // The server's clock is an hour ahead: what counts is the difference by its own clock.
        (vec![("retry-after", "Sun, 22 Nov 2026 11:00:30 GMT"), DATE], 30_000),
        (vec![("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")], 0),
        (vec![("x-ratelimit-reset", "12")], 12_000),
        (vec![("x-ratelimit-reset", "1795341660")], 60_000),
        (vec![("x-acs-retry-after", "soon"), ("retry-after", "5")], 5_000),
    ] {
        let exchange = throttled(&headers);
        let call = call("alibaba-sae");
        let wait = wait(&call.provider, &exchange).unwrap();
        assert_eq!(wait.delay, SignedDuration::from_millis(millis), "{headers:?}");
        assert_eq!((wait.until, wait.capped), (now() + SignedDuration::from_millis(millis), false));
        holds(&call.explained(&exchange), "throttling", "come again at 2026-11-22 10:0");
    }
}

#[test]
fn nonsense_and_ages_are_not_waited_for() {
    let provider = call("alibaba-sae").provider;
    for text in ["99999999999999999999999", "-", "-5", "NaN", "inf", "1e400", "", "Sun, 99 Nov 2026 10:00:30 GMT"] {
        let wait = wait(&provider, &throttled(&[("retry-after", text)]));
        assert!(wait.as_ref().is_none_or(|wait| wait.delay == MAX_ACCEPTED_WAIT && wait.capped), "{text}: {wait:?}");
    }
    let explanation = call("alibaba-sae").explained(&throttled(&[("retry-after", "999999")]));
    holds(&explanation, "throttling", "86400 s after the answer (retry-after; it asks for more than a day");
    holds(&call("alibaba-sae").explained(&throttled(&[])), "throttling", "does not say for how long");
}

#[test]
fn tells_a_vendor_outage_from_a_proxys() {
    let call = call("volcengine-id");
    let own = r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"ServiceUnavailable","Message":"no"}}}"#;
    holds(&call.explained(&call.answered(503, &[], own)), "vendor", "The vendor failed on its own (503)");
    let page = "<html><title>502 Bad Gateway</title></html>";
    for status in [502, 503] {
        let explanation = call.explained(&call.answered(status, &[("via", "1.1 squid.example (squid/6)"), ("retry-after", "60")], page));
        holds(&explanation, "network", "A proxy or load balancer answered");
        assert!(explanation.likely().unwrap().says.contains("via: 1.1 squid.example"), "{explanation:#?}");
        let of = |name: &str| explanation.checks.iter().find(|checked| checked.name == name).unwrap();
        assert_eq!((of("vendor").state, of("throttling").state), (State::Odd, State::Odd), "{explanation:#?}");
    }
    let login = call.explained(&call.answered(407, &[("proxy-authenticate", "Basic")], page));
    holds(&login, "network", "A proxy on the way wants a login. It bears traces: proxy-authenticate: Basic");
}

#[test]
fn credentials_that_were_lost_on_the_way_are_missed() {
    let call = call("alibaba-sae");
    let body = r#"{"RequestId":"r","Code":"MissingAccessKeyId","Message":"AccessKeyId is mandatory for this action."}"#;
    holds(&call.explained(&call.answered(400, &[], body)), "network", "something on the way removed them");
}

#[test]
fn blames_the_network_for_a_missing_answer() {
    let call = call("alibaba-sae");
    for (class, words) in [
        (FailureClass::Tls, "No trusted encrypted connection"),
        (FailureClass::Refused, "The server refused the connection"),
        (FailureClass::Proxy, "The proxy failed"),
    ] {
        let explanation = call.explained(&call.failed(class));
        holds(&explanation, "network", words);
        let idle = explanation.checks.iter().filter(|checked| checked.state == State::Idle).count();
        assert!(idle >= 7, "little can be told without an answer: {explanation:#?}");
    }
}

#[test]
fn reports_an_expired_security_token() {
    let mut call = call("alibaba-sae");
    let skydeck::auth::Credentials::AccessKey(key) = &mut call.credentials else { unreachable!() };
    key.token = Some(skydeck::secret::Secret::new("CAISexample"));
    let body = r#"{"RequestId":"r","Code":"InvalidSecurityToken.Expired","Message":"Specified SecurityToken is expired."}"#;
    holds(&call.explained(&call.answered(400, &[], body)), "token", "The security token has run out");
}

#[test]
fn blames_no_clock_for_a_refused_field() {
    let call = call("alibaba-sae");
    let body = r#"{"RequestId":"r","Code":"InvalidNamespaceName.Format","Message":"no"}"#;
    let explanation = call.explained(&call.answered(400, &[("date", "Sun, 22 Nov 2026 10:05:00 GMT")], body));
    holds(&explanation, "parameter", "NamespaceName is refused");
    assert_eq!(explanation.checks[0].state, State::Odd, "{explanation:#?}");
    assert_eq!(explanation.hint(), None, "the code says it already");
}

#[test]
fn checks_in_documented_order() {
    let call = call("alibaba-sae");
    let names: Vec<_> = call.explained(&throttled(&[])).checks.iter().map(|checked| checked.name).collect();
    let order = [
        "clock",
        "key",
        "white space",
        "token",
        "endpoint",
        "signature",
        "permission",
        "parameter",
        "quota",
        "throttling",
        "vendor",
        "network",
    ];
    assert_eq!(names, order);
}
