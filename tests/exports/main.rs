//! Secrets planted everywhere are in no form of an export, and a HAR is what its specification wants.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod running;

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};
use skydeck::auth::{AccessKey, Credentials, Scheme, Scope, SigningInputs, sign};
use skydeck::catalog::{Catalog, Provider};
use skydeck::envelope::decode;
use skydeck::exchange::{Answered, Exchange, ExchangeId, Failure, FailureClass, Origin, Outcome, Purpose, Timings};
use skydeck::export::{ExportInput, Format, Secrets, render};
use skydeck::redact::Redactor;
use skydeck::secret::Secret;
use skydeck::wire::{Headers, Request, Response, encode};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

/// Where a secret is put.
#[derive(Clone, Copy, Debug)]
struct Plant {
    failed: bool,
    json: bool,
}

/// A signed call in which the secret stands wherever one can come from.
fn exchange(provider: &Provider, secret: &str, plant: Plant) -> Exchange {
    let operation = &provider.operations[0];
    let parameter = &operation.parameters[0].name;
    let body =
        if plant.json { json!({ parameter.as_str(): format!("a {secret}"), "b": secret }).to_string() } else { format!("\u{1}{secret}\0") };
    let mut headers: Headers = [("host", "example.test"), ("content-type", "application/json")].into_iter().collect();
    headers.push("x-note", format!("see {secret}"));
    headers.push("cookie", secret);
    let target = format!("{}?{parameter}={}&x={}", operation.path, encode(secret), encode(format!("<{secret}>")));
    let request = Request { method: operation.method.clone(), target, headers, body: body.clone().into() };
    let scheme: Scheme = provider.auth.iter().copied().map(Scheme::from).find(|scheme| *scheme != Scheme::IamToken).unwrap();
    let key =
        AccessKey { id: "AKID".into(), secret: Secret::new("the-secret-key-itself"), token: Some(Secret::new(secret)), project_id: None };
    let moment = SigningInputs { now: "2026-11-22T10:00:00Z".parse().unwrap(), nonce: "0123".into() };
    let scope = Scope { region: "cn-beijing", service: "id" };
    let signed = sign(scheme, request, &Credentials::AccessKey(key), scope, &moment, &["x-note".to_owned()]).unwrap();
    let mut answer: Headers = [("content-type", "application/json")].into_iter().collect();
    answer.push("x-echo", secret);
    answer.push("location", format!("/{}", encode(secret)));
    let response = Response {
        version: "HTTP/1.1".into(),
        status: 400,
        reason: secret.to_owned().into(),
        headers: answer,
        body: body.into(),
        excess: 0,
    };
    let outcome = if plant.failed {
        let failure =
            Failure { class: FailureClass::BrokenAnswer, detail: secret.into(), hint: secret.into(), partial: Some(Box::new(response)) };
        Outcome::Failed(failure)
    } else {
        let envelope = decode(provider.answer_format, &response, &operation.success);
        Outcome::Answered(Box::new(Answered { response, envelope }))
    };
    Exchange {
        id: ExchangeId(1),
        provider: provider.id.clone(),
        operation: operation.id.clone(),
        profile: secret.into(),
        region: "cn-beijing".into(),
        purpose: Purpose::Operator,
        call_origin: Origin::default(),
        started: moment.now,
        endpoint: "http://127.0.0.1:8640".parse().unwrap(),
        request: signed.request,
        signing: Some(signed.trace),
        outcome,
        timings: Timings { first_byte: Some(Duration::from_millis(7)), total: Some(Duration::from_millis(9)), ..Timings::default() },
    }
}

/// A value as the forms could have written it.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap();
    vec![
        secret.to_owned(),
        encode(secret),
        json[1..json.len() - 1].to_owned(),
        STANDARD.encode(secret),
        secret.replace('\'', "'\\''"),
        secret.replace('`', "\\`"),
    ]
}

fn exported(format: Format, provider: &Provider, exchange: &Exchange, secrets: Secrets<'_>) -> Option<String> {
    let subject = ExportInput { provider, operation: Some(&provider.operations[0]), exchange, secrets };
    render(format, &subject).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn masks_a_planted_secret_in_every_format(secret in "[!-~é名]{8,40}", failed: bool, json: bool) {
        let redactor = Redactor::default().with([&Secret::new(&*secret)]);
        for provider in CATALOG.providers() {
            let exchange = exchange(provider, &secret, Plant { failed, json });
            for format in Format::ALL {
                let Some(text) = exported(format, provider, &exchange, Secrets::Masked(&redactor)) else { continue };
                for form in forms(&secret) {
                    prop_assert!(!text.contains(&form), "{} has {form}:\n{text}", format.name());
                }
                prop_assert!(!text.contains("the-secret-key-itself"));
            }
        }
    }
}

#[test]
fn with_the_flag_the_secrets_stand_there() {
    let provider = CATALOG.provider("alibaba-sae").unwrap();
    let exchange = exchange(provider, "s3cr3t-token", Plant { failed: false, json: true });
    for format in [Format::Curl, Format::Har, Format::Hurl, Format::Http, Format::JsonLines, Format::Report] {
        let text = exported(format, provider, &exchange, Secrets::Shown).unwrap();
        assert!(text.contains("s3cr3t-token") && text.contains("SECRETS ARE SHOWN"), "{}:\n{text}", format.name());
    }
}

#[test]
fn lists_the_tools_of_every_provider() {
    for provider in CATALOG.providers() {
        for operation in &provider.operations {
            for format in [Format::Python, Format::Go, Format::Cli] {
                let has_none = format == Format::Cli && provider.id.ends_with("-swr");
                assert_eq!(skydeck::export::check(format, provider, operation).is_err(), has_none, "{} {}", provider.id, operation.id);
            }
        }
    }
}

/// A member that must be there, and what it must be.
type Member = (&'static str, fn(&Value) -> bool);

/// Members that HAR 1.2 demands, with what they are.
const DEMANDED: [(&str, &[Member]); 6] = [
    ("/log", &[("version", Value::is_string), ("creator", Value::is_object), ("entries", Value::is_array)]),
    ("/log/creator", &[("name", Value::is_string), ("version", Value::is_string)]),
    (
        "/log/entries/0",
        &[("startedDateTime", Value::is_string), ("time", Value::is_number), ("cache", Value::is_object), ("timings", Value::is_object)],
    ),
    (
        "/log/entries/0/request",
        &[
            ("method", Value::is_string),
            ("url", Value::is_string),
            ("httpVersion", Value::is_string),
            ("cookies", Value::is_array),
            ("headers", Value::is_array),
            ("queryString", Value::is_array),
            ("headersSize", Value::is_i64),
            ("bodySize", Value::is_i64),
        ],
    ),
    (
        "/log/entries/0/response",
        &[
            ("status", Value::is_i64),
            ("statusText", Value::is_string),
            ("httpVersion", Value::is_string),
            ("cookies", Value::is_array),
            ("headers", Value::is_array),
            ("content", Value::is_object),
            ("redirectURL", Value::is_string),
            ("headersSize", Value::is_i64),
            ("bodySize", Value::is_i64),
        ],
    ),
    ("/log/entries/0/timings", &[("send", Value::is_number), ("wait", Value::is_number), ("receive", Value::is_number)]),
];

#[test]
fn writes_every_required_member_of_har() {
    let redactor = Redactor::default();
    for provider in CATALOG.providers() {
        for (failed, json) in [(false, true), (true, false)] {
            let exchange = exchange(provider, "planted-value", Plant { failed, json });
            let archive: Value =
                serde_json::from_str(&exported(Format::Har, provider, &exchange, Secrets::Masked(&redactor)).unwrap()).unwrap();
            for (place, members) in DEMANDED {
                let object = archive.pointer(place).unwrap();
                for (name, is) in members {
                    assert!(is(&object[name]), "{place}/{name}: {}", object[name]);
                }
            }
            let entry = &archive["log"]["entries"][0];
            let parts: f64 = entry["timings"].as_object().unwrap().values().filter_map(Value::as_f64).filter(|part| *part > 0.0).sum();
            assert!((parts - entry["time"].as_f64().unwrap()).abs() < 1e-6, "{entry}");
        }
    }
}
