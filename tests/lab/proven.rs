//! Single mistakes that the key proves: one row each, at least one for every way to go wrong that has a name.

use crate::breaking::{plain, scoped};
use crate::table::{hold, row};

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const BRACES: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

const SAE: &str = "py-sae-create-special.json";
const PAI: &str = "py-pai-create-all.json";
const GET: &str = "py-pai-get-odd-id.json";
const STS: &str = "py-sae-create-sts.json";
const OLD: &str = "py-v1-sae-create-special.json";
const FULL: &str = "03-create-full.json";
const LIST: &str = "35-universal-get-query.json";
const SWR: &str = "05-create-unicode.json";
const SHOW: &str = "29-show-special.json";
const OTC: &str = "01-create.json";

#[test]
fn finds_query_mistakes() {
    hold(&[
        row("alibaba", SAE, "query-space", |v| v.line_changed(2, |line| line.replace("%20", "+"))),
        row("alibaba", SAE, "query-hex-case", |v| {
            v.line_changed(2, |line| line.replace("%2A", "%2a").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d"))
        }),
        row("alibaba", SAE, "query-double-encoded", |v| v.line_changed(2, |line| line.replace('%', "%25"))),
        row("alibaba", SAE, "query-asterisk", |v| v.line_changed(2, |line| line.replace("%2A", "*"))),
        row("alibaba", SAE, "query-tilde", |v| v.line_changed(2, |line| line.replace('~', "%7E"))),
        row("alibaba", SAE, "query-slash", |v| v.line_changed(2, |line| line.replace("%2F", "/"))),
        row("alibaba", SAE, "query-not-encoded", |v| v.line_changed(2, plain)),
        row("alibaba", SAE, "query-form", |v| v.line_changed(2, |line| line.replace("%20", "+").replace("%2A", "*").replace('~', "%7E"))),
        row("alibaba", SAE, "query-plus", |v| v.line_changed(2, |line| line.replace("%2B", "%20"))),
        row("alibaba", SAE, "query-left-out", |v| v.line_changed(2, |_| String::new())),
        row("alibaba", SAE, "query-unsorted", |v| v.line_changed(2, |line| line.split('&').rev().collect::<Vec<_>>().join("&"))),
        row("alibaba", SAE, "query-added", |v| v.wire_changed(|request| request.target.push_str("&Extra=1"))),
        row("alibaba", SAE, "query-double-encoded", |v| {
            v.wire_changed(|request| request.target = request.target.replace('%', "%25").replace('+', "%2520"))
        }),
        row("alibaba", "py-sae-create-empty-strings.json", "query-empty-value", |v| {
            v.line_changed(2, |line| line.replace("=&", "&").trim_end_matches('=').to_owned())
        }),
        row("volcengine", LIST, "query-unsorted", |v| {
            v.line_changed(2, |line| {
                let pieces: Vec<&str> = line.split('&').collect();
                [pieces[2], pieces[1], pieces[0], pieces[3]].join("&")
            })
        }),
        row("volcengine", LIST, "query-charset", |v| {
            v.line_changed(2, |line| line.replace("%C3%A9%E6%BC%A2", "%C3%83%C2%A9%C3%A6%C2%BC%C2%A2"))
        }),
        row("volcengine", LIST, "query-marks", |v| {
            v.line_changed(2, |line| {
                line.replace("%21", "!").replace("%27", "'").replace("%28", "(").replace("%29", ")").replace("%2A", "*")
            })
        }),
        row("volcengine", FULL, "query-dropped", |v| v.wire_changed(|request| request.target = "/".to_owned())),
        row("otc-legacy", "08-list-query.json", "query-marks", |v| v.line_changed(2, |line| line.replace("%3A", ":"))),
        row("otc-legacy", "08-list-query.json", "query-space", |v| v.line_changed(2, |line| line.replace("%20", "+"))),
        row("alibaba", OLD, "query-encoded", |v| {
            v.string_changed(|text| text.replace("a b*c~d+e/f=g&h%i", "a%20b%2Ac~d%2Be%2Ff%3Dg%26h%25i"))
        }),
    ]);
}

#[test]
fn method_and_path() {
    hold(&[
        row("alibaba", SAE, "method", |v| v.line_changed(0, |_| "GET".to_owned())),
        row("volcengine", FULL, "method", |v| v.wire_changed(|request| request.method = "GET".to_owned())),
        row("huawei", SWR, "method", |v| v.line_changed(0, |_| "post".to_owned())),
        row("alibaba", SAE, "path-slash-extra", |v| v.line_changed(1, |line| format!("{line}/"))),
        row("alibaba", SAE, "path-slash-lacking", |v| {
            v.wire_changed(|request| request.target = request.target.replace("namespace?", "namespace/?"))
        }),
        row("huawei", SWR, "path-slash-lacking", |v| v.line_changed(1, |line| line.trim_end_matches('/').to_owned())),
        row("otc-legacy", OTC, "path-slash-lacking", |v| v.line_changed(1, |line| line.trim_end_matches('/').to_owned())),
        row("alibaba", PAI, "path-root", |v| v.line_changed(1, |_| "/".to_owned())),
        row("alibaba", PAI, "path-prefix", |v| v.wire_changed(|request| request.target = format!("/gateway{}", request.target))),
        row("huawei", SWR, "path-prefix", |v| v.wire_changed(|request| request.target = "/manage/namespaces".to_owned())),
        row("alibaba", GET, "path-not-encoded", |v| v.line_changed(1, plain)),
        row("alibaba", GET, "path-double-encoded", |v| v.line_changed(1, |line| line.replace('%', "%25"))),
        row("alibaba", GET, "path-encoding", |v| {
            v.line_changed(1, |line| line.replace("%2F", "%2f").replace("%2A", "%2a").replace("%2B", "%2b"))
        }),
        row("alibaba", GET, "path-slash-escaped", |v| v.line_changed(1, |line| line.replace("%2F", "/"))),
        row("huawei", SHOW, "path-double-encoded", |v| v.line_changed(1, |line| line.replace('%', "%25"))),
        row("huawei", SHOW, "path-encoding", |v| {
            v.line_changed(1, |line| {
                line.replace("%27", "'").replace("%28", "(").replace("%29", ")").replace("%21", "!").replace("%2A", "*")
            })
        }),
        row("alibaba", PAI, "path-with-query", |v| v.line_changed(1, |line| format!("http://127.0.0.1:42543{line}"))),
        row("alibaba", PAI, "path-normalised", |v| v.wire_changed(|request| request.target = "/api//v1/./workspaces".to_owned())),
    ]);
}

#[test]
fn finds_payload_mistakes() {
    hold(&[
        row("alibaba", PAI, "payload-empty", |v| v.payload_changed(EMPTY)),
        row("alibaba", PAI, "payload-braces", |v| v.payload_changed(BRACES)),
        row("alibaba", PAI, "payload-empty", |v| {
            let hash = v.expected.payload_hash.clone().unwrap();
            let mut request = v.canonical_changed(|text| text.replace(&hash, EMPTY));
            request.headers.set("x-acs-content-sha256", EMPTY);
            request
        }),
        row("volcengine", FULL, "payload-braces", |v| v.payload_changed(BRACES)),
        row("huawei", SWR, "payload-empty", |v| v.payload_changed(EMPTY)),
        row("otc-legacy", OTC, "payload-braces", |v| v.payload_changed(BRACES)),
        row("alibaba", PAI, "payload-newline", |v| v.body_changed(|body| format!("{body}\n"))),
        row("huawei", SWR, "payload-newline", |v| v.body_changed(|body| format!("{body}\r\n"))),
        row("huawei", SWR, "payload-json", |v| v.body_changed(|body| body.replace(": ", ":"))),
        row("huawei", SWR, "payload-json", |v| v.body_changed(|_| "{\"namespace\": \"组织-ü-🚀\"}".to_owned())),
        row("volcengine", FULL, "payload-json", |v| v.body_changed(|body| body.replace(": ", ":").replace(", ", ","))),
        row("volcengine", FULL, "payload-json", |v| v.body_changed(|body| body.replacen('{', "{\"Extra\": 1, ", 1))),
        row("alibaba", PAI, "payload-charset", |v| v.body_changed(|body| body.bytes().map(char::from).collect())),
        row("alibaba", PAI, "payload-changed", |v| v.body_changed(|_| "{}".to_owned())),
        row("volcengine", FULL, "payload-changed", |v| v.body_changed(|body| body.replace("team-a", "team-b"))),
        row("huawei", SWR, "payload-unsigned", |v| v.payload_changed("UNSIGNED-PAYLOAD")),
        row("huawei", SWR, "payload-shape", |v| v.line_changed(usize::MAX, str::to_uppercase)),
        row("alibaba", SAE, "payload-query", |v| {
            let line = v.canonical().split('\n').nth(2).unwrap().to_owned();
            v.payload_changed(&skydeck::auth::hex_sha256(line.as_bytes()))
        }),
    ]);
}

#[test]
fn headers() {
    hold(&[
        row("alibaba", SAE, "host-port", |v| v.canonical_changed(|text| text.replace("127.0.0.1:42543", "127.0.0.1"))),
        row("huawei", SWR, "host-port", |v| v.canonical_changed(|text| text.replace("127.0.0.1:42545", "127.0.0.1"))),
        row("volcengine", "17-create-host-port-80.json", "host-port", |v| {
            v.canonical_changed(|text| text.replace("volcengineapi.com", "volcengineapi.com:80"))
        }),
        row("alibaba", SAE, "host-changed", |v| {
            v.canonical_changed(|text| text.replace("127.0.0.1:42543", "sae.cn-hangzhou.aliyuncs.com"))
        }),
        row("otc-legacy", OTC, "host-changed", |v| {
            v.canonical_changed(|text| text.replace("127.0.0.1:34719", "swr-api.eu-de.otc.t-systems.com"))
        }),
        row("volcengine", "16-create-host-regional.json", "host-changed", |v| v.header_changed("host", |_| "proxy.internal".to_owned())),
        row("alibaba", SAE, "header-dropped", |v| v.wire_changed(|request| request.headers.remove("accept"))),
        row("huawei", SWR, "header-dropped", |v| v.wire_changed(|request| request.headers.remove("user-agent"))),
        row("volcengine", FULL, "header-dropped", |v| v.wire_changed(|request| request.headers.remove("x-content-sha256"))),
        row("alibaba", SAE, "header-added", |v| v.wire_changed(|request| request.headers.push("x-acs-proxy", "1"))),
        row("alibaba", OLD, "header-added", |v| v.wire_changed(|request| request.headers.push("x-acs-proxy", "1"))),
        row("alibaba", SAE, "header-proxy", |v| v.header_changed("user-agent", |value| format!("{value}, proxy/1.0"))),
        row("alibaba", SAE, "header-case", |v| {
            v.canonical_changed(|text| {
                text.replace(
                    "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2",
                    "alibabacloud (linux; x86_64) python/3.11.7 core/0.4.3 teadsl/2",
                )
            })
        }),
        row("huawei", SWR, "header-space", |v| v.header_changed("user-agent", |value| value.replace("; ", ";  "))),
        row("huawei", SWR, "header-space", |v| v.canonical_changed(|text| text.replace("user-agent:huawei", "user-agent: huawei"))),
        row("huawei", "18-create-agent-utf8.json", "header-charset", |v| {
            v.wire_changed(|request| {
                let doubled: String = request.headers.get("user-agent").unwrap().iter().map(|byte| char::from(*byte)).collect();
                request.headers.set("user-agent", doubled);
            })
        }),
        row("huawei", SWR, "header-repeated", |v| v.wire_changed(|request| request.headers.push("user-agent", "proxy"))),
        row("alibaba", PAI, "content-type", |v| {
            v.canonical_changed(|text| text.replace("application/json; charset=utf-8", "application/json"))
        }),
        row("volcengine", FULL, "content-type", |v| v.header_changed("content-type", |_| "application/json; charset=utf-8".to_owned())),
        row("alibaba", SAE, "header-changed", |v| v.header_changed("accept", |_| "*/*".to_owned())),
        row("alibaba", SAE, "header-changed", |v| v.header_changed("x-acs-action", |_| "DeleteNamespace".to_owned())),
        row("alibaba", OLD, "header-changed", |v| v.header_changed("accept", |_| "text/html".to_owned())),
    ]);
}

#[test]
fn lists_headers_and_layouts() {
    hold(&[
        row("alibaba", SAE, "list-unsorted", |v| v.authorization_changed("accept;host;", "host;accept;")),
        row("alibaba", SAE, "list-differs", |v| {
            v.canonical_changed(|text| text.replace("accept:application/json\n", "").replace("accept;", ""))
        }),
        row("huawei", SWR, "list-differs", |v| {
            v.canonical_changed(|text| {
                text.replace("content-type:", "connection:keep-alive\ncontent-type:").replace("content-type;", "connection;content-type;")
            })
        }),
        row("huawei", SWR, "list-case", |v| {
            v.canonical_changed(|text| text.replace("content-type;host;user-agent;x-sdk-date", "Content-Type;Host;User-Agent;X-Sdk-Date"))
        }),
        row("huawei", SWR, "list-lacks", |v| {
            let date = format!("x-sdk-date:{}\n", v.request.headers.get_str("x-sdk-date").unwrap());
            let canonical = v.canonical_changed(|text| text.replace(&date, "").replace(";x-sdk-date", ""));
            let value = canonical.headers.get_str("authorization").unwrap().replace(";x-sdk-date", "");
            let mut request = canonical.clone();
            request.headers.set("authorization", value);
            request
        }),
        row("alibaba", SAE, "layout-newline", |v| v.canonical_changed(|text| text.replace("\n\n", "\n"))),
        row("volcengine", FULL, "layout-newline", |v| v.canonical_changed(|text| text + "\n")),
        row("huawei", SWR, "layout-newline", |v| v.canonical_changed(|text| text.replacen("namespaces/\n\n", "namespaces/\n", 1))),
        row("alibaba", SAE, "layout-separator", |v| v.canonical_changed(|text| text.replace('\n', "\r\n"))),
        row("volcengine", FULL, "layout-separator", |v| {
            v.canonical_changed(|text| {
                text.replace("content-type:", "content-type: ")
                    .replace("host:", "host: ")
                    .replace("sha256:", "sha256: ")
                    .replace("x-date:", "x-date: ")
                    .replace("-id:", "-id: ")
                    .replace("-request:", "-request: ")
            })
        }),
        row("huawei", SWR, "layout-separator", |v| v.canonical_changed(|text| text.replace(';', ",").replace("3.0,", "3.0;"))),
        row("alibaba", SAE, "string-digest", |v| {
            v.string_changed(|text| {
                let (algorithm, hash) = text.split_once('\n').unwrap();
                format!("{algorithm}\n{}", hash.to_uppercase())
            })
        }),
        row("huawei", SWR, "string-digest", |v| {
            let canonical = v.canonical();
            v.string_changed(|text| format!("{}\n{canonical}", text.rsplit_once('\n').unwrap().0))
        }),
        row("alibaba", SAE, "string-algorithm", |v| v.string_changed(|text| text.replace("ACS3-", ""))),
    ]);
}

#[test]
fn finds_scope_and_key_mistakes() {
    hold(&[
        row("volcengine", FULL, "scope-region", |v| v.authorization_changed("/cn-beijing/", "/cn-shanghai/")),
        row("volcengine", FULL, "scope-region", |v| v.string_changed(|text| text.replace("/cn-beijing/", "/ap-southeast-1/"))),
        row("volcengine", FULL, "scope-service", |v| v.authorization_changed("/id/", "/iam/")),
        row("volcengine", FULL, "scope-end", |v| v.authorization_changed("/request,", "/aws4_request,")),
        row("volcengine", FULL, "scope-end", |v| v.string_changed(|text| text.replace("/request", "/aws4_request"))),
        row("volcengine", FULL, "scope-day", |v| v.authorization_changed("/20261122/", "/20261121/")),
        row("volcengine", FULL, "scope-missing", |v| {
            let text = v.expected.string_to_sign.replace("20261122/cn-beijing/id/request\n", "");
            v.with_signature(&skydeck::auth::hex_hmac_sha256(v.key.secret.expose().as_bytes(), text.as_bytes()))
        }),
        row("otc-legacy", OTC, "scope-region", |v| v.string_changed(|text| text.replace("20261122///", "20261122/eu-de//"))),
        row("volcengine", FULL, "key-prefix", |v| v.with_signature(&scoped(&v.expected.string_to_sign, v.key.secret.expose(), "AWS4"))),
        row("otc-legacy", OTC, "key-prefix", |v| v.with_signature(&scoped(&v.expected.string_to_sign, v.key.secret.expose(), ""))),
        row("volcengine", FULL, "key-derivation", |v| {
            v.with_signature(&skydeck::auth::hex_hmac_sha256(v.key.secret.expose().as_bytes(), v.expected.string_to_sign.as_bytes()))
        }),
        row("huawei", SWR, "key-derivation", |v| {
            let lines: Vec<&str> = v.expected.string_to_sign.split('\n').collect();
            let text = [lines[0], lines[1], "20261122/eu-west-101//sdk_request", lines[2]].join("\n");
            v.with_signature(&scoped(&text, v.key.secret.expose(), "SDK"))
        }),
        row("alibaba", SAE, "secret-space", |v| v.secret_changed(|secret| format!("{secret}\n"))),
        row("volcengine", FULL, "secret-space", |v| v.secret_changed(|secret| format!(" {secret}"))),
        row("huawei", SWR, "secret-quoted", |v| v.secret_changed(|secret| format!("\"{secret}\""))),
        row("volcengine", FULL, "secret-changed", |v| v.secret_changed(|_| decoded_secret())),
        row("alibaba", OLD, "secret-changed", |v| v.secret_changed(|secret| format!("{secret}&"))),
        row("alibaba", SAE, "secret-key-id", |v| v.secret_changed(|_| v.key.id.clone())),
        row("huawei", SWR, "unknown", |v| v.secret_changed(|_| "somebody else's".to_owned())),
        row("alibaba", OLD, "algorithm", |v| {
            use base64::Engine as _;
            let mac = skydeck::auth::hmac_sha256(v.key.secret.expose().as_bytes(), v.expected.string_to_sign.as_bytes());
            v.with_signature(&base64::engine::general_purpose::STANDARD.encode(*mac))
        }),
    ]);
}

/// The Volcengine vectors' secret, which is Base64, decoded.
fn decoded_secret() -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode("WkRaa01USm1ZVGRtTldNM05EQTRNemc9PQ==").unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn dates_tokens_and_forms() {
    hold(&[
        row("alibaba", SAE, "date-changed", |v| v.header_changed("x-acs-date", |_| "2026-11-22T00:40:53Z".to_owned())),
        row("volcengine", FULL, "date-changed", |v| v.header_changed("x-date", |_| "20261122T004917Z".to_owned())),
        row("huawei", SWR, "date-twice", |v| v.string_changed(|text| text.replace("T005033Z", "T005034Z"))),
        row("huawei", SWR, "date-zone", |v| {
            let canonical = v.canonical().replace("T005033Z", "T085033Z");
            let text = format!("SDK-HMAC-SHA256\n20261122T085033Z\n{}", skydeck::auth::hex_sha256(canonical.as_bytes()));
            v.with_signature(&skydeck::auth::hex_hmac_sha256(v.key.secret.expose().as_bytes(), text.as_bytes()))
        }),
        row("alibaba", SAE, "date-format", |v| v.header_changed("x-acs-date", |_| "20261122T003953Z".to_owned())),
        row("huawei", SWR, "date-format", |v| v.string_changed(|text| text.replace("20261122T005033Z", "2026-11-22T00:50:33Z"))),
        row("huawei", SWR, "date-source", |v| {
            let mut request = v.string_changed(|text| text.replace("20261122T005033Z", "20261122T010000Z"));
            request.headers.push("date", "Sun, 22 Nov 2026 01:00:00 GMT");
            request
        }),
        row("alibaba", STS, "token-unsigned", |v| {
            v.canonical_changed(|text| {
                text.replace("x-acs-security-token:CAISExampleToken+with/slash=and==pad\n", "").replace("x-acs-security-token;", "")
            })
        }),
        row("volcengine", "12-create-sts-token.json", "token-unsigned", |v| {
            v.canonical_changed(|text| {
                text.replace("x-security-token:STSeyJMVEFjY2Vzc0tleUlkIjoiQUtMVGR1bW15In0=\n", "").replace(";x-security-token", "")
            })
        }),
        row("alibaba", STS, "token-signed", |v| v.wire_changed(|request| request.headers.remove("x-acs-security-token"))),
        row("alibaba", STS, "token-other", |v| v.header_changed("x-acs-security-token", |_| "CAISanother".to_owned())),
        row("alibaba", SAE, "signature-shape", |v| v.with_signature(&v.expected.signature.to_uppercase())),
        row("huawei", SWR, "signature-shape", |v| {
            use base64::Engine as _;
            v.with_signature(&base64::engine::general_purpose::STANDARD.encode(hex(&v.expected.signature)))
        }),
        row("volcengine", FULL, "signature-copied", |v| v.with_signature(&miscopied(&v.expected.signature, 'x'))),
        row("huawei", SWR, "signature-copied", |v| v.with_signature(&miscopied(&v.expected.signature, 'e'))),
        row("alibaba", OLD, "signature-copied", |v| v.with_signature(&miscopied(&v.expected.signature, '+'))),
        row("volcengine", FULL, "signature-cut", |v| v.with_signature(&v.expected.signature[..48])),
        row("alibaba", SAE, "algorithm", |v| v.authorization_changed("ACS3-HMAC-SHA256", "ACS3-HMAC-SHA1")),
        row("huawei", SWR, "algorithm", |v| v.authorization_changed("SDK-HMAC-SHA256", "HMAC-SHA256")),
        row("huawei", SWR, "authorization-malformed", |v| v.authorization_changed("Access=", "access=")),
        row("alibaba", SAE, "other-key", |v| v.authorization_changed("LTAI5tExampleKey000000", "LTAI5tExampleKey000001")),
    ]);
}

/// A signature with one wrong sign in its middle.
fn miscopied(signature: &str, wrong: char) -> String {
    let (before, after) = signature.split_at(signature.len() / 2);
    let wrong = if after.starts_with(wrong) { '0' } else { wrong };
    format!("{before}{wrong}{}", &after[1..])
}

fn hex(digits: &str) -> Vec<u8> {
    digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The rows above, counted where they stand.
#[test]
fn has_the_expected_table_length() {
    let rows = include_str!("proven.rs").matches("\n        row(").count();
    assert!(rows >= 100, "{rows}");
}
