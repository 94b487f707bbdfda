//! Faults in how an answer travels, seen from a bare socket.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use skydeck::emulator::Settings;

use crate::lab::{Lab, json, read_answers};

const LIST: &[u8] = b"GET /v3 HTTP/1.1\r\nhost: localhost\r\n\r\n";

fn lab(faults: &[&str]) -> Lab {
    Lab::with(Settings { faults: faults.iter().map(|fault| (*fault).to_owned()).collect(), ..Settings::default() })
}

/// What comes on a connection of its own, and how it ends.
fn come(lab: &Lab, provider: &str, bytes: &[u8]) -> (Vec<u8>, Result<(), ErrorKind>) {
    let mut stream = lab.connect(provider);
    stream.write_all(bytes).unwrap();
    let mut all = Vec::new();
    let ended = stream.read_to_end(&mut all).map(drop).map_err(|error| error.kind());
    (all, ended)
}

/// The token service's answer as it is without a fault: something with a body that needs no signature.
fn whole(lab: &Lab) -> Vec<u8> {
    lab.raw("huawei-swr", LIST)
}

/// Head and body, at the first empty line.
fn split(bytes: &[u8]) -> (&str, &[u8]) {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    (std::str::from_utf8(&bytes[..end]).unwrap(), &bytes[end..])
}

#[test]
fn resets_before_the_first_byte() {
    let lab = lab(&["huawei-swr/token:reset*1"]);
    assert_eq!(come(&lab, "huawei-swr", LIST), (Vec::new(), Err(ErrorKind::ConnectionReset)));
    assert!(whole(&lab).starts_with(b"HTTP/1.1 200"));
}

#[test]
fn resets_after_the_first_bytes() {
    let lab = lab(&["huawei-swr/token:reset=7*1", "huawei-swr/token:reset=half*1"]);
    let (bytes, ended) = come(&lab, "huawei-swr", LIST);
    let (head, body) = split(&bytes);
    assert_eq!((ended, body.len()), (Err(ErrorKind::ConnectionReset), 7));
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("\r\nX-Request-Id: ") && head.contains("\r\nDate: "), "{head}");
    let (bytes, ended) = come(&lab, "huawei-swr", LIST);
    let right = whole(&lab);
    assert_eq!((ended, split(&bytes).1.len()), (Err(ErrorKind::ConnectionReset), split(&right).1.len() / 2));
}

#[test]
fn truncates_an_answer_and_closes_cleanly() {
    let lab = lab(&["huawei-swr/token:truncated=9*1", "huawei-swr/token:truncated=999999*1"]);
    let right = {
        let other = Lab::demo();
        split(&whole(&other)).1.len()
    };
    for comes in [9, right - 1] {
        let (bytes, ended) = come(&lab, "huawei-swr", LIST);
        let (head, body) = split(&bytes);
        assert_eq!((ended, body.len()), (Ok(()), comes));
        let stated: usize = head.split("Content-Length: ").nth(1).unwrap().split('\r').next().unwrap().parse().unwrap();
        assert!(stated.abs_diff(right) < 8 && stated > comes, "{head}");
    }
}

#[test]
fn truncates_the_head_of_an_answer_without_body() {
    for fault in ["otc-swr:truncated", "otc-swr:reset=3"] {
        let lab = lab(&[fault]);
        let request = lab.create("otc-swr", &["namespace=o"]);
        let (bytes, _) = come(&lab, "otc-swr", &[request.head().as_slice(), &request.body].concat());
        assert!(bytes.starts_with(b"HTTP/1.1 201 Created\r\n") && !bytes.ends_with(b"\r\n\r\n"), "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn not_http_is_another_protocols_greeting() {
    let lab = lab(&["alibaba-pai:not-http"]);
    let (bytes, ended) = come(&lab, "alibaba-pai", b"GET /api/v1/workspaces HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert_eq!(ended, Ok(()));
    assert!(bytes.starts_with(b"SSH-2.0-"));
}

#[test]
fn drips_the_whole_answer_slowly() {
    let lab = lab(&["huawei-swr/token:drip=100/30ms"]);
    let began = Instant::now();
    let (bytes, ended) = come(&lab, "huawei-swr", LIST);
    let drops = u32::try_from(bytes.len().div_ceil(100)).unwrap();
    assert!(ended.is_ok() && began.elapsed() >= Duration::from_millis(30) * (drops - 1), "{drops} drops in {:?}", began.elapsed());
    assert!(json(&read_answers(&bytes).remove(0)).pointer("/version/id").is_some());
}

#[test]
fn reset_spares_earlier_answers_on_the_connection() {
    let lab = lab(&["huawei-swr/token:reset~2*1"]);
    let mut stream = lab.connect("huawei-swr");
    for _ in 0..2 {
        stream.write_all(LIST).unwrap();
        let mut bytes = vec![0; 4096];
        let count = stream.read(&mut bytes).unwrap();
        assert!(bytes[..count].starts_with(b"HTTP/1.1 200"));
    }
    stream.write_all(LIST).unwrap();
    assert_eq!(stream.read(&mut [0; 16]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(whole(&lab).starts_with(b"HTTP/1.1 200"));
}

#[test]
fn several_faults_strike_one_answer() {
    let lab =
        lab(&["huawei-swr/token:malformed", "huawei-swr/token:html=503", "huawei-swr/token:delay=60ms", "huawei-swr/token:truncated=5"]);
    let began = Instant::now();
    let (bytes, _) = come(&lab, "huawei-swr", LIST);
    let (head, body) = split(&bytes);
    assert!(began.elapsed() >= Duration::from_millis(60));
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("Content-Type: text/html"), "{head}");
    assert_eq!(body, b"<html");
}
