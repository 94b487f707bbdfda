//! Errors as people paste them: bodies of every vendor, what SDKs and tools print, other languages, and nonsense.

use proptest::prelude::*;
use skydeck::explain::{ErrorText, Explanation, explain_error};

use crate::support::provider;

struct Pasted {
    provider: &'static str,
    text: &'static str,
    status: Option<u16>,
    code: Option<&'static str>,
    cause: &'static str,
}

const fn pasted(provider: &'static str, text: &'static str, status: u16, code: &'static str, cause: &'static str) -> Pasted {
    Pasted {
        provider,
        text,
        status: if status == 0 { None } else { Some(status) },
        code: if code.is_empty() { None } else { Some(code) },
        cause,
    }
}

const SEEN: &[Pasted] = &[
    // Bodies.
    pasted("otc-swr", include_str!("answers_seen/otc3392.body"), 0, "APIGW.0301", "978 s"),
    pasted("otc-swr", include_str!("answers_seen/otc2089.body"), 401, "401", "wants a token"),
    pasted("alibaba-sae", include_str!("answers_seen/kube52.body"), 0, "InvalidParameter", "temporary credentials have run out"),
    pasted("otc-swr", r#"[{"errorCode":"SVCSTG.SWR.4090060","errorMessage":"taken","detail":""}]"#, 0, "SVCSTG.SWR.4090060", "taken"),
    pasted("huawei-swr", r#"{"errors":[{"code":"DENIED","message":"you may not","detail":[]}]}"#, 0, "DENIED", "image registry"),
    pasted(
        "volcengine-id",
        r#"{"ResponseMetadata":{"RequestId":"20261122","Error":{"CodeN":100010,"Code":"SignatureDoesNotMatch","Message":"no"}}}"#,
        0,
        "SignatureDoesNotMatch",
        "signature",
    ),
    pasted(
        "alibaba-pai",
        "<?xml version='1.0'?><Error><RequestId>R1</RequestId><Code>InvalidAccessKeyId.NotFound</Code><Message>Specified access key is not found.</Message></Error>",
        0,
        "InvalidAccessKeyId.NotFound",
        "access key id",
    ),
    pasted(
        "huawei-swr",
        "HTTP/1.1 403 Forbidden\r\nx-request-id: abc\r\n\r\n{\"error_code\":\"APIGW.0302\",\"error_msg\":\"no\"}",
        403,
        "APIGW.0302",
        "may not call",
    ),
    // Quoted, wrapped, nested.
    pasted(
        "huawei-swr",
        r#""{\"error_msg\":\"Incorrect IAM authentication information: decrypt token fail\",\"error_code\":\"APIGW.0301\"}""#,
        0,
        "APIGW.0301",
        "cannot read the token",
    ),
    pasted(
        "huawei-swr",
        "<html><body><pre>{&quot;error_msg&quot;:&quot;token expires&quot;,&quot;error_code&quot;:&quot;APIGW.0301&quot;}</pre></body></html>",
        0,
        "APIGW.0301",
        "has expired",
    ),
    pasted(
        "otc-swr",
        r#"b'{"error_msg":"Get secretKey failed,ak:X,err:ak not exist","error_code":"APIG.0301"}'"#,
        0,
        "APIG.0301",
        "knows no such access key",
    ),
    pasted(
        "huawei-swr",
        r#"{"status":401,"message":"Request failed with status code 401","data":{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: AK access failed to reach the limit,forbidden"}}"#,
        401,
        "APIGW.0301",
        "locked",
    ),
    // What SDKs print.
    pasted(
        "huawei-swr",
        "ClientRequestException - {status_code:401,request_id:7d3f,error_code:APIGW.0301,error_msg:Incorrect IAM authentication information: verify aksk signature fail,encoded_authorization_message:None}",
        401,
        "APIGW.0301",
        "computed another signature",
    ),
    pasted(
        "huawei-swr",
        "{ error_msg: 'Incorrect IAM authentication information: x-auth-token not found', error_code: 'APIGW.0301', request_id: '9a' }",
        0,
        "APIGW.0301",
        "found no token",
    ),
    pasted(
        "alibaba-sae",
        "Error: SignatureDoesNotMatch code: 400, Specified signature does not match our calculation. request id: 91F93257-7A4A",
        400,
        "SignatureDoesNotMatch",
        "another signature",
    ),
    pasted(
        "alibaba-sae",
        "Tea.exceptions.TeaException: Error: InvalidParameter code: 400, The specified parameter \"SecurityToken.Expired\" is not valid. request id: 91F93257 Response: {'RequestId': '91F93257'}",
        400,
        "InvalidParameter",
        "temporary credentials have run out",
    ),
    pasted(
        "alibaba-sae",
        "SDK.ServerError\nErrorCode: InvalidAccessKeyId.NotFound\nRecommend: https://x\nRequestId: 6CB83DE0\nMessage: Specified access key is not found.",
        0,
        "InvalidAccessKeyId.NotFound",
        "access key id",
    ),
    pasted(
        "alibaba-sae",
        "com.aliyuncs.exceptions.ClientException: InvalidTimeStamp.Expired : Specified time stamp or date value is expired.\nRequestId : 3AC1",
        0,
        "InvalidTimeStamp.Expired",
        "15 minutes",
    ),
    pasted(
        "alibaba-sae",
        "SDKError:\n   StatusCode: 400\n   Code: Throttling.User\n   Message: code: 400, Request was denied due to user flow control. request id: 77\n   Data: {\"Code\":\"Throttling.User\",\"Message\":\"Request was denied due to user flow control.\"}",
        400,
        "Throttling.User",
        "too many calls",
    ),
    pasted(
        "volcengine-id",
        "(401)\nReason: Unauthorized\nHTTP response body: {\"ResponseMetadata\":{\"RequestId\":\"2026\",\"Error\":{\"Code\":\"InvalidAccessKey\",\"Message\":\"The accesskey [AKLT] included in the request is invalid.\"}}}",
        401,
        "InvalidAccessKey",
        "key",
    ),
    pasted(
        "otc-swr",
        "openstack.exceptions.HttpException: HttpException: 401: Client Error for url: https://swr-api.eu-de.otc.t-systems.com/v2/manage/namespaces, The X-Auth-Token is invalid!",
        401,
        "",
        "wants a token",
    ),
    pasted(
        "otc-swr",
        "Authentication failed, got 401 instead:\n{\"error\":{\"code\":401,\"message\":\"The username or password is wrong.\",\"title\":\"Unauthorized\"}}",
        401,
        "401",
        "domain is the name of the account",
    ),
    pasted(
        "huawei-swr",
        "Error response from daemon: Get \"https://swr.cn-north-4.myhuaweicloud.com/v2/\": denied: you have no permission",
        0,
        "DENIED",
        "image registry",
    ),
    pasted("huawei-swr", "toomanyrequests: slow down", 0, "TOOMANYREQUESTS", "too many requests"),
    pasted(
        "otc-swr",
        "keystoneauth1.exceptions.http.Unauthorized: The username or password is wrong. (HTTP 401) (Request-ID: e4a1)",
        401,
        "",
        "domain is the name of the account",
    ),
    pasted(
        "volcengine-id",
        r#"{"ResponseMetadata":{"Error":{"Code":"InvalidTimestamp","Message":"The Signature of the request is from the future."}}}"#,
        0,
        "InvalidTimestamp",
        "lies in the future",
    ),
    pasted("huawei-swr", r#"{"error_msg":"API not found","error_code":"APIG.0101"}"#, 0, "APIG.0101", "no API with this host"),
    pasted("alibaba-sae", "The specified parameter \"Action or Version\" is not valid.", 0, "", "no action of this name"),
    pasted("otc-swr", r#"{"message":"Unauthorized"}"#, 0, "", "were not accepted"),
    // Other languages, and codes that the catalog does not have.
    pasted("huawei-swr", r#"{"error_code":"XYZ.0001","error_msg":"签名已过期"}"#, 0, "XYZ.0001", "expired"),
    pasted("alibaba-sae", r#"{"Code":"Odd.Code","Message":"您没有权限执行该操作"}"#, 0, "Odd.Code", "no policy allows"),
    pasted(
        "volcengine-id",
        r#"{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"Odd","Message":"请求过于频繁，请稍后再试"}}}"#,
        0,
        "Odd",
        "more often than",
    ),
    pasted("alibaba-sae", "账号已欠费", 0, "", "in arrears"),
    pasted(
        "huawei-swr",
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
        502,
        "",
        "proxy or load balancer",
    ),
    // Words of users' reports, of clients without an answer, and of what stands before the API.
    pasted(
        "huawei-swr",
        r#"{"error_msg":"Incorrect IAM authentication information: ak LTAI5tThrowAway not exist","error_code":"APIGW.0301"}"#,
        0,
        "APIGW.0301",
        "another vendor's",
    ),
    pasted(
        "huawei-swr",
        r#"{"error_msg":"Incorrect IAM authentication information: ak HWAK0001 not exist","error_code":"APIGW.0301"}"#,
        0,
        "APIGW.0301",
        "knows no such access key",
    ),
    pasted("huawei-swr", "APIGW.0301: Unauthorized", 0, "APIGW.0301", "does not say at what"),
    pasted(
        "otc-swr",
        r#"{"error_msg":"securityToken expired","error_code":"APIGW.0301"}"#,
        0,
        "APIGW.0301",
        "temporary access key has expired",
    ),
    pasted("huawei-swr", r#"{"error_msg":"header x-sdk-date not found","error_code":"APIGW.0301"}"#, 0, "APIGW.0301", "no X-Sdk-Date"),
    pasted("huawei-swr", r#"{"error_msg":"Backend timeout.","error_code":"APIG.0201"}"#, 0, "APIG.0201", "did not answer in time"),
    pasted("huawei-swr", r#"{"errors":[{"code":"DENIED","message":"Authenticate Error"}]}"#, 0, "DENIED", "did not accept the login"),
    pasted(
        "otc-swr",
        r#"{"error":{"code":400,"message":"Expecting to find domain in project."}}"#,
        400,
        "400",
        "body of the token request",
    ),
    pasted("otc-swr", r#"{"error":{"code":401,"message":"The password has expired"}}"#, 401, "401", "password has expired"),
    pasted("otc-swr", r#"{"error_code":"IAM.0011","error_msg":"The token has been revoked"}"#, 0, "IAM.0011", "token"),
    pasted(
        "alibaba-sae",
        r#"HTTP Status: 400 Error:IllegalTimestamp The input parameter "Timestamp" that is mandatory for processing this request is not supplied. RequestID: 1A"#,
        400,
        "IllegalTimestamp",
        "wrong clock",
    ),
    pasted(
        "alibaba-sae",
        "<Error><Code>InvalidAccessKeyId</Code><Message>The OSS Access Key Id you provided does not exist in our records.</Message></Error>",
        0,
        "InvalidAccessKeyId",
        "No account has this access key id",
    ),
    pasted(
        "alibaba-sae",
        r#"{"Code":"InvalidApi.NotPurchase","Message":"Specified api is not purchase"}"#,
        0,
        "InvalidApi.NotPurchase",
        "not activated",
    ),
    pasted("alibaba-pai", r#"{"Code":"Forbidden.RoleNotExist","Message":"Role X not exist"}"#, 0, "Forbidden.RoleNotExist", "RAM role"),
    pasted(
        "volcengine-id",
        r#"{"ResponseMetadata":{"Error":{"Code":"InvalidAuthorization","Message":"Invalid 'Authorization' header, Pls check your authorization header."}}}"#,
        0,
        "InvalidAuthorization",
        "often the region",
    ),
    pasted("volcengine-id", "dial tcp: lookup open.volcengineapi.com: no such host", 0, "", "knows no such host"),
    pasted("huawei-swr", "tls: failed to verify certificate: x509: certificate signed by unknown authority", 0, "", "certificate"),
    pasted("alibaba-sae", "java.net.SocketTimeoutException: connect timed out", 0, "", "in time"),
    pasted("alibaba-sae", "connect ECONNREFUSED 127.0.0.1:443", 0, "", "listens on this port"),
    pasted(
        "alibaba-sae",
        "<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>",
        403,
        "",
        "web server answered",
    ),
    pasted(
        "alibaba-sae",
        "<html><head><title>413 Request Entity Too Large</title></head><body></body></html>",
        413,
        "",
        "no body of this size",
    ),
];

fn explained(id: &str, text: &str) -> (ErrorText, Explanation) {
    let provider = provider(id);
    let error = ErrorText::read(&provider, text);
    let explanation = explain_error(&provider, &error);
    (error, explanation)
}

#[test]
fn explains_pasted_errors() {
    for Pasted { provider, text, status, code, cause } in SEEN {
        let (error, explanation) = explained(provider, text);
        assert_eq!((error.status, error.code.as_deref()), (*status, *code), "{text}\n{error:#?}");
        assert!(explanation.cause.to_lowercase().contains(&cause.to_lowercase()), "{text}\n{error:#?}\n{explanation:#?}");
        assert!(!explanation.remedy.is_empty() && !explanation.summary.is_empty());
    }
}

#[test]
fn never_contradicts_itself() {
    let (_, network) = explained("volcengine-id", "dial tcp: lookup open.volcengineapi.com: no such host");
    assert_eq!(network.summary, "no answer: the host name could not be resolved");
    let (_, answered) = explained("alibaba-sae", r#"{"Code":"Odd","Message":"backend: connection refused"}"#);
    assert!(!answered.summary.contains("no answer"), "a vendor answered: {answered:#?}");
    let (_, login) = explained("otc-swr", r#"{"error":{"code":404,"message":"Could not find project: eu-dee."}}"#);
    assert_eq!(login.parameter, None, "a project is not a field of the form: {login:#?}");
    assert!(login.vendor.starts_with("404  Could"), "the status is not told twice: {login:#?}");
    let (_, near) = explained("alibaba-sae", r#"{"Code":"Forbidden","Message":"User not authorized."}"#);
    assert!(!near.nearest.unwrap_or_default().contains(&"Forbidden".to_owned()));
    let denied = r#"{"ResponseMetadata":{"Error":{"Code":"AccessDenied","Message":"User is not authorized to perform: ark:GetUsage on resource: trn:iam::1:project/*"}}}"#;
    assert_eq!(explained("volcengine-id", denied).1.permission.as_deref(), Some("ark:GetUsage"));
}

#[test]
fn white_space_around_a_text_changes_nothing() {
    for Pasted { provider, text, .. } in SEEN {
        let spaced = format!("\u{feff}\r\n\t {text} \n\n");
        assert_eq!(explained(provider, text).1, explained(provider, &spaced).1, "{text}");
    }
}

#[test]
fn request_ids_are_read() {
    for text in [
        r#"{"error_code":"X","error_msg":"no","request_id":"91f9-1"}"#,
        "Code: X, Message: no, request id: 91f9-1",
        "RequestId : 91f9-1\nCode: Xy",
    ] {
        assert_eq!(ErrorText::read(&provider("huawei-swr"), text).request_id.as_deref(), Some("91f9-1"), "{text}");
    }
}

#[test]
fn finds_a_code_by_its_number() {
    let error = ErrorText { code: Some("100010".into()), ..ErrorText::default() };
    assert!(explain_error(&provider("volcengine-id"), &error).cause.contains("signature"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn reads_any_text(text in r#"(\PC|[{}\[\]"':,\\<>&;\n]|code|message|error|&quot;|\{"|4\d\d){0,60}"#) {
        for id in ["alibaba-sae", "volcengine-id", "huawei-swr"] {
            let (_, explanation) = explained(id, &text);
            prop_assert!(!explanation.cause.is_empty());
        }
    }

    #[test]
    fn explains_a_text_cut_anywhere(which in 0..SEEN.len(), cut in 0.0..1.0_f64) {
        let Pasted { provider, text, .. } = &SEEN[which];
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let end = (text.len() as f64 * cut) as usize;
        let text = String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned();
        prop_assert!(!explained(provider, &text).1.remedy.is_empty());
    }
}
