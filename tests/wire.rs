//! The log is the wire: what the client says it sent and received is what a bare socket saw.
#![allow(clippy::unwrap_used)] // a test may fail

mod raw;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use raw::Server;
use raw::wait::until;
use skydeck::io::http::{Http, Settings, complete};
use skydeck::wire::{Endpoint, Headers, Request, Response};

fn request(endpoint: &Endpoint, method: &str, target: &str, headers: &[(&str, &[u8])], body: &[u8]) -> Request {
    let headers: Headers = headers.iter().map(|(name, value)| (*name, value.to_vec())).collect();
    let bare = Request { method: method.to_owned(), target: target.to_owned(), headers, body: body.to_vec().into() };
    complete(endpoint, bare)
}

fn bytes_of(request: &Request) -> Vec<u8> {
    [request.head(), request.body.to_vec()].concat()
}

fn get(endpoint: &Endpoint) -> Request {
    request(endpoint, "GET", "/", &[], b"")
}

/// The answer that the client makes of these bytes.
async fn answer_to(bytes: &[u8], close: bool) -> Response {
    let server = Server::answering(bytes, close);
    Http::default().send(&server.endpoint, &get(&server.endpoint)).await.answer.unwrap()
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Sends, and holds the bytes that came equal to the logged ones, to the last before the connection closed.
async fn holds_on_the_wire(request: impl FnOnce(&Endpoint) -> Request) {
    let server = Server::answering(OK, false);
    let logged = request(&server.endpoint);
    let http = Http::default();
    http.send(&server.endpoint, &logged).await.answer.unwrap();
    drop(http);
    let (_, received) = server.received().await;
    assert_eq!(String::from_utf8_lossy(&received), String::from_utf8_lossy(&bytes_of(&logged)));
    assert_eq!(received, bytes_of(&logged));
}

#[tokio::test]
async fn every_method_goes_out_as_logged_with_and_without_a_body() {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"] {
        for body in [b"".as_slice(), b"{\"namespace\":\"group\"}"] {
            holds_on_the_wire(|endpoint| request(endpoint, method, "/v2/manage/namespaces", &[], body)).await;
        }
    }
}

#[tokio::test]
async fn headers_go_out_in_our_order_with_any_bytes() {
    let odd: &[(&str, &[u8])] = &[
        ("x-z", b"1"),
        ("accept", b"application/json"),
        ("x-name", "\u{547d}\u{540d}".as_bytes()),
        ("x-latin", b"caf\xe9"),
        ("x-empty", b""),
        ("x-inner", b"a  b\tc"),
        ("user-agent", b"skydeck/0.1"),
        ("x-z", b"2"),
        ("connection", b"close"),
        ("host", b"sae.cn-hangzhou.aliyuncs.com"),
        ("content-length", b"2"),
        ("expect", b"100-continue"),
        ("x-after", b"Z"),
    ];
    holds_on_the_wire(|endpoint| request(endpoint, "POST", "/", odd, b"ab")).await;
}

#[tokio::test]
async fn targets_go_out_as_given() {
    for target in ["/?", "//a//b", "/a%2fb%2Fc?x=%E5%90%8D&&y", "/a;b=(c)*!?q=a+b|c^d", "/~x?Action=CreateNamespace&Version=2025-10-30"] {
        holds_on_the_wire(|endpoint| request(endpoint, "GET", target, &[], b"")).await;
    }
}

#[tokio::test]
async fn a_kept_connection_carries_the_second_request_as_logged_too() {
    let server = Server::answering(OK, false);
    let http = Http::default();
    let first = request(&server.endpoint, "POST", "/1", &[], b"one");
    let second = request(&server.endpoint, "DELETE", "/2", &[], b"");
    for logged in [&first, &second] {
        http.send(&server.endpoint, logged).await.answer.unwrap();
    }
    drop(http);
    assert_eq!(server.received().await.1, [bytes_of(&first), bytes_of(&second)].concat());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn sends_every_request_as_logged_or_refuses_it(
        method in "[A-Z]{3,7}",
        target in prop_oneof!["/[a-zA-Z0-9%?&=_~.-]{0,24}", "/[ -~]{0,6}"],
        headers in proptest::collection::vec(("[a-zA-Z0-9-]{1,12}", "[ -~\u{e9}\u{4e2d}\t]{0,12}"), 0..5),
        body in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        prop_assume!(method != "CONNECT");
        let headers: Vec<(String, Vec<u8>)> =
            headers.into_iter().map(|(name, value)| (format!("x-{name}"), value.into_bytes())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::answering(OK, false);
            let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
            let logged = request(&server.endpoint, &method, &target, &headers, &body);
            let http = Http::default();
            let sent = http.send(&server.endpoint, &logged).await;
            drop(http);
            match sent.answer {
                Err(failure) => assert_eq!(failure.class.name(), "not sent"),
                Ok(_) => assert_eq!(server.received().await.1, bytes_of(&logged)),
            }
        });
    }
}

#[tokio::test]
async fn status_line_and_headers_are_kept() {
    let response = answer_to(
        b"HTTP/1.1 409 Taken Already\r\nServer: api-gateway\r\nSet-Cookie: a=1\r\nX-Caf\x65: caf\xe9\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\n{}",
        false,
    )
    .await;
    assert_eq!((&*response.version, response.status, &*response.reason), ("HTTP/1.1", 409, "Taken Already"));
    let all: Vec<_> = response.headers.iter().collect();
    let sent: [(&str, &[u8]); 5] =
        [("server", b"api-gateway"), ("set-cookie", b"a=1"), ("set-cookie", b"b=2"), ("x-cafe", b"caf\xe9"), ("content-length", b"2")];
    assert_eq!(all, sent);
    assert_eq!(response.body.as_ref(), b"{}");
}

#[tokio::test]
async fn reason_and_version_are_the_servers() {
    for (line, expected) in [
        ("HTTP/1.1 200 OK", ("HTTP/1.1", 200, "OK")),
        ("HTTP/1.1 201 ", ("HTTP/1.1", 201, "")),
        ("HTTP/1.0 404 Not Found", ("HTTP/1.0", 404, "Not Found")),
        ("HTTP/1.1 599 Odd", ("HTTP/1.1", 599, "Odd")),
    ] {
        let response = answer_to(format!("{line}\r\ncontent-length: 0\r\n\r\n").as_bytes(), false).await;
        assert_eq!((&*response.version, response.status, &*response.reason), expected, "{line}");
    }
}

#[tokio::test]
async fn a_body_is_kept_however_it_is_delimited() {
    let lengths = answer_to(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", false).await;
    let chunks =
        answer_to(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nt: 1\r\n\r\n", false).await;
    let close = answer_to(b"HTTP/1.1 200 OK\r\n\r\nhello", true).await;
    for response in [lengths, chunks, close] {
        assert_eq!(response.body.as_ref(), b"hello");
        assert_eq!(response.excess, 0);
    }
}

#[tokio::test]
async fn a_coded_body_is_kept_as_it_came() {
    let coded = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00";
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", coded.len());
    let response = answer_to(&[head.as_bytes(), coded].concat(), false).await;
    assert_eq!(response.headers.get("content-encoding"), Some(b"gzip".as_slice()));
    assert_eq!(response.body.as_ref(), coded);
}

#[tokio::test]
async fn a_redirect_is_shown_and_not_followed() {
    let other = Server::answering(OK, true);
    for status in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {status} Moved\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", other.endpoint);
        let response = answer_to(head.as_bytes(), false).await;
        assert_eq!(response.status, status);
        assert_eq!(response.headers.get_str("location"), Some(format!("{}/", other.endpoint).as_str()));
    }
    assert!(!other.was_used());
}

#[tokio::test]
async fn an_interim_answer_is_passed_over() {
    let response = answer_to(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n", false).await;
    assert_eq!(response.status, 201);
}

#[tokio::test]
async fn counts_bytes_beyond_the_limit() {
    let body = "x".repeat(300_000);
    let server = Server::answering(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes(), false);
    let http = Http::new(Settings { body_limit: 1000, ..Settings::default() });
    let response = http.send(&server.endpoint, &get(&server.endpoint)).await.answer.unwrap();
    assert_eq!((response.body.len(), response.excess), (1000, 299_000));
    let http = Http::new(Settings { body_limit: 1000, count_limit: 5000, ..Settings::default() });
    let response = http.send(&server.endpoint, &get(&server.endpoint)).await.answer.unwrap();
    assert!(response.excess >= 4000 && response.excess < 299_000, "{}", response.excess);
}

#[tokio::test]
async fn a_body_of_megabytes_is_whole() {
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let response = answer_to(&[head.as_bytes(), &body].concat(), false).await;
    assert!(response.body == body);
}

#[tokio::test]
async fn the_first_exchange_connects_and_the_second_reuses() {
    let server = Server::answering(OK, false);
    let (http, named) = (Http::default(), server.endpoint_as("http", "localhost"));
    let first = http.send(&named, &get(&named)).await.timings;
    let second = http.send(&named, &get(&named)).await.timings;
    assert!(first.dns.is_some() && first.connect.is_some(), "{first:?}");
    assert_eq!((second.dns, second.connect), (None, None));
    for timings in [first, second] {
        assert!(timings.first_byte.is_some() && timings.first_byte <= timings.total, "{timings:?}");
    }
    let literal = Http::default().send(&server.endpoint, &get(&server.endpoint)).await.timings;
    assert!(literal.dns.is_none() && literal.connect.is_some(), "an address needs no look-up: {literal:?}");
}

#[tokio::test]
async fn timings_of_concurrent_exchanges_are_their_own() {
    // Slow answers wait for the quick one, and then a little.
    const DELAY: Duration = Duration::from_millis(20);
    static IS_ANSWERED: AtomicBool = AtomicBool::new(false);
    let server = Server::start(|talk| {
        while talk.read_request() {
            if talk.request().contains("/slow") {
                until("the quick one is answered", || IS_ANSWERED.load(Ordering::SeqCst));
                std::thread::sleep(DELAY);
            }
            talk.write(OK);
        }
    });
    let http = Http::default();
    let send = |target: &'static str| {
        let (http, server) = (&http, &server);
        async move { http.send(&server.endpoint, &request(&server.endpoint, "GET", target, &[], b"")).await.timings }
    };
    let quick = async {
        let timings = send("/quick").await;
        IS_ANSWERED.store(true, Ordering::SeqCst);
        timings
    };
    let (slow, also_slow, quick) = tokio::join!(send("/slow"), send("/slow"), quick);
    assert!(slow.first_byte >= Some(DELAY) && also_slow.first_byte >= Some(DELAY));
    assert!(quick.first_byte < slow.first_byte && quick.first_byte < also_slow.first_byte, "{quick:?} {slow:?} {also_slow:?}");
    for timings in [slow, quick, also_slow] {
        assert!(timings.connect.is_some() && timings.connect < timings.first_byte, "{timings:?}");
    }
}
