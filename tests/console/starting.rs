//! Starting, sizes, and standing still.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::program::Start;

#[test]
fn starts_on_a_terminal_that_answers_nothing() {
    let mut program = Start::console(120, 40).run();
    program.see("NamespaceName").see("^s send").hear(b"\x1b]11;?");
    let written = program.written();
    let first = |text: &[u8]| written.windows(text.len()).position(|window| window == text).unwrap();
    assert!(first(b"NamespaceName") < first(b"\x1b]11;?"), "the background is asked for before anything is shown");
    for query in [&b"\x1b[c"[..], b"\x1b[6n", b"\x1b[?u", b"\x1b[>c"] {
        assert!(!written.windows(query.len()).any(|window| window == query), "{} is asked", query.escape_ascii());
    }
}

#[test]
fn skips_queries_on_terminals_that_print_them() {
    let mut program = Start::console(120, 40).env("TERM", "linux").run();
    program.ready();
    assert!(!program.written().windows(5).any(|window| window == b"]11;?"), "the background is asked for");
}

#[test]
fn without_a_terminal_it_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_skydeck"))
        .env_clear()
        .env("HOME", tempfile::tempdir().unwrap().path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let message_text = String::from_utf8(output.stderr).unwrap();
    assert!(message_text.contains("the console needs a terminal"), "{message_text}");
}

#[test]
fn prints_a_plain_message_on_a_dumb_terminal() {
    for start in
        [Start::console(80, 24).env("TERM", "dumb"), Start::console(80, 24).env("TERM", "unknown"), Start::console(80, 24).without("TERM")]
    {
        let ended = start.run().ends();
        assert_eq!(ended.left_as_it_was().code, 2);
        let message_text = String::from_utf8_lossy(&ended.bytes).into_owned();
        assert!(message_text.contains("names no terminal that can show a screen") && !message_text.contains('\u{1b}'), "{message_text:?}");
    }
}

#[test]
fn reports_configuration_errors_before_opening_the_screen() {
    let ended = Start::console(80, 24).config("[screen]\ntheem = \"dark\"\n").run().ends();
    assert_eq!(ended.code, 2);
    let message_text = String::from_utf8_lossy(&ended.bytes).into_owned();
    assert!(message_text.contains(":2:1") && message_text.contains("theem") && message_text.contains("theme"), "{message_text}");
    assert!(!message_text.contains("\x1b[?1049h"), "{message_text}");
}

#[test]
fn follows_the_terminals_size() {
    let mut program = Start::console(80, 24).run();
    program.see("NamespaceName").see_no("Nothing sent yet");
    program.resize(120, 40).see("Nothing sent yet").see("Shows the bytes sent");
    program.resize(30, 8).see("skydeck needs 40x10").see("this is 30x8");
    program.resize(1, 1);
    program.resize(80, 24).see("NamespaceName").see_no("l log").keys("<esc>").see("l log  x exchange").keys("i");
    program.keys("orders").see("orders");
}

#[test]
fn starts_on_any_terminal() {
    for (width, height) in [(1, 1), (2, 60), (200, 2), (39, 10)] {
        let mut program = Start::console(width, height).run();
        program.hear(b"\x1b[?1049h").keys("x<tab>y<c-s>").keys("<c-c><c-c>");
        assert_eq!(program.ends().left_as_it_was().code, 0, "{width}x{height}");
    }
}

#[test]
fn writes_no_unchanged_frame() {
    let mut program = Start::console(80, 24).run();
    program.ready().rests();
    // A key that means nothing here changes nothing.
    program.keys("<end>").rests().keys("<end>").rests();
    let written = program.written();
    let text = String::from_utf8_lossy(&written);
    let frames: Vec<&str> = text.split("\x1b[?2026h").skip(1).map(|frame| frame.split("\x1b[?2026l").next().unwrap()).collect();
    // Nothing but the style set back and the caret put where it was.
    let empty = frames.iter().filter(|frame| frame.starts_with("\x1b[39m\x1b[49m\x1b[59m\x1b[0m")).count();
    assert!(frames.len() > 1 && empty == 0, "{empty} of {} frames", frames.len());
}

#[test]
fn writes_nothing_while_idle() {
    let mut program = Start::console(120, 40).config("[resources]\nfollow_changes = false\n").run();
    program.ready().keys("orders<tab>orders<c-s>").see("CreateNamespace succeeded").rests();
    let before = program.written().len();
    // Longer than the clock of a call that is under way.
    thread::sleep(Duration::from_millis(600));
    assert_eq!(program.written().len(), before);
}

#[test]
fn lists_where_credentials_were_looked_for() {
    let mut program = Start::console(120, 40).args(&["--profile", "env"]).run();
    program.see("env").see("ALIBABA_CLOUD_ACCESS_KEY_ID");
    program.keys("orders<tab>orders<c-s>").see("✗ ").keys("<c-c>");
    assert_eq!(program.ends().code, 0);
}
