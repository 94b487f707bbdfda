//! Popups that are typed into: profile, region, operation, questions.

use std::sync::mpsc::channel;

use skydeck::app::message::Question;
use skydeck::app::{Message, Popup};

use super::stage::Stage;

fn shown(stage: &Stage) -> Vec<String> {
    let Some(Popup::Picker(picker)) = stage.app.popups.open() else { panic!("no picker") };
    picker.shown().iter().map(|choice| choice.name.clone()).collect()
}

#[test]
fn typing_searches_a_list() {
    let mut stage = Stage::new();
    stage.keys("<esc>rshang");
    assert_eq!(shown(&stage), ["cn-shanghai"]);
    stage.keys("<enter>");
    assert_eq!(stage.app.current().region(), "cn-shanghai");
    assert!(!stage.app.popups.is_open());
}

#[test]
fn accepts_a_typed_unlisted_region() {
    let mut stage = Stage::new();
    stage.keys("<esc>rcn-mars-1<enter>");
    assert_eq!(stage.app.current().region(), "cn-mars-1");
    stage.keys("p no such profile<enter>");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Picker(_))), "a profile must be one of the list");
    stage.keys("<esc>");
    assert_eq!(stage.app.session.profile().name, "demo");
}

#[test]
fn keeps_a_region_per_tab() {
    let mut stage = Stage::new();
    stage.keys("<esc>rcn-shanghai<enter>2");
    assert_eq!(stage.app.current().region(), "cn-hangzhou");
    stage.keys("1");
    assert_eq!(stage.app.current().region(), "cn-shanghai");
}

#[test]
fn selects_the_current_choice() {
    let mut stage = Stage::new();
    stage.keys("<esc>p");
    assert_eq!(shown(&stage), ["demo", "production", "archive"]);
    stage.keys("<down><down><down><up><enter>");
    assert_eq!(stage.app.session.profile().name, "production");
    stage.keys("p<enter>");
    assert_eq!(stage.app.session.profile().name, "production");
}

#[test]
fn letters_and_control_c_in_a_picker_are_no_shortcuts() {
    let mut stage = Stage::new();
    stage.keys("<esc>pq?s1");
    let Some(Popup::Picker(picker)) = stage.app.popups.open() else { panic!("no picker") };
    assert_eq!(picker.input.value(), "q?s1");
    stage.keys("<c-c>");
    assert!(!stage.app.popups.is_open() && !stage.left());
}

#[test]
fn switches_every_account_with_the_profile() {
    let mut stage = Stage::new();
    stage.keys("<a-2><esc>pproduction<enter>");
    for tab in &stage.app.composer.tabs {
        assert_eq!(tab.access.as_ref().unwrap().as_ref().unwrap().profile, "production", "{}", tab.id);
    }
}

#[test]
fn picks_an_operation() {
    let mut stage = Stage::new();
    stage.keys("orders<esc>ocreate<enter>");
    assert_eq!(stage.app.current().operation().unwrap().id, "CreateNamespace");
}

#[test]
fn masks_a_typed_answer() {
    let mut stage = Stage::new();
    let (answer, answered) = channel();
    stage.notify(Message::Ask(Question { text: "Password of demo".into(), masked: true, answer }));
    stage.keys("pass wörd<bs>D");
    let Some(Popup::Question(asking)) = stage.app.popups.open() else { panic!("no question") };
    assert!(!asking.shown().contains("pass"), "{}", asking.shown());
    assert!(!format!("{asking:?}").contains("pass"));
    stage.keys("<enter>");
    assert_eq!(answered.recv().unwrap().expose(), "pass wörD");
    assert!(!stage.app.popups.is_open());
}

#[test]
fn leaves_a_closed_question_unanswered() {
    let mut stage = Stage::new();
    let (answer, answered) = channel();
    stage.notify(Message::Ask(Question { text: "Key".into(), masked: false, answer }));
    stage.paste("abc\n").keys("<esc>");
    assert!(answered.recv().is_err());
}

#[test]
fn questions_are_asked_one_after_the_other() {
    let mut stage = Stage::new();
    let (first, answers) = channel();
    let second = first.clone();
    stage.keys("<esc>r");
    for (text, answer) in [("Key", first), ("Secret", second)] {
        stage.notify(Message::Ask(Question { text: text.into(), masked: true, answer }));
    }
    assert!(matches!(stage.app.popups.open(), Some(Popup::Picker(_))), "what is open is not taken away");
    stage.keys("<esc>one<enter>two<enter>");
    assert!(!stage.app.popups.is_open());
    let typed: Vec<_> = answers.try_iter().map(|answer| answer.expose().to_owned()).collect();
    assert_eq!(typed, ["one", "two"]);
}

#[test]
fn type_ahead_answers_the_next_question() {
    let mut stage = Stage::new();
    let (first, answers) = channel();
    let second = first.clone();
    stage.keys("<esc>");
    stage.notify(Message::Ask(Question { text: "Key".into(), masked: false, answer: first }));
    stage.keys("AK<enter>sqLpSecretx<bs><enter>");
    assert!(!stage.app.popups.is_open() && stage.calls.is_empty() && stage.effects.is_empty(), "no key is a command: {:?}", stage.effects);
    stage.notify(Message::Ask(Question { text: "Secret".into(), masked: true, answer: second }));
    let typed: Vec<_> = answers.try_iter().map(|answer| answer.expose().to_owned()).collect();
    assert_eq!(typed, ["AK", "sqLpSecret"]);
    assert!(!format!("{:?}", stage.app).contains("sqLpSecret"));
    // Nothing more is asked for: keys are keys again.
    stage.keys("<esc>?");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Text(_))), "{:?}", stage.app.popups);
}

#[test]
fn answers_two_questions_with_two_pasted_lines() {
    let mut stage = Stage::new();
    let (first, answers) = channel();
    let second = first.clone();
    stage.notify(Message::Ask(Question { text: "Key".into(), masked: false, answer: first }));
    stage.paste("AK\r\nsecret\n");
    stage.notify(Message::Ask(Question { text: "Secret".into(), masked: true, answer: second }));
    let Some(Popup::Question(asking)) = stage.app.popups.open() else { panic!("no question") };
    assert_eq!(asking.shown(), "••••••");
    stage.keys("<enter>");
    let typed: Vec<_> = answers.try_iter().map(|answer| answer.expose().to_owned()).collect();
    assert_eq!(typed, ["AK", "secret"]);
}

#[test]
fn keeps_shortcuts_out_of_an_answer() {
    let mut stage = Stage::new();
    let (answer, answered) = channel();
    stage.notify(Message::Ask(Question { text: "Key".into(), masked: true, answer }));
    stage.keys("wrong<c-u><c-s><a-1>right<enter>");
    assert_eq!(answered.recv().unwrap().expose(), "right");
}

#[test]
fn asks_for_an_account_when_its_tab_is_first_shown() {
    let mut stage = Stage::new();
    stage.asks = true;
    stage.keys("<esc>pproduction<enter>");
    let known = |stage: &Stage| stage.app.composer.tabs.iter().map(|tab| tab.access.is_some()).collect::<Vec<_>>();
    assert_eq!(known(&stage), [true, false, false, false, false]);
    stage.keys("<a-4>");
    assert_eq!(known(&stage), [true, false, false, true, false]);
    stage.keys("<esc>pdemo<enter>");
    assert_eq!(known(&stage), [false, false, false, true, false]);
    assert_eq!(stage.app.current().access.as_ref().unwrap().as_ref().unwrap().profile, "demo");
}

#[test]
fn choosing_the_same_operation_again_keeps_what_was_typed() {
    let mut stage = Stage::new();
    stage.keys("orders<esc>o<enter>");
    assert_eq!(stage.value("NamespaceName"), skydeck::form::Value::Text("orders".into()));
}
