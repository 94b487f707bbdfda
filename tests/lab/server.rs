//! The server's text beside ours.

use skydeck::auth::Trace;
use skydeck::lab::{ServerText, compare};

use crate::vector::{Vector, one};

fn traced(folder: &str, file: &str) -> (Vector, Trace) {
    let vector = one(folder, file);
    let trace = vector.verify(&vector.request).unwrap();
    (vector, trace)
}

/// What Alibaba's gateway says.
fn shown(canonical: &str) -> String {
    let hash = skydeck::auth::hex_sha256(canonical.as_bytes());
    format!(
        "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n{hash}] server CanonicalRequest is [{canonical}]"
    )
}

fn named(trace: &Trace, body: &[u8], text: &str) -> (&'static str, Option<(String, Option<usize>)>) {
    let server = ServerText::find(text).expect(text);
    let (comparison, causes) = compare(trace, &server, Some(body));
    let first = comparison.first_difference().map(|part| (part.name.clone(), part.at));
    (causes.first().map_or("none", |cause| cause.fault.id), first)
}

#[test]
fn alibabas_text_is_aligned_and_its_cause_named() {
    let (vector, trace) = traced("alibaba", "py-pai-create-all.json");
    let canonical = vector.canonical();
    let hash = vector.expected.payload_hash.clone().unwrap();
    let fault = |from: &str, to: &str| {
        let changed = canonical.replace(from, to);
        assert_ne!(changed, canonical, "{from}");
        named(&trace, &vector.request.body, &shown(&changed)).0
    };
    assert_eq!(named(&trace, &[], &shown(&canonical)), ("wrong-secret", None));
    for (from, to, wanted) in [
        ("host:127.0.0.1:42543", "host:127.0.0.1", "host-port"),
        ("host:127.0.0.1:42543", "host:pai.internal", "host-changed"),
        ("; charset=utf-8", ";charset=utf-8", "header-space"),
        ("; charset=utf-8", "", "content-type"),
        ("TeaDSL/2", "TeaDSL/2 Proxy/1", "header-proxy"),
        ("AlibabaCloud (Linux", "Other (Linux", "header-changed"),
        ("user-agent:Alibaba", "user-agent:alibaba", "header-case"),
        ("accept:application/json\n", "", "header-dropped"),
        ("host:", "forwarded:for=1\nhost:", "header-added"),
        ("POST", "GET", "method"),
        ("/api/v1/workspaces", "/api/v1/workspaces/", "path-slash-extra"),
        ("/api/v1/workspaces", "/gw/api/v1/workspaces", "path-prefix"),
        ("00:39:54Z", "00:39:55Z", "date-differs"),
        ("accept;content-type", "content-type;accept", "list-unsorted"),
    ] {
        assert_eq!(fault(from, to), wanted, "{from} -> {to}");
    }
    let last = |to: &str| named(&trace, &vector.request.body, &shown(&format!("{}{to}", canonical.strip_suffix(&hash).unwrap()))).0;
    assert_eq!(last("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), "payload-empty");
    assert_eq!(last("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"), "payload-braces");
    assert_eq!(last(&skydeck::auth::hex_sha256(&[&vector.request.body[..], b"\n"].concat())), "payload-newline");
    assert_eq!(last("00"), "payload-changed");
}

#[test]
fn compares_queries_by_character() {
    let (vector, trace) = traced("alibaba", "py-sae-create-special.json");
    let canonical = vector.canonical();
    for (from, to, wanted) in [
        ("%20", "+", "query-space"),
        ("%2A", "*", "query-asterisk"),
        ("%2F", "/", "query-slash"),
        ("%2B", "%2b", "query-hex-case"),
        ("d%2Be", "d%252Be", "query-differs"),
        ("~", "%7E", "query-tilde"),
        ("&NamespaceName=", "&Extra=1&NamespaceName=", "query-added"),
        ("NameSpaceShortId=sp&", "", "query-dropped"),
    ] {
        let changed = canonical.replacen(from, to, 1);
        let (found, first) = named(&trace, b"", &shown(&changed));
        let (name, at) = first.unwrap();
        let line = canonical.split('\n').nth(2).unwrap();
        let theirs = changed.split('\n').nth(2).unwrap();
        let byte = line.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count();
        assert_eq!((found, name.as_str(), at), (wanted, "query", Some(byte)), "{from} -> {to}");
    }
}

#[test]
fn aligns_older_and_huawei_texts() {
    let (vector, trace) = traced("alibaba", "py-v1-sae-create-special.json");
    let text = |string: &str| format!("Specified signature is not matched with our calculation. server string to sign is:{string}");
    let string = &vector.expected.string_to_sign;
    assert_eq!(named(&trace, b"", &text(string)).0, "wrong-secret");
    assert_eq!(named(&trace, b"", &text(&string.replace("application/json", "*/*"))).0, "header-changed");
    let (vector, trace) = traced("huawei", "05-create-unicode.json");
    let canonical = vector.canonical();
    let text = |canonical: &str| {
        format!(
            "{{\"error_msg\":\"Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:{}\",\"error_code\":\"APIGW.0301\"}}",
            canonical.replace('\n', "|")
        )
    };
    assert_eq!(named(&trace, b"", &text(&canonical)), ("wrong-secret", None));
    assert_eq!(
        named(&trace, b"", &text(&canonical.replace("127.0.0.1:42545", "127.0.0.1"))),
        ("host-port", Some(("header host".into(), Some(9))))
    );
    assert_eq!(named(&trace, b"", &text(&canonical.replace("namespaces/", "namespaces"))).0, "path-slash-lacking");
}

#[test]
fn scopes_are_compared_piece_by_piece() {
    let (vector, trace) = traced("volcengine", "03-create-full.json");
    let string = &vector.expected.string_to_sign;
    for (from, to, wanted) in
        [("cn-beijing", "cn-shanghai", "scope-region"), ("/id/", "/iam/", "scope-service"), ("HMAC-SHA256\n", "AWS4\n", "string-algorithm")]
    {
        let text = format!("server StringToSign is [{}] server CanonicalRequest is [{}]", string.replace(from, to), vector.canonical());
        assert_eq!(named(&trace, b"", &text).0, wanted);
    }
}
