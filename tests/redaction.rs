//! Secrets planted anywhere, in any form a program writes them in, are covered; everything else stays.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use skydeck::redact::{Redactor, SecretRegistry};
use skydeck::secret::{MASK, Secret};
use skydeck::wire::{Headers, encode};

fn knowing<'a>(values: impl IntoIterator<Item = &'a String>) -> Redactor {
    let registry = SecretRegistry::default();
    values.into_iter().for_each(|value| registry.add([&Secret::new(&**value)]));
    registry.redactor()
}

/// A value as other programs write it.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap();
    let in_html: String = secret.chars().map(|c| entity(0, c)).collect();
    let mut forms = vec![
        secret.to_owned(),
        encode(secret),
        encode(secret).replace("%20", "+"),
        json[1..json.len() - 1].to_owned(),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        STANDARD.encode(STANDARD.encode(secret)),
        written(secret.as_bytes(), " ", |byte| format!("{byte:02x}")),
        written(secret.as_bytes(), ":", |byte| format!("{byte:02X}")),
        written(secret.as_bytes(), "", |byte| format!("%{byte:02x}")),
        written(secret.as_bytes(), "", |byte| format!("%25{byte:02X}")),
        written(secret.as_bytes(), "", |byte| format!("\\x{byte:02x}")),
        written(secret.as_bytes(), "", |byte| format!("\\{byte:03o}")),
        secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat(),
        secret.encode_utf16().map(|unit| format!("\\\\u{unit:04X}")).collect::<Vec<_>>().concat(),
        secret.chars().enumerate().map(|(at, c)| entity(at, c)).collect(),
        encode(STANDARD.encode(secret)),
    ];
    // One kind of escape within another is undone where the value has no escapes of its own.
    if !secret.contains(['\\', '%', '&']) {
        forms.extend([in_html.replace('&', "\\u0026"), encode(&in_html), encode(&json[1..json.len() - 1])]);
    }
    forms
}

fn written(bytes: &[u8], between: &str, write: impl Fn(u8) -> String) -> String {
    bytes.iter().map(|byte| write(*byte)).collect::<Vec<_>>().join(between)
}

/// A character as HTML writes it: in digits, in hexadecimal ones, or by name.
fn entity(at: usize, c: char) -> String {
    match (at % 3, c) {
        (0, c) => format!("&#{};", u32::from(c)),
        (1, c) => format!("&#x{:X};", u32::from(c)),
        (_, '"') => "&quot;".to_owned(),
        (_, '&') => "&amp;".to_owned(),
        (_, '/') => "&sol;".to_owned(),
        (_, c) => c.to_string(),
    }
}

proptest! {
    #[test]
    fn planted_values_are_covered(
        secrets in prop::collection::vec("[!-~é]{8,60}", 1..6),
        before in "[ -~\n名]{0,80}",
        after in "[ -~\n名]{0,80}",
    ) {
        let redactor = knowing(&secrets);
        for secret in &secrets {
            for form in forms(secret) {
                let shown = redactor.text(&format!("{before} {form} {after}"));
                prop_assert!(!shown.contains(&form), "{form} in {shown}");
                prop_assert!(shown.contains(MASK));
            }
        }
    }

    #[test]
    fn values_in_the_middle_of_longer_base64_are_covered(secret in "[!-~]{10,40}", user in "[a-z]{0,6}", rest in "[a-z]{0,6}") {
        let encoded = STANDARD.encode(format!("{user}:{secret}{rest}"));
        let shown = knowing([&secret]).text(&encoded);
        // What is left of either side holds no more than what stood around the secret.
        prop_assert!(shown.contains(MASK));
        let left: usize = shown.split(MASK).map(str::len).sum();
        prop_assert!(left <= (user.len() + 1 + rest.len()) * 4 / 3 + 4, "{shown} of {encoded}");
    }

    #[test]
    fn text_without_secrets_stays_as_it_is(text in "[a-zA-Z0-9 .,(){}\n名é]{0,300}", secret in "[!-/]{12,30}") {
        prop_assert_eq!(knowing([&secret]).text(&text), text);
    }

    #[test]
    fn members_with_secret_names_are_covered_in_any_spacing(
        name in prop::sample::select(vec!["SecretKey", "AccessKeySecret", "secret", "password", "passwd", "X-Auth-Token", "SecurityToken", "security_token", "session-token", "sk"]),
        value in "[ -~é]{1,40}",
        space in "[ \t\r\n]{0,5}",
        upper: bool,
    ) {
        let name = if upper { name.to_uppercase() } else { name.to_owned() };
        let quoted = serde_json::to_string(&value).unwrap();
        let text = format!("{{{space}\"{name}\"{space}:{space}{quoted}{space},\"after\":1}}");
        prop_assert_eq!(Redactor::default().text(&text), format!("{{{space}\"{name}\"{space}:{space}\"{MASK}\"{space},\"after\":1}}"));
        let nested = serde_json::to_string(&text).unwrap();
        prop_assert!(Redactor::default().text(&nested).contains(MASK));
    }

    #[test]
    fn spans_are_in_order_and_apart(bytes in prop::collection::vec(prop::sample::select(b"sk\":= \\{}abcd1234'\n".to_vec()), 0..200)) {
        let spans = knowing([&"abcd".to_owned(), &"cd12".to_owned()]).spans(&bytes);
        prop_assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(spans.iter().all(|span| span.start < span.end && span.end <= bytes.len()));
    }

    #[test]
    fn headers_keep_everything_but_secrets(secret in "[a-zA-Z0-9+/]{8,60}") {
        let headers: Headers = [
            ("Host", "a.example".to_owned()),
            ("X-Acs-Security-Token", "whatever".to_owned()),
            ("x-note", format!("see {secret}.")),
        ].into_iter().collect();
        let shown = knowing([&secret]).headers(&headers);
        prop_assert_eq!(shown.get_str("host"), Some("a.example"));
        prop_assert_eq!(shown.get_str("x-acs-security-token"), Some(MASK));
        let note = format!("see {MASK}.");
        prop_assert_eq!(shown.get_str("x-note"), Some(&*note));
    }
}

#[test]
fn signatures_are_shown_to_be_learned_from() {
    let lines = "authorization: SDK-HMAC-SHA256 Access=HWDUMMYACCESSKEY0001, SignedHeaders=host;x-sdk-date, Signature=ab12\nx-acs-signature-nonce: 1f\n";
    assert_eq!(Redactor::default().text(lines), lines);
}

#[test]
fn masks_keys_in_a_list_of_namespaces() {
    let body = r#"{"Data":{"Namespaces":[{"NamespaceId":"cn-beijing:a","AccessKey":"6f1c","SecretKey":"9d2e","TenantId":"t"}]}}"#;
    let shown = Redactor::default().text(body);
    assert_eq!(shown, body.replace("6f1c", MASK).replace("9d2e", MASK));
}

/// Names of secrets, in the spellings in which headers, parameters and members have them.
const SECRET_NAMES: [&str; 18] = [
    "X-Vault-Token",
    "x-token",
    "private-token",
    "X-Api-Key",
    "X-Secret",
    "api-key",
    "x-amz-security-token",
    "apiKey",
    "clientSecret",
    "client_secret",
    "X-Subject-Token",
    "db_password",
    "session_id",
    "x-credential",
    "Cookie",
    "SecretAccessKey",
    "x-acs-bearer-token",
    "X-Authorization",
];

/// Names that have a word of secrets in them and hold none.
const OPEN_NAMES: [&str; 12] = [
    "x-acs-accesskey-id",
    "AccessKeyId",
    "SignedHeaders",
    "NextToken",
    "page_token",
    "x-acs-signature-nonce",
    "Key",
    "SecretName",
    "TokenType",
    "PublicKey",
    "token_expires_at",
    "RoleSessionName",
];

/// A value in each place where a name can stand before it.
fn places(name: &str, value: &str) -> [String; 9] {
    [
        format!("GET / HTTP/1.1\r\nhost: h\r\n{name}: {value}\r\n\r\n"),
        format!("POST\n/a\n\nhost:h\n{}:{value}\nx-z:1\n\nhost;x-z\nabc", name.to_ascii_lowercase()),
        format!("/a?x=1&{name}={value}&y=2"),
        format!("{{\"a\":1,\"{name}\":\"{value}\",\"b\":2}}"),
        format!("{{\"a\": \"{{\\\"{name}\\\": \\\"{value}\\\"}}\"}}"),
        format!("{{\"{name}\" : [ \"{value}\" , \"{value}\"]}}"),
        format!("{{\"headers\":[{{\"name\":\"{name}\",\"value\":\"{value}\"}}]}}"),
        format!("{{\"{}\":\"{value}\"}}", name.replace('e', "\\u0065")),
        format!("curl -H '{name}: {value}' http://x"),
    ]
}

#[test]
fn masks_by_name_everywhere() {
    let redactor = Redactor::default();
    for name in SECRET_NAMES {
        for text in places(name, "zq7kpw") {
            let shown = redactor.text(&text);
            assert!(!shown.contains("zq7kpw") && shown.contains(MASK), "{name}: {shown}");
        }
        assert_eq!(redactor.header(name, b"zq7kpw"), MASK.as_bytes(), "{name}");
        let canonical = format!("POST\n/\n\n{}:zq7 kpw\n\n{0}\nabc", name.to_ascii_lowercase());
        assert!(!redactor.canonical_request(&canonical).contains("kpw"), "{name}");
    }
    for name in OPEN_NAMES {
        for text in places(name, "zq7kpw") {
            assert_eq!(redactor.text(&text), text);
        }
        assert_eq!(redactor.header(name, b"zq7kpw"), b"zq7kpw", "{name}");
    }
}

#[test]
fn shows_signatures_but_no_credentials() {
    let redactor = Redactor::default();
    for value in [
        "ACS3-HMAC-SHA256 Credential=LTAI5t,SignedHeaders=host,Signature=ab12",
        "HMAC-SHA256 Credential=AKLT/20261122/cn-beijing/id/request, SignedHeaders=host, Signature=ab12",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=ab12",
        "acs LTAI5t:c2lnbmF0dXJl",
    ] {
        for name in ["authorization", "x-authorization"] {
            assert_eq!(redactor.header(name, value.as_bytes()), value.as_bytes());
            for text in [format!("{name}: {value}\n"), format!("{{\"{name}\":\"{value}\"}}"), format!("POST\n/\n\n{name}:{value}\n")] {
                assert_eq!(redactor.text(&text), text);
            }
        }
    }
    for value in ["Bearer zq7kpw", "Basic zq7kpw", "Token zq7kpw", "zq7kpw", "bearer  zq7kpw"] {
        for name in ["Authorization", "X-Authorization", "Proxy-Authorization"] {
            assert!(!redactor.header(name, value.as_bytes()).ends_with(b"zq7kpw"), "{name} {value}");
            for text in places(name, value) {
                assert!(!redactor.text(&text).contains("zq7kpw"), "{} of {text}", redactor.text(&text));
            }
        }
    }
    let query = "X-Credential=AKLTabc%2F20261122%2Fcn-beijing&X-Signature=ab";
    assert_eq!(redactor.text(query), query);
}

#[test]
fn sentences_about_secrets_stay() {
    for text in [
        "wrong password: try another",
        "the token: it has expired",
        "Token: not given\n",
        "secret: see the manual",
        "https://token://x",
        "credentials: from the environment\n",
        "{\"password\":null,\"token\":{\"expires_at\":1},\"secret\":true}",
        "credentials = \"env\"",
    ] {
        assert_eq!(Redactor::default().text(text), text);
    }
}
