//! What an operator can do against a cause: sign by the server's clock, type another key, sign a pasted request anew.

use std::time::Duration;

use skydeck::app::{Effect, ExchangeView, Message, Popup, RetryWait};
use skydeck::catalog::Vendor;
use skydeck::exchange::Exchange;
use skydeck::form::Value;

use super::stage::Stage;

/// A namespace, and an emulator whose clock is twenty minutes behind.
const LATE: &str = "orders<tab>orders<f4>aclock<enter><enter><esc><c-s>";

fn date(stage: &Stage) -> String {
    let signed = stage.app.current().preview.as_ref().unwrap();
    signed.request.headers.get_str("x-acs-date").unwrap().to_owned()
}

fn code(stage: &Stage) -> String {
    stage.newest().answered().unwrap().envelope.code.clone().unwrap_or_default()
}

#[test]
fn calls_are_signed_by_the_servers_clock_as_long_as_it_is_another() {
    let mut stage = Stage::new();
    stage.keys(LATE);
    assert_eq!((code(&stage).as_str(), stage.app.session.clock.skew()), ("InvalidTimeStamp.Expired", Some(-1200)));
    stage.keys("<esc>C");
    assert_eq!(stage.notice(), "from now on signed by the server's clock, 1200 s behind ours; C turns back");
    assert!(date(&stage).starts_with("2026-11-22T11:41:"), "{}", date(&stage));
    stage.keys("S");
    assert_eq!((code(&stage).as_str(), stage.app.session.clock.is_by_server()), ("200", true));
    // The server's clock is right again: one call finds out.
    stage.keys("<f4>Daclock<enter><c-u>alibaba-sae:clock=+1s<enter><esc>s");
    assert_eq!((code(&stage).as_str(), stage.app.session.clock.is_by_server()), ("InvalidTimeStamp.Expired", false));
    assert!(date(&stage).starts_with("2026-11-22T12:01:"), "{}", date(&stage));
    stage.keys("s");
    assert_eq!(code(&stage), "InstanceExist.NamespaceId");
}

/// The explanation of the newest exchange, in one line.
fn explanation(stage: &mut Stage) -> String {
    stage.keys("<esc>lGx");
    while stage.app.viewer.view != ExchangeView::Explain {
        stage.keys("<left>");
    }
    stage.app.viewer.text.head.plain().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn says_whether_the_clock_correction_is_on() {
    let mut stage = Stage::new();
    let message_text = explanation(stage.keys(LATE));
    assert!(message_text.contains("C signs by the server's clock until ours is set"), "{message_text}");
    stage.keys("C");
    let message_text = stage.app.viewer.text.head.plain().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message_text.contains("signed by the server's clock; C turns back to this machine's"), "{message_text}");
    stage.keys("fS");
    let message_text = stage.app.viewer.text.head.plain().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message_text.contains("until then calls are signed by the server's (C is on)"), "{message_text}");
}

#[test]
fn reports_an_outdated_clock_correction() {
    let mut stage = Stage::new();
    stage.keys(LATE).keys("<esc>C<f4>Daclock<enter><c-u>alibaba-sae:clock=+1s<enter><esc>s");
    assert_eq!(stage.notice(), "CreateNamespace failed: InvalidTimeStamp.Expired; clocks agree, C is off");
    let message_text = explanation(&mut stage);
    assert!(message_text.contains("dated 1200 s behind this machine's clock: by a correction that no longer fits"), "{message_text}");
    assert!(!message_text.contains("signed earlier"), "{message_text}");
    assert!(message_text.contains("Keys S sends again, with this machine's date"), "{message_text}");
}

#[test]
fn reports_a_changed_clock_correction() {
    let mut stage = Stage::new();
    stage.keys(LATE).keys("<esc>C<f4>Daclock<enter><c-u>alibaba-sae:clock=-40m<enter><esc>s");
    assert_eq!(stage.notice(), "CreateNamespace failed: InvalidTimeStamp.Expired; the server's clock is now 2400 s behind ours");
    let message_text = explanation(&mut stage);
    assert!(message_text.contains("was dated 1200 s behind this machine's clock: by a correction that no longer fits"), "{message_text}");
    stage.keys("S");
    assert!(stage.newest().succeeded(), "{}", stage.notice());
}

#[test]
fn shows_actual_wait_of_a_retried_call() {
    for (tab, fault, says) in
        [("<a-1>", "throttle@1/h", "waits as long as asked (a minute at most)"), ("<a-4>", "throttle@1/h", "after a longer wait each time")]
    {
        let mut stage = Stage::new();
        let provider = stage.app.composer.tabs[usize::from(tab == "<a-4>") * 3].id.clone();
        stage.keys(tab).keys(&format!("orders<tab>orders<f4>athrottle<enter><c-u>{provider}:{fault}<enter><esc><c-s><c-s>"));
        let message_text = explanation(&mut stage);
        assert!(message_text.contains(says), "{message_text}");
    }
}

#[test]
fn this_machines_clock_is_turned_back_to() {
    let mut stage = Stage::new();
    stage.keys(LATE).keys("<esc>CC");
    assert_eq!(stage.notice(), "signed by this machine's clock again");
    assert!(date(&stage).starts_with("2026-11-22T12:01:"), "{}", date(&stage));
}

#[test]
fn there_is_nothing_to_make_up_for_before_an_answer_tells() {
    let mut stage = Stage::new();
    stage.keys("<esc>C");
    assert_eq!(stage.notice(), "no answer has shown the server's clock yet");
    stage.keys("iorders<tab>orders<f4>aclock<enter><c-u>alibaba-sae:clock=+5s<enter><esc><c-s><esc>C");
    assert_eq!(stage.notice(), "this machine's clock agrees with the server's: nothing to correct");
    assert!(!stage.app.session.clock.is_by_server());
}

#[test]
fn asks_for_another_key_on_every_tab_of_the_vendor() {
    let mut stage = Stage::new();
    stage.asks = true;
    stage.keys("<esc>K");
    let asked =
        stage.effects.iter().filter(|effect| matches!(effect, Effect::OtherKey { profile, vendor: Vendor::Alibaba } if profile == "demo"));
    assert_eq!(asked.count(), 1);
    let known: Vec<bool> = stage.app.composer.tabs.iter().map(|tab| tab.access.is_some()).collect();
    assert_eq!(known, [true, false, true, true, true], "the other tab of the vendor asks when it is shown");
    stage.keys("2");
    assert!(stage.app.composer.tabs[1].access.is_some());
}

#[test]
fn shows_and_cancels_a_waiting_retry() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>");
    let after = stage.newest().id;
    let waiting = RetryWait { after, wait: Duration::from_secs(60), reason: "429".to_owned(), left: 2 };
    stage.notify(Message::Waiting(waiting));
    assert_eq!(stage.notice(), "again in 60.0 s (2 more, F9 gives up): 429");
    assert_eq!(stage.app.exchanges.waits.seconds(stage.app.session.now.time), Some(60));
    stage.keys("q");
    assert!(!stage.left(), "{}", stage.notice());
    stage.keys("c");
    assert!(stage.effects.iter().any(|effect| matches!(effect, Effect::Cancel(id) if *id == after)), "{:?}", stage.effects);
    stage.notify(Message::Waited { after, given_up: true });
    stage.keys("q");
    assert!(stage.app.exchanges.waits.in_progress() == 0 && stage.left());
}

fn raw(exchange: &Exchange) -> String {
    let mut bytes = exchange.request.head();
    bytes.extend_from_slice(&exchange.request.body);
    String::from_utf8(bytes).unwrap()
}

#[test]
fn fills_a_pasted_request_into_its_form() {
    for (tab, call, name, value) in [
        (0, "<a-1>订单 eu<tab>orders<c-s>", "NamespaceName", "订单 eu"),
        (1, "<a-2>orders_dev<tab>Orders<tab><right> <c-s>", "WorkspaceName", "orders_dev"),
        (2, "<a-3>orders<c-s>", "ProjectName", ""),
        (3, "<a-4>team-a<c-s>", "namespace", "team-a"),
    ] {
        let mut stage = Stage::new();
        stage.keys(call);
        let text = raw(stage.newest());
        let mut stage = Stage::new();
        // Another tab is shown, and no tab of the same calls.
        stage.keys(if tab == 0 { "<a-3>" } else { "<a-1>" }).keys("<esc>L").paste(&text).keys("i");
        assert!(!stage.app.popups.is_open(), "{text}");
        assert_eq!(stage.notice(), "in its form: ^s signs and sends it with profile demo");
        assert_eq!(stage.app.composer.tab, tab);
        if !value.is_empty() {
            assert_eq!(stage.value(name), Value::Text(value.to_owned()));
        }
        stage.keys("s");
        assert!(stage.newest().succeeded(), "{}", stage.notice());
    }
}

#[test]
fn names_parameters_that_a_form_does_not_take() {
    let mut stage = Stage::new();
    stage.keys("<a-3>orders<c-s>");
    let text = raw(stage.newest()).replacen(" HTTP/1.1", "&Option=a%20b HTTP/1.1", 1).replacen('{', r#"{"Colour":"red","#, 1);
    stage.keys("<esc>L").paste(&text).keys("i");
    let begin = "in its form, without Option and Colour, which the call does not have: ^s signs";
    assert!(stage.notice().starts_with(begin), "{}", stage.notice());
}

#[test]
fn keeps_unknown_calls_in_the_laboratory() {
    let mut stage = Stage::new();
    stage.keys("<esc>Li");
    assert_eq!(stage.notice(), "no request was examined yet: paste one");
    stage.paste("GET /elsewhere HTTP/1.1\nhost: a\n\n").keys("i");
    assert_eq!(stage.notice(), "no tab has a call GET /elsewhere");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Text(_))));
}
