//! What leaves the console as text: copies and files, secrets covered.

use skydeck::app::{Effect, ExchangeView, Message, PreviewView};
use skydeck::auth::{Credentials, Project};
use skydeck::emulator::demo;
use skydeck::exchange::{Exchange, Failure, FailureClass, Outcome};
use skydeck::secret::MASK;
use skydeck::wire::{Headers, Response};

use super::stage::Stage;

/// Every secret that the two calls have met: the passwords, the keys and the token.
fn secrets(stage: &Stage) -> Vec<String> {
    let mut secrets = Vec::new();
    for tab in &stage.app.composer.tabs {
        let Some(Ok(access)) = &tab.access else { continue };
        match &access.credentials {
            Credentials::AccessKey(key) => secrets.push(key.secret.expose().to_owned()),
            Credentials::Login(login) => secrets.push(login.password.expose().to_owned()),
            Credentials::Token(token) => secrets.push(token.expose().to_owned()),
        }
    }
    let tokens = stage.app.exchanges.log.entries().iter().filter_map(|entry| entry.response()?.headers.get_str("x-subject-token"));
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
fn copies_no_secret_from_any_view() {
    let mut stage = sent();
    let secrets = secrets(&stage);
    let mut masked = 0;
    stage.keys("l<home>x");
    for entry in 0..3 {
        stage.app.exchanges.log.select(entry);
        for _ in ExchangeView::ALL {
            stage.keys("<right>y");
            let copy = stage.copied().unwrap().to_owned();
            masked += usize::from(copy.contains(MASK));
            assert!(!secrets.iter().any(|secret| copy.contains(secret.as_str())), "{}:\n{copy}", stage.app.viewer.view.name());
        }
    }
    assert!(masked >= 3, "the token's answer, the password and the token in the call: {masked}");
}

#[test]
fn copies_no_secret_from_the_preview() {
    let mut stage = sent();
    for tab in ["1", "2", "3", "4", "5"] {
        stage.keys(tab).keys("v");
        let secrets = secrets(&stage);
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
    let shown = |stage: &Stage| stage.app.viewer.text.head.plain();
    assert!(shown(&stage).contains(&format!("x-auth-token: {MASK}")), "{}", shown(&stage));
    stage.keys("u");
    let token = secrets(&stage).pop().unwrap();
    assert!(shown(&stage).replace("\n    ", "").contains(&token[..40]), "{}", shown(&stage));
    stage.keys("u");
    assert!(!shown(&stage).contains(&token[..20]));
}

#[test]
fn copies_are_covered_also_while_secrets_are_shown() {
    let mut stage = sent();
    let token = secrets(&stage).pop().unwrap();
    stage.keys("x<right>uy");
    let copy = stage.copied().unwrap();
    assert!(!copy.contains(&token[..20]) && copy.contains(MASK), "{copy}");
    stage.keys("w");
    let Some(Effect::Save { head, .. }) = stage.effects.last() else { panic!("no file") };
    assert!(!head.contains(&token[..20]) && head.contains(MASK), "{head}");
}

#[test]
fn copies_without_the_panes_line_breaks() {
    let mut stage = Stage::sized(60, 24);
    stage.keys("orders<tab>orders<c-s><esc>x<right>y");
    let exchange = stage.newest();
    let authorization = exchange.request.headers.get_str("authorization").unwrap().to_owned();
    let canonical = exchange.signing.as_ref().unwrap().signed_headers.join(";");
    assert!(stage.copied().unwrap().contains(&format!("authorization: {authorization}\n")), "{}", stage.copied().unwrap());
    stage.keys("<right><right>y");
    assert!(stage.copied().unwrap().contains(&format!("signed     {canonical}\n")), "{}", stage.copied().unwrap());
    stage.keys("vy");
    assert!(stage.copied().unwrap().lines().any(|line| line.starts_with("authorization: ") && line.contains("Signature=")));
}

#[test]
fn copies_a_body_without_line_breaks() {
    let long = "x".repeat(500);
    let mut stage = Stage::sized(60, 24);
    stage.keys("orders<tab>orders").send_for(answer(200, &format!("{{\"Data\":\"{long}\",\"b\":1}}")));
    for view in ["", "b"] {
        stage.keys("<esc>x<right><right>").keys(view).keys("y");
        let copy = stage.copied().unwrap();
        assert!(copy.contains(&long), "{copy}");
    }
}

/// An answer with this body.
fn answer(status: u16, body: &str) -> Response {
    let headers = Headers::from_iter([("content-type", "application/json".as_bytes())]);
    Response { version: "HTTP/1.1".into(), status, reason: "".into(), headers, body: body.as_bytes().to_vec().into(), excess: 0 }
}

/// A refused signature with the text that the server computed.
fn refused(canonical: &str) -> String {
    let message = format!("Specified signature does not match our calculation. server CanonicalRequest is [{canonical}]");
    serde_json::json!({ "Code": "SignatureDoesNotMatch", "Message": message }).to_string()
}

/// What each view of the newest exchange says, and the notice.
fn message_text(stage: &mut Stage) -> String {
    let mut message_text = format!("{}\n", stage.notice());
    stage.keys("<esc><esc>x");
    for _ in ExchangeView::ALL {
        stage.keys("<right>");
        let lines = stage.app.viewer.lines(0..stage.app.viewer.text.len());
        for line in &lines {
            message_text.push_str(&line.text());
        }
        message_text.push('\n');
    }
    message_text
}

#[test]
fn masks_an_echoed_secret_in_every_view() {
    let secret = {
        let stage = Stage::new();
        secrets(&stage).remove(0)
    };
    let location = |value: &str| {
        let mut redirect = answer(302, "");
        redirect.headers.set("location", value);
        redirect
    };
    let answers = [
        answer(400, &format!("{{\"Code\":\"Bad.{secret}\",\"Message\":\"no {secret}\",\"RequestId\":\"{secret}\"}}")),
        answer(400, &refused(&format!("POST\n/{secret}\nq={secret}\nhost:{secret}\n\nhost;{secret}\nff"))),
        answer(502, &format!("<html><head><title>{secret}</title></head></html>")),
        answer(200, &format!("{secret} is no JSON")),
        location(&format!("https://elsewhere.example/{secret}")),
        Response { reason: secret.clone().into(), ..answer(500, "") },
    ];
    for answer in answers {
        let mut stage = Stage::sized(200, 60);
        stage.keys("orders<tab>orders").send_for(answer);
        let message_text = message_text(&mut stage);
        assert!(!message_text.contains(&secret), "{message_text}");
    }
    let mut stage = Stage::sized(200, 60);
    stage.keys("orders<tab>orders<c-s>");
    let failure = Failure { class: FailureClass::BrokenAnswer, detail: secret.clone(), hint: secret.clone(), partial: None };
    let broken = Exchange { outcome: Outcome::Failed(failure), ..stage.newest().clone() };
    stage.notify(Message::Finished { exchange: Box::new(broken) });
    let message_text = message_text(&mut stage);
    assert!(!message_text.contains(&secret), "{message_text}");
}

#[test]
fn never_masks_catalog_text() {
    let stage = sent();
    let redactor = stage.app.session.screen_redactor().unwrap();
    for provider in stage.vendor.providers() {
        let errors = provider.errors.iter().chain(provider.operations.iter().flat_map(|operation| &operation.errors));
        for text in errors.flat_map(|error| [&error.cause, &error.remedy]) {
            assert_eq!(redactor.text(text), *text);
        }
    }
}

#[test]
fn names_a_file_after_its_content() {
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
fn fetches_a_token_for_the_demo_project() {
    let stage = sent();
    let token = &stage.app.exchanges.log.entries()[1];
    assert_eq!((token.operation.as_str(), token.response().unwrap().status), ("IAM token", 201));
    let login = demo::login(skydeck::catalog::Vendor::Huawei).unwrap();
    let Project::Name(project) = login.project else { panic!("by name") };
    assert!(String::from_utf8_lossy(&token.request.body).contains(&project));
}
