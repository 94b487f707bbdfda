//! How long large bodies take: laid out in rows once, and a screen of them drawn.

use divan::{Bencher, black_box};
use skydeck::body::{Pattern, View, VisibleMatches, index, index_until, mask_json};
use skydeck::redact::{Redactor, SecretRegistry};
use skydeck::secret::Secret;

const WIDTH: u16 = 120;
const MEGABYTE: usize = 1 << 20;

/// A screen is this many rows.
const SCREEN: usize = 50;

fn main() {
    divan::main();
}

/// Compact JSON of members of ten bytes or so.
fn members(bytes: usize) -> Vec<u8> {
    let mut body = b"{\"items\":[".to_vec();
    for number in 0.. {
        if body.len() >= bytes {
            break;
        }
        let comma = if number > 0 { "," } else { "" };
        body.extend_from_slice(format!("{comma}{{\"id\":{number},\"name\":\"n{number}\",\"ok\":true}}").as_bytes());
    }
    body.extend_from_slice(b"]}");
    body
}

/// One line of text without an end, in which a secret and an accent stand now and then.
fn line(bytes: usize) -> Vec<u8> {
    let piece = "lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam caf\u{e9} ".repeat(50) + "a-secret-of-24-characters ";
    piece.bytes().cycle().take(bytes).collect()
}

/// One JSON string of this length.
fn string(bytes: usize) -> Vec<u8> {
    [b"{\"text\":\"".as_slice(), &line(bytes), b"\"}"].concat()
}

fn redactor() -> Redactor {
    let registry = SecretRegistry::default();
    registry.add([&Secret::new("a-secret-of-24-characters")]);
    registry.add(&(0..9).map(|number| Secret::new(format!("{number}AnotherSecret/With+Signs{number}"))).collect::<Vec<_>>());
    registry.redactor()
}

#[divan::bench(sample_count = 10)]
fn secrets_in_10_mb_of_members(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (members(10 * MEGABYTE), redactor());
    bencher.bench(|| redactor.spans(black_box(&body)));
}

#[divan::bench(sample_count = 10)]
fn secrets_in_50_mb_of_text(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (line(50 * MEGABYTE), redactor());
    bencher.bench(|| redactor.spans(black_box(&body)));
}

#[divan::bench(sample_count = 10)]
fn secrets_in_50_mb_of_members(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (members(50 * MEGABYTE), redactor());
    bencher.bench(|| redactor.spans(black_box(&body)));
}

#[divan::bench(sample_count = 10)]
fn rows_of_10_mb_of_members_pretty(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (members(10 * MEGABYTE), redactor());
    bencher.bench(|| index(black_box(&body), View::Pretty, WIDTH, &redactor));
}

#[divan::bench(sample_count = 10)]
fn first_rows_of_10_mb_of_members_pretty(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (members(10 * MEGABYTE), redactor());
    bencher.bench(|| index_until(black_box(&body), View::Pretty, WIDTH, &redactor, &mut |_| false));
}

#[divan::bench(sample_count = 10)]
fn rows_of_50_mb_in_one_line_raw(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (line(50 * MEGABYTE), redactor());
    bencher.bench(|| index(black_box(&body), View::Raw, WIDTH, &redactor));
}

#[divan::bench(sample_count = 10)]
fn rows_of_50_mb_in_one_string_pretty(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (string(50 * MEGABYTE), redactor());
    bencher.bench(|| index(black_box(&body), View::Pretty, WIDTH, &redactor));
}

#[divan::bench(sample_count = 10)]
fn rows_of_50_mb_of_members_pretty(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (members(50 * MEGABYTE), redactor());
    bencher.bench(|| index(black_box(&body), View::Pretty, WIDTH, &redactor));
}

#[divan::bench]
fn screen_in_the_middle_of_10_mb_pretty(bencher: Bencher<'_, '_>) {
    let body = members(10 * MEGABYTE);
    let rows = index(&body, View::Pretty, WIDTH, &redactor());
    let middle = rows.len() / 2;
    bencher.bench(|| rows.screen(middle..middle + SCREEN, black_box(&body)));
}

#[divan::bench]
fn screen_in_the_middle_of_a_50_mb_string_pretty(bencher: Bencher<'_, '_>) {
    let body = string(50 * MEGABYTE);
    let rows = index(&body, View::Pretty, WIDTH, &redactor());
    let middle = rows.len() / 2;
    bencher.bench(|| rows.screen(middle..middle + SCREEN, black_box(&body)));
}

#[divan::bench]
fn screen_in_the_middle_of_a_50_mb_line_raw(bencher: Bencher<'_, '_>) {
    let body = line(50 * MEGABYTE);
    let rows = index(&body, View::Raw, WIDTH, &redactor());
    let middle = rows.len() / 2;
    bencher.bench(|| rows.screen(middle..middle + SCREEN, black_box(&body)));
}

/// The same where long lines are cut: one row of the one line, and of the members of an array.
#[divan::bench]
fn screen_of_a_50_mb_line_cut(bencher: Bencher<'_, '_>) {
    let body = line(50 * MEGABYTE);
    let rows = index(&body, View::Raw, WIDTH, &redactor());
    bencher.bench(|| rows.cut(0..SCREEN, rows.len() / 2, black_box(&body), VisibleMatches::default()));
}

#[divan::bench]
fn screen_in_the_middle_of_10_mb_cut(bencher: Bencher<'_, '_>) {
    let body = members(10 * MEGABYTE);
    let rows = index(&body, View::Pretty, WIDTH, &redactor());
    let middle = rows.lines() / 2;
    bencher.bench(|| rows.cut(middle..middle + SCREEN, 0, black_box(&body), VisibleMatches::default()));
}

/// What a filter reads: the body with its secrets covered.
#[divan::bench(sample_count = 10)]
fn cover_10_mb_of_members(bencher: Bencher<'_, '_>) {
    let (body, redactor) = (members(10 * MEGABYTE), redactor());
    bencher.bench(|| mask_json(black_box(&body), &redactor));
}

/// A search that meets something in every member, or in none.
#[divan::bench(sample_count = 10, args = ["name", "no such text", "Name"])]
fn search_in_10_mb_of_members(bencher: Bencher<'_, '_>, text: &str) {
    let body = members(10 * MEGABYTE);
    let rows = index(&body, View::Pretty, WIDTH, &redactor());
    let pattern = Pattern::new(text, false, View::Pretty).unwrap_or_else(|error| unreachable!("{error}"));
    bencher.bench(|| rows.find(black_box(&body), &pattern, &mut |_| true));
}

#[divan::bench(sample_count = 3)]
fn expression_in_10_mb_of_members(bencher: Bencher<'_, '_>) {
    let body = members(10 * MEGABYTE);
    let rows = index(&body, View::Pretty, WIDTH, &redactor());
    let pattern = Pattern::new(r"no \d+ such", true, View::Pretty).unwrap_or_else(|error| unreachable!("{error}"));
    bencher.bench(|| rows.find(black_box(&body), &pattern, &mut |_| true));
}
