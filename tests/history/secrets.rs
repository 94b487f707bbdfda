//! Random secrets, planted wherever one can come from: none of them is found in the files of the history, nor in what is read from them.

use std::fs;

use proptest::prelude::*;
use skydeck::catalog::Catalog;
use skydeck::exchange::Exchange;
use skydeck::form::Value;
use skydeck::history::{CallRecord, Masker};
use skydeck::io::history::Store;
use skydeck::redact::Redactor;
use skydeck::secret::Secret;
use skydeck::wire::encode;

use super::support::{answered, exchange, failed};

/// The forms that a secret may stand in: as it is, in base64, in hexadecimal, percent-encoded.
fn forms(secret: &str) -> Vec<String> {
    use base64::Engine;
    let hex = secret.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    vec![secret.to_owned(), base64::engine::general_purpose::STANDARD.encode(secret), hex, encode(secret)]
}

/// Exchanges with the secrets in headers, bodies, a token's answer, the form and what is said of a failure.
fn planted(secrets: &[String]) -> Vec<(Exchange, CallRecord)> {
    let all = secrets.join(" and ");
    let mut token = answered("token", format!("{{\"token\":{{\"id\":\"{}\"}},\"note\":\"{all}\"}}", secrets[0]).into_bytes());
    token.request.headers.set("x-auth-token", secrets[0].as_str());
    token.request.target = format!("/v3/auth/tokens?key={}", encode(&secrets[0]));
    let binary = [b"\x00\xff".as_slice(), all.as_bytes(), b"\xfe"].concat();
    let form = vec![("AccessKeySecret".to_owned(), Value::Text(secrets[0].clone())), ("Note".to_owned(), Value::List(secrets.to_vec()))];
    let about = CallRecord { form, origin: None };
    [token, answered(&all, binary), failed(&all), exchange(&all)].map(|exchange| (exchange, about.clone())).into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn writes_no_secret_to_a_file(secrets in prop::collection::vec("[a-zA-Z0-9+/=_-]{16,60}", 1..4), max_body in 0_usize..400) {
        let folder = tempfile::tempdir().unwrap();
        let redactor = Redactor::default().with(&secrets.iter().map(|secret| Secret::new(secret.as_str())).collect::<Vec<_>>());
        let mask = Masker { redactor: &redactor, max_body };
        let mut store = Store::open(folder.path()).unwrap();
        let mut read = String::new();
        for (whole, about) in planted(&secrets) {
            let request_record = mask.request_record(&whole, &about);
            let id = store.begin(&request_record).unwrap();
            store.add_words(id, &request_record).unwrap();
            store.finish(id, &mask.outcome_record(&whole)).unwrap();
            let stored = store.get(id).unwrap().unwrap();
            let message_text = format!("{stored:?} {:?}", stored.exchange(&Catalog::built_in()));
            read.push_str(&message_text);
        }
        // The write-ahead log stands beside the file as long as it is open.
        let files = fs::read_dir(folder.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        let texts: Vec<Vec<u8>> = files.chain([read.into_bytes()]).collect();
        prop_assert!(texts.len() >= 3, "the file, its log and what is read");
        for form in secrets.iter().flat_map(|secret| forms(secret)) {
            for text in &texts {
                prop_assert!(!text.windows(form.len()).any(|window| window == form.as_bytes()), "{form}");
            }
        }
    }
}
