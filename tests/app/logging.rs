//! The log: following its tail, a thousand entries, bodies of any size.

use skydeck::app::Message;
use skydeck::exchange::{Exchange, ExchangeId};

use super::stage::Stage;

/// A console whose log has this many exchanges.
fn full(entries: u64) -> Stage {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>");
    let one = stage.newest().clone();
    for number in 2..=entries {
        stage.notify(Message::Finished { exchange: Box::new(Exchange { id: ExchangeId(number), ..one.clone() }) });
    }
    stage
}

#[test]
fn follows_a_thousand_entries() {
    let mut stage = full(1000);
    let log = &stage.app.exchanges.log;
    assert_eq!((log.entries().len(), log.row(), log.follows()), (1000, 999, true));
    let rows = log.entries().len() - log.offset();
    assert!(rows < 40, "only what fits is drawn: {rows}");
    stage.keys("<esc>l<home>");
    assert_eq!((stage.app.exchanges.log.row(), stage.app.exchanges.log.offset(), stage.app.exchanges.log.follows()), (0, 0, false));
}

#[test]
fn keeps_the_position_of_a_scrolled_log() {
    let mut stage = full(100);
    stage.keys("<esc>lkkk");
    assert_eq!((stage.app.exchanges.log.row(), stage.app.exchanges.log.follows()), (96, false));
    stage.keys("f<c-s>");
    assert_eq!((stage.app.exchanges.log.entries().len(), stage.app.exchanges.log.row()), (101, 96));
    stage.keys("lG");
    assert_eq!((stage.app.exchanges.log.row(), stage.app.exchanges.log.follows()), (100, true));
    stage.keys("f<c-s>");
    assert_eq!(stage.app.exchanges.log.row(), 101);
}

#[test]
fn keeps_the_selected_row_visible() {
    let mut stage = full(60);
    stage.keys("<esc>l");
    for key in ["<home>", "<pgdn>", "<pgdn>", "j", "<end>", "<pgup>", "k", "k"] {
        stage.keys(key);
        let log = &stage.app.exchanges.log;
        assert!(log.row() >= log.offset() && log.row() < log.offset() + 20, "{key}: row {} of {}", log.row(), log.offset());
    }
    stage.resize(80, 10);
    let log = &stage.app.exchanges.log;
    assert!(log.row() >= log.offset() && log.row() <= log.offset() + 4, "row {} of {}", log.row(), log.offset());
}

#[test]
fn moving_in_the_log_shows_the_selected_exchange() {
    let mut stage = full(3);
    stage.keys("<esc>l<home>");
    assert_eq!(stage.app.exchanges.log.selected().unwrap().id, ExchangeId(1));
    let first = stage.app.viewer.text.head.plain();
    stage.keys("i<bs><bs>_x<c-s>a<esc>lG");
    assert_ne!(stage.app.viewer.text.head.plain(), first);
}

/// An answer of SAE whose data are so many numbers.
fn numbers(count: usize) -> skydeck::wire::Response {
    let mut body = String::from("{\"RequestId\":\"R\",\"Success\":true,\"Data\":[");
    body.push_str(&(0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(","));
    body.push_str("]}");
    skydeck::wire::Response { version: "HTTP/1.1".into(), status: 200, body: body.into(), ..Default::default() }
}

#[test]
fn indexes_a_large_body_off_the_loop() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders").send_for(numbers(20_000)).keys("<esc>x<right><right>");
    assert!(stage.app.viewer.text.len() > 20_000, "{}", stage.app.viewer.text.len());
    assert!(!stage.app.viewer.text.is_partial());
    stage.keys("<end>");
    let last = stage.app.viewer.lines(stage.app.viewer.text.len() - 3..stage.app.viewer.text.len());
    assert!(last.iter().any(|line| line.text().contains("19999")), "{last:?}");
    for view in ["raw", "hex", "pretty"] {
        stage.keys("b");
        assert!(format!("{:?}", stage.app.viewer.body_view).eq_ignore_ascii_case(view));
        assert!(stage.app.viewer.text.len() > 100);
    }
}

#[test]
fn indexes_large_envelope_data_off_the_loop() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders").send_for(numbers(20_000));
    let viewer = &stage.app.viewer;
    assert!(viewer.text.head.lines.len() < 10, "the data are no part of the page that the loop makes: {}", viewer.text.head.plain());
    assert!(viewer.text.len() > 20_000 && !viewer.text.is_partial(), "{}", viewer.text.len());
    let last = viewer.lines(viewer.text.len() - 3..viewer.text.len());
    assert!(last.iter().any(|line| line.text().contains("19999")), "{last:?}");
}

#[test]
fn shows_a_repeated_answer_once() {
    let mut stage = full(1);
    let again = stage.newest().clone();
    stage.notify(Message::Finished { exchange: Box::new(again) });
    assert_eq!(stage.app.exchanges.log.entries().len(), 1);
}
