//! Requests: those of somebody else in the laboratory, and those that reach the emulator.

use std::sync::LazyLock;

use jiff::Timestamp;
use skydeck::auth::{AccessKey, DateFormat as Format, Scheme as Signing, Trace, verify};
use skydeck::catalog::{Catalog, Scheme};
use skydeck::emulator::{Emulator, Settings};
use skydeck::form::{self, validate};
use skydeck::lab::{self, ExaminedRequest, Hints, ReferenceClock, ServerText, Texts};
use skydeck::secret::Secret;
use skydeck::wire::{Headers, Request, decode_form, decode_path, encode, parse_query};

use super::run::{Target, kind, message};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);
static HINTS: LazyLock<Hints> = LazyLock::new(|| Hints::of(&CATALOG));

/// Words of requests and of what carries them.
const WORDS: &[&str] = &[
    "GET ",
    "POST ",
    " HTTP/1.1",
    "HTTP/2",
    "Host: ",
    "host:",
    "Authorization: ",
    "X-Date: ",
    "X-Sdk-Date: ",
    "x-acs-date: ",
    "Date: ",
    "content-type: application/json",
    "Content-Length: 3",
    "Transfer-Encoding: chunked",
    "X-Content-Sha256: ",
    "x-acs-security-token: ",
    "ACS3-HMAC-SHA256 Credential=",
    "HMAC-SHA256 Credential=",
    "SDK-HMAC-SHA256 Access=",
    "acs ",
    ",SignedHeaders=",
    ";host",
    ",Signature=",
    "curl ",
    " -H ",
    " -d ",
    " --data-raw ",
    " --data-urlencode ",
    " -X ",
    " -G ",
    " -u ",
    " --url ",
    " -F ",
    "@file",
    "$(id)",
    "\\\n",
    "^\n",
    "$'\\x41'",
    "http://",
    "https://",
    "[::1]:80",
    "user:pass@",
    "```sh\n",
    "\n```",
    "# note\n",
    "\"log\":",
    "\"entries\":",
    "\"request\":",
    "\"headers\":",
    "\"postData\":",
    "\"queryString\":",
    "\"startedDateTime\":",
    "\"response\":",
    "\"encoding\":\"base64\"",
    "Invoke-WebRequest -Uri ",
    "-Headers @{",
    "`\n",
];

fn now() -> Timestamp {
    "2026-11-22T01:00:03Z".parse().unwrap()
}

/// Reads what was pasted, and has the laboratory look at what was read.
fn examine(input: &[u8]) -> u64 {
    let pasted = match lab::read(input, None).or_else(|_| lab::read(input, Some(1))) {
        Ok(pasted) => pasted,
        Err(error) => return message(error),
    };
    let server = ServerText::find(&String::from_utf8_lossy(input));
    let case = ExaminedRequest {
        request: &pasted.request,
        key: None,
        clock: Some(ReferenceClock { now: now(), certain: false }),
        url_host: pasted.url_host.as_deref(),
        server: server.as_ref(),
        hints: &HINTS,
    };
    let (report, _) = lab::examine_pasted(&pasted, &case);
    let causes: Vec<u64> = report.causes.iter().map(|cause| kind(cause.fault.id)).collect();
    kind((
        format!("{:?}", report.verdict),
        causes,
        report.claim.as_ref().map(|claim| format!("{:?}", claim.scheme)),
        pasted.notes.len().min(4),
    ))
}

#[test]
fn raw_requests() {
    Target { name: "raw", cost: 2, files: &[], words: WORDS }.run(examine);
}

#[test]
fn curl_commands() {
    Target { name: "curl", cost: 2, files: &[], words: WORDS }.run(examine);
}

#[test]
fn http_archives() {
    Target { name: "har", cost: 2, files: &[], words: WORDS }.run(examine);
}

#[test]
fn requests_searched_for_mistakes_with_a_secret() {
    let key = AccessKey { id: String::new(), secret: Secret::new("ThrowAwaySecret0000000000000001"), token: None, project_id: None };
    Target { name: "search", cost: 1500, files: &[], words: WORDS }.run(|input| {
        let Ok(pasted) = lab::read(input, None) else { return 0 };
        let clock = Some(ReferenceClock { now: now(), certain: true });
        let case = ExaminedRequest { request: &pasted.request, key: Some(&key), clock, url_host: None, server: None, hints: &HINTS };
        message(format!("{:?}", lab::examine(&case).verdict))
    });
}

#[test]
fn server_texts() {
    let ours = Texts { canonical_request: "GET\n/\n\nhost:a\n\nhost\n00".to_owned(), string_to_sign: "ACS3-HMAC-SHA256\n00".to_owned() };
    let words = &[
        "server string to sign is:",
        "Server StringToSign is [",
        "server CanonicalRequest is [",
        "canonicalRequest:",
        "]",
        "|",
        "&#39;",
        "\\n",
    ];
    Target { name: "server_text", cost: 1, files: &[], words }.run(|input| {
        let Some(found) = ServerText::find(&String::from_utf8_lossy(input)) else { return 0 };
        let parts = |scheme: &Scheme| {
            let trace = Trace {
                scheme: (*scheme).into(),
                key_id: String::new(),
                date: String::new(),
                scope: None,
                signed_headers: Vec::new(),
                payload_hash: String::new(),
                canonical_request: ours.canonical_request.clone(),
                string_to_sign: ours.string_to_sign.clone(),
                signature: String::new(),
                authorization: String::new(),
            };
            lab::compare(&trace, &found, None).0.parts.len()
        };
        kind(CATALOG.providers().flat_map(|provider| provider.auth.iter().map(parts)).collect::<Vec<_>>())
    });
}

/// The request in some bytes, as a server would understand them that lets almost everything pass.
fn request(bytes: &[u8]) -> Request {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
    let (head, body) = (&bytes[..end], bytes.get(end + 4..).unwrap_or_default());
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let field = |line: &[u8]| {
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
        Some((String::from_utf8_lossy(name).into_owned(), value[1..].trim_ascii().to_vec()))
    };
    let headers: Headers = lines.filter_map(field).collect();
    Request { method, target, headers, body: body.to_vec().into() }
}

#[test]
fn requests_to_the_emulator() {
    let providers: Vec<_> = CATALOG.providers().cloned().collect();
    let emulator = || Emulator::new(&providers, &Settings::default(), [7; 32]).unwrap();
    let one = std::cell::RefCell::new((emulator(), 0));
    Target { name: "request", cost: 2, files: &[], words: WORDS }.run(|input| {
        let request = request(input);
        let mut one = one.borrow_mut();
        one.1 += 1;
        // What is created must not pile up.
        if one.1 % 1000 == 0 {
            one.0 = emulator();
        }
        let statuses = (0..providers.len()).map(|number| one.0.answer(number, &request, now()).response.status);
        kind(statuses.collect::<Vec<_>>())
    });
}

#[test]
fn signatures_and_forms_of_requests() {
    Target { name: "request", cost: 2, files: &[], words: WORDS }.run(|input| {
        let request = request(input);
        let key = AccessKey { id: "k".to_owned(), secret: Secret::new("s"), token: None, project_id: None };
        let any = |_: &str| Some((&key).into());
        let verified = [Signing::Acs3, Signing::Volcengine, Signing::SdkHmac].map(|scheme| verify(scheme, &request, &any, now()).err());
        let shown = verified.map(|error| error.map_or(0, |error| message(format!("{error:?}"))));
        let operations = CATALOG.providers().flat_map(|provider| &provider.operations);
        let read = operations.map(|operation| {
            let path = form::path_values(&operation.path, request.path()).unwrap_or_default();
            let form = form::decode(operation, &request, &path).ok()?;
            Some(validate(&form, form::ValidationContext { region: "cn-hangzhou" }).len().min(3))
        });
        kind((shown, read.collect::<Vec<_>>()))
    });
}

#[test]
fn dates_and_escapes() {
    Target { name: "target", cost: 1, files: &[], words: WORDS }.run(|input| {
        let text = String::from_utf8_lossy(input);
        let dates = [Format::Extended, Format::Basic, Format::Http].map(|format| {
            let read = format.read(&text);
            assert!(read.is_none_or(|time| format == Format::Http || format.write(time) == text), "{text}");
            read.is_some()
        });
        assert_eq!(decode_path(&encode(input)), input);
        assert_eq!(decode_form(&encode(input)), input);
        kind((dates, decode_path(&text).len().min(8), parse_query(&text).len().min(8)))
    });
}
