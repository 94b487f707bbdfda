//! Parameters one by one, and several at once: added, dropped, changed, spelled otherwise.

use unicode_normalization::UnicodeNormalization as _;

use super::super::choice::{missing, without};
use super::super::{Aspect, Mistake, MistakeContext, text};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::{Pair, SignatureParts, parameters};
use crate::lab::typography;
use crate::wire::{decode_form, encode};

/// The maximum number of `+` and `%2B` of which every reading is tried.
const MAX_PLUS_CHOICES: usize = 6;

/// A possible change to one value: its fault, its description, the value before it.
type Change = (&'static MistakeKind, &'static str, fn(&str) -> String);

const CHANGES: [Change; 11] = [
    (&fault::QUERY_DIFFERS, "without the white space around it", |text| text.trim().to_owned()),
    (&fault::QUERY_DIFFERS, "without the quotation marks around it", |text| text.trim_matches(['"', '\'', '`']).to_owned()),
    (&fault::QUERY_DIFFERS, "between quotation marks", |text| format!("\"{text}\"")),
    (&fault::QUERY_DIFFERS, "in lower case", str::to_lowercase),
    (&fault::QUERY_DIFFERS, "in upper case", str::to_uppercase),
    (&fault::QUERY_DIFFERS, "with another first letter, large or small", other_first),
    (&fault::TARGET_ESCAPED, "with plain characters", |text| typography::plain(text).into_owned()),
    (&fault::QUERY_DOUBLE_ENCODED, "decoded once more", |value| text(&decode_form(value))),
    (&fault::QUERY_DOUBLE_ENCODED, "encoded once more", |text| encode(text)),
    (&fault::QUERY_CHARSET, "with composed characters (NFC)", |text| text.nfc().collect()),
    (&fault::QUERY_CHARSET, "with decomposed characters (NFD)", |text| text.nfd().collect()),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let sent = parameters(context.request.query());
    added(&sent, all);
    dropped(context, &sent, all);
    for (at, (name, value)) in sent.iter().enumerate() {
        changed(&sent, at, all);
        for other in spellings(&text(value)) {
            let detail = format!("{}={other} was signed, the request has {}", text(name), text(value));
            let name = name.clone();
            all.push(Mistake::new(&fault::QUERY_DIFFERS, Aspect::QueryPairs, detail, move |m| put(m, &name, &other)));
        }
    }
    pluses(context, all);
}

fn pairs_mistake<'a>(fault: &'static MistakeKind, detail: String, pairs: Vec<Pair>) -> Mistake<'a> {
    Mistake::new(fault, Aspect::QueryPairs, detail, move |m: &mut SignatureParts| pairs.clone_into(&mut m.pairs))
}

/// Adds each parameter not signed, and several of them.
fn added(sent: &[Pair], all: &mut Vec<Mistake<'_>>) {
    for places in missing(sent.len()) {
        let names: Vec<String> = places.iter().map(|at| text(&sent[*at].0)).collect();
        let verb = if names.len() == 1 { "was" } else { "were" };
        let mistake = pairs_mistake(&fault::QUERY_ADDED, format!("{} {verb} not signed", names.join(", ")), without(sent, &places));
        all.push(mistake.alone_unless(names.len() == 1));
    }
    if let [(name, _)] = sent {
        all.push(pairs_mistake(&fault::QUERY_ADDED, format!("{} was not signed", text(name)), Vec::new()));
    }
}

/// Adds what requests of a known operation carry: with another value, under another spelling of the name, or not at all.
fn dropped(context: &MistakeContext<'_>, sent: &[Pair], all: &mut Vec<Mistake<'_>>) {
    for (name, value) in &context.hints.constants {
        let known = sent.iter().position(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        let mut pairs = sent.to_vec();
        let own = (name.clone().into_bytes(), value.clone().into_bytes());
        let (fault, here) = if let Some(at) = known {
            pairs[at] = own;
            (&fault::QUERY_DIFFERS, format!("the request has {}={}", text(&sent[at].0), text(&sent[at].1)))
        } else {
            pairs.push(own);
            (&fault::QUERY_DROPPED, format!("the request has no {name}"))
        };
        all.push(pairs_mistake(fault, format!("{name}={value} was signed, {here}"), pairs).never_paired());
    }
    for name in &context.hints.query_names {
        let odd = |(known, _): &Pair| known.eq_ignore_ascii_case(name.as_bytes()) && known != name.as_bytes();
        let Some(at) = sent.iter().position(odd) else { continue };
        let mut pairs = sent.to_vec();
        name.as_bytes().clone_into(&mut pairs[at].0);
        let detail = format!("{name} was signed, the request has {}", text(&sent[at].0));
        all.push(pairs_mistake(&fault::QUERY_DIFFERS, detail, pairs).never_paired());
    }
}

/// Adds one value as it may have been.
fn changed(sent: &[Pair], at: usize, all: &mut Vec<Mistake<'_>>) {
    let (name, value) = &sent[at];
    let Ok(value) = std::str::from_utf8(value) else { return };
    for (fault, how, change) in CHANGES {
        let before = change(value);
        if before == value {
            continue;
        }
        let mut pairs = sent.to_vec();
        let detail = format!("{}={before} was signed ({how}), the request has {value}", text(name));
        pairs[at].1 = before.into_bytes();
        all.push(pairs_mistake(fault, detail, pairs).never_paired());
    }
}

fn other_first(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let other = if first.is_ascii_uppercase() { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() };
    std::iter::once(other).chain(chars).collect()
}

fn spellings(value: &str) -> Vec<String> {
    let spellings = |all: [&str; 3]| all.iter().filter(|other| **other != value).map(|other| (*other).to_owned()).collect();
    match value.to_ascii_lowercase().as_str() {
        "true" => spellings(["true", "True", "1"]),
        "false" => spellings(["false", "False", "0"]),
        _ => Vec::new(),
    }
}

fn put(material: &mut SignatureParts, name: &[u8], value: &str) {
    for pair in material.pairs.iter_mut().filter(|(known, _)| known == name) {
        value.as_bytes().clone_into(&mut pair.1);
    }
}

/// Adds some of the pluses read as spaces and some as signs, where there are a few.
fn pluses(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let even = context.request.query().replace("%2b", "%2B").replace("%2B", "+").replace("%20", "+");
    let pieces: Vec<&str> = even.split('+').collect();
    let count = pieces.len() - 1;
    if count > MAX_PLUS_CHOICES {
        return;
    }
    for mask in 0..1_u32 << count {
        let mut query = pieces[0].to_owned();
        for (at, piece) in pieces[1..].iter().enumerate() {
            query.push_str(if mask >> at & 1 == 1 { "%2B" } else { "%20" });
            query.push_str(piece);
        }
        let detail = format!("{query} was signed: its plus signs and spaces are others than those that travel");
        all.push(pairs_mistake(&fault::QUERY_PLUS, detail, parameters(&query)).never_paired());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_the_case_of_the_first_letter() {
        assert_eq!(
            [other_first("createX"), other_first("CreateX"), other_first(""), other_first("名a")],
            ["CreateX", "createX", "", "名a"]
        );
    }
}
