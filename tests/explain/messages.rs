//! One code, many causes: the message tells them apart, and comes before the code.

use skydeck::auth::Credentials;
use skydeck::explain::Explanation;
use skydeck::secret::Secret;

use crate::support::{Call, call, holds};

/// The gateway's answer to a signed call.
fn gateway(message: &str) -> Explanation {
    let call = call("otc-swr");
    let body =
        format!(r#"{{"error_msg":"Incorrect IAM authentication information: {message}","error_code":"APIGW.0301","request_id":"r"}}"#);
    call.explained(&call.answered(401, &[], &body))
}

#[test]
fn explains_each_message_of_a_code() {
    let told = [
        ("verify aksk signature fail", "computed another signature"),
        ("verify aksk signature fail, canonicalRequest:GET|/v2/||host:x||host|e3b0", "computed another signature"),
        ("Get secretKey failed,ak:HWAK0001,err:ak not exist", "knows no such access key"),
        ("AK access failed to reach the limit,forbidden.", "is locked"),
        ("decrypt token fail", "cannot read the token"),
        ("token expires, expires_at: 2026-11-30T07:12:15Z", "has expired"),
        ("x-auth-token not found", "found no token"),
        ("calc aksk signature fail:signature expired, signature time:20261130T065557Z,server time:20261130T071215Z", "978 s (16 min 18 s)"),
        ("Unauthorized", "does not say at what"),
    ];
    let rules = call("otc-swr").provider;
    for (message, words) in told {
        let message = format!("Incorrect IAM authentication information: {message}");
        let rule = rules.message_rule(None, "APIGW.0301", &message).unwrap_or_else(|| panic!("{message}"));
        let told = gateway(message.trim_start_matches("Incorrect IAM authentication information: "));
        assert!(rule.cause.contains(words) || told.cause.contains(words), "{words}: {told:#?}");
        assert!(!told.cause.contains("`decrypt token fail`"), "the causes of other messages are left out: {told:#?}");
    }
}

#[test]
fn tells_a_locked_key_from_an_unknown_one() {
    let explanation = gateway("AK access failed to reach the limit,forbidden");
    holds(&explanation, "key", "locked");
    assert!(explanation.transient && explanation.remedy.contains("five minutes"), "{explanation:#?}");
}

#[test]
fn reports_both_times_of_an_expired_signature() {
    let body = include_str!("answers_seen/otc3392.body");
    let call = call("otc-swr");
    for headers in [&[][..], &[("date", "Sun, 22 Nov 2026 10:00:00 GMT")]] {
        let explanation = call.explained(&call.answered(401, headers, body));
        holds(
            &explanation,
            "clock",
            "2026-11-30T06:55:57Z, and the server's clock showed 2026-11-30T07:12:15Z: the date is 978 s (16 min 18 s)",
        );
        assert!(explanation.summary.contains("date of the request") && explanation.cause.contains("978 s"), "{explanation:#?}");
    }
    let ahead = gateway("signature expired, signature time:20261130T151216Z,server time:20261130T071215Z");
    holds(&ahead, "clock", "28801 s (8 h 0 min) ahead");
    assert!(ahead.cause.contains("time zone"), "{ahead:#?}");
}

#[test]
fn explains_a_wanted_token_when_the_profile_signs() {
    for (id, body) in [
        ("otc-swr", include_str!("answers_seen/otc2089.body")),
        (
            "huawei-swr",
            r#"{"error":{"message":"The request you have made requires authentication. No token.","code":401,"title":"Unauthorized"}}"#,
        ),
        ("huawei-swr", r#"{"error_msg":"Incorrect IAM authentication information: x-auth-token not found","error_code":"APIGW.0301"}"#),
        ("otc-swr", r#"{"error_msg":"The token must be updated.","error_code":"APIGW.0307"}"#),
        ("otc-swr", ""),
    ] {
        let call = call(id);
        let explanation = call.explained(&call.answered(401, &[], body));
        holds(&explanation, "token", "The profile signs with an access key");
        assert!(explanation.summary.contains("asks for a token"), "{explanation:#?}");
        let advice = format!("{} {}", explanation.cause, explanation.remedy);
        assert!(!advice.contains("domain") && advice.contains("takes signatures"), "{explanation:#?}");
    }
}

fn by_token(id: &str) -> Call {
    Call { credentials: Credentials::Token(Secret::new("MIIToken")), ..call(id) }
}

#[test]
fn blames_an_invalid_token() {
    let call = by_token("otc-swr");
    let explanation = call.explained(&call.answered(401, &[], include_str!("answers_seen/otc2089.body")));
    holds(&explanation, "token", "cannot read the token");
    assert!(explanation.remedy.contains("fetch a new one"), "{explanation:#?}");
    let body = r#"{"error_msg":"Incorrect IAM authentication information: verify aksk signature fail","error_code":"APIGW.0301"}"#;
    holds(&call.explained(&call.answered(401, &[], body)), "signature", "something on the way added an Authorization header");
}

#[test]
fn names_an_expired_security_token_under_any_code() {
    let body = include_str!("answers_seen/kube52.body");
    for id in ["alibaba-sae", "alibaba-pai"] {
        let mut call = call(id);
        let without = call.explained(&call.answered(400, &[], body));
        holds(&without, "token", "The temporary key has run out");
        let Credentials::AccessKey(key) = &mut call.credentials else { unreachable!() };
        key.token = Some(Secret::new("CAISexample"));
        let explanation = call.explained(&call.answered(400, &[], body));
        holds(&explanation, "token", "The security token has run out");
        assert!(explanation.summary.contains("refused the credentials") && explanation.parameter.is_none(), "{explanation:#?}");
        assert!(explanation.remedy.contains("new temporary credentials"), "{explanation:#?}");
    }
}

#[test]
fn tells_registry_errors_apart() {
    for (id, status, code, words) in [
        ("huawei-swr", 401, "UNAUTHORIZED", "found no login"),
        ("otc-swr", 403, "DENIED", "may not do this"),
        ("huawei-swr", 401, "DENIED", "may not do this"),
        ("otc-swr", 404, "NAME_UNKNOWN", "knows no repository"),
        ("huawei-swr", 429, "TOOMANYREQUESTS", "too many requests"),
        ("huawei-swr", 404, "MANIFEST_UNKNOWN", "no such image"),
    ] {
        let call = call(id);
        for body in [
            format!(r#"{{"errors":[{{"code":"{code}","message":"no","detail":null}}]}}"#),
            format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#),
        ] {
            let explanation = call.explained(&call.answered(status, &[], &body));
            assert!(explanation.cause.contains(words) && explanation.nearest.is_none(), "{explanation:#?}");
            assert_eq!(explanation.transient, status == 429);
        }
    }
}

#[test]
fn finds_the_vendors_error_in_its_wrapping() {
    let call = call("otc-swr");
    let error = include_str!("answers_seen/otc3392.body").trim();
    let entities = error.replace('"', "&quot;");
    for body in [
        format!("\n\t {error}\r\n"),
        serde_json::Value::from(error).to_string(),
        format!("<html><body><pre>{entities}</pre></body></html>"),
        format!("<html><head><title>401</title></head><body>{error}</body></html>"),
        format!("upstream said: {error}"),
        format!(r#"{{"status":401,"body":{}}}"#, serde_json::Value::from(error)),
    ] {
        let explanation = call.explained(&call.answered(401, &[], &body));
        holds(&explanation, "clock", "978 s");
        assert!(explanation.vendor.starts_with("401  APIGW.0301"), "{body}: {explanation:#?}");
    }
}

#[test]
fn recognizes_the_vendors_words_without_its_format() {
    let call = call("otc-swr");
    let message = "The X-Auth-Token is invalid!";
    for body in [
        message.to_owned(),
        format!("<html><title>401</title><body><p>{message}</p></body></html>"),
        format!("{{\"message\":\"{message}\"}}"),
    ] {
        holds(&call.explained(&call.answered(401, &[], &body)), "token", "The profile signs with an access key");
    }
    let page = "<html><title>Proxy</title><body>This proxy requires authentication.</body></html>";
    holds(&call.explained(&call.answered(407, &[], page)), "network", "A proxy on the way wants a login");
    holds(
        &call.explained(&call.answered(403, &[], "<html><title>Blocked</title>Access denied by policy</html>")),
        "network",
        "Somebody else answered",
    );
}

#[test]
fn common_words_are_not_taken_for_the_vendors() {
    let call = call("volcengine-id");
    for body in ["rate limit exceeded", "<html><body>503: the service is temporarily unavailable</body></html>"] {
        holds(&call.explained(&call.answered(503, &[], body)), "network", "A proxy or load balancer answered");
    }
}
