//! What a web page could make a browser send, and heads that two readers would read differently.

use serde_json::json;
use skydeck::emulator::Settings;
use skydeck::wire::{Headers, Request, Response};

use crate::lab::{Lab, PROVIDERS, good, json as body, read_answers, texts};

/// Sends a good create call with other headers; an empty value takes a header away.
fn create_with(lab: &Lab, id: &str, name: &str, headers: &[(&str, &str)]) -> Response {
    // A host that is signed for another name verifies there as well: the name alone refuses it.
    let mut request = lab.plan(id, &texts(&good(id, name)));
    for (name, value) in headers {
        request.headers.set(name, *value);
    }
    lab.send(id, &lab.signer(id).sign(lab, id, request))
}

#[test]
fn refuses_foreign_hosts_at_every_port() {
    let lab = Lab::demo();
    for id in PROVIDERS {
        for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "169.254.169.254"] {
            let answer = create_with(&lab, id, "orders", &[("host", host)]);
            assert_eq!((answer.status, answer.body.len()), (421, 0), "{id} {host}");
        }
        let port = lab.address(id).port();
        assert!(create_with(&lab, id, "orders", &[("host", &format!("localhost:{port}"))]).status < 300, "{id}");
    }
    let absolute = lab.raw("alibaba-sae", b"GET http://evil.example/ HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!(read_answers(&absolute)[0].status, 421);
}

#[test]
fn accepts_an_allowed_host() {
    let lab = Lab::with(Settings { hosts: vec!["cloud.test".into()], ..Settings::default() });
    assert_eq!(create_with(&lab, "alibaba-sae", "orders", &[("host", "cloud.test:4010")]).status, 200);
    assert_eq!(create_with(&lab, "alibaba-sae", "other", &[("host", "cloud.test.evil.example")]).status, 421);
}

#[test]
fn refuses_a_page_of_another_origin() {
    let lab = Lab::demo();
    for id in PROVIDERS {
        for headers in [&[("origin", "http://evil.example")], &[("origin", "null")], &[("sec-fetch-site", "cross-site")]] {
            let answer = create_with(&lab, id, "orders", headers);
            assert_eq!(answer.status, 403, "{id} {headers:?}");
        }
        let own = format!("http://{}", lab.address(id));
        let answer = create_with(&lab, id, "orders", &[("origin", &own)]);
        assert!(answer.status < 300, "{id}: {answer:?}");
        assert!(!answer.headers.contains("access-control-allow-origin"), "{id}: {answer:?}");
    }
    let preflight = b"OPTIONS / HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example\r\naccess-control-request-method: POST\r\n\r\n";
    assert_eq!(read_answers(&lab.raw("otc-swr", preflight))[0].status, 403);
}

#[test]
fn accepts_an_allowed_origin() {
    let lab = Lab::with(Settings { origins: vec!["http://localhost:3000".into()], ..Settings::default() });
    let answer = create_with(&lab, "volcengine-id", "orders", &[("origin", "http://localhost:3000")]);
    assert_eq!((answer.status, answer.headers.get_str("access-control-allow-origin")), (200, Some("http://localhost:3000")));
    assert_eq!(create_with(&lab, "volcengine-id", "other", &[("origin", "http://localhost:3001")]).status, 403);
    let preflight = "OPTIONS /v2 HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:3000\r\naccess-control-request-method: POST\r\n\
                     access-control-request-headers: x-auth-token\r\n\r\n";
    let answer = &read_answers(&lab.raw("otc-swr", preflight.as_bytes()))[0];
    assert_eq!((answer.status, answer.headers.get_str("access-control-allow-headers")), (204, Some("x-auth-token")));
    let any = Lab::with(Settings { origins: vec!["*".into()], ..Settings::default() });
    let answer = create_with(&any, "alibaba-sae", "orders", &[("origin", "http://any.example")]);
    assert_eq!((answer.status, answer.headers.get_str("access-control-allow-origin")), (200, Some("*")));
}

#[test]
fn issues_no_token_for_form_or_plain_text() {
    let lab = Lab::demo();
    let login = skydeck::emulator::demo::login(lab.provider("otc-swr").vendor).unwrap();
    let request = skydeck::auth::token_request(&login, &lab.endpoint("otc-swr"));
    let ask = |kind: Option<&str>| {
        let mut request = request.clone();
        request.headers.set("host", lab.address("otc-swr").to_string());
        request.headers.set("content-length", request.body.len().to_string());
        request.headers.remove("content-type");
        if let Some(kind) = kind {
            request.headers.push("content-type", kind);
        }
        lab.send("otc-swr", &request)
    };
    for kind in ["application/x-www-form-urlencoded", "text/plain", "text/plain;charset=UTF-8", "multipart/form-data; boundary=x"] {
        let answer = ask(Some(kind));
        assert_eq!((answer.status, answer.headers.contains("x-subject-token")), (400, false), "{kind}");
        assert_eq!(body(&answer)["error"]["title"], json!("Bad Request"));
    }
    for kind in [None, Some("application/json"), Some("application/json;charset=utf8"), Some("Application/JSON")] {
        assert_eq!(ask(kind).status, 201, "{kind:?}");
    }
}

#[test]
fn heads_that_two_readers_would_read_differently_get_a_400() {
    let lab = Lab::demo();
    for (number, lines) in [
        "GET / HTTP/1.1\nhost: localhost\n\n",
        "GET / HTTP/1.1\r\nhost: localhost\nx: y\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nHost: evil.example\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        let answers = read_answers(&lab.raw_lossy("huawei-swr", lines.as_bytes()));
        assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [400], "{number}: {lines:?}");
    }
    // Behind a good request on the same connection, and behind a body, it is found as well.
    let good = lab.create("otc-swr", &["namespace=orders"]);
    let two = [good.head().as_slice(), &good.body, b"GET / HTTP/1.1\r\nhost: localhost\nx: y\r\n\r\n"].concat();
    let answers = read_answers(&lab.raw_lossy("otc-swr", &two));
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [201, 400]);
}

#[test]
fn marks_a_reused_connection() {
    let lab = Lab::demo();
    let ask = |close: bool| {
        let mut headers = Headers::from_iter([("host", "localhost")]);
        if close {
            headers.push("Connection", "Close");
        }
        lab.send("alibaba-sae", &Request { method: "GET".into(), target: "/".into(), headers, ..Request::default() })
    };
    let stored = ask(false);
    assert_eq!((stored.headers.get_str("connection"), stored.headers.get_str("keep-alive")), (Some("keep-alive"), Some("timeout=25")));
    assert_eq!(stored.headers.get_str("etag").map(str::len), Some(28));
    let closed = ask(true);
    assert_eq!((closed.headers.get_str("connection"), closed.headers.get_str("keep-alive")), (Some("close"), None));
}

#[test]
fn answers_xml_when_only_xml_is_accepted() {
    let lab = Lab::demo();
    let ask = |id: &str, accept: &str, name: &str| create_with(&lab, id, name, &[("accept", accept)]);
    let text = |answer: &Response| String::from_utf8(answer.body.to_vec()).unwrap();
    let made = ask("alibaba-sae", "application/xml", "orders");
    assert_eq!((made.status, made.headers.get_str("content-type")), (200, Some("text/xml;charset=utf-8")));
    let xml = text(&made);
    assert!(xml.starts_with("<?xml version='1.0' encoding='UTF-8'?><CreateNamespaceResponse><RequestId>"), "{xml}");
    assert!(xml.contains("<Data><NamespaceId>cn-hangzhou:orders</NamespaceId>") && xml.ends_with("</CreateNamespaceResponse>"), "{xml}");
    let taken = text(&ask("alibaba-pai", "text/xml", "1orders"));
    assert!(taken.starts_with("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>"), "{taken}");
    assert!(taken.contains("<Code>InvalidParameter</Code>") && taken.ends_with("</Error>"), "{taken}");
    for accept in ["application/json", "*/*", "application/json, text/xml", ""] {
        assert!(text(&ask("alibaba-pai", accept, "1orders")).starts_with('{'), "{accept:?}");
    }
}
