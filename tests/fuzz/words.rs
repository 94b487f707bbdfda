//! What an operator types: filters, queries, assignments, faults, endpoints.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skydeck::catalog::{Catalog, Provider};
use skydeck::emulator::{Fault, RegionOf, fault};
use skydeck::explain::{ErrorText, explain_error};
use skydeck::form::{Assignment, Form, ValidationContext, assign, plan, validate};
use skydeck::jq::{self, JqError};
use skydeck::query::{self, ExchangeFacts, KnownNames, OutcomeKind, QueryTime, SearchTexts, condition};
use skydeck::wire::Endpoint;

use super::run::{Target, kind, message};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

#[test]
fn pasted_errors() {
    let words = &[
        "{\"",
        "\":",
        "\\\"",
        "&quot;",
        "<Code>",
        "</Code>",
        "code",
        "error_code",
        "errorMessage",
        "request id: ",
        "code: 400, ",
        "denied: ",
        "HTTP/1.1 401",
        "<html>",
    ];
    Target { name: "error_text", cost: 4, files: &["tests/explain/answers_seen", "tests/envelopes"], words }.run(|input| {
        let provider = CATALOG.provider("huawei-swr").unwrap();
        let error = ErrorText::read(provider, &text(input));
        let explanation = explain_error(provider, &error);
        assert!(!explanation.remedy.is_empty());
        kind((error.status, error.code.is_some(), error.page, explanation.summary))
    });
}

#[test]
fn filters_of_the_log() {
    let moment = QueryTime { now: "2026-11-22T10:00:00Z".parse().unwrap(), zone: TimeZone::UTC };
    let known = KnownNames::from_catalog(&CATALOG, ["demo"].into_iter());
    let words = &[
        "provider:",
        "operation:",
        "status:",
        "code:",
        "request:",
        "outcome:",
        "duration:",
        "since:",
        "before:",
        "by:",
        "id:",
        "origin:",
        "text:",
        " and ",
        " or ",
        " not ",
        "(",
        ")",
        "\"",
        "\\\"",
        ">=",
        "<",
        "4xx",
        "400-409",
        "500ms",
        "2h",
        "today",
        "yesterday",
        "operator",
        "success",
    ];
    Target { name: "query", cost: 1, files: &[], words }.run(|input| {
        let text = text(input);
        for caret in [0, text.len() / 2, text.len()] {
            let completion = query::complete(&text, caret, &known);
            assert!(text.get(completion.range.clone()).is_some(), "{:?} of {text:?}", completion.range);
        }
        match query::parse(&text, &moment) {
            Ok(query) => kind((query.matches(&facts(&moment.now)), query.looks_at_text(), condition(&query).values.len().min(8))),
            Err(error) => {
                assert!(error.at <= text.chars().count(), "{} of {text:?}", error.at);
                message(error)
            }
        }
    });
}

fn facts(now: &Timestamp) -> ExchangeFacts<'_> {
    ExchangeFacts {
        id: Some(17),
        origin: None,
        background_call: false,
        provider: "alibaba-sae",
        operation: "CreateNamespace",
        profile: "demo",
        region: "cn-hangzhou",
        endpoint: "http://127.0.0.1:8080",
        code: Some("Throttling.User"),
        request_id: Some("91F93257"),
        status: Some(400),
        ended: OutcomeKind::Error,
        duration: Some(87_000_000),
        started: i64::try_from(now.as_nanosecond()).unwrap(),
        texts: SearchTexts { answer_body: b"{\"Message\":\"orders \xff\"}", ..SearchTexts::default() },
    }
}

/// Deeper nesting than in a filter of this length is the concern of the process that it runs in.
const MAX_FILTER_BYTES: usize = 300;

#[test]
fn programs_of_jq() {
    let words = &[
        "def f:",
        "def f(x):",
        "; f",
        "if ",
        " then ",
        " else ",
        " end",
        "reduce ",
        " as $x (",
        "foreach ",
        "try ",
        " catch ",
        "label $l | ",
        "break $l",
        "import \"a\" as b; ",
        "include \"a\"; ",
        "@base64 \"\\(.)\"",
        "..",
        ".[]?",
        ".a.b",
        "|=",
        "//=",
        "?//",
        "$__loc__",
        "limit(1; ",
        "\"\\(\"",
        "input",
        "env",
    ];
    Target { name: "jq", cost: 20, files: &[], words }.run(|input| {
        let filter = text(&input[..input.len().min(MAX_FILTER_BYTES)]);
        // An input that is none: the filter is read and compiled, and never runs. It might not end.
        match jq::run(&filter, b"<", &mut |_| false).unwrap_err() {
            JqError::Filter { at, message: message_text } => {
                assert!(at <= filter.chars().count(), "{at} of {filter:?}");
                message(message_text)
            }
            error => message(error.written()),
        }
    });
}

#[test]
fn bodies_for_jq() {
    const FILTERS: [&str; 6] =
        ["[..] | length", "tojson | fromjson", "[paths] | length", "(.. | strings) |= ascii_downcase", "keys?", "@base64d? // tostring"];
    Target { name: "json", cost: 40, files: &["tests/envelopes/volcengine"], words: &[] }.run(|input| {
        let results = FILTERS.map(|filter| {
            let mut given = 0;
            let ended = jq::run(filter, input, &mut |result| {
                given += 1;
                result.len() < 10_000 && given < 50
            });
            ended.map_or_else(|error| message(error.written()), |()| given)
        });
        kind(results)
    });
}

#[test]
fn errors_of_the_process_that_runs_jq() {
    Target { name: "json", cost: 1, files: &[], words: &["filter ", "input ", "value ", " 7 "] }.run(|input| {
        let read = JqError::read(&text(input));
        assert!(read.as_ref().is_none_or(|error| !error.written().contains('\n')));
        kind(read.map(message))
    });
}

#[test]
fn assignments_and_forms() {
    const MARKS: &[&str] = &[
        "NamespaceName=",
        "NameSpaceShortId=",
        "Tags=Key=a,Value=b",
        "Tags:=[{\"Key\":\"a\"}]",
        "EnvTypes:=",
        "EnvTypes=prod",
        "namespace=",
        ":=",
        "=",
    ];
    let endpoint: Endpoint = "http://127.0.0.1:8080".parse().unwrap();
    Target { name: "assignments", cost: 4, files: &[], words: MARKS }.run(|input| {
        let text = text(input);
        let given: Result<Vec<Assignment>, _> = text.split('\n').map(Assignment::parse).collect();
        let given = match given {
            Ok(given) => given,
            Err(error) => return message(error),
        };
        let all = CATALOG.providers().flat_map(|provider| provider.operations.iter().map(move |operation| (provider, operation)));
        let results = all.map(|(provider, operation)| {
            let mut form = Form::new(operation.clone());
            match assign(&mut form, &given) {
                Err(error) => message(error),
                Ok(()) => planned(provider, &form, &endpoint),
            }
        });
        kind(results.collect::<Vec<_>>())
    });
}

/// Checks a form and makes its request, whose parts must be such as can be sent.
fn planned(provider: &Provider, form: &Form, endpoint: &Endpoint) -> u64 {
    let findings = validate(form, ValidationContext { region: "cn-hangzhou" });
    match plan(provider, form, endpoint) {
        Ok(plan) => {
            let target = &plan.request.target;
            assert!(target.starts_with('/') && target.bytes().all(|byte| byte.is_ascii_graphic()), "{target:?}");
            assert!(!plan.request.headers.iter().any(|(_, value)| value.contains(&b'\n') || value.contains(&b'\r')), "{:?}", plan.request);
            kind(findings.len().min(4))
        }
        Err(error) => message(error),
    }
}

#[test]
fn faults() {
    let words = &[
        "alibaba-sae:",
        ":CreateNamespace:",
        "Throttling.User",
        "*2",
        "@1/s",
        "@10/h",
        "%50",
        "delay=",
        "2s",
        "clock=-20m",
        "reset",
        "503",
        "truncate=",
        "drip=",
        "#",
    ];
    Target { name: "fault", cost: 1, files: &[], words }.run(|input| {
        let text = text(input);
        let read = fault::lines(&text).take(5).map(|(line, fault)| {
            assert!(line <= text.lines().count());
            Fault::parse(fault, CATALOG.providers().map(|provider| &**provider))
                .map_or_else(message, |fault| kind(format!("{:?}", fault.failure).len()))
        });
        kind(read.collect::<Vec<_>>())
    });
}

#[test]
fn endpoints_and_regions() {
    Target {
        name: "target",
        cost: 1,
        files: &[],
        words: &["http://", "https://", "[::1]", ":80", ":65536", "@", "127.0.0.1", "=cn-", "/"],
    }
    .run(|input| {
        let text = text(input);
        let endpoint = text.parse::<Endpoint>();
        if let Ok(endpoint) = &endpoint {
            let again: Endpoint = endpoint.to_string().parse().unwrap_or_else(|error| panic!("{text:?} as {endpoint}: {error}"));
            assert_eq!(&again, endpoint);
        }
        kind((
            endpoint.map_or_else(message, |endpoint| kind(endpoint.is_loopback())),
            text.parse::<RegionOf>().is_ok(),
            query::age_seconds(&text).is_some(),
        ))
    });
}
