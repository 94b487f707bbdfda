//! Requests that the vendors refuse: status, code, text and shape of each.

use serde_json::{Value, json};
use skydeck::emulator::Settings;
use skydeck::wire::Request;

use crate::lab::{Lab, PROVIDERS, Signer, code, good, json, message, texts};

/// What each provider answers, in the order of [`PROVIDERS`].
type Wanted = [(u16, &'static str); 5];

/// Sends each provider's good create call, spoilt, and holds the answers against what is wanted.
fn each(wanted: Wanted, spoil: impl Fn(&Lab, &str, Signer, Request) -> Request) {
    let lab = Lab::demo();
    for (id, wanted) in PROVIDERS.into_iter().zip(wanted) {
        let request = spoil(&lab, id, lab.signer(id), lab.plan(id, &texts(&good(id, "orders"))));
        let answer = lab.send(id, &request);
        assert_eq!((answer.status, code(&answer).as_str()), wanted, "{id}: {answer:?}");
    }
}

#[test]
fn finds_a_wrong_secret() {
    let wanted = [
        (400, "SignatureDoesNotMatch"),
        (400, "SignatureDoesNotMatch"),
        (401, "SignatureDoesNotMatch"),
        (401, "APIGW.0301"),
        (401, "APIGW.0301"),
    ];
    each(wanted, |lab, id, signer, request| signer.with_secret("wrong").sign(lab, id, request));
}

#[test]
fn finds_an_unknown_key() {
    let wanted = [
        (404, "InvalidAccessKeyId.NotFound"),
        (404, "InvalidAccessKeyId.NotFound"),
        (401, "InvalidAccessKey"),
        (401, "APIGW.0301"),
        (401, "APIGW.0301"),
    ];
    each(wanted, |lab, id, signer, request| signer.with_id("NOBODY").sign(lab, id, request));
}

#[test]
fn reports_a_clock_that_is_off() {
    let wanted = [
        (400, "InvalidTimeStamp.Expired"),
        (400, "InvalidTimeStamp.Expired"),
        (400, "InvalidTimestamp"),
        (401, "APIGW.0303"),
        (401, "APIGW.0303"),
    ];
    for minutes in [-16, 16] {
        each(wanted, |lab, id, signer, request| signer.minutes_off(minutes).sign(lab, id, request));
    }
}

#[test]
fn reports_a_missing_signature() {
    let wanted = [
        (400, "MissingAccessKeyId"),
        (400, "MissingAccessKeyId"),
        (401, "MissingAuthenticationToken"),
        (401, "APIGW.0301"),
        (401, "APIGW.0301"),
    ];
    each(wanted, |_, _, _, request| request);
}

#[test]
fn reports_a_malformed_authorization() {
    let wanted = [
        (400, "IncompleteSignature"),
        (400, "IncompleteSignature"),
        (400, "InvalidAuthorization"),
        (401, "APIGW.0301"),
        (401, "APIGW.0301"),
    ];
    each(wanted, |lab, id, signer, request| {
        let mut request = signer.sign(lab, id, request);
        let scheme = request.headers.get_str("authorization").unwrap().split(' ').next().unwrap().to_owned();
        request.headers.set("authorization", format!("{scheme} nonsense"));
        request
    });
}

#[test]
fn refuses_an_unknown_path() {
    let wanted = [
        (404, "InvalidAction.NotFound"),
        (404, "InvalidAction.NotFound"),
        (404, "ServiceNotFound"),
        (404, "APIGW.0101"),
        (404, "APIGW.0101"),
    ];
    each(wanted, |_, _, _, mut request| {
        request.target = format!("/nowhere?{}", request.query());
        request
    });
}

#[test]
fn refuses_a_method_the_path_lacks() {
    let wanted = [
        (404, "InvalidAction.NotFound"),
        (404, "InvalidAction.NotFound"),
        (404, "InvalidActionOrVersion"),
        (404, "APIGW.0101"),
        (404, "APIGW.0101"),
    ];
    each(wanted, |_, _, _, mut request| {
        request.method = "PATCH".into();
        request
    });
}

#[test]
fn reports_a_body_that_is_not_json() {
    let lab = Lab::demo();
    let wanted =
        [("alibaba-pai", 400, "InvalidParameter"), ("volcengine-id", 400, "InvalidRequest"), ("otc-swr", 400, "SVCSTG.SWR.4001018")];
    for (id, status, wanted) in wanted {
        for body in ["{", "[]", "\"text\"", "\u{feff}{}"] {
            let mut request = lab.plan(id, &texts(&good(id, "orders")));
            request.body = body.as_bytes().to_vec().into();
            request.headers.set("content-length", body.len().to_string());
            let answer = lab.send(id, &lab.signer(id).sign(&lab, id, request));
            assert_eq!((answer.status, code(&answer).as_str()), (status, wanted), "{id} {body}");
        }
    }
}

#[test]
fn parameters_that_break_rules() {
    let lab = Lab::demo();
    let long = format!("NamespaceName={}", "x".repeat(65));
    let cases: &[(&str, &[&str], &str)] = &[
        ("alibaba-sae", &["NameSpaceShortId=orders"], "MissingNamespaceName"),
        ("alibaba-sae", &["NamespaceName=o", "NameSpaceShortId=or_ders"], "InvalidNamespaceIdSuffix.Format"),
        ("alibaba-sae", &["NamespaceName=o", "NameSpaceShortId=Orders"], "InvalidNamespace.WithUppercase"),
        ("alibaba-sae", &["NamespaceName=o", "NameSpaceShortId=orders012345678901234567890"], "InvalidNamespaceId.Format"),
        ("alibaba-sae", &["NamespaceName=o", "NamespaceId=orders"], "InvalidNamespaceId.Format"),
        ("alibaba-sae", &[&long, "NameSpaceShortId=orders"], "InvalidNamespaceName.Format"),
        ("alibaba-pai", &["Description=d", "EnvTypes=prod"], "MissingWorkspaceName"),
        ("alibaba-pai", &["WorkspaceName=1orders", "Description=d", "EnvTypes=prod"], "InvalidParameter"),
        ("alibaba-pai", &["WorkspaceName=orders", "Description=d", "EnvTypes=dev"], "InvalidParameter"),
        ("volcengine-id", &["Description=d"], "MissingParameter.NamespaceName"),
        ("volcengine-id", &["NamespaceName=o", "Tags:=\"none\""], "InvalidParameter.Tags"),
        ("huawei-swr", &[], "SVCSTG.SWR.4001014"),
        ("huawei-swr", &["namespace=a..b"], "SVCSTG.SWR.4001028"),
        ("huawei-swr", &["namespace=a--b"], "SVCSTG.SWR.4001028"),
        ("otc-swr", &["namespace=Orders"], "SVCSTG.SWR.4001028"),
        ("otc-swr", &["namespace:=1"], "SVCSTG.SWR.4001025"),
    ];
    for (id, arguments, wanted) in cases {
        let answer = lab.send(id, &lab.create(id, arguments));
        assert_eq!((answer.status, code(&answer).as_str()), (400, *wanted), "{id} {arguments:?} {answer:?}");
    }
}

#[test]
fn names_at_the_limits_pass() {
    let lab = Lab::demo();
    let name = format!("NamespaceName={}", "名".repeat(64));
    let swr = format!("namespace={}", "x".repeat(64));
    let cases: &[(&str, &[&str])] = &[
        ("alibaba-sae", &[&name, "NameSpaceShortId=orders01234567890123"]),
        ("alibaba-sae", &["NamespaceName=no id at all"]),
        ("alibaba-pai", &["WorkspaceName=a_b", "Description=d", "EnvTypes=prod", "EnvTypes=dev"]),
        ("huawei-swr", &[&swr]),
        ("huawei-swr", &["namespace=a"]),
        ("otc-swr", &["namespace=a__b.c-d"]),
    ];
    for (id, arguments) in cases {
        let answer = lab.send(id, &lab.create(id, arguments));
        assert!(answer.status < 300, "{id} {arguments:?} {answer:?}");
    }
}

#[test]
fn shows_what_the_server_signed() {
    let lab = Lab::demo();
    let wrong = |id: &str| {
        let request = lab.signer(id).with_secret("wrong").sign(&lab, id, lab.plan(id, &texts(&good(id, "orders"))));
        message(&lab.send(id, &request))
    };
    let message_text = wrong("alibaba-sae");
    let host = format!("host:{}\n", lab.address("alibaba-sae"));
    assert!(
        message_text.starts_with("Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n"),
        "{message_text}"
    );
    assert!(
        message_text.contains("] server CanonicalRequest is [POST\n/pop/v1/paas/namespace\nNameSpaceShortId=orders&NamespaceName=Orders\n"),
        "{message_text}"
    );
    assert!(message_text.contains(&host) && message_text.ends_with(']'), "{message_text}");
    let message_text = wrong("otc-swr");
    let start = "Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:POST|/v2/manage/namespaces/||";
    assert!(message_text.starts_with(start) && !message_text.contains('\n'), "{message_text}");
}

#[test]
fn renders_each_vendors_error_shape() {
    let lab = Lab::demo();
    let taken = |id: &str| {
        let arguments = good(id, "orders");
        lab.send(id, &lab.create(id, &texts(&arguments)));
        lab.send(id, &lab.create(id, &texts(&arguments)))
    };
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&json(&taken("alibaba-sae"))), ["RequestId", "Message", "TraceId", "ErrorCode", "Code", "Success"]);
    assert_eq!(members(&json(&taken("alibaba-pai"))), ["RequestId", "HostId", "Code", "Message", "Recommend"]);
    assert_eq!(members(&json(&taken("huawei-swr"))), ["errors", "error_code", "error_msg", "details"]);
    // Who signs at OTC is Huawei's SDK; OTC's own clients have a token.
    assert_eq!(members(&json(&taken("otc-swr"))), ["errors", "error_code", "error_msg", "details"]);
    let volcengine = json(&taken("volcengine-id"));
    assert_eq!(members(&volcengine), ["ResponseMetadata"]);
    assert_eq!(members(&volcengine["ResponseMetadata"]["Error"]), ["Code", "Message"]);
    let denied = lab.send("volcengine-id", &lab.plan("volcengine-id", &["NamespaceName=o"]));
    assert_eq!(json(&denied)["ResponseMetadata"]["Error"]["CodeN"], json!(100_003));
}

#[test]
fn volcengine_wants_its_action_in_the_query() {
    let lab = Lab::demo();
    let ask = |target: &str| {
        let mut request = lab.plan("volcengine-id", &["NamespaceName=o"]);
        target.clone_into(&mut request.target);
        lab.send("volcengine-id", &lab.signer("volcengine-id").sign(&lab, "volcengine-id", request))
    };
    let missing = ask("/?Version=2025-10-30");
    assert_eq!((missing.status, code(&missing).as_str()), (400, "MissingParameter"));
    assert_eq!(message(&missing), "The request is missing Action parameter.");
    assert_eq!(message(&ask("/?Action=&Version=2025-10-30")), "The request is missing Action parameter.");
    assert_eq!(message(&ask("/?Action=CreateNamespace&Version=")), "The request is missing Version parameter.");
    let unknown = ask("/?Action=Nothing&Version=2025-10-30");
    assert_eq!((unknown.status, message(&unknown).as_str()), (404, "Could not find operation Nothing for version 2025-10-30."));
    assert_eq!(code(&ask("/?Action=CreateNamespace&Version=2020-01-01")), "InvalidActionOrVersion");
}

#[test]
fn alibaba_names_the_version_and_the_product() {
    let lab = Lab::demo();
    for (id, product) in [("alibaba-sae", "&product=sae&"), ("alibaba-pai", "&product=AIWorkSpace&")] {
        let mut request = lab.plan(id, &texts(&good(id, "orders")));
        request.headers.set("x-acs-version", "2014-05-26");
        let answer = lab.send(id, &lab.signer(id).sign(&lab, id, request));
        assert_eq!((answer.status, code(&answer).as_str()), (400, "InvalidVersion"), "{id}");
        assert_eq!(message(&answer), "Specified parameter Version is not valid.");
        let recommend = json(&answer)["Recommend"].as_str().unwrap().to_owned();
        assert!(recommend.contains(product), "{recommend}");
        let trace = answer.headers.get_str("x-acs-trace-id").unwrap();
        assert!(trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit()), "{trace}");
    }
}

#[test]
fn alibaba_wants_action_version_and_nonce_beside_a_signature_that_holds() {
    let lab = Lab::demo();
    for id in ["alibaba-sae", "alibaba-pai"] {
        let plan = |without: &str| {
            let mut request = lab.plan(id, &texts(&good(id, "orders")));
            request.headers.remove(without);
            request
        };
        let without_nonce = Signer { nonce: Some(String::new()), ..lab.signer(id) };
        for (signer, header, name) in [
            (lab.signer(id), "x-acs-action", "Action"),
            (lab.signer(id), "x-acs-version", "Version"),
            (without_nonce, "-", "SignatureNonce"),
        ] {
            let answer = lab.send(id, &signer.sign(&lab, id, plan(header)));
            assert_eq!((answer.status, code(&answer)), (400, format!("Missing{name}")), "{id}");
            assert_eq!(message(&answer), format!("{name} is mandatory for this action."));
            let forged = signer.with_secret("wrong").sign(&lab, id, plan(header));
            assert_eq!(code(&lab.send(id, &forged)), "SignatureDoesNotMatch", "{id} {name}");
        }
    }
}

#[test]
fn records_a_nonce_only_after_its_signature() {
    let lab = Lab::demo();
    let id = "alibaba-sae";
    let signer = Signer { nonce: Some("0123456789abcdef".into()), ..lab.signer(id) };
    let plan = |name: &str| lab.plan(id, &texts(&good(id, name)));
    // Whoever has no secret uses nothing up.
    let forged = signer.clone().with_secret("wrong").sign(&lab, id, plan("a"));
    assert_eq!(code(&lab.send(id, &forged)), "SignatureDoesNotMatch");
    let request = signer.sign(&lab, id, plan("a"));
    assert_eq!(lab.send(id, &request).status, 200);
    let replayed = lab.send(id, &request);
    assert_eq!((replayed.status, code(&replayed).as_str()), (400, "SignatureNonceUsed"));
    let reused = signer.sign(&lab, id, plan("b"));
    assert_eq!(code(&lab.send(id, &reused)), "SignatureNonceUsed");
    // A refusal for a parameter uses it up as well: the signature held.
    let broken = Signer { nonce: Some("fedcba9876543210".into()), ..lab.signer(id) }.sign(&lab, id, lab.plan(id, &["NameSpaceShortId=a"]));
    assert_eq!(code(&lab.send(id, &broken)), "MissingNamespaceName");
    assert_eq!(code(&lab.send(id, &broken)), "SignatureNonceUsed");
}

#[test]
fn temporary_keys_need_their_token() {
    let keys = vec!["STS.Test:secret:the-token".parse().unwrap()];
    let lab = Lab::with(Settings { keys, ..Settings::default() });
    let wanted = [
        ("InvalidSecurityToken.MismatchWithAccessKey", "MissingSecurityToken"),
        ("InvalidSecurityToken.MismatchWithAccessKey", "MissingSecurityToken"),
        ("InvalidSecretToken", "InvalidSecretToken"),
        ("APIGW.0301", "APIGW.0301"),
        ("APIGW.0301", "APIGW.0301"),
    ];
    for (id, (wrong, missing)) in PROVIDERS.into_iter().zip(wanted) {
        let send = |token: Option<&str>| {
            let mut signer = lab.signer(id).with_id("STS.Test").with_secret("secret");
            signer.key.token = token.map(|token| token.to_owned().into());
            lab.send(id, &signer.sign(&lab, id, lab.plan(id, &texts(&good(id, "orders")))))
        };
        assert_eq!(code(&send(Some("another"))), wrong, "{id}");
        assert_eq!(code(&send(None)), missing, "{id}");
        assert!(send(Some("the-token")).status < 300, "{id}");
        // With keys of one's own the demo's are not accepted.
        assert!(lab.send(id, &lab.create(id, &texts(&good(id, "other")))).status >= 400, "{id}");
    }
}

#[test]
fn huawei_locks_a_key_after_more_than_five_failures_in_a_row() {
    let lab = Lab::demo();
    for id in ["huawei-swr", "otc-swr"] {
        let plan = |name: &str| lab.plan(id, &[&format!("namespace={name}")]);
        let fail = |times: usize| {
            (0..times)
                .map(|_| message(&lab.send(id, &lab.signer(id).with_secret("wrong").sign(&lab, id, plan("wrong")))))
                .collect::<Vec<_>>()
        };
        assert!(fail(5).iter().all(|message_text| message_text.contains("verify aksk signature fail")), "{id}");
        assert_eq!(lab.send(id, &lab.signer(id).sign(&lab, id, plan("orders"))).status, 201, "{id}: five are borne");
        assert!(fail(6).iter().all(|message_text| message_text.contains("verify aksk signature fail")), "{id}");
        let locked = lab.send(id, &lab.signer(id).sign(&lab, id, plan("billing")));
        assert_eq!((locked.status, code(&locked).as_str()), (401, "APIGW.0301"), "{id}");
        assert_eq!(message(&locked), "Incorrect IAM authentication information: AK access failed to reach the limit,forbidden");
    }
}
