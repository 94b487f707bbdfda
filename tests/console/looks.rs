//! What each kind of terminal is shown.

use vt100::Color;

use super::program::{Program, Start};

/// A console with one call in the log, the log in focus.
fn with_a_log(start: Start) -> Program {
    let mut program = start.run();
    program.ready().keys("orders<tab>orders<c-s>").see("CreateNamespace succeeded");
    program.keys("<esc>").see("? help");
    program.keys("l").see("enter exchange");
    program
}

/// Every colour on the screen but the terminal's own, once each.
fn colours(program: &Program) -> Vec<Color> {
    let mut seen = Vec::new();
    for colour in program.all_cells().iter().flat_map(|cell| [cell.fgcolor(), cell.bgcolor()]) {
        if colour != Color::Default && !seen.contains(&colour) {
            seen.push(colour);
        }
    }
    seen.sort_by_key(|colour| format!("{colour:?}"));
    seen
}

#[test]
fn without_colour_the_selected_row_is_inverse() {
    let program = with_a_log(Start::console(80, 24).env("NO_COLOR", "1"));
    assert!(colours(&program).is_empty());
    let cells = program.cells(program.row("alibaba-sae  CreateNamespace"));
    assert!(cells.iter().all(vt100::Cell::inverse), "{}", program.screen());
    let other = program.cells(program.row("NamespaceDescription"));
    assert!(!other.iter().any(vt100::Cell::inverse));
}

#[test]
fn sixteen_colours_are_enough() {
    let program = with_a_log(Start::console(120, 40).without("COLORTERM"));
    let seen = colours(&program);
    assert!(!seen.is_empty() && seen.iter().all(|colour| matches!(colour, Color::Idx(0..=15))), "{seen:?}");
}

#[test]
fn true_colour_is_used_where_it_is_said_to_be() {
    let program = with_a_log(Start::console(120, 40));
    assert!(colours(&program).iter().all(|colour| matches!(colour, Color::Rgb(..))));
}

#[test]
fn uses_light_colours_on_a_light_terminal() {
    let dark = with_a_log(Start::console(80, 24));
    let named = with_a_log(Start::console(80, 24).config("[screen]\ntheme = \"light\"\n"));
    let noticed = with_a_log(Start::console(80, 24).env("COLORFGBG", "0;15"));
    assert_ne!(colours(&dark), colours(&named));
    assert_eq!(colours(&named), colours(&noticed));
}

#[test]
fn ascii_borders_are_ascii() {
    let mut program = with_a_log(Start::console(120, 40).config("[screen]\nborders = \"ascii\"\n"));
    program.keys("?").see("+- Keys -");
    assert!(program.screen().is_ascii(), "{}", program.screen());
}

#[test]
fn falls_back_to_ascii_for_another_locale() {
    let program = with_a_log(Start::console(80, 24).env("LANG", "zh_CN.GB18030"));
    assert!(program.screen().is_ascii(), "{}", program.screen());
}

#[test]
fn chooses_colours_by_the_reported_background() {
    let light = colours(&with_a_log(Start::console(80, 24).config("[screen]\ntheme = \"light\"\n")));
    let dark = colours(&with_a_log(Start::console(80, 24)));
    for (answer, wanted) in [("ffff/ffff/ffff\x1b\\", &light), ("fd/f6/e3\x07", &light), ("1e1e/1e1e/2e2e\x1b\\", &dark)] {
        let mut program = Start::console(80, 24).run();
        program.ready().hear(b"\x1b]11;?\x07").bytes(format!("\x1b]11;rgb:{answer}").as_bytes());
        program.keys("orders<tab>orders<c-s>").see("CreateNamespace succeeded").see("6/64").keys("<esc>").see("? help");
        program.keys("l").see("enter exchange");
        assert_eq!(&colours(&program), wanted, "{answer:?}\n{}", program.screen());
    }
}
