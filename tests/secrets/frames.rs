//! Every view of the console, every copy and every file that it writes, while secrets come from accounts, tokens, answers and failures.

use std::sync::Arc;
use std::sync::mpsc::channel;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use skydeck::app::message::{BodyCopy, Question};
use skydeck::app::{Effect, Message};
use skydeck::auth::hex_sha256;
use skydeck::body;
use skydeck::exchange::{Exchange, ExchangeId, Failure, FailureClass, Outcome};
use skydeck::export::{self, ExportInput, Format, Secrets};
use skydeck::ui::{self, Depth, Palette, SymbolSet, Theme};
use skydeck::wire::{Headers, Response, encode};
use unicode_width::UnicodeWidthStr;

use super::plant::{Searched, cases, secrets};
use super::stage::{Planted, Stage};

/// The text of the frame, row by row.
pub fn frame(stage: &Stage) -> String {
    let layout = ui::layout(&stage.app, stage.area());
    let mut cells = Buffer::empty(stage.area());
    ui::render(&stage.app, &layout, &Theme::new(Palette::Dark, Depth::True, SymbolSet::Unicode), &mut cells);
    let mut text = String::new();
    for y in 0..cells.area.height {
        let mut masked = 0;
        for x in 0..cells.area.width {
            let symbol = cells[(x, y)].symbol();
            if x >= masked {
                masked = x + u16::try_from(symbol.width()).unwrap().max(1);
                text.push_str(symbol);
            }
        }
        text.push('\n');
    }
    text
}

/// What the stage would put on the clipboard or into files.
fn copies(stage: &mut Stage) -> Vec<Vec<u8>> {
    let write = |effect| match effect {
        Effect::Copy(text) => Some(text.into_bytes()),
        Effect::Write { name, bytes } => Some([name.as_bytes(), &bytes].concat()),
        Effect::Save { name, head, body } => Some(format!("{name}{head}{}", body.as_ref().map(indexed).unwrap_or_default()).into_bytes()),
        _ => None,
    };
    std::mem::take(&mut stage.effects).into_iter().filter_map(write).collect()
}

fn indexed(copy: &BodyCopy) -> String {
    let rows = body::index(&copy.bytes, copy.view, u16::MAX, &copy.redactor);
    format!("{:?}", rows.screen(0..rows.len(), &copy.bytes))
}

/// Looks at the selected exchange in every way, and copies it in every form.
pub fn look(stage: &mut Stage, searched: &Searched, what: &str) {
    stage.keys("<esc><esc>x");
    searched.none_in(&format!("{what}, among the panes"), frame(stage).as_bytes());
    stage.keys("z");
    for view in ["request", "request as raw", "request in hexadecimal", "response", "response as raw", "response in hexadecimal", "signing"]
    {
        stage.keys("yw");
        searched.none_in(&format!("{what}, {view}"), frame(stage).as_bytes());
        stage.keys(if view.contains("hexa") || view.contains("signing") { "b<right>" } else { "b" });
        searched.none_in(&format!("{what}, behind {view}"), frame(stage).as_bytes());
    }
    for view in 0..6 {
        stage.keys("<right>yw<pgdn>");
        searched.none_in(&format!("{what}, view {view}"), frame(stage).as_bytes());
    }
    stage.keys("zYhar<enter>");
    searched.none_in(&format!("{what}, notice"), frame(stage).as_bytes());
    for copy in copies(stage).into_iter().chain(exports(stage)) {
        searched.none_in(&format!("a copy of {what}"), &copy);
    }
}

/// The selected exchange in the form of every other tool.
fn exports(stage: &Stage) -> Vec<Vec<u8>> {
    let exchange = stage.app.exchanges.log.selected().unwrap();
    let provider = stage.app.composer.provider_of(exchange).unwrap();
    let operation = provider.operation(&exchange.operation).map(|operation| &**operation);
    let secrets = Secrets::Masked(stage.app.session.screen_redactor().unwrap());
    let subject = ExportInput { provider, operation, exchange, secrets };
    Format::ALL.iter().filter_map(|format| export::render(*format, &subject).ok()).collect()
}

/// An answer that repeats the secrets, each as it is and in the forms in which a server may repeat it.
pub fn echo(secrets: &[String], status: u16, json: bool) -> Response {
    use base64::Engine;
    let each = |secret: &String| {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("demo:{secret}"));
        format!("{secret} | {} | {basic} | {}", encode(secret), serde_json::to_string(secret).unwrap())
    };
    let all = secrets.iter().map(each).collect::<Vec<_>>().join(" , ");
    let quoted = serde_json::to_string(&all).unwrap();
    let body = if json {
        format!(
            r#"{{"RequestId":{quoted},"Code":"SignatureDoesNotMatch","Message":{quoted},"Data":{{"note":[{quoted}],"nested":{}}}}}"#,
            serde_json::to_string(&quoted).unwrap()
        )
    } else {
        format!("<html><title>{all}</title><body>\u{0}{all}</body></html>")
    };
    let ascii: String = all.chars().filter(char::is_ascii).collect();
    let headers = Headers::from_iter([
        ("content-type", if json { "application/json" } else { "text/html" }),
        ("x-note", &*all),
        ("x-ascii", &*ascii),
    ]);
    Response { version: "HTTP/1.1".into(), status, reason: secrets[0].clone().into(), headers, body: body.into(), excess: 0 }
}

/// The values of `AccessKey` and `SecretKey` in an answer.
fn keys_in(exchange: &Exchange) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_slice(&exchange.response().unwrap().body).unwrap();
    let namespaces = body["Data"]["Namespaces"].as_array().unwrap();
    let keys =
        |namespace: &serde_json::Value| ["AccessKey", "SecretKey"].map(|name| namespace[name].as_str().unwrap_or_default().to_owned());
    namespaces.iter().flat_map(keys).filter(|key| key.len() >= 8).collect()
}

fn stage(secrets: &[String]) -> Stage {
    let [secret, token, password, ..] = secrets else { unreachable!("three at least") };
    Stage::planted(Planted { secret: secret.clone(), token: token.clone(), password: password.clone() })
}

/// Views of the preview, the form, the help, the log and what can be compared.
fn around(stage: &mut Stage, searched: &Searched) {
    for keys in [
        "<esc><esc>vz",
        "<right>",
        "<right>",
        "<right>z",
        "f",
        "d",
        "<esc>?",
        "<pgdn>",
        "<esc>l",
        "=",
        "k=",
        "<pgdn>",
        "y<esc>",
        "!",
        "<esc>",
    ] {
        stage.keys(keys).keys("yw");
        searched.none_in(&format!("the frame after {keys}"), frame(stage).as_bytes());
    }
    for copy in copies(stage) {
        searched.none_in("a copy of the preview or of a comparison", &copy);
    }
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn accounts_and_answers(secrets in secrets(5)) {
        let searched = Searched::new(&secrets[..3]);
        let mut stage = stage(&secrets);
        stage.keys("orders<tab>orders<tab>Order intake<c-s>");
        prop_assert!(stage.newest().succeeded(), "{}", stage.notice());
        look(&mut stage, &searched, "a call that succeeds");
        stage.keys("<esc><esc>i").send_for(echo(&secrets[..3], 403, true));
        look(&mut stage, &searched, "an answer that repeats secrets");
        stage.keys("<esc><esc>i").send_for(echo(&secrets[..3], 502, false));
        look(&mut stage, &searched, "somebody else's answer that repeats secrets");
        around(&mut stage, &searched);
    }

    #[test]
    fn tokens(secrets in secrets(5)) {
        let mut stage = stage(&secrets);
        let token = &secrets[3];
        let headers = Headers::from_iter([("x-subject-token", token.as_str()), ("content-type", "application/json")]);
        let body = r#"{"token":{"expires_at":"2026-11-23T12:00:00.000000Z","methods":["password"],"project":{"name":"eu-de"}}}"#;
        stage.vendor.next_token = Some(Response { version: "HTTP/1.1".into(), status: 201, headers, body: body.into(), ..Response::default() });
        stage.keys("<a-5>team-a").send_for(echo(&secrets[2..4], 401, true));
        let searched = Searched::new([&secrets[2], token]);
        prop_assert_eq!(stage.app.exchanges.log.entries().len(), 2);
        look(&mut stage, &searched, "a call with a token");
        stage.keys("<esc><esc>lk");
        look(&mut stage, &searched, "a request for a token");
        around(&mut stage, &searched);
    }

    #[test]
    fn failures_and_questions(secrets in secrets(4)) {
        let searched = Searched::new(&secrets);
        let mut stage = stage(&secrets);
        stage.secrets.add(&secrets.iter().map(|secret| skydeck::secret::Secret::new(secret.as_str())).collect::<Vec<_>>());
        stage.keys("orders<tab>orders<c-s>");
        let message_text = secrets.join(" and ");
        let failure = Failure {
            class: FailureClass::BrokenAnswer,
            detail: format!("the server said {message_text}"),
            hint: format!("ask about {message_text}"),
            partial: Some(Box::new(echo(&secrets, 200, true))),
        };
        let broken = Exchange { id: ExchangeId(2), outcome: Outcome::Failed(failure), ..stage.newest().clone() };
        stage.notify(Message::Finished { exchange: Box::new(broken)   });
        look(&mut stage, &searched, "a failure that repeats secrets");
        let (answer, answered) = channel();
        stage.notify(Message::Ask(Question { text: "Password".into(), masked: true, answer }));
        stage.paste(&secrets[3]);
        searched.none_in("a question", frame(&stage).as_bytes());
        stage.keys("<enter>");
        let typed = answered.try_recv().unwrap();
        prop_assert_eq!(typed.expose(), secrets[3].as_str());
    }

    #[test]
    fn keys_of_other_services(number in 0..1000_u32) {
        let mut stage = Stage::following();
        stage.keys(&format!("orders<tab>n{number}<c-s><f2>"));
        let listed = stage.app.exchanges.log.entries().iter().find(|exchange| exchange.operation == "DescribeNamespaces").unwrap().clone();
        let keys = keys_in(&listed);
        prop_assert!(keys.len() >= 2, "{:?}", listed.response());
        let searched = Searched::new(&keys);
        for keys in ["", "<enter>", "z", "<pgdn>", "z", "y", "w", "<esc>v", "z", "z", "<esc>l", "k", "k"] {
            stage.keys(keys);
            searched.none_in(&format!("the resources after {keys}"), frame(&stage).as_bytes());
        }
        for copy in copies(&mut stage) {
            searched.none_in("a copy of a resource", &copy);
        }
        let at = stage.app.exchanges.log.live.position(listed.id).unwrap();
        stage.app.exchanges.log.select(at);
        look(&mut stage, &searched, "a list of namespaces");
    }
}

#[test]
fn finds_what_is_there() {
    let secret = "abc/\"é 0123456789abcdef".to_owned();
    let searched = Searched::new([&secret]);
    for (how, form) in super::plant::forms(&secret) {
        let found = std::panic::catch_unwind(|| searched.none_in("a test", format!("x{form}y").as_bytes()));
        assert!(found.is_err(), "{how}");
    }
    let nothing = Arc::new(hex_sha256(b"nothing"));
    searched.none_in("a hash", nothing.as_bytes());
}
