//! Sending again: back into the form, signed anew, byte for byte, and when the vendor throttles.

use skydeck::app::{Message, Popup};
use skydeck::exchange::ExchangeId;
use skydeck::form::Value;

use super::stage::Stage;

#[test]
fn fills_an_exchange_back_into_its_form() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<tab>Order intake<c-s><a-3>other<esc>l").keys("i");
    assert_eq!((stage.app.composer.tab, stage.app.current().operation().unwrap().id.as_str()), (0, "CreateNamespace"));
    assert_eq!(stage.value("NamespaceDescription"), Value::Text("Order intake".into()));
    stage.keys("<c-s>");
    assert_eq!(stage.calls.last().unwrap().again.repeats, Some(stage.app.exchanges.log.entries()[0].id));
    stage.keys("<c-s>");
    assert_eq!(stage.calls.last().unwrap().again.repeats, None, "a link is for one call");
}

#[test]
fn reads_a_path_back() {
    let mut stage = Stage::new();
    stage.keys("<a-4>team-a<c-s><f2>d").keys("<esc>").keys("<f2>i").keys("s");
    assert_eq!(stage.newest().operation, "ShowOrganization");
    stage.keys("lG").keys("i");
    assert_eq!(stage.value("namespace"), Value::Text("team-a".into()));
}

#[test]
fn signed_anew_it_has_another_nonce_and_the_same_parameters() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>lS");
    let nonce = |at: usize| stage.app.exchanges.log.entries()[at].request.headers.get_str("x-acs-signature-nonce").unwrap().to_owned();
    assert_ne!(nonce(0), nonce(1));
    assert_eq!(stage.app.exchanges.log.entries()[0].request.target, stage.app.exchanges.log.entries()[1].request.target);
    assert!(stage.notice().contains("InstanceExist"), "{}", stage.notice());
}

#[test]
fn sends_the_exact_bytes_again() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>lX");
    let exact = stage.calls.last().unwrap().again.exact.as_ref().unwrap();
    assert_eq!(exact.request, stage.app.exchanges.log.entries()[0].request);
}

#[test]
fn never_sends_an_exchange_of_the_history_as_exact_bytes() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>");
    let (mut earlier, sent) = (stage.newest().clone(), stage.calls.len());
    earlier.id = ExchangeId::stored(7);
    stage.notify(Message::Started { exchange: Box::new(earlier) });
    stage.keys("<esc>l<end>X");
    assert_eq!(stage.notice(), "parts of it are masked: its exact bytes are not known any more");
    assert_eq!(stage.calls.len(), sent);
}

#[test]
fn names_an_earlier_exchange_like_its_row() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>");
    let mut earlier = stage.newest().clone();
    earlier.id = ExchangeId::stored(7);
    stage.notify(Message::Started { exchange: Box::new(earlier) });
    stage.keys("<esc>l<end>i");
    assert_eq!(stage.notice(), "h7 is back in its form: ^s signs and sends it again");
}

#[test]
fn selects_resent_exchange_from_older_row() {
    for key in ["X", "S"] {
        let mut stage = Stage::new();
        stage.keys("orders<tab>orders<c-s><c-s><esc>l<home>");
        let rows = stage.app.exchanges.log.entries().len();
        stage.keys(key);
        assert!(stage.app.exchanges.log.entries().len() > rows);
        assert_eq!(stage.app.exchanges.log.selected().map(|exchange| exchange.id), Some(stage.newest().id), "{key}");
    }
}

#[test]
fn guards_hold_for_the_very_bytes_too() {
    let mut stage = Stage::new();
    stage.keys("<esc>pproduction<enter>iorders<tab>orders<c-s>production<enter>");
    let calls = stage.calls.len();
    stage.keys("<esc>lX");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Confirm(_))) && stage.calls.len() == calls);
    stage.keys("nonsense<enter>");
    assert_eq!(stage.calls.len(), calls);
    stage.keys("Xproduction<enter>");
    assert!(stage.calls.last().unwrap().again.exact.is_some() && stage.calls.last().unwrap().confirmed);
}

#[test]
fn never_sends_what_another_profile_signed() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>pproduction<enter>").keys("lX");
    assert!(stage.notice().contains("with profile demo"), "{}", stage.notice());
    assert_eq!(stage.calls.len(), 1);
}

#[test]
fn retries_only_on_request() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>T<c-s>");
    let retries: Vec<u32> = stage.calls.iter().map(|call| call.again.retries).collect();
    assert_eq!(retries, [0, 3, 0]);
    // Retries that were asked for while the form had errors do not go with a later call.
    let mut stage = Stage::new();
    stage.keys("<esc>T<esc>i").keys("orders<tab>orders<c-s>");
    assert_eq!(stage.calls.last().unwrap().again.retries, 0);
}
