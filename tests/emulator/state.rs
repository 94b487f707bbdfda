//! `--state FILE`: what outlives an emulator, and which files it will not touch.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use skydeck::catalog::Catalog;
use skydeck::emulator::{Settings, start};

use crate::lab::{Lab, PROVIDERS, code, good, json, texts};
use crate::wait::until;

/// An emulator that keeps its state there.
fn lab(file: &Path) -> Lab {
    Lab::with(Settings { state: Some(file.to_owned()), ..Settings::default() })
}

/// Why an emulator does not start with this file.
fn refused(file: &Path) -> String {
    let settings = Settings { state: Some(file.to_owned()), ..Settings::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { start(&Catalog::built_in(), &settings).await.unwrap_err().to_string() })
}

/// A state file in a folder of its own.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.jsonl");
    (folder, file)
}

/// Creates one of each provider.
fn create_all(lab: &Lab, name: &str) {
    for id in PROVIDERS {
        let answer = lab.send(id, &lab.create(id, &texts(&good(id, name))));
        assert!(answer.status < 300, "{id} {answer:?}");
    }
}

#[test]
fn state_survives_restart() {
    let (_folder, file) = place();
    let first = lab(&file);
    create_all(&first, "orders");
    create_all(&first, "billing");
    let changed = first.call("volcengine-id", "UpdateNamespace", &["NamespaceName=orders", "Description=changed"]);
    let deleted = first.call("otc-swr", "DeleteOrganization", &["namespace=billing"]);
    assert_eq!((changed.status, deleted.status), (200, 204));
    let shown = |lab: &Lab| json(&lab.call("volcengine-id", "GetNamespace", &["NamespaceName=orders"]))["Result"].clone();
    let before = shown(&first);
    drop(first);

    let second = lab(&file);
    assert_eq!(shown(&second), before);
    assert_eq!(before["Description"], json!("changed"));
    assert_eq!(second.call("otc-swr", "ShowOrganization", &["namespace=billing"]).status, 404);
    let again = second.send("alibaba-sae", &second.create("alibaba-sae", &texts(&good("alibaba-sae", "billing"))));
    assert_eq!(code(&again), "InstanceExist.NamespaceId");
    for id in ["huawei-swr", "otc-swr"] {
        let taken = second.send(id, &second.create(id, &["namespace=orders"]));
        assert_eq!(taken.status, 409, "{id}");
    }
}

#[test]
fn numbers_are_not_given_out_twice() {
    let (_folder, file) = place();
    let mut ids = Vec::new();
    for round in 0..3 {
        let lab = lab(&file);
        for number in 0..3 {
            let created = lab.create("alibaba-pai", &texts(&good("alibaba-pai", &format!("w{round}_{number}"))));
            let id = json(&lab.send("alibaba-pai", &created))["WorkspaceId"].as_str().unwrap().to_owned();
            // Not even that of one which is gone.
            lab.call("alibaba-pai", "DeleteWorkspace", &[&format!("WorkspaceId={id}")]);
            ids.push(id);
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}

#[test]
fn applies_a_due_change_after_a_restart() {
    let (_folder, file) = place();
    let first = lab(&file);
    let created = first.send("alibaba-pai", &first.create("alibaba-pai", &texts(&good("alibaba-pai", "orders"))));
    let this = format!("WorkspaceId={}", json(&created)["WorkspaceId"].as_str().unwrap());
    drop(first);
    let stored = fs::read_to_string(&file).unwrap();
    assert!(stored.contains("INITIALIZING") && stored.contains("ENABLED"), "{stored}");

    let second = lab(&file);
    until("it is enabled", || json(&second.call("alibaba-pai", "GetWorkspace", &[&this]))["Status"] == "ENABLED");
}

#[test]
fn keeps_one_default() {
    let (_folder, file) = place();
    let first = lab(&file);
    let ids = ["first", "second"].map(|name| {
        let created = first.send("alibaba-pai", &first.create("alibaba-pai", &texts(&good("alibaba-pai", name))));
        let id = json(&created)["WorkspaceId"].as_str().unwrap().to_owned();
        assert_eq!(first.call("alibaba-pai", "UpdateDefaultWorkspace", &[&format!("WorkspaceId={id}")]).status, 200);
        id
    });
    drop(first);
    let second = lab(&file);
    let all = json(&second.call("alibaba-pai", "ListWorkspaces", &[]))["Workspaces"].clone();
    let defaults = all.as_array().unwrap().iter().map(|one| one["IsDefault"] == json!(true)).collect::<Vec<_>>();
    assert_eq!(defaults, [false, true]);
    assert_eq!(json(&second.call("alibaba-pai", "GetDefaultWorkspace", &[]))["WorkspaceId"], json!(ids[1]));
}

#[test]
fn drops_an_unterminated_line() {
    let (_folder, file) = place();
    let first = lab(&file);
    create_all(&first, "orders");
    drop(first);
    let whole = fs::read(&file).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for length in [whole.len() - 1, last + 1, last + 20] {
        fs::write(&file, &whole[..length]).unwrap();
        let lab = lab(&file);
        assert_eq!(fs::read(&file).unwrap(), &whole[..last]);
        let answer = lab.send("otc-swr", &lab.create("otc-swr", &["namespace=orders"]));
        assert_eq!(answer.status, 201, "what was not acknowledged is not there");
        drop(lab);
        assert!(fs::read_to_string(&file).unwrap().lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    }
}

#[test]
fn refuses_a_file_of_another_emulator() {
    let (folder, file) = place();
    let first = lab(&file);
    assert!(refused(&file).contains("in use by another emulator"), "{}", refused(&file));
    #[cfg(unix)]
    {
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(refused(&link).contains("in use by another emulator"), "{}", refused(&link));
    }
    drop(first);
    create_all(&lab(&file), "orders");
    drop(folder);
}

/// A file as the first format had it: no line is tied to those before it.
fn plain(text: &str) -> String {
    let bare = |line: &str| {
        line.split_once("\",\"count\"").map_or_else(|| line.replacen(":2,", ":1,", 1), |(_, rest)| format!("{{\"count\"{rest}"))
    };
    text.lines().map(|line| bare(line) + "\n").collect()
}

#[test]
fn upgrades_a_file_of_the_first_format() {
    let (_folder, file) = place();
    create_all(&lab(&file), "orders");
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, plain(&good)).unwrap();
    let lab = lab(&file);
    assert_eq!(lab.send("otc-swr", &lab.create("otc-swr", &["namespace=orders"])).status, 409);
    assert!(fs::read_to_string(&file).unwrap().lines().skip(1).all(|line| line.starts_with("{\"check\":")));
}

#[cfg(unix)]
#[test]
fn links_beside_the_file_are_not_followed() {
    let (folder, file) = place();
    let victim = folder.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    std::os::unix::fs::symlink(&victim, file.with_file_name("state.jsonl.new")).unwrap();
    create_all(&lab(&file), "orders");
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    let other = folder.path().join("other.jsonl");
    std::os::unix::fs::symlink(&victim, folder.path().join("other.jsonl.lock")).unwrap();
    assert!(refused(&other).contains("cannot lock the state file"), "{}", refused(&other));
}

#[test]
fn leaves_an_invalid_file_unchanged() {
    let (folder, file) = place();
    create_all(&lab(&file), "orders");
    let good = fs::read_to_string(&file).unwrap();
    let (head, rest) = good.split_once('\n').unwrap();
    let cases = [
        ("my notes\n".to_owned(), "is no state file"),
        ("my notes".to_owned(), "is no state file"),
        (head.replace(":2,", ":3,") + "\n", "has format 3, and this skydeck reads 2"),
        (format!("{head}\n{{}}\n{rest}"), "state.jsonl:2: missing field `count`"),
        (good.replacen("\"serial\":1", "\"serial\":\"1\"", 3), "state.jsonl:2: invalid type"),
        (good.clone() + rest, "state.jsonl:7: it does not follow the line before it"),
        (plain(&good) + plain(&good).split_once('\n').unwrap().1, "state.jsonl:7: it creates what is there already"),
        (good.replacen("\"serial\":1}", "\"serial\":18446744073709551615}", 1), "state.jsonl:2: it does not follow the line before it"),
        (
            plain(&good).replacen("\"serial\":1}", "\"serial\":18446744073709551615}", 1),
            "state.jsonl:2: the serial 18446744073709551615 is greater",
        ),
        (
            good.split_inclusive('\n').enumerate().filter(|(at, _)| *at != 2).map(|(_, line)| line).collect(),
            "state.jsonl:3: it does not follow",
        ),
        (good.replacen("\"created\"", "\"removed\"", 1), "state.jsonl:2:"),
    ];
    for (text, wanted) in cases {
        fs::write(&file, &text).unwrap();
        let message_text = refused(&file);
        assert!(message_text.contains(wanted) && !message_text.contains('\n'), "{message_text}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    assert!(refused(folder.path()).contains("no regular file"));
    assert!(refused(&folder.path().join("none").join("state")).contains("cannot lock the state file"));
    // An empty file is a new one.
    fs::write(&file, "").unwrap();
    create_all(&lab(&file), "orders");
}

#[test]
fn writes_a_private_file_without_secrets() {
    let (folder, file) = place();
    let lab = lab(&file);
    create_all(&lab, "orders");
    let text = fs::read_to_string(&file).unwrap();
    for id in PROVIDERS {
        let secret = lab.signer(id).key.secret.expose().to_owned();
        assert!(!text.contains(&secret) && !text.to_lowercase().contains("signature"), "{id}");
    }
    #[cfg(unix)]
    for entry in fs::read_dir(folder.path()).unwrap() {
        let mode = std::os::unix::fs::PermissionsExt::mode(&entry.unwrap().metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn compacts_a_file_that_has_grown() {
    let (_folder, file) = place();
    create_all(&lab(&file), "orders");
    let good = plain(&fs::read_to_string(&file).unwrap());
    let changed = good.lines().nth(1).unwrap().replacen("\"created\"", "\"changed\"", 1);
    let grown: String = std::iter::once(good.clone()).chain((0..2000).map(|_| changed.clone() + "\n")).collect();
    fs::write(&file, &grown).unwrap();
    let lab = lab(&file);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 6, "a header and one of each provider");
    assert!(!file.with_file_name("state.jsonl.new").exists());
    let answer = lab.send("otc-swr", &lab.create("otc-swr", &["namespace=orders"]));
    assert_eq!(answer.status, 409);
    assert_eq!(lab.send("otc-swr", &lab.create("otc-swr", &["namespace=billing"])).status, 201);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 7, "changes go into the new file");
}
