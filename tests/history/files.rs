//! The file: who may read it, what is done with one that is not ours, and several at once.

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use skydeck::catalog::Catalog;
use skydeck::envelope::Verdict;
use skydeck::exchange::{Exchange, Outcome};
use skydeck::form::Value;
use skydeck::history::{CallRecord, Masker};
use skydeck::io::history::{FILE, HistoryError, Page, Retention, Store};
use skydeck::query::{OutcomeKind, Query};
use skydeck::redact::Redactor;
use skydeck::secret::{MASK, Secret};

use super::support::{answered, beginning, ending, exchange, failed, open_cover};

const FOREVER: Retention = Retention { keep: u64::MAX, max_age: Duration::MAX };

fn keep(store: &mut Store, mask: Masker<'_>, whole: &Exchange, about: &CallRecord) -> i64 {
    let id = store.begin(&mask.request_record(whole, about)).unwrap();
    store.finish(id, &mask.outcome_record(whole)).unwrap();
    id
}

#[test]
fn stored_exchanges_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let redactor = Redactor::default();
    let about = CallRecord { form: vec![("NamespaceName".into(), Value::List(vec!["a".into()]))], origin: Some(3) };
    for whole in [answered("orders", b"{\"Code\":\xff}".to_vec()), failed("orders"), exchange("orders")] {
        let id = keep(&mut store, open_cover(&redactor), &whole, &about);
        let stored = store.get(id).unwrap().unwrap();
        let again = stored.exchange(&Catalog::built_in()).unwrap();
        assert_eq!((stored.form().unwrap(), stored.beginning.origin), (about.form.clone(), Some(3)));
        assert_eq!(
            (again.started, &again.endpoint, &again.signing),
            (whole.started, &whole.endpoint, &whole.signing.clone().map(|trace| skydeck::auth::Trace { ..trace }))
        );
        assert_eq!(
            (&again.request.target, &again.request.body, again.timings),
            (&whole.request.target, &whole.request.body, whole.timings)
        );
        assert_eq!(again.response(), whole.response());
        match (&again.outcome, &whole.outcome) {
            (Outcome::Answered(again), Outcome::Answered(whole)) => {
                assert_eq!((&again.envelope.verdict, &again.envelope.message), (&Verdict::Failure, &whole.envelope.message));
            }
            (Outcome::Failed(again), Outcome::Failed(whole)) => assert_eq!((again.class, &again.hint), (whole.class, &whole.hint)),
            (again, whole) => assert!(matches!((again, whole), (Outcome::Unrecorded, Outcome::InFlight)), "{again:?}"),
        }
    }
}

#[test]
fn secrets_are_covered_everywhere_before_anything_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let redactor = Redactor::default().with([&Secret::new("hunter2-hunter2")]);
    let body = [b"\x00\xff123456789", b"hunter2-hunter2".as_slice(), &[0xfe; 50]].concat();
    let about = CallRecord {
        form: vec![("Password".into(), Value::Text("abc".into())), ("x".into(), Value::Json("\"hunter2-hunter2\"".into()))],
        origin: None,
    };
    // The cut goes through the secret.
    let mask = Masker { redactor: &redactor, max_body: 15 };
    let answered_id = keep(&mut store, mask, &answered("hunter2-hunter2", body.clone()), &about);
    keep(&mut store, open_cover(&redactor), &answered("hunter2-hunter2", body), &about);
    keep(&mut store, mask, &failed("hunter2-hunter2"), &about);
    let stored = store.get(answered_id).unwrap().unwrap();
    assert_eq!(stored.form().unwrap()[0].1, Value::Text(MASK.into()));
    assert!(stored.masked().unwrap().0 >= 3 && stored.masked().unwrap().1 >= 1);
    assert_eq!(stored.ending.unwrap().body.len(), 15);
    drop(store);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|eight| eight == b"hunter2-" || eight == b"2-hunter"));
    }
}

#[cfg(unix)]
#[test]
fn writes_files_readable_by_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut store = Store::open(&data).unwrap();
    store.begin(&beginning(0)).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn names_and_keeps_an_unusable_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    fs::write(&file, "this is no database, but somebody's notes".repeat(100)).unwrap();
    let before = fs::read(&file).unwrap();
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(&error, HistoryError::Damaged { .. }) && error.to_string().contains(&file.display().to_string()), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
    assert!(matches!(Store::open(&file).unwrap_err(), HistoryError::Unusable { .. }));
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(Store::open(folder.path()).unwrap_err(), HistoryError::Unusable { .. }));
    assert!(Store::open_existing(&folder.path().join("nothing")).unwrap().is_none());
}

#[test]
fn reports_errors_for_a_file_damaged_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for at in 0..50 {
        let id = store.begin(&beginning(at)).unwrap();
        store.finish(id, &ending(OutcomeKind::Error)).unwrap();
    }
    drop(store);
    let file = folder.path().join(FILE);
    let mut bytes = fs::read(&file).unwrap();
    let length = bytes.len();
    bytes[4096..length].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    let outcome = Store::open(folder.path()).and_then(|mut store| store.list(&Query::text("post"), Page::newest(10)));
    assert!(matches!(outcome, Err(HistoryError::Damaged { .. } | HistoryError::Database { .. })), "{outcome:?}");
}

#[test]
fn loses_nothing_under_two_writers() {
    let folder = tempfile::tempdir().unwrap();
    let write = |folder: std::path::PathBuf| {
        move || {
            let mut store = Store::open(&folder).unwrap();
            for at in 0..40 {
                let id = store.begin(&beginning(at)).unwrap();
                store.add_words(id, &beginning(at)).unwrap();
                store.finish(id, &ending(OutcomeKind::Success)).unwrap();
            }
        }
    };
    let threads: Vec<_> = (0..3).map(|_| std::thread::spawn(write(folder.path().to_owned()))).collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let mut store = Store::open(folder.path()).unwrap();
    assert_eq!(store.count().unwrap(), 120);
    assert_eq!(store.list(&Query::text("HOST: A"), Page::newest(500)).unwrap().len(), 120);
}

#[test]
fn old_ones_go_by_number_and_by_age() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let now = Timestamp::from_second(1000).unwrap();
    for second in 0..500 {
        store.begin(&beginning(second * 1_000_000_000)).unwrap();
    }
    assert_eq!(store.list(&Query::text("host"), Page::newest(1000)).unwrap(), []);
    store.catch_up().unwrap();
    assert_eq!(store.prune(FOREVER, now).unwrap(), 0);
    assert_eq!(store.prune(Retention { keep: 450, ..FOREVER }, now).unwrap(), 50);
    assert_eq!(store.prune(Retention { max_age: Duration::from_secs(600), ..FOREVER }, now).unwrap(), 350);
    let left = store.list(&Query::default(), Page::newest(1000)).unwrap();
    assert_eq!((left.len(), left[99].id, left[0].id), (100, 401, 500));
    assert_eq!(store.list(&Query::text("host"), Page::newest(1000)).unwrap().len(), 100);
    assert_eq!(store.prune(Retention { keep: 0, ..FOREVER }, now).unwrap(), 100);
    assert_eq!(store.begin(&beginning(0)).unwrap(), 501, "a number is never given twice");
}

#[test]
fn pages_follow_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for at in 0..25 {
        store.begin(&beginning(at)).unwrap();
    }
    let mut page = Page::newest(10);
    let mut seen = Vec::new();
    loop {
        let rows = store.list(&Query::default(), page).unwrap();
        let Some(last) = rows.last() else { break };
        page.below = last.id;
        seen.extend(rows.into_iter().map(|row| row.id));
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>());
}

#[test]
fn many_lay_it_out_at_once() {
    for _ in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let threads: Vec<_> = (0..6).map(|_| folder.path().to_owned()).map(|path| std::thread::spawn(move || Store::open(&path))).collect();
        for thread in threads {
            let counted = thread.join().unwrap().and_then(|mut store| store.count());
            assert!(counted.is_ok(), "{counted:?}");
        }
    }
}
