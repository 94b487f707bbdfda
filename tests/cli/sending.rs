//! `send` on the demo profile for each provider, and every way in which it can end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::Value;

use super::support::{Emulator, Home, Ran};

/// A provider's call: one that passes, one that breaks a rule, where, and the vendor's code for it.
struct Case {
    call: [&'static str; 2],
    good: &'static [&'static str],
    bad: &'static [&'static str],
    finding: &'static str,
    code: &'static str,
}

const CASES: [Case; 5] = [
    Case {
        call: ["alibaba-sae", "CreateNamespace"],
        good: &["NamespaceName=orders", "NameSpaceShortId=orders"],
        bad: &["NamespaceName=orders", "NameSpaceShortId=or_ders"],
        finding: "NameSpaceShortId: '_' at 3: only a-z and 0-9",
        code: "InvalidNamespaceIdSuffix.Format",
    },
    Case {
        call: ["alibaba-pai", "CreateWorkspace"],
        good: &["WorkspaceName=ws_1", "Description=first", "EnvTypes=dev", "EnvTypes=prod"],
        bad: &["WorkspaceName=a_b!c", "Description=first", "EnvTypes=prod"],
        finding: "WorkspaceName: '!' at 4",
        code: "InvalidParameter",
    },
    Case {
        call: ["volcengine-id", "CreateNamespace"],
        good: &["NamespaceName=orders", "Tags=Key=env,Value=prod"],
        bad: &["NamespaceName=orders", r#"Tags:=[{"Key":"env"},{"Value":"prod"}]"#],
        finding: "Tags[2].Key: required",
        code: "MissingParameter.Tags",
    },
    Case {
        call: ["huawei-swr", "CreateOrganization"],
        good: &["namespace=group"],
        bad: &["namespace=gr-._oup"],
        finding: "namespace: '.' at 4",
        code: "SVCSTG.SWR.4001028",
    },
    Case {
        call: ["otc-swr", "CreateOrganization"],
        good: &["namespace=group"],
        bad: &["namespace=grOup"],
        finding: "namespace: 'O' at 3",
        code: "SVCSTG.SWR.4001028",
    },
];

fn send(home: &Home, case: &Case, values: &[&str], more: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["send"].iter().chain(&case.call).chain(values).chain(more).copied().collect();
    home.run(&arguments)
}

#[test]
fn prints_the_envelope_and_exits_with_0() {
    let home = Home::new();
    for case in &CASES {
        let ran = send(&home, case, case.good, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.out.contains("request id  ") && ran.out.contains(case.call[1]), "{ran:?}");
        assert!(ran.err.is_empty(), "{ran:?}");
    }
}

#[test]
fn names_a_broken_rule_and_exits_with_3() {
    let home = Home::new();
    for case in &CASES {
        let ran = send(&home, case, case.bad, &[]);
        assert_eq!((ran.status, ran.out.as_str()), (3, ""), "{ran:?}");
        assert!(ran.err.contains(case.finding), "{ran:?}");
    }
}

#[test]
fn sent_all_the_same_the_vendor_refuses_it_and_it_ends_with_4() {
    let home = Home::new();
    for case in &CASES {
        let ran = send(&home, case, case.bad, &["--no-validate"]);
        assert_eq!(ran.status, 4, "{ran:?}");
        assert!(ran.out.contains(&format!("code        {}", case.code)), "{ran:?}");
        assert!(["cause  ", "remedy  ", "field  "].iter().all(|part| ran.err.contains(part)), "{ran:?}");
    }
}

#[test]
fn json_is_one_object_with_what_the_help_says() {
    let home = Home::new();
    for case in &CASES {
        let object = send(&home, case, case.good, &["--output", "json"]).json();
        let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = "provider operation profile region started attempt outcome request response envelope failure explanation signature_cause timings_ms";
        assert_eq!(keys, expected.split(' ').collect::<Vec<_>>());
        assert_eq!((&object["outcome"], &object["envelope"]["success"]), (&Value::from("success"), &Value::from(true)));
        let failed = send(&home, case, case.bad, &["--output", "json", "--no-validate"]).json();
        assert_eq!((&failed["outcome"], &failed["envelope"]["code"]), (&Value::from("error"), &Value::from(case.code)));
        assert!(failed["explanation"]["remedy"].is_string());
    }
}

#[test]
fn tokens_and_passwords_are_masked_in_the_bytes_too() {
    let home = Home::new();
    for form in ["text", "json"] {
        let ran = send(&home, &CASES[3], CASES[3].good, &["-v", "--output", form]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.out.contains("x-auth-token") && ran.out.contains("/v3/auth/tokens") && ran.out.contains('•'), "{ran:?}");
        assert!(!ran.out.contains("Skydeck-Demo-1"), "{ran:?}");
    }
}

#[test]
fn shows_in_a_dry_run_what_sign_prints() {
    let home = Home::new();
    let fixed = ["--at", "2026-11-22T10:00:00Z", "--nonce", "0123456789abcdef0123456789abcdef", "--output", "json"];
    for case in &CASES {
        let dry: Vec<&str> = fixed.iter().chain(&["--dry-run"]).copied().collect();
        let shown = send(&home, case, case.good, &dry).json();
        let arguments: Vec<&str> = ["sign"].iter().chain(&case.call).chain(case.good).chain(&fixed).copied().collect();
        let signed = home.run(&arguments).json();
        assert_eq!(shown["request"], signed["request"]);
        assert_eq!(shown.get("token_request"), signed.get("token_request"));
        assert!(shown["request"]["url"].as_str().unwrap().starts_with("http://127.0.0.1:86"), "{shown}");
    }
}

#[test]
fn exits_with_5_without_an_answer() {
    let home = Home::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{closed}");
    let ran = send(&home, &CASES[0], CASES[0].good, &["--endpoint", &endpoint]);
    assert_eq!((ran.status, ran.out.as_str()), (5, ""), "{ran:?}");
    assert!(ran.err.contains("refused") && ran.err.contains("remedy"), "{ran:?}");
    let object = send(&home, &CASES[0], CASES[0].good, &["--endpoint", &endpoint, "--output", "json"]).json();
    assert_eq!((&object["outcome"], &object["failure"]["class"]), (&Value::from("failed"), &Value::from("refused")));
}

/// A server that answers one request with these bytes, and its URL.
fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        std::io::Write::write_all(&mut stream, bytes).unwrap();
    });
    url
}

#[test]
fn names_a_foreign_answer_and_escapes_it() {
    let home = Home::new();
    let html =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n<html><title>\x1b[2JLogin</title>\xe2\x80\xae</html>";
    for (form, status) in [("text", 5), ("json", 5)] {
        let ran = send(&home, &CASES[0], CASES[0].good, &["--endpoint", &answering(html), "--output", form]);
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(!ran.out.contains(['\x1b', '\u{202e}']) && !ran.err.contains(['\x1b', '\u{202e}']), "{ran:?}");
    }
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{\"RequestId\":";
    assert_eq!(send(&home, &CASES[0], CASES[0].good, &["--endpoint", &answering(cut)]).status, 5);
    let proxy = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
    assert_eq!(send(&home, &CASES[0], CASES[0].good, &["--endpoint", &answering(proxy)]).status, 4);
}

#[test]
fn shows_digits_as_received() {
    let home = Home::new();
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 107\r\n\r\n\
        {\"RequestId\":\"r\",\"Success\":true,\"Data\":{\"id\":123456789012345678901234567890,\"price\":1.10,\"far\":1e400} }    ";
    for form in ["text", "json"] {
        let ran = send(&home, &CASES[0], CASES[0].good, &["--endpoint", &answering(answer), "--output", form]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(["123456789012345678901234567890", "1.10", "1e"].iter().all(|digits| ran.out.contains(digits)), "{ran:?}");
    }
}

#[test]
fn guards_end_it_with_6_unless_it_is_confirmed() {
    let home = Home::new();
    let emulator = Emulator::start(&home, &["--accept-key", "LTAIguard:secret-of-guard"]);
    let credentials = r#"{ command = ["printf", '{"access_key_id":"LTAIguard","access_key_secret":"secret-of-guard"}'] }"#;
    let endpoint = emulator.url("alibaba-sae");
    let profile = |name: &str, guard: &str| {
        format!(
            "[profiles.{name}]\nguard = \"{guard}\"\n[profiles.{name}.alibaba]\nendpoint = \"{endpoint}\"\ncredentials = {credentials}\n"
        )
    };
    home.write(".config/skydeck/config.toml", &(profile("careful", "confirm") + &profile("looking", "read-only")));
    let send = |more: &[&str]| send(&home, &CASES[0], CASES[0].good, more);
    let unconfirmed = send(&["--profile", "careful"]);
    assert_eq!(unconfirmed.status, 6, "{unconfirmed:?}");
    assert!(unconfirmed.err.contains("--confirm careful"), "{unconfirmed:?}");
    assert_eq!(send(&["--profile", "careful", "--confirm", "carefree"]).status, 6);
    let confirmed = send(&["--profile", "careful", "--confirm", "careful"]);
    assert_eq!(confirmed.status, 0, "{confirmed:?}");
    assert_eq!(send(&["--profile", "looking", "--confirm", "looking"]).status, 6);
}

#[test]
fn refuses_headers_naming_a_changing_call_when_read_only() {
    let home = Home::new();
    let credentials = r#"{ access_key_id = "LTAIguard", access_key_secret = "secret-of-guard" }"#;
    let profile: String = ["alibaba", "volcengine", "huawei"]
        .map(|vendor| format!("[profiles.looking.{vendor}]\nendpoint = \"http://127.0.0.1:9\"\ncredentials = {credentials}\n"))
        .concat();
    home.write(".config/skydeck/config.toml", &format!("[profiles.looking]\nguard = \"read-only\"\n{profile}"));
    let form = home.write("form", "PageSize=1&Action=DeleteNamespace");
    let odd = home.write("odd", "{x=1&Action=DeleteNamespace");
    let (form, odd) = (form.to_str().unwrap(), odd.to_str().unwrap());
    let send = |call: &[&str]| home.run(&[&["send", "--profile", "looking", "--no-history", "--no-validate"], call].concat());
    let sae = ["alibaba-sae", "DescribeNamespaceList"];
    for more in [
        ["--header", "X-Acs-Action: DeleteNamespace"],
        ["--header", "x-acs-action: NoSuchAction"],
        ["--header", "X-HTTP-Method-Override: DELETE"],
        ["--header", "X-Method-Override: post"],
        ["--header", "X-HTTP-Method: PURGE"],
        ["--header", "X_HTTP_METHOD_OVERRIDE: PUT"],
        ["--header", "X.HTTP.Method.Override: PUT"],
        ["--header", "X-HTTPMethodOverride: PUT"],
        ["--header", "X-HttpMethod: DELETE"],
        ["--header", "X-Verb: DELETE"],
        ["--header", "X-Requested-Method: MOVE"],
        ["--header", "X-Forwarded-Uri: /v2/manage/namespaces"],
        ["--header", "Request-Uri: /v2/manage/namespaces"],
        ["--header", "Content-Type: Multipart/form-data; boundary=x"],
        ["--body", odd],
        ["--header", "X-Original-URL: /v2/manage/namespaces/a"],
        ["--body", form],
    ] {
        let ran = send(&[&sae[..], &more].concat());
        assert_eq!(ran.status, 6, "{more:?}: {ran:?}");
        assert!(ran.err.contains("is read-only, and DescribeNamespaceList with "), "{ran:?}");
    }
    // What reads goes out: nobody listens there.
    for more in
        [["--header", "X-Acs-Action: DescribeNamespace"], ["--header", "X-HTTP-Method-Override: GET"], ["--header", "X-Trace: DELETE"]]
    {
        assert_eq!(send(&[&sae[..], &more].concat()).status, 5, "{more:?}");
    }
}

#[test]
fn applies_the_guard_before_running_a_credentials_command() {
    let home = Home::new();
    let mark = home.path().join("was-run");
    let command = format!(r#"{{ command = ["touch", "{}"] }}"#, mark.display());
    home.write(
        ".config/skydeck/config.toml",
        &format!("[profiles.looking]\nguard = \"read-only\"\n[profiles.looking.alibaba]\ncredentials = {command}\n"),
    );
    let ran = send(&home, &CASES[0], CASES[0].good, &["--profile", "looking"]);
    assert_eq!((ran.status, mark.exists()), (6, false), "{ran:?}");
    assert_eq!(send(&home, &CASES[0], CASES[0].good, &["--profile", "looking", "--dry-run"]).status, 2);
    assert!(mark.exists(), "a dry run is signed with the credentials");
}

#[test]
fn headers_and_a_body_of_ones_own_travel_signed() {
    let home = Home::new();
    let body = home.write("body.json", r#"{"namespace":"own-body"}"#);
    let object = send(
        &home,
        &CASES[3],
        &[],
        &["--body", body.to_str().unwrap(), "--header", "X-Trace: a b", "--header", "User-Agent: mine/1", "--output", "json"],
    )
    .json();
    assert_eq!(object["outcome"], "success", "{object}");
    let headers = object["request"]["headers"].as_array().unwrap();
    for expected in [["x-trace", "a b"], ["user-agent", "mine/1"], ["content-length", "24"]] {
        assert!(headers.contains(&expected.to_vec().into()), "{object}");
    }
    assert_eq!(object["request"]["body"], r#"{"namespace":"own-body"}"#);
}

#[cfg(unix)]
#[test]
fn ctrl_c_cancels_and_ends_with_130() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let mut arguments = vec!["send"];
    arguments.extend(CASES[0].call.iter().chain(CASES[0].good));
    arguments.extend(["--endpoint", &endpoint, "--output", "json"]);
    let child = home.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    stream.read_exact(&mut [0; 4]).unwrap();
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!(ran.status, 130, "{ran:?}");
    assert_eq!(ran.json()["outcome"], "cancelled");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_wait_before_another_attempt() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let mut arguments = vec!["send"];
    arguments.extend(CASES[0].call.iter().chain(CASES[0].good));
    arguments.extend(["--endpoint", &endpoint, "--retry", "2"]);
    let mut child = home.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    stream.read_exact(&mut [0; 64]).unwrap();
    stream.write_all(b"HTTP/1.1 503 Busy\r\nretry-after: 50\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}").unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut message_text = String::new();
    while !message_text.contains("again in 50.0 s") {
        assert_ne!(errors.read_line(&mut message_text).unwrap(), 0, "{message_text}");
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    errors.read_to_string(&mut message_text).unwrap();
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert!(
        ran.status == 130 && ran.out.contains("503 Busy") && message_text.contains("cancelled: it is not sent again"),
        "{ran:?} {message_text}"
    );
    let rows = home.run(&["history", "list", "--output", "json"]);
    assert_eq!(rows.out.lines().count(), 1, "{rows:?}");
}
