//! Mistakes with the secret and with the key made of it.

mod secrets;
mod typing;

use std::sync::Arc;

use super::{Aspect, Mistake, MistakeContext, PairingScope};
use crate::lab::fault;
use crate::lab::material::SignatureParts;
use crate::lab::string::{KeyDerivation, SignatureFunction};

const PREFIXES: [&str; 9] = ["", "AWS4", "SDK", "ACS3", "VOLC", "HMAC-SHA256", "TOS4", "OSS4", "aliyun_v4"];

/// Other ways to derive the key along the scope.
const STEPS: [(&str, KeyDerivation); 7] = [
    ("the hex text of each step was the key of the next", KeyDerivation::Hex),
    ("the hex text of the derived key was used in place of its bytes", KeyDerivation::HexAtLast),
    ("the whole date was used in place of the day", KeyDerivation::WholeDate),
    ("the step of the day was left out", KeyDerivation::Without(0)),
    ("the step of the region was left out", KeyDerivation::Without(1)),
    ("the step of the service was left out", KeyDerivation::Without(2)),
    ("the last step was left out", KeyDerivation::Without(3)),
];

/// The functions used in place of HMAC.
const SIGNATURE_FUNCTIONS: [(&str, SignatureFunction); 4] = [
    ("the text was the key, and the key the text", SignatureFunction::Swapped),
    ("no HMAC was made, but the hash of the text alone", SignatureFunction::TextAlone),
    ("no HMAC was made, but the hash of key and text", SignatureFunction::KeyFirst),
    ("no HMAC was made, but the hash of text and key", SignatureFunction::KeyLast),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let trimmed = Arc::new(secrets::trimmed(context));
    for (fault, how, around, is_common) in secrets::additions() {
        let trimmed = Arc::clone(&trimmed);
        let make = move |m: &mut SignatureParts| {
            // The text around the secret is a mistake of its own: another one that changed the secret itself is kept.
            if m.key.secret.starts_with(&trimmed) {
                m.key.secret = Arc::clone(&trimmed);
            }
            m.key.around = around;
        };
        let mistake = Mistake::new(fault, Aspect::Key(5), how, make);
        all.push(mistake.alone_unless(is_common));
    }
    for (fault, how, secret, reach) in secrets::forms(context) {
        let secret = Arc::new(secret);
        all.push(Mistake::new(fault, Aspect::Key(0), how, move |m| m.key.secret = Arc::clone(&secret)).reaching(reach));
    }
    for prefix in PREFIXES {
        let detail = if prefix.is_empty() { "no prefix was used".to_owned() } else { format!("{prefix} was used") };
        all.push(Mistake::new(&fault::KEY_PREFIX, Aspect::Key(1), detail, move |m| m.key.prefix = prefix));
    }
    let straight = "the secret itself was the key, without deriving one along the scope";
    all.push(Mistake::new(&fault::KEY_DERIVATION, Aspect::Key(2), straight, |m| m.key.derived = false));
    for (how, steps) in STEPS {
        let fault = if steps == KeyDerivation::WholeDate { &fault::SCOPE_DAY } else { &fault::KEY_DERIVATION };
        all.push(Mistake::new(fault, Aspect::Key(2), how, move |m| m.key.steps = steps));
    }
    let detail = if context.base.key.sha1 { "HMAC-SHA256 was used" } else { "HMAC-SHA1 was used" };
    all.push(Mistake::new(&fault::ALGORITHM, Aspect::Key(3), detail, |m| m.key.sha1 = !m.key.sha1));
    for (how, maker) in SIGNATURE_FUNCTIONS {
        all.push(Mistake::new(&fault::KEY_USE, Aspect::Key(4), how, move |m| m.key.maker = maker).never_paired());
    }
}

/// Adds typing errors in the secret: there are thousands of them, so they are the last resort.
pub(super) fn typing_errors<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    for (how, secret) in typing::typing_errors(context.key.secret.expose().trim()) {
        let reach = if typing::ADDED.contains(&how) { PairingScope::Alone } else { PairingScope::Series };
        let secret = Arc::new(secret);
        all.push(Mistake::new(&fault::SECRET_TYPED, Aspect::Key(0), how, move |m| m.key.secret = Arc::clone(&secret)).reaching(reach));
    }
}
