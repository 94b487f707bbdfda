//! Answers of every vendor: recorded ones read as expected, written ones read back, damaged ones never a panic.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};
use skydeck::catalog::ResponseFormat;
use skydeck::envelope::{
    Envelope, ErrorResponse, RequestFacts, Verdict, decode, decode_token, render_error, render_success, render_token_error,
};
use skydeck::wire::{Headers, Response};

const FORMATS: [(&str, ResponseFormat); 5] = [
    ("alibaba-service", ResponseFormat::AlibabaService),
    ("alibaba-flat", ResponseFormat::AlibabaFlat),
    ("volcengine", ResponseFormat::Volcengine),
    ("huawei-swr", ResponseFormat::HuaweiSwr),
    ("otc-swr", ResponseFormat::OtcSwr),
];

/// Reads an answer written down as text: status line, headers, empty line, body.
fn recorded(text: &str) -> Response {
    let (head, body) = text.split_once("\n\n").expect("an empty line after the head");
    let mut lines = head.lines();
    let mut status = lines.next().unwrap().splitn(3, ' ');
    let version = status.next().unwrap().to_owned();
    let code = status.next().unwrap().parse().unwrap();
    let reason = status.next().unwrap_or_default().to_owned();
    let headers: Headers = lines.map(|line| line.split_once(": ").unwrap()).collect();
    Response { version: version.into(), status: code, reason: reason.into(), headers, body: body.to_owned().into(), excess: 0 }
}

fn described(success: u16, envelope: &Envelope) -> String {
    let mut out = format!("success: {success}\nverdict: {:?}\n", envelope.verdict);
    let data = envelope.data.as_ref().map(|data| data.value().to_string());
    let parts = [("request-id", &envelope.request_id), ("code", &envelope.code), ("message", &envelope.message), ("data", &data)];
    for (name, value) in parts {
        let _ = value.as_ref().map(|value| writeln!(out, "{name}: {value}"));
    }
    for (name, value) in &envelope.fields {
        let _ = writeln!(out, "field {name}: {value}");
    }
    out
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "http")).collect()
}

fn check(folder: &str, read: impl Fn(&Response, &[u16]) -> Envelope) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/envelopes").join(folder);
    let cases = cases(&folder);
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    for case in cases {
        let expected = fs::read_to_string(case.with_extension("expected")).unwrap();
        let success = expected.lines().next().unwrap().strip_prefix("success: ").unwrap().parse().unwrap();
        let response = recorded(&fs::read_to_string(&case).unwrap());
        assert_eq!(described(success, &read(&response, &[success])), expected, "{}", case.display());
    }
}

#[test]
fn recorded_answers_read_as_expected() {
    for (folder, format) in FORMATS {
        check(folder, |response, success| decode(format, response, success));
    }
    check("token", |response, _| decode_token(response));
}

fn word() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9.]{2,20}"
}

fn sentence() -> impl Strategy<Value = String> {
    "[A-Z][ -~é名]{3,60}"
}

fn data() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), sentence().prop_map(Value::from)];
    // Names of our own, so that none is one of the envelope's.
    vec(("x[A-Za-z]{1,8}", scalar), 1..5).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

fn facts<'a>(id: &'a str, trace: &'a str) -> RequestFacts<'a> {
    let host = "127.0.0.1:8080";
    RequestFacts {
        request_id: id,
        trace_id: trace,
        host,
        action: "CreateNamespace",
        version: "2025-10-30",
        service: "id",
        product: "id",
        region: "cn-beijing",
    }
}

proptest! {
    #[test]
    fn written_successes_read_back(id in word(), trace in word(), data in data(), status in prop_oneof![Just(200u16), Just(201)]) {
        for (name, format) in FORMATS {
            let envelope = decode(format, &render_success(format, status, Some(data.clone().into()), &facts(&id, &trace)), &[status]);
            prop_assert_eq!(&envelope.verdict, &Verdict::Success, "{}", name);
            prop_assert_eq!(envelope.request_id.as_ref(), Some(&id), "{}", name);
            prop_assert_eq!(envelope.data, Some(data.clone().into()), "{}", name);
        }
    }

    #[test]
    fn written_errors_read_back(id in word(), code in word(), message in sentence(), status in 400u16..600, gateway: bool, number in 1i64..200_000) {
        let error = ErrorResponse { status, code: &code, message: &message, number: Some(number), gateway };
        for (name, format) in FORMATS {
            let response = render_error(format, &error, &facts(&id, "trace"));
            let envelope = decode(format, &response, &[200]);
            prop_assert_eq!(response.status, status);
            prop_assert_eq!(&envelope.verdict, &Verdict::Failure, "{}", name);
            prop_assert_eq!(envelope.code.as_ref(), Some(&code), "{}", name);
            prop_assert_eq!(envelope.message.as_ref(), Some(&message), "{}", name);
            prop_assert_eq!(envelope.request_id.as_ref(), Some(&id), "{}", name);
        }
    }

    #[test]
    fn written_token_errors_read_back(id in word(), message in sentence(), status in 400u16..500) {
        let envelope = decode_token(&render_token_error(status, &message, "Unauthorized", &facts(&id, "")));
        prop_assert_eq!(envelope.verdict, Verdict::Failure);
        prop_assert_eq!(envelope.message, Some(message));
        prop_assert_eq!(envelope.code, Some(status.to_string()));
    }

    #[test]
    fn survives_any_bytes(body in vec(any::<u8>(), 0..200), status in 0u16..700, success in 200u16..205) {
        read_all(&Response { status, body: body.into(), ..Response::default() }, success);
    }

    #[test]
    fn survives_any_json(body in "[\\[\\]{}\",:0-9a \\\\]{0,60}", status in 0u16..700) {
        read_all(&Response { status, body: body.into(), ..Response::default() }, 200);
    }
}

fn read_all(response: &Response, success: u16) {
    for (_, format) in FORMATS {
        let _ = decode(format, response, &[success]);
    }
    let _ = decode_token(response);
}

#[test]
fn reads_no_success_from_a_cut_answer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/envelopes");
    for (folder, format) in FORMATS {
        for case in cases(&root.join(folder)) {
            let whole = recorded(&fs::read_to_string(&case).unwrap());
            for cut in 1..whole.body.trim_ascii_end().len() {
                let envelope = decode(format, &Response { body: whole.body.slice(..cut), ..whole.clone() }, &[200, 201]);
                assert!(!envelope.succeeded(), "{} cut at {cut}", case.display());
            }
        }
    }
}
