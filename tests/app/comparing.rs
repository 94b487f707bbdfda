//! Two exchanges held against each other.

use skydeck::app::Popup;

use super::stage::Stage;

fn page(stage: &Stage) -> String {
    let Some(Popup::Text(reading)) = stage.app.popups.open() else { panic!("nothing to read: {}", stage.notice()) };
    reading.page.lines.iter().map(|line| line.text() + "\n").collect()
}

#[test]
fn separates_differences_from_volatile_values() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><c-s><esc>l=k=");
    let text = page(&stage);
    assert!(text.contains("#2 CreateNamespace 400") && text.contains("#1 CreateNamespace 200"), "{text}");
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}\n{text}"));
    assert!(line("x-acs-signature-nonce").contains(" ~ "));
    assert!(line("authorization").contains(" ~ "));
    assert!(line("status: 400").contains(" ≠ status: 200"));
    assert!(!line("host: ").contains('≠'));
}

#[test]
fn refuses_comparing_an_exchange_with_itself() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>l==");
    assert!(!stage.app.popups.is_open() && stage.app.exchanges.marked.is_none());
    assert_eq!(stage.notice(), "no longer marked");
}

#[test]
fn tokens_are_covered_in_a_comparison() {
    let mut stage = Stage::new();
    stage.keys("<a-4>team-a<c-s><c-s><esc>l=k=");
    let token = stage.newest().request.headers.get_str("x-auth-token").unwrap().to_owned();
    assert!(!page(&stage).contains(&token) && page(&stage).contains("x-auth-token"));
}

#[test]
fn masks_a_copied_comparison_even_when_revealed() {
    let mut stage = Stage::new();
    // A secret in a place where only its value gives it away: the password of the demo's user.
    stage.keys("orders<tab>orders<tab>Skydeck-Demo-1<c-s><c-s><esc>lu=k=");
    assert!(page(&stage).contains("Skydeck-Demo-1"), "uncovered, the screen shows it");
    stage.keys("y");
    let copied = stage.copied().unwrap();
    assert!(copied.contains("NamespaceDescription") && !copied.contains("Skydeck-Demo-1"), "{copied}");
}
