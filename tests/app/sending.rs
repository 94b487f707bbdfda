//! Sending: doubts, guards, refusals, cancelling, and the way back from an error to its field.

use std::time::Duration;

use skydeck::app::{Effect, Message, Notice, Pane, Popup, RetryWait, Tone, WaitState};
use skydeck::exchange::Outcome;

use super::stage::Stage;

#[test]
fn sends_a_call_as_previewed() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<tab>Order intake<c-s>");
    let (call, exchange) = (&stage.calls[0], stage.newest());
    assert_eq!((call.provider.id.as_str(), call.operation.id.as_str(), call.confirmed), ("alibaba-sae", "CreateNamespace", false));
    assert_eq!(call.plan.request.target, exchange.request.target);
    assert!(exchange.succeeded());
    assert!(stage.notice().starts_with("CreateNamespace succeeded in"), "{}", stage.notice());
    assert_eq!(stage.app.focus.lower, Pane::Exchange);
    assert!(stage.app.focus.editing, "typing goes on where it was");
}

#[test]
fn sends_the_call_of_every_tab() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><a-2><esc>ai<c-s><a-3>orders<c-s><a-4>orders<c-s><a-5>orders<c-s>");
    let succeeded: Vec<_> = stage.app.exchanges.log.entries().iter().map(|entry| (entry.provider.as_str(), entry.succeeded())).collect();
    assert_eq!(
        succeeded,
        [
            ("alibaba-sae", true),
            ("alibaba-pai", true),
            ("volcengine-id", true),
            ("huawei-swr", true),
            ("huawei-swr", true),
            ("otc-swr", true),
            ("otc-swr", true)
        ]
    );
}

#[test]
fn asks_before_sending_what_a_rule_refuses() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>or_ders<c-s>");
    let Some(Popup::Text(warnings)) = stage.app.popups.open() else { panic!("no doubt") };
    assert!(warnings.page.plain().contains("'_' at 3"), "{}", warnings.page.plain());
    assert!(stage.calls.is_empty());
    stage.keys("<esc>");
    assert!(!stage.app.popups.is_open() && stage.calls.is_empty() && stage.app.focus.editing);
    stage.keys("<c-s>a");
    assert_eq!(stage.calls.len(), 1);
    assert_eq!(stage.notice(), "CreateNamespace failed: InvalidNamespaceIdSuffix.Format");
    stage.keys("<c-s><c-s>");
    assert_eq!(stage.calls.len(), 2, "the same key twice sends it, too");
}

#[test]
fn asks_before_sending_without_a_required_field() {
    let mut stage = Stage::new();
    stage.keys("<c-s>");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Text(_))));
    stage.keys("<enter>");
    assert!(!stage.app.popups.is_open() && stage.calls.is_empty());
}

#[test]
fn sends_despite_a_warning() {
    let mut stage = Stage::new();
    stage.keys("<a-3><c-s>");
    assert!(!stage.findings("NamespaceName").is_empty());
    assert_eq!(stage.calls.len(), 1);
}

/// A console on another profile, with a form that can be sent.
fn on(profile: &str) -> Stage {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<esc>p").keys(profile).keys("<enter>");
    assert_eq!(stage.app.session.profile().name, profile);
    stage
}

#[test]
fn asks_for_the_name_of_a_guarded_profile() {
    let mut stage = on("production");
    stage.keys("<c-s>");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Confirm(_))));
    stage.keys("yes<enter>");
    assert!(!stage.app.popups.is_open() && stage.calls.is_empty());
    assert!(stage.notice().starts_with("not sent"), "{}", stage.notice());
    stage.keys("<c-s>production<esc>");
    assert!(!stage.app.popups.is_open() && stage.calls.is_empty());
    stage.keys("<c-s>production<enter>");
    assert!(stage.calls[0].confirmed && stage.newest().succeeded());
}

#[test]
fn applies_the_guard_to_send_anyway() {
    let mut stage = on("production");
    stage.keys("f<tab>").keys("<esc>i<bs><bs><bs>_<c-s>a");
    assert!(matches!(stage.app.popups.open(), Some(Popup::Confirm(_))), "{:?}", stage.app.popups);
    assert!(stage.calls.is_empty());
}

#[test]
fn sends_no_changing_call_when_read_only() {
    let mut stage = on("archive");
    stage.keys("<c-s>");
    assert!(stage.app.exchanges.log.entries().is_empty());
    assert_eq!(stage.notice(), "profile `archive` is read-only, and CreateNamespace changes something");
    assert_eq!(stage.app.session.notice.as_ref().unwrap().tone, Tone::Failure);
}

#[test]
fn cancels_a_call_in_flight() {
    let mut stage = Stage::new();
    stage.hold = true;
    stage.keys("orders<tab>orders<c-s>");
    assert_eq!(stage.app.exchanges.log.live.in_flight(), 1);
    stage.keys("<esc>c");
    assert_eq!(stage.app.exchanges.log.live.in_flight(), 0);
    assert!(matches!(stage.newest().outcome, Outcome::Cancelled));
    assert!(stage.notice().contains("may have reached the vendor"), "{}", stage.notice());
    stage.keys("c");
    assert_eq!(stage.notice(), "the selected exchange is not in flight, and no wait follows it");
}

#[test]
fn several_calls_are_under_way_and_typing_goes_on() {
    let mut stage = Stage::new();
    stage.hold = true;
    stage.keys("orders<tab>orders<c-s><bs><bs>x<c-s><a-3>orders<c-s>");
    assert_eq!(stage.app.exchanges.log.live.in_flight(), 3);
    assert!(stage.app.focus.editing);
    stage.release();
    assert_eq!(stage.app.exchanges.log.live.in_flight(), 0);
    assert!(stage.app.exchanges.log.entries().iter().all(skydeck::exchange::Exchange::succeeded));
}

#[test]
fn jumps_from_an_error_to_its_field() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>or_ders<c-s>a<a-5>x<esc>l<home>e");
    assert_eq!((stage.app.composer.tab, stage.focused(), stage.app.focus.editing), (0, "NameSpaceShortId", true));
    assert_eq!(stage.app.focus.pane, Pane::Form);
}

#[test]
fn goes_back_from_within_a_field() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>or_ders<c-s>a<s-tab><f8>");
    assert_eq!((stage.focused(), stage.app.focus.editing), ("NameSpaceShortId", true));
}

#[test]
fn reports_errors_without_a_field() {
    let mut stage = Stage::new();
    stage.keys("<esc>e");
    assert_eq!(stage.notice(), "nothing was sent yet");
    stage.keys("iorders<tab>orders<c-s><esc>e");
    assert_eq!(stage.notice(), "this exchange names no field");
}

#[test]
fn sends_once_the_account_is_resolved() {
    let mut stage = Stage::unread(120, 40);
    stage.keys("orders<tab>orders<c-s>");
    assert!(stage.calls.is_empty());
    assert_eq!(stage.notice(), "sent as soon as the account is known");
    let key = stage.app.current().access_key("demo");
    stage.resolve(key);
    assert_eq!(stage.calls.len(), 1);
}

#[test]
fn cancels_a_pending_send_on_any_key() {
    let mut stage = Stage::unread(120, 40);
    stage.keys("orders<tab>orders<c-s>x");
    let key = stage.app.current().access_key("demo");
    stage.resolve(key);
    assert!(stage.calls.is_empty());
}

#[test]
fn reports_why_an_account_is_unavailable() {
    let mut stage = Stage::unread(120, 40);
    let key = stage.app.current().access_key("demo");
    stage.notify(Message::Resolved { key, access: Err("looked at ALIBABA_CLOUD_ACCESS_KEY_ID".to_owned()) });
    stage.keys("orders<tab>orders<c-s>");
    assert_eq!(stage.notice(), "looked at ALIBABA_CLOUD_ACCESS_KEY_ID");
    assert_eq!(stage.app.current().preview.as_ref().unwrap_err().to_string(), "looked at ALIBABA_CLOUD_ACCESS_KEY_ID");
}

#[test]
fn shows_a_notice_until_the_next_key() {
    let mut stage = Stage::new();
    stage.notify(Message::Notice(Notice::warning("one")));
    stage.notify(Message::Tick);
    assert_eq!(stage.notice(), "one");
    stage.keys("x");
    assert_eq!(stage.notice(), "");
}

#[test]
fn confirms_destructive_calls_by_name() {
    let mut stage = Stage::new();
    stage.keys("<esc>4o").keys("delete<enter>iteam-a<c-s>");
    assert!(stage.calls.is_empty());
    stage.keys("team-b<enter>");
    assert_eq!((stage.calls.len(), stage.notice()), (0, "not sent: that is not what the form names (team-a)"));
    stage.keys("<c-s>team-a<enter>");
    assert_eq!(stage.calls.last().map(|call| call.operation.id.as_str()), Some("DeleteOrganization"));
}

#[test]
fn cancels_the_wait_before_a_retry() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>");
    let after = stage.newest().id;
    let wait = RetryWait { after, wait: Duration::from_secs(30), reason: "429 Throttling.User".into(), left: 3 };
    stage.notify(Message::Waiting(wait));
    assert!(stage.notice().starts_with("again in 30.0 s (3 more, F9 gives up): 429 Throttling.User"), "{}", stage.notice());
    assert!(matches!(stage.app.exchanges.waits.after(after), Some(WaitState::Until(until)) if until > stage.app.session.now.time));
    stage.keys("<c-q>");
    assert!(stage.notice().contains("1 to be sent again") && !stage.left(), "leaving ends the wait: {}", stage.notice());
    stage.keys("<f9>");
    assert!(stage.effects.iter().any(|effect| matches!(effect, Effect::Cancel(id) if *id == after)), "{:?}", stage.effects);
    stage.notify(Message::Waited { after, given_up: true });
    assert_eq!((stage.app.exchanges.waits.after(after), stage.app.exchanges.waits.in_progress()), (Some(WaitState::GivenUp), 0));
    assert!(stage.notice().contains("#1 is not sent again"), "{}", stage.notice());
    stage.keys("<f9>");
    assert!(stage.notice().contains("not in flight"), "{}", stage.notice());
}

#[test]
fn success_does_not_replace_sticky_notices() {
    let mut stage = Stage::new();
    stage.notify(Message::Notice(Notice::warning("what came of it is not kept").staying()));
    stage.notify(Message::Notice(Notice::done("succeeded")));
    assert_eq!(stage.notice(), "what came of it is not kept");
    stage.notify(Message::Notice(Notice::failure("it failed")));
    assert_eq!(stage.notice(), "it failed");
    stage.notify(Message::Notice(Notice::warning("what came of it is not kept").staying()));
    stage.keys("<esc>").notify(Message::Notice(Notice::done("done")));
    assert_eq!(stage.notice(), "done", "a key has taken it away");
}

#[test]
fn ends_a_wait_with_the_next_attempt() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>");
    let after = stage.newest().id;
    stage.notify(Message::Waiting(RetryWait { after, wait: Duration::ZERO, reason: String::new(), left: 1 }));
    assert_eq!(stage.app.exchanges.cancellable(), Some(after));
    stage.notify(Message::Waited { after, given_up: false });
    assert_eq!((stage.app.exchanges.waits.after(after), stage.app.exchanges.cancellable()), (None, None));
}
