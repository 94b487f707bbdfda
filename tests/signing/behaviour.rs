//! What a verifier refuses first, and the corners that no captured request shows.

use skydeck::auth::{
    AccessKey, ComputedSignature, Credentials, Scheme, Scope, SigningInputs, Trace, VerifyError, hex_sha256, sign, verify,
};
use skydeck::wire::Request;

use crate::vector::{Vector, one};

const SCOPE: Scope<'_> = Scope { region: "cn-beijing", service: "id" };
const TEMPORARY: [(Scheme, &str, &str); 4] = [
    (Scheme::Acs3, "alibaba", "py-sae-create-sts.json"),
    (Scheme::Volcengine, "volcengine", "12-create-sts-token.json"),
    (Scheme::SdkHmac, "huawei", "03-create-sts.json"),
    (Scheme::SdkHmacScoped, "otc-legacy", "03-create-project-sts.json"),
];

fn temporary() -> impl Iterator<Item = Vector> {
    TEMPORARY.into_iter().map(|(_, folder, file)| one(folder, file))
}

fn date_header(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Acs3 => "x-acs-date",
        Scheme::Volcengine => "x-date",
        _ => "x-sdk-date",
    }
}

fn token_header(scheme: Scheme) -> &'static str {
    if scheme == Scheme::Acs3 { "x-acs-security-token" } else { "x-security-token" }
}

/// Starts from a request in which everything is wrong and mends one thing after the other.
#[test]
fn reports_the_first_problem() {
    for good in temporary() {
        let (name, scheme) = (&good.name, good.scheme);
        let authorization = good.request.headers.get_str("authorization").unwrap().to_owned();
        let mut vector = one_again(&good);
        vector.key.id = "AnotherKey".into();
        vector.request.body = "changed".into();
        vector.request.headers.set(token_header(scheme), "another token");
        vector.request.headers.set(date_header(scheme), "yesterday");
        vector.request.headers.remove("authorization");
        assert_eq!(refusal(&vector), VerifyError::NoCredentials, "{name}");
        vector.request.headers.set("authorization", "Digest realm=1");
        assert!(matches!(refusal(&vector), VerifyError::Malformed(_)), "{name}");
        vector.request.headers.set("authorization", authorization);
        assert!(matches!(refusal(&vector), VerifyError::MalformedDate(_)), "{name}");
        vector.request.headers.set(date_header(scheme), good.request.headers.get(date_header(scheme)).unwrap());
        let now = std::mem::replace(&mut vector.now, good.now - jiff::SignedDuration::from_mins(16));
        assert_eq!(refusal(&vector), VerifyError::Stale(960), "{name}");
        vector.now = now;
        assert_eq!(refusal(&vector), VerifyError::UnknownKey(good.key.id.clone()), "{name}");
        vector.key = good.key.clone();
        assert_eq!(refusal(&vector), VerifyError::WrongSecurityToken, "{name}");
        vector.request.headers.remove(token_header(scheme));
        assert_eq!(refusal(&vector), VerifyError::MissingSecurityToken, "{name}");
        vector.request.headers.push(token_header(scheme), good.request.headers.get(token_header(scheme)).unwrap());
        let VerifyError::Mismatch(trace) = refusal(&vector) else { panic!("{name}: no mismatch") };
        assert_eq!(trace.payload_hash, hex_sha256(b"changed"), "{name}: the mismatch tells what was computed");
        vector.request.body = good.request.body.clone();
        assert!(vector.verify(&vector.request).is_ok(), "{name}");
    }
}

fn one_again(vector: &Vector) -> Vector {
    let (folder, file) = vector.name.split_once('/').unwrap();
    one(folder, file)
}

fn refusal(vector: &Vector) -> VerifyError {
    vector.verify(&vector.request).expect_err(&vector.name)
}

#[test]
fn neither_secret_nor_token_is_in_an_error() {
    for mut vector in temporary() {
        vector.request.body = "changed".into();
        let shown = format!("{:?} {}", vector.key, refusal(&vector));
        assert!(!shown.contains(vector.key.secret.expose()), "{}", vector.name);
        let VerifyError::Mismatch(trace) = refusal(&vector) else { panic!("{}: no mismatch", vector.name) };
        assert!(!format!("{trace:?}").contains(vector.key.secret.expose()), "{}", vector.name);
    }
}

#[test]
fn requires_the_schemes_signed_headers() {
    for (folder, file, header) in [
        ("alibaba", "py-sae-create-min.json", "host"),
        ("alibaba", "py-sae-create-min.json", "x-acs-version"),
        ("volcengine", "01-create-name-only.json", "x-date"),
        ("huawei", "01-create.json", "x-sdk-date"),
        ("otc-legacy", "01-create.json", "x-sdk-date"),
    ] {
        let mut vector = one(folder, file);
        let signed = vector.signed_headers();
        let fewer: Vec<_> = signed.iter().filter(|name| *name != header).cloned().collect();
        let authorization = vector.expected.authorization.replace(&signed.join(";"), &fewer.join(";"));
        vector.request.headers.set("authorization", authorization);
        assert_eq!(refusal(&vector), VerifyError::Unsigned(header.into()), "{}", vector.name);
    }
}

fn key() -> AccessKey {
    AccessKey { id: "AK".into(), secret: "secret".to_owned().into(), token: None, project_id: None }
}

fn moment() -> SigningInputs {
    SigningInputs { now: "2026-11-22T00:39:53Z".parse().unwrap(), nonce: "315cfd7715a7b68bf04ea7982303761b".into() }
}

fn signed(scheme: Scheme, request: Request) -> Request {
    sign(scheme, request, &Credentials::AccessKey(key()), SCOPE, &moment(), &[]).unwrap().request
}

fn verified(scheme: Scheme, request: &Request) -> Result<Trace, VerifyError> {
    let key = key();
    let keys = |id: &str| (id == key.id).then(|| (&key).into());
    verify(scheme, request, &keys, moment().now).map(ComputedSignature::trace)
}

fn post(fields: &[(&str, &str)]) -> Request {
    Request { method: "POST".into(), target: "/a".into(), headers: fields.iter().copied().collect(), body: "{}".into() }
}

#[test]
fn volcengine_lets_host_be_unsigned() {
    let mut request = signed(Scheme::Volcengine, post(&[]));
    request.headers.push("host", "open.volcengineapi.com");
    assert_eq!(
        verified(Scheme::Volcengine, &request).map(|trace| trace.signed_headers),
        Ok(vec!["x-content-sha256".into(), "x-date".into()])
    );
}

#[test]
fn volcengine_holds_the_day_of_the_scope_against_the_date() {
    let mut request = signed(Scheme::Volcengine, post(&[("host", "a")]));
    let other_day = request.headers.get_str("authorization").unwrap().replace("/20261122/", "/20261121/");
    request.headers.set("authorization", other_day);
    assert!(matches!(verified(Scheme::Volcengine, &request), Err(VerifyError::Malformed(_))));
}

#[test]
fn refuses_a_declared_hash_of_another_body() {
    for (scheme, header) in
        [(Scheme::Acs3, "x-acs-content-sha256"), (Scheme::Volcengine, "x-content-sha256"), (Scheme::SdkHmac, "x-sdk-content-sha256")]
    {
        let request = signed(scheme, post(&[("host", "a"), (header, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8b")]));
        assert!(matches!(verified(scheme, &request), Err(VerifyError::Mismatch(_))), "{}", scheme.name());
        let right = hex_sha256(b"{}");
        let request = signed(scheme, post(&[("host", "a"), (header, &right)]));
        assert_eq!(verified(scheme, &request).map(|trace| trace.payload_hash), Ok(right), "{}", scheme.name());
    }
}

#[test]
fn huawei_lets_a_body_be_unsigned_and_nothing_be_nothing() {
    let mut request = signed(Scheme::SdkHmac, post(&[("host", "a"), ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")]));
    request.body = "anything".into();
    assert_eq!(verified(Scheme::SdkHmac, &request).map(|trace| trace.payload_hash), Ok("UNSIGNED-PAYLOAD".into()));
    let empty = Request { body: "".into(), ..post(&[("host", "a"), ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")]) };
    assert_eq!(verified(Scheme::SdkHmac, &signed(Scheme::SdkHmac, empty)).map(|trace| trace.payload_hash), Ok(hex_sha256(b"")));
}

#[test]
fn refuses_a_payload_hash_added_later() {
    let mut request = signed(Scheme::SdkHmac, post(&[("host", "a")]));
    request.headers.push("x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
    assert!(matches!(verified(Scheme::SdkHmac, &request), Err(VerifyError::Mismatch(_))));
}

#[test]
fn respects_date_and_nonce_of_the_caller() {
    let request = post(&[("host", "a"), ("X-Acs-Date", "2026-11-22T00:40:00Z"), ("x-acs-signature-nonce", "mine")]);
    let trace = verified(Scheme::Acs3, &signed(Scheme::Acs3, request)).unwrap();
    assert_eq!(trace.date, "2026-11-22T00:40:00Z");
    assert!(trace.canonical_request.contains("\nx-acs-signature-nonce:mine\n"));
}

#[test]
fn repeated_headers_verify_as_they_were_signed() {
    for scheme in [Scheme::Acs3, Scheme::Volcengine, Scheme::SdkHmac] {
        let request = post(&[("host", "a"), ("content-type", "b"), ("Content-Type", "a  b")]);
        assert!(verified(scheme, &signed(scheme, request)).is_ok(), "{}", scheme.name());
    }
}
