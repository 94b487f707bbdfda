//! Mistakes with the secret and with the key made of it.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Aspect, Bench, Mistake};
use crate::lab::fault::{self, Fault};
use crate::wire::{decode_path, encode};

const PREFIXES: [&str; 6] = ["", "AWS4", "SDK", "ACS3", "VOLC", "HMAC-SHA256"];

pub(super) fn all<'a>(bench: &'a Bench<'a>, all: &mut Vec<Mistake<'a>>) {
    for (fault, how, secret) in forms(bench) {
        let secret = Rc::new(secret);
        all.push(Mistake::new(fault, Aspect::Key(0), how, move |m| m.key.secret = Rc::clone(&secret)));
    }
    for prefix in PREFIXES {
        let detail = if prefix.is_empty() { "no prefix was used".to_owned() } else { format!("{prefix} was used") };
        all.push(Mistake::new(&fault::KEY_PREFIX, Aspect::Key(1), detail, move |m| m.key.prefix = prefix));
    }
    let straight = "the secret itself was the key, without deriving one along the scope";
    all.push(Mistake::new(&fault::KEY_DERIVATION, Aspect::Key(2), straight, |m| m.key.derived = false));
    let detail = if bench.base.key.sha1 { "HMAC-SHA256 was used" } else { "HMAC-SHA1 was used" };
    all.push(Mistake::new(&fault::ALGORITHM, Aspect::Key(3), detail, |m| m.key.sha1 = !m.key.sha1));
}

/// The secret in other forms. No detail says what is in it.
fn forms(bench: &Bench<'_>) -> Vec<(&'static Fault, String, Zeroizing<Vec<u8>>)> {
    let secret = bench.key.secret.expose();
    let own = |text: String| Zeroizing::new(text.into_bytes());
    let trimmed = secret.trim();
    let bare = trimmed.trim_matches(['"', '\'']);
    let mut forms = vec![
        (&fault::SECRET_SPACE, "without the white space around it that the given one has".to_owned(), own(trimmed.to_owned())),
        (&fault::SECRET_QUOTED, "without the quotation marks that the given one has".to_owned(), own(bare.to_owned())),
    ];
    for (end, named) in [
        ("\n", "a line feed"),
        ("\r\n", "carriage return and line feed"),
        (" ", "a space"),
        ("\t", "a tab"),
        ("\r", "a carriage return"),
        ("\0", "a zero byte"),
    ] {
        forms.push((&fault::SECRET_SPACE, format!("with {named} at its end"), own(format!("{trimmed}{end}"))));
    }
    forms.push((&fault::SECRET_SPACE, "with a space before it".to_owned(), own(format!(" {trimmed}"))));
    for quote in ["\"", "'"] {
        forms.push((&fault::SECRET_QUOTED, format!("between {quote} and {quote}"), own(format!("{quote}{trimmed}{quote}"))));
    }
    forms.push((&fault::SECRET_CHANGED, "with & at its end, as the RPC signature wants it".to_owned(), own(format!("{trimmed}&"))));
    forms.extend(changed(trimmed).into_iter().map(|(how, secret)| (&fault::SECRET_CHANGED, how.to_owned(), secret)));
    let id = |text: &str| own(text.to_owned());
    forms.push((&fault::SECRET_KEY_ID, "the key id stood in the secret's place".to_owned(), id(&bench.claim.key_id)));
    forms.push((&fault::SECRET_KEY_ID, "the key id stood in the secret's place".to_owned(), id(&bench.key.id)));
    if let Some(token) = &bench.key.token {
        forms.push((&fault::SECRET_CHANGED, "the security token stood in the secret's place".to_owned(), id(token.expose())));
    }
    let others = bench.hints.secrets.iter();
    forms.extend(others.map(|(whose, other)| (&fault::SECRET_OTHER_KEY, format!("the secret of {whose}"), id(other.expose()))));
    forms
}

fn changed(secret: &str) -> Vec<(&'static str, Zeroizing<Vec<u8>>)> {
    let mut changed = vec![
        ("in lower case", Zeroizing::new(secret.to_lowercase().into_bytes())),
        ("in upper case", Zeroizing::new(secret.to_uppercase().into_bytes())),
        ("percent-encoded", Zeroizing::new(encode(secret).into_bytes())),
        ("percent-decoded", Zeroizing::new(decode_path(secret))),
        ("with + read as a space", Zeroizing::new(secret.replace('+', " ").into_bytes())),
        ("encoded as Base64", Zeroizing::new(STANDARD.encode(secret).into_bytes())),
        ("as the hex of its bytes", Zeroizing::new(hex::encode(secret).into_bytes())),
    ];
    changed.extend(STANDARD.decode(secret).ok().map(|bytes| ("decoded from Base64", Zeroizing::new(bytes))));
    changed.extend(hex::decode(secret).ok().map(|bytes| ("decoded from hex", Zeroizing::new(bytes))));
    let shorter = secret.char_indices().next_back().map(|(at, _)| secret[..at].to_owned());
    changed.extend(shorter.map(|text| ("without its last character", Zeroizing::new(text.into_bytes()))));
    changed
        .extend(secret.chars().next().map(|c| ("without its first character", Zeroizing::new(secret.as_bytes()[c.len_utf8()..].to_vec()))));
    changed
}
