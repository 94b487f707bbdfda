//! The table of resources: what there is, its calls, and the way into forms and back.

use skydeck::app::resources::ListingState;
use skydeck::app::{ExchangeView, Message, ScreenTarget};
use skydeck::exchange::Purpose;
use skydeck::form::Value;
use skydeck::wire::{Headers, Response};

use super::stage::Stage;

fn keys_of(stage: &Stage) -> Vec<&str> {
    stage.app.table().visible().map(|row| row.key.as_str()).collect()
}

fn operations(stage: &Stage) -> Vec<&str> {
    stage.app.exchanges.log.entries().iter().map(|exchange| exchange.operation.as_str()).collect()
}

fn details(stage: &Stage) -> String {
    stage.app.preview.page.lines.iter().map(|line| line.text() + "\n").collect()
}

fn answer(status: u16, body: &str) -> Response {
    let headers = Headers::from_iter([("content-type", "application/json")]);
    Response { version: "HTTP/1.1".into(), status, headers, body: body.to_owned().into(), ..Response::default() }
}

#[test]
fn lists_created_resources_on_every_tab() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><a-2>orders_dev<tab>Forecasts<tab><right> <c-s><a-3>orders<c-s><a-4>team-a<c-s><a-5>team-b<c-s>");
    for (tab, key) in [(1, "cn-hangzhou:orders"), (3, "orders"), (4, "team-a"), (5, "team-b")] {
        stage.keys(&format!("<a-{tab}><f2>"));
        assert_eq!(keys_of(&stage), [key]);
        assert!(details(&stage).contains(key), "{}", details(&stage));
    }
    stage.keys("<a-2><f2>");
    assert_eq!(stage.app.table().selected().unwrap().name, "orders_dev");
}

#[test]
fn lists_when_a_token_is_fetched_first() {
    for tab in [4, 5] {
        let mut stage = Stage::new();
        stage.keys(&format!("<a-{tab}><f2>"));
        assert!(matches!(stage.app.table().state, ListingState::Loaded(_)), "{tab}: {:?}", stage.app.table().state);
    }
}

#[test]
fn fetches_every_page() {
    let mut stage = Stage::new();
    stage.keys("<a-2><esc>a");
    for number in 0..103 {
        stage.keys("gi<c-u>").paste(&format!("space_{number:03}")).keys("<c-s><esc>");
    }
    let before = stage.calls.len();
    stage.keys("R");
    let table = &stage.app.table();
    assert_eq!((table.len(), table.total, stage.calls.len() - before), (103, None, 2));
    assert!(stage.calls[before].plan.request.target.contains("PageNumber=1&PageSize=100"), "{}", stage.calls[before].plan.request.target);
    stage.keys("G");
    assert_eq!(stage.app.table().selected().unwrap().name, "space_102");
    stage.keys("/_05");
    assert_eq!(stage.app.table().visible().len(), 10);
}

#[test]
fn fetches_and_shows_what_was_created() {
    let mut stage = Stage::following();
    stage.keys("orders<tab>orders<c-s>");
    assert_eq!(operations(&stage), ["CreateNamespace", "DescribeNamespace", "DescribeNamespaces"]);
    let own: Vec<bool> = stage.app.exchanges.log.entries().iter().map(|exchange| exchange.purpose == Purpose::Operator).collect();
    assert_eq!(own, [true, false, false]);
    assert!(stage.notice().contains("succeeded: cn-hangzhou:orders"), "{}", stage.notice());
    assert!(stage.app.focus.editing && !stage.app.resources_shown());
    let selected = stage.app.exchanges.log.selected().unwrap();
    assert_eq!(selected.operation, "CreateNamespace", "the eye stays on what was sent");
    assert_eq!(stage.app.viewer.view, ExchangeView::Envelope);
    let shown: String = stage.app.viewer.text.head.lines.iter().map(|line| line.text() + "\n").collect();
    assert!(shown.contains("Created") && shown.contains("cn-hangzhou:orders"), "{shown}");
}

#[test]
fn news_do_not_take_the_footer_from_who_types_on() {
    let mut stage = Stage::following();
    stage.hold = true;
    stage.keys("orders<tab>orders<c-s>x").release();
    assert!(!stage.notice().contains("succeeded: cn-hangzhou:orders"), "{}", stage.notice());
    assert_eq!(stage.value("NameSpaceShortId"), Value::Text("ordersx".into()));
}

#[test]
fn without_permission_to_show_it_is_said_below_the_envelope() {
    let mut stage = Stage::following();
    stage.hold = true;
    stage.keys("<a-4>team-a<c-s>");
    stage.vendor.next = Some(answer(403, r#"{"error_code":"SVCSTG.SWR.4039002","error_msg":"no"}"#));
    stage.release();
    assert!(stage.notice().contains("cannot be shown yet: ShowOrganization: 403 SVCSTG.SWR.4039002"), "{}", stage.notice());
}

#[test]
fn follows_a_workspace_until_enabled() {
    let mut stage = Stage::following();
    stage.keys("<a-2>orders_dev<tab>Forecasts<tab><right> <c-s><f2>");
    let follow = stage.app.table().follow.clone().unwrap();
    assert_eq!((follow.name.as_str(), follow.status.as_str()), ("orders_dev", "INITIALIZING"));
    assert!(stage.app.resources.follows());
    for _ in 0..20 {
        stage.notify(Message::Tick);
    }
    assert!(!stage.app.resources.follows());
    assert!(stage.notice().contains("orders_dev is ENABLED after"), "{}", stage.notice());
    assert_eq!(stage.app.table().selected().unwrap().cells[2], "ENABLED");
    let looks = operations(&stage).iter().filter(|operation| **operation == "GetWorkspace").count();
    assert!((2..=4).contains(&looks), "{looks} looks");
}

#[test]
fn following_can_be_left_and_taken_up_again() {
    let mut stage = Stage::following();
    stage.keys("<a-2>orders_dev<tab>Forecasts<tab><right> <c-s><f2><esc>");
    assert!(!stage.app.resources.follows() && stage.app.resources_shown(), "esc leaves one thing at a time");
    let calls = stage.calls.len();
    (0..10).for_each(|_| stage.notify(Message::Tick));
    assert_eq!(stage.calls.len(), calls);
    stage.keys("<enter>");
    assert_eq!(stage.app.table().selected().unwrap().cells[2], "ENABLED");
    stage.keys("<esc>");
    assert!(!stage.app.resources_shown());
}

#[test]
fn fills_a_resource_into_its_forms_and_returns() {
    let mut stage = Stage::following();
    stage.keys("orders<tab>orders<tab>staging<c-s><f2>e");
    assert_eq!((stage.app.current().operation().unwrap().id.as_str(), stage.focused()), ("UpdateNamespace", "NamespaceName"));
    assert_eq!(stage.value("NamespaceDescription"), Value::Text("staging".into()));
    assert!(stage.app.focus.editing, "what is typed is no command");
    stage.keys("-new<c-s>");
    assert!(stage.app.resources_shown());
    assert_eq!(stage.app.table().selected().unwrap().cells[1], "orders-new");
    stage.keys("i");
    assert_eq!(stage.app.current().operation().unwrap().id, "DescribeNamespace");
    assert_eq!(stage.value("NamespaceId"), Value::Text("cn-hangzhou:orders".into()));
    stage.keys("<f2>d");
    assert_eq!(stage.app.current().operation().unwrap().id, "DeleteNamespace");
    stage.keys("<c-s>cn-hangzhou:orders<enter>");
    assert!(stage.app.resources_shown() && stage.app.table().is_empty());
    stage.keys("n");
    assert_eq!(stage.app.current().operation().unwrap().id, "CreateNamespace");
    assert!(stage.app.focus.editing);
}

#[test]
fn returns_to_the_edited_field() {
    let mut stage = Stage::new();
    stage.keys("ord<tab><f2><f2>");
    assert!(stage.app.focus.editing);
    stage.keys("ers");
    assert_eq!(stage.value("NameSpaceShortId"), Value::Text("ers".into()));
    stage.keys("<esc><f2><f2>");
    assert!(!stage.app.focus.editing);
    stage.keys("i<f2>f<esc><f2><f2>");
    assert!(!stage.app.focus.editing, "a form that was gone to by its key is not typed into");
}

#[test]
fn reports_calls_the_api_lacks() {
    let mut stage = Stage::new();
    stage.keys("<a-4>team-a<c-s><f2>e");
    assert_eq!(stage.notice(), "this API has no call by which one of the organizations is changed");
    stage.keys("s").keys("<c-s>");
    assert_eq!(stage.calls.iter().filter(|call| call.operation.id == "CreateOrganization").count(), 1, "a hidden form is not sent");
}

#[test]
fn secrets_in_a_listing_are_covered_on_the_screen_and_in_copies() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><f2>");
    let body = String::from_utf8(stage.newest().response().unwrap().body.to_vec()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    let secret = value["Data"]["Namespaces"][0]["SecretKey"].as_str().unwrap();
    assert!(!secret.is_empty() && !details(&stage).contains(secret) && details(&stage).contains("SecretKey"));
    stage.keys("y");
    assert!(!stage.copied().unwrap().contains(secret));
}

#[test]
fn reports_a_failed_listing_and_retries() {
    let broken = [
        (answer(200, r#"{"Code":"200","Success":true,"Data":{"Namespaces":"none"}}"#), "the answer has no list at Data.Namespaces"),
        (answer(200, r#"{"Code":"200","Success":true,"Data":{"Namespaces":[{"Id":1}]}}"#), "namespace without NamespaceId in the answer"),
        (answer(429, r#"{"Code":"Throttling.User","Message":"slow down"}"#), "429 Throttling.User"),
    ];
    for (response, reason) in broken {
        let mut stage = Stage::new();
        stage.vendor.next = Some(response);
        stage.keys("<f2>");
        let ListingState::Failed(message_text) = stage.app.table().state.clone() else { panic!("{reason}") };
        assert!(message_text.contains(reason), "{message_text}");
        stage.keys("<f5>");
        assert!(matches!(stage.app.table().state, ListingState::Loaded(_)));
    }
}

#[test]
fn none_may_be_said_with_null() {
    let mut stage = Stage::new();
    stage.vendor.next = Some(answer(200, r#"{"Code":"200","Success":true,"Data":{"Namespaces":null,"TotalSize":7}}"#));
    stage.keys("<f2>");
    assert!(matches!(stage.app.table().state, ListingState::Loaded(_)), "a total that no page fills does not go on for ever");
}

#[test]
fn drops_an_answer_for_another_account() {
    let mut stage = Stage::new();
    stage.hold = true;
    stage.vendor.next =
        Some(answer(200, r#"{"Code":"200","Success":true,"Data":{"Namespaces":[{"NamespaceId":"of:hangzhou"}],"TotalSize":1}}"#));
    stage.keys("<esc>R").keys("rcn-shanghai<enter>").release();
    assert_eq!(stage.app.current().region(), "cn-shanghai");
    assert!(keys_of(&stage).is_empty(), "{:?}", keys_of(&stage));
    assert!(matches!(stage.app.table().state, ListingState::Loaded(_)));
}

#[test]
fn letters_in_the_filter_are_no_shortcuts_and_escape_shows_all_again() {
    let mut stage = Stage::new();
    stage.keys("<a-3>orders<c-s>2<c-s><esc>R/q2ns");
    assert!(!stage.left() && keys_of(&stage).is_empty());
    stage.keys("<bs><bs><bs><bs>s2<enter>j");
    assert_eq!(keys_of(&stage), ["orders2"]);
    stage.keys("<esc>");
    assert_eq!(keys_of(&stage).len(), 2);
    assert!(stage.app.resources_shown());
}

#[test]
fn selects_a_clicked_row() {
    let mut stage = Stage::new();
    stage.keys("<a-3>orders<c-s>2<c-s><esc>R").click(ScreenTarget::Resource(1));
    assert_eq!(stage.app.table().selected().unwrap().key, "orders2");
    assert!(details(&stage).starts_with("orders2"), "{}", details(&stage));
}

#[test]
fn allows_reading_calls_of_a_read_only_profile() {
    let mut stage = Stage::new();
    stage.keys("<esc>parchive<enter>R");
    assert!(matches!(stage.app.table().state, ListingState::Loaded(_)));
}

#[test]
fn keeps_following_after_a_failed_fetch() {
    let mut stage = Stage::following();
    stage.keys("<a-2>orders_dev<tab>Forecasts<tab><right> <c-s><f2>");
    stage.vendor.next = Some(answer(429, r#"{"Code":"Throttling.User","Message":"slow down","RequestId":"1"}"#));
    stage.keys("<enter>");
    assert!(stage.notice().contains("429 Throttling.User"), "{}", stage.notice());
    assert!(stage.app.resources.follows());
}
