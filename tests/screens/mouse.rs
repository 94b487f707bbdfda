//! What the mouse meets where something is drawn.

use skydeck::app::{Pane, Spot};

use super::frame::{Frame, dark, draw};
use super::scenes::scene;

/// What stands at the first character of a text on the screen.
fn at(frame: &Frame, text: &str) -> Spot {
    for y in 0..frame.cells.area.height {
        let row: Vec<(u16, String)> = frame.row(y).map(|(x, cell)| (x, cell.symbol().to_owned())).collect();
        let line: String = row.iter().map(|(_, symbol)| symbol.as_str()).collect();
        if let Some(byte) = line.find(text) {
            let column = line[..byte].chars().count();
            return frame.spots.at(row[column].0, y);
        }
    }
    panic!("no {text} in\n{}", frame.text());
}

#[test]
fn what_is_drawn_can_be_clicked() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let frame = draw(&scene("start").on(width, height), &dark());
        assert_eq!(at(&frame, "demo"), Spot::Profile);
        assert_eq!(at(&frame, "cn-hangzhou"), Spot::Region);
        assert_eq!(at(&frame, "Volcengine"), Spot::Tab(2));
        assert_eq!(at(&frame, "signing"), Spot::View(Pane::Preview, 1));
        assert_eq!(at(&frame, "host:"), Spot::Pane(Pane::Preview));
        assert!(matches!(at(&frame, "NamespaceDescription"), Spot::Field { field: 2, part: 0, .. }));
    }
}

#[test]
fn a_characters_place_is_known() {
    let frame = draw(&scene("error").on(80, 24), &dark());
    assert_eq!(at(&frame, "_ders"), Spot::Field { field: 1, part: 0, character: 2 });
    let frame = draw(&scene("chinese").on(120, 40), &dark());
    assert_eq!(at(&frame, "预发布）"), Spot::Field { field: 0, part: 0, character: 5 });
    let frame = draw(&scene("table").on(120, 40), &dark());
    assert_eq!(at(&frame, "prod"), Spot::Field { field: 3, part: 1, character: 0 });
    assert_eq!(at(&frame, "team"), Spot::Field { field: 3, part: 2, character: 0 });
}

#[test]
fn rows_of_the_log_and_of_a_picker_can_be_clicked() {
    let frame = draw(&scene("log").on(120, 40), &dark());
    assert_eq!(at(&frame, "InstanceExist.NamespaceId"), Spot::Entry(2));
    assert_eq!(at(&frame, "explain"), Spot::View(Pane::Exchange, 5));
    let frame = draw(&scene("picker").on(120, 40), &dark());
    assert_eq!(at(&frame, "cn-hangzhou"), Spot::Elsewhere, "what a popup lies over is not met");
    assert!(matches!(at(&frame, "cn-beijing"), Spot::Choice(_)));
}
