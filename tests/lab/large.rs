//! Large requests: an examination stays within bounds whatever is pasted, and says so where it did not try everything.

use skydeck::auth::{AccessKey, hex_sha256};
use skydeck::lab::{Report, Verdict};
use skydeck::wire::Request;

use crate::table::{examined, faults};
use crate::vector::{Vector, one};

const FULL: &str = "03-create-full.json";

/// Examined with a secret that has nothing in common with the right one.
fn unexplained(vector: &Vector, request: &Request) -> Report {
    let key = AccessKey { secret: "0-another-secret-altogether-0".to_owned().into(), ..vector.key.clone() };
    let report = examined(vector, request, Some(&key), 0);
    assert_eq!(report.verdict, Verdict::Fails);
    report
}

fn says_so(report: &Report) -> bool {
    report.checked.last().is_some_and(|last| last.starts_with("not all of these"))
}

/// An object with many members in a little more than this many bytes.
fn json(bytes: usize) -> String {
    let members: Vec<String> = (0..bytes / 32).map(|at| format!("\"member-{at:08}\":\"it's a/b <c>\"")).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn searches_a_usual_request_at_length() {
    let vector = one("volcengine", FULL);
    let report = unexplained(&vector, &vector.request);
    assert!(!says_so(&report) && report.tried > 1_000_000 && faults(&report) == ["unknown"], "{report:?}");
}

#[test]
fn keeps_a_large_body_in_memory_once() {
    let vector = one("volcengine", FULL);
    let body = json(150 << 10);
    let report = unexplained(&vector, &vector.wire_changed(|request| request.body = body.clone().into_bytes().into()));
    assert!(says_so(&report) && report.tried < 1_000_000, "{}", report.tried);
}

#[test]
fn tries_less_with_a_long_header() {
    let vector = one("volcengine", FULL);
    let long = vector.wire_changed(|request| request.headers.set("x-date", "z".repeat(100_000)));
    let report = unexplained(&vector, &long);
    assert!(says_so(&report) && report.tried < 120_000, "{} {:?}", report.tried, report.checked.last());
}

#[test]
fn finds_a_mistake_in_a_large_body() {
    let vector = one("volcengine", FULL);
    let spaced = json(150 << 10).replace(':', ": ").replace(",\"", ", \"");
    let mut request = vector.payload_changed(&hex_sha256(spaced.as_bytes()));
    request.body = json(150 << 10).into_bytes().into();
    let report = examined(&vector, &request, Some(&vector.key), 0);
    assert_eq!(faults(&report).first(), Some(&"payload-json"), "{:?}", report.causes);
}
