//! The laboratory in the console: a refused signature explained to the byte, and requests that were signed elsewhere.

use skydeck::app::{Effect, ExchangeView, Popup, PreviewView};
use skydeck::exchange::Exchange;
use skydeck::lab;
use skydeck::secret::MASK;
use skydeck::wire::{Headers, Request, Response};

use super::stage::Stage;

/// Calls that every provider takes, by the number of its tab.
const CALLS: [&str; 5] = [
    "<a-1>orders<tab>orders<c-s>",
    "<a-2>orders_dev<tab>Orders<tab><right> <c-s>",
    "<a-3>orders<c-s>",
    "<a-4>team-a<c-s>",
    "<a-5>team-a<c-s>",
];

/// The providers that show the text which they computed.
const TELLING: [usize; 4] = [0, 1, 3, 4];

/// A page of the newest exchange, its lines not broken.
fn view(stage: &mut Stage, view: ExchangeView) -> String {
    stage.keys("<esc><esc><esc>x");
    stage.app.viewer.view = view;
    stage.keys("y");
    stage.copied().unwrap().to_owned()
}

#[test]
fn names_a_wrong_secret_when_the_server_shows_its_text() {
    for tab in TELLING {
        let mut stage = Stage::new();
        stage.with_secret("a-secret-of-yesterday").keys(CALLS[tab]);
        assert!(stage.notice().ends_with(": wrong-secret (proven), see the signing view"), "{}", stage.notice());
        let signing = view(&mut stage, ExchangeView::Signing);
        assert!(signing.starts_with("✗ wrong-secret (proven): both sides signed the same text"), "{signing}");
        assert!(signing.contains("Remedy  Check the secret") && signing.contains("the same, byte for byte\n… "), "{signing}");
        let envelope = view(&mut stage, ExchangeView::Envelope);
        assert!(envelope.contains("Signature     wrong-secret (proven)   (the signing view"), "{envelope}");
        let explain = view(&mut stage, ExchangeView::Explain);
        assert!(explain.contains("wrong-secret (proven): both sides signed the same text"), "{explain}");
        let cause = lab::cause(stage.newest()).unwrap();
        assert_eq!(cause.fault.id, "wrong-secret");
    }
}

/// Breaks the requests of every vendor that shows its text; what the view says must have all of these in it.
fn broken(proxy: fn(&mut Request), tabs: &[usize], message_text: &[&str]) {
    for tab in tabs {
        let mut stage = Stage::new();
        stage.vendor.proxy = Some(proxy);
        stage.keys(CALLS[*tab]);
        let signing = view(&mut stage, ExchangeView::Signing);
        for words in message_text {
            assert!(signing.contains(words), "{words}\n{signing}");
        }
        assert_mark(&signing);
    }
}

/// The sign stands under the first character in which the two lines differ.
fn assert_mark(page: &str) {
    let lines: Vec<&str> = page.lines().collect();
    let at = lines.iter().position(|line| line.trim_start().starts_with("^ byte ")).unwrap_or_else(|| panic!("no mark: {page}"));
    let (ours, server) = (lines[at - 2], lines[at - 1]);
    let column = lines[at].find('^').unwrap();
    let rest = |line: &str| line.chars().skip(column).collect::<String>();
    let before = |line: &str| line.chars().take(column).skip(10).collect::<String>();
    assert_eq!(before(ours), before(server), "{page}");
    assert_ne!(rest(ours).chars().next(), rest(server).chars().next(), "{page}");
    let byte: usize = lines[at].trim_start().trim_start_matches("^ byte ").parse().unwrap();
    assert_eq!(before(ours).len() + 1, byte);
}

#[test]
fn marks_a_host_changed_by_a_proxy() {
    broken(
        |request| request.headers.set("host", "proxy.example:8443"),
        &[0, 1],
        &[
            "✗ host-changed (proven)",
            "≠ header host\n  ours    127.0.0.1:",
            "\n  server  proxy.example:8443\n",
            "lines alike: method, path, query",
        ],
    );
}

#[test]
fn marks_another_encoding_of_the_query() {
    broken(
        |request| request.target = request.target.replace("cn-hangzhou%3A", "cn-hangzhou%253A").replace("=orders", "=Orders"),
        &[0],
        &["≠ query\n", "(proven)"],
    );
}

#[test]
fn marks_a_header_extended_by_a_proxy() {
    broken(
        |request| request.headers.set("x-acs-signature-nonce", "0123, and more"),
        &[0, 1],
        &["≠ header x-acs-signature-nonce\n", "✗ header-changed (proven)"],
    );
}

#[test]
fn masks_a_server_only_token_by_name() {
    let text = "server CanonicalRequest is [POST\n/x\n\nhost:h\nx-acs-security-token:CAIS-somebody-elses\n\nhost\nff]";
    let body = serde_json::json!({ "Code": "SignatureDoesNotMatch", "Message": text }).to_string();
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders").send_for(Response {
        version: "HTTP/1.1".into(),
        status: 400,
        reason: "".into(),
        headers: Headers::from_iter([("content-type", "application/json".as_bytes())]),
        body: body.into_bytes().into(),
        excess: 0,
    });
    let signing = view(&mut stage, ExchangeView::Signing);
    assert!(signing.contains("≠ header x-acs-security-token\n") && signing.contains(MASK) && !signing.contains("CAIS"), "{signing}");
}

#[test]
fn calls_that_succeed_and_answers_without_a_text_have_no_finding() {
    let mut stage = Stage::new();
    stage.keys(CALLS[0]);
    assert_eq!(lab::cause(stage.newest()), None);
    assert!(view(&mut stage, ExchangeView::Signing).starts_with("1. What goes in\n"));
    let mut stage = Stage::new();
    stage.with_secret("a-secret-of-yesterday").keys(CALLS[2]);
    assert!(!stage.newest().succeeded());
    assert_eq!(lab::cause(stage.newest()), None, "Volcengine shows none");
    assert!(!view(&mut stage, ExchangeView::Envelope).contains("signing view"));
}

#[test]
fn names_key_derivation_steps_without_keys() {
    let mut stage = Stage::new();
    stage.keys(CALLS[2]);
    let signing = view(&mut stage, ExchangeView::Signing);
    let steps = [
        "1. What goes in",
        "2. Hash of the body\nSHA-256 of its ",
        "3. Canonical request\nmethod     POST\n",
        "4. Hash of the canonical request\nSHA-256 of its ",
        "5. String to sign\nalgorithm  HMAC-SHA256\n",
        "6. Key\nkDate      = HMAC-SHA256(secret, 20261122)\nkRegion    = HMAC-SHA256(kDate, cn-beijing)\n",
        "kService   = HMAC-SHA256(kRegion, id)\nkSigning   = HMAC-SHA256(kService, request)\n",
        "7. Signature\nHMAC-SHA256(kSigning, string to sign), in hex:\n",
        "8. Authorization header\n",
    ];
    for step in steps {
        assert!(signing.contains(step), "{step}\n{signing}");
    }
    let exchange = stage.newest();
    let trace = exchange.signing.as_ref().unwrap();
    assert!(trace.canonical_request.lines().filter(|line| !line.is_empty()).all(|line| signing.contains(line)), "{signing}");
    assert!(signing.contains(&trace.signature));
    stage.keys("v");
    stage.app.preview.view = PreviewView::Signing;
    stage.keys("y");
    assert!(stage.copied().unwrap().contains("kSigning   = HMAC-SHA256(kService, request)"));
}

/// An exchange's request as raw HTTP.
fn raw(exchange: &Exchange) -> String {
    let mut bytes = exchange.request.head();
    bytes.extend_from_slice(&exchange.request.body);
    String::from_utf8(bytes).unwrap()
}

/// What the laboratory says of a pasted text.
fn examined(stage: &mut Stage, text: &str) -> String {
    stage.keys("<esc><esc><esc>L").paste(text).keys("y");
    stage.copied().unwrap().to_owned()
}

#[test]
fn examines_a_pasted_request_with_the_profiles_key() {
    for (tab, call) in CALLS.iter().enumerate().take(3) {
        let mut stage = Stage::new();
        stage.keys(call);
        let text = raw(stage.newest());
        let message_text = examined(&mut stage, &text);
        assert!(message_text.starts_with("✓ It verifies.\n") && message_text.contains("of profile demo"), "{tab} {message_text}");
        let message_text = examined(&mut stage, &text.replace("orders", "0rders"));
        assert!(message_text.starts_with("✗ It does not verify.\n"), "{tab} {message_text}");
        stage.keys("<esc>");
        assert!(!stage.app.popups.is_open());
    }
}

#[test]
fn proves_a_mistake_in_a_pasted_request() {
    let mut stage = Stage::new();
    stage.keys(CALLS[2]);
    let text = raw(stage.newest()).replacen("POST", "PUT", 1);
    let message_text = examined(&mut stage, &text);
    assert!(message_text.starts_with("✗ It does not verify.\n✗ method (proven): another method was signed\n"), "{message_text}");
    assert!(message_text.contains("≠ method\n  ours    PUT\n  signed  POST\n           ^ byte 2\n"), "{message_text}");
}

#[test]
fn reports_unreadable_paste_and_accepts_another() {
    let mut stage = Stage::new();
    let message_text = examined(&mut stage, "hello");
    assert!(message_text.starts_with("✗ It cannot be read.\n") && message_text.contains("Paste a signed request here"), "{message_text}");
    let message_text = examined(&mut stage, &"x".repeat(9 << 20));
    assert!(message_text.contains("are too many"), "{message_text}");
    let entry = r#"{"request":{"method":"GET","url":"http://a/","headers":[]}}"#;
    let message_text = examined(&mut stage, &format!("{{\"log\":{{\"entries\":[{entry},{entry}]}}}}"));
    assert!(message_text.contains("The HAR file has 2 entries: paste one of them alone"), "{message_text}");
    let message_text = examined(&mut stage, "curl https://sae.cn-hangzhou.aliyuncs.com/x");
    assert!(message_text.starts_with("! Nothing was verified: there is no signature to verify."), "{message_text}");
}

#[test]
fn masks_a_token_in_a_pasted_request() {
    let token = "CAIS-a-token-of-somebody-else-0123456789";
    let mut stage = Stage::new();
    stage.keys(CALLS[0]);
    let text = raw(stage.newest()).replacen("\r\n", &format!("\r\nx-acs-security-token: {token}\r\n"), 1);
    let text = text.replace("SignedHeaders=", "SignedHeaders=x-acs-security-token;");
    let message_text = examined(&mut stage, &text);
    assert!(!message_text.contains(&token[..12]) && message_text.contains(MASK), "{message_text}");
    let Some(Popup::Text(reading)) = stage.app.popups.open() else { panic!("no page") };
    assert!(!reading.page.plain().contains(&token[..12]));
    assert!(stage.effects.iter().all(|effect| !format!("{effect:?}").contains(token) || matches!(effect, Effect::Copy(_))));
}

#[test]
fn enter_after_a_paste_loses_nothing() {
    let mut stage = Stage::new();
    stage.keys("orders<tab>orders<c-s>");
    let text = String::from_utf8(stage.newest().request.head()).unwrap();
    stage.keys("<esc>L").paste(&text).keys("<enter>");
    assert!(stage.app.popups.is_open() && stage.app.laboratory.is_examined());
    stage.keys("<esc>");
    assert!(!stage.app.popups.is_open());
    stage.keys("?i<enter>");
    assert!(!stage.app.popups.is_open(), "what is only read is closed");
}

#[test]
fn reports_why_a_right_signature_is_refused() {
    let mut stage = Stage::new();
    stage.keys(CALLS[0]);
    let text = raw(stage.newest());
    let at = text.find(",SignedHeaders").unwrap();
    let message_text = examined(&mut stage, &format!("{} {}", &text[..at], &text[at..]));
    assert!(
        message_text.starts_with("✗ The arithmetic holds, but the request would be refused.\n  refused-for: key-id-damaged\n"),
        "{message_text}"
    );
}
