//! Files: the configuration, the catalog, credentials, the history, the emulator's state.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value as Json;
use skydeck::auth::Scheme;
use skydeck::catalog::{Catalog, JsonRef, LoadError, check, template};
use skydeck::config::{
    CommandError, Config, CredentialsCommand, DemoAccess, Environment, FileText, Overrides, PromptError, resolve, show, to_toml,
};
use skydeck::emulator::{Settings, start};
use skydeck::history::{OutcomeRecord, RequestRecord, StoredExchange};
use skydeck::io::history::{Page, Store};
use skydeck::query::{OutcomeKind, Query};
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;

use super::run::{Target, kind, message};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

/// Holds the places of mistakes to be in the text, and gives their kinds.
fn mistakes(errors: &[LoadError], text: &str) -> u64 {
    for error in errors {
        assert!(error.line >= 1 && error.line <= text.lines().count().max(1) + 1 && error.column >= 1, "{error} in {text:?}");
    }
    kind(errors.iter().take(3).map(|error| message(&error.reason)).collect::<Vec<_>>())
}

#[test]
fn configurations() {
    let providers: Vec<&str> = CATALOG.index().map(|(id, _)| id).collect();
    let words = &[
        "[profiles.a]\n",
        "[profiles.a.huawei]\n",
        "credentials = { ",
        "file = \"aliyun-cli\"",
        "command = [\"x\"]",
        "prompt = true",
        "endpoint = ",
        "[history]\n",
        "\"64 MiB\"",
        "\"90 days\"",
        "= 1e-3",
        "\"\"\"",
        "'''",
        "[[",
        "inf",
        "1979-05-27",
    ];
    Target { name: "config", cost: 1, files: &["config.example.toml", "tests/invalid_configs"], words }.run(|input| {
        let text = String::from_utf8_lossy(input);
        match Config::parse("config.toml", &text, &providers) {
            Ok(config) => kind(to_toml(&show(&config)).unwrap().len()),
            Err(errors) => mistakes(&errors, &text),
        }
    });
}

#[test]
fn catalogs() {
    let words = &[
        "[[operation]]\n",
        "[[operation.parameter]]\n",
        "[[operation.error]]\n",
        "rules = [",
        "{ chars = [1, 64] }",
        "{ alphabet = \"a-z\" }",
        "pattern = \"(a|b)*\"",
        "in = \"path\"",
        "type = \"list\"",
        "{Name}",
        "[resources]\n",
        "success = [",
        "constants = [",
    ];
    Target { name: "catalog", cost: 20, files: &["tests/bad_catalog", "tests/form/provider.toml"], words }.run(|input| {
        let text = String::from_utf8_lossy(input).into_owned();
        let mut catalog = Catalog::built_in();
        let errors = catalog.add_files(&[("own.toml".to_owned(), text.clone())]);
        if let Some((id, _)) = catalog.index().last().filter(|_| errors.is_empty())
            && let Some(provider) = catalog.opening(id)
        {
            return kind((check(provider).len(), provider.operations.len()));
        }
        mistakes(&errors, &text)
    });
}

#[test]
fn templates() {
    Target {
        name: "template",
        cost: 1,
        files: &[],
        words: &["{", "}", "{region}", "{digits}", "{now:iso}", "{Name}", "{{", "}}", "{a.b:c}"],
    }
    .run(|input| {
        let template = template::Template::from(toml::Value::from(String::from_utf8_lossy(input).into_owned()));
        let mut asked = 0;
        let value = template.evaluate(&mut |_| {
            asked += 1;
            (asked % 3 > 0).then(|| JsonRef::from(Json::from("x").to_string()))
        });
        kind((template.names().len().min(4), value.is_some()))
    });
}

/// A world in which every file has the same text.
struct OneFile(String, SecretRegistry);

impl Environment for OneFile {
    fn secrets(&self) -> &SecretRegistry {
        &self.1
    }

    fn var(&self, _: &str) -> Option<String> {
        None
    }

    fn home(&self) -> Option<PathBuf> {
        Some("/home/operator".into())
    }

    fn read_file(&self, _: &Path) -> std::io::Result<FileText> {
        Ok(FileText { text: Secret::new(self.0.as_str()), open_to_others: false })
    }

    fn run_command(&self, _: &CredentialsCommand) -> Result<Secret, CommandError> {
        Ok(Secret::new(self.0.as_str()))
    }

    fn prompt(&self, _: &str, _: bool) -> Result<Secret, PromptError> {
        Ok(Secret::new(self.0.as_str()))
    }

    fn demo(&self, _: &str) -> Option<DemoAccess> {
        None
    }
}

#[test]
fn credentials() {
    const CONFIG: &str = "[profiles.file.alibaba]\ncredentials = { file = \"aliyun-cli\" }\n[profiles.file.volcengine]\ncredentials = { file = \"volc-cli\" }\n\
        [profiles.file.huawei]\ncredentials = { file = \"huaweicloud\" }\n[profiles.command.alibaba]\ncredentials = { command = [\"x\"] }\n\
        [profiles.command.huawei]\ncredentials = { command = [\"x\"] }\n[profiles.command.otc]\ncredentials = { command = [\"x\"] }\n";
    let providers: Vec<&str> = CATALOG.index().map(|(id, _)| id).collect();
    let config = Config::parse("config.toml", CONFIG, &providers).unwrap();
    let words = &[
        "\"current\":",
        "\"profiles\":[",
        "\"mode\":\"AK\"",
        "\"StsToken\"",
        "\"access_key_id\":",
        "\"access_key_secret\":",
        "\"sts_token\":",
        "\"region_id\":",
        "[default]\n",
        "ak = ",
        "sk = ",
        "iam_endpoint = ",
        "\"token\":",
    ];
    Target { name: "credentials", cost: 4, files: &[], words }.run(|input| {
        let world = OneFile(String::from_utf8_lossy(input).into_owned(), SecretRegistry::default());
        let all = ["file", "command"].into_iter().flat_map(|profile| CATALOG.providers().map(move |provider| (profile, provider)));
        let found = all.map(|(profile, provider)| match resolve(&config, profile, provider, &Overrides::default(), &world) {
            Ok(access) => kind(access.warnings.len()),
            Err(error) => message(error),
        });
        kind(found.collect::<Vec<_>>())
    });
}

#[test]
fn exchanges_of_the_history() {
    Target {
        name: "kept",
        cost: 2,
        files: &[],
        words: &[
            "\n%%\n",
            "\"signing\":",
            "\"form\":",
            "\"cut\":",
            "\"covered\":",
            "\"envelope\":",
            "\"failure\":",
            "\"timings\":",
            "HTTP/1.1 200 OK\r\n",
            "\"class\":\"Dns\"",
            "null",
        ],
    }
    .run(|input| {
        let text = String::from_utf8_lossy(input).into_owned();
        let mut parts = text.split("\n%%\n").map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let (rest, head, endpoint) = (next(), next(), next());
        let beginning = RequestRecord {
            started: 1_795_000_000_000_000_000,
            provider: "alibaba-sae".to_owned(),
            operation: "CreateNamespace".to_owned(),
            profile: "demo".to_owned(),
            region: "cn-hangzhou".to_owned(),
            endpoint,
            origin: None,
            background_call: false,
            head: head.into_bytes(),
            body: Vec::new(),
            rest,
        };
        let (rest, head, body, note) = (next(), next(), next(), next());
        let ended = OutcomeKind::from_number(i64::try_from(text.len() % 6).unwrap()).unwrap();
        let ending = OutcomeRecord {
            ended,
            status: None,
            code: None,
            request_id: None,
            duration: None,
            head: head.into_bytes(),
            body: body.into_bytes(),
            note,
            rest,
        };
        let stored = StoredExchange { id: 7, beginning, ending: Some(ending) };
        let read = stored
            .exchange(&CATALOG)
            .map_or_else(message, |exchange| kind((exchange.succeeded(), exchange.signing.map(|trace| trace.scheme == Scheme::Acs3))));
        kind((read, stored.form().is_ok(), stored.masked().is_ok(), stored.request_cut().is_ok()))
    });
}

#[test]
fn files_of_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(skydeck::io::history::FILE);
    drop(Store::open(folder.path()).unwrap());
    let made = fs::read(&file).unwrap();
    Target { name: "sqlite", cost: 100, files: &[], words: &[] }.run(|input| {
        // The corpus says which bytes of a file that is right are others: position and value, two and one bytes each.
        let mut bytes = made.clone();
        for change in input.chunks_exact(3) {
            let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % bytes.len();
            bytes[at] = change[2];
        }
        for side in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{side}", file.display()));
        }
        fs::write(&file, bytes).unwrap();
        let read = Store::open_existing(folder.path()).map(Option::unwrap).and_then(|mut store| {
            store.get(1)?;
            store.list(&Query::text("orders"), Page::newest(10)).map(|rows| rows.len())
        });
        read.map_or_else(|error| message(error.to_string().replace(&*folder.path().to_string_lossy(), "")), kind)
    });
}

#[test]
fn states_of_the_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.jsonl");
    let settings = Settings { state: Some(file.clone()), ..Settings::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let words = &[
        "{\"skydeck-emulator-state\":1,\"count\":0}\n",
        "{\"count\":1,\"changes\":[",
        "{\"created\":[",
        "{\"changed\":[",
        "{\"removed\":",
        "\"shelf\":{",
        "\"serial\":",
        "\"due\":[",
        "\"properties\":{",
        "]}\n",
    ];
    Target { name: "state", cost: 100, files: &[], words }.run(|input| {
        fs::write(&file, input).unwrap();
        match runtime.block_on(start(&CATALOG, &settings)) {
            Ok(running) => {
                drop(running);
                runtime.block_on(tokio::task::yield_now());
                kind(fs::read(&file).unwrap().split(|byte| *byte == b'\n').count().min(6))
            }
            // A file that is refused is left as it is.
            Err(error) => {
                assert_eq!(fs::read(&file).unwrap(), input);
                message(error.to_string().replace(&*folder.path().to_string_lossy(), ""))
            }
        }
    });
}
