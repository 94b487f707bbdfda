//! What a network or a clipboard sends never steers the terminal: no cell holds a control or a bidirectional character.

use proptest::collection::vec;
use proptest::prelude::*;
use skydeck::app::{ExchangeView, Message, Notice};
use skydeck::exchange::{Exchange, Failure, FailureClass, Outcome};
use skydeck::visible::VisibleForm;
use skydeck::wire::{Headers, Response};

use super::frame::{dark, draw};
use super::stage::Stage;

/// Texts of characters that steer terminals, turn text round, hide or take two columns, among plain ones.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\u{1b}[2J\u{1b}[H"),
        Just("\u{1b}]52;c;aGk=\u{7}"),
        Just("\u{9b}31m"),
        Just("\u{90}q\u{9c}"),
        Just("\r\n"),
        Just("\u{8}\u{7f}\0\t"),
        Just("\u{202e}txt\u{2066}"),
        Just("\u{200b}\u{200d}\u{feff}\u{2028}"),
        Just("\u{e0041}\u{180e}\u{61c}"),
        Just("e\u{301}\u{300}\u{20dd}"),
        Just("命名👩\u{200d}💻"),
        Just("\",\"a\":\"\\u001b[31m"),
        Just("<b>x</b> plain"),
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Holds every cell of the shown frame to be harmless.
fn harmless(stage: &Stage) -> Result<(), TestCaseError> {
    let frame = draw(stage, &dark());
    for (at, cell) in frame.cells.content.iter().enumerate() {
        let bad = cell.symbol().chars().find(|c| VisibleForm::new(*c).is_some());
        let (x, y) = frame.cells.pos_of(at);
        prop_assert!(bad.is_none(), "{:?} at {x},{y} in\n{}", bad, frame.text());
    }
    Ok(())
}

fn harmless_in_every_view(stage: &mut Stage) -> Result<(), TestCaseError> {
    stage.keys("<esc><esc>x");
    for _ in ExchangeView::ALL {
        harmless(stage)?;
        stage.keys("<right>");
    }
    stage.keys("<right><right>");
    for _ in 0..3 {
        harmless(stage)?;
        stage.keys("b");
    }
    Ok(())
}

fn answer(text: &str, status: u16, json: bool) -> Response {
    // A header's value may hold what is no control character: the library lets nothing else in.
    let value: String = text.chars().filter(|c| !c.is_ascii_control()).collect();
    let body = if json { format!("{{\"Code\":\"{text}\",\"Message\":\"{text}\",\"RequestId\":\"{text}\"}}") } else { text.to_owned() };
    Response {
        version: "HTTP/1.1".into(),
        status,
        reason: text.to_owned().into(),
        headers: Headers::from_iter([("content-type", "text/html".as_bytes()), ("x-request-id", value.as_bytes()), ("x", b"\xff\x1b[0m")]),
        body: body.into_bytes().into(),
        excess: 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shows_escape_sequences_of_answers_as_symbols(text in hostile(), status in prop_oneof![Just(200u16), Just(302), Just(400), Just(503)], json in any::<bool>()) {
        let mut stage = Stage::new();
        stage.keys("orders<tab>orders").send_for(answer(&text, status, json));
        harmless_in_every_view(&mut stage)?;
        stage.resize(60, 20);
        harmless_in_every_view(&mut stage)?;
    }

    #[test]
    fn shows_escape_sequences_in_fields_as_symbols(text in hostile(), other in hostile()) {
        let mut stage = Stage::new();
        stage.paste(&text).keys("<tab>").keys(&other.replace('<', "<lt>")).keys("<tab>");
        harmless(&stage)?;
        stage.keys("<c-s>");
        harmless(&stage)?;
        stage.keys("a<esc><esc>v<right>");
        harmless(&stage)?;
        stage.keys("3f").paste(&text).keys("<down><down><down>").paste(&other);
        harmless(&stage)?;
        stage.keys("<c-t>");
        harmless(&stage)?;
        stage.resize(45, 11);
        harmless(&stage)?;
        stage.keys("<esc>p").paste(&text);
        harmless(&stage)?;
    }

    #[test]
    fn shows_escape_sequences_in_messages_as_symbols(text in hostile()) {
        let mut stage = Stage::new();
        stage.keys("orders<tab>orders<c-s>");
        let failure = Failure { class: FailureClass::BrokenAnswer, detail: text.clone(), hint: text.clone(), partial: Some(Box::new(answer(&text, 200, false))) };
        let broken = Exchange { outcome: Outcome::Failed(failure), ..stage.newest().clone() };
        stage.notify(Message::Finished { exchange: Box::new(broken)   });
        harmless_in_every_view(&mut stage)?;
        stage.notify(Message::Notice(Notice::failure(text.clone())));
        harmless(&stage)?;
        let key = stage.app.current().access_key("demo");
        stage.notify(Message::Resolved { key, access: Err(text) });
        harmless(&stage)?;
    }
}
