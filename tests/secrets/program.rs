//! The real program: its output, its files and the emulator's log, while secrets come from the environment, vendors' files, commands, the
//! configuration, arguments and a server.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use proptest::prelude::*;
use skydeck::wire::encode;
use tempfile::TempDir;

use super::plant::{Searched, cases, plain};

/// The key ids and the user, which are no secrets.
const IDS: [&str; 4] = ["LTAI5tSecretTestKey0001", "AKLTSecretTestKey000000001", "SECRETTESTHUAWEI0001", "LTAI5tSecretTestKey0002"];

const FORMATS: [&str; 9] = ["curl", "har", "hurl", "http", "jsonl", "markdown", "python", "go", "cli"];

const CALL: [&str; 4] = ["alibaba-sae", "CreateNamespace", "NamespaceName=orders", "NameSpaceShortId=orders"];

/// The secrets, by where they come from.
struct Planted {
    /// Of the environment: an access key's secret.
    variable: String,
    /// A temporary key's token.
    token: String,
    /// A password.
    password: String,
    /// Of a vendor's file.
    file: String,
    /// Of the configuration itself.
    literal: String,
    /// Of a command.
    command: String,
}

/// A home for one case, with an emulator that takes the secrets.
struct Home {
    folder: TempDir,
    planted: Planted,
    emulator: Child,
    urls: serde_json::Value,
    searched: Searched,
}

impl Home {
    fn new(planted: Planted) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let Planted { variable, token, password, file, literal, command } = &planted;
        let volcengine = format!(
            r#"{{"current":"default","profiles":{{"default":{{"name":"default","mode":"ak","access-key":"{}","secret-key":{},"region":"cn-beijing"}}}}}}"#,
            IDS[1],
            json(file)
        );
        let message_text = format!(r#"{{"access_key_id":"{}","access_key_secret":{}}}"#, IDS[2], json(command));
        let config = format!(
            "[profiles.file.volcengine]\ncredentials = {{ file = \"volc-cli\" }}\n[profiles.literal.alibaba]\ncredentials = {{ access_key_id = \"{}\", access_key_secret = {} }}\n[profiles.command.huawei]\ncredentials = {{ command = [\"cat\", \"{}\"] }}\n",
            IDS[3],
            json(literal),
            folder.path().join("given.json").display(),
        );
        for (name, text) in [("given.json", message_text), (".volcengine/config.json", volcengine), (".config/skydeck/config.toml", config)]
        {
            write(&folder.path().join(name), &text);
        }
        let keys = [
            format!("{}:{variable}:{token}", IDS[0]),
            format!("{}:{file}", IDS[1]),
            format!("{}:{command}", IDS[2]),
            format!("{}:not-the-one-that-is-configured", IDS[3]),
        ];
        let user = format!("demo:{password}:domain:eu-de");
        let log = fs::File::create(folder.path().join("access.log")).unwrap();
        let state = folder.path().join("state.jsonl");
        let mut arguments =
            vec!["emulator", "--output", "json", "--log", "json", "--accept-user", &user, "--state", state.to_str().unwrap()];
        arguments.extend(keys.iter().flat_map(|key| ["--accept-key", key.as_str()]));
        let mut emulator = program(folder.path(), &arguments).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(emulator.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let urls = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        let searched = Searched::new([variable, token, password, file, literal, command]);
        Self { folder, planted, emulator, urls, searched }
    }

    /// Runs the program with the secrets in its environment; its output, searched.
    fn run(&self, arguments: &[&str]) -> String {
        let Planted { variable, token, password, .. } = &self.planted;
        let mut command = program(self.folder.path(), arguments);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", IDS[0]).env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", variable);
        command.env("ALIBABA_CLOUD_SECURITY_TOKEN", token);
        command
            .env("OS_USERNAME", "demo")
            .env("OS_PASSWORD", password)
            .env("OS_USER_DOMAIN_NAME", "domain")
            .env("OS_PROJECT_NAME", "eu-de");
        command.env("SKYDECK_LOG", self.folder.path().join("program.log"));
        command.env("OS_AUTH_URL", format!("{}/v3", self.url("otc-swr")));
        let ran = command.output().unwrap();
        assert!(ran.status.code() != Some(2), "not as it is used: {arguments:?} {}", String::from_utf8_lossy(&ran.stderr));
        for (stream, bytes) in [("output", &ran.stdout), ("error", &ran.stderr)] {
            self.searched.none_in(&format!("standard {stream} of {arguments:?}"), bytes);
        }
        format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
    }

    fn url(&self, provider: &str) -> &str {
        self.urls[provider].as_str().unwrap()
    }

    /// A call with a profile to the emulator, with what follows it.
    fn call(&self, command: &str, profile: &str, call: &[&str], more: &[&str]) -> String {
        let fixed = ["--profile", profile, "--endpoint", self.url(call[0])];
        self.run(&[&[command], call, &fixed, more].concat())
    }

    /// Searches every file but those that the secrets were put into.
    fn search_files(&self) {
        let given = ["given.json", ".volcengine/config.json", ".config/skydeck/config.toml"].map(|name| self.folder.path().join(name));
        let files: Vec<PathBuf> = files(self.folder.path()).into_iter().filter(|path| !given.contains(path)).collect();
        assert!(["history.db", "program.log"].iter().all(|name| files.iter().any(|path| path.ends_with(name))), "{files:?}");
        for path in files {
            self.searched.none_in(&path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.emulator.kill();
        let _ = self.emulator.wait();
    }
}

/// The program with a home of its own and nothing else in its environment.
fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skydeck"));
    command.args(arguments).env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    command
}

fn write(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Every way of sending and signing.
fn send(home: &Home) {
    assert!(home.call("send", "env", &CALL, &["-v"]).contains("200 OK"));
    home.call("send", "env", &CALL, &["-v", "--output", "json"]);
    assert!(home.call("send", "env", &["otc-swr", "CreateOrganization", "namespace=team"], &["-v"]).contains("x-subject-token"));
    let sent = home.call("send", "file", &["volcengine-id", "CreateNamespace", "NamespaceName=n"], &["-v"]);
    assert!(sent.contains("200 OK"), "{sent}");
    assert!(home.call("send", "literal", &CALL, &[]).contains("SignatureDoesNotMatch"));
    home.call("send", "command", &["huawei-swr", "CreateOrganization", "namespace=team"], &["-v", "--output", "json"]);
    home.call("sign", "env", &CALL, &[]);
    home.call("sign", "env", &CALL, &["--output", "json"]);
    let header = format!("x-note: {}", home.planted.variable);
    home.call("send", "env", &CALL, &["-v", "--header", &header]);
}

/// Sends secrets in fields where they do not belong. The vendor keeps what it is told: its state has them then.
fn misplace(home: &Home) {
    let (plain, encoded) =
        (format!("NamespaceDescription={}", home.planted.variable), format!("NamespaceDescription={}", encode(&home.planted.token)));
    home.call(
        "send",
        "env",
        &["alibaba-sae", "CreateNamespace", "NamespaceName=x", "NameSpaceShortId=x", &plain],
        &["-v", "--no-validate"],
    );
    home.call(
        "send",
        "env",
        &["alibaba-sae", "CreateNamespace", "NamespaceName=x", "NameSpaceShortId=y", &encoded],
        &["-v", "--no-validate"],
    );
    fs::remove_file(home.folder.path().join("state.jsonl")).unwrap();
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn prints_and_writes_no_secret(
        variable in plain(), token in plain(), password in plain(), file in plain(), literal in plain(), command in plain(),
    ) {
        let home = Home::new(Planted { variable, token, password, file, literal, command });
        send(&home);
        home.search_files();
        misplace(&home);
        for format in FORMATS {
            home.call("send", "env", &CALL, &["--dry-run", "--export", format]);
            // The vendors' tools have no call for a token, and not every vendor has every tool.
            let exported = home.run(&["history", "export", "--format", format, "--filter", "provider:alibaba-sae"]);
            prop_assert!(exported.contains("CreateNamespace") || exported.contains("/namespace"), "{}: {}", format, exported);
        }
        let request = home.folder.path().join("request.http");
        fs::write(&request, home.call("send", "env", &CALL, &["--dry-run", "--export", "http"])).unwrap();
        home.run(&["lab", request.to_str().unwrap(), "--profile", "env"]);
        home.run(&["lab", request.to_str().unwrap(), "--profile", "env", "--output", "json"]);
        prop_assert!(home.run(&["history", "list"]).contains("IAM token"));
        for number in ["1", "3", "4", "5", "9"] {
            home.run(&["history", "show", number]);
            home.run(&["history", "show", number, "--output", "json"]);
        }
        let found = home.run(&["history", "search", "--output", "json", "--", &home.planted.variable]);
        prop_assert_eq!(found.lines().filter(|line| line.starts_with('{')).count(), 0, "{}", found);
        for what in [["config", "show"], ["config", "check"]] {
            home.run(&what);
        }
        home.search_files();
    }
}
