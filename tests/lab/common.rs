//! Mistakes that are met often: at signing, and on the way.

use skydeck::lab::{Certainty, ExaminedRequest, Hints, Verdict, examine_pasted, read};

use crate::breaking::scoped;
use crate::input_format::as_raw;
use crate::table::{examined, faults, hold, row};
use crate::vector::{Vector, one};

const SAE: &str = "py-sae-create-special.json";
const PAI: &str = "py-pai-create-all.json";
const FULL: &str = "03-create-full.json";
const SWR: &str = "05-create-unicode.json";

/// Names of header lines as a caller writes them who does not put them in lower case.
fn capitals(text: &str, names: &[(&str, &str)]) -> String {
    names.iter().fold(text.to_owned(), |text, (name, other)| text.replace(&format!("\n{name}:"), &format!("\n{other}:")))
}

#[test]
fn names_of_header_lines_in_capitals() {
    const TWO: &[(&str, &str)] = &[("host", "Host"), ("content-type", "Content-Type")];
    const ALL: &[(&str, &str)] =
        &[("host", "Host"), ("content-type", "Content-Type"), ("user-agent", "User-Agent"), ("x-sdk-date", "X-Sdk-Date")];
    hold(&[
        row("alibaba", PAI, "list-case", |v| v.canonical_changed(|text| capitals(&text, &[("host", "Host")]))),
        row("volcengine", FULL, "list-case", |v| v.canonical_changed(|text| capitals(&text, TWO))),
        row("volcengine", FULL, "list-case", |v| v.canonical_changed(|text| capitals(&text, &[("x-date", "X-Date")]))),
        row("huawei", SWR, "list-case", |v| v.canonical_changed(|text| capitals(&text, &ALL[..1]))),
        row("huawei", SWR, "list-case", |v| v.canonical_changed(|text| capitals(&text, ALL))),
        row("huawei", SWR, "list-case", |v| {
            let list = |text: String| text.replace("content-type;host;user-agent;x-sdk-date", "Content-Type;Host;User-Agent;X-Sdk-Date");
            v.canonical_changed(|text| list(capitals(&text, ALL)))
        }),
    ]);
}

#[test]
fn refuses_a_path_prefix_for_a_root_api() {
    let at = |vector: &Vector, path: &str| vector.wire_changed(|request| request.target = request.target.replacen('/', path, 1));
    let volcengine = one("volcengine", FULL);
    for (path, fault) in [("/proxy/", "path-prefix"), ("/a/b/", "path-prefix"), ("//", "path-normalised")] {
        let report = examined(&volcengine, &at(&volcengine, path), Some(&volcengine.key), 0);
        assert_eq!(faults(&report).first(), Some(&fault), "{:?}", report.causes);
    }
    let prefixed = one("alibaba", PAI);
    let report = examined(&prefixed, &at(&prefixed, "/proxy/"), Some(&prefixed.key), 0);
    assert_eq!(faults(&report), ["path-prefix"], "{:?}", report.causes);
    hold(&[row("alibaba", PAI, "path-root", |v| v.line_changed(1, |_| "/".to_owned()))]);
}

#[test]
fn reads_odd_separators_in_an_authorization_header() {
    const CREDENTIAL: &str = "AKLTdummyExampleAccessKeyId/20261122/cn-beijing/id/request";
    hold(&[
        row("volcengine", FULL, "authorization-malformed", |v| v.authorization_changed(", ", " ")),
        row("volcengine", FULL, "authorization-malformed", |v| v.authorization_changed(CREDENTIAL, &format!("\"{CREDENTIAL}\""))),
        row("alibaba", PAI, "authorization-malformed", |v| v.authorization_changed(",", " ")),
        row("huawei", SWR, "authorization-malformed", |v| v.authorization_changed(", ", " ")),
    ]);
}

#[test]
fn reports_a_header_repeated_with_one_value() {
    hold(&[
        row("huawei", SWR, "header-repeated", |v| v.wire_changed(|request| request.headers.push("content-type", "application/json"))),
        row("alibaba", SAE, "header-repeated", |v| v.wire_changed(|request| request.headers.push("accept", "application/json"))),
        row("volcengine", FULL, "header-repeated", |v| v.wire_changed(|request| request.headers.push("content-type", "application/json"))),
    ]);
}

#[test]
fn never_verifies_a_damaged_key_id_or_length() {
    for (folder, file, from) in [("alibaba", PAI, "Credential="), ("volcengine", FULL, "Credential="), ("huawei", SWR, "Access=")] {
        let vector = one(folder, file);
        let (id, quoted) = (&vector.key.id, format!("{from}\"{}\"", vector.key.id));
        let request = vector.authorization_changed(&format!("{from}{id}"), &quoted);
        let report = examined(&vector, &request, Some(&vector.key), 0);
        assert!(report.verdict == Verdict::Fails && report.signature_correct == Some(true), "{:?}", report.causes);
        assert!(["key-id-damaged", "authorization-malformed"].contains(&faults(&report)[0]), "{:?}", report.causes);
        let shorter = vector.wire_changed(|request| request.headers.set("content-length", "3"));
        let report = examined(&vector, &shorter, Some(&vector.key), 0);
        assert_eq!((report.verdict, faults(&report)), (Verdict::Fails, vec!["payload-length"]), "{:?}", report.causes);
    }
}

/// What gzip makes of `{}`.
const ZIPPED: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0\x43\xbf\xa6\xa3\x02\0\0\0";

#[test]
fn reports_a_compressed_body() {
    let zipped = |vector: &Vector| {
        vector.wire_changed(|request| {
            request.headers.set("content-length", ZIPPED.len().to_string());
            request.body = ZIPPED.into();
        })
    };
    for (folder, file) in [("alibaba", PAI), ("volcengine", FULL), ("huawei", SWR)] {
        let vector = one(folder, file);
        for coding in [None, Some("gzip")] {
            let mut request = zipped(&vector);
            if let Some(coding) = coding {
                request.headers.push("content-encoding", coding);
            }
            let report = examined(&vector, &request, Some(&vector.key), 0);
            let answer = report.answer().map(|cause| (cause.fault.id, cause.certainty));
            assert_eq!(answer, Some(("payload-encoded", Certainty::Seen)), "{:?}", report.causes);
        }
    }
    // A coding that was there at signing is no fault.
    let vector = one("huawei", SWR);
    let signed = vector.wire_changed(|request| request.headers.push("content-encoding", "br"));
    assert_eq!(examined(&vector, &signed, Some(&vector.key), 0).verdict, Verdict::Verifies);
    assert_eq!(examined(&vector, &signed, None, 0).verdict, Verdict::Open);
}

#[test]
fn reads_a_curl_trace_without_body() {
    for (folder, file) in [("alibaba", PAI), ("volcengine", FULL), ("huawei", SWR)] {
        let vector = one(folder, file);
        let head = String::from_utf8(as_raw(&vector.wire_changed(|request| request.body = Vec::new().into()))).unwrap();
        let trace: String = head.lines().map(|line| format!("> {line}\n")).chain(["< HTTP/1.1 403 Forbidden\n<\n".to_owned()]).collect();
        let pasted = read(trace.as_bytes(), None).unwrap();
        for key in [Some(&vector.key), None] {
            let case =
                ExaminedRequest { request: &pasted.request, key, clock: None, url_host: None, server: None, hints: &Hints::default() };
            let (report, _) = examine_pasted(&pasted, &case);
            assert_eq!(faults(&report).first(), Some(&"payload-missing"), "{:?}", report.causes);
        }
    }
}

#[test]
fn refuses_a_foreign_scope() {
    let vector = one("volcengine", FULL);
    let signed = |from: &str, to: &str| {
        let text = vector.expected.string_to_sign.replace(from, to);
        let mut request = vector.with_signature(&scoped(&text, vector.key.secret.expose(), ""));
        let value = request.headers.get_str("authorization").unwrap().replace(from, to);
        request.headers.set("authorization", value);
        request
    };
    let report = examined(&vector, &signed("/id/", "/iam/"), Some(&vector.key), 0);
    assert_eq!((report.verdict, faults(&report)), (Verdict::Fails, vec!["scope-service"]), "{:?}", report.causes);
    assert_eq!(report.signature_correct, Some(true));
    let report = examined(&vector, &signed("/cn-beijing/", "/mars/"), Some(&vector.key), 0);
    assert_eq!((report.verdict, faults(&report)), (Verdict::Fails, vec!["scope-syntax"]), "{:?}", report.causes);
    // A region of the vendor's that is not known to have the service.
    let report = examined(&vector, &signed("/cn-beijing/", "/cn-wuhan/"), Some(&vector.key), 0);
    let noted: Vec<&str> = report.causes.iter().map(|cause| cause.fault.id).collect();
    assert_eq!((report.verdict, noted), (Verdict::Verifies, vec!["scope-region"]));
    // An operation of a service that nobody told us of.
    let mut other = signed("/id/", "/iam/");
    other.target = "/?Action=ListUsers&Version=2018-01-01".to_owned();
    assert!(!faults(&examined(&vector, &other, None, 0)).contains(&"scope-service"));
}
