//! The worked examples on the vendors' own pages.

use skydeck::auth::{Credentials, Scheme, Scope, SigningInputs, sign};
use skydeck::wire::Request;

use crate::vector::one;

const NO_SCOPE: Scope<'_> = Scope { region: "", service: "" };

#[test]
fn alibabas_example() {
    let vector = one("alibaba", "doc-known-answer.json");
    let request = Request {
        method: "POST".into(),
        target: "/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd".into(),
        headers: [("host", "ecs.cn-shanghai.aliyuncs.com"), ("x-acs-action", "RunInstances"), ("x-acs-version", "2014-05-26")]
            .into_iter()
            .collect(),
        ..Request::default()
    };
    let moment = SigningInputs { now: "2023-10-26T10:22:32Z".parse().unwrap(), nonce: "3156853299f313e23d1673dc12e1703d".into() };
    let signed = sign(Scheme::Acs3, request, &Credentials::AccessKey(vector.key.clone()), NO_SCOPE, &moment, &[]).unwrap();
    assert_eq!(signed.trace.signature, "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
    assert_eq!(Some(signed.trace.canonical_request), vector.expected.canonical_request);
}

#[test]
fn huaweis_example() {
    let vector = one("huawei", "00-documented-example.json");
    let request = Request {
        method: "GET".into(),
        target: "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?marker=13551d6b-755d-4757-b956-536f674975c0&limit=2".into(),
        headers: [("Content-Type", "application/json"), ("Host", "service.region.example.com")].into_iter().collect(),
        ..Request::default()
    };
    let moment = SigningInputs { now: "2019-11-15T03:36:55Z".parse().unwrap(), nonce: String::new() };
    let signed = sign(Scheme::SdkHmac, request, &Credentials::AccessKey(vector.key.clone()), NO_SCOPE, &moment, &[]).unwrap();
    assert_eq!(signed.trace.signature, "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe");
    assert_eq!(signed.trace.string_to_sign.lines().last(), Some("b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"));
}
