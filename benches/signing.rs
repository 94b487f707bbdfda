//! How long signing and verifying one request takes, for each scheme. A preview signs on every keystroke: 20 µs is the limit.

use std::hint::black_box;

use divan::Bencher;
use jiff::Timestamp;
use skydeck::auth::{AccessKey, ComputedSignature, Credentials, KeyLookup, Scheme, Scope, SigningInputs, Trace, VerifyError, sign, verify};
use skydeck::wire::{Headers, Request};

const MADE: [Scheme; 3] = [Scheme::Acs3, Scheme::Volcengine, Scheme::SdkHmac];
const SCOPE: Scope<'_> = Scope { region: "cn-beijing", service: "id" };

fn main() {
    divan::main();
}

fn key() -> AccessKey {
    AccessKey {
        id: "LTAI5tExampleKey000000".to_owned(),
        secret: "ExampleSecret0000000000000000".to_owned().into(),
        token: Some("CAISExampleToken+with/slash=and==pad".to_owned().into()),
        project_id: Some("0a1b2c3d4e5f60718293a4b5c6d7e8f9".to_owned()),
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_307_993).unwrap_or_default()
}

fn moment() -> SigningInputs {
    SigningInputs { now: now(), nonce: "315cfd7715a7b68bf04ea7982303761b".to_owned() }
}

/// A create call of ordinary size: seven headers, three parameters, a body of 170 bytes.
fn request() -> Request {
    let headers: Headers = [
        ("host", "sae.cn-hangzhou.aliyuncs.com"),
        ("accept", "application/json"),
        ("user-agent", "skydeck/0.1.0"),
        ("x-acs-action", "CreateNamespace"),
        ("x-acs-version", "2019-05-06"),
        ("content-type", "application/json; charset=utf-8"),
        ("content-length", "170"),
    ]
    .into_iter()
    .collect();
    Request {
        method: "POST".to_owned(),
        target: "/pop/v1/paas/namespace?NamespaceName=a+b%2Ac~d&NamespaceDescription=%E4%B8%B4%E6%97%B6&NameSpaceShortId=orders".to_owned(),
        headers,
        body: vec![b'x'; 170].into(),
    }
}

#[divan::bench(args = MADE)]
fn signing(bencher: Bencher<'_, '_>, scheme: Scheme) {
    let (credentials, moment) = (Credentials::AccessKey(key()), moment());
    bencher.with_inputs(request).bench_values(|request| sign(scheme, black_box(request), &credentials, SCOPE, &moment, &[]));
}

#[divan::bench(args = MADE)]
fn verifying(bencher: Bencher<'_, '_>, scheme: Scheme) {
    let signed = sign(scheme, request(), &Credentials::AccessKey(key()), SCOPE, &moment(), &[]).map(|signed| signed.request);
    let (request, key) = (signed.unwrap_or_default(), key());
    let keys = |_: &str| Some((&key).into());
    assert!(verified(scheme, &request, &keys).is_ok(), "what is measured is a good request");
    bencher.bench_local(|| verified(scheme, black_box(&request), &keys));
}

fn verified(scheme: Scheme, request: &Request, keys: KeyLookup<'_>) -> Result<Trace, VerifyError> {
    verify(scheme, request, keys, now()).map(ComputedSignature::trace)
}
