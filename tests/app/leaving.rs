//! Leaving.

use skydeck::app::Message;

use super::stage::Stage;

#[test]
fn keys_that_leave() {
    for key in ["<c-c>", "<c-q>", "<esc>q"] {
        assert!(Stage::new().keys(key).left(), "{key}");
    }
}

#[test]
fn q_in_a_field_or_a_popup_does_not_leave() {
    for keys in ["q", "<esc>?q", "<f1>q", "<esc>pq"] {
        assert!(!Stage::new().keys(keys).left(), "{keys}");
    }
}

#[test]
fn calls_in_flight_are_asked_about_once() {
    let mut stage = Stage::new();
    stage.hold = true;
    stage.keys("orders<tab>orders<c-s><c-q>");
    assert!(!stage.left());
    assert!(stage.notice().starts_with("1 in flight"), "{}", stage.notice());
    stage.keys("x<c-q>");
    assert!(!stage.left(), "another key in between: asked anew");
    stage.keys("<c-q>");
    assert!(stage.left());
}

#[test]
fn with_nothing_in_flight_it_is_not_asked() {
    let mut stage = Stage::new();
    stage.hold = true;
    stage.keys("orders<tab>orders<c-s><c-q>").release();
    stage.keys("<c-q>");
    assert!(stage.left());
}

#[test]
fn exits_at_once_on_a_signal() {
    let mut stage = Stage::new();
    stage.hold = true;
    stage.keys("orders<tab>orders<c-s>");
    stage.notify(Message::Terminate);
    assert!(stage.left());
}
