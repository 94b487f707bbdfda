//! `--export`: scripts run by a real shell with a real curl against the emulator, files, and what is said of the rest.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::{Emulator, Home};

/// Texts that a shell, curl or a template could take for its own.
const TEXTS: [&str; 14] = [
    "it's \"quoted\" 'twice' ''",
    "back\\slash \\n \\' \\",
    "$HOME ${HOME} $(id) `id`",
    "!! !x 50% %41 %s %%",
    "two\nlines\n",
    "tab\there\r",
    "命名空间 é ñ",
    "😀👩‍👩‍👧 \u{202e}x",
    "@/etc/passwd",
    "-X DELETE",
    "--data @x",
    "a;b|c&d>e<f#g*h?i[j]{k}~",
    "{{x}} <%= y %> #{z}",
    " edges ",
];

/// The demo's keys, as the vendors' tools find them.
const KEYS: [(&str, &str); 8] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tSkydeckDemoKey0001"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "SkydeckDemoSecretAlibaba000001"),
    ("VOLCENGINE_ACCESS_KEY", "AKLTSkydeckDemoKey00000000000000000000000000001"),
    ("VOLCENGINE_SECRET_KEY", "SkydeckDemoSecretVolcengine000000000000000001"),
    ("HUAWEICLOUD_SDK_AK", "SKYDECKDEMOHUAWEI001"),
    ("HUAWEICLOUD_SDK_SK", "SkydeckDemoSecretHuawei0000000000000001"),
    ("OS_ACCESS_KEY", "SKYDECKDEMOOTCKEY001"),
    ("OS_SECRET_KEY", "SkydeckDemoSecretOtc0000000000000000001"),
];

/// Whether there is a program; without one the test says so and ends.
fn there_is(program: &str) -> bool {
    let there = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        eprintln!("SKIPPED: there is no {program}; .ci/run installs it");
    }
    there
}

/// Two emulators in the same state: what one is told by curl, the other is told by us.
struct Pair {
    home: Home,
    ours: Emulator,
    theirs: Emulator,
}

impl Pair {
    fn new() -> Self {
        let home = Home::new();
        let (ours, theirs) = (Emulator::start(&home, &[]), Emulator::start(&home, &[]));
        Self { home, ours, theirs }
    }

    fn arguments<'a>(emulator: &'a Emulator, call: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
        let fixed = ["--no-validate", "--profile", "env", "--endpoint", emulator.url(call[0])];
        ["send"].iter().chain(call).chain(&fixed).chain(more).copied().collect()
    }

    /// Sends a call to one emulator and its script to the other, and holds the two answers against each other.
    fn same(&self, call: &[&str]) {
        let sent = self.home.run_with(&KEYS, &Self::arguments(&self.ours, call, &["--output", "json"])).json();
        let script = self.home.run_with(&KEYS, &Self::arguments(&self.theirs, call, &["--dry-run", "--export", "curl"]));
        assert_eq!(script.status, 0, "{script:?}");
        let answer = shell(&script.out);
        let status = format!("HTTP/1.1 {} ", sent["response"]["status"]);
        assert!(answer.starts_with(&status), "{call:?}: {status}\n{answer}\n{}", script.out);
        if let Some(code) = sent["envelope"]["code"].as_str() {
            assert!(answer.contains(code), "{call:?}: {code}\n{answer}\n{}", script.out);
        }
        assert!(!script.out.contains("DemoSecret"), "{}", script.out);
    }
}

/// What a script prints when `sh` runs it with the keys, and nothing else, in its environment.
fn shell(script: &str) -> String {
    // By a file: a script may be longer than an argument can be.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), script).unwrap();
    let mut command = Command::new("sh");
    command.arg(file.path()).env_clear().env("PATH", "/usr/bin:/bin").envs(KEYS);
    let ran = command.output().unwrap();
    assert!(ran.stderr.is_empty(), "{}\n{script}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn curl_does_what_we_do_whatever_is_in_the_texts() {
    if !there_is("curl") || !there_is("openssl") {
        return;
    }
    let pair = Pair::new();
    for (at, text) in TEXTS.iter().enumerate() {
        pair.same(&["alibaba-sae", "CreateNamespace", &format!("NamespaceName={text}"), &format!("NameSpaceShortId=n{at}")]);
        pair.same(&["volcengine-id", "CreateNamespace", &format!("NamespaceName=n{at}"), &format!("Description={text}")]);
    }
    let all = TEXTS.concat();
    pair.same(&["alibaba-pai", "CreateWorkspace", "WorkspaceName=ws_1", &format!("Description={all}"), "EnvTypes=prod"]);
    pair.same(&["huawei-swr", "CreateOrganization", &format!("namespace={all}")]);
    pair.same(&["huawei-swr", "ShowOrganization", &format!("namespace={all}")]);
    for text in &TEXTS[..3] {
        pair.same(&["otc-swr", "CreateOrganization", &format!("namespace={text}")]);
    }
}

#[test]
fn curl_succeeds_on_every_provider() {
    if !there_is("curl") || !there_is("openssl") {
        return;
    }
    let home = Home::new();
    let emulator = Emulator::start(&home, &[]);
    for (call, status) in [
        (["alibaba-sae", "CreateNamespace", "NamespaceName=it's 名 😀"], 200),
        (["alibaba-pai", "ListWorkspaces", "PageSize=5"], 200),
        (["volcengine-id", "CreateNamespace", "NamespaceName=group"], 200),
        (["huawei-swr", "CreateOrganization", "namespace=group"], 201),
        (["otc-swr", "CreateOrganization", "namespace=group"], 201),
    ] {
        let script = home.run_with(&KEYS, &Pair::arguments(&emulator, &call, &["--dry-run", "--export", "curl"]));
        let answer = shell(&script.out);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}\n{}", script.out);
    }
}

#[test]
fn sends_any_bytes_in_a_body() {
    if !there_is("curl") || !there_is("openssl") {
        return;
    }
    let pair = Pair::new();
    let every: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
    let long = [b"-".as_slice(), &every, &vec![b'x'; 200_000]].concat();
    for (name, bytes) in [("bytes", every.clone()), ("long", long), ("at", b"@/etc/passwd".to_vec()), ("nul", b"{\"a\":\"\0\"}".to_vec())] {
        let path = pair.home.path().join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        pair.same(&["volcengine-id", "CreateNamespace", "NamespaceName=x", "--body", path, "--header", "x-note: it's \"$x\" `y`"]);
        pair.same(&["alibaba-pai", "CreateWorkspace", "--body", path]);
    }
}

#[test]
fn names_of_signed_headers_are_no_part_of_the_script() {
    if !there_is("curl") || !there_is("openssl") {
        return;
    }
    let pair = Pair::new();
    for (provider, operation) in
        [("alibaba-pai", "ListWorkspaces"), ("volcengine-id", "ListNamespaces"), ("huawei-swr", "ListOrganizations")]
    {
        pair.same(&[provider, operation, "--header", "x-`false`: 1", "--header", "x-acs-$0'!|&#*: 2"]);
    }
}

#[test]
fn reads_the_token_from_the_environment() {
    let home = Home::new();
    let ran = home.run(&["send", "otc-swr", "CreateOrganization", "namespace=group", "--export", "curl"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("-H 'x-auth-token: '\"$OS_TOKEN\"") && ran.out.contains(": \"${OS_TOKEN:?"), "{}", ran.out);
    assert!(!ran.out.contains("Signature") && !ran.out.contains('•'), "{}", ran.out);
}

#[test]
fn exports_to_standard_output_or_file() {
    let home = Home::new();
    let call = ["send", "volcengine-id", "CreateNamespace", "NamespaceName=group"];
    let ran = home.run(&[&call[..], &["--export", "jsonl"]].concat());
    assert_eq!((ran.status, &ran.json()["outcome"]), (0, &Value::from("success")));
    let file = home.path().join("x.har");
    let ran = home.run(&[&call[..], &["--export", &format!("har={}", file.display())]].concat());
    assert!(ran.status == 0 && ran.out.contains("200 OK"), "{ran:?}");
    let archive: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(archive["log"]["entries"][0]["response"]["status"], 200);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn secrets_are_shown_only_with_the_flag_and_named() {
    let home = Home::new();
    let call = ["send", "huawei-swr", "CreateOrganization", "namespace=group"];
    for format in ["curl", "har", "hurl", "http", "jsonl", "markdown", "python", "go"] {
        let masked = home.run(&[&call[..], &["--export", format]].concat());
        let shown = home.run(&[&call[..], &["--export", format, "--with-secrets"]].concat());
        assert_eq!((masked.status, shown.status), (0, 0), "{masked:?} {shown:?}");
        assert!(!masked.out.contains("SECRETS ARE SHOWN"), "{format}");
        assert!(shown.out.contains("SECRETS ARE SHOWN (--with-secrets)"), "{format}: {}", shown.out);
    }
    let ran = home.run(&[&call[..], &["--with-secrets"]].concat());
    assert_eq!(ran.status, 2, "{ran:?}");
}

#[test]
fn refuses_impossible_exports_before_sending() {
    let home = Home::new();
    let call = ["send", "otc-swr", "CreateOrganization", "namespace=group"];
    let ran = home.run(&[&call[..], &["--export", "cli"]].concat());
    assert!(ran.status == 2 && ran.err.contains("knows no command line for otc-swr") && ran.out.is_empty(), "{ran:?}");
    let ran = home.run(&[&call[..], &["--export", "yaml"]].concat());
    assert!(ran.status == 2 && ran.err.contains("there is no format \"yaml\"; there are curl, har"), "{ran:?}");
    let ran = home.run(&[&call[..], &["--export", "har=/no/such/folder/x"]].concat());
    assert!(ran.status == 2 && ran.err.contains("/no/such/folder/x"), "{ran:?}");
}

#[test]
fn exports_the_history_in_every_format() {
    let home = Home::new();
    for name in ["one", "two"] {
        home.run(&["send", "volcengine-id", "CreateNamespace", &format!("NamespaceName={name}")]);
    }
    let ran = home.run(&["history", "export", "--format", "har"]);
    let archive: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(archive["log"]["entries"].as_array().map(Vec::len), Some(2), "{ran:?}");
    for format in ["curl", "hurl", "http", "markdown", "python", "go", "cli"] {
        let ran = home.run(&["history", "export", "--format", format]);
        assert!(ran.status == 0 && ran.out.contains("volcengine-id CreateNamespace"), "{format}: {ran:?}");
    }
}

#[test]
fn formats_a_go_call_like_gofmt() {
    let home = Home::new();
    let call = ["send", "alibaba-sae", "CreateNamespace", "NamespaceName=订\"单", "NameSpaceShortId=orders", "--dry-run", "--export", "go"];
    let ran = home.run(&call);
    let request =
        "CreateNamespaceRequest{\n\t\tNamespaceName:    tea.String(\"订\\\"单\"),\n\t\tNameSpaceShortId: tea.String(\"orders\"),\n\t})";
    assert!(ran.status == 0 && ran.out.contains(request), "{ran:?}");
}
