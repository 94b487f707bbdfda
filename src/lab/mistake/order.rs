//! Mistakes with the order of the lines of headers, of their list, and of the query's parameters.

use super::choice::permuted;
use super::{Aspect, Mistake, MistakeContext};
use crate::auth::scheme::Order;
use crate::lab::fault;
use crate::lab::material::{Pair, SignatureParts, parameters};

/// The maximum number of headers of which every order is tried; of more, each one is tried at every other place.
const MAX_PERMUTED_HEADERS: usize = 5;
/// The maximum number of headers of which any is moved.
const MAX_MOVED_HEADERS: usize = 16;
/// The maximum number of parameters of which every order is tried.
const MAX_PERMUTED_PARAMETERS: usize = 5;

/// The part that is in another order.
#[derive(Clone, Copy)]
enum Side {
    Lines,
    List,
    Both,
}

const SIDES: [(Side, &str); 3] = [
    (Side::Both, "lines and list were signed"),
    (Side::Lines, "the lines of headers were signed"),
    (Side::List, "the list of names was signed, other than its lines,"),
];

/// Adds other orders of the headers.
pub(super) fn headers<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let names = &context.base.names;
    let mut sorted = names.clone();
    sorted.sort_unstable();
    push(all, "sorted", &sorted, false);
    let reversed: Vec<String> = names.iter().rev().cloned().collect();
    push(all, "backwards", &reversed, false);
    let mut sent: Vec<String> = context.request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    sent.retain(|name| names.contains(name));
    sent.dedup();
    push(all, "in the order in which the headers are sent", &sent, false);
    if names.len() <= MAX_PERMUTED_HEADERS {
        permuted(&mut names.clone(), 0, &mut |order| push(all, "in another order", order, true));
    } else if names.len() <= MAX_MOVED_HEADERS {
        for (from, to) in (0..names.len()).flat_map(|from| (0..names.len()).map(move |to| (from, to))).filter(|(from, to)| from != to) {
            let mut order = names.clone();
            let name = order.remove(from);
            order.insert(to, name);
            push(all, "in another order", &order, true);
        }
    }
}

fn push(all: &mut Vec<Mistake<'_>>, how: &str, order: &[String], alone: bool) {
    for (side, what) in SIDES {
        let detail = format!("{what} {how}: {}", order.join(";"));
        let order = order.to_vec();
        let mistake = Mistake::new(&fault::LIST_UNSORTED, Aspect::List, detail, move |m| sort(m, side, &order));
        all.push(mistake.alone_unless(!alone));
    }
}

fn sort(material: &mut SignatureParts, side: Side, order: &[String]) {
    let place = |name: &String| order.iter().position(|known| known == name).unwrap_or(usize::MAX);
    if !matches!(side, Side::List) {
        material.lines.sort_by_key(|line| place(&line.name));
    }
    if !matches!(side, Side::Lines) {
        material.names.sort_by_key(place);
    }
}

/// Adds every order of a few parameters: that in which a caller put them in cannot be seen where they are sent sorted.
pub(super) fn parameters_of<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let mut sent = parameters(context.request.query());
    if sent.len() > MAX_PERMUTED_PARAMETERS {
        return;
    }
    permuted(&mut sent, 0, &mut |order| {
        let names: Vec<String> = order.iter().map(|(name, _)| super::text(name)).collect();
        let pairs: Vec<Pair> = order.to_vec();
        let detail = format!("the parameters were signed in the order {}, as they were put in", names.join(", "));
        let make = move |m: &mut SignatureParts| (m.order, m.pairs) = (Order::AsSent, pairs.clone());
        all.push(Mistake::new(&fault::QUERY_UNSORTED, Aspect::QueryPairs, detail, make).never_paired());
    });
}
