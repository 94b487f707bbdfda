//! Answers: what a server may send, and all that shows it.

use std::sync::{LazyLock, Mutex};

use jiff::Timestamp;
use skydeck::auth::read_token;
use skydeck::body::{self, Outline, Pattern, View, index};
use skydeck::catalog::{Catalog, ResponseFormat};
use skydeck::compare::{ComparisonContext, compare};
use skydeck::envelope::{decode, decode_token};
use skydeck::exchange::{Answered, Exchange, ExchangeId, Origin, Outcome, Purpose, Timings};
use skydeck::explain::{explain, wait};
use skydeck::io::http::{Http, Proxies, Settings, complete};
use skydeck::redact::Redactor;
use skydeck::secret::Secret;
use skydeck::visible::{VisibleForm, around, visible_bytes, visible_line};
use skydeck::wire::{Headers, Request, Response};

use super::run::{Target, kind, message};
use crate::raw::Server;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

const SECRET: &str = "ThrowAwaySecret0000000000000001";

const WORDS: &[&str] = &[
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 400 ",
    "HTTP/1.0 ",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "content-length: ",
    "transfer-encoding: chunked\r\n",
    "content-encoding: gzip\r\n",
    "date: Sun, 22 Nov 2026 10:00:00 GMT\r\n",
    "retry-after: ",
    "location: ",
    "x-subject-token: ",
    "x-request-id: ",
    "set-cookie: ",
    "\"RequestId\":",
    "\"Code\":",
    "\"Message\":",
    "\"Data\":",
    "\"ResponseMetadata\":",
    "\"Error\":",
    "\"CodeN\":",
    "\"errors\":[",
    "\"errorCode\":",
    "\"errorMessage\":",
    "\"error_code\":",
    "\"error_msg\":",
    "\"error\":",
    "\"title\":",
    "\"token\":",
    "<html><title>",
    "<Error><Code>",
    "SignatureDoesNotMatch",
    "APIGW.0301",
    "InvalidTimeStamp.Expired",
    "Throttling.User",
    "server string to sign is:",
    SECRET,
    "\"AccessKeySecret\":\"",
];

const FORMATS: [ResponseFormat; 5] = [
    ResponseFormat::AlibabaService,
    ResponseFormat::AlibabaFlat,
    ResponseFormat::Volcengine,
    ResponseFormat::HuaweiSwr,
    ResponseFormat::OtcSwr,
];

/// The answer in some bytes: a status line and headers, a blank line, a body.
fn response(bytes: &[u8]) -> Response {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(0);
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(400);
    let headers: Headers = head.lines().skip(1).filter_map(|line| line.split_once(": ")).collect();
    Response { version: "HTTP/1.1".into(), status, headers, body: bytes[end..].trim_ascii_start().to_vec().into(), ..Response::default() }
}

fn exchange(provider: &str, operation: &str, response: Response, format: ResponseFormat) -> Exchange {
    let envelope = decode(format, &response, &[200, 201]);
    Exchange {
        id: ExchangeId(1),
        provider: provider.to_owned(),
        operation: operation.to_owned(),
        profile: "demo".to_owned(),
        region: "cn-hangzhou".to_owned(),
        purpose: Purpose::Operator,
        call_origin: Origin::default(),
        started: Timestamp::UNIX_EPOCH,
        endpoint: "http://127.0.0.1:8080".parse().unwrap(),
        request: Request { method: "POST".to_owned(), target: "/?Action=CreateNamespace".to_owned(), ..Request::default() },
        signing: None,
        outcome: Outcome::Answered(Box::new(Answered { response, envelope })),
        timings: Timings::default(),
    }
}

#[test]
fn envelopes() {
    Target { name: "answer", cost: 1, files: &["tests/envelopes"], words: WORDS }.run(|input| {
        let response = response(input);
        let read = FORMATS.map(|format| {
            let envelope = decode(format, &response, &[200, 201, 204]);
            (format!("{:?}", envelope.verdict).chars().take(16).collect::<String>(), envelope.code.is_some(), envelope.message.is_some())
        });
        kind((read, decode_token(&response).succeeded(), read_token(&response).map_err(message).is_ok()))
    });
}

#[test]
fn explanations() {
    let redactor = Redactor::default();
    Target { name: "answer", cost: 10, files: &["tests/envelopes"], words: WORDS }.run(|input| {
        let mut kinds = Vec::new();
        for provider in CATALOG.providers() {
            let operation = &provider.operations[0];
            let exchange = exchange(&provider.id, &operation.id, response(input), provider.answer_format);
            let explained = explain(provider, Some(operation), &exchange);
            kinds.push((
                explained.as_ref().and_then(|explained| explained.likely().map(|likely| likely.name)),
                wait(provider, &exchange).is_some(),
            ));
            compare(&exchange, &exchange, ComparisonContext { redactor: &redactor, volatile: &[] });
        }
        kind(kinds)
    });
}

#[test]
fn bodies_as_they_are_shown() {
    let redactor = Redactor::default().with([&Secret::new(SECRET)]);
    Target { name: "body", cost: 4, files: &["tests/envelopes"], words: WORDS }.run(|input| {
        let masked = body::mask_json(input, &redactor);
        assert!(!has(&masked, SECRET.as_bytes()), "{}", masked.escape_ascii());
        let mut kinds = Vec::new();
        for (view, width) in [(View::Pretty, 40), (View::Raw, 1), (View::Hex, 80), (View::Pretty, 1)] {
            let rows = index(input, view, width, &redactor);
            let shown = rows.screen(0..rows.len().min(200), input);
            let text: String = shown.iter().flat_map(|row| &row.pieces).map(|(_, piece)| piece.as_ref()).collect();
            assert!(!text.chars().any(|c| VisibleForm::new(c).is_some()), "{}", text.escape_debug());
            let pattern = Pattern::new("o", false, view).unwrap();
            kinds.push((rows.kind(), rows.len().min(20), rows.find(input, &pattern, &mut |_| true).len().min(3)));
        }
        kind((kinds, body::kind(input)))
    });
}

#[test]
fn outlines_and_paths() {
    Target { name: "body", cost: 2, files: &["tests/envelopes"], words: WORDS }.run(|input| {
        let outline = Outline::new(input);
        let path = String::from_utf8_lossy(&input[..input.len().min(20)]).into_owned();
        body::follow(input, &path);
        let folds = body::fold_inside(input).len();
        for at in (0..=input.len()).step_by(input.len() / 12 + 1) {
            outline.path(input, at);
            outline.bracket_around(input, at);
            body::opens(input, at);
        }
        kind((folds.min(6), body::complete(input, &path, 5).len()))
    });
}

#[test]
fn secrets_in_any_text() {
    let redactor = Redactor::default().with([&Secret::new(SECRET)]);
    Target { name: "answer", cost: 1, files: &["tests/envelopes"], words: WORDS }.run(|input| {
        let masked = redactor.bytes(input);
        assert!(!has(&masked, SECRET.as_bytes()), "{}", masked.escape_ascii());
        let spans = redactor.spans(input);
        assert!(spans.iter().all(|span| span.start < span.end && span.end <= input.len()) && spans.is_sorted_by_key(|span| span.start));
        let text = String::from_utf8_lossy(input);
        assert!(!redactor.text(&text).contains(SECRET) && !redactor.plain_text(&text).contains(SECRET));
        kind((spans.len().min(6), masked.len().cmp(&input.len())))
    });
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn text_on_a_terminal() {
    Target {
        name: "terminal",
        cost: 1,
        files: &[],
        words: &["\x1b[2J", "\x1b]52;c;", "\x07", "\u{9b}", "\u{ad}", "\u{2066}", "\u{e0041}", "👩‍👩‍👧", "ﷺ"],
    }
    .run(|input| {
        let (shown, text) = (visible_bytes(input), String::from_utf8_lossy(input));
        let line = visible_line(&text);
        for shown in [shown.as_ref(), line.as_ref()] {
            let hidden =
                |c: char| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!shown.contains(hidden), "{}", shown.escape_debug());
        }
        for columns in [0, 1, 2, 3, 10, 80] {
            let (cut, column) = around(&text, input.len() / 2, columns);
            assert!(column <= columns && !cut.contains('\n'), "{cut:?} at {column} of {columns}");
        }
        kind(shown.chars().filter(|c| !c.is_ascii_alphanumeric()).take(6).collect::<String>())
    });
}

/// The bytes that the server sends next.
static NEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[test]
fn answers_on_the_wire() {
    let server = Server::start(|talk| {
        if talk.read_request() {
            let answer = NEXT.lock().unwrap().clone();
            talk.write(&answer);
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let http = Http::new(Settings { proxies: Proxies::Given { all: None, except: String::new() }, ..Settings::default() });
    let request = complete(&server.endpoint, Request { method: "GET".to_owned(), target: "/".to_owned(), ..Request::default() });
    Target { name: "wire", cost: 30, files: &[], words: WORDS }.run(|input| {
        input.clone_into(&mut NEXT.lock().unwrap());
        match runtime.block_on(http.send(&server.endpoint, &request)).answer {
            Ok(response) => kind((response.status / 100, response.headers.len().min(4), response.body.len().min(4))),
            Err(failure) => kind((failure.class.name(), message(failure.detail))),
        }
    });
}
