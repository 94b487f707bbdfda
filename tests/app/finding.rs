//! The log's filter: typed, completed, wrong, taken away; the selection and the tail under it.

use skydeck::app::Message;
use skydeck::exchange::ExchangeId;

use super::stage::Stage;

/// Three exchanges: one that succeeds, one that the vendor refuses since the name is taken, and another one that succeeds.
fn three() -> Stage {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><c-s>").keys("<c-u>stock<s-tab><c-u>stock<c-s>").keys("<esc>l");
    assert_eq!(stage.app.exchanges.log.entries().len(), 3);
    stage
}

fn shown(stage: &Stage) -> Vec<u64> {
    (0..stage.app.exchanges.log.len()).map(|row| stage.app.exchanges.log.at(row).unwrap().id().0).collect()
}

#[test]
fn filters_log_while_typing() {
    let mut stage = three();
    stage.keys("/");
    assert!(stage.app.filters_log());
    for (typed, expected) in [
        ("status:2xx", vec![1, 3]),
        ("not status:2xx", vec![2]),
        ("STOCK", vec![3]),
        ("provider:alibaba-sae since:1h", vec![1, 2, 3]),
        ("provider:otc-swr", vec![]),
    ] {
        stage.keys("<c-u>").keys(typed);
        assert_eq!(shown(&stage), expected, "{typed}");
    }
    stage.keys("<esc>");
    assert_eq!((shown(&stage), stage.app.filters_log()), (vec![1, 2, 3], false));
}

#[test]
fn marks_a_mistake_and_keeps_the_rows() {
    let mut stage = three();
    stage.keys("/status:2xx");
    stage.keys(" and");
    assert_eq!(shown(&stage), [1, 3], "what was a query is in force");
    let mistake = stage.app.exchanges.log.filter.mistake().unwrap();
    assert!(mistake.to_string().starts_with("at 15: something must stand here"), "{mistake}");
    stage.keys("<enter>");
    assert!(stage.app.filters_log() && stage.notice().contains("at 15"), "{}", stage.notice());
    stage.keys(" status:200<enter>");
    assert!(!stage.app.filters_log() && stage.app.exchanges.log.filter.mistake().is_none());
}

#[test]
fn tab_takes_the_marked_candidate() {
    let mut stage = three();
    stage.keys("/prov<tab>");
    assert_eq!(stage.app.exchanges.log.filter.input.value(), "provider:");
    stage.keys("alibaba-s<tab>");
    assert_eq!(stage.app.exchanges.log.filter.input.value(), "provider:alibaba-sae ");
    assert_eq!(shown(&stage), [1, 2, 3]);
    stage.keys("pro<down><tab>");
    assert_eq!(stage.app.exchanges.log.filter.input.value(), "provider:alibaba-sae profile:");
}

#[test]
fn keeps_the_selection_with_its_exchange() {
    let mut stage = three();
    stage.keys("<home>j");
    assert_eq!(stage.app.exchanges.log.selected().unwrap().id.0, 2);
    stage.keys("/not status:2xx<enter>");
    assert_eq!((stage.app.exchanges.log.row(), stage.app.exchanges.log.selected().unwrap().id.0), (0, 2));
    stage.keys("/<c-u>status:2xx<enter>");
    assert_eq!(stage.app.exchanges.log.selected().unwrap().id.0, 3, "the next one");
    stage.keys("<esc>");
    assert_eq!(stage.app.exchanges.log.selected().unwrap().id.0, 2);
}

#[test]
fn follows_the_tail_of_the_filtered_log() {
    let mut stage = three();
    stage.keys("/status:2xx<enter>").keys("f<c-s>l");
    assert_eq!(
        (shown(&stage), stage.app.exchanges.log.row(), stage.app.exchanges.log.follows()),
        (vec![1, 3], 1, true),
        "the fourth is refused"
    );
    stage.keys("f").keys("i<c-u>bills<tab><c-u>bills<c-s><esc>l");
    assert_eq!((shown(&stage), stage.app.exchanges.log.row(), stage.app.exchanges.log.follows()), (vec![1, 3, 5], 2, true));
}

#[test]
fn never_finds_a_secret_by_its_text() {
    let mut stage = three();
    let key = stage.calls.last().unwrap().access.credentials.secrets().next().unwrap().expose().to_owned();
    stage.keys("/").keys(&format!("\"{key}\""));
    assert_eq!(shown(&stage), [0; 0]);
}

#[test]
fn finds_repeats_by_number_of_original() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s><esc>l").notify(Message::Stored { id: ExchangeId(1), number: 41 });
    stage.keys("S").notify(Message::Stored { id: ExchangeId(2), number: 42 });
    let mut earlier = stage.newest().clone();
    (earlier.id, earlier.call_origin.repeats) = (ExchangeId(3), Some(ExchangeId::stored(7)));
    stage.notify(Message::Started { exchange: Box::new(earlier) });
    stage.keys("<esc>l/");
    for (typed, expected) in
        [("origin:41", vec![2]), ("origin:7", vec![3]), ("origin:>0", vec![2, 3]), ("not origin:>0", vec![1]), ("origin:42", vec![])]
    {
        stage.keys("<c-u>").keys(typed);
        assert_eq!(shown(&stage), expected, "{typed}");
    }
}
