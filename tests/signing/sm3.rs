//! Requests that two vendors' SDKs sent with SM3 in the place of SHA-256.

use skydeck::auth::{AccessKey, ComputedSignature, Scheme, verify};
use skydeck::wire::{Headers, Request};

/// Python's `huaweicloudsdkswr` with `SigningAlgorithm.HMAC_SM3`.
const HUAWEI: &str = "POST /v2/manage/namespaces
User-Agent: huaweicloud-usdk-python/3.0; test
Content-Type: application/json
X-Project-Id: 48020497e77f34dd532067bad1858e58
X-Sdk-Date: 20261130T082912Z
Host: 127.0.0.1:41613
Authorization: SDK-HMAC-SM3 Access=SKYDECKDEMOHUAWEI001, SignedHeaders=content-type;host;user-agent;x-project-id;x-sdk-date, Signature=4fef610111f9f45bbf1500d1d3d2918fd56cc8714236e6d7e4a8173572def50a

{\"namespace\": \"orders\"}";

/// Python's `alibabacloud_sae20190506` with `signature_algorithm` set to `ACS3-HMAC-SM3`.
const ALIBABA: &str = "POST /pop/v1/paas/namespace?NameSpaceShortId=orders&NamespaceName=orders
host: 127.0.0.1:41613
x-acs-version: 2019-05-06
x-acs-action: CreateNamespace
user-agent: AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2
x-acs-date: 2026-11-30T08:29:13Z
x-acs-signature-nonce: 79d30f83903c386f3f929453af2d8226
accept: application/json
x-acs-content-sha256: 1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b
x-acs-credentials-provider: static_ak
Authorization: ACS3-HMAC-SM3 Credential=LTAI5tSkydeckDemoKey0001,SignedHeaders=accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=deb15797fb243acf097705a8e8600eac3c0572594d7b2e3173b10bdd04e3b353

";

fn request(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    let headers: Headers = lines.map(|line| line.split_once(": ").unwrap()).collect();
    Request { method: method.into(), target: target.into(), headers, body: body.to_owned().into() }
}

#[test]
fn verifies_sdk_sm3_signatures_only() {
    let cases: [(&str, Scheme, &str, &str); 2] = [
        (HUAWEI, Scheme::SdkHmac, "SKYDECKDEMOHUAWEI001", "SkydeckDemoSecretHuawei0000000000000001"),
        (ALIBABA, Scheme::Acs3, "LTAI5tSkydeckDemoKey0001", "SkydeckDemoSecretAlibaba000001"),
    ];
    let now = "2026-11-30T08:29:13Z".parse().unwrap();
    for (text, scheme, id, secret) in cases {
        let key = AccessKey { id: id.into(), secret: secret.to_owned().into(), token: None, project_id: None };
        let keys = |id: &str| (id == key.id).then(|| (&key).into());
        let good = request(text);
        let trace = verify(scheme, &good, &keys, now).map(ComputedSignature::trace).unwrap();
        assert_eq!(Some(trace.authorization.as_str()), good.headers.get_str("authorization"));
        for (from, to) in [("orders", "orderz"), ("Signature=", "Signature=0"), ("HMAC-SM3", "HMAC-SHA256"), ("HMAC-SM3", "SM2-SM3")] {
            assert!(verify(scheme, &request(&text.replace(from, to)), &keys, now).is_err(), "{id}: {from}");
        }
    }
}
