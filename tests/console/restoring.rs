//! However it ends, the terminal is left as it was.

use std::thread;

use skydeck::io::terminal::Screen;

use super::program::{Ended, Program, Start};

fn started() -> Program {
    let mut program = Start::console(80, 24).run();
    program.ready();
    program
}

#[test]
fn after_a_signal() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131), ("ABRT", 134), ("USR1", 138), ("ALRM", 142)] {
        let mut program = started();
        program.keys("orders").see("orders").signal(signal);
        let ended = program.ends();
        assert_eq!(ended.code, code, "{signal}");
        ended.left_as_it_was();
        assert_eq!(ended.afterwards().replace("\x1b[?25h", ""), "", "{signal}");
    }
}

#[test]
fn after_a_signal_while_a_call_is_made_and_a_popup_is_open() {
    let mut program = started();
    program.keys("orders<tab>orders<c-s><f1>").see("Example").signal("TERM");
    assert_eq!(program.ends().left_as_it_was().code, 143);
}

#[test]
fn after_a_signal_while_a_secret_is_typed() {
    for signal in ["TERM", "QUIT", "INT", "HUP"] {
        let start = Start::console(80, 24).config("[profiles.asking.alibaba]\ncredentials = { prompt = true }\n");
        let call = ["sign", "alibaba-sae", "CreateNamespace", "NamespaceName=a", "NameSpaceShortId=ab", "--profile", "asking"];
        let mut program = start.args(&call).run();
        program.see("access key id for profile asking: ").signal(signal);
        assert_ne!(program.ends().left_as_it_was().code, 0, "{signal}");
    }
}

#[test]
fn restores_modes_before_leaving_the_screen() {
    let mut program = started();
    program.keys("<c-c>");
    let ended = program.ends();
    let text = String::from_utf8_lossy(&ended.bytes).into_owned();
    let at = |bytes: &str| text.rfind(bytes).unwrap_or_else(|| panic!("no {bytes:?}"));
    let order = [at("\x1b[?1000l"), at("\x1b[<1u"), at("\x1b[?2004l"), at("\x1b[?1049l"), at("\x1b[?25h")];
    assert!(order.is_sorted(), "{order:?}");
    assert!(text.ends_with("\x1b[?25h"), "{:?}", &text[text.len() - 40..]);
}

/// Runs one of the ignored tests below, in which the screen is taken.
fn rerun(test: &str) -> Ended {
    let start = Start::program(std::env::current_exe().unwrap(), (80, 24));
    start.args(&["--ignored", "--exact", &format!("restoring::{test}"), "--nocapture", "--test-threads=1"]).run().ends()
}

#[test]
fn after_a_panic() {
    let ended = rerun("panic_on_the_screen");
    assert_eq!(ended.code, 101);
    ended.left_as_it_was();
    assert!(ended.bytes.windows(8).any(|window| window == b"\x1b[?1049h"), "the screen was never taken");
    assert!(ended.afterwards().contains("a mistake of ours"), "the report must be readable: {}", ended.afterwards());
}

#[test]
fn after_a_panic_on_another_thread() {
    let ended = rerun("panic_behind_the_screen");
    ended.left_as_it_was();
    assert!(ended.afterwards().contains("a mistake elsewhere"), "{}", ended.afterwards());
}

#[test]
#[ignore = "run by after_a_panic in a terminal of its own"]
fn panic_on_the_screen() {
    let mut screen = Screen::enter(true).unwrap();
    screen.draw(|frame| frame.set_cursor_position((3, 3))).unwrap();
    panic!("a mistake of ours");
}

#[test]
#[ignore = "run by after_a_panic_on_another_thread in a terminal of its own"]
fn panic_behind_the_screen() {
    let mut screen = Screen::enter(true).unwrap();
    screen.draw(|_| {}).unwrap();
    assert!(thread::spawn(|| panic!("a mistake elsewhere")).join().is_err());
}

#[test]
fn ends_when_the_terminal_is_gone() {
    assert_ne!(started().lose_terminal(), 0);
}

#[test]
fn resumes_after_a_stop() {
    let mut program = started();
    program.keys("orders").see("orders").signal("STOP").signal("CONT");
    program.keys("-eu").see("orders-eu").keys("<c-c>");
    assert_eq!(program.ends().left_as_it_was().code, 0);
}
