//! A query finds in the history exactly what it matches in memory.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use skydeck::history::{OutcomeRecord, RequestRecord, StoredExchange};
use skydeck::io::history::{Page, Store};
use skydeck::query::{OutcomeKind, QueryTime, parse};

use super::support::{beginning, ending};

const NAMES: [&str; 6] = ["alibaba-sae", "otc-swr", "Throttling.User", "Ümlaut", "命名 空间", "a*b"];
const TEXTS: [&str; 8] = ["CreateNamespace", "命名空间", "命", "taken by \"x\"", "É-é", "ab", "authorization: Zz", ""];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(TEXTS.to_vec()), 0..4).prop_map(|parts| parts.join("-"))
}

fn began() -> impl Strategy<Value = RequestRecord> {
    (0i64..10, name(), name(), prop::option::of(1i64..4), any::<bool>(), text(), text()).prop_map(
        |(at, provider, operation, origin, background_call, head, body)| RequestRecord {
            started: at * 3_600_000_000_000,
            provider,
            operation,
            origin,
            background_call,
            head: format!("GET / HTTP/1.1\r\n{head}\r\n\r\n").into_bytes(),
            body: body.into_bytes(),
            ..beginning(0)
        },
    )
}

fn ended() -> impl Strategy<Value = OutcomeRecord> {
    let how = prop::sample::select(OutcomeKind::WORDS.map(|(_, ended)| ended).to_vec());
    (how, prop::option::of(199u16..600), prop::option::of(name()), prop::option::of(name()), prop::option::of(0i64..4), text()).prop_map(
        |(how, status, code, request_id, duration, body)| OutcomeRecord {
            status,
            code,
            duration: duration.map(|tenths| tenths * 100_000_000),
            note: format!("{body}\n{}", request_id.as_deref().unwrap_or_default()),
            request_id,
            body: [body.as_bytes(), b"\xff\x00"].concat(),
            ..ending(how)
        },
    )
}

fn term() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec!["provider", "operation", "code", "request", "profile"]);
    let patterns = prop::sample::select(vec!["alibaba-sae", "*swr", "throttling*", "\"命名 空间\"", "*", "ümlaut", "a*b", "nothing"]);
    let texts = prop::sample::select(vec![
        "createn",
        "命",
        "命名",
        "\"命名空间-\"",
        "é",
        "taken",
        "ab",
        "\"y \\\"x\"",
        "zz",
        "\" \"",
        "nowhere",
        "reatenamespace-命",
    ]);
    let plain = prop::sample::select(vec![
        "status:4xx",
        "status:>=500",
        "status:<200",
        "outcome:error",
        "outcome:unanswered",
        "duration:>100ms",
        "duration:<=200ms",
        "since:5h",
        "before:1970-01-01T06:00:00Z",
        "id:<5",
        "origin:2",
        "origin:>0",
        "by:console",
    ]);
    prop_oneof![
        (names, patterns).prop_map(|(name, pattern)| format!("{name}:{pattern}")),
        texts.prop_map(str::to_owned),
        plain.prop_map(str::to_owned)
    ]
}

fn query() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| format!("not ({part})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} or {other})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("{one} and {other}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_between_both_evaluations(
        rows in prop::collection::vec((began(), prop::option::of(ended())), 1..12),
        queries in prop::collection::vec(query(), 30),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let stored: Vec<StoredExchange> = rows.into_iter().map(|(beginning, ending)| {
            let id = store.begin(&beginning).unwrap();
            store.add_words(id, &beginning).unwrap();
            if let Some(ending) = &ending {
                store.finish(id, ending).unwrap();
            }
            StoredExchange { id, beginning, ending }
        }).collect();
        let moment = QueryTime { now: "1970-01-01T10:00:00Z".parse().unwrap(), zone: TimeZone::UTC };
        for text in queries {
            let query = parse(&text, &moment).unwrap();
            let found: Vec<i64> = store.list(&query, Page::newest(100)).unwrap().into_iter().map(|row| row.id).collect();
            let expected: Vec<i64> = stored.iter().rev().filter(|stored| query.matches(&stored.facts())).map(|stored| stored.id).collect();
            prop_assert_eq!(found, expected, "{}", text);
        }
        for row in &stored {
            let again = store.get(row.id).unwrap();
            prop_assert_eq!(again.as_ref(), Some(row));
        }
    }

    #[test]
    fn parses_or_locates_the_error_of_any_text(text in "\\PC{0,40}") {
        let moment = QueryTime { now: "1970-01-01T10:00:00Z".parse().unwrap(), zone: TimeZone::UTC };
        match parse(&text, &moment) {
            Ok(query) => { let _ = skydeck::query::condition(&query); }
            Err(error) => prop_assert!(error.at <= text.chars().count()),
        }
    }
}
