//! What people, tools and proxies do to requests beyond the table's first rows: tried by a stranger, each with the cause that must be
//! named.

use md5::Digest as _;
use skydeck::auth::{hex_hmac_sha256, hex_sha256};
use skydeck::wire::Request;

use crate::table::{hold, row};
use crate::vector::Vector;

const SAE: &str = "py-sae-create-special.json";
const PAI: &str = "py-pai-create-all.json";
const GET: &str = "py-pai-get-odd-id.json";
const OLD: &str = "py-v1-sae-create-special.json";
const FULL: &str = "03-create-full.json";
const LIST: &str = "35-universal-get-query.json";
const SWR: &str = "05-create-unicode.json";
const SHOW: &str = "29-show-special.json";
const OTC: &str = "01-create.json";
const OTC_LIST: &str = "08-list-query.json";

impl Vector {
    fn target_changed(&self, change: impl Fn(&str) -> String) -> Request {
        self.wire_changed(|request| request.target = change(&request.target))
    }

    /// Signed again with a payload line that another digest gives.
    fn digested(&self, digest: impl Fn(&[u8]) -> String) -> Request {
        self.payload_changed(&digest(&self.request.body))
    }
}

#[test]
fn finds_an_escaped_or_pasted_url() {
    hold(&[
        row("alibaba", SAE, "target-escaped", |v| v.target_changed(|target| target.replace('&', "&amp;"))),
        row("volcengine", FULL, "target-escaped", |v| v.target_changed(|target| target.replace('&', "&amp;"))),
        row("otc-legacy", OTC_LIST, "target-escaped", |v| v.target_changed(|target| target.replace('&', "\\u0026"))),
        row("volcengine", FULL, "target-escaped", |v| {
            v.target_changed(|target| target.replace(['&'], "\\&").replace('?', "\\?").replace('=', "\\="))
        }),
        row("volcengine", LIST, "target-escaped", |v| v.target_changed(|target| target.replacen('?', "??", 1))),
        row("volcengine", FULL, "target-escaped", |v| v.target_changed(|target| target.replace('=', "%3D"))),
        row("alibaba", OLD, "target-escaped", |v| v.target_changed(|target| target.replace('&', ";"))),
        row("huawei", "24-list-unicode.json", "target-escaped", |v| {
            v.target_changed(|target| format!("{target}%22").replacen('?', "?%22", 1))
        }),
        row("volcengine", FULL, "target-escaped", |v| {
            v.target_changed(|target| target.replace("2025-10-30", "2025%E2%80%9310%E2%80%9330"))
        }),
        row("alibaba", SAE, "target-escaped", |v| v.target_changed(|target| format!("{target}#top"))),
    ]);
}

#[test]
fn parameters_come_and_go() {
    hold(&[
        row("alibaba", SAE, "query-added", |v| v.target_changed(|target| format!("{target}&utm_source=a&utm_medium=b"))),
        row("volcengine", LIST, "query-added", |v| v.target_changed(|target| target.replacen('?', "?_=17&x=1&", 1))),
        row("huawei", SWR, "query-added", |v| v.target_changed(|target| format!("{target}?trace=1"))),
        row("alibaba", PAI, "query-added", |v| v.target_changed(|target| format!("{target}?a=1&b=2"))),
        row("volcengine", FULL, "query-dropped", |v| v.target_changed(|target| target.replace("&Version=2025-10-30", ""))),
        row("volcengine", FULL, "query-differs", |v| v.target_changed(|target| target.replace("Action", "action"))),
        row("volcengine", FULL, "query-differs", |v| v.target_changed(|target| target.replace("CreateN", "createN"))),
        row("volcengine", FULL, "query-differs", |v| v.target_changed(|target| target.replace("2025-10-30", "2018-01-01"))),
        row("alibaba", SAE, "target-escaped", |v| v.target_changed(|target| target.replace("=sp&", "=%22sp%22&"))),
        row("alibaba", SAE, "query-differs", |v| v.target_changed(|target| target.replace("=sp&", "=sp%0A&"))),
        row("alibaba", SAE, "query-plus", |v| v.target_changed(|target| target.replace("%2B", "+"))),
        row("volcengine", LIST, "query-plus", |v| v.target_changed(|target| target.replace('+', "%2B"))),
        row("volcengine", LIST, "query-charset", |v| v.target_changed(|target| target.replace("%C3%A9", "e%CC%81"))),
        row("otc-legacy", OTC_LIST, "query-marks", |v| {
            let mut request = v.line_changed(2, |line| line.replace("=a%20b%2Bc", "=a%20b%2Bc%26x%3D1"));
            request.target = request.target.replace("a+b%2Bc", "a+b%2Bc&x=1");
            request
        }),
        row("otc-legacy", OTC_LIST, "query-list", |v| v.target_changed(|target| target.replace("namespace=", "namespace.1="))),
        row("alibaba", SAE, "query-list", |v| v.target_changed(|target| target.replace("ShortId=", "ShortId%5B%5D="))),
        row("huawei", "24-list-unicode.json", "query-moved", |v| {
            v.wire_changed(|request| {
                let query = request.query().to_owned();
                request.target = request.path().to_owned();
                request.headers.set("content-length", query.len().to_string());
                request.body = query.into();
            })
        }),
        row("otc-legacy", OTC_LIST, "method", |v| v.wire_changed(|request| request.method = "POST".to_owned())),
    ]);
}

#[test]
fn paths_are_mended_and_mangled() {
    hold(&[
        row("huawei", SWR, "path-differs", |v| v.target_changed(|target| format!("{target}%20"))),
        row("alibaba", PAI, "path-differs", |v| v.target_changed(|target| format!("{target};jsessionid=1"))),
        row("huawei", SWR, "path-differs", |v| v.target_changed(|target| target.replace("/v2/", "/v1/"))),
        row("alibaba", PAI, "path-differs", |v| v.target_changed(|target| target.replace("/workspaces", ""))),
        row("alibaba", GET, "path-slash-escaped", |v| v.target_changed(|target| target.replace("%2F", "/"))),
        row("alibaba", GET, "path-double-encoded", |v| v.target_changed(|target| target.replace('%', "%25"))),
        row("huawei", SHOW, "path-encoding", |v| v.target_changed(|target| target.replace("%20", "+"))),
    ]);
}

#[test]
fn sends_the_body() {
    hold(&[
        row("huawei", SWR, "payload-digest", |v| v.digested(|body| hex::encode(md5::Md5::digest(body)))),
        row("volcengine", FULL, "payload-digest", |v| v.digested(|body| hex::encode(sha1::Sha1::digest(body)))),
        row("otc-legacy", OTC, "payload-digest", |v| v.digested(|body| hex::encode(sha2::Sha512::digest(body)))),
        row("alibaba", PAI, "payload-digest", |v| v.digested(|body| hex_hmac_sha256(v.key.secret.expose().as_bytes(), body))),
        row("alibaba", PAI, "payload-unsigned", |v| v.payload_changed("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
        row("huawei", SWR, "payload-changed", |v| v.digested(|_| hex_sha256(b"[object Object]"))),
        row("otc-legacy", OTC, "payload-escaped", |v| v.body_changed(|_| "{“namespace”:“group”}".to_owned())),
        row("otc-legacy", OTC, "payload-escaped", |v| v.body_changed(|body| body.replace('"', "&quot;"))),
        row("otc-legacy", OTC, "payload-escaped", |v| v.body_changed(|body| body.replace('"', ""))),
        row("otc-legacy", OTC, "payload-escaped", |v| v.body_changed(|body| format!("'{body}'"))),
        row("huawei", SWR, "payload-escaped", |v| v.body_changed(|body| body.replace('"', "'"))),
        row("volcengine", FULL, "payload-escaped", |v| v.body_changed(|body| body.replace(' ', "\u{a0}"))),
        row("otc-legacy", OTC, "payload-wrapped", |v| v.body_changed(|body| format!("[{body}]"))),
        row("huawei", SWR, "payload-wrapped", |v| v.body_changed(|body| format!("{{\"data\":{body}}}"))),
        row("huawei", SWR, "payload-wrapped", |v| {
            use base64::Engine as _;
            v.body_changed(|body| base64::engine::general_purpose::STANDARD.encode(body))
        }),
        row("huawei", SWR, "payload-json", |v| v.body_changed(|body| body.replacen('{', "{\"a\":1,\"b\":2,", 1))),
        row("alibaba", PAI, "payload-json", |v| {
            v.body_changed(|body| {
                let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).unwrap();
                let mut members: Vec<_> = members.into_iter().collect();
                members.swap(0, 3);
                members.rotate_left(2);
                serde_json::to_string(&members.into_iter().collect::<serde_json::Map<_, _>>()).unwrap()
            })
        }),
        row("volcengine", FULL, "payload-json", |v| {
            v.body_changed(|body| {
                let value: serde_json::Value = serde_json::from_str(body).unwrap();
                serde_json::to_string_pretty(&value).unwrap().replace("  ", "\t") + "\n"
            })
        }),
        row("otc-legacy", OTC, "payload-changed", |v| v.body_changed(|_| "namespace=group".to_owned())),
    ]);
}

#[test]
fn proxies_and_libraries_touch_headers() {
    hold(&[
        row("huawei", SWR, "header-proxy", |v| v.header_changed("user-agent", |value| format!("{value} via squid/5"))),
        row("huawei", SWR, "host-changed", |v| {
            v.wire_changed(|request| {
                request.headers.push("forwarded", "for=10.0.0.1;host=\"127.0.0.1:42545\";proto=https");
                request.headers.set("host", "proxy.internal");
            })
        }),
        row("alibaba", SAE, "host-changed", |v| {
            v.wire_changed(|request| {
                request.headers.push("x-forwarded-host", "127.0.0.1");
                request.headers.push("x-forwarded-port", "42543");
                request.headers.set("host", "proxy.internal");
            })
        }),
        row("volcengine", FULL, "header-changed", |v| v.header_changed("x-sdk-request", |_| "attempt=2; max=3".to_owned())),
        row("alibaba", OLD, "header-repeated", |v| v.wire_changed(|request| request.headers.push("accept", "*/*"))),
        row("alibaba", OLD, "header-dropped", |v| v.wire_changed(|request| request.headers.remove("accept"))),
        row("volcengine", FULL, "date-format", |v| v.header_changed("x-date", |_| "Sun, 22 Nov 2026 00:44:18 +0000".to_owned())),
        row("otc-legacy", OTC, "date-format", |v| v.header_changed("x-sdk-date", |_| v.now.as_millisecond().to_string())),
        row("volcengine", FULL, "date-format", |v| v.header_changed("x-date", |date| format!("\"{date}\""))),
        row("alibaba", SAE, "date-format", |v| v.header_changed("x-acs-date", str::to_lowercase)),
        row("huawei", SWR, "date-format", |v| v.header_changed("x-sdk-date", |_| "20261122T085033+0800".to_owned())),
    ]);
}

#[test]
fn finds_a_mangled_authorization_header() {
    hold(&[
        row("alibaba", SAE, "list-repeated", |v| v.authorization_changed("host;", "host;host;")),
        row("huawei", SWR, "list-repeated", |v| v.authorization_changed("host;", "host;host;")),
        row("volcengine", FULL, "list-differs", |v| v.authorization_changed(";x-sdk-invocation-id;x-sdk-request", "")),
        row("huawei", SWR, "authorization-malformed", |v| v.authorization_changed("host;", "host,")),
        row("huawei", SWR, "authorization-malformed", |v| v.authorization_changed(";", "%3B")),
        row("volcengine", FULL, "authorization-malformed", |v| v.authorization_changed(", ", "; ")),
        row("otc-legacy", OTC, "authorization-malformed", |v| v.authorization_changed("Credential=", "Credential: ")),
        row("huawei", SWR, "authorization-malformed", |v| v.authorization_changed("SDK-HMAC-SHA256", "Bearer SDK-HMAC-SHA256")),
        row("volcengine", FULL, "authorization-malformed", |v| v.authorization_changed("HMAC-SHA256 ", "")),
        row("otc-legacy", OTC, "authorization-malformed", |v| v.header_changed("authorization", |value| format!("\"{value}\""))),
        row("alibaba", OLD, "authorization-malformed", |v| v.header_changed("authorization", |value| format!("Authorization: {value}"))),
        row("volcengine", FULL, "authorization-malformed", |v| v.authorization_changed("/20261122/cn-beijing/id/request", "")),
        row("huawei", SWR, "signature-shape", |v| {
            v.header_changed("authorization", |value| format!("{}\n {}", &value[..120], &value[120..]))
        }),
        row("alibaba", OLD, "signature-shape", |v| v.with_signature(&v.expected.signature.to_lowercase())),
        row("alibaba", OLD, "signature-cut", |v| v.with_signature(&v.expected.signature[..20])),
        row("volcengine", FULL, "signature-shape", |v| v.header_changed("authorization", |value| format!("{value}\u{200b}"))),
    ]);
}

#[test]
fn finds_a_mistreated_secret() {
    hold(&[
        row("alibaba", SAE, "secret-charset", |v| v.secret_changed(|secret| format!("\u{feff}{secret}"))),
        row("volcengine", FULL, "secret-charset", |v| v.secret_changed(|secret| secret.chars().flat_map(|c| [c, '\0']).collect())),
        row("huawei", SWR, "secret-cut", |v| v.secret_changed(|secret| secret[..20].to_owned())),
        row("otc-legacy", OTC, "secret-cut", |v| v.secret_changed(|secret| secret[1..].to_owned())),
        row("alibaba", OLD, "secret-cut", |v| v.secret_changed(|secret| secret[..secret.len() - 1].to_owned())),
        row("volcengine", FULL, "secret-typed", |v| v.secret_changed(|secret| secret.replacen('W', "w", 1))),
        row("huawei", SWR, "secret-typed", |v| v.secret_changed(|secret| format!("{}\n{}", &secret[..16], &secret[16..]))),
        row("huawei", SWR, "secret-typed", |v| v.secret_changed(|secret| secret.replace("Ij", "jI"))),
        row("alibaba", SAE, "secret-missing", |v| v.secret_changed(|_| String::new())),
        row("alibaba", SAE, "secret-missing", |v| v.secret_changed(|_| "undefined".to_owned())),
        row("volcengine", FULL, "secret-missing", |v| v.secret_changed(|_| "${VOLCENGINE_SECRET_KEY}".to_owned())),
        row("huawei", SWR, "secret-quoted", |v| v.secret_changed(|secret| format!("“{secret}”"))),
        row("huawei", SWR, "secret-quoted", |v| v.secret_changed(|secret| format!("\"{secret}\"\n"))),
        row("otc-legacy", OTC, "secret-quoted", |v| v.secret_changed(|secret| format!("\"{secret}"))),
        row("alibaba", SAE, "secret-space", |v| v.secret_changed(|secret| format!("{secret}\u{a0}"))),
        row("huawei", SWR, "secret-changed", |v| v.secret_changed(|secret| format!("{secret},"))),
        row("huawei", SWR, "secret-changed", |v| v.secret_changed(|secret| secret.replace('+', "-").replace('/', "_"))),
        row("alibaba", SAE, "secret-changed", |v| v.secret_changed(|secret| format!("{}:{secret}", v.key.id))),
        row("huawei", SWR, "key-use", |v| {
            v.with_signature(&hex_hmac_sha256(v.expected.string_to_sign.as_bytes(), v.key.secret.expose().as_bytes()))
        }),
        row("alibaba", SAE, "key-use", |v| v.with_signature(&hex_sha256(v.expected.string_to_sign.as_bytes()))),
    ]);
}

#[test]
fn finds_another_layout_of_the_string_to_sign() {
    hold(&[
        row("huawei", SWR, "string-layout", |v| v.string_changed(|text| text + "\n")),
        row("huawei", SHOW, "string-layout", |v| v.string_changed(|text| text.replace('\n', "\r\n"))),
        row("alibaba", OLD, "string-layout", |v| v.string_changed(|text| text + "\n")),
        row("alibaba", SAE, "string-layout", |v| v.string_changed(|text| text.replace('\n', "\n2026-11-22T00:39:53Z\n"))),
        row("alibaba", SAE, "string-layout", |v| {
            v.with_signature(&hex_hmac_sha256(v.key.secret.expose().as_bytes(), v.canonical().as_bytes()))
        }),
        row("huawei", SWR, "string-layout", |v| v.string_changed(|text| text.replacen("SDK-HMAC-SHA256\n", "", 1))),
        row("volcengine", FULL, "string-digest", |v| {
            use base64::Engine as _;
            let digest = base64::engine::general_purpose::STANDARD.encode(skydeck::auth::sha256(v.canonical().as_bytes()));
            v.string_changed(|text| text.replace(&hex_sha256(v.canonical().as_bytes()), &digest))
        }),
        row("alibaba", SAE, "layout-newline", |v| v.canonical_changed(|text| text.replace("\n\n", "\n\n\n"))),
        row("alibaba", SAE, "layout-newline", |v| v.canonical_changed(|text| text.replace('\n', ""))),
    ]);
}
