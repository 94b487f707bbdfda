//! Requests on which the laboratory was wrong, with the right answer.

use skydeck::auth::{AccessKey, Scheme, hex_hmac_sha256, hex_sha256};
use skydeck::lab::{Certainty, ExaminedRequest, Hints, ReferenceClock, Report, Verdict, examine_pasted, read};
use skydeck::wire::Request;

use crate::table::{examined, faults, hold, row};
use crate::vector::{Vector, one};

const ALIBABA: &str = "ThrowAwaySecret0000000000000001";
const SAE: &str = "py-sae-create-special.json";
const FULL: &str = "03-create-full.json";
const SWR: &str = "05-create-unicode.json";

fn of_file(bytes: &[u8], secret: &str) -> Report {
    let pasted = read(bytes, None).unwrap_or_else(|error| panic!("{error}"));
    let key = AccessKey { id: String::new(), secret: secret.to_owned().into(), token: None, project_id: None };
    let clock = Some(ReferenceClock { now: "2026-11-22T01:00:03Z".parse().unwrap(), certain: true });
    let hints = Hints::default();
    let case = ExaminedRequest {
        request: &pasted.request,
        key: Some(&key),
        clock,
        url_host: pasted.url_host.as_deref(),
        server: None,
        hints: &hints,
    };
    examine_pasted(&pasted, &case).0
}

#[test]
fn notes_an_unfilled_nonce_template() {
    let report = of_file(include_bytes!("cases/acme1639-v3.http"), ALIBABA);
    let noted: Vec<(&str, Certainty)> = report.causes.iter().map(|cause| (cause.fault.id, cause.certainty)).collect();
    assert_eq!((report.verdict, noted), (Verdict::Verifies, vec![("nonce-unfilled", Certainty::Noted)]));
    let vector = one("alibaba", SAE);
    let names = |nonce: &str| {
        let report = examined(&vector, &vector.header_changed("x-acs-signature-nonce", |_| nonce.to_owned()), None, 0);
        report.causes.iter().any(|cause| cause.fault.id == "nonce-unfilled")
    };
    for nonce in ["{nonce}", "{{uuid}}", "$(date +%s%N)", "%s", "${NONCE}", "<nonce>", "`uuidgen`", "undefined", "17%N"] {
        assert!(names(nonce), "{nonce}");
    }
    for nonce in ["6f1c2d3e", "6F1C-2d3e", "17.5:3_x", "YWJj+/8=", "a%2Bb%3d"] {
        assert!(!names(nonce), "{nonce}");
    }
}

#[test]
fn parameters_in_natural_order_are_told() {
    let report = of_file(include_bytes!("cases/nodepr34.http"), ALIBABA);
    assert_eq!((report.verdict, faults(&report)), (Verdict::Fails, vec!["query-unsorted"]), "{:?}", report.causes);
    assert!(report.causes[0].detail.contains("natural"), "{:?}", report.causes);
}

#[test]
fn reads_a_powershell_command() {
    let report = of_file(include_bytes!("cases/c-ps.http"), ALIBABA);
    assert_eq!((report.verdict, faults(&report)), (Verdict::Verifies, vec![]), "{:?}", report.causes);
}

/// The vector's string to sign, signed along its scope in another way.
fn derived(vector: &Vector, key: impl Fn([&str; 4]) -> Vec<u8>) -> Request {
    let text = &vector.expected.string_to_sign;
    let rounds: Vec<&str> = text.split('\n').nth(2).unwrap().split('/').collect();
    vector.with_signature(&hex_hmac_sha256(&key(rounds.try_into().unwrap()), text.as_bytes()))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    skydeck::auth::hmac_sha256(key, text.as_bytes()).to_vec()
}

fn hexed(key: &[u8], text: &str) -> Vec<u8> {
    hex_hmac_sha256(key, text.as_bytes()).into_bytes()
}

#[test]
fn keys_that_are_derived_otherwise() {
    fn secret(v: &Vector) -> Vec<u8> {
        v.key.secret.expose().as_bytes().to_vec()
    }
    hold(&[
        row("volcengine", FULL, "key-derivation", |v| derived(v, |rounds| rounds.iter().fold(secret(v), |key, round| hexed(&key, round)))),
        row("volcengine", FULL, "key-derivation", |v| {
            derived(v, |rounds| hex::encode(rounds.iter().fold(secret(v), |key, round| mac(&key, round))).into_bytes())
        }),
        row("volcengine", FULL, "key-derivation", |v| {
            derived(v, |[day, region, service, _]| [day, region, service].iter().fold(secret(v), |key, round| mac(&key, round)))
        }),
        row("volcengine", FULL, "key-derivation", |v| {
            derived(v, |[day, _, service, end]| [day, service, end].iter().fold(secret(v), |key, round| mac(&key, round)))
        }),
        row("volcengine", FULL, "scope-day", |v| {
            derived(v, |[_, region, service, end]| {
                let date = v.request.headers.get_str("x-date").unwrap();
                [date, region, service, end].iter().fold(secret(v), |key, round| mac(&key, round))
            })
        }),
        row("volcengine", FULL, "scope-day", |v| {
            let date = v.request.headers.get_str("x-date").unwrap().to_owned();
            v.string_changed(|text| text.replace("\n20261122/", &format!("\n{date}/")))
        }),
    ]);
}

#[test]
fn finds_empty_paths_and_other_orders() {
    hold(&[
        row("volcengine", FULL, "path-empty", |v| v.line_changed(1, |_| String::new())),
        row("huawei", SWR, "path-empty", |v| v.line_changed(1, |_| String::new())),
        row("alibaba", SAE, "path-empty", |v| v.line_changed(1, |_| String::new())),
        row("volcengine", FULL, "list-unsorted", |v| v.canonical_changed(|text| text.replace("content-type;host;", "host;content-type;"))),
        row("huawei", SWR, "list-unsorted", |v| {
            v.canonical_changed(|text| text.replace("content-type;host;user-agent;x-sdk-date", "x-sdk-date;user-agent;host;content-type"))
        }),
        row("alibaba", SAE, "list-unsorted", |v| {
            v.canonical_changed(|text| {
                let at = text.find("x-acs-version:").unwrap();
                let line = text[at..].lines().next().unwrap();
                text.replacen(&format!("{line}\n"), "", 1).replacen("accept:", &format!("{line}\naccept:"), 1)
            })
        }),
        row("alibaba", SAE, "query-unsorted", |v| {
            v.line_changed(2, |line| {
                let pieces: Vec<&str> = line.split('&').collect();
                [pieces[1], pieces[0], pieces[2]].join("&")
            })
        }),
    ]);
}

#[test]
fn text_in_gbk() {
    hold(&[row("volcengine", FULL, "payload-charset", |v| {
        let mut request = v.payload_changed(&hex_sha256(b"{\"a\":\"\xc3\xfb\"}"));
        request.body = "{\"a\":\"名\"}".into();
        request.headers.remove("content-length");
        request
    })]);
    hold(&[row("volcengine", "35-universal-get-query.json", "query-charset", |v| {
        v.line_changed(2, |line| line.replace("%C3%A9%E6%BC%A2", "%A8%A6%9Dh"))
    })]);
}

#[test]
fn key_id_and_secret_exchanged() {
    for (folder, file) in [("alibaba", SAE), ("volcengine", FULL), ("huawei", SWR)] {
        let vector = one(folder, file);
        let (id, secret) = (vector.key.id.clone(), vector.key.secret.expose().to_owned());
        let mut request = vector.secret_changed(|_| id.clone());
        let swapped = request.headers.get_str("authorization").unwrap().replace(&id, &secret);
        request.headers.set("authorization", swapped);
        for given in [id.as_str(), ""] {
            let key = AccessKey { id: given.to_owned(), ..vector.key.clone() };
            let report = examined(&vector, &request, Some(&key), 0);
            assert_eq!((report.verdict, faults(&report)[0]), (Verdict::Fails, "key-exchanged"), "{:?}", report.causes);
            assert!(!report.causes.iter().any(|cause| cause.detail.contains(&secret)));
        }
        let given = AccessKey { id: String::new(), secret: id.clone().into(), ..vector.key.clone() };
        let report = examined(&vector, &vector.request, Some(&given), 0);
        assert_eq!(faults(&report), ["key-exchanged"], "{:?}", report.causes);
    }
}

#[test]
fn reports_whole_hour_offsets_as_a_time_zone() {
    let vector = one("alibaba", SAE);
    for (hours, wanted) in [(8, "date-zone"), (-5, "date-zone"), (0, "")] {
        let now = vector.now.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
        let clock = Some(ReferenceClock { now, certain: true });
        let hints = Hints::default();
        let case = ExaminedRequest { request: &vector.request, key: Some(&vector.key), clock, url_host: None, server: None, hints: &hints };
        let found = skydeck::lab::examine(&case);
        assert_eq!(faults(&found).first().copied().unwrap_or_default(), wanted, "{:?}", found.causes);
    }
    assert_eq!(vector.scheme, Scheme::Acs3);
}
