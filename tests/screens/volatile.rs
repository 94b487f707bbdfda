//! What differs from one version or order of calls to another without anything looking different.

use regex_lite::{Captures, Regex};

/// Identifiers and hashes, the product's version, entity tags, times of day.
const VOLATILE: &str = r"\b[0-9a-f]{8}[0-9a-f-]*|\b[0-9A-F]{8}[0-9A-F-]*|skydeck/\d+\.\d+\.\d+|etag: \S+|\d\d:\d\d:\d\d(\.\d{3})?|T\d{6}Z";

/// Replaces what is volatile by characters of the same width.
pub fn without_volatile(text: &str) -> String {
    let mask = |found: &Captures<'_>| -> String {
        let found = &found[0];
        if !found.contains(|c: char| c.is_ascii_digit()) {
            return found.to_owned();
        }
        let (kept, volatile) = found.split_at(found.find(['/', ' ']).map_or(0, |before| before + 1));
        let is_time = volatile.starts_with('T') || volatile.contains(':');
        let time_digit = |c: char| if c.is_ascii_digit() { '0' } else { c };
        let id_digit = |c: char| if c.is_ascii_alphanumeric() { 'x' } else { c };
        let masked = volatile.chars().map(|c| if is_time { time_digit(c) } else { id_digit(c) });
        kept.chars().chain(masked).collect()
    };
    Regex::new(VOLATILE).unwrap().replace_all(text, mask).into_owned()
}

#[test]
fn masks_only_what_is_volatile_at_the_same_width() {
    let masked = [
        ("Request id  CB5E2AB6-11A4-487A-9C57-14DE97CB3363", "Request id  xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        ("CB5E2AB6-11A4-487A-9…", "xxxxxxxx-xxxx-xxxx-x…"),
        ("user-agent: skydeck/0.1.0", "user-agent: skydeck/x.x.x"),
        ("12:01:06.000  x-date:20261122T120104Z", "00:00:00.000  x-date:xxxxxxxxT000000Z"),
        ("etag: QN+K27", "etag: xx+xxx"),
    ];
    for (text, expected) in masked {
        assert_eq!(without_volatile(text), expected);
    }
    for text in [
        "InvalidNamespaceIdSuffix.Format",
        "http://127.0.0.1:40113",
        "26 ms",
        "----------",
        "deadbeef",
        "✗ 400",
        "x-acs-version: 2019-05-06",
    ] {
        assert_eq!(without_volatile(text), text);
    }
}
