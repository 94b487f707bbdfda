//! Every scene as text: the main ones at four sizes, the rest at the size of a plain terminal.
//! `INSTA_UPDATE=always cargo test --test screens` writes what is drawn; read the difference before it is kept.

use skydeck::ui::{Depth, Palette, SymbolSet, Theme};

use super::frame::{dark, draw};
use super::scenes::{SCENES, scene};
use super::stage::Stage;
use super::volatile::without_volatile;

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// Scenes that are kept at every size; the others at 80x24.
const MAIN_SCENES: [&str; 8] = ["start", "error", "success", "explain", "response", "log", "resources", "help"];

/// Compares a screen with its snapshot, whatever stands in the volatile places.
fn assert_screen(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, without_volatile(text));
    });
}

#[test]
fn scenes_match_their_snapshots() {
    for (width, height) in SIZES {
        let kept = |name: &str| (width, height) == (80, 24) || MAIN_SCENES.contains(&name);
        for scene in SCENES.iter().filter(|scene| kept(scene.name)) {
            let text = draw(&scene.on(width, height), &dark()).text();
            assert_screen(&format!("{}.{width}x{height}", scene.name), &text);
        }
    }
}

#[test]
fn looks_are_as_they_were() {
    let theme = |palette, depth| Theme::new(palette, depth, SymbolSet::Unicode);
    let themes = [
        ("dark", theme(Palette::Dark, Depth::True)),
        ("dark16", theme(Palette::Dark, Depth::Basic)),
        ("light", theme(Palette::Light, Depth::True)),
        ("mono", theme(Palette::Mono, Depth::True)),
    ];
    for (name, theme) in themes {
        for shown in ["error", "log", "doubt"] {
            assert_screen(&format!("{shown}.80x24.{name}"), &draw(&scene(shown).on(80, 24), &theme).looks());
        }
    }
}

#[test]
fn ascii_signs_are_ascii() {
    let theme = Theme::new(Palette::Mono, Depth::Basic, SymbolSet::Ascii);
    for scene in SCENES.iter().filter(|scene| !["chinese", "resources"].contains(&scene.name)) {
        let text = draw(&scene.on(120, 40), &theme).text();
        let other: String = text.chars().filter(|c| !c.is_ascii()).collect();
        assert!(other.is_empty(), "{}: {other}\n{text}", scene.name);
    }
    assert_screen("log.80x24.ascii", &draw(&scene("log").on(80, 24), &theme).text());
    assert_screen("doubt.120x40.ascii", &draw(&scene("doubt").on(120, 40), &theme).text());
}

#[test]
fn shows_the_selected_row_without_colour() {
    let theme = Theme::new(Palette::Mono, Depth::True, SymbolSet::Unicode);
    let frame = draw(&scene("log").on(120, 40), &theme);
    let reset = ratatui::style::Color::Reset;
    assert!(frame.cells.content.iter().all(|cell| cell.fg == reset && cell.bg == reset));
    let inverse = |y: u16| frame.row(y).all(|(_, cell)| cell.modifier.contains(ratatui::style::Modifier::REVERSED));
    assert_eq!((0..40).filter(|y| inverse(*y)).count(), 1, "{}", frame.looks());
}

#[test]
fn always_shows_a_set_fault() {
    let late = "orders<tab>orders<f4>aclock<enter><enter><esc><c-s>";
    for keys in [late.to_owned(), format!("{late}<esc>C"), format!("{late}<esc>Cum")] {
        let mut stage = Stage::sized(80, 24);
        stage.keys(&keys);
        let text = draw(&stage, &dark()).text();
        let top = text.lines().nth(1).unwrap();
        assert!(top.contains("1 fault") && top.contains("1200 s"), "{top}");
        let text = draw(stage.resize(40, 12), &dark()).text();
        assert!(text.lines().nth(1).unwrap().contains("1 fault"), "{text}");
    }
}

#[test]
fn counts_a_field_with_several_errors_once() {
    let mut stage = Stage::sized(80, 24);
    stage.keys("orders<tab>Or_ders-Or_ders-Or_ders");
    assert!(stage.app.current().findings.len() > 1);
    let text = draw(&stage, &dark()).text();
    assert!(text.contains("1 error"), "{text}");
}

#[test]
fn says_that_a_list_continues() {
    let mut stage = Stage::sized(80, 24);
    stage.keys("<f4>a");
    let text = draw(&stage, &dark()).text();
    assert!(text.contains("↓│") && text.contains(" 1-"), "{text}");
    stage.keys("throttl");
    let text = draw(&stage, &dark()).text();
    assert!(!text.contains("↓│") && !text.contains(" 1-"), "{text}");
}

#[test]
fn keeps_the_focused_pane_visible_during_a_call() {
    let mut stage = Stage::sized(80, 24);
    stage.keys("orders<tab>orders<c-s><esc>ls");
    let text = draw(&stage, &dark()).text();
    assert!(text.contains("▸ Log  2"), "{text}");
    stage.keys("fs");
    let text = draw(&stage, &dark()).text();
    assert!(text.contains("─ #3  envelope"), "{text}");
}

#[test]
fn asks_once_about_one_wrong_character() {
    let mut stage = Stage::sized(80, 24);
    stage.keys("orders<tab>Or_d<c-s>");
    let text = draw(&stage, &dark()).text();
    assert_eq!(text.matches("'O' at 1").count(), 2, "in the form and in the popup: {text}");
}

#[test]
fn without_colour_the_focus_is_seen() {
    let theme = Theme::new(Palette::Mono, Depth::True, SymbolSet::Unicode);
    let reversed = |stage: &Stage| -> String {
        let frame = draw(stage, &theme);
        let below = (2..24).flat_map(|y| frame.row(y).collect::<Vec<_>>());
        let shown = below.filter(|(_, cell)| cell.modifier.contains(ratatui::style::Modifier::REVERSED));
        shown.map(|(_, cell)| cell.symbol()).collect()
    };
    let mut stage = Stage::sized(120, 24);
    assert_eq!(reversed(&stage), "CreateNamespaceNamespaceName");
    stage.keys("<esc>v");
    assert_eq!(reversed(&stage), "Preview");
}
