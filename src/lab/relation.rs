//! The causes of differences between two lines.

use super::align::{Comparison, HASH, HEADER_ORDER, Part};
use super::encoding::{doubled, latin1};
use super::fault::{self, MistakeKind};
use super::material::{collapsed, parameters, without_default_port};
use super::mistake::{read_date, recognise, zone_of};
use super::report::Cause;
use crate::wire::{decode_form, decode_path, encode};

/// Returns the cause of each line that differs, in their order. That the hash of the canonical request differs says nothing where its lines
/// are there to be seen.
pub(super) fn causes(comparison: &Comparison, body: Option<&[u8]>) -> Vec<Cause> {
    let has_lines = comparison.parts.iter().any(|part| part.name == "signed headers");
    let mut causes: Vec<Cause> = Vec::new();
    for part in comparison.parts.iter().filter(|part| !part.same()) {
        let told = part.name == HASH && has_lines && !causes.is_empty();
        // The list follows from the lines.
        let follows = part.name == "signed headers"
            && causes.iter().any(|cause| [&fault::HEADER_ADDED, &fault::HEADER_DROPPED].contains(&cause.fault));
        if !told && !follows {
            causes.push(cause(part, body));
        }
    }
    causes
}

fn cause(part: &Part, body: Option<&[u8]>) -> Cause {
    let (fault, how) = match (&part.ours, &part.theirs) {
        (Some(ours), Some(theirs)) => differs(&part.name, ours, theirs, body),
        (None, _) => (only(part, &fault::HEADER_ADDED), "it is not in ours".to_owned()),
        (_, None) => (only(part, &fault::HEADER_DROPPED), "it is in ours alone".to_owned()),
    };
    Cause::proven(fault, format!("{}: {how}", part.name))
}

/// Returns a line that one side alone has.
fn only(part: &Part, of_header: &'static MistakeKind) -> &'static MistakeKind {
    match part.name.as_str() {
        "scope" => &fault::SCOPE_MISSING,
        "date" => &fault::DATE_DIFFERS,
        name if name.ends_with("security-token") && part.ours.is_none() => &fault::TOKEN_UNSIGNED,
        name if name.ends_with("security-token") => &fault::TOKEN_SIGNED,
        name if name.starts_with("header") => of_header,
        _ => &fault::LAYOUT_NEWLINE,
    }
}

type Named = (&'static MistakeKind, String);

fn differs(name: &str, ours: &str, theirs: &str, body: Option<&[u8]>) -> Named {
    let beside = || format!("ours `{ours}`, theirs `{theirs}`");
    match name {
        "method" => (&fault::METHOD, beside()),
        "path" => path(ours, theirs),
        "query" => query(ours, theirs),
        "payload" => payload(ours, theirs, body),
        "signed headers" => list(ours, theirs),
        "algorithm" => (&fault::STRING_ALGORITHM, beside()),
        "date" => date(ours, theirs),
        "scope" => scope(ours, theirs),
        HASH => (&fault::CANONICAL_DIFFERS, "the rest of the string to sign is ours".to_owned()),
        HEADER_ORDER => (&fault::LIST_UNSORTED, beside()),
        _ => match name.strip_prefix("header ") {
            Some(header) => value(header, ours, theirs, body),
            None => (&fault::LAYOUT_NEWLINE, "empty lines or line ends differ".to_owned()),
        },
    }
}

fn path(ours: &str, theirs: &str) -> Named {
    let beside = format!("ours `{ours}`, theirs `{theirs}`");
    let plain = |text: &str| decode_path(text);
    let fault = if format!("{ours}/") == theirs {
        &fault::PATH_SLASH_EXTRA
    } else if ours == format!("{theirs}/") {
        &fault::PATH_SLASH_LACKING
    } else if plain(&text(&plain(ours))) == plain(theirs) || plain(&text(&plain(theirs))) == plain(ours) {
        escaped_path(ours, theirs)
    } else if ours.ends_with(theirs) || theirs.ends_with(ours) {
        &fault::PATH_PREFIX
    } else if ours.replace("//", "/") == theirs.replace("//", "/") || ours.eq_ignore_ascii_case(theirs) {
        &fault::PATH_NORMALISED
    } else {
        &fault::PATH_DIFFERS
    };
    (fault, beside)
}

/// Returns two paths that mean the same.
fn escaped_path(ours: &str, theirs: &str) -> &'static MistakeKind {
    let slashes = |text: &str| text.matches('/').count();
    if ours.contains("%25") != theirs.contains("%25") {
        &fault::PATH_DOUBLE_ENCODED
    } else if slashes(ours) != slashes(theirs) {
        &fault::PATH_SLASH_ESCAPED
    } else if !ours.contains('%') || !theirs.contains('%') {
        &fault::PATH_NOT_ENCODED
    } else {
        &fault::PATH_ENCODING
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn query(ours: &str, theirs: &str) -> Named {
    let (one, other) = (parameters(ours), parameters(theirs));
    if one == other {
        return encoding(ours, theirs);
    }
    let (mut sorted, mut sorted_too) = (one.clone(), other.clone());
    sorted.sort_unstable();
    sorted_too.sort_unstable();
    if sorted == sorted_too {
        return (&fault::QUERY_UNSORTED, "the same parameters in another order".to_owned());
    }
    let deep = |query: &str| parameters(&text(&decode_form(query)));
    if deep(ours) == other || deep(theirs) == one {
        return (&fault::QUERY_DOUBLE_ENCODED, "one side is the other, encoded once more".to_owned());
    }
    if charset(&one, &other) || charset(&other, &one) {
        return (&fault::QUERY_CHARSET, "the same text in other bytes".to_owned());
    }
    let names = |missing: &[(Vec<u8>, Vec<u8>)]| missing.iter().map(|(name, _)| text(name)).collect::<Vec<_>>().join(", ");
    let minus = |from: &[(Vec<u8>, Vec<u8>)], names: &[(Vec<u8>, Vec<u8>)]| {
        from.iter().filter(|(name, _)| !names.iter().any(|(other, _)| other == name)).cloned().collect::<Vec<_>>()
    };
    let (added, dropped) = (minus(&other, &one), minus(&one, &other));
    match (added.is_empty(), dropped.is_empty()) {
        (false, true) => (&fault::QUERY_ADDED, format!("theirs has also {}", names(&added))),
        (true, false) if theirs.is_empty() => (&fault::QUERY_LEFT_OUT, "theirs is empty".to_owned()),
        (true, false) => (&fault::QUERY_DROPPED, format!("theirs lacks {}", names(&dropped))),
        _ if one.len() != other.len() => (&fault::QUERY_REPEATED, "a parameter is there more often on one side".to_owned()),
        _ => (&fault::QUERY_DIFFERS, changed_values(&one, &other)),
    }
}

fn charset(one: &[(Vec<u8>, Vec<u8>)], other: &[(Vec<u8>, Vec<u8>)]) -> bool {
    let all =
        |change: &dyn Fn(&[u8]) -> Vec<u8>| one.iter().map(|(name, value)| (change(name), change(value))).collect::<Vec<_>>() == other;
    all(&|text| doubled(text)) || all(&|text| latin1(text).unwrap_or_default())
}

fn changed_values(one: &[(Vec<u8>, Vec<u8>)], other: &[(Vec<u8>, Vec<u8>)]) -> String {
    let differing = one.iter().zip(other).find(|(ours, theirs)| ours != theirs);
    differing.map_or_else(
        || "other values".to_owned(),
        |(ours, theirs)| format!("{}: ours `{}`, theirs `{}`", text(&ours.0), text(&ours.1), text(&theirs.1)),
    )
}

/// Returns two queries that mean the same: the first character that is written in two ways.
fn encoding(ours: &str, theirs: &str) -> Named {
    let differs = ours.bytes().zip(theirs.bytes()).take_while(|(one, other)| one == other).count();
    // Back to the beginning of an escape that differs in its digits.
    let within = |at: &usize| ours.as_bytes().get(*at) == Some(&b'%');
    let at = (1..=2).filter_map(|back| differs.checked_sub(back)).find(within).unwrap_or(differs);
    let (one, other) = (unit(ours, at), unit(theirs, at));
    let beside = format!("`{one}` in ours is `{other}` in theirs, at byte {}", at + 1);
    let either = |unit: &str| one == unit || other == unit;
    let fault = if one.eq_ignore_ascii_case(other) {
        &fault::QUERY_HEX_CASE
    } else if either("+") && either("%20") {
        &fault::QUERY_SPACE
    } else if either("~") {
        &fault::QUERY_TILDE
    } else if either("*") {
        &fault::QUERY_ASTERISK
    } else if either("/") {
        &fault::QUERY_SLASH
    } else if one.is_empty() || other.is_empty() || either("=") || either("&") {
        &fault::QUERY_EMPTY_VALUE
    } else if !ours.contains('%') || !theirs.contains('%') {
        &fault::QUERY_NOT_ENCODED
    } else {
        &fault::QUERY_MARKS
    };
    (fault, beside)
}

/// Returns the escape or the character that begins at a byte.
fn unit(text: &str, at: usize) -> &str {
    let Some(rest) = text.get(at..) else { return "" };
    let length = if rest.starts_with('%') { 3 } else { rest.chars().next().map_or(0, char::len_utf8) };
    rest.get(..length).unwrap_or(rest)
}

fn payload(ours: &str, theirs: &str, body: Option<&[u8]>) -> Named {
    if ours.eq_ignore_ascii_case(theirs) {
        return (&fault::PAYLOAD_SHAPE, "one side is in capitals".to_owned());
    }
    let found = recognise(theirs, body).map(|(fault, how)| (fault, format!("theirs: {}", how.replace(" was signed", ""))));
    let known = found
        .or_else(|| recognise(ours, None).map(|(_, how)| (&fault::PAYLOAD_CHANGED, format!("ours: {}", how.replace(" was signed", "")))));
    known.unwrap_or_else(|| (&fault::PAYLOAD_CHANGED, format!("ours `{ours}`, theirs `{theirs}`")))
}

fn list(ours: &str, theirs: &str) -> Named {
    let sorted = |list: &str| {
        let mut names: Vec<String> = list.split(';').map(str::to_ascii_lowercase).collect();
        names.sort();
        names
    };
    let beside = format!("ours `{ours}`, theirs `{theirs}`");
    if ours.eq_ignore_ascii_case(theirs) {
        return (&fault::LIST_CASE, beside);
    }
    if sorted(ours) == sorted(theirs) { (&fault::LIST_UNSORTED, beside) } else { (&fault::LIST_DIFFERS, beside) }
}

fn date(ours: &str, theirs: &str) -> Named {
    let (Some(one), Some(other)) = (read_date(ours), read_date(theirs)) else {
        return (&fault::DATE_FORMAT, format!("ours `{ours}`, theirs `{theirs}`"));
    };
    let seconds = other.as_second() - one.as_second();
    if seconds == 0 {
        return (&fault::DATE_FORMAT, format!("the same time: ours `{ours}`, theirs `{theirs}`"));
    }
    let fault = zone_of(seconds).map_or(&fault::DATE_DIFFERS, |_| &fault::DATE_ZONE);
    (fault, format!("ours `{ours}`, theirs `{theirs}`, {seconds:+} s"))
}

fn scope(ours: &str, theirs: &str) -> Named {
    let (one, other): (Vec<&str>, Vec<&str>) = (ours.split('/').collect(), theirs.split('/').collect());
    let beside = format!("ours `{ours}`, theirs `{theirs}`");
    let pieces = [&fault::SCOPE_DAY, &fault::SCOPE_REGION, &fault::SCOPE_SERVICE, &fault::SCOPE_END];
    if one.len() != other.len() || one.len() != pieces.len() {
        return (&fault::SCOPE_DIFFERS, beside);
    }
    let first = one.iter().zip(&other).position(|(one, other)| one != other).unwrap_or_default();
    (pieces[first], beside)
}

/// Returns the value of a header.
fn value(header: &str, ours: &str, theirs: &str, body: Option<&[u8]>) -> Named {
    let beside = format!("ours `{ours}`, theirs `{theirs}`");
    if header.ends_with("content-sha256") {
        return payload(ours, theirs, body);
    }
    if header.ends_with("-date") || header == "date" {
        return date(ours, theirs);
    }
    if header.ends_with("security-token") {
        return (&fault::TOKEN_OTHER, "the tokens differ".to_owned());
    }
    if header == "host" {
        return (host(ours, theirs), beside);
    }
    let (one, other) = (ours.as_bytes(), theirs.as_bytes());
    let spaceless = |value: &[u8]| collapsed(value).into_iter().filter(|byte| *byte != b' ').collect::<Vec<_>>();
    let fault = if ours.eq_ignore_ascii_case(theirs) {
        &fault::HEADER_CASE
    } else if spaceless(one) == spaceless(other) {
        &fault::HEADER_SPACE
    } else if header == "content-type" {
        &fault::CONTENT_TYPE
    } else if doubled(one) == other
        || doubled(other) == one
        || latin1(one).is_some_and(|bytes| text(&bytes) == theirs)
        || encode(one) == theirs
    {
        &fault::HEADER_CHARSET
    } else if theirs.contains(ours) && !ours.is_empty() {
        &fault::HEADER_PROXY
    } else {
        &fault::HEADER_CHANGED
    };
    (fault, beside)
}

fn host(ours: &str, theirs: &str) -> &'static MistakeKind {
    let bare = |host: &str| host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    let plain = |host: &str| text(without_default_port(host.as_bytes()));
    if ours.eq_ignore_ascii_case(theirs) {
        return &fault::HEADER_CASE;
    }
    if plain(ours) == plain(theirs) || bare(ours) == bare(theirs) { &fault::HOST_PORT } else { &fault::HOST_CHANGED }
}
