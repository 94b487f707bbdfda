//! Exports are run by the programs they are for: nothing in a name, a value, an id or a path is run with them, and what they send is what was signed.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use skydeck::auth::{AccessKey, Credentials, Scheme, Scope, SigningInputs, sign};
use skydeck::catalog::{Catalog, Provider};
use skydeck::exchange::{Exchange, ExchangeId, Origin, Outcome, Purpose, Timings};
use skydeck::export::{ExportInput, Format, Secrets, render};
use skydeck::redact::Redactor;
use skydeck::secret::Secret;
use skydeck::wire::{Request, encode};

/// The demo's key pairs are not needed: nobody verifies. The variables must be there.
const KEYS: [(&str, &str); 6] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tThrowAway"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "throw-away"),
    ("VOLCENGINE_ACCESS_KEY", "AKLTthrowaway"),
    ("VOLCENGINE_SECRET_KEY", "throw-away"),
    ("HUAWEICLOUD_SDK_AK", "THROWAWAY"),
    ("HUAWEICLOUD_SDK_SK", "throw-away"),
];

/// Names that HTTP allows for a header.
const NAMES: [&str; 8] = ["x-`pwn`", "x-'pwn'", "x-$pwn", "x-!pwn", "x-|pwn|", "x-&pwn&", "x-#*~^%", "x-plain"];

/// Values that a shell, a language, curl or a template could take for its own. `pwn` is a program that leaves a mark.
const VALUES: [&str; 16] = [
    "`pwn`",
    "$(pwn)",
    "'; pwn; '",
    "\"; pwn; \"",
    "\\'; pwn #",
    "\\\"; pwn #",
    "@/etc/passwd",
    "< /etc/passwd",
    "{{$processEnv HOME}} {{token}}",
    "### ${HOME}",
    "\"\"\" + __import__('os').system('pwn') + \"\"\"",
    "${IFS}pwn",
    "a\u{202e}b\u{2028}pwn",
    "-X DELETE --data @x",
    "%{url} %s %n",
    "> {% client.global.set() %}",
];

/// Values with line breaks too, which a header cannot have.
fn lines() -> Vec<String> {
    [
        "\npwn\n",
        "\r\n### \r\nGET http://127.0.0.1/\r\n",
        "a\n< /etc/passwd\n",
        "'\npwn\n'",
        "\"\npwn\n\"",
        "EOF\npwn\n",
        "`\npwn\n`",
        "```\n<b>\n",
    ]
    .map(str::to_owned)
    .into()
}

fn provider() -> Provider {
    let id = "volcengine-id";
    Provider::clone(Catalog::built_in().provider(id).unwrap())
}

/// A call to a server with hostile texts everywhere.
fn exchange(provider: &Provider, port: u16, value: &str, body: &str) -> Exchange {
    let operation = &provider.operations[0];
    let one_line = value.replace(['\r', '\n'], " ");
    let mut request = Request {
        method: operation.method.clone(),
        target: format!("{}?Action=A&x={}&`pwn`=$(pwn)'\"", operation.path, encode(value)),
        body: body.to_owned().into(),
        ..Request::default()
    };
    let authority = format!("127.0.0.1:{port}");
    for (name, value) in
        [("host", authority.as_str()), ("content-type", "application/json"), ("user-agent", "skydeck-test"), ("accept", "*/*")]
    {
        request.headers.push(name, value);
    }
    for name in NAMES {
        request.headers.push(name, &one_line);
    }
    let scheme: Scheme = provider.auth[0].into();
    let key = AccessKey { id: "AKLTthrowaway".into(), secret: Secret::new("throw-away"), token: None, project_id: None };
    let moment = SigningInputs { now: "2026-11-22T10:00:00Z".parse().unwrap(), nonce: "0123".into() };
    let scope = Scope { region: "'`pwn`$(pwn)\"", service: "id;pwn" };
    let also: Vec<String> = NAMES.map(str::to_owned).into();
    let signed = sign(scheme, request, &Credentials::AccessKey(key), scope, &moment, &also).unwrap();
    Exchange {
        id: ExchangeId(1),
        provider: provider.id.clone(),
        operation: operation.id.clone(),
        profile: value.to_owned(),
        region: value.to_owned(),
        purpose: Purpose::Operator,
        call_origin: Origin::default(),
        started: moment.now,
        endpoint: format!("http://127.0.0.1:{port}").parse().unwrap(),
        request: signed.request,
        signing: Some(signed.trace),
        outcome: Outcome::InFlight,
        timings: Timings::default(),
    }
}

fn exported(format: Format, provider: &Provider, exchange: &Exchange) -> Vec<u8> {
    let redactor = Redactor::default();
    let subject = ExportInput { provider, operation: Some(&provider.operations[0]), exchange, secrets: Secrets::Masked(&redactor) };
    render(format, &subject).unwrap()
}

/// A server that takes one request and gives its bytes.
fn server() -> (u16, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut came, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut buffer).unwrap();
            came.extend_from_slice(&buffer[..read]);
            let Some(end) = memchr::memmem::find(&came, b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&came[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
            if came.len() >= end + 4 + length {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
                return came;
            }
        }
    });
    (port, taken)
}

/// A folder with the program `pwn`, which leaves a mark there when anything runs it.
fn trap() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (program, marker) = (folder.path().join("pwn"), folder.path().join("marker"));
    fs::write(&program, format!("#!/bin/sh\necho ran >{}\n", marker.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn run(program: &str, script: &[u8], folder: &Path) -> std::process::Output {
    let file = folder.join("script");
    fs::write(&file, script).unwrap();
    let mut command = Command::new(program);
    command.arg(&file).current_dir(folder).env_clear().envs(KEYS);
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display())).stdin(Stdio::null());
    command.output().unwrap()
}

fn there_is(program: &str) -> bool {
    let there = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        eprintln!("SKIPPED: there is no {program}; .ci/run installs it");
    }
    there
}

/// What a request's bytes must be but for date and signature, which are made again.
fn without_signature(bytes: &[u8]) -> Vec<u8> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let changes = |line: &&[u8]| {
        let line = line.to_ascii_lowercase();
        [&b"x-date:"[..], b"authorization:", b"content-length:"].iter().any(|name| line.starts_with(name))
    };
    lines.filter(|line| !changes(line)).flatten().copied().collect()
}

#[test]
fn quotes_curl_scripts_safely_and_sends_what_was_signed() {
    if !there_is("curl") || !there_is("openssl") {
        return;
    }
    let (provider, folder) = (provider(), trap());
    let shells: Vec<&str> = ["sh", "bash", "zsh"].into_iter().filter(|shell| *shell == "sh" || there_is(shell)).collect();
    for (at, value) in VALUES.iter().map(ToString::to_string).chain(lines()).enumerate() {
        let (port, taken) = server();
        let exchange = exchange(&provider, port, &value, &value);
        let script = exported(Format::Curl, &provider, &exchange);
        let shell = shells[at % shells.len()];
        let ran = run(shell, &script, folder.path());
        assert!(ran.status.success(), "{shell}: {}\n{}", String::from_utf8_lossy(&ran.stderr), String::from_utf8_lossy(&script));
        assert!(!folder.path().join("marker").exists(), "{shell} ran a part of\n{}", String::from_utf8_lossy(&script));
        let came = taken.join().unwrap();
        let mut ours = exchange.request.head();
        ours.extend_from_slice(&exchange.request.body);
        let (ours, came) = (sorted(&without_signature(&ours)), sorted(&without_signature(&came)));
        assert_eq!(String::from_utf8_lossy(&came), String::from_utf8_lossy(&ours), "{value}");
    }
}

/// A request with its headers in the order of their names.
fn sorted(request: &[u8]) -> Vec<u8> {
    let end = memchr::memmem::find(request, b"\r\n\r\n").unwrap();
    let mut lines: Vec<Vec<u8>> = request[..end].split(|byte| *byte == b'\n').map(|line| line.trim_ascii_end().to_vec()).collect();
    for line in &mut lines[1..] {
        let colon = line.iter().position(|byte| *byte == b':').unwrap();
        line[..colon].make_ascii_lowercase();
    }
    lines[1..].sort();
    [lines.join(&b'\n'), request[end..].to_vec()].concat()
}

/// Runs each script of the folder with modules of the SDK's names, in which each thing takes any call and writes down the texts it was given.
const STUB: &str = r#"
import json, sys, types
class Thing:
    def __getattr__(self, name): return Thing()
    def __call__(self, *values, **members):
        given.extend(value for value in list(values) + list(members.values()) if isinstance(value, str))
        return Thing()
    def __setattr__(self, name, value): given.append(value)
class Module(types.ModuleType):
    def __getattr__(self, name): return Thing()
for name in ["volcenginesdkcore", "volcenginesdkid"]:
    sys.modules[name] = Module(name)
out, sys.stdout = sys.stdout, sys.stderr
every = []
for number in range(int(sys.argv[1])):
    given = []
    exec(compile(open(f"script-{number}", "rb").read(), f"script-{number}", "exec"), {"__name__": "__main__"})
    every.append([value for value in given if isinstance(value, str)])
out.write(json.dumps(every))
"#;

#[test]
fn python_runs_nothing_of_an_export_and_gives_the_values_as_they_are() {
    if !there_is("python3") {
        return;
    }
    let (provider, folder) = (provider(), trap());
    let values: Vec<String> = VALUES.iter().map(ToString::to_string).chain(lines()).collect();
    for (at, value) in values.iter().enumerate() {
        let body = serde_json::json!({ "NamespaceName": value, "Description": value, "`pwn`\n": value }).to_string();
        let script = exported(Format::Python, &provider, &exchange(&provider, 1, value, &body));
        fs::write(folder.path().join(format!("script-{at}")), &script).unwrap();
    }
    let mut command = Command::new("python3");
    command.args(["-c", STUB, &values.len().to_string()]).current_dir(folder.path()).envs(KEYS).stdin(Stdio::null());
    let ran = command.env("PATH", format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap())).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!folder.path().join("marker").exists(), "python ran a part of a script");
    let given: Vec<Vec<String>> = serde_json::from_slice(&ran.stdout).unwrap();
    for (value, given) in values.iter().zip(given) {
        assert_eq!(given.iter().filter(|given| *given == value).count(), 3, "{value:?}: region and two members of {given:?}");
    }
}

#[test]
fn escapes_markup_in_a_report() {
    let provider = provider();
    for value in VALUES.iter().map(ToString::to_string).chain(lines()) {
        let text = String::from_utf8(exported(Format::Report, &provider, &exchange(&provider, 1, &value, &value))).unwrap();
        let mut fence: Option<&str> = None;
        for line in text.lines() {
            match fence {
                Some(open) if line == open => fence = None,
                Some(_) => {}
                None if line.starts_with("```") => fence = line.strip_suffix("text"),
                None => assert!(!line.replace("\\<", "").contains('<') && !line.replace("\\`", "").contains('`'), "{line}"),
            }
        }
        assert_eq!(fence, None, "{text}");
    }
}

#[test]
fn quotes_command_lines_safely() {
    let (mut provider, folder) = (provider(), trap());
    provider.version = "1;pwn".into();
    let arguments = folder.path().join("ve");
    fs::write(&arguments, "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\n").unwrap();
    fs::set_permissions(&arguments, fs::Permissions::from_mode(0o755)).unwrap();
    for value in VALUES.iter().map(ToString::to_string).chain(lines()) {
        let script = exported(Format::Cli, &provider, &exchange(&provider, 1, &value, &value));
        let ran = run("sh", &script, folder.path());
        assert!(ran.status.success() && !folder.path().join("marker").exists(), "{}", String::from_utf8_lossy(&script));
        let words: Vec<&[u8]> = ran.stdout.split(|byte| *byte == 0).collect();
        assert!(words.contains(&value.as_bytes()) && words.contains(&b"1;pwn".as_slice()), "{value:?}");
    }
}

#[test]
fn writes_one_request_and_no_instruction_to_http_files() {
    let provider = provider();
    for value in VALUES.iter().map(ToString::to_string).chain(lines()) {
        for body in [value.clone(), serde_json::json!({ "a": value }).to_string()] {
            let text = String::from_utf8(exported(Format::Http, &provider, &exchange(&provider, 1, &value, &body))).unwrap();
            assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
            let (head, body) = text.split_once("\n\n").unwrap();
            let starts = |line: &str| ["###", "<", ">", "@", "{{"].iter().any(|sign| line.trim_start().starts_with(sign));
            assert!(!body.split(['\n', '\r']).any(starts), "{body}");
            let is_header =
                |line: &str| line.starts_with("# ") || line.starts_with("POST ") || line.starts_with("GET ") || line.contains(": ");
            assert!(head.lines().all(is_header), "{head}");
        }
    }
}

#[test]
fn exports_any_history_row_as_one_request() {
    let provider = provider();
    let mut row = exchange(&provider, 1, "x", "y");
    row.request.method = "GET\nDELETE".into();
    row.operation = "A\n### \nDELETE http://example.test/\n`pwn`".into();
    row.request.target = "@example.test/a b".into();
    row.request.headers.push("@/etc/passwd", "x");
    row.request.headers.push("a\nb", "x");
    row.request.headers.push("x-lines", "a\r\nDELETE http://example.test/");
    for format in [Format::Curl, Format::Http, Format::Hurl] {
        let text = String::from_utf8(exported(format, &provider, &row)).unwrap();
        for line in text.lines() {
            assert!(!line.starts_with("DELETE") && !line.starts_with("###") && !line.contains("'@/etc"), "{}:\n{text}", format.name());
        }
        assert!(text.contains("http://127.0.0.1:1/@example.test/"), "{text}");
        assert!(text.contains("left out: the header \"@/etc/passwd\""), "{text}");
    }
}
