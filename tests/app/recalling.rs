//! Rows of earlier sessions in the log: asked for by scrolling, in pages, and never taken for those of this session.

use skydeck::app::{Effect, HistoryReply, HistoryRequest, LogRow, Message};
use skydeck::exchange::ExchangeId;
use skydeck::history::{Row, SearchResult};
use skydeck::query::OutcomeKind;

use super::stage::Stage;

fn row(id: i64) -> Row {
    Row {
        id,
        started: "2026-11-21T10:00:00Z".parse().unwrap(),
        provider: "alibaba-sae".into(),
        operation: "CreateNamespace".into(),
        profile: "demo".into(),
        region: "cn-hangzhou".into(),
        endpoint: "http://127.0.0.1:1".into(),
        origin: None,
        background_call: false,
        ended: OutcomeKind::Success,
        status: Some(200),
        code: None,
        request_id: None,
        duration: Some(1_000_000),
    }
}

/// A console that knows of so many earlier exchanges.
fn with_history(stored: u64) -> Stage {
    let mut stage = Stage::new();
    stage.notify(Message::HistoryReply(HistoryReply::Open { stored, below: 1 + i64::try_from(stored).unwrap() }));
    stage
}

/// What was asked of the history since the last time, answered as the history would; how many pages.
fn answer(stage: &mut Stage) -> usize {
    let asked = std::mem::take(&mut stage.effects);
    let mut pages = 0;
    for effect in asked {
        let Effect::HistoryRequest(HistoryRequest::Rows { number, below, limit, .. }) = effect else { continue };
        pages += 1;
        let rows: Vec<Row> = (1..below).rev().take(limit).map(row).collect();
        let reached = rows.last().map_or(1, |row| row.id);
        stage.notify(Message::HistoryReply(HistoryReply::Rows {
            number,
            found: Ok(SearchResult { rows, below: reached, whole: reached == 1 }),
        }));
    }
    pages
}

#[test]
fn loads_nothing_until_requested() {
    let mut stage = with_history(1200);
    stage.keys("orders<tab>orders<c-s><esc>l");
    assert_eq!((answer(&mut stage), stage.app.exchanges.log.len()), (0, 1));
    stage.keys("<pgup>");
    assert_eq!((answer(&mut stage), stage.app.exchanges.log.len()), (1, 501));
    let log = &stage.app.exchanges.log;
    assert_eq!(log.selected().unwrap().id, ExchangeId(1), "the selection stays with its exchange");
    assert!(matches!(log.at(0), Some(LogRow::Past(row)) if row.number == 701), "{:?}", log.at(0));
}

#[test]
fn older_pages_come_as_the_log_scrolls_and_end() {
    let mut stage = with_history(1200);
    stage.keys("<esc>l<pgup>");
    let mut pages = answer(&mut stage);
    assert_eq!(stage.app.exchanges.log.row(), 499, "an empty log is at its tail");
    for _ in 0..5 {
        stage.keys("<home><up>");
        pages += answer(&mut stage);
    }
    assert_eq!((pages, stage.app.exchanges.log.len()), (3, 1200));
    let numbers: Vec<ExchangeId> = (0..1200).map(|row| stage.app.exchanges.log.at(row).unwrap().id()).collect();
    assert!(numbers.iter().eq((1..=1200).map(ExchangeId::stored).collect::<Vec<_>>().iter()));
}

#[test]
fn loads_an_exchange_when_selected() {
    let mut stage = with_history(3);
    stage.keys("<esc>l<pgup>");
    answer(&mut stage);
    let asked = stage.effects.iter().filter(|effect| matches!(effect, Effect::HistoryRequest(HistoryRequest::Exchange(3)))).count();
    assert_eq!(asked, 1);
    assert!(stage.app.exchanges.log.selected().is_none());
    stage.notify(Message::HistoryReply(HistoryReply::Exchange { number: 3, exchange: Err("damaged".into()) }));
    assert_eq!(stage.app.exchanges.log.past.exchange(3).unwrap().unwrap_err(), "damaged");
}

#[test]
fn searches_the_history_again_and_drops_late_rows() {
    let mut stage = with_history(1200);
    stage.keys("<esc>l<pgup>");
    let late = std::mem::take(&mut stage.effects);
    stage.keys("/status:4xx");
    assert_eq!(stage.app.exchanges.log.len(), 0);
    let Some(Effect::HistoryRequest(HistoryRequest::Rows { number, .. })) =
        late.into_iter().find(|effect| matches!(effect, Effect::HistoryRequest(_)))
    else {
        panic!("nothing was asked")
    };
    stage.notify(Message::HistoryReply(HistoryReply::Rows {
        number,
        found: Ok(SearchResult { rows: vec![row(9)], below: 9, whole: false }),
    }));
    assert_eq!(stage.app.exchanges.log.len(), 0, "rows of another filter");
    let last = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::HistoryRequest(HistoryRequest::Rows { number, query, .. }) => Some((*number, query.is_empty())),
        _ => None,
    });
    let (number, empty) = last.unwrap();
    assert!(!empty);
    stage.notify(Message::HistoryReply(HistoryReply::Rows {
        number,
        found: Ok(SearchResult { rows: vec![row(7)], below: 1, whole: true }),
    }));
    assert_eq!((stage.app.exchanges.log.len(), stage.app.exchanges.log.past.is_complete()), (1, true));
}

#[test]
fn assigns_the_history_number_to_an_exchange() {
    let mut stage = with_history(5);
    stage.keys("orders<tab>orders<c-s>");
    stage.notify(Message::Stored { id: ExchangeId(1), number: 6 });
    assert_eq!(stage.app.exchanges.log.live.number(0), Some(6));
    stage.keys("<esc>l/id:6");
    assert_eq!(stage.app.exchanges.log.len(), 1);
}

#[test]
fn continues_a_search_until_the_page_is_full() {
    let mut stage = with_history(1200);
    stage.keys("<esc>l<pgup>/status:4xx");
    for (looks, below) in [900, 300, 1].into_iter().enumerate() {
        let asked = std::mem::take(&mut stage.effects).into_iter().rev().find_map(|effect| match effect {
            Effect::HistoryRequest(HistoryRequest::Rows { number, below, limit, .. }) => Some((number, below, limit)),
            _ => None,
        });
        let (number, from, limit) = asked.unwrap();
        assert_eq!((from, limit), ([1201, 900, 300][looks], 500 - looks), "it goes on where it was");
        assert!(stage.app.exchanges.log.past.is_loading());
        let rows = vec![row(below + 1)];
        stage.notify(Message::HistoryReply(HistoryReply::Rows { number, found: Ok(SearchResult { rows, below, whole: below == 1 }) }));
    }
    let log = &stage.app.exchanges.log;
    assert_eq!((log.len(), log.past.is_complete(), log.past.is_loading()), (3, true, false));
}
