//! What the mouse meets where something is drawn.

use skydeck::app::{Pane, ScreenTarget};

use super::frame::{Frame, dark, draw};
use super::scenes::scene;

/// What stands at the first character of a text on the screen.
fn at(frame: &Frame, text: &str) -> ScreenTarget {
    for y in 0..frame.cells.area.height {
        let row: Vec<(u16, String)> = frame.row(y).map(|(x, cell)| (x, cell.symbol().to_owned())).collect();
        let line: String = row.iter().map(|(_, symbol)| symbol.as_str()).collect();
        if let Some(byte) = line.find(text) {
            let column = line[..byte].chars().count();
            return frame.click_targets.at(row[column].0, y);
        }
    }
    panic!("no {text} in\n{}", frame.text());
}

#[test]
fn drawn_targets_can_be_clicked() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let frame = draw(&scene("start").on(width, height), &dark());
        assert_eq!(at(&frame, "demo"), ScreenTarget::Profile);
        assert_eq!(at(&frame, "cn-hangzhou"), ScreenTarget::Region);
        assert_eq!(at(&frame, "Volcengine"), ScreenTarget::Tab(2));
        assert_eq!(at(&frame, "signing"), ScreenTarget::View(Pane::Preview, 1));
        assert_eq!(at(&frame, "host:"), ScreenTarget::Pane(Pane::Preview));
        assert!(matches!(at(&frame, "NamespaceDescription"), ScreenTarget::Field { field: 2, part: 0, .. }));
    }
}

#[test]
fn locates_characters() {
    let frame = draw(&scene("error").on(80, 24), &dark());
    assert_eq!(at(&frame, "_ders"), ScreenTarget::Field { field: 1, part: 0, character: 2 });
    let frame = draw(&scene("chinese").on(120, 40), &dark());
    assert_eq!(at(&frame, "预发布）"), ScreenTarget::Field { field: 0, part: 0, character: 5 });
    let frame = draw(&scene("table").on(120, 40), &dark());
    assert_eq!(at(&frame, "prod"), ScreenTarget::Field { field: 3, part: 1, character: 0 });
    assert_eq!(at(&frame, "team"), ScreenTarget::Field { field: 3, part: 2, character: 0 });
}

#[test]
fn rows_of_the_log_and_of_a_picker_can_be_clicked() {
    let frame = draw(&scene("log").on(120, 40), &dark());
    assert_eq!(at(&frame, "InstanceExist.NamespaceId"), ScreenTarget::Entry(2));
    assert_eq!(at(&frame, "explain"), ScreenTarget::View(Pane::Exchange, 5));
    let frame = draw(&scene("picker").on(120, 40), &dark());
    assert_eq!(at(&frame, "cn-hangzhou"), ScreenTarget::Elsewhere, "what a popup lies over is not met");
    assert!(matches!(at(&frame, "cn-beijing"), ScreenTarget::PickerRow(_)));
}
