//! The mouse, by what it meets.

use skydeck::app::{Effect, ExchangeView, Gesture, Message, Pane, Popup, PreviewView, ScreenTarget};
use skydeck::form::Value;

use super::stage::Stage;

#[test]
fn clicks_go_where_they_point() {
    let mut stage = Stage::new();
    stage.click(ScreenTarget::Tab(3));
    assert_eq!(stage.app.composer.tab, 3);
    stage.click(ScreenTarget::Tab(0)).click(ScreenTarget::View(Pane::Preview, 1));
    assert_eq!((stage.app.focus.pane, stage.app.preview.view), (Pane::Preview, PreviewView::Signing));
    stage.click(ScreenTarget::View(Pane::Exchange, 2));
    assert_eq!((stage.app.focus.pane, stage.app.viewer.view), (Pane::Exchange, ExchangeView::Response));
    stage.click(ScreenTarget::Pane(Pane::Log));
    assert_eq!(stage.app.focus.pane, Pane::Log);
}

#[test]
fn places_the_cursor_by_click() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<esc>");
    stage.click(ScreenTarget::Field { field: 0, part: 0, character: 2 }).keys("_");
    assert_eq!(stage.value("NamespaceName"), Value::Text("or_ders".into()));
    stage.click(ScreenTarget::Field { field: 1, part: 0, character: usize::MAX }).keys("!");
    assert_eq!(stage.value("NameSpaceShortId"), Value::Text("orders!".into()));
}

#[test]
fn steps_a_choice_by_click() {
    let mut stage = Stage::new();
    stage.click(ScreenTarget::Field { field: 3, part: 0, character: 0 });
    assert_eq!((stage.focused(), stage.value("EnableMicroRegistration")), ("EnableMicroRegistration", Value::Flag(true)));
}

#[test]
fn selects_by_click_and_scrolls_by_wheel_in_the_log() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>").keys("<c-s><c-s>");
    stage.click(ScreenTarget::Entry(0));
    assert_eq!((stage.app.focus.pane, stage.app.exchanges.log.row(), stage.app.exchanges.log.follows()), (Pane::Log, 0, false));
    stage.notify(Message::Mouse { gesture: Gesture::WheelDown, target: ScreenTarget::Entry(0) });
    assert_eq!(stage.app.exchanges.log.row(), 1);
    stage.notify(Message::Mouse { gesture: Gesture::WheelUp, target: ScreenTarget::Pane(Pane::Log) });
    assert_eq!(stage.app.exchanges.log.row(), 0);
}

#[test]
fn scrolls_what_is_under_the_wheel() {
    let mut stage = Stage::sized(100, 16);
    stage.notify(Message::Mouse { gesture: Gesture::WheelDown, target: ScreenTarget::Pane(Pane::Preview) });
    assert!(stage.app.preview.scroll > 0);
    assert_eq!(stage.app.viewer.text.scroll, 0);
    stage.keys("<esc>?");
    stage.notify(Message::Mouse { gesture: Gesture::WheelDown, target: ScreenTarget::Pane(Pane::Preview) });
    let Some(Popup::Text(reading)) = stage.app.popups.open() else { panic!("no popup") };
    assert_eq!(reading.scroll, 3);
}

#[test]
fn closes_a_popup_by_a_click_beside_it_unless_it_asks() {
    let mut stage = Stage::new();
    stage.keys("<f1>").click(ScreenTarget::Popup);
    assert!(stage.app.popups.is_open(), "a click into it is none beside it");
    stage.click(ScreenTarget::Elsewhere);
    assert!(!stage.app.popups.is_open());
    stage.click(ScreenTarget::Profile);
    assert!(matches!(stage.app.popups.open(), Some(Popup::Picker(_))));
    stage.click(ScreenTarget::PickerRow(1));
    assert_eq!(stage.app.session.profile().name, "production");
    stage.keys("<c-s>").click(ScreenTarget::Elsewhere);
    assert!(stage.app.popups.is_open(), "a doubt is not clicked away");
}

#[test]
fn releases_the_mouse_by_a_key() {
    let mut stage = Stage::new();
    stage.keys("<esc>m");
    assert!(matches!(stage.effects.pop(), Some(Effect::Mouse(false))));
    stage.keys("m");
    assert!(matches!(stage.effects.pop(), Some(Effect::Mouse(true))));
}
