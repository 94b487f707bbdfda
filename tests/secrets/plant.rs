//! Secrets of odd shapes, and the forms in which none may be found.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use skydeck::wire::encode;

/// How many cases are tried, of a property that takes this many by itself.
pub fn cases(usual: u32) -> ProptestConfig {
    let times = std::env::var("SKYDECK_SECRET_CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    ProptestConfig { cases: usual * times, failure_persistence: None, max_shrink_iters: 8, ..ProptestConfig::default() }
}

/// A secret: like base64, short, full of signs, with spaces, in other scripts, with what looks like escapes of JSON or of a URL.
fn shape() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9+/]{24,48}={0,2}",
        "[A-Za-z0-9_-]{8,12}",
        r#"[A-Za-z0-9]{3}[A-Za-z0-9"'\\/%&=+?#;<>|$`~^{}\[\](),.!@*-]{8,30}[A-Za-z0-9]{2}"#,
        "[A-Za-z0-9]{5,9} [A-Za-z0-9%]{4,8} [a-z\"]{3,8}",
        "[a-z0-9é命名空间ü😀ñ]{14,24}",
        r#"[a-z]{3,5}\\u00e9\\"\\n[a-zA-Z0-9]{6,9}"#,
        "%[0-9A-F]{2}[a-z]{4,6}%2F[a-zA-Z0-9]{5,8}%[0-9A-F]{2}",
    ]
}

/// The same in ASCII and without a colon: it can stand in a header, and in an argument that is parted at colons.
pub fn plain() -> impl Strategy<Value = String> {
    shape().prop_filter("ASCII without a colon", |secret| secret.is_ascii() && !secret.contains(':'))
}

/// Several, the second of which begins with the first.
pub fn secrets(count: usize) -> impl Strategy<Value = Vec<String>> {
    (prop::collection::vec(shape(), count), "[A-Za-z0-9]{4,8}").prop_map(|(mut secrets, tail)| {
        secrets[1] = format!("{}{tail}", secrets[0]);
        secrets
    })
}

/// The forms in which a secret may stand somewhere, each with a word on it. Of a long one each half is looked for too: a line may have been broken.
pub fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let json = |text: &str| {
        let quoted = serde_json::to_string(text).unwrap();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let hex = hex::encode(secret);
    let mut forms = vec![
        ("as it is", secret.to_owned()),
        ("percent-encoded", encode(secret)),
        ("as a form encodes it", encode(secret).replace("%20", "+")),
        ("percent-encoded twice", encode(encode(secret))),
        ("in JSON", json(secret)),
        ("in JSON in JSON", json(&json(secret))),
        ("in JSON in JSON in JSON", json(&json(&json(secret)))),
        ("in hexadecimal", hex.to_uppercase()),
        ("in hexadecimal", hex),
    ];
    for before in 0..3 {
        let text = [&b"\0\0"[..before], secret.as_bytes()].concat();
        let (first, whole) = ((before * 8).div_ceil(6), text.len() * 8 / 6);
        forms.push(("in base64", STANDARD_NO_PAD.encode(&text)[first..whole].to_owned()));
        forms.push(("in base64 for URLs", URL_SAFE_NO_PAD.encode(&text)[first..whole].to_owned()));
    }
    let characters: Vec<char> = secret.chars().collect();
    if characters.len() >= 20 {
        forms.extend(characters.chunks(characters.len().div_ceil(2)).map(|half| ("by half", half.iter().collect())));
    }
    // Fewer than six characters would be found by chance.
    let mut seen = BTreeSet::new();
    forms.retain(|(_, form)| form.len() >= 6 && seen.insert(form.clone()));
    forms
}

/// Looks for secrets in all that came to light.
pub struct Searched {
    forms: Vec<(&'static str, String)>,
}

impl Searched {
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a String>) -> Self {
        Self { forms: secrets.into_iter().flat_map(|secret| forms(secret)).collect() }
    }

    /// Fails if a secret stands in what was found at a place.
    #[track_caller]
    pub fn none_in(&self, place: &str, found: &[u8]) {
        for (how, form) in &self.forms {
            let at = memchr::memmem::find(found, form.as_bytes());
            let around = |at: usize| String::from_utf8_lossy(&found[at.saturating_sub(120)..found.len().min(at + 120)]).into_owned();
            assert!(at.is_none(), "a secret stands in {place}, {how}: «{form}» in\n{}", around(at.unwrap_or(0)));
        }
    }
}
