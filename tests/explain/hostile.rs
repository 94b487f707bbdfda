//! Answers that mean harm: no panic, and no secret of ours in what is explained.

use proptest::prelude::*;
use skydeck::auth::{AccessKey, Credentials};
use skydeck::exchange::Exchange;
use skydeck::explain::{Explanation, ExplanationContext, explain_with};
use skydeck::secret::Secret;
use skydeck::wire::{Headers, Response};

use crate::support::{Call, call};

const PROVIDERS: [&str; 5] = ["alibaba-sae", "alibaba-pai", "volcengine-id", "huawei-swr", "otc-swr"];

/// Headers that some check reads.
const NAMES: [&str; 12] = [
    "date",
    "retry-after",
    "x-acs-retry-after",
    "x-ratelimit-reset",
    "x-ratelimit-remaining",
    "via",
    "x-cache",
    "location",
    "content-encoding",
    "content-type",
    "x-subject-token",
    "proxy-status",
];

const CODES: [&str; 12] = [
    "SignatureDoesNotMatch",
    "InvalidTimeStamp.Expired",
    "InvalidAccessKeyId.NotFound",
    "APIGW.0301",
    "APIGW.0307",
    "NoPermission",
    "AccessDenied",
    "Throttling.User",
    "MissingAccessKeyId",
    "InvalidSecurityToken.Expired",
    "InternalError",
    "Nonsense",
];

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[0-9]{1,24}".prop_map(String::into_bytes),
        "Sun, [0-9]{2} Nov [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT".prop_map(String::into_bytes),
        "\\PC{0,200}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..200),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let code = proptest::sample::select(&CODES[..]);
    prop_oneof![
        (code, "[^\"\\\\\\p{Cc}]{0,300}").prop_map(|(code, message)| {
            format!(
                r#"{{"RequestId":"r","Code":"{code}","Message":"{message}","error_code":"{code}","error_msg":"{message}","AccessDeniedDetail":{{"AuthAction":"{message}","AuthPrincipalType":"{message}","AuthPrincipalDisplayName":"{message}"}},"ResponseMetadata":{{"RequestId":"r","Region":"{message}","Error":{{"Code":"{code}","Message":"{message}"}}}}}}"#
            )
            .into_bytes()
        }),
        "<html><title>\\PC{0,80}</title>".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..300),
    ]
}

fn explained(call: &Call, exchange: &Exchange) -> Option<Explanation> {
    let known = ExplanationContext::default().with_credentials(&call.credentials).with_earlier(std::iter::once(exchange), exchange);
    explain_with(&call.provider, Some(&call.operation), exchange, &known)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn survives_any_answer_without_leaking(
        id in proptest::sample::select(&PROVIDERS[..]),
        status in 100_u16..700,
        headers in proptest::collection::vec((proptest::sample::select(&NAMES[..]), value()), 0..6),
        body in body(),
        secret in "[A-Za-z0-9]{24}",
        token in "[A-Za-z0-9]{40}",
        spaced in any::<bool>(),
        ahead in -100_000_i64..100_000,
    ) {
        let mut call = call(id);
        call.ahead = ahead;
        let space = if spaced { " " } else { "" };
        // Whoever swaps id and secret must not find the secret in an explanation either.
        call.credentials = Credentials::AccessKey(AccessKey {
            id: secret.clone(),
            secret: Secret::new(format!("{secret}{space}")),
            token: Some(Secret::new(&token)),
            project_id: None,
        });
        let mut exchange = call.answered(200, &[], "{}");
        let response = Response { status, headers: headers.into_iter().collect::<Headers>(), body: body.into(), ..Response::default() };
        exchange.outcome = call.read(response);
        if let Some(explanation) = explained(&call, &exchange) {
            let text = format!("{explanation:?}");
            prop_assert!(!text.contains(&secret) && !text.contains(&token), "{text}");
        }
    }

    #[test]
    fn survives_any_request(authorization in value(), date in value(), token in value()) {
        let call = call("volcengine-id");
        let mut exchange = call.answered(400, &[], r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"InvalidTimestamp","Message":"no"}}}"#);
        exchange.signing = None;
        exchange.request.headers.set("authorization", authorization);
        exchange.request.headers.set("x-date", date);
        exchange.request.headers.set("x-auth-token", token);
        prop_assert!(explained(&call, &exchange).is_some());
    }
}
