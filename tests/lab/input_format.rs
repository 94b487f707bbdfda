//! Requests in the clothing that people hand over, and read back from it.

use std::fmt::Write as _;

use serde_json::json;
use skydeck::lab::read;
use skydeck::wire::Request;

use crate::vector::folder;

/// As a capture has it.
pub fn as_raw(request: &Request) -> Vec<u8> {
    let mut bytes = request.head();
    bytes.extend_from_slice(&request.body);
    bytes
}

/// As a command for a shell. What curl would add by itself is taken away.
pub fn as_curl(request: &Request) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let host = request.headers.get_str("host").unwrap_or("nowhere");
    let mut command = format!("curl -sS -X {} {}", request.method, quoted(&format!("http://{host}{}", request.target)));
    for name in ["Accept", "Content-Type", "Content-Length", "Host"].iter().filter(|name| !request.headers.contains(name)) {
        let _ = write!(command, " \\\n  -H '{name}:'");
    }
    for (name, value) in request.headers.iter() {
        let value = String::from_utf8_lossy(value);
        let field = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        let _ = write!(command, " \\\n  -H {}", quoted(&field));
    }
    if !request.body.is_empty() {
        let _ = write!(command, " \\\n  --data-binary {}", quoted(&String::from_utf8_lossy(&request.body)));
    }
    command
}

/// As a browser's tools save it.
pub fn as_har(request: &Request) -> String {
    let fields: Vec<_> =
        request.headers.iter().map(|(name, value)| json!({ "name": name, "value": String::from_utf8_lossy(value) })).collect();
    let host = request.headers.get_str("host").unwrap_or("nowhere");
    let mut source = json!({ "method": request.method, "url": format!("http://{host}{}", request.target), "headers": fields });
    if !request.body.is_empty() {
        source["postData"] = json!({ "mimeType": "application/json", "text": String::from_utf8_lossy(&request.body) });
    }
    json!({ "log": { "version": "1.2", "entries": [{ "request": source }] } }).to_string()
}

#[test]
fn reads_every_vector_in_every_input_format() {
    let mut seen = 0;
    for vector in ["alibaba", "volcengine", "huawei", "huawei-go", "otc-legacy"].into_iter().flat_map(folder) {
        for text in [as_raw(&vector.request), as_curl(&vector.request).into_bytes(), as_har(&vector.request).into_bytes()] {
            let pasted = read(&text, None).unwrap_or_else(|error| panic!("{}: {error}", vector.name));
            let (got, sent) = (&pasted.request, &vector.request);
            assert_eq!((&got.method, &got.target, &got.body), (&sent.method, &sent.target, &sent.body), "{}", vector.name);
            for (name, value) in sent.headers.iter() {
                assert_eq!(got.headers.get(name), Some(value), "{} {name}", vector.name);
            }
            // A HAR file and a command always have a host.
            assert!(got.headers.len() <= sent.headers.len() + 1, "{}: {:?}", vector.name, got.headers);
            seen += 1;
        }
    }
    assert_eq!(seen, 3 * 189);
}

#[test]
fn quotes_words_as_a_real_shell_reads_them() {
    let awkward = ["it's", "a \"b\" $c `d` \\e", "line\nfeed", "tab\there", "名前 🚀", "%25&=;|<>()*?[]~#!", ""];
    for text in awkward {
        let quoted = format!("'{}'", text.replace('\'', "'\\''"));
        let ran = std::process::Command::new("sh").args(["-c", &format!("printf %s {quoted}")]).output().unwrap();
        assert_eq!(String::from_utf8(ran.stdout).unwrap(), text);
        let command = format!("curl http://h/ --data-raw {quoted}");
        assert_eq!(&read(command.as_bytes(), None).unwrap().request.body[..], text.as_bytes());
    }
}

#[test]
fn whatever_is_pasted_is_answered() {
    let whole = as_raw(&folder("huawei")[3].request);
    for length in 0..whole.len() {
        let _ = read(&whole[..length], None);
    }
    let curl = as_curl(&folder("huawei")[3].request);
    for length in (0..curl.len()).filter(|at| curl.is_char_boundary(*at)) {
        let _ = read(&curl.as_bytes()[..length], None);
    }
    for odd in [
        &b"\xff\xfe\x00"[..],
        b"{\"log\":{\"entries\":[{\"request\":{\"method\":1}}]}}",
        b"curl \\",
        b"curl -H",
        b"curl $'\\x",
        b":a\n:b:c",
        b"GET  HTTP/1.1\n",
    ] {
        let _ = read(odd, None);
    }
}
