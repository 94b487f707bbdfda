//! Each way of getting no whole answer, with its class and what to try.
#![allow(clippy::unwrap_used)] // a test may fail

mod raw;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use raw::{HANG_TIMEOUT, Server, Talk};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use skydeck::exchange::{Failure, FailureClass};
use skydeck::io::http::{Http, Proxies, Settings, complete};
use skydeck::secret::Secret;
use skydeck::wire::{Endpoint, Request, Response};
use tokio::net::TcpSocket;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

fn get(endpoint: &Endpoint) -> Request {
    let bare = Request { method: "GET".to_owned(), target: "/".to_owned(), ..Request::default() };
    complete(endpoint, bare)
}

fn directly() -> Settings {
    Settings { proxies: Proxies::Given { all: None, except: String::new() }, ..Settings::default() }
}

fn through(proxy: &Server) -> Settings {
    Settings {
        proxies: Proxies::Given { all: Some(Secret::new(proxy.endpoint.to_string())), except: String::new() },
        ..Settings::default()
    }
}

fn trusting() -> Settings {
    Settings { ca_file: Some(tls_file("ca.pem")), ..directly() }
}

fn tls_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

async fn send(settings: Settings, endpoint: &Endpoint) -> Result<Response, Failure> {
    Http::new(settings).send(endpoint, &get(endpoint)).await.answer
}

/// Fails in this class, with a hint that has these words.
async fn fails(settings: Settings, endpoint: &Endpoint, class: FailureClass, hint: &str) -> Failure {
    let failure = send(settings, endpoint).await.unwrap_err();
    assert_eq!(failure.class, class, "{failure:?}");
    assert!(failure.hint.contains(hint), "{failure:?}");
    assert!(!failure.detail.is_empty());
    failure
}

/// The same for a failure within an answer. On a busy machine the time may be over before the answer begins: then there is more of it.
async fn fails_within_an_answer(settings: impl Fn(Duration) -> Settings, endpoint: &Endpoint, class: FailureClass, hint: &str) -> Failure {
    let mut timeout = Duration::from_millis(60);
    loop {
        let failure = fails(settings(timeout), endpoint, class, hint).await;
        if failure.partial.as_ref().is_some_and(|partial| !partial.body.is_empty()) {
            return failure;
        }
        timeout *= 4;
        assert!(timeout < HANG_TIMEOUT, "no answer begins: {failure:?}");
    }
}

fn silent() -> Server {
    Server::start(Talk::read_to_end)
}

/// A port on which nobody listens, as long as the socket is kept: nobody else gets it meanwhile.
fn unused() -> (TcpSocket, Endpoint) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap()).parse().unwrap();
    (socket, endpoint)
}

#[tokio::test]
async fn nobody_listens() {
    let (_socket, endpoint) = unused();
    let failure = fails(directly(), &endpoint, FailureClass::Refused, "nothing listens on port").await;
    assert!(failure.detail.contains("refused"), "{failure:?}");
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved() {
    // A label of more than 63 characters fails in the resolver itself: no network is asked.
    let endpoint: Endpoint = format!("http://{}.invalid", "a".repeat(64)).parse().unwrap();
    let failure = fails(directly(), &endpoint, FailureClass::Dns, "check the spelling of aaa").await;
    assert!(failure.partial.is_none());
}

#[tokio::test]
async fn a_silent_server() {
    let settings = Settings { read_timeout: Duration::from_millis(60), ..directly() };
    let failure = fails(settings, &silent().endpoint, FailureClass::ReadTimeout, "may have been carried out").await;
    assert_eq!(failure.detail, "the head of an answer was not complete within 60ms");
}

#[tokio::test]
async fn silence_within_the_answer_keeps_what_came() {
    let server = Server::start(|talk| {
        talk.read_request();
        talk.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
        talk.read_to_end();
    });
    let timed = |read_timeout| Settings { read_timeout, ..directly() };
    let failure = fails_within_an_answer(timed, &server.endpoint, FailureClass::ReadTimeout, "carried out").await;
    assert_eq!(failure.partial.unwrap().body.as_ref(), b"half");
}

#[tokio::test]
async fn a_slow_drip_ends_with_the_total_time() {
    let server = Server::start(|talk| {
        talk.read_request();
        talk.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        // Until the client has gone.
        while talk.stream.write_all(b".").is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let timed = |total_timeout| Settings { total_timeout, ..directly() };
    let failure = fails_within_an_answer(timed, &server.endpoint, FailureClass::TotalTimeout, "allow more time").await;
    assert!(!failure.partial.unwrap().body.is_empty());
}

#[tokio::test]
async fn a_total_time_shorter_than_the_servers_first_word() {
    let settings = Settings { total_timeout: Duration::from_millis(50), ..directly() };
    fails(settings, &silent().endpoint, FailureClass::TotalTimeout, "allow more time").await;
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    for answer in [
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf".as_slice(),
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n9\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
    ] {
        let server = Server::answering(answer, true);
        let failure = fails(directly(), &server.endpoint, FailureClass::BrokenAnswer, "broke off").await;
        let partial = failure.partial.unwrap();
        assert_eq!((partial.status, partial.body.as_ref()), (200, b"half".as_slice()));
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_without_an_answer() {
    let hangs_up = Server::start(|talk| {
        talk.read_request();
    });
    fails(directly(), &hangs_up.endpoint, FailureClass::BrokenAnswer, "hung up before it answered").await;
    // Closing with bytes unread makes the system send a reset.
    let resets = Server::start(|talk| {
        let mut first = [0];
        talk.stream.peek(&mut first).unwrap();
    });
    fails(directly(), &resets.endpoint, FailureClass::BrokenAnswer, "hung up before it answered").await;
    let half_a_head = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-le", true);
    fails(directly(), &half_a_head.endpoint, FailureClass::BrokenAnswer, "hung up before it answered").await;
}

#[tokio::test]
async fn something_that_is_not_http() {
    for garbage in
        ["SSH-2.0-OpenSSH_9.6\r\n", "\x15\x03\x01\x00\x02\x02\x46", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"]
    {
        let server = Server::answering(garbage.as_bytes(), true);
        fails(directly(), &server.endpoint, FailureClass::BrokenAnswer, "does not speak HTTP/1.1").await;
    }
    let endless = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(1 << 20));
    fails(directly(), &Server::answering(endless.as_bytes(), true).endpoint, FailureClass::BrokenAnswer, "more than 100 headers").await;
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(200));
    fails(directly(), &Server::answering(many.as_bytes(), true).endpoint, FailureClass::BrokenAnswer, "more than 100 headers").await;
}

#[tokio::test]
async fn a_target_that_would_change_never_leaves() {
    let server = Server::answering(OK, true);
    let asked = Request { target: "/a/../b".to_owned(), ..get(&server.endpoint) };
    let failure = Http::new(directly()).send(&server.endpoint, &asked).await.answer.unwrap_err();
    assert_eq!(failure.class, FailureClass::NotSent);
    assert!(failure.detail.contains("`/a/../b` would go out as `/b`"), "{failure:?}");
    assert!(!server.was_used());
}

#[tokio::test]
async fn dropping_the_future_closes_the_connection() {
    let (notify, mut arrived) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |talk| {
        talk.read_request();
        notify.send(()).unwrap();
        talk.read_to_end();
    });
    let (http, asked) = (Http::new(directly()), get(&server.endpoint));
    tokio::select! {
        sent = http.send(&server.endpoint, &asked) => panic!("{sent:?}"),
        () = async { arrived.recv().await.unwrap() } => {}
    }
    let (_, received) = server.received().await;
    assert_eq!(received, asked.head());
}

/// A server with TLS for `localhost`.
fn tls_server() -> Server {
    let certificate = CertificateDer::from_pem_file(tls_file("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(tls_file("localhost.key.pem")).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    Server::start(move |talk| {
        let mut session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = rustls::Stream::new(&mut session, &mut talk.stream);
        let mut byte = [0];
        while !talk.received.ends_with(b"\r\n\r\n") {
            match std::io::Read::read(&mut stream, &mut byte) {
                Ok(1) => talk.received.push(byte[0]),
                _ => return,
            }
        }
        let _ = std::io::Write::write_all(&mut stream, OK);
    })
}

#[tokio::test]
async fn an_extra_ca_is_trusted_and_the_request_goes_out_as_logged() {
    let server = tls_server();
    let endpoint = server.endpoint_as("https", "localhost");
    let http = Http::new(trusting());
    http.warm().await.unwrap();
    let sent = http.send(&endpoint, &get(&endpoint)).await;
    assert_eq!(sent.answer.unwrap().status, 200);
    assert!(sent.timings.dns.is_some() && sent.timings.connect.is_some());
    drop(http);
    assert_eq!(server.received().await.1, get(&endpoint).head());
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let endpoint = tls_server().endpoint_as("https", "127.0.0.1");
    fails(trusting(), &endpoint, FailureClass::Tls, "the certificate is not for 127.0.0.1").await;
}

#[tokio::test]
async fn a_server_without_tls() {
    let talks = Server::start(|talk| talk.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"));
    fails(trusting(), &talks.endpoint_as("https", "localhost"), FailureClass::Tls, "http://").await;
    let hangs_up = Server::start(|_| ());
    fails(trusting(), &hangs_up.endpoint_as("https", "localhost"), FailureClass::Tls, "try http://").await;
}

#[tokio::test]
async fn a_handshake_without_end() {
    let settings = Settings { connect_timeout: Duration::from_millis(80), read_timeout: Duration::from_millis(20), ..trusting() };
    let server = silent();
    for host in ["localhost", "127.0.0.1"] {
        fails(settings.clone(), &server.endpoint_as("https", host), FailureClass::ConnectTimeout, "within 80ms").await;
    }
}

#[tokio::test]
async fn a_ca_file_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name)
    };
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (path, wrong) in [
        (folder.path().join("missing.pem"), "No such file"),
        (write("empty.pem", "hello"), "no certificate in it"),
        (write("damaged.pem", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"), "not PEM"),
        (write("broken.pem", broken), ""),
        (tls_file("localhost.key.pem"), "no certificate in it"),
    ] {
        let http = Http::new(Settings { ca_file: Some(path.clone()), ..directly() });
        let error = http.warm().await.unwrap_err().to_string();
        assert!(error.contains(path.to_str().unwrap()) && error.contains(wrong), "{error}");
        let endpoint: Endpoint = "https://localhost".parse().unwrap();
        assert_eq!(http.send(&endpoint, &get(&endpoint)).await.answer.unwrap_err().class, FailureClass::NotSent);
    }
}

#[tokio::test]
async fn a_proxy_is_never_used_for_loopback() {
    let (proxy, server) = (Server::answering(OK, true), Server::answering(OK, true));
    let localhost = server.endpoint_as("http", "localhost");
    for endpoint in [&server.endpoint, &localhost] {
        assert_eq!(send(through(&proxy), endpoint).await.unwrap().status, 200);
    }
    let settings = Settings { connect_timeout: Duration::from_millis(60), ..through(&proxy) };
    assert!(send(settings, &server.endpoint_as("https", "127.0.0.1")).await.is_err());
    assert!(!proxy.was_used());
}

#[tokio::test]
async fn a_proxy_is_asked_for_other_hosts() {
    let proxy = Server::answering(OK, true);
    let plain: Endpoint = "http://cloud.test".parse().unwrap();
    assert_eq!(send(through(&proxy), &plain).await.unwrap().status, 200);
    let (_, received) = proxy.received().await;
    assert!(received.starts_with(b"GET http://cloud.test/ HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_proxys_failure_is_said_to_be_one() {
    let endpoint: Endpoint = "https://cloud.test".parse().unwrap();
    let refuses = Server::answering(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", true);
    let failure =
        fails(Settings { ca_file: Some(tls_file("ca.pem")), ..through(&refuses) }, &endpoint, FailureClass::Proxy, "NO_PROXY").await;
    assert!(failure.hint.contains(&refuses.endpoint.to_string()), "{failure:?}");
    let (_, received) = refuses.received().await;
    assert!(received.starts_with(b"CONNECT cloud.test:443 HTTP/1.1\r\n"));

    let hangs_up = Server::start(|talk| {
        talk.read_request();
    });
    fails(Settings { ca_file: Some(tls_file("ca.pem")), ..through(&hangs_up) }, &endpoint, FailureClass::Proxy, "check that proxy").await;

    let (_socket, unused) = unused();
    let nobody = Proxies::Given { all: Some(Secret::new(unused.to_string())), except: String::new() };
    let settings = Settings { proxies: nobody, ca_file: Some(tls_file("ca.pem")), ..Settings::default() };
    fails(settings, &endpoint, FailureClass::Proxy, "check that proxy").await;
}
