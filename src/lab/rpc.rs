//! Mistakes that only Alibaba's RPC layout lets one make: the key's `&`, and the second encoding.

use super::claimed::Claimed;
use super::encoding::Encoding;
use super::fault::{self, Fault};
use super::material::Material;
use super::report::Cause;

/// A mistake: its fault, its words, and what makes it.
type Slip = (&'static Fault, &'static str, fn(&mut Material));

const SLIPS: [Slip; 8] = [
    (&fault::KEY_DERIVATION, "the secret was the key, without the & that follows it", |m| m.key.suffix = ""),
    (&fault::QUERY_NOT_ENCODED, "the parameters were encoded once, and not once more as a whole", |m| m.outer.times = 0),
    (&fault::QUERY_DOUBLE_ENCODED, "the parameters were encoded once more than twice", |m| m.outer.times = 2),
    (&fault::QUERY_FORM, "both times it was encoded as a form is", |m| {
        both(m, Encoding { plus: true, bare: "*", escaped: "~", ..Encoding::STRICT })
    }),
    (&fault::QUERY_SPACE, "both times a space was written as +", |m| both(m, Encoding { plus: true, ..Encoding::STRICT })),
    (&fault::QUERY_MARKS, "both times !'()* were left bare, as encodeURIComponent leaves them", |m| {
        both(m, Encoding { bare: "!'()*", ..Encoding::STRICT })
    }),
    (&fault::QUERY_HEX_CASE, "both times the escapes were in lower case", |m| both(m, Encoding { lower: true, ..Encoding::STRICT })),
    (&fault::QUERY_SLASH, "both times / was left bare", |m| both(m, Encoding { bare: "/", ..Encoding::STRICT })),
];

fn both(material: &mut Material, encoding: Encoding) {
    (material.query_encoding, material.outer) = (encoding, encoding);
}

/// The mistake that gives the signature, with what was signed then.
pub(super) fn explained(base: &Material, claimed: &Claimed) -> Option<(Cause, Material)> {
    SLIPS.iter().find_map(|(fault, how, make)| {
        let mut material = base.clone();
        make(&mut material);
        claimed.is(&material.signature()).then(|| (Cause::proven(fault, *how), material))
    })
}
