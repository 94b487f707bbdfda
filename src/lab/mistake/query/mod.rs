//! Mistakes with the query.

mod damage;
mod list;
mod parts;

use super::{Aspect, Mistake, MistakeContext, order, text};
use crate::auth::scheme::Order;
use crate::lab::encoding::{Charset, Encoding};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::{Pair, parameters};
use crate::wire::decode_path;

const ORDERS: [(&str, Order); 7] = [
    ("in natural order, Key.2 before Key.10", Order::Natural),
    ("as sent", Order::AsSent),
    ("without regard to case", Order::NoCase),
    ("by name alone", Order::NameOnly),
    ("by the encoded text", Order::Encoded),
    ("backwards", Order::Reversed),
    ("byte by byte", Order::Sorted),
];

/// A habit of encoding: its fault, its words, the habits it excludes (those of the same number), what it sets.
type EncodingVariant = (&'static MistakeKind, &'static str, u8, fn(&mut Encoding));

const HABITS: [EncodingVariant; 18] = [
    (&fault::QUERY_SPACE, "a space was signed as +", 0, |e| e.plus = true),
    (&fault::QUERY_SPACE, "a space was signed bare", 0, |e| e.bare = " "),
    (&fault::QUERY_HEX_CASE, "escapes were signed in lower case", 1, |e| e.lower = true),
    (&fault::QUERY_DOUBLE_ENCODED, "names and values were encoded twice", 2, |e| e.times = 2),
    (&fault::QUERY_NOT_ENCODED, "names and values were signed in plain text", 2, |e| e.times = 0),
    (&fault::QUERY_ENCODED, "names and values were signed encoded", 2, |e| e.times = 1),
    (&fault::QUERY_TILDE, "~ was signed as %7E", 3, |e| e.escaped = "~"),
    (&fault::QUERY_ASTERISK, "* was signed bare", 4, |e| e.bare = "*"),
    (&fault::QUERY_SLASH, "/ was signed bare", 4, |e| e.bare = "/"),
    (&fault::QUERY_MARKS, "!'()* were signed bare, as encodeURIComponent leaves them", 4, |e| e.bare = "!'()*"),
    (&fault::QUERY_MARKS, ": was signed bare", 4, |e| e.bare = ":"),
    (&fault::QUERY_MARKS, ", was signed bare", 4, |e| e.bare = ","),
    (&fault::QUERY_MARKS, ":/?@!$'()*,; were signed bare, as a URL's query may have them", 4, |e| e.bare = ":/?@!$'()*,;"),
    (&fault::QUERY_MARKS, "reserved characters were signed bare, as encodeURI leaves them", 4, |e| e.bare = ":/?#[]@!$&'()*+,;="),
    (&fault::QUERY_FORM, "written as a form is: + for a space, * bare, ~ escaped", 5, |e| (e.plus, e.bare, e.escaped) = (true, "*", "~")),
    (&fault::QUERY_CHARSET, "the Latin-1 bytes were signed", 6, |e| e.charset = Charset::Latin1),
    (&fault::QUERY_CHARSET, "the GBK bytes were signed", 6, |e| e.charset = Charset::Gbk),
    (&fault::QUERY_CHARSET, "UTF-8 was taken for Latin-1 and encoded once more", 6, |e| e.charset = Charset::Doubled),
];

/// The maximum number of parameters that are changed one by one: each such mistake holds all of them.
pub(super) const MAX_PARAMETERS: usize = 512;

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    if context.request.query().is_empty() {
        lost(context, all);
        return damage::all(context, all);
    }
    let few = count(context.request.query()) <= MAX_PARAMETERS;
    if few {
        readings(context, all);
    }
    for (how, order) in ORDERS {
        all.push(Mistake::new(&fault::QUERY_UNSORTED, Aspect::QueryOrder, format!("the parameters were signed {how}"), move |m| {
            m.order = order;
        }));
    }
    for (fault, how, group, set) in HABITS {
        all.push(Mistake::new(fault, Aspect::QueryEncoding(group), how, move |m| set(&mut m.query_encoding)));
    }
    let bare = "a parameter without a value was signed in the other way: with or without its =";
    all.push(Mistake::new(&fault::QUERY_EMPTY_VALUE, Aspect::Layout(0), bare, |m| m.layout.equals = !m.layout.equals));
    damage::all(context, all);
    whole(context, all);
    if few {
        parts::all(context, all);
        order::parameters_of(context, all);
        list::all(context, all);
    }
}

/// Returns how many parameters a query has at most.
pub(super) fn count(query: &str) -> usize {
    query.matches('&').count() + 1
}

/// Adds the parameters that every request of a known operation has, where the request has none.
fn lost(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    for (action, version) in &context.hints.actions {
        let query = format!("Action={action}&Version={version}");
        let detail = format!("?{query} was signed, and the request has no query");
        all.push(Mistake::new(&fault::QUERY_DROPPED, Aspect::QueryPairs, detail, move |m| m.pairs = parameters(&query)));
    }
}

/// Adds other texts in the place of the whole line.
fn whole(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let raw = context.request.query().as_bytes().to_vec();
    let decoded = decode_path(context.request.query());
    let texts = [
        (without_all(context), "an empty query was signed", Vec::new()),
        (&fault::QUERY_RAW, "the query was signed as it stands in the URL", raw),
        (&fault::QUERY_NOT_ENCODED, "the query was signed decoded as a whole", decoded),
    ];
    for (fault, how, line) in texts {
        all.push(Mistake::new(fault, Aspect::QueryText, how, move |m| m.query_text = Some(line.clone())));
    }
}

/// Returns what it means that no query was signed: it was forgotten, or something added all of it.
fn without_all(context: &MistakeContext<'_>) -> &'static MistakeKind {
    let known = |pair: &Pair| context.hints.query_names.iter().any(|name| name.as_bytes() == pair.0);
    if parameters(context.request.query()).iter().any(known) { &fault::QUERY_LEFT_OUT } else { &fault::QUERY_ADDED }
}

/// Adds other readings of what was sent.
fn readings(context: &MistakeContext<'_>, all: &mut Vec<Mistake<'_>>) {
    let sent = parameters(context.request.query());
    let with_plus = parameters(&context.request.query().replace('+', "%2B"));
    let of_spaces: Vec<Pair> = each(&sent, |part| text(part).replace('+', " ").into_bytes());
    let deeper = each(&sent, |part| std::str::from_utf8(part).map_or_else(|_| part.to_vec(), decode_path));
    let trimmed = each(&sent, |part| part.trim_ascii().to_vec());
    let lower = each(&sent, <[u8]>::to_ascii_lowercase);
    let mut valued = sent.clone();
    valued.retain(|(_, value)| !value.is_empty());
    let readings = [
        (&fault::QUERY_PLUS, "a + was signed as a plus sign; it travels bare and is read as a space", with_plus),
        (&fault::QUERY_PLUS, "a plus sign was signed as a space; it travels as %2B", of_spaces),
        (&fault::QUERY_DOUBLE_ENCODED, "the query travels encoded twice, and was signed encoded once", deeper),
        (&fault::QUERY_DIFFERS, "values were signed without the white space around them", trimmed),
        (&fault::QUERY_DIFFERS, "names and values were signed in lower case", lower),
        (&fault::QUERY_EMPTY_VALUE, "parameters without a value were not signed", valued),
        (&fault::QUERY_REPEATED, "of a repeated parameter the first value alone was signed", once(sent.iter())),
        (&fault::QUERY_REPEATED, "of a repeated parameter the last value alone was signed", once(sent.iter().rev())),
    ];
    for (fault, how, pairs) in readings {
        all.push(Mistake::new(fault, Aspect::QueryPairs, how, move |m| pairs.clone_into(&mut m.pairs)));
    }
}

fn each(pairs: &[Pair], change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Pair> {
    pairs.iter().map(|(name, value)| (change(name), change(value))).collect()
}

/// Returns the first pair of each name.
fn once<'p>(pairs: impl Iterator<Item = &'p Pair>) -> Vec<Pair> {
    let mut stored: Vec<Pair> = Vec::new();
    for pair in pairs {
        if !stored.iter().any(|(name, _)| *name == pair.0) {
            stored.push(pair.clone());
        }
    }
    stored
}
