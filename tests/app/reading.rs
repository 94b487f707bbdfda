//! Reading in the exchange pane.

use skydeck::app::page::{Line, Role};
use skydeck::app::viewer::{End, Limit, Search};
use skydeck::app::{Effect, ExchangeView, ScreenTarget};
use skydeck::body::View;
use skydeck::secret::Secret;
use skydeck::wire::{Headers, Response};

use super::stage::Stage;

fn json(body: impl Into<Vec<u8>>) -> Response {
    Response {
        version: "HTTP/1.1".into(),
        status: 200,
        reason: "OK".into(),
        headers: Headers::from_iter([("content-type", "application/json")]),
        body: body.into().into(),
        excess: 0,
    }
}

/// An exchange with this answer, its response view open.
fn reading(body: impl Into<Vec<u8>>) -> Stage {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders").send_for(json(body)).keys("<esc>x<right><right>");
    stage
}

fn lines(stage: &Stage) -> Vec<Line> {
    let viewer = &stage.app.viewer;
    viewer.lines(viewer.text.scroll..viewer.text.scroll + 40)
}

fn shown(stage: &Stage) -> String {
    lines(stage).iter().map(|line| line.text() + "\n").collect()
}

/// What is marked in sight: every match, and the one that is looked at.
fn marked(stage: &Stage) -> (Vec<String>, Vec<String>) {
    let lines = lines(stage);
    let of = |role: Role| {
        let spans = lines.iter().flat_map(|line| &line.spans);
        spans.filter(|span| span.role == role).map(|span| span.text.clone()).collect()
    };
    (of(Role::Found), of(Role::FoundHere))
}

fn state(stage: &Stage) -> String {
    stage.app.viewer.search.as_ref().map(Search::state).unwrap_or_default()
}

/// An answer of this many records: `{"items":[{"id":0,"name":"record 0"},...`.
fn records(count: usize) -> String {
    let records: Vec<_> = (0..count).map(|number| format!("{{\"id\":{number},\"name\":\"record {number}\"}}")).collect();
    format!("{{\"items\":[{}]}}", records.join(","))
}

#[test]
fn keeps_the_position_when_a_secret_is_learned() {
    let mut stage = reading(records(40));
    stage.keys("<enter>jjjjj<enter>");
    let place = |stage: &Stage| (stage.app.viewer.text.cursor, stage.app.viewer.text.scroll, stage.app.viewer.text.len());
    let before = place(&stage);
    assert!(before.0.is_some(), "{before:?}");
    stage.register(&"no such secret".to_owned().into());
    assert_eq!(place(&stage), before);
}

#[test]
fn matches_are_counted_marked_and_walked_through() {
    let mut stage = reading(records(5));
    stage.keys("/Record");
    assert_eq!(state(&stage), "no match");
    stage.keys("<c-u>record");
    assert_eq!(state(&stage), "1 of 5");
    assert_eq!(marked(&stage).1, ["record"]);
    stage.keys("<enter>n");
    assert_eq!(state(&stage), "2 of 5");
    assert_eq!(marked(&stage).0.len(), 4);
    stage.keys("NN");
    assert_eq!(state(&stage), "5 of 5");
    stage.keys("n");
    assert_eq!(state(&stage), "1 of 5");
    stage.keys("<esc>");
    assert!(stage.app.viewer.search.is_none());
}

#[test]
fn scrolls_to_a_far_match_and_back() {
    let mut stage = reading(records(400));
    stage.keys("/record 399");
    assert!(shown(&stage).contains("\"record 399\""), "{}", shown(&stage));
    stage.keys("<esc>");
    assert_eq!(stage.app.viewer.text.scroll, 0);
    assert!(stage.app.viewer.search.is_none() && stage.app.viewer.prompt.is_none());
}

#[test]
fn large_bodies_are_searched_off_the_loop() {
    let mut stage = reading(records(10_000));
    stage.keys("/record 9999\"");
    assert_eq!(state(&stage), "1 of 1");
    assert!(shown(&stage).contains("\"record 9999\""));
    let mut stage = reading("x ".repeat(120_000));
    stage.keys("/x");
    assert_eq!(state(&stage), "1 of 100000+");
}

#[test]
fn searches_by_expression_or_reports_its_error() {
    let mut stage = reading(records(50));
    stage.keys("/record [0-9]$");
    assert_eq!(state(&stage), "no match");
    stage.keys("<a-r>");
    assert_eq!(state(&stage), "no match");
    stage.keys("<c-u>\"record \\d\"");
    assert_eq!(state(&stage), "1 of 10");
    stage.keys("<c-u>(");
    assert_eq!(state(&stage), "not an expression");
    stage.keys("<enter>");
    assert!(stage.notice().contains("not a regular expression"), "{}", stage.notice());
}

#[test]
fn heads_are_searched_as_well_and_every_view() {
    let mut stage = reading(records(3));
    stage.keys("/content-type<enter>");
    assert_eq!(state(&stage), "1 of 1");
    assert_eq!(marked(&stage).1, ["content-type"]);
    stage.keys("/host<enter><left>");
    assert_eq!(state(&stage), "2 matches");
    stage.keys("<right>/record 2<enter>bb");
    assert_eq!(state(&stage), "1 match");
    stage.keys("n");
    assert!(marked(&stage).1.concat().starts_with("72 65 63"), "{:?}", marked(&stage));
    stage.keys("<right><right><right>/vendor<enter>");
    assert!(state(&stage).starts_with("1 of "), "{}", state(&stage));
}

#[test]
fn ignores_own_remarks_when_searching() {
    let mut stage = reading(records(3));
    stage.keys("/HTTP library<enter>");
    assert_eq!(state(&stage), "no match");
}

#[test]
fn returns_from_raw_bytes_to_the_previous_view() {
    let view = |stage: &Stage| (stage.app.viewer.view, stage.app.viewer.body_view);
    let mut stage = reading(records(3));
    stage.keys("<right><right><right>");
    assert_eq!(view(&stage), (ExchangeView::Explain, View::Pretty));
    stage.keys("b");
    assert_eq!(view(&stage), (ExchangeView::Response, View::Raw));
    stage.keys("bb");
    assert_eq!(view(&stage), (ExchangeView::Explain, View::Pretty));
    stage.keys("b<esc>");
    assert_eq!(view(&stage), (ExchangeView::Explain, View::Pretty));
    stage.keys("b<right><left>bb");
    assert_eq!(view(&stage), (ExchangeView::Response, View::Pretty), "who has gone on by the arrows is not taken back");
}

#[test]
fn detects_a_signature_broken_at_the_edge() {
    let mut stage = reading(records(1));
    stage.resize(60, 24).keys("<left>");
    let authorization = stage.newest().request.headers.get("authorization").unwrap().to_owned();
    let text = String::from_utf8_lossy(&authorization).into_owned();
    let signature = text.rsplit_once("Signature=").unwrap().1.to_owned();
    stage.keys("/").paste(&signature);
    assert_eq!(state(&stage), "1 of 1");
}

#[test]
fn search_does_not_find_masked_values() {
    let mut stage = reading(r#"{"note":"hunter2-hunter2","name":"orders"}"#);
    stage.keys("/hunter2<enter>");
    assert_eq!(state(&stage), "1 of 2");
    stage.register(&Secret::new("hunter2-hunter2"));
    assert_eq!(state(&stage), "no match");
    stage.keys("u");
    assert_eq!(state(&stage), "2 matches");
}

#[test]
fn typing_in_the_line_is_no_shortcut() {
    let mut stage = reading(records(3));
    stage.keys("/nqs12").paste("name");
    assert_eq!(stage.app.viewer.prompt.as_ref().map(|prompt| prompt.input.value()), Some("nqs12name"));
    assert!(!stage.left());
}

const ORDERS: &str =
    r#"{"RequestId":"91F9","Data":{"Namespaces":[{"Name":"orders","Tags":[1,2,3]},{"Name":"stock"}],"Total":2},"ok":true}"#;

fn path(stage: &Stage) -> &str {
    &stage.app.viewer.json.path
}

#[test]
fn goes_to_a_completed_path() {
    let mut stage = reading(ORDERS);
    stage.keys(":da<tab>");
    assert_eq!(stage.app.viewer.prompt.as_ref().map(|prompt| prompt.input.value()), Some("Data"));
    stage.keys(".n<tab>[1].<tab><enter>");
    assert_eq!(path(&stage), "Data.Namespaces[1].Name");
    stage.keys("j");
    assert_eq!(path(&stage), "Data.Namespaces[1]");
    stage.keys(":Data.Total.more<enter>");
    assert_eq!(stage.notice(), "there is Data.Total, but nothing of that name in it");
    assert_eq!(stage.app.viewer.prompt.as_ref().map(|prompt| prompt.input.value()), Some("Data.Total.more"), "to be mended");
    stage.keys("<esc><esc>");
    assert!(stage.app.viewer.text.cursor.is_none());
}

#[test]
fn brackets_fold_and_unfold() {
    let mut stage = reading(ORDERS);
    let all = shown(&stage);
    stage.keys(":Data.Namespaces<enter><enter>");
    assert!(shown(&stage).contains("\"Namespaces\": […] 2 elements,"), "{}", shown(&stage));
    assert_eq!(path(&stage), "Data.Namespaces");
    stage.keys("<enter>");
    assert_eq!(shown(&stage), all);
    stage.keys("-");
    assert!(shown(&stage).contains("\"Data\": {…} 2 members,"), "{}", shown(&stage));
    stage.keys("z");
    assert!(shown(&stage).contains("\"Data\": {…} 2 members,"), "another width unfolds nothing");
    stage.keys("z+");
    assert_eq!(shown(&stage), all);
}

#[test]
fn folds_the_enclosing_bracket() {
    let mut stage = reading(ORDERS);
    stage.keys(":Data.Namespaces[1].Name<enter><enter>");
    assert!(shown(&stage).contains("{…} 1 member\n"), "{}", shown(&stage));
}

#[test]
fn going_to_what_is_folded_unfolds_it() {
    let mut stage = reading(ORDERS);
    stage.keys("-:Data.Namespaces[0].Tags<enter>");
    assert_eq!(path(&stage), "Data.Namespaces[0].Tags");
    assert!(shown(&stage).contains("\"orders\""));
}

#[test]
fn large_bodies_fold_and_are_gone_through_off_the_loop() {
    let mut stage = reading(records(10_000));
    stage.keys(":items[9999].na<tab><enter>");
    assert_eq!(path(&stage), "items[9999].name");
    stage.keys("-");
    assert!(shown(&stage).contains("\"items\": […] 10000 elements"), "{}", shown(&stage));
}

#[test]
fn lines_are_numbered_and_no_number_is_copied() {
    let mut stage = reading(ORDERS);
    stage.keys("#");
    assert!(shown(&stage).contains("  2   \"RequestId\": \"91F9\",\n"), "{}", shown(&stage));
    stage.keys("y");
    assert!(stage.copied().unwrap().contains("\n  \"RequestId\""));
}

#[test]
fn reports_bodies_that_are_not_json() {
    let mut stage = reading("<html></html>");
    for key in ["<enter>", "-", ":"] {
        stage.keys(key);
        assert!(stage.notice().contains("no JSON"), "{key}: {}", stage.notice());
    }
}

#[test]
fn shows_binary_bodies_as_hex() {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcb\x48\xcd\xc9\xc9\x07\0".to_vec();
    let stage = reading(gzip.clone());
    assert!(shown(&stage).contains("the body is not text: gzip, shown as received"), "{}", shown(&stage));
    assert!(shown(&stage).contains("00000000  1f 8b 08 00"), "{}", shown(&stage));
    let mut stage = Stage::new();
    let mut answer = json(gzip);
    answer.headers.push("content-encoding", "gzip");
    stage.keys("orders<tab>orders").send_for(answer).keys("<esc>x<right><right>");
    assert!(shown(&stage).contains("the body is gzip, as the server encoded it"), "{}", shown(&stage));
}

/// What the filter gives, beside the body.
fn results(stage: &Stage) -> String {
    let jq = stage.app.viewer.jq.as_ref().unwrap();
    jq.lines(40).iter().map(|line| line.text() + "\n").collect()
}

#[test]
fn runs_a_filter_while_it_is_typed() {
    let mut stage = reading(ORDERS);
    stage.keys("J.Data.Total");
    assert_eq!(results(&stage), "2\n");
    stage.keys("<c-u>.da<tab>");
    assert_eq!(stage.app.viewer.prompt.as_ref().map(|prompt| prompt.input.value()), Some(".Data"));
    stage.keys("<c-u>.Data.Namespaces[].Name<enter>");
    assert_eq!(results(&stage), "\"orders\"\n\"stock\"\n");
    assert_eq!(stage.app.viewer.jq.as_ref().unwrap().state(&stage.app.session.keys), "2 results");
    assert!(shown(&stage).starts_with("{\n  \"RequestId\""), "the body is in sight: {}", shown(&stage));
    stage.keys("y");
    assert_eq!(stage.copied(), Some("\"orders\"\n\"stock\"\n"));
    stage.keys("J").keys("<esc>");
    assert!(stage.app.viewer.jq.is_none() && stage.app.viewer.text.scroll == 0);
}

#[test]
fn marks_a_mistake_and_keeps_the_last_results() {
    let mut stage = reading(ORDERS);
    stage.keys("J.Data.Total | lenght");
    assert_eq!(results(&stage), "✗ there is no filter lenght\n  .Data.Total | lenght\n                ^\nWhat .Data.Total gave:\n2\n");
    assert_eq!(stage.app.viewer.jq.as_ref().unwrap().state(&stage.app.session.keys), "mistake at 15");
    stage.keys("<c-u>.ok.more");
    assert!(results(&stage).starts_with("✗ cannot index true with \"more\""), "{}", results(&stage));
    stage.keys("<c-u>empty");
    assert_eq!(results(&stage), "The filter gives no result.\n");
    stage.keys("<c-u><enter>");
    assert!(stage.app.viewer.jq.is_none(), "an empty filter is none");
}

#[test]
fn hides_secrets_from_filters() {
    let mut stage = reading(r#"{"note":"x hunter2-hunter2 y","SecretKey":"abcdef","Name":"hunter2\u002dhunter2"}"#);
    stage.register(&Secret::new("hunter2-hunter2"));
    stage.keys("J[.note, .SecretKey, .Name] | map(explode | map(. + 1) | implode)");
    let turned: String = results(&stage);
    assert!(!turned.contains("ivoufs3") && !turned.contains("bcdefg"), "{turned}");
    stage.keys("<enter>uy");
    assert!(results(&stage).contains("bcdefg"), "uncovered it reads what is there: {}", results(&stage));
    assert!(stage.copied().is_none() && stage.notice().contains("copies are always masked"), "{}", stage.notice());
    stage.keys("uy");
    assert!(!stage.copied().unwrap().contains("bcdefg"));
}

#[test]
fn keeps_a_filter_for_the_next_exchange() {
    let mut stage = reading(ORDERS);
    stage.keys("J.Data.Total<enter>").send_for(json(r#"{"Data":{"Total":7}}"#));
    assert_eq!(results(&stage), "7\n");
    stage.keys("x<right><right>");
    assert_eq!(results(&stage), "✗ no body in this view\n");
}

#[test]
fn reports_why_a_filter_was_stopped() {
    let mut stage = reading(ORDERS);
    for (limit, words) in [
        (Limit::Time(2), "stopped after 2 s"),
        (Limit::Memory(1024), "more than 1024 MiB"),
        (Limit::Output(1 << 20), "after 1 MiB of results"),
        (Limit::Depth, "calls itself"),
    ] {
        stage.stopped = Some(End::Stopped(limit));
        stage.keys("J<c-u>").paste("repeat(1)").keys("<enter>");
        assert!(results(&stage).contains(words) && results(&stage).contains("\n1\n1\n"), "{}", results(&stage));
    }
}

#[test]
fn typing_cancels_the_running_filter() {
    let mut stage = reading(ORDERS);
    stage.kept_back = true;
    stage.keys("J.").keys("o");
    let running = |stage: &Stage| -> Vec<bool> {
        let of = |effect: &Effect| match effect {
            Effect::Filter(filtering) => Some(!filtering.cancel.is_cancelled()),
            _ => None,
        };
        stage.effects.iter().filter_map(of).collect()
    };
    assert_eq!(running(&stage), [false, true]);
    assert_eq!(stage.app.viewer.jq.as_ref().unwrap().state(&stage.app.session.keys), "running: esc stops it");
    stage.keys("<esc>");
    assert_eq!(running(&stage), [false, false]);
}

#[test]
fn filters_a_large_body_on_enter() {
    let mut stage = reading(records(50_000));
    stage.keys("J.items|length");
    assert_eq!(stage.app.viewer.jq.as_ref().unwrap().state(&stage.app.session.keys), "enter runs it");
    stage.keys("<enter>");
    assert_eq!(results(&stage), "50000\n");
}

#[test]
fn results_are_scrolled_and_with_a_selected_line_the_body() {
    let mut stage = reading(records(40));
    stage.keys("J.items[].name<enter>jj");
    let scrolled = |stage: &Stage| stage.app.viewer.jq.as_ref().unwrap().scroll;
    assert_eq!(scrolled(&stage), 2);
    stage.keys("<enter>jjj");
    assert_eq!((scrolled(&stage), stage.app.viewer.text.cursor.is_some()), (2, true));
    stage.keys("<esc>k");
    assert_eq!(scrolled(&stage), 1);
    stage.click(ScreenTarget::Results);
    stage.notify(skydeck::app::Message::Mouse { gesture: skydeck::app::Gesture::WheelDown, target: ScreenTarget::Results });
    assert_eq!(scrolled(&stage), 4);
}

#[test]
fn long_lines_are_cut_and_gone_along() {
    let mut stage = reading(format!("short\n{}needle{}\nend", "a".repeat(5000), "b".repeat(300_000)));
    let all = stage.app.viewer.text.len();
    stage.keys("b\\");
    assert!(stage.app.viewer.text.len() < all / 100, "{}", stage.app.viewer.text.len());
    let cut = |stage: &Stage| lines(stage).iter().filter(|line| line.text().contains("aaaa")).map(|line| line.cut).collect::<Vec<_>>();
    assert_eq!(cut(&stage), [(false, true)]);
    stage.keys(">");
    assert_eq!(cut(&stage), [(true, true)]);
    stage.keys("<lt>").keys("/needle<enter>");
    assert!(shown(&stage).contains("needle"), "the part with the match is shown");
    assert_eq!(marked(&stage).1, ["needle"]);
    stage.keys("\\");
    assert_eq!(stage.app.viewer.text.len(), all);
    stage.keys(">");
    assert!(stage.notice().contains("\\ cuts them"), "{}", stage.notice());
}

#[test]
fn keeps_the_position_when_long_lines_are_cut() {
    let lines: Vec<_> = (0..200).map(|number| format!("{number}: {}", "x".repeat(500))).collect();
    let mut stage = reading(lines.join("\n"));
    stage.keys("b/150:<enter><esc>");
    let top = |stage: &Stage| shown(stage).lines().next().unwrap().split(':').next().unwrap().to_owned();
    stage.keys("\\");
    let number = top(&stage);
    assert!((140..=150).contains(&number.parse().unwrap()), "{number}");
    stage.keys("\\\\");
    assert_eq!(top(&stage), number);
}
