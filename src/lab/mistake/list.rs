//! Mistakes with the list of signed headers, with their lines, and with the layout of the canonical request.

use super::choice::{missing, without};
use super::{Aspect, Mistake, MistakeContext, order, spelling};
use crate::lab::fault::{self, MistakeKind};
use crate::lab::material::{Layout, Line, SignatureParts};

/// Headers that travel with a connection, not with a request: nobody signs them by mistake.
const NEVER_SIGNED_HEADERS: [&str; 3] = ["authorization", "transfer-encoding", "proxy-authorization"];

/// The maximum number of unlisted headers among which several are assumed to have been signed.
const MAX_HEADER_CHOICES: usize = 64;

/// A habit of layout: fault, words, group, what it sets.
type LayoutVariant = (&'static MistakeKind, &'static str, u8, fn(&mut Layout));

const HABITS: [LayoutVariant; 12] = [
    (&fault::LAYOUT_NEWLINE, "two empty lines stand between the headers and their list", 1, |l| l.gap = "\n\n"),
    (&fault::LAYOUT_SEPARATOR, "lines end in \\n, written in two characters", 5, |l| l.end = "\\n"),
    (&fault::LAYOUT_NEWLINE, "nothing stands between the lines", 5, |l| l.end = ""),
    (&fault::LAYOUT_NEWLINE, "no empty line stands between the headers and their list", 1, |l| l.gap = ""),
    (&fault::LAYOUT_NEWLINE, "an empty query has no line of its own", 2, |l| l.empty_query = false),
    (&fault::LAYOUT_NEWLINE, "a line feed follows the payload's hash", 3, |l| l.tail = "\n"),
    (&fault::LAYOUT_SEPARATOR, "a space stands after the colon of each header line", 4, |l| l.colon = ": "),
    (&fault::LAYOUT_SEPARATOR, "an equals sign stands for the colon of each header line", 4, |l| l.colon = "="),
    (&fault::LAYOUT_SEPARATOR, "lines end in carriage return and line feed", 5, |l| l.end = "\r\n"),
    (&fault::LAYOUT_SEPARATOR, "commas stand between the names of the list", 6, |l| l.names = ","),
    (&fault::LAYOUT_SEPARATOR, "a space follows each ; of the list", 6, |l| l.names = "; "),
    (&fault::LAYOUT_SEPARATOR, "a ; and nothing else ends the list", 6, |l| l.names = ";;"),
];

pub(super) fn all<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    for name in &context.base.names {
        let (fault, detail) = unsigned(context, name);
        all.push(Mistake::new(fault, Aspect::List, detail, move |m| drop_header(m, name)));
    }
    if !context.base.dialect.is_plain() {
        fewer(context, all);
        order::headers(context, all);
        as_listed(context, all);
        more(context, all);
        several_more(context, all);
        spelling::all(context, all);
        lines_alone(context, all);
    }
    for (fault, how, group, set) in HABITS {
        all.push(Mistake::new(fault, Aspect::Layout(group), how, move |m| set(&mut m.layout)));
    }
}

/// Returns what it means that a header of the list was not signed.
fn unsigned(context: &MistakeContext<'_>, name: &str) -> (&'static MistakeKind, String) {
    if name == context.base.dialect.token {
        return (&fault::TOKEN_UNSIGNED, format!("{name} was added after signing"));
    }
    let fault = if context.base.dialect.is_plain() { &fault::HEADER_ADDED } else { &fault::LIST_DIFFERS };
    (fault, format!("{name} was not signed, and stands in what the server signs"))
}

/// Adds a name that stands twice in the list, signed once; and several names that were not signed.
fn fewer<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let names = &context.base.names;
    let once = |m: &mut SignatureParts| {
        keep_first(&mut m.names);
        keep_first(&mut m.lines);
    };
    all.push(Mistake::new(&fault::LIST_REPEATED, Aspect::List, "the list was signed with each name once", once).never_paired());
    for places in missing(names.len()).into_iter().filter(|places| places.len() > 1) {
        let dropped: Vec<String> = places.iter().map(|at| names[*at].clone()).collect();
        let detail = format!("{} were not signed, and stand in what the server signs", dropped.join(", "));
        let make = move |m: &mut SignatureParts| dropped.iter().for_each(|name| drop_header(m, name));
        all.push(Mistake::new(&fault::LIST_DIFFERS, Aspect::List, detail, make).never_paired());
    }
}

/// Takes out what stands there once more.
fn keep_first<T: PartialEq + Clone>(things: &mut Vec<T>) {
    let all = things.clone();
    let mut at = 0;
    things.retain(|thing| {
        at += 1;
        !all[..at - 1].contains(thing)
    });
}

fn drop_header(material: &mut SignatureParts, name: &str) {
    material.names.retain(|known| known != name);
    material.lines.retain(|line| line.name != name || line.bare);
}

/// Adds the list as the authorization header spells it.
fn as_listed<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let listed: Vec<String> = context.claim.list.split(';').map(|name| name.trim().to_owned()).collect();
    all.push(Mistake::new(&fault::LIST_CASE, Aspect::Layout(7), "the list was signed as the authorization header spells it", move |m| {
        m.names.clone_from(&listed);
    }));
}

/// Returns the lines of the headers that could be signed and are not in the list.
fn unlisted(context: &MistakeContext<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (name, value) in context.request.headers.iter() {
        let name = name.to_ascii_lowercase();
        let known = NEVER_SIGNED_HEADERS.contains(&name.as_str())
            || context.base.names.contains(&name)
            || lines.iter().any(|line| line.name == name);
        if !known {
            lines.push(Line { name, value: value.trim_ascii().to_vec(), bare: false });
        }
    }
    lines
}

/// Adds several headers that are not in the list, signed all the same.
fn several_more<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    let lines = unlisted(context);
    if lines.len() > MAX_HEADER_CHOICES {
        return;
    }
    // Which of them were not signed; that all were is a choice too.
    let sets = missing(lines.len()).into_iter().chain([Vec::new()]);
    for more in sets.map(|places| without(&lines, &places)).filter(|more| more.len() > 1) {
        let names: Vec<&str> = more.iter().map(|line| line.name.as_str()).collect();
        let detail = format!("{} were signed, and are not in the list", names.join(", "));
        let make = move |m: &mut SignatureParts| more.iter().for_each(|line| insert(m, line));
        all.push(Mistake::new(&fault::LIST_DIFFERS, Aspect::List, detail, make).never_paired());
    }
}

/// Adds each header that is not in the list, signed all the same.
fn more<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    for line in unlisted(context) {
        let detail = format!("{} was signed, and is not in the list", line.name);
        all.push(Mistake::new(&fault::LIST_DIFFERS, Aspect::List, detail, move |m| insert(m, &line)));
    }
    let unseen = ["content-type", "content-length", context.base.dialect.token, "host", context.base.dialect.date];
    for name in
        unseen.into_iter().filter(|name| !context.request.headers.contains(name) && !context.base.names.iter().any(|known| known == name))
    {
        let line = Line { name: name.to_owned(), value: Vec::new(), bare: false };
        let detail = format!("{name} was signed with nothing in it; the request has none");
        all.push(Mistake::new(&fault::LIST_DIFFERS, Aspect::List, detail, move |m| insert(m, &line)));
    }
}

fn insert(material: &mut SignatureParts, line: &Line) {
    let at = material.names.partition_point(|name| *name < line.name);
    material.names.insert(at, line.name.clone());
    let at = material.lines.partition_point(|known| known.name < line.name);
    material.lines.insert(at, line.clone());
}

/// Adds a header whose name is in the list and whose line was left out, and the reverse.
fn lines_alone<'a>(context: &'a MistakeContext<'a>, all: &mut Vec<Mistake<'a>>) {
    for name in &context.base.names {
        let absent = !context.request.headers.contains(name);
        let fault = if absent { &fault::HEADER_DROPPED } else { &fault::LIST_DIFFERS };
        let line = format!("{name} is in the list, and has no line in what was signed");
        all.push(Mistake::new(fault, Aspect::Header(name.clone()), line, move |m| m.lines.retain(|line| line.name != *name)));
        let listed = format!("{name} has its line in what was signed, and was not in the list there");
        all.push(Mistake::new(&fault::LIST_DIFFERS, Aspect::List, listed, move |m| m.names.retain(|known| known != name)));
    }
}
