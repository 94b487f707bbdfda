//! Typing into fields: text, three-way booleans, rows, JSON, pastes.

use skydeck::app::{Editor, Pane, Popup};
use skydeck::form::Value;

use super::stage::Stage;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn row(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    cells.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn types_every_character_in_a_text_field() {
    let all: String = (' '..='~').collect();
    let mut stage = Stage::new();
    stage.keys(&all.replace('<', "<lt>"));
    assert_eq!(stage.value("NamespaceName"), text(&all));
    assert_eq!((stage.app.composer.tab, stage.app.focus.pane, stage.app.focus.editing), (0, Pane::Form, true));
    assert!(!stage.app.popups.is_open() && stage.effects.is_empty() && stage.calls.is_empty());
}

#[test]
fn characters_of_every_script_land_in_the_field() {
    let mut stage = Stage::new();
    stage.keys("名前é🙂");
    assert_eq!(stage.value("NamespaceName"), text("名前é🙂"));
    stage.keys("<bs><bs>");
    assert_eq!(stage.value("NamespaceName"), text("名前"));
}

#[test]
fn shows_an_error_under_its_field() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>or_ders");
    assert_eq!(stage.focused(), "NameSpaceShortId");
    let findings = stage.findings("NameSpaceShortId");
    assert!(findings.iter().any(|finding| finding.starts_with("'_' at 3") && finding.contains("only a-z and 0-9")), "{findings:?}");
    stage.keys("<left><left><left><left><bs>");
    assert_eq!(stage.value("NameSpaceShortId"), text("orders"));
    assert_eq!(stage.findings("NameSpaceShortId"), [""; 0]);
}

#[test]
fn sends_nothing_for_an_unset_boolean() {
    let mut stage = Stage::new();
    stage.keys("orders<down><down><down>");
    assert_eq!(stage.focused(), "EnableMicroRegistration");
    let mut seen = vec![stage.value("EnableMicroRegistration")];
    for _ in 0..3 {
        stage.keys(" ");
        seen.push(stage.value("EnableMicroRegistration"));
    }
    assert_eq!(seen, [Value::Unset, Value::Flag(true), Value::Flag(false), Value::Unset]);
    stage.keys("<c-s>");
    assert!(!stage.newest().request.target.contains("EnableMicroRegistration"), "{}", stage.newest().request.target);
    stage.keys("f<c-s>");
    assert!(stage.newest().request.target.contains("EnableMicroRegistration=false"), "{}", stage.newest().request.target);
}

#[test]
fn rows_of_a_list_come_and_go() {
    let mut stage = Stage::new();
    stage.keys("<a-3>orders<tab><tab><tab><tab><tab>");
    assert_eq!(stage.focused(), "Associates");
    stage.keys("tom<c-n>jerry<c-n>spike<c-r>");
    assert_eq!(stage.value("Associates"), Value::List(vec!["tom".into(), "jerry".into()]));
    assert_eq!(stage.field("Associates").part, 1);
    stage.keys("<c-r><c-r>");
    assert_eq!(stage.value("Associates"), Value::Unset);
    assert_eq!(stage.field("Associates").parts(), 1);
}

#[test]
fn objects_are_edited_as_a_table() {
    let mut stage = Stage::new();
    stage.keys("<a-3><down><down><down>");
    assert_eq!(stage.focused(), "Tags");
    stage.keys("env<tab>prod<c-n>team<tab>orders");
    assert_eq!(
        stage.value("Tags"),
        Value::Rows(vec![row(&[("Key", "env"), ("Value", "prod")]), row(&[("Key", "team"), ("Value", "orders")])])
    );
    stage.keys("<s-tab><s-tab><bs><bs><bs><bs>test");
    assert_eq!(
        stage.value("Tags"),
        Value::Rows(vec![row(&[("Key", "env"), ("Value", "test")]), row(&[("Key", "team"), ("Value", "orders")])])
    );
    stage.keys("<tab><tab><tab>");
    assert_eq!(stage.focused(), "Associates");
}

#[test]
fn edits_a_value_as_json() {
    let mut stage = Stage::new();
    stage.keys("<a-3>x<down><down><down>env<tab>prod<c-t>");
    assert_eq!(stage.value("Tags"), Value::Json("[{\"Key\":\"env\",\"Value\":\"prod\"}]".into()));
    stage.keys("<c-t>");
    assert_eq!(stage.value("Tags"), Value::Rows(vec![row(&[("Key", "env"), ("Value", "prod")])]));
    stage.keys("<c-t><left>,{\"Key\":1}<c-t>");
    assert!(matches!(stage.field("Tags").editor, Editor::Json(_)), "the table cannot hold a number");
    assert_eq!(stage.value("Tags"), Value::Json("[{\"Key\":\"env\",\"Value\":\"prod\"},{\"Key\":1}]".into()));
}

#[test]
fn broken_json_is_said_and_not_lost() {
    let mut stage = Stage::new();
    stage.keys("<a-3>x<down><down><down><c-t>[{");
    assert!(!stage.findings("Tags").is_empty());
    stage.keys("<c-t>");
    assert_eq!(stage.notice(), "only JSON can say this value");
    assert_eq!(stage.value("Tags"), Value::Json("[{".into()));
}

#[test]
fn choices_are_ticked() {
    let mut stage = Stage::new();
    stage.keys("<a-2>orders<down><down>");
    assert_eq!(stage.focused(), "EnvTypes");
    let Editor::Checks(checks) = &stage.field("EnvTypes").editor else { panic!("not ticked") };
    assert_eq!(checks.len(), 2);
    stage.keys("<right> ");
    assert_eq!(stage.value("EnvTypes"), Value::List(vec!["prod".into()]));
    stage.keys("<left> ");
    assert_eq!(stage.value("EnvTypes"), Value::List(vec!["dev".into(), "prod".into()]));
    stage.keys("  <tab>");
    assert_eq!(stage.focused(), "DisplayName");
}

#[test]
fn pastes_one_line_without_control_characters() {
    let mut stage = Stage::new();
    stage.paste("or\r\nders\u{1b}[2J\u{7}\n");
    assert_eq!(stage.value("NamespaceName"), text("or  ders[2J"));
    stage.keys("<esc>").paste("!");
    assert!(stage.app.focus.editing, "a paste over the form goes into its field");
    stage.keys("<esc>l").paste("x");
    assert_eq!(stage.value("NamespaceName"), text("or  ders[2J!"), "a paste over the log goes nowhere");
}

#[test]
fn examples_fill_what_is_empty_and_the_form_can_be_emptied() {
    let mut stage = Stage::new();
    stage.keys("mine<esc>a");
    assert_eq!(stage.value("NamespaceName"), text("mine"));
    assert_eq!(stage.value("NameSpaceShortId"), text("orders"));
    stage.keys("<del>");
    assert_eq!(stage.value("NamespaceName"), Value::Unset);
    stage.keys("D");
    assert_eq!(stage.value("NameSpaceShortId"), Value::Unset);
}

#[test]
fn opens_field_documentation_while_typing() {
    let mut stage = Stage::new();
    stage.keys("<tab><f1>");
    let Some(Popup::Text(reading)) = stage.app.popups.open() else { panic!("no popup") };
    let page = reading.page.plain();
    assert!(page.starts_with("NameSpaceShortId"), "{page}");
    for expected in ["only a-z and 0-9", "contradiction", "InvalidNamespaceIdSuffix.Format", "Example"] {
        assert!(page.contains(expected), "{expected} in\n{page}");
    }
    stage.keys("<esc>x");
    assert_eq!(stage.value("NameSpaceShortId"), text("x"));
}
