//! Mistakes that only some layouts let one make: of Alibaba's RPC layout the key's `&` and the second encoding, of object storage the
//! bucket and the subresources.

use super::{Aspect, Mistake, MistakeContext};
use crate::auth::scheme::{PathForm, TextLayout};
use crate::lab::encoding::Encoding;
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::{SignatureParts, parameters};
use crate::lab::signing_variants::bucket;
use crate::wire::decode_path;

/// A mistake of the RPC layout: its fault, its words, and what makes it.
type OfRpc = (&'static MistakeKind, &'static str, fn(&mut SignatureParts));

const OF_RPC: [OfRpc; 9] = [
    (&fault::KEY_DERIVATION, "the secret was the key, without the & that follows it", |m| m.key.suffix = ""),
    (&fault::PATH_ENCODING, "/ stands for the path, and %2F should", |m| m.path_form = PathForm::AsSent),
    (&fault::QUERY_NOT_ENCODED, "the parameters were encoded once, and not once more as a whole", |m| m.outer.times = 0),
    (&fault::QUERY_DOUBLE_ENCODED, "the parameters were encoded once more than twice", |m| m.outer.times = 2),
    (&fault::QUERY_FORM, "both times it was encoded as a form is", |m| {
        both(m, Encoding { plus: true, bare: "*", escaped: "~", ..Encoding::STRICT });
    }),
    (&fault::QUERY_SPACE, "both times a space was written as +", |m| both(m, Encoding { plus: true, ..Encoding::STRICT })),
    (&fault::QUERY_MARKS, "both times !'()* were left bare, as encodeURIComponent leaves them", |m| {
        both(m, Encoding { bare: "!'()*", ..Encoding::STRICT });
    }),
    (&fault::QUERY_HEX_CASE, "both times the escapes were in lower case", |m| both(m, Encoding { lower: true, ..Encoding::STRICT })),
    (&fault::QUERY_SLASH, "both times / was left bare", |m| both(m, Encoding { bare: "/", ..Encoding::STRICT })),
];

fn both(material: &mut SignatureParts, encoding: Encoding) {
    (material.query_encoding, material.outer) = (encoding, encoding);
}

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let dialect = context.base.dialect;
    if dialect.text == TextLayout::Rpc {
        all.extend(OF_RPC.iter().enumerate().map(|(at, (fault, how, make))| {
            let aspect = [Aspect::Key(1), Aspect::PathForm].into_iter().nth(at).unwrap_or(Aspect::QueryEncoding(u8::MAX));
            Mistake::new(fault, aspect, *how, make)
        }));
    }
    if !dialect.buckets.is_empty() {
        names(context, all);
    }
    if dialect.text == TextLayout::Storage {
        subresources(context, all);
    }
}

/// A change to an object's name on the way to the signature or to the request.
type Change = (&'static MistakeKind, &'static str, fn(&[u8]) -> Vec<u8>);

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

/// The bucket before an object's path, and the path itself.
fn names<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let path = context.request.path();
    let bucket =
        format!("/{} stands before the path in what should be signed", bucket(context.base.dialect, context.request).unwrap_or_default());
    for path in [decode_path(path), path.as_bytes().to_vec()] {
        all.push(Mistake::new(&fault::BUCKET_LEFT_OUT, Aspect::PathText, bucket.clone(), move |m| m.path.clone_from(&path)));
    }
    all.extend(NAMES.map(|(fault, how, change)| Mistake::new(fault, Aspect::PathText, how, move |m| m.path = change(&m.path))));
}

fn subresources<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let every = parameters(context.request.query());
    let whole = "the whole query was signed, and only subresources should be";
    all.push(Mistake::new(&fault::QUERY_ADDED, Aspect::QueryPairs, whole, move |m| m.pairs.clone_from(&every)));
    let none = "the subresources of the query were not signed";
    all.push(Mistake::new(&fault::QUERY_LEFT_OUT, Aspect::QueryPairs, none, |m| m.pairs.clear()));
}
