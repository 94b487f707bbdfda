//! A secret is registered once, wherever it comes into being, and every sink that is open by then masks it at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use skydeck::app::laboratory::Sample;
use skydeck::app::{Message, Notice};
use skydeck::call::Call;
use skydeck::catalog::{Catalog, Operation};
use skydeck::config::{CommandError, Config, CredentialsCommand, DemoAccess, ENV, Environment, FileText, Overrides, PromptError, resolve};
use skydeck::emulator::{self, AccessSink, Note};
use skydeck::exchange::{Exchange, Outcome};
use skydeck::form::Value;
use skydeck::history::CallRecord;
use skydeck::io::access_log::{AccessLog, LineFormat};
use skydeck::io::history::{Recorder, Retention, Settings};
use skydeck::io::{laboratory, panic_hook, program_log};
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;
use tracing::Level;

use super::frames::{echo, frame, look};
use super::plant::{Searched, cases, plain};
use super::stage::Stage;

/// Parts the secrets in the variable by which the child is given them.
const APART: &str = "\u{1f}";

const VARIABLE: &str = "SKYDECK_TEST_EVERYWHERE";

/// The last words of the child: it has looked at every sink but standard error.
const END: &str = "every sink was looked at";

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn a_secret_of_any_source_is_masked_in_every_sink(secrets in prop::collection::vec(plain(), 6)) {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--ignored", "--exact", "everywhere::register_and_look", "--nocapture"]);
        let ran = child.env(VARIABLE, secrets.join(APART)).env("RUST_BACKTRACE", "0").output().unwrap();
        let message_text = String::from_utf8_lossy(&ran.stderr).into_owned();
        prop_assert!(message_text.contains(END) && message_text.contains("/note?"), "{}", message_text);
        let searched = Searched::new(&secrets);
        searched.none_in("the access log or the report of a panic", &ran.stderr);
        searched.none_in("standard output", &ran.stdout);
    }
}

/// A machine on which an operator answers questions.
struct Machine {
    secrets: SecretRegistry,
    variables: [(&'static str, String); 3],
    typed: String,
}

impl Environment for Machine {
    fn secrets(&self) -> &SecretRegistry {
        &self.secrets
    }

    fn var(&self, name: &str) -> Option<String> {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }

    fn read_file(&self, _: &Path) -> std::io::Result<FileText> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn run_command(&self, _: &CredentialsCommand) -> Result<Secret, CommandError> {
        Err(CommandError::NoOutput)
    }

    fn prompt(&self, _: &str, _: bool) -> Result<Secret, PromptError> {
        Ok(Secret::new(self.typed.as_str()))
    }

    fn demo(&self, _: &str) -> Option<DemoAccess> {
        None
    }
}

/// Resolves two profiles: one takes a key and a token from variables, the other a typed password.
fn resolve_profiles(secrets: &[String], registry: &SecretRegistry) {
    let variables = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tSecretTestKey0001".to_owned()),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secrets[0].clone()),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", secrets[1].clone()),
    ];
    let machine = Machine { secrets: registry.clone(), variables, typed: secrets[2].clone() };
    let config = "[profiles.typed.otc]\ncredentials = { user = \"demo\", domain = \"domain\", prompt = true }";
    let config = Config::parse("config.toml", config, &[]).unwrap();
    let catalog = Catalog::built_in();
    for (profile, provider) in [(ENV, "alibaba-sae"), ("typed", "otc-swr")] {
        resolve(&config, profile, catalog.provider(provider).unwrap(), &Overrides::default(), &machine).unwrap();
    }
}

/// Examines a pasted request that has a secret in a header.
fn examine(secret: &str, registry: &SecretRegistry) {
    let text = format!("GET /v2/manage/namespaces HTTP/1.1\r\nhost: example.org\r\nx-auth-token: {secret}\r\n\r\n");
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let sample = Sample { number: 1, text: Secret::new(text), profile: "demo".into(), demo: false, keys: Vec::new(), now };
    laboratory::examine(&sample, &Catalog::built_in(), registry).unwrap();
}

/// A call with a secret for each of its values.
fn secret_call(call: &Call, secret: &str) -> Call {
    let mut operation: Operation = (*call.operation).clone();
    operation.parameters.iter_mut().for_each(|parameter| parameter.sensitive = true);
    let values = call.values.iter().map(|(name, _)| (name.clone(), Value::Text(secret.to_owned()))).collect();
    Call { operation: Arc::new(operation), values, ..call.clone() }
}

/// An access log of an emulator that takes a key with this secret.
fn access_log(secret: &str, registry: &SecretRegistry) -> (Arc<dyn AccessSink>, AccessLog) {
    let mut settings = emulator::Settings::default();
    settings.keys[0].key.secret = Secret::new(secret);
    AccessLog::open(LineFormat::Json, &settings, registry)
}

fn recorder(folder: &Path, registry: &SecretRegistry) -> Recorder {
    let retention = Retention { keep: 1000, max_age: Duration::MAX };
    let settings = Settings { folder: folder.to_owned(), retention, max_body: 1 << 20, silent: BTreeSet::new() };
    Recorder::start(settings, registry.clone(), drop).unwrap()
}

/// Keeps an exchange.
fn keep(recorder: &Recorder, exchange: &Exchange) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let begun = Exchange { outcome: Outcome::InFlight, ..exchange.clone() };
    runtime.block_on(recorder.begin(&begun, CallRecord::default())).unwrap().finish(exchange.clone());
    recorder.finish().unwrap();
}

/// Tells the access log of a request that repeats secrets.
fn access(sink: &dyn AccessSink, all: &str) {
    let note = Note { reason: all.to_owned(), ..Note::default() };
    let (arrived, took) = ("2026-11-22T12:00:00Z".parse().unwrap(), Duration::ZERO);
    let target = format!("/note?{}", skydeck::wire::encode(all));
    sink.notify(&emulator::AccessRecord {
        arrived,
        provider: "p".into(),
        method: "GET",
        target: &target,
        status: 400,
        bytes: 0,
        took,
        note: &note,
    });
}

#[test]
#[ignore = "run by a_secret_of_any_source_is_masked_in_every_sink in a process of its own"]
fn register_and_look() {
    let Ok(secrets) = std::env::var(VARIABLE) else { return };
    let secrets: Vec<String> = secrets.split(APART).map(str::to_owned).collect();
    let (searched, all) = (Searched::new(&secrets), secrets.join(" | "));
    let folder = tempfile::tempdir().unwrap();
    // Every sink is there before anything is registered.
    let mut stage = Stage::new();
    let registry = stage.secrets.clone();
    panic_hook::report_masked(registry.clone());
    program_log::start(&folder.path().join("program.log"), Level::DEBUG, &registry).unwrap();
    let recorder = recorder(folder.path(), &registry);
    let (sink, log) = access_log(&secrets[5], &registry);
    stage.keys("orders<tab>orders<c-s>");
    // Every source.
    resolve_profiles(&secrets, &registry);
    examine(&secrets[3], &registry);
    secret_call(stage.calls.last().unwrap(), &secrets[4]).register_secrets(&registry);
    // Every sink.
    stage.send_for(echo(&secrets, 403, true));
    keep(&recorder, stage.newest());
    look(&mut stage, &searched, "an answer that repeats the secrets");
    stage.notify(Message::Notice(Notice::warning(all.clone())));
    searched.none_in("a notice", frame(&stage).as_bytes());
    tracing::warn!(all, "{all:?}");
    access(&*sink, &all);
    drop(sink);
    log.close();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        searched.none_in(&path.display().to_string(), &std::fs::read(&path).unwrap());
    }
    assert!(folder.path().join("program.log").exists() && folder.path().join("history.db").exists());
    panic!("{END}: {all} {secrets:?}");
}
