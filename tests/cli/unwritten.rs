//! A call that went out and of which something could not be written: never the status of a mistake, after which a script would send again.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use super::support::{Home, Ran};

const CALL: [&str; 5] = ["send", "alibaba-sae", "CreateNamespace", "NamespaceName=orders", "NameSpaceShortId=orders"];

/// What standard error says of a call that went out and was answered.
fn tells_what_was_sent(ran: &Ran) -> bool {
    let line =
        ran.err.lines().find(|line| line.starts_with("sent: CreateNamespace (POST /pop/v1/paas/namespace) went out to http://127.0.0.1:"));
    line.is_some_and(|line| line.contains("answered with 200, request id ") && line.ends_with("look before you send it again"))
}

fn send(home: &Home, more: &[&str]) -> Ran {
    home.run(&[&CALL[..], more].concat())
}

#[test]
fn exits_with_7_when_standard_output_is_full() {
    let home = Home::new();
    for more in [&[][..], &["--output", "json"], &["-v"], &["--export", "har"]] {
        let mut command = home.command(&[&CALL[..], more].concat());
        let ran = Ran::of(&command.stdout(File::options().write(true).open("/dev/full").unwrap()).stderr(Stdio::piped()).output().unwrap());
        assert_eq!(ran.status, 7, "{more:?}: {ran:?}");
        assert!(ran.err.contains("standard output: No space left") && tells_what_was_sent(&ran), "{ran:?}");
    }
    // Nothing was sent: nothing is to be looked for.
    let mut command = home.command(&["operations"]);
    let ran = Ran::of(&command.stdout(File::options().write(true).open("/dev/full").unwrap()).output().unwrap());
    assert_eq!(ran.status, 2, "{ran:?}");
}

#[test]
fn exits_with_7_and_keeps_the_old_export() {
    let home = Home::new();
    let ran = send(&home, &["--export", "har=/dev/full", "--export", &format!("curl={}", home.path().join("a.sh").display())]);
    assert_eq!(ran.status, 7, "{ran:?}");
    assert!(ran.err.contains("/dev/full: No space left") && tells_what_was_sent(&ran), "{ran:?}");
    assert!(ran.out.contains("200") && home.path().join("a.sh").exists(), "the rest is written all the same: {ran:?}");
    // A bound on the size of files stands in for a disk without room.
    let old = home.write("old.sh", "old");
    let script = r#"ulimit -f 0; exec "$0" "$@""#;
    let arguments = [&CALL[..], &["--export", "curl=old.sh"]].concat();
    let mut bounded = Command::new("sh");
    bounded.args(["-c", script, env!("CARGO_BIN_EXE_skydeck")]).args(arguments);
    let ran =
        Ran::of(&bounded.env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin").current_dir(home.path()).output().unwrap());
    assert_eq!(ran.status, 7, "{ran:?}");
    assert!(ran.err.contains("old.sh: ") && tells_what_was_sent(&ran), "{ran:?}");
    assert_eq!(fs::read_to_string(old).unwrap(), "old");
    let left =
        fs::read_dir(home.path()).unwrap().filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(".skydeck-"));
    assert_eq!(left.count(), 0);
}

#[test]
fn reports_an_unwritable_file_before_sending() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    assert!(Command::new("mkfifo").arg(home.path().join("pipe")).status().unwrap().success());
    for place in ["none/a.har", "pipe", "."] {
        let file = home.path().join(place);
        let ran = send(&home, &["--endpoint", &endpoint, "--export", &format!("har={}", file.display())]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains("nothing was sent: "), "{ran:?}");
    }
    assert!(listener.accept().is_err(), "something was sent");
}

#[test]
fn replaces_a_symlink_and_keeps_its_target() {
    let home = Home::new();
    let victim = home.write("victim", "mine");
    let link = home.path().join("link");
    symlink(&victim, &link).unwrap();
    assert_eq!(send(&home, &["--export", &format!("curl={}", link.display())]).status, 0);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    assert!(fs::read_to_string(&link).unwrap().contains("curl"));
}

#[test]
fn keeps_the_status_when_the_reader_leaves() {
    let home = Home::new();
    let mut child = home.command(&[&CALL[..], &["-v"]].concat()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut message_text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message_text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{message_text}");
    let taken = [&CALL[..], &["--export", "har=/dev/full"]].concat();
    let (one, other) = (home.run(&CALL), home.run(&taken));
    assert_eq!((one.status, other.status), (0, 7));
}
