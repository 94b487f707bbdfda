//! `skydeck lab` itself.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use skydeck::wire::Request;

use crate::input_format::{as_curl, as_har, as_raw};
use crate::vector::{Vector, one};

fn lab(vector: &Vector, input: &[u8], arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let at = vector.now.to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_skydeck"));
    command.arg("lab").args(arguments).env_clear().env("HOME", home.path()).env("THE_SECRET", vector.key.secret.expose());
    if !arguments.contains(&"--at") {
        command.args(["--at", &at]);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn texts(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn examined(vector: &Vector, request: &Request, input_format: fn(&Request) -> Vec<u8>) -> (i32, Value) {
    let output = lab(vector, &input_format(request), &["--secret-env", "THE_SECRET", "--output", "json"]);
    let (status, out, err) = texts(&output);
    assert!(!out.contains(vector.key.secret.expose()) && !err.contains(vector.key.secret.expose()));
    (status, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {err}")))
}

const DRESSES: [fn(&Request) -> Vec<u8>; 3] = [as_raw, |request| as_curl(request).into_bytes(), |request| as_har(request).into_bytes()];

#[test]
fn says_that_it_verifies() {
    for (folder, file) in [
        ("alibaba", "py-sae-create-unicode.json"),
        ("alibaba", "py-v1-sae-create-sts.json"),
        ("volcengine", "03-create-full.json"),
        ("huawei", "10-create-special.json"),
        ("otc-legacy", "03-create-project-sts.json"),
    ] {
        let vector = one(folder, file);
        for input_format in DRESSES {
            let (status, object) = examined(&vector, &vector.request, input_format);
            assert_eq!((status, object["verdict"].as_str()), (0, Some("verifies")), "{object}");
            assert_eq!(object["expected_signature"], object["signature"]);
        }
    }
}

#[test]
fn names_the_cause() {
    let vector = one("alibaba", "py-pai-create-all.json");
    let request = vector.payload_changed("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    for input_format in DRESSES {
        let (status, object) = examined(&vector, &request, input_format);
        assert_eq!((status, object["causes"][0]["fault"].as_str()), (4, Some("payload-braces")), "{object}");
        assert_eq!(object["causes"][0]["certainty"], "proven");
    }
}

#[test]
fn marks_the_first_byte_that_differs() {
    let vector = one("huawei", "05-create-unicode.json");
    let request = vector.canonical_changed(|text| text.replace("127.0.0.1:42545", "127.0.0.1"));
    let (status, out, _) = texts(&lab(&vector, &as_raw(&request), &["--secret-env", "THE_SECRET"]));
    let lines: Vec<&str> = out.lines().collect();
    let at = lines.iter().position(|line| *line == "! header host").unwrap_or_else(|| panic!("{out}"));
    assert_eq!((status, lines[at + 1], lines[at + 2]), (4, "    ours    127.0.0.1:42545", "    signed  127.0.0.1"));
    assert_eq!(lines[at + 3], "                     ^ byte 10");
    assert!(out.contains("host-port (proven)"), "{out}");
}

#[test]
fn tokens_are_covered() {
    let vector = one("alibaba", "py-sae-create-sts.json");
    // The caller signed an empty token: the report shows both lines.
    let token = vector.request.headers.get_str("x-acs-security-token").unwrap();
    let request = vector.canonical_changed(|text| text.replace(&format!("x-acs-security-token:{token}"), "x-acs-security-token:"));
    for form in ["text", "json"] {
        let (_, out, err) = texts(&lab(&vector, &as_raw(&request), &["--secret-env", "THE_SECRET", "--output", form]));
        for secret in ["CAISExampleToken", vector.key.secret.expose()] {
            assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
        }
    }
}

#[test]
fn takes_the_servers_text_along() {
    let vector = one("huawei", "05-create-unicode.json");
    let canonical = vector.canonical().replace("127.0.0.1:42545", "swr.internal").replace('\n', "|");
    let text = format!("verify aksk signature fail, canonicalRequest:{canonical}");
    let output = lab(&vector, &as_raw(&vector.request), &["--secret-env", "THE_SECRET", "--output", "json", "--server-text", &text]);
    let (status, out, _) = texts(&output);
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, object["causes"][0]["fault"].as_str()), (4, Some("host-changed")), "{object}");
    let (status, _, err) = texts(&lab(&vector, &as_raw(&vector.request), &["--server-text", "nothing"]));
    assert!(status == 2 && err.contains("--server-text"), "{err}");
}

#[test]
fn ends_with_the_status_that_it_documents() {
    let vector = one("volcengine", "03-create-full.json");
    let status = |input: &[u8], arguments: &[&str]| texts(&lab(&vector, input, arguments)).0;
    let good = as_raw(&vector.request);
    assert_eq!(status(&good, &["--secret-env", "THE_SECRET"]), 0);
    assert_eq!(status(&good, &[]), 5, "no secret");
    assert_eq!(status(&good, &["--secret-env", "NOT_SET"]), 2);
    assert_eq!(status(b"hello", &[]), 2);
    assert_eq!(status(b"", &[]), 2);
    assert_eq!(status(b"GET / HTTP/1.1\nHost: a\nX-Auth-Token: abcdef\n\n", &[]), 5);
    assert_eq!(status(&good, &["--secret-env", "THE_SECRET", "--at", "2026-11-23T00:00:00Z"]), 4);
    assert_eq!(status(&good, &["--profile", "demo"]), 4, "another key");
    assert_eq!(status(&good, &["no-such-file"]), 2);
}

#[test]
fn masks_the_demos_keys() {
    use std::process::Command;
    for provider in [["alibaba-sae", "CreateNamespace", "NamespaceName=a"], ["huawei-swr", "ListOrganizations", "--no-validate"]] {
        let home = tempfile::tempdir().unwrap();
        let mut sign = Command::new(env!("CARGO_BIN_EXE_skydeck"));
        sign.args(["send", "--dry-run"]).args(provider).env_clear().env("HOME", home.path());
        let sent = sign.stdin(Stdio::null()).output().unwrap();
        let raw = String::from_utf8(sent.stdout).unwrap();
        assert!(raw.starts_with("# http"), "the dry run names the endpoint on its first line: {raw}");
        // The demo calls SWR with a token.
        if !raw.contains("authorization: ") {
            continue;
        }
        let vector = one("volcengine", "03-create-full.json");
        let output = lab(&vector, raw.as_bytes(), &["--at", &jiff::Timestamp::now().to_string()]);
        assert_eq!(texts(&output).0, 0, "{:?}\n{raw}", texts(&output));
    }
}
