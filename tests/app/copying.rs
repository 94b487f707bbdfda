//! What leaves the console as text: copies and files, secrets covered.

use skydeck::app::{Effect, ExchangeView, PreviewView};
use skydeck::auth::{Credentials, Project};
use skydeck::emulator::demo;
use skydeck::secret::MASK;

use super::stage::Stage;

/// Every secret that the two calls have met: the passwords, the keys and the token.
fn secrets(stage: &Stage) -> Vec<String> {
    let mut secrets = Vec::new();
    for tab in &stage.app.tabs {
        let Some(Ok(access)) = &tab.access else { continue };
        match &access.credentials {
            Credentials::AccessKey(key) => secrets.push(key.secret.expose().to_owned()),
            Credentials::Login(login) => secrets.push(login.password.expose().to_owned()),
            Credentials::Token(token) => secrets.push(token.expose().to_owned()),
        }
    }
    let tokens = stage.app.log.entries().iter().filter_map(|entry| entry.response()?.headers.get_str("x-subject-token"));
    secrets.extend(tokens.map(str::to_owned));
    secrets
}

fn sent() -> Stage {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><a-4>orders<c-s><esc>");
    assert_eq!(secrets(&stage).len(), 6);
    stage
}

#[test]
fn no_view_of_any_exchange_copies_a_secret() {
    let mut stage = sent();
    let secrets = secrets(&stage);
    let mut covered = 0;
    stage.keys("l<home>x");
    for entry in 0..3 {
        stage.app.log.select(entry);
        for _ in ExchangeView::ALL {
            stage.keys("<right>y");
            let copy = stage.copied().unwrap().to_owned();
            covered += usize::from(copy.contains(MASK));
            assert!(!secrets.iter().any(|secret| copy.contains(secret.as_str())), "{}:\n{copy}", stage.app.viewer.view.name());
        }
    }
    assert!(covered >= 3, "the token's answer, the password and the token in the call: {covered}");
}

#[test]
fn no_view_of_the_preview_copies_a_secret() {
    let mut stage = sent();
    let secrets = secrets(&stage);
    for tab in ["1", "2", "3", "4", "5"] {
        stage.keys(tab).keys("v");
        for _ in PreviewView::ALL {
            stage.keys("<right>y");
            let copy = stage.copied().unwrap();
            assert!(!copy.is_empty() && !secrets.iter().any(|secret| copy.contains(secret.as_str())), "{copy}");
        }
    }
}

#[test]
fn secrets_are_shown_only_when_asked_for() {
    let mut stage = sent();
    stage.keys("x<right>");
    let shown = |stage: &Stage| stage.app.viewer.head.plain();
    assert!(shown(&stage).contains(&format!("x-auth-token: {MASK}")), "{}", shown(&stage));
    stage.keys("u");
    let token = secrets(&stage).pop().unwrap();
    assert!(shown(&stage).replace("\n    ", "").contains(&token[..40]), "{}", shown(&stage));
    stage.keys("u");
    assert!(!shown(&stage).contains(&token[..20]));
}

#[test]
fn a_copy_is_uncovered_only_while_secrets_are_shown_on_purpose() {
    let mut stage = sent();
    let token = secrets(&stage).pop().unwrap();
    let holds = |stage: &Stage| stage.copied().unwrap().replace("\n    ", "").contains(&token[..40]);
    stage.keys("x<right>uy");
    assert!(holds(&stage));
    stage.keys("uy");
    assert!(!holds(&stage));
    stage.keys("w");
    let Some(Effect::Save { head, .. }) = stage.effects.last() else { panic!("no file") };
    assert!(!head.contains(&token[..20]) && head.contains(MASK), "{head}");
}

#[test]
fn a_file_is_named_after_what_it_holds() {
    let mut stage = sent();
    stage.keys("x<right><right>w");
    let Some(Effect::Save { name, head, body }) = stage.effects.last() else { panic!("no file") };
    assert_eq!(name, "huawei-swr-3-response.txt");
    assert!(head.starts_with("HTTP/1.1 201"), "{head}");
    assert!(body.is_some());
    stage.keys("vw");
    let Some(Effect::Save { name, .. }) = stage.effects.last() else { panic!("no file") };
    assert_eq!(name, "huawei-swr-request.txt");
}

#[test]
fn a_token_is_fetched_for_the_demos_project() {
    let stage = sent();
    let token = &stage.app.log.entries()[1];
    assert_eq!((token.operation.as_str(), token.response().unwrap().status), ("IAM token", 201));
    let login = demo::login(skydeck::catalog::Vendor::Huawei).unwrap();
    let Project::Name(project) = login.project else { panic!("by name") };
    assert!(String::from_utf8_lossy(&token.request.body).contains(&project));
}
