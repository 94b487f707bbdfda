//! The words of a panic.

use std::process::Command;

use proptest::prelude::*;
use skydeck::io::panic_hook;
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;

use super::plant::{Searched, cases, forms, secrets};

/// Parts the secrets in the variable by which the child is given them.
const APART: &str = "\u{1f}";

const VARIABLE: &str = "SKYDECK_TEST_PANIC";

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn masks_secrets_in_panic_messages(secrets in secrets(3)) {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--ignored", "--exact", "panics::panic_with_secrets", "--nocapture"]);
        let ran = child.env(VARIABLE, secrets.join(APART)).env("RUST_BACKTRACE", "1").output().unwrap();
        prop_assert!(!ran.status.success());
        let message_text = String::from_utf8_lossy(&ran.stderr).into_owned();
        prop_assert!(message_text.contains("a mistake of ours at") && message_text.contains("tests/secrets/panics.rs"), "{message_text}");
        let searched = Searched::new(&secrets);
        searched.none_in("standard error", &ran.stderr);
        searched.none_in("standard output", &ran.stdout);
    }
}

#[test]
#[ignore = "run by masks_secrets_in_panic_messages in a process of its own"]
fn panic_with_secrets() {
    let Ok(secrets) = std::env::var(VARIABLE) else { return };
    let registry = SecretRegistry::default();
    panic_hook::report_masked(registry.clone());
    let secrets: Vec<String> = secrets.split(APART).map(str::to_owned).collect();
    registry.add(&secrets.iter().map(|secret| Secret::new(secret.as_str())).collect::<Vec<_>>());
    let all: Vec<String> =
        secrets.iter().flat_map(|secret| forms(secret)).filter(|(how, _)| *how != "by half").map(|(_, form)| form).collect();
    panic!("{secrets:?} {}", all.join(" "));
}
