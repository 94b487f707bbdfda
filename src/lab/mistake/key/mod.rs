//! Mistakes with the secret and with the key made of it.

mod secrets;
mod typing;

use std::rc::Rc;

use super::{Aspect, Bench, Mistake};
use crate::lab::fault;
use crate::lab::string::Maker;

const PREFIXES: [&str; 6] = ["", "AWS4", "SDK", "ACS3", "VOLC", "HMAC-SHA256"];

/// The forms that are tried beside other mistakes too: the usual guests.
const IN_PAIRS: usize = 24;

/// What takes the place of HMAC.
const MAKERS: [(&str, Maker); 4] = [
    ("the text was the key, and the key the text", Maker::Swapped),
    ("no HMAC was made, but the hash of the text alone", Maker::TextAlone),
    ("no HMAC was made, but the hash of key and text", Maker::KeyFirst),
    ("no HMAC was made, but the hash of text and key", Maker::KeyLast),
];

pub(super) fn all<'a>(bench: &'a Bench<'a>, all: &mut Vec<Mistake<'a>>) {
    for (at, (fault, how, secret)) in secrets::forms(bench).into_iter().enumerate() {
        let secret = Rc::new(secret);
        let mistake = Mistake::new(fault, Aspect::Key(0), how, move |m| m.key.secret = Rc::clone(&secret));
        all.push(if at < IN_PAIRS { mistake } else { mistake.alone() });
    }
    for prefix in PREFIXES {
        let detail = if prefix.is_empty() { "no prefix was used".to_owned() } else { format!("{prefix} was used") };
        all.push(Mistake::new(&fault::KEY_PREFIX, Aspect::Key(1), detail, move |m| m.key.prefix = prefix));
    }
    let straight = "the secret itself was the key, without deriving one along the scope";
    all.push(Mistake::new(&fault::KEY_DERIVATION, Aspect::Key(2), straight, |m| m.key.derived = false));
    let detail = if bench.base.key.sha1 { "HMAC-SHA256 was used" } else { "HMAC-SHA1 was used" };
    all.push(Mistake::new(&fault::ALGORITHM, Aspect::Key(3), detail, |m| m.key.sha1 = !m.key.sha1));
    for (how, maker) in MAKERS {
        all.push(Mistake::new(&fault::KEY_USE, Aspect::Key(4), how, move |m| m.key.maker = maker).alone());
    }
}

/// Slips of the hand: they come by the thousand, and are the last resort.
pub(super) fn slips<'a>(bench: &'a Bench<'a>, all: &mut Vec<Mistake<'a>>) {
    for (how, secret) in typing::slips(bench.key.secret.expose().trim()) {
        let secret = Rc::new(secret);
        all.push(Mistake::new(&fault::SECRET_TYPED, Aspect::Key(0), how, move |m| m.key.secret = Rc::clone(&secret)).alone());
    }
}
