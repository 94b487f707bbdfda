//! Keys, pastes, the mouse and copies, as terminals send and take them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::program::{Program, Start};

fn started(width: u16, height: u16) -> Program {
    let mut program = Start::console(width, height).run();
    program.ready();
    program
}

#[test]
fn escape_and_a_key_at_once_are_two_keys_in_kitty_mode() {
    let mut program = started(80, 24);
    program.hear(b"\x1b[>1u").bytes(b"\x1b[27uq");
    assert_eq!(program.ends().code, 0);
}

#[test]
fn reads_a_key_that_arrives_together_with_a_new_size() {
    let mut program = started(80, 24);
    for typed in 1..=60_u16 {
        program.resize(80 + typed % 2, 24).resize(82, 24).keys("k").see(&format!(" {typed}/64"));
    }
}

#[test]
fn escape_alone_leaves_the_field() {
    let mut program = started(80, 24);
    program.keys("<esc>").see("? help").keys("q");
    assert_eq!(program.ends().code, 0);
}

#[test]
fn keys_of_the_kitty_protocol_are_the_same_keys() {
    let mut program = started(80, 24);
    // Control-s with a form that cannot be sent, escape, alt-3.
    program.bytes(b"\x1b[115;5u").see("send anyway").bytes(b"\x1b[27u").see_no("send anyway").bytes(b"\x1b[51;3u").see("ProjectName");
}

#[test]
fn control_c_and_control_q_leave() {
    for key in ["<c-c>", "<c-q>"] {
        let mut program = started(80, 24);
        program.keys(key);
        assert_eq!(program.ends().code, 0, "{key}");
    }
}

#[test]
fn characters_typed_in_a_field_are_typed() {
    let mut program = started(120, 40);
    program.keys("q?s1fxl 命名é").see("q?s1fxl 命名é");
    assert_eq!(program.cursor().map(|(row, _)| row), Some(program.row("q?s1fxl")));
}

#[test]
fn pastes_any_text() {
    let mut program = started(120, 40);
    program.bytes(b"\x1b[200~or\nders\r\n\x1b[2J\x07\x13\x03 eu\n\x1b[201~").see("or ders").see("eu");
    assert!(program.screen().contains("skydeck"), "{}", program.screen());
    program.keys("<tab>x").see("1/20").keys("<c-c>");
    assert_eq!(program.ends().code, 0);
}

#[test]
fn handles_clicks_and_releases_the_mouse() {
    let mut program = started(120, 40);
    let row = program.row("Huawei SWR") + 1;
    let column = program.screen().lines().nth(usize::from(row) - 1).unwrap().find("Huawei").unwrap() + 1;
    program.bytes(format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m").as_bytes()).see("CreateOrganization");
    program.keys("<esc>").see("? help").keys("m").see("the mouse is the terminal's").hear(b"\x1b[?1000l");
    program.keys("m").see("the mouse is skydeck's");
}

#[test]
fn copies_to_the_terminals_clipboard() {
    let mut program = started(120, 40);
    program.keys("orders<esc>").see("? help").keys("vy").see("clipboard");
    let written = String::from_utf8_lossy(&program.written()).into_owned();
    let copy = written.split("\x1b]52;c;").nth(1).unwrap();
    let text = STANDARD.decode(&copy[..copy.find(['\x1b', '\x07']).unwrap()]).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("POST /pop/v1/paas/namespace?NamespaceName=orders"), "{text}");
}

#[test]
fn writes_copies_readable_by_the_owner_only() {
    let mut program = started(120, 40);
    program.keys("<esc>").see("? help").keys("vw").see("written to");
    let file = program.home().join("data/skydeck/copies/alibaba-sae-request.txt");
    assert!(fs::read_to_string(&file).unwrap().starts_with("POST /pop/v1/paas/namespace"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}
