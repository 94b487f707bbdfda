//! Mistakes that only some layouts let one make: of Alibaba's RPC layout the key's `&` and the second encoding, of object storage the
//! bucket and the subresources.

use super::claimed::Claimed;
use super::dialect::TextLayout;
use super::encoding::Encoding;
use super::fault::{self, Fault};
use super::material::{Material, parameters};
use super::report::Cause;
use super::ways::bucket;
use crate::wire::{Request, decode_path};

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
pub(super) fn explained(base: &Material, request: &Request, claimed: &Claimed) -> Option<(Cause, Material)> {
    let slips = if base.dialect.text == TextLayout::Rpc { of_rpc(base) } else { of_storage(base, request) };
    slips.into_iter().find(|(_, material)| claimed.is(&material.signature()))
}

fn of_rpc(base: &Material) -> Vec<(Cause, Material)> {
    let slip = |(fault, how, make): &Slip| {
        let mut material = base.clone();
        make(&mut material);
        (Cause::proven(fault, *how), material)
    };
    SLIPS.iter().map(slip).collect()
}

/// What becomes of an object's name on the way to the signature or to the request.
type Change = (&'static Fault, &'static str, fn(&[u8]) -> Vec<u8>);

const NAMES: [Change; 7] = [
    (&fault::PATH_NORMALISED, "the name was signed with one space where it has several", single_spaces),
    (&fault::PATH_NORMALISED, "the path was signed with one slash where it has several", |path| replaced(path, "//", "/")),
    (&fault::PATH_ENCODING, "a + was signed where a space is", |path| replaced(path, " ", "+")),
    (&fault::PATH_ENCODING, "a space was signed where a + is", |path| replaced(path, "+", " ")),
    (&fault::PATH_ENCODING, "the name was signed encoded, and this scheme signs it in plain text", |path| {
        Encoding { bare: "/", ..Encoding::STRICT }.write(path)
    }),
    (&fault::PATH_NOT_ENCODED, "the name was signed in plain text, and this scheme signs it as it stands in the URL", |path| {
        decode_path(&String::from_utf8_lossy(path))
    }),
    (&fault::PATH_NORMALISED, "the path was signed without the slash at its end, or with one more", |path| {
        path.strip_suffix(b"/").map_or_else(|| [path, b"/"].concat(), <[u8]>::to_vec)
    }),
];

fn replaced(path: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(path).replace(from, to).into_bytes()
}

fn single_spaces(path: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(path).replace("%20", " ");
    let mut single = text.clone();
    while single.contains("  ") {
        single = single.replace("  ", " ");
    }
    if path.contains(&b' ') { single.into_bytes() } else { single.replace(' ', "%20").into_bytes() }
}

/// What is signed of object storage beside the object's path: the bucket, and the subresources of the query.
fn of_storage(base: &Material, request: &Request) -> Vec<(Cause, Material)> {
    if base.dialect.buckets.is_empty() {
        return Vec::new();
    }
    let all = parameters(request.query());
    let bucket = format!("/{} stands before the path in what should be signed", bucket(base.dialect, request).unwrap_or_default());
    let mut slips = Vec::new();
    let mut slip = |fault, how: &str, make: &dyn Fn(&mut Material)| {
        let mut material = base.clone();
        make(&mut material);
        slips.push((Cause::proven(fault, how), material));
    };
    slip(&fault::BUCKET_LEFT_OUT, &bucket, &|m| m.path = decode_path(request.path()));
    slip(&fault::BUCKET_LEFT_OUT, &bucket, &|m| m.path = request.path().as_bytes().to_vec());
    for (fault, how, change) in NAMES {
        slip(fault, how, &|m| m.path = change(&m.path));
    }
    if base.dialect.text == TextLayout::Storage {
        slip(&fault::QUERY_ADDED, "the whole query was signed, and only subresources should be", &|m| m.pairs.clone_from(&all));
        slip(&fault::QUERY_LEFT_OUT, "the subresources of the query were not signed", &|m| m.pairs.clear());
    }
    slips
}
