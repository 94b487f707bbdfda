//! `history`, and what `send` leaves in it.

use std::io::Read;
use std::net::TcpListener;
use std::process::Stdio;

use super::support::{Home, Ran};

const CALL: [&str; 5] = ["send", "alibaba-sae", "CreateNamespace", "NamespaceName=orders", "NameSpaceShortId=orders"];
const SWR: [&str; 4] = ["send", "otc-swr", "CreateOrganization", "namespace=group"];

fn listed(home: &Home, more: &[&str]) -> Vec<serde_json::Value> {
    let all: Vec<&str> = ["history", "list", "--output", "json"].iter().chain(more).copied().collect();
    let ran = home.run(&all);
    assert_eq!(ran.status, 0, "{ran:?}");
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn calls_are_kept_found_and_shown() {
    let home = Home::new();
    assert_eq!((home.run(&CALL).status, home.run(&SWR).status), (0, 0));
    let rows = listed(&home, &[]);
    let operations: Vec<_> = rows.iter().map(|row| row["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["CreateOrganization", "IAM token", "CreateNamespace"]);
    assert_eq!(listed(&home, &["--filter", "provider:otc* status:201 not operation:\"IAM token\""]).len(), 1);
    assert!(home.run(&["history", "search", "GROUP"]).out.contains("CreateOrganization"));
    let shown = home.run(&["history", "show", "1"]);
    for part in ["POST /pop/v1/paas/namespace", "canonical request", "request id", "200 OK", "total"] {
        assert!(shown.out.contains(part), "{part}: {shown:?}");
    }
    let object = home.run(&["history", "show", "1", "--output", "json"]).json();
    assert_eq!((&object["id"], &object["outcome"], &object["envelope"]["success"]), (&1.into(), &"success".into(), &true.into()));
    assert_eq!(object["form"][0][0], "NamespaceName");
    let exported = home.run(&["history", "export", "--filter", "provider:otc-swr"]);
    assert_eq!(exported.out.lines().count(), 2, "{exported:?}");
    assert!(exported.out.contains("x-subject-token") && !exported.out.contains("Skydeck-Demo-1"));
    assert_eq!(home.run(&["history", "prune", "--keep", "1", "--output", "json"]).json()["pruned"], 2);
    assert_eq!(listed(&home, &[]).len(), 1);
}

#[test]
fn keeps_nothing_when_disabled() {
    let home = Home::new();
    let without: Vec<&str> = CALL.iter().copied().chain(["--no-history"]).collect();
    assert_eq!(home.run(&without).status, 0);
    home.write(".config/skydeck/config.toml", "[history]\nenabled = false\n");
    assert_eq!(home.run(&CALL).status, 0);
    assert!(!home.path().join(".local/share/skydeck").exists());
    let none = home.run(&["history", "list"]);
    assert!(none.status == 0 && none.err.contains("nothing is kept yet"), "{none:?}");
}

#[test]
fn mistakes_are_usage() {
    let home = Home::new();
    let filter = home.run(&["history", "list", "--filter", "provder:x"]);
    assert!(filter.status == 2 && filter.err.contains("at 1: there is no field `provder`"), "{filter:?}");
    assert_eq!(home.run(&CALL).status, 0);
    assert_eq!(home.run(&["history", "show", "99"]).status, 2);
    assert_eq!(home.run(&["history", "show", "h1"]).out, home.run(&["history", "show", "1"]).out);
    let huge = home.run(&["history", "show", "99999999999999999999"]);
    assert!(huge.status == 2 && huge.err.contains("12, or h12"), "{huge:?}");
    assert_eq!(home.run(&["history", "prune", "--older-than", "soon"]).status, 2);
}

#[test]
fn reports_an_unwritable_history_and_sends() {
    let home = Home::new();
    home.write(".local/share/skydeck", "a file where the folder should be");
    let ran = home.run(&CALL);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.err.contains("warning: not kept in the history") && ran.err.contains("--data-dir"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn sends_without_waiting_for_a_blocked_history() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    // A pipe in its place, or in the place of its journal, where a reader would wait for a writer.
    for name in ["history.db", "history.db-journal"] {
        let home = Home::new();
        let folder = home.path().join(".local/share/skydeck");
        assert_eq!(home.run(&CALL).status, 0);
        let _ = std::fs::remove_file(folder.join(name));
        assert!(std::process::Command::new("mkfifo").arg(folder.join(name)).status().unwrap().success());
        let begun = std::time::Instant::now();
        let ran = home.run(&CALL);
        assert!(ran.status == 0 && begun.elapsed() < std::time::Duration::from_secs(20), "{ran:?}");
        assert!(ran.err.contains("warning: not kept in the history: ") && ran.err.contains("no regular file"), "{ran:?}");
    }
    // Somebody else keeps it locked.
    let home = Home::new();
    assert_eq!(home.run(&CALL).status, 0);
    let file = home.path().join(".local/share/skydeck/history.db");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = home.run(&CALL);
    assert!(ran.status == 0 && ran.out.contains("200"), "{ran:?}");
    assert!(ran.err.contains("not kept in the history: ") && ran.err.contains("history.db did not answer within 2 s"), "{ran:?}");
    drop(other);
    // A link: what it leads to is neither closed to others nor written to.
    let home = Home::new();
    let victim = home.write("victim", "");
    std::fs::set_permissions(&victim, std::fs::Permissions::from_mode(0o644)).unwrap();
    let folder = home.path().join(".local/share/skydeck");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["history.db", "history.db-wal", "history.db-journal"] {
        symlink(&victim, folder.join(name)).unwrap();
        let ran = home.run(&CALL);
        assert!(ran.status == 0 && ran.err.contains("is a symbolic link"), "{ran:?}");
        std::fs::remove_file(folder.join(name)).unwrap();
    }
    let about = std::fs::metadata(&victim).unwrap();
    assert_eq!((about.len(), about.permissions().mode() & 0o777), (0, 0o644));
}

/// On a disk of its own that is then filled; where no such disk can be had the test says so and ends.
#[cfg(target_os = "linux")]
#[test]
fn lists_and_prunes_on_a_full_disk() {
    const SCRIPT: &str = r#"
        mount -t tmpfs -o size=2m tmpfs "$HOME" || exit 77
        call() { "$0" send alibaba-sae CreateNamespace NamespaceName=orders NameSpaceShortId=orders >&2; }
        call; call; call
        cat /dev/zero > "$HOME/fill" 2>/dev/null
        "$0" history list --output json && call && "$0" history prune --keep 1 && "$0" history list --output json
    "#;
    let home = Home::new();
    let mut command = std::process::Command::new("unshare");
    command.args(["-rm", "sh", "-c", SCRIPT, env!("CARGO_BIN_EXE_skydeck")]);
    let ran = command.env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").output();
    let Some(ran) = ran.ok().map(|output| Ran::of(&output)).filter(|ran| ran.status != 77 && !ran.err.contains("unshare: ")) else {
        eprintln!("SKIPPED: no disk of its own can be had here");
        return;
    };
    assert_eq!((ran.status, ran.out.lines().count()), (0, 4), "three are listed, then one: {ran:?}");
    assert!(ran.err.contains("not kept in the history: ") && ran.err.contains("2 exchanges are gone"), "{ran:?}");
}

#[test]
fn reports_an_unkept_answer_once() {
    let home = Home::new();
    assert_eq!(home.run(&CALL).status, 0);
    let history = rusqlite::Connection::open(home.path().join(".local/share/skydeck/history.db")).unwrap();
    history.execute_batch("CREATE TRIGGER room BEFORE INSERT ON response BEGIN SELECT raise(ABORT, 'no room'); END").unwrap();
    let ran = home.run(&SWR);
    assert!(ran.status == 0 && ran.out.contains("201"), "{ran:?}");
    assert_eq!(ran.err.matches("warning: its result is not kept in the history").count(), 1, "a token and a call: {ran:?}");
    assert!(ran.err.contains("history.db: no room"), "{ran:?}");
    assert_eq!(listed(&home, &["--filter", "outcome:unanswered"]).len(), 2);
}

#[cfg(unix)]
#[test]
fn leaves_a_row_without_an_answer_when_killed() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let arguments: Vec<&str> = CALL.iter().copied().chain(["--endpoint", &endpoint]).collect();
    let mut children: Vec<_> =
        (0..4).map(|_| home.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()).collect();
    let mut streams: Vec<_> = children.iter().map(|_| listener.accept().unwrap().0).collect();
    for stream in &mut streams {
        stream.read_exact(&mut [0; 64]).unwrap();
    }
    for child in &mut children {
        child.kill().unwrap();
    }
    for child in children {
        let ran = Ran::of(&child.wait_with_output().unwrap());
        assert!(ran.err.is_empty(), "{ran:?}");
    }
    let rows = listed(&home, &["--filter", "outcome:unanswered"]);
    assert_eq!(rows.len(), 4, "every request that left has a row");
    let shown = home.run(&["history", "show", "1"]);
    assert!(shown.out.contains("POST /pop/v1/paas/namespace") && shown.err.contains("sent, no answer recorded"), "{shown:?}");
    assert_eq!(home.run(&["history", "show", "1", "--output", "json"]).json()["outcome"], "unanswered");
}
