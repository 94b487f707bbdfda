//! The path and the query as they were before something escaped their signs, put others in their place, or moved them into the body.

use super::super::{Aspect, Mistake, MistakeContext};
use crate::lab::fault;
use crate::lab::material::{Pair, SignatureParts, parameters};
use crate::wire::decode_path;

/// The number of neighbours that are joined at most.
const MAX_JOINED_PARTS: usize = 64;

/// A damage and the texts after and before it.
struct Damage {
    how: &'static str,
    characters: &'static [(&'static str, &'static str)],
}

const fn damage(how: &'static str, characters: &'static [(&'static str, &'static str)]) -> Damage {
    Damage { how, characters }
}

const DAMAGES: [Damage; 13] = [
    damage(
        "it was escaped for HTML (&amp; for &)",
        &[("&amp;", "&"), ("&#38;", "&"), ("&#x26;", "&"), ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")],
    ),
    damage("it was escaped as JSON is (\\u0026 for &)", &[("\\u0026", "&"), ("\\u003d", "="), ("\\u003D", "="), ("\\/", "/")]),
    damage("a shell's backslashes stand in it", &[("\\", "")]),
    damage("& stands escaped (%26)", &[("%26", "&")]),
    damage("= stands escaped (%3D)", &[("%3D", "="), ("%3d", "=")]),
    damage("& and = stand escaped (%26, %3D)", &[("%26", "&"), ("%3D", "="), ("%3d", "=")]),
    damage("? stands escaped (%3F)", &[("%3F", "?"), ("%3f", "?")]),
    damage("; stands for &", &[(";", "&")]),
    damage(", stands for &", &[(",", "&")]),
    damage("a second ? stands in it", &[("?", ""), ("%3F", "")]),
    damage("quotation marks stand in it (%22)", &[("%22", ""), ("\"", "")]),
    damage("apostrophes stand in it (%27)", &[("%27", ""), ("'", "")]),
    damage(
        "plain characters became typographic (a dash, a quotation mark, a space without a break)",
        &[
            ("%E2%80%90", "-"),
            ("%E2%80%91", "-"),
            ("%E2%80%93", "-"),
            ("%E2%80%94", "--"),
            ("%E2%80%9C", "%22"),
            ("%E2%80%9D", "%22"),
            ("%E2%80%98", "%27"),
            ("%E2%80%99", "%27"),
            ("%C2%A0", "%20"),
            ("%E2%80%8B", ""),
        ],
    ),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let target = context.request.target.as_str();
    for damage in &DAMAGES {
        push(context, all, &repaired(damage, target), damage.how);
    }
    if let Some((before, _)) = target.split_once('#') {
        push(context, all, before, "what follows # is for the browser alone");
    }
    joined(context, all);
    in_the_body(context, all);
}

/// Returns the target with its signs as they were. The first `?` is the one that divides it.
fn repaired(damage: &Damage, target: &str) -> String {
    let change = |text: &str| damage.characters.iter().fold(text.to_owned(), |text, (now, before)| text.replace(now, before));
    match target.split_once('?') {
        Some((path, query)) => format!("{}?{}", change(path), change(query)),
        None => change(target),
    }
}

fn push(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>, before: &str, how: &str) {
    if before == context.request.target {
        return;
    }
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    let (path, pairs) = (path.as_bytes().to_vec(), parameters(query));
    let detail = format!("{before} was signed, the request has {}: {how}", context.request.target);
    let make = move |m: &mut SignatureParts| {
        path.clone_into(&mut m.path);
        pairs.clone_into(&mut m.pairs);
    };
    all.push(Mistake::new(&fault::TARGET_ESCAPED, Aspect::QueryPairs, detail, make).never_paired());
}

/// Adds a value with a bare `&` in it, which divides it in two.
fn joined(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let pieces: Vec<&str> = context.request.query().split('&').filter(|piece| !piece.is_empty()).collect();
    for at in 1..pieces.len().min(MAX_JOINED_PARTS) {
        let mut whole: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let tail = whole.remove(at).replace('=', "%3D");
        whole[at - 1].push_str("%26");
        whole[at - 1].push_str(&tail);
        let pairs = parameters(&whole.join("&"));
        let detail =
            format!("one value was signed that stands in two parameters now, for its & is bare: {}&{}", pieces[at - 1], pieces[at]);
        all.push(Mistake::new(&fault::QUERY_MARKS, Aspect::QueryPairs, detail, move |m| pairs.clone_into(&mut m.pairs)).never_paired());
    }
}

/// Parameters that were signed in the query and are sent as a form in the body; with the body's hash or with that of none.
fn in_the_body(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let Ok(form) = std::str::from_utf8(&context.request.body) else { return };
    let form = form.trim();
    if !form.contains('=') || form.contains(['{', '<', '\n']) {
        return;
    }
    let pairs: Vec<Pair> = [parameters(context.request.query()), parameters(form)].concat();
    let detail = format!("{} was signed in the query, and is sent in the body", String::from_utf8_lossy(&decode_path(form)));
    for payload in [crate::auth::hex_sha256(b"").into_bytes(), context.base.payload.clone()] {
        let pairs = pairs.clone();
        let make = move |m: &mut SignatureParts| {
            pairs.clone_into(&mut m.pairs);
            payload.clone_into(&mut m.payload);
        };
        all.push(Mistake::new(&fault::QUERY_MOVED, Aspect::QueryPairs, detail.clone(), make).never_paired());
    }
}
