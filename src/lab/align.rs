//! Two texts of a signature side by side: every line named, and where it differs.

use crate::auth::Scheme;
use crate::auth::scheme::{Piece, TextLayout};
use crate::wire::decode_path;

/// The two texts of a signature; one that is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The canonical request.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
}

/// A named line of both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the part: `method`, `path`, `query`, `header host`, `signed headers`, `payload`, `date`, `scope`...
    pub name: String,
    /// Ours; none when only the other text has it.
    pub ours: Option<String>,
    /// The other's; none when only ours has it.
    pub theirs: Option<String>,
    /// The first byte in which they differ; none when they are equal, or when one of them is not there.
    pub at: Option<usize>,
}

/// Two texts side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The lines, those of the canonical request first.
    pub parts: Vec<Part>,
}

/// The name of the line that says in which order header lines stand.
pub(super) const HEADER_ORDER: &str = "order of the header lines";
/// The name of the line with the canonical request's hash.
pub(super) const HASH: &str = "hash of the canonical request";

impl Part {
    fn of(name: String, ours: Option<String>, theirs: Option<String>) -> Self {
        let at = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) => first_difference(ours, theirs),
            _ => None,
        };
        Self { name, ours, theirs, at }
    }

    /// Returns whether it is the hash of the canonical request: it differs whenever a line of that does.
    pub fn follows(&self) -> bool {
        self.name == HASH
    }

    /// Returns whether both have it and it is the same.
    pub fn same(&self) -> bool {
        self.ours == self.theirs
    }
}

impl Comparison {
    /// Aligns the texts that both sides have.
    pub(super) fn of(layout: Option<TextLayout>, ours: &Texts, theirs: &Texts) -> Self {
        let mut parts = Vec::new();
        if !ours.canonical_request.is_empty() && !theirs.canonical_request.is_empty() {
            parts.extend(aligned(&canonical_lines(&ours.canonical_request), &canonical_lines(&theirs.canonical_request)));
            let whole = ours.canonical_request == theirs.canonical_request;
            if !whole && parts.iter().all(Part::same) {
                let text = |texts: &Texts| Some(texts.canonical_request.clone());
                parts.push(Part::of("the canonical request as a whole".to_owned(), text(ours), text(theirs)));
            }
        }
        if !ours.string_to_sign.is_empty() && !theirs.string_to_sign.is_empty() {
            let lines = |texts: &Texts| string_lines(layout, &texts.string_to_sign);
            parts.extend(aligned(&lines(ours), &lines(theirs)));
        }
        Self { parts }
    }

    /// Returns the first line that differs.
    pub fn first_difference(&self) -> Option<&Part> {
        self.parts.iter().find(|part| !part.same())
    }
}

/// Returns the lines of a signing's texts with their names: canonical request, then string to sign.
pub fn named_lines(scheme: Scheme, texts: &Texts) -> Vec<(String, String)> {
    lines_of(layout_of(scheme), texts)
}

/// Returns the layout of a scheme's texts; none where nothing is signed.
pub(super) fn layout_of(scheme: Scheme) -> Option<TextLayout> {
    scheme.descriptor().map(|dialect| dialect.text)
}

/// Returns the same as [`named_lines`], by the texts' layout.
pub(super) fn lines_of(layout: Option<TextLayout>, texts: &Texts) -> Vec<(String, String)> {
    let mut lines = if texts.canonical_request.is_empty() { Vec::new() } else { canonical_lines(&texts.canonical_request) };
    lines.extend(string_lines(layout, &texts.string_to_sign));
    lines
}

/// Returns the first byte in which two texts differ; the end of the shorter one when it begins the other.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    // Not in the middle of a character.
    Some((0..=common).rev().find(|at| one.is_char_boundary(*at) && other.is_char_boundary(*at)).unwrap_or(0))
}

type Lines = Vec<(String, String)>;

fn line(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Returns the lines of a canonical request: three, headers, an empty one, the list, the payload.
fn canonical_lines(text: &str) -> Lines {
    let all: Vec<&str> = text.split('\n').collect();
    let mut lines: Lines = ["method", "path", "query"].iter().zip(&all).map(|(name, value)| line(name, value)).collect();
    let rest = all.get(3..).unwrap_or_default();
    let (headers, end) = match rest.iter().rposition(|line| line.is_empty()) {
        // A list without a name is an empty line too.
        Some(gap) if gap + 2 == rest.len() && gap > 0 && rest[gap - 1].is_empty() => (&rest[..gap - 1], &rest[gap..]),
        Some(gap) if gap + 3 >= rest.len() => (&rest[..gap], &rest[gap + 1..]),
        _ => rest.split_at(rest.len().saturating_sub(2)),
    };
    lines.extend(headers.iter().map(|text| header_line(text)));
    lines.extend(["signed headers", "payload"].iter().zip(end).map(|(name, value)| line(name, value)));
    lines
}

fn header_line(text: &str) -> (String, String) {
    match text.split_once(':') {
        Some((name, value)) => (format!("header {name}"), value.to_owned()),
        None => line("header", text),
    }
}

/// Returns the lines of a string to sign. A layout without a canonical request has all in it.
fn string_lines(layout: Option<TextLayout>, text: &str) -> Lines {
    let name = |piece: &Piece| match piece {
        Piece::Algorithm => "algorithm",
        Piece::Date => "date",
        Piece::Scope => "scope",
        Piece::Digest => HASH,
    };
    let names: Vec<&str> = match layout {
        Some(TextLayout::Canonical(pieces)) => pieces.iter().map(name).collect(),
        Some(TextLayout::Roa) => return plain_lines(&ROA_NAMES, text),
        Some(TextLayout::Storage) => return plain_lines(&STORAGE_NAMES, text),
        Some(TextLayout::Rpc) => return rpc_lines(text),
        None => return Vec::new(),
    };
    let values: Vec<&str> = text.split('\n').collect();
    if values.len() == names.len() {
        return names.iter().zip(values).map(|(name, value)| line(name, value)).collect();
    }
    // Lines are missing or too many: the first and the last are known, those between by what they look like.
    let last = values.len() - 1;
    let guess = |at: usize, value: &str| match at {
        0 => "algorithm",
        _ if at == last => HASH,
        _ if value.contains('/') => "scope",
        _ => "date",
    };
    values.iter().enumerate().map(|(at, value)| line(guess(at, value), value)).collect()
}

/// The first lines of Alibaba's older layout.
const ROA_NAMES: [&str; 5] = ["method", "header accept", "header content-md5", "header content-type", "header date"];
/// The first lines of the layout of object storage; of a URL the date is the time at which it expires.
const STORAGE_NAMES: [&str; 4] = ["method", "header content-md5", "header content-type", "header date"];

fn plain_lines(names: &[&str], text: &str) -> Lines {
    let all: Vec<&str> = text.split('\n').collect();
    let mut lines: Lines = names.iter().zip(&all).map(|(name, value)| line(name, value)).collect();
    let Some((resource, headers)) = all.get(names.len()..).and_then(<[&str]>::split_last) else { return lines };
    lines.extend(headers.iter().map(|text| header_line(text)));
    let (path, query) = resource.split_once('?').unwrap_or((resource, ""));
    lines.extend([line("path", path), line("query", query)]);
    lines
}

/// Returns the parts of an RPC string to sign: method, path, and the parameters as they are encoded once.
fn rpc_lines(text: &str) -> Lines {
    let mut parts = text.splitn(3, '&');
    let names = ["method", "path", "query"];
    names.iter().filter_map(|name| Some(line(name, &String::from_utf8_lossy(&decode_path(parts.next()?))))).collect()
}

/// Pairs lines of one name in order; a line that only the other has stands after the one it follows there.
fn aligned(ours: &Lines, theirs: &Lines) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut used = vec![false; theirs.len()];
    for (name, value) in ours {
        let at = theirs.iter().enumerate().position(|(at, (other, _))| !used[at] && other == name);
        if let Some(at) = at {
            used[at] = true;
        }
        parts.push(Part::of(name.clone(), Some(value.clone()), at.map(|at| theirs[at].1.clone())));
    }
    for (at, (name, value)) in theirs.iter().enumerate().filter(|(at, _)| !used[*at]) {
        let before = at.checked_sub(1).map(|before| &theirs[before].0);
        let place = before.and_then(|before| parts.iter().rposition(|part| part.name == *before)).map_or(0, |place| place + 1);
        parts.insert(place, Part::of(name.clone(), None, Some(value.clone())));
    }
    order_of_headers(ours, theirs, &mut parts);
    parts
}

/// Says so where both have the same header lines in another order.
fn order_of_headers(ours: &Lines, theirs: &Lines, parts: &mut Vec<Part>) {
    let names = |lines: &Lines| lines.iter().filter_map(|(name, _)| name.strip_prefix("header ")).map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (names(ours), names(theirs));
    let (mut one, mut other) = (ours.clone(), theirs.clone());
    one.sort_unstable();
    other.sort_unstable();
    if one == other && ours != theirs {
        let place = parts.iter().rposition(|part| part.name.starts_with("header ")).map_or(0, |place| place + 1);
        parts.insert(place, Part::of(HEADER_ORDER.to_owned(), Some(ours.join(" ")), Some(theirs.join(" "))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "POST\n/a\nb=1\nhost:h\nx-date:d\n\nhost;x-date\nabc";

    fn canonical(text: &str) -> Texts {
        Texts { canonical_request: text.to_owned(), string_to_sign: String::new() }
    }

    fn differences(theirs: &str) -> Vec<(String, Option<usize>)> {
        let comparison = Comparison::of(layout_of(Scheme::SdkHmac), &canonical(OURS), &canonical(theirs));
        comparison.parts.into_iter().filter(|part| !part.same()).map(|part| (part.name, part.at)).collect()
    }

    #[test]
    fn lines_are_named_and_paired() {
        assert_eq!(differences(OURS), []);
        assert_eq!(
            differences("POST\n/a/\nb=2\nhost:h\nx-date:d\n\nhost;x-date\nabc"),
            [("path".into(), Some(2)), ("query".into(), Some(2))]
        );
        assert_eq!(differences("POST\n/a\nb=1\nhost:h\nvia:1\nx-date:d\n\nhost;x-date\nabc"), [("header via".into(), None)]);
        assert_eq!(
            differences("POST\n/a\nb=1\nx-date:d\n\nx-date\nabc"),
            [("header host".into(), None), ("signed headers".into(), Some(0))]
        );
        assert_eq!(differences("POST\n/a\nb=1\nx-date:d\nhost:h\n\nhost;x-date\nabc"), [(HEADER_ORDER.into(), Some(0))]);
        assert_eq!(
            differences("POST\n/a\nb=1\nhost:h\nx-date:d\nhost;x-date\nabc"),
            [("the canonical request as a whole".into(), Some(28))]
        );
    }

    #[test]
    fn aligns_a_truncated_text() {
        for length in 0..OURS.len() {
            assert!(length == 0 || !differences(&OURS[..length]).is_empty(), "{length}");
        }
    }

    #[test]
    fn names_the_lines_of_a_string_to_sign() {
        let texts = |text: &str| Texts { canonical_request: String::new(), string_to_sign: text.to_owned() };
        let names: Vec<String> =
            named_lines(Scheme::Volcengine, &texts("A\n20261122T0Z\nd/r/s/request\nff")).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["algorithm", "date", "scope", HASH]);
        let lacking = named_lines(Scheme::Volcengine, &texts("A\n20261122T0Z\nff"));
        assert_eq!(lacking[1].0, "date");
        let plain = named_lines(Scheme::Acs1, &texts("GET\n\n\ntype\ndate\nx-acs-a:1\n/p?q=1"));
        assert_eq!(plain.last(), Some(&("query".to_owned(), "q=1".to_owned())));
    }

    #[test]
    fn marks_differences_at_character_boundaries() {
        assert_eq!(first_difference("aé", "aè"), Some(1));
        assert_eq!(first_difference("a", "ab"), Some(1));
    }
}
