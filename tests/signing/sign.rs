//! Our signer gives the SDKs' own intermediates, for the schemes that we make.

use skydeck::auth::{Credentials, Scheme, Scope, Signed, SigningInputs, sign};
use skydeck::wire::Request;

use crate::vector::{Vector, folder};
use crate::verify::compare;

#[test]
fn signs_as_the_sdks_do() {
    let mut wrong = Vec::new();
    let mut signed = 0;
    for vector in made() {
        // First with the headers that the scheme adds taken out, so that they are ours; then with the caller's own.
        for request in [bare(&vector), without_authorization(&vector)] {
            let Signed { request, trace } = signed_again(&vector, request);
            wrong.extend(compare(&vector, &trace));
            let authorization = request.headers.get_str("authorization").unwrap_or_default();
            assert_eq!(authorization, vector.expected.authorization, "{}", vector.name);
            assert!(vector.verify(&request).is_ok(), "{}", vector.name);
            signed += 1;
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(signed, 2 * (83 + 42 + 37));
}

fn made() -> impl Iterator<Item = Vector> {
    let all = ["alibaba", "volcengine", "huawei"].into_iter().flat_map(folder);
    all.filter(|vector| vector.scheme != Scheme::Acs1)
}

fn signed_again(vector: &Vector, request: Request) -> Signed {
    let moment = SigningInputs { now: vector.now, nonce: vector.nonce() };
    let scope = Scope { region: &vector.scope.0, service: &vector.scope.1 };
    let credentials = Credentials::AccessKey(vector.key.clone());
    sign(vector.scheme, request, &credentials, scope, &moment, &vector.signed_headers()).unwrap()
}

fn without_authorization(vector: &Vector) -> Request {
    let mut request = vector.request.clone();
    request.headers.remove("authorization");
    // One SDK puts a content type on requests without a body and does not sign it; we sign any that is there.
    if !vector.signed_headers().iter().any(|name| name == "content-type") {
        request.headers.remove("content-type");
    }
    request
}

fn bare(vector: &Vector) -> Request {
    const ADDED: [&str; 10] = [
        "x-acs-accesskey-id",
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-security-token",
        "x-acs-signature-nonce",
        "x-content-sha256",
        "x-date",
        "x-project-id",
        "x-sdk-date",
        "x-security-token",
    ];
    let mut request = without_authorization(vector);
    for name in ADDED {
        request.headers.remove(name);
    }
    request
}
