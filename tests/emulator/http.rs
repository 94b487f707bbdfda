//! HTTP itself: chunks, pipelines, limits, and what is no HTTP at all.

use std::io::{Read, Write};
use std::net::Shutdown;

use skydeck::wire::Request;

use crate::lab::{Lab, PROVIDERS, code, good, read_answers, texts};

fn bytes(request: &Request) -> Vec<u8> {
    [request.head().as_slice(), &request.body].concat()
}

/// The same request with its body in chunks of three bytes.
fn chunked(mut request: Request) -> Vec<u8> {
    request.headers.remove("content-length");
    request.headers.push("Transfer-Encoding", "chunked");
    let mut out = request.head();
    for chunk in request.body.chunks(3) {
        out.extend_from_slice(format!("{:x};extension=1\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

#[test]
fn bodies_may_come_in_chunks() {
    let lab = Lab::demo();
    for id in PROVIDERS {
        let request = lab.create(id, &texts(&good(id, "orders")));
        let answers = read_answers(&lab.raw(id, &chunked(request)));
        assert!(answers[0].status < 300, "{id} {answers:?}");
    }
}

#[test]
fn requests_may_come_all_at_once() {
    let lab = Lab::demo();
    let requests: Vec<u8> = (0..4).flat_map(|number| bytes(&lab.create("otc-swr", &[&format!("namespace=n{number}")]))).collect();
    let again = bytes(&lab.create("otc-swr", &["namespace=n0"]));
    let answers = read_answers(&lab.raw("otc-swr", &[requests, again].concat()));
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [201, 201, 201, 201, 409]);
}

#[test]
fn keeps_a_connection() {
    let lab = Lab::demo();
    let mut stream = lab.connect("alibaba-sae");
    for number in 0..3 {
        stream.write_all(&bytes(&lab.create("alibaba-sae", &["NamespaceName=o", &format!("NameSpaceShortId=n{number}")]))).unwrap();
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&answer[..length]));
    }
}

#[test]
fn answers_expect_continue() {
    let lab = Lab::demo();
    let mut request = lab.create("otc-swr", &["namespace=orders"]);
    request.headers.push("Expect", "100-continue");
    let mut stream = lab.connect("otc-swr");
    stream.write_all(&request.head()).unwrap();
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&request.body).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert_eq!(read_answers(&rest)[0].status, 201);
}

#[test]
fn accepts_an_absolute_target() {
    let lab = Lab::demo();
    let mut request = lab.create("alibaba-sae", &["NamespaceName=a b", "NameSpaceShortId=orders"]);
    request.target = format!("http://{}{}", lab.address("alibaba-sae"), request.target);
    assert_eq!(lab.send("alibaba-sae", &request).status, 200);
}

#[test]
fn header_names_look_like_the_vendors() {
    let lab = Lab::demo();
    let answer = String::from_utf8(lab.raw("alibaba-sae", b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")).unwrap();
    assert!(
        answer.contains("\r\nX-Acs-Request-Id: ") && answer.contains("\r\nDate: ") && answer.contains("\r\nContent-Length: "),
        "{answer}"
    );
    assert_eq!(answer.matches("\r\nContent-Length: ").count(), 1);
}

#[test]
fn refuses_a_body_over_the_limit() {
    let lab = Lab::demo();
    let mut request = lab.plan("otc-swr", &[]);
    request.body = vec![b'x'; (12 << 20) + 1].into();
    request.headers.set("content-length", request.body.len().to_string());
    let answer = lab.send("otc-swr", &request);
    assert_eq!((answer.status, code(&answer).as_str()), (413, "SVCSTG.SWR.4131001"));
    // Who asks first is told before it sends.
    request.headers.push("Expect", "100-continue");
    let answers = read_answers(&lab.raw("otc-swr", &request.head()));
    assert_eq!((answers.len(), answers[0].status), (1, 413));
}

#[test]
fn refuses_a_head_over_the_limit() {
    let lab = Lab::demo();
    let mut request = lab.plan("otc-swr", &["namespace=orders"]);
    request.headers.push("x-long", vec![b'x'; 300_000]);
    let answer = read_answers(&lab.raw_lossy("otc-swr", &bytes(&request)));
    assert_eq!(answer[0].status, 431);
}

#[test]
fn answers_400_to_bytes_that_are_not_http() {
    let lab = Lab::demo();
    let nonsense: [&[u8]; 7] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"hello\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nho st: a\r\n\r\n",
    ];
    for bytes in nonsense {
        let answer = lab.raw_lossy("alibaba-sae", bytes);
        assert!(
            answer.starts_with(b"HTTP/1.1 400 Bad Request\r\n"),
            "{:?} got {:?}",
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(&answer)
        );
    }
    // And a client that leaves at once, or in the middle, harms nobody.
    drop(lab.connect("alibaba-sae"));
    lab.connect("alibaba-sae").write_all(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nab").unwrap();
    assert_eq!(lab.send("alibaba-sae", &lab.create("alibaba-sae", &["NamespaceName=o"])).status, 200);
}

#[test]
fn odd_requests_are_refused_in_the_vendors_shape() {
    let lab = Lab::demo();
    for id in PROVIDERS {
        for head in ["GET http://localhost/%ff%00 HTTP/1.1", "OPTIONS * HTTP/1.1", "DELETE //?&&=&a%zz HTTP/1.1", "BREW /pot HTTP/1.0"] {
            let request = format!("{head}\r\nhost: localhost\r\nauthorization: \u{fffd}\r\nx-auth-token: \u{e9}\r\n\r\n");
            let answer = &read_answers(&lab.raw(id, request.as_bytes()))[0];
            assert!((400..500).contains(&answer.status) && !code(answer).is_empty(), "{id} {head} {answer:?}");
        }
    }
}

#[test]
fn creates_once_under_concurrent_requests() {
    let lab = Lab::demo();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let send = || lab.send("otc-swr", &lab.create("otc-swr", &["namespace=orders"])).status;
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 15, "{statuses:?}");
}

#[test]
fn stops_answering_when_closed() {
    let lab = Lab::demo();
    let address = lab.address("otc-swr");
    drop(lab);
    assert!(std::net::TcpStream::connect(address).is_err());
}
