//! One voice: where the server's own text shows what is wrong with a signature, nothing else is called the cause.

use skydeck::auth::Credentials;
use skydeck::exchange::Exchange;
use skydeck::explain::{Explanation, State};
use skydeck::secret::Secret;

use crate::support::{Call, call, holds};

/// What the server would show of our signing.
fn texts(call: &Call) -> (String, String) {
    let trace = call.answered(400, &[], "").signing.unwrap();
    (trace.string_to_sign, trace.canonical_request)
}

fn refused(call: &Call, code: &str, before: &str, edit: impl Fn(String) -> String, headers: &[(&str, &str)]) -> Exchange {
    let (string, canonical) = texts(call);
    let message = format!("{before} server StringToSign is [{string}] server CanonicalRequest is [{}]", edit(canonical));
    let body = serde_json::json!({ "RequestId": "r", "Code": code, "Message": message }).to_string();
    call.answered(400, headers, &body)
}

fn found(explanation: &Explanation) -> Vec<&str> {
    explanation.checks.iter().filter(|checked| checked.state == State::Found).map(|checked| checked.name).collect()
}

const CODES: [(&str, &str); 3] = [
    ("SignatureDoesNotMatch", "Specified signature does not match our calculation."),
    ("IncompleteSignature", "The request signature does not conform to Aliyun standards."),
    ("SomethingNew", "The signature is wrong."),
];

#[test]
fn equal_texts_prove_a_wrong_secret_whatever_the_code_says() {
    for (code, before) in CODES {
        for (ahead, key) in [(0, "LTAI5tSkydeckDemoKey0001"), (3600, "LTAI5tSkydeckDemoKey0001"), (0, "STS.NUexample")] {
            let mut call = call("alibaba-sae");
            call.ahead = ahead;
            call.credentials = crate::support::key(key, "another");
            let explanation = call.explained(&refused(&call, code, before, |text| text, &[("date", "Sun, 22 Nov 2026 10:00:00 GMT")]));
            holds(&explanation, "signature", "wrong-secret (proven)");
            assert_eq!(found(&explanation), ["signature"], "{code} {ahead} {key}: {explanation:#?}");
            assert!(explanation.cause.contains("wrong-secret") && !explanation.cause.contains("cannot be read"), "{explanation:#?}");
            assert_eq!(explanation.remedy, explanation.likely().unwrap().remedy);
            assert_eq!(explanation.signature.as_ref().map(|cause| cause.fault.id), Some("wrong-secret"));
        }
    }
}

#[test]
fn reports_another_vendors_key_beside_a_wrong_secret() {
    let mut call = call("alibaba-sae");
    call.credentials = crate::support::key("AKLTother", "another");
    let explanation = call.explained(&refused(&call, CODES[0].0, CODES[0].1, |text| text, &[]));
    assert_eq!(found(&explanation), ["key", "signature"]);
}

#[test]
fn tells_a_changed_request_from_a_wrong_secret() {
    for (code, before) in CODES {
        let call = call("alibaba-sae");
        let explanation = call.explained(&refused(&call, code, before, |text| text.replacen("POST", "GET", 1), &[]));
        holds(&explanation, "signature", "method (proven)");
        assert!(!format!("{} {}", explanation.cause, explanation.remedy).contains("ecret"), "{explanation:#?}");
    }
}

#[test]
fn white_space_in_the_secret_goes_with_a_wrong_secret() {
    let mut call = call("alibaba-sae");
    let Credentials::AccessKey(key) = &mut call.credentials else { unreachable!() };
    key.secret = Secret::new("another ");
    let explanation = call.explained(&refused(&call, CODES[0].0, CODES[0].1, |text| text, &[]));
    assert_eq!(found(&explanation), ["white space", "signature"]);
}

#[test]
fn ignores_canonical_texts_of_other_errors() {
    let call = call("otc-swr");
    let canonical = texts(&call).1.replace('\n', "|");
    for reason in
        ["signature expired, signature time:20261130T065557Z,server time:20261130T071215Z", "AK access failed to reach the limit,forbidden"]
    {
        let message = format!("Incorrect IAM authentication information: {reason}, canonicalRequest:{canonical}");
        let body = serde_json::json!({ "error_msg": message, "error_code": "APIGW.0301" }).to_string();
        let explanation = call.explained(&call.answered(401, &[], &body));
        assert_eq!(explanation.signature, None, "{explanation:#?}");
        assert!(!format!("{explanation:?}").contains("wrong-secret"), "{explanation:#?}");
    }
    let body = serde_json::json!({ "error_msg": format!("Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:{canonical}"), "error_code": "APIGW.0301" });
    let explanation = call.explained(&call.answered(401, &[], &body.to_string()));
    holds(&explanation, "signature", "wrong-secret (proven)");
}
