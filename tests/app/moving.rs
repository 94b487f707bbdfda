//! Moving about: tabs, panes, fields, views.

use skydeck::app::{ExchangeView, Pane, Popup, PreviewView};
use skydeck::form::Value;

use super::stage::Stage;

#[test]
fn tabs_keep_what_was_typed_and_where() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>ord<a-4>team-a<a-1>");
    assert_eq!((stage.value("NameSpaceShortId"), stage.focused()), (Value::Text("ord".into()), "NameSpaceShortId"));
    stage.keys("ers<a-4>");
    assert_eq!(stage.value("namespace"), Value::Text("team-a".into()));
    stage.keys("<esc>1");
    assert_eq!(stage.value("NameSpaceShortId"), Value::Text("orders".into()));
}

#[test]
fn tabs_go_round() {
    let mut stage = Stage::new();
    let mut seen = Vec::new();
    for _ in 0..5 {
        stage.keys("<c-pgdn>");
        seen.push(stage.app.composer.tab);
    }
    assert_eq!(seen, [1, 2, 3, 4, 0]);
    stage.keys("<c-pgup><esc>]]]");
    assert_eq!(stage.app.composer.tab, 2);
    stage.keys("9");
    assert_eq!((stage.app.composer.tab, stage.notice()), (2, "there are 5 tabs"));
}

#[test]
fn fields_go_round() {
    let mut stage = Stage::new();
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(stage.focused().to_owned());
        stage.keys("<tab>");
    }
    assert_eq!(
        seen,
        ["NamespaceName", "NameSpaceShortId", "NamespaceDescription", "EnableMicroRegistration", "NamespaceId", "NamespaceName"]
    );
    stage.keys("<s-tab><s-tab>");
    assert_eq!(stage.focused(), "NamespaceId");
}

#[test]
fn panes_go_round_and_have_letters() {
    let mut stage = Stage::new();
    stage.keys("<esc>");
    let mut seen = Vec::new();
    for _ in 0..4 {
        stage.keys("<tab>");
        seen.push(stage.app.focus.pane);
    }
    assert_eq!(seen, [Pane::Preview, Pane::Log, Pane::Exchange, Pane::Form]);
    for (key, pane) in [("v", Pane::Preview), ("l", Pane::Log), ("x", Pane::Exchange), ("f", Pane::Form)] {
        assert_eq!(stage.keys(key).app.focus.pane, pane);
    }
    assert_eq!(stage.keys("<s-tab>").app.focus.pane, Pane::Exchange);
}

#[test]
fn f6_leaves_a_field_for_the_next_pane() {
    let mut stage = Stage::new();
    stage.keys("<f6>");
    assert_eq!((stage.app.focus.pane, stage.app.focus.editing), (Pane::Preview, false));
}

#[test]
fn escape_goes_back_a_step_at_a_time() {
    let mut stage = Stage::new();
    stage.keys("<esc>lz?");
    assert!(stage.app.focus.zoomed && matches!(stage.app.popups.open(), Some(Popup::Text(_))));
    stage.keys("<esc>");
    assert!(stage.app.focus.zoomed && !stage.app.popups.is_open());
    stage.keys("<esc>");
    assert!(!stage.app.focus.zoomed && stage.app.focus.pane == Pane::Log);
    stage.keys("<esc>");
    assert_eq!((stage.app.focus.pane, stage.app.focus.editing), (Pane::Form, false));
}

#[test]
fn views_go_round() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>v<right><right>");
    assert_eq!(stage.app.preview.view, PreviewView::Field);
    stage.keys("<right>x");
    assert_eq!((stage.app.preview.view, stage.app.viewer.view), (PreviewView::Request, ExchangeView::Envelope));
    let mut seen = Vec::new();
    for _ in 0..6 {
        stage.keys("<right>");
        seen.push(stage.app.viewer.view.name());
    }
    assert_eq!(seen, ["request", "response", "signing", "timing", "explain", "envelope"]);
    stage.keys("<left>");
    assert_eq!(stage.app.viewer.view, ExchangeView::Explain);
}

#[test]
fn shows_one_pane_below_the_form_on_a_narrow_screen() {
    let mut stage = Stage::sized(80, 24);
    assert_eq!(stage.app.focus.lower, Pane::Preview);
    for (key, lower) in [("<esc>l", Pane::Log), ("x", Pane::Exchange), ("f", Pane::Exchange), ("v", Pane::Preview), ("<tab>", Pane::Log)] {
        assert_eq!(stage.keys(key).app.focus.lower, lower, "{key}");
    }
    stage.keys("vfiorders<tab>orders<c-s>");
    assert_eq!(stage.app.focus.lower, Pane::Exchange, "what came of it is shown");
}

#[test]
fn scrolling_stays_within_the_text() {
    let mut stage = Stage::sized(100, 20);
    stage.keys("orders<tab>orders<c-s><esc>x<right><right><right><end>");
    let end = stage.app.viewer.text.scroll;
    assert!(end > 0);
    stage.keys("jjj");
    assert_eq!(stage.app.viewer.text.scroll, end);
    stage.keys("<home>k");
    assert_eq!(stage.app.viewer.text.scroll, 0);
    stage.keys("<pgdn>");
    assert!(stage.app.viewer.text.scroll > 1);
    stage.keys("<right>");
    assert_eq!(stage.app.viewer.text.scroll, 0, "another view begins at its beginning");
}
