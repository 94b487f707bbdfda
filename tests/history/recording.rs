//! The sender with a recorder: a row before the request, the end behind it, and no secret in any file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use skydeck::catalog::Catalog;
use skydeck::exchange::{Exchange, ExchangeId, Origin};
use skydeck::history::CallRecord;
use skydeck::io::history::{FILE, HistoryError, Page, Recorder, Retention, Settings, Store};
use skydeck::query::{OutcomeKind, Query};
use skydeck::redact::SecretRegistry;
use skydeck::secret::Secret;

use super::support::{answered, exchange};
use super::wait::HANG_TIMEOUT;

fn settings(folder: &Path) -> Settings {
    let retention = Retention { keep: 1000, max_age: Duration::MAX };
    Settings { folder: folder.to_owned(), retention, max_body: 1 << 20, silent: BTreeSet::from(["quiet".to_owned()]) }
}

fn rows(folder: &Path) -> Vec<(i64, OutcomeKind)> {
    let mut store = Store::open(folder).unwrap();
    store.list(&Query::default(), Page::newest(100)).unwrap().into_iter().map(|row| (row.id, row.ended)).collect()
}

#[tokio::test]
async fn a_row_is_there_before_the_request_and_has_its_end_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::start(settings(folder.path()), SecretRegistry::default(), drop).unwrap());
    let entry = recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap();
    assert_eq!(rows(folder.path()), [(1, OutcomeKind::Unanswered)]);
    entry.finish(answered("orders", b"{}".to_vec()));
    let given_up = recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap();
    drop(given_up);
    drop(recorder);
    assert_eq!(rows(folder.path()), [(2, OutcomeKind::Cancelled), (1, OutcomeKind::Error)]);
}

#[tokio::test]
async fn a_row_is_linked_to_what_it_repeats_in_this_session_or_an_earlier_one() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::start(settings(folder.path()), SecretRegistry::default(), drop).unwrap();
    let first = exchange("orders");
    drop(recorder.begin(&first, CallRecord::default()).await.unwrap());
    let repeating =
        |id, of| Exchange { id: ExchangeId(id), call_origin: Origin { repeats: Some(of), ..Origin::default() }, ..first.clone() };
    for (id, of) in [(8, first.id), (9, ExchangeId::stored(2)), (10, ExchangeId(99))] {
        drop(recorder.begin(&repeating(id, of), CallRecord::default()).await.unwrap());
    }
    drop(recorder);
    let mut store = Store::open(folder.path()).unwrap();
    let origins: Vec<Option<i64>> = store.list(&Query::default(), Page::newest(9)).unwrap().into_iter().map(|row| row.origin).collect();
    assert_eq!(origins, [None, Some(2), Some(1), None]);
}

#[tokio::test]
async fn a_silent_profile_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::start(settings(folder.path()), SecretRegistry::default(), drop).unwrap();
    let mut quiet = exchange("orders");
    quiet.profile = "quiet".to_owned();
    assert_eq!(recorder.begin(&quiet, CallRecord::default()).await.unwrap().id(), None);
    drop(recorder);
    assert_eq!(rows(folder.path()), []);
}

#[tokio::test]
async fn a_history_that_comes_back_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::write(&data, "in the way").unwrap();
    let recorder = Recorder::start(settings(&data), SecretRegistry::default(), drop).unwrap();
    let refused = recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap_err();
    assert!(matches!(refused, HistoryError::Unusable { .. }), "{refused}");
    fs::remove_file(&data).unwrap();
    let entry = recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap();
    assert_eq!(entry.id(), Some(1));
}

#[tokio::test]
async fn registered_secrets_are_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = SecretRegistry::default();
    let recorder = Recorder::start(settings(folder.path()), secrets.clone(), drop).unwrap();
    let secret = "S3cret/with+signs=é";
    secrets.add([&Secret::new(secret)]);
    let entry = recorder.begin(&exchange(secret), CallRecord::default()).await.unwrap();
    let body = format!("\u{0}{secret} {}", serde_json::to_string(secret).unwrap());
    entry.finish(answered(secret, body.into_bytes()));
    recorder.flush(HANG_TIMEOUT);
    for file in [FILE.to_owned(), format!("{FILE}-wal")] {
        let bytes = fs::read(folder.path().join(file)).unwrap();
        assert!(!bytes.windows(7).any(|seven| seven == b"S3cret/"));
        // The grams of the index are in lower case, three characters each.
        assert!(!bytes.windows(3).any(|three| three == b"s3c"));
    }
    let stored = Store::open(folder.path()).unwrap().get(1).unwrap().unwrap();
    assert!(stored.exchange(&Catalog::built_in()).is_ok());
}

#[tokio::test]
async fn retries_failed_writes_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let recorder = Recorder::start(settings(folder.path()), SecretRegistry::default(), drop).unwrap();
    take_answers(folder.path(), false);
    recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap().finish(answered("orders", b"{}".to_vec()));
    recorder.flush(HANG_TIMEOUT);
    assert_eq!(rows(folder.path()), [(1, OutcomeKind::Unanswered)]);
    take_answers(folder.path(), true);
    drop(recorder);
    assert_eq!(rows(folder.path()), [(1, OutcomeKind::Error)]);
}

/// Refuses every answer, as a disk without room would, or no longer.
fn take_answers(folder: &Path, taken: bool) {
    let connection = rusqlite::Connection::open(folder.join(FILE)).unwrap();
    let sql =
        if taken { "DROP TRIGGER room" } else { "CREATE TRIGGER room BEFORE INSERT ON response BEGIN SELECT raise(ABORT, 'no room'); END" };
    connection.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn an_answer_that_cannot_be_kept_is_told_once_and_kept_as_soon_as_it_can_be() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let (told, heard) = std::sync::mpsc::channel();
    let recorder =
        Recorder::start(settings(folder.path()), SecretRegistry::default(), move |error| told.send(error.to_string()).unwrap()).unwrap();
    let keep =
        async || recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap().finish(answered("orders", b"{}".to_vec()));
    for taken in [false, true, false] {
        take_answers(folder.path(), taken);
        keep().await;
        keep().await;
        recorder.flush(HANG_TIMEOUT);
    }
    let words: Vec<String> = heard.try_iter().collect();
    assert!(words.len() == 2 && words.iter().all(|words| words.contains("no room") && words.contains(FILE)), "{words:?}");
    assert_eq!(
        rows(folder.path()).iter().map(|(_, ended)| *ended).collect::<Vec<_>>(),
        [&[OutcomeKind::Unanswered; 2][..], &[OutcomeKind::Error; 4]].concat()
    );
    take_answers(folder.path(), true);
    drop(recorder.begin(&exchange("orders"), CallRecord::default()).await.unwrap());
    drop(recorder);
    assert_eq!(rows(folder.path())[1..], (1..=6).rev().map(|id| (id, OutcomeKind::Error)).collect::<Vec<_>>());
}
