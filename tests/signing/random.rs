//! Whatever is signed verifies, with no other key; and nothing makes a verifier panic.

use bytes::Bytes;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use skydeck::auth::{AccessKey, ComputedSignature, Credentials, Scheme, Scope, SigningInputs, Trace, VerifyError, sign, verify};
use skydeck::wire::{Headers, Request, encode};

const DATES: [&str; 4] = ["x-acs-date", "x-date", "x-sdk-date", "date"];

fn verified(scheme: Scheme, request: &Request, key: &AccessKey, now: Timestamp) -> Result<Trace, VerifyError> {
    let keys = |id: &str| (id == key.id).then(|| key.into());
    verify(scheme, request, &keys, now).map(ComputedSignature::trace)
}

prop_compose! {
    /// A path and a query of any values, percent-encoded as a client would or left as they are.
    fn target()(segments in vec(any::<String>(), 0..4), pairs in vec(any::<(String, String)>(), 0..4), raw in "[ -~]{0,12}") -> String {
        let path = segments.iter().map(encode).collect::<Vec<_>>().join("/");
        let query = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&");
        format!("/{path}{raw}?{query}")
    }
}

prop_compose! {
    fn request()(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        target in target(),
        content_type in prop::option::of(vec(any::<u8>(), 0..20)),
        own in vec(any::<u8>(), 0..20),
        body in vec(any::<u8>(), 0..60),
    ) -> Request {
        let mut headers = Headers::new();
        headers.push("Host", "example.com:80");
        headers.push("X-Acs-Own", own);
        if let Some(content_type) = content_type {
            headers.push("Content-Type", content_type);
        }
        Request { method: method.to_owned(), target, headers, body: Bytes::from(body) }
    }
}

prop_compose! {
    fn access_key()(
        id in "[A-Za-z0-9._-]{1,24}",
        secret in any::<String>(),
        token in prop::option::of("\\PC{0,20}[!-~]"),
        project in prop::option::of("\\PC{0,20}"),
    ) -> AccessKey {
        AccessKey { id, secret: secret.into(), token: token.map(Into::into), project_id: project }
    }
}

prop_compose! {
    fn moment()(second in 0..4_000_000_000_i64, nonce in "[0-9a-f]{32}") -> SigningInputs {
        SigningInputs { now: Timestamp::from_second(second).unwrap(), nonce }
    }
}

fn made() -> impl Strategy<Value = Scheme> {
    prop::sample::select(vec![Scheme::Acs3, Scheme::Volcengine, Scheme::SdkHmac])
}

/// An `authorization` that comes near to a real one, piece by piece.
fn authorization() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("ACS3-HMAC-SHA256 ".to_owned()),
        Just("HMAC-SHA256 ".to_owned()),
        Just("SDK-HMAC-SHA256 ".to_owned()),
        Just("acs AK:".to_owned()),
        Just("Access=AK".to_owned()),
        Just("Credential=AK/20261122/r/s/request".to_owned()),
        Just("Credential=AK/20261122///sdk_request".to_owned()),
        Just("SignedHeaders=host;x-date;x-sdk-date;x-acs-date".to_owned()),
        Just("Signature=00".to_owned()),
        Just(",".to_owned()),
        any::<String>(),
    ];
    prop_oneof![vec(any::<u8>(), 0..60), vec(piece, 0..9).prop_map(|pieces| pieces.concat().into_bytes())]
}

/// A date that is good, nearly good or anything.
fn date() -> impl Strategy<Value = Vec<u8>> {
    let good = ["2026-11-22T00:39:53Z", "20261122T003953Z", "Sun, 22 Nov 2026 00:39:53 GMT"];
    prop_oneof![prop::sample::select(good.map(|date| date.as_bytes().to_vec()).to_vec()), vec(any::<u8>(), 0..30)]
}

proptest! {
    #[test]
    fn signatures_verify_with_their_key_only(
        scheme in made(),
        request in request(),
        key in access_key(),
        region in "[a-z0-9-]{0,12}",
        moment in moment(),
        also in vec("(?i)accept|content-type|x-acs-own", 0..3),
    ) {
        let scope = Scope { region: &region, service: "id" };
        let signed = sign(scheme, request, &Credentials::AccessKey(key.clone()), scope, &moment, &also).unwrap();
        prop_assert_eq!(verified(scheme, &signed.request, &key, moment.now), Ok(signed.trace));
        let other = AccessKey { secret: format!("{}x", key.secret.expose()).into(), ..key };
        let refused = matches!(verified(scheme, &signed.request, &other, moment.now), Err(VerifyError::Mismatch(_)));
        prop_assert!(refused);
    }

    #[test]
    fn refuses_another_body(scheme in made(), request in request(), key in access_key(), moment in moment(), body in vec(any::<u8>(), 0..60)) {
        prop_assume!(body != request.body);
        let scope = Scope { region: "r", service: "s" };
        let mut signed = sign(scheme, request, &Credentials::AccessKey(key.clone()), scope, &moment, &[]).unwrap();
        signed.request.body = Bytes::from(body);
        let refused = matches!(verified(scheme, &signed.request, &key, moment.now), Err(VerifyError::Mismatch(_)));
        prop_assert!(refused);
    }

    #[test]
    fn never_panics_when_verifying(
        method in any::<String>(),
        target in any::<String>(),
        authorization in authorization(),
        date in date(),
        fields in vec(("\\PC{0,12}|x-acs-a|Host", vec(any::<u8>(), 0..20)), 0..6),
        body in vec(any::<u8>(), 0..20),
    ) {
        let mut headers: Headers = fields.into_iter().collect();
        headers.push("authorization", authorization);
        for name in DATES {
            headers.push(name, date.clone());
        }
        let request = Request { method, target, headers, body: Bytes::from(body) };
        let key = AccessKey { id: "AK".into(), secret: "secret".to_owned().into(), token: None, project_id: None };
        for scheme in [Scheme::Acs3, Scheme::Volcengine, Scheme::SdkHmac] {
            prop_assert!(verified(scheme, &request, &key, "2026-11-22T00:40:00Z".parse().unwrap()).is_err());
        }
    }

    #[test]
    fn never_panics_when_signing(scheme in made(), id in any::<String>(), token in any::<String>(), date in vec(any::<u8>(), 0..30), region in any::<String>(), nonce in any::<String>()) {
        let mut request = Request::default();
        for name in DATES {
            request.headers.push(name, date.clone());
        }
        let key = AccessKey { id, secret: "secret".to_owned().into(), token: Some(token.into()), project_id: None };
        let moment = SigningInputs { now: Timestamp::UNIX_EPOCH, nonce };
        // Refused or not: a header is never broken in two.
        if let Ok(signed) = sign(scheme, request, &Credentials::AccessKey(key), Scope { region: &region, service: "s" }, &moment, &[]) {
            let ours = signed.request.headers.iter().filter(|(name, _)| !DATES.contains(name));
            prop_assert!(ours.map(|(_, value)| value).all(|value| !value.contains(&b'\n') && !value.contains(&b'\r')));
        }
    }
}
