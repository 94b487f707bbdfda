//! What can be said without the secret.

use skydeck::lab::{Certainty, Verdict};

use crate::table::{examined, faults};
use crate::vector::{Vector, one};

fn seen(vector: &Vector, request: &skydeck::wire::Request, fault: &str) {
    let report = examined(vector, request, None, 0);
    assert!(faults(&report).contains(&fault), "{fault} expected, found {:?}", report.causes);
    assert_eq!(report.verdict, Verdict::Fails);
    assert!(report.causes.iter().all(|cause| cause.certainty != Certainty::Proven), "{:?}", report.causes);
}

#[test]
fn reports_what_the_structure_shows() {
    let sae = one("alibaba", "py-pai-create-all.json");
    let volcengine = one("volcengine", "03-create-full.json");
    let swr = one("huawei", "05-create-unicode.json");
    let sts = one("alibaba", "py-sae-create-sts.json");
    seen(&sae, &sae.wire_changed(|request| request.headers.remove("user-agent")), "header-dropped");
    seen(&sae, &sae.wire_changed(|request| request.headers.push("x-acs-proxy", "1")), "header-added");
    seen(&sae, &sae.authorization_changed("host;", ""), "list-lacks");
    seen(&sae, &sae.authorization_changed("accept;", "Accept;"), "list-case");
    seen(&sae, &sae.header_changed("x-acs-date", |_| "2026-11-22T00:20:00Z".to_owned()), "date-stale");
    seen(&sae, &sae.header_changed("x-acs-date", |_| "yesterday".to_owned()), "date-format");
    seen(&sae, &sae.wire_changed(|request| request.headers.remove("x-acs-date")), "date-missing");
    seen(
        &sae,
        &sae.header_changed("x-acs-content-sha256", |_| "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned()),
        "payload-empty",
    );
    seen(&sae, &sae.wire_changed(|request| request.body = "{}".into()), "payload-length");
    seen(&sae, &sae.with_signature("06563a9e"), "signature-cut");
    seen(&sae, &sae.with_signature("not hex at all"), "signature-shape");
    seen(&volcengine, &volcengine.authorization_changed("/20261122/", "/20261121/"), "scope-day");
    seen(&volcengine, &volcengine.authorization_changed("/request,", "/sdk_request,"), "scope-end");
    seen(&volcengine, &volcengine.authorization_changed("AKLTdummyExampleAccessKeyId", "LTAI5tExampleKey000000"), "foreign-key");
    seen(&swr, &swr.authorization_changed("HWDUMMYACCESSKEY0001", "LTAI5tExampleKey000000"), "foreign-key");
    seen(&swr, &swr.authorization_changed(", Signature=", ", Sig="), "authorization-malformed");
    seen(&sts, &sts.wire_changed(|request| request.headers.remove("x-acs-security-token")), "token-missing");
}

#[test]
fn reports_token_and_empty_as_unsigned() {
    let swr = one("huawei", "05-create-unicode.json");
    let mut token = swr.request.clone();
    token.headers.remove("authorization");
    assert_eq!(faults(&examined(&swr, &token, None, 1)), ["no-signature"]);
    token.headers.push("x-auth-token", "MIIFtoken");
    let report = examined(&swr, &token, Some(&swr.key), 2);
    assert_eq!((report.verdict, faults(&report)), (Verdict::NoSignature, vec!["token-no-signature"]));
    token.headers.push("authorization", "AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=00");
    token.headers.remove("x-sdk-date");
    let report = examined(&swr, &token, None, 0);
    assert_eq!((report.verdict, faults(&report)[0]), (Verdict::Fails, "authorization-malformed"));
}

#[test]
fn never_verifies_what_a_gateway_refuses() {
    let vector = one("alibaba", "py-sae-create-min.json");
    let mut late = vector.key.clone();
    late.token = Some("CAIS-token".to_owned().into());
    assert_eq!(faults(&examined(&vector, &vector.request, Some(&late), 0)), ["token-missing"]);
    let mut other = vector.key.clone();
    other.id = "LTAI5tAnother".to_owned();
    assert_eq!(faults(&examined(&vector, &vector.request, Some(&other), 0)), ["other-key"]);
    let stale = Vector { now: vector.now + jiff::SignedDuration::from_mins(20), ..one("alibaba", "py-sae-create-min.json") };
    assert_eq!(faults(&examined(&stale, &vector.request, Some(&vector.key), 0)), ["date-stale"]);
}
