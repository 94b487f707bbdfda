//! Rows of bodies: nothing lost, nothing added, nothing that steers a terminal, no secret.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use skydeck::body::{Row, Rows, Style, View, index, index_until, mask_json};
use skydeck::redact::Redactor;
use skydeck::secret::{MASK, Secret};
use unicode_width::UnicodeWidthStr;

fn every(rows: &Rows, bytes: &[u8]) -> Vec<Row<'static>> {
    let owned = |row: Row<'_>| Row {
        start: row.start,
        indent: row.indent,
        line: row.line,
        continued: row.continued,
        pieces: row.pieces.into_iter().map(|(style, text)| (style, text.into_owned().into())).collect(),
    };
    rows.screen(0..rows.len(), bytes).into_iter().map(owned).collect()
}

fn text(row: &Row<'_>) -> String {
    row.pieces.iter().map(|(_, text)| &**text).collect()
}

/// The text of the body that raw rows show, when it has nothing but what can be printed.
fn raw_text(rows: &[Row<'_>]) -> String {
    let line = |(number, row): (usize, &Row<'_>)| format!("{}{}", if number > 0 && !row.continued { "\n" } else { "" }, text(row));
    rows.iter().enumerate().map(line).collect()
}

/// The JSON that pretty rows show, without white space outside of strings.
fn pretty_text(rows: &[Row<'_>]) -> String {
    let pieces = rows.iter().flat_map(|row| &row.pieces);
    pieces.map(|(style, text)| if *style == Style::Punctuation { text.trim_end() } else { text }).collect()
}

fn drawn(text: &str, kind: View, width: u16) -> Vec<String> {
    let rows = index(text.as_bytes(), kind, width, &Redactor::default());
    every(&rows, text.as_bytes()).iter().map(|row| " ".repeat(row.indent.into()) + &crate::text(row)).collect()
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ -~é名\\\\\"]{0,40}".prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec(("[a-z\"\\\\]{1,12}", inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect()))
        ]
    })
}

#[test]
fn pretty_lays_json_out_by_members() {
    let body = r#"{"RequestId":"91F9","Data":{"Tags":[],"n":-1.5,"list":[1,{}]},"ok":true}"#;
    let expected = [
        "{",
        r#"  "RequestId": "91F9","#,
        r#"  "Data": {"#,
        r#"    "Tags": [],"#,
        r#"    "n": -1.5,"#,
        r#"    "list": ["#,
        "      1,",
        "      {}",
        "    ]",
        "  },",
        r#"  "ok": true"#,
        "}",
    ];
    assert_eq!(drawn(body, View::Pretty, 80), expected);
}

#[test]
fn pretty_colours_by_token() {
    let body = br#"{"a" : "b","c":null}"#;
    let rows = index(body, View::Pretty, 80, &Redactor::default());
    let styles: Vec<_> =
        every(&rows, body).iter().flat_map(|row| row.pieces.clone()).map(|(style, text)| (style, text.into_owned())).collect();
    let expected = [
        (Style::Punctuation, "{"),
        (Style::Key, "\"a\""),
        (Style::Punctuation, ": "),
        (Style::String, "\"b\""),
        (Style::Punctuation, ","),
        (Style::Key, "\"c\""),
        (Style::Punctuation, ": "),
        (Style::Literal, "null"),
        (Style::Punctuation, "}"),
    ];
    assert_eq!(styles, expected.map(|(style, text)| (style, text.to_owned())));
}

#[test]
fn long_strings_go_on_in_the_next_row() {
    let rows = drawn(r#"{"k":"0123456789abcdefghij","z":1}"#, View::Pretty, 20);
    assert_eq!(rows, ["{", "  \"k\": \"0123456789a", "    bcdefghij\",", "  \"z\": 1", "}"]);
}

#[test]
fn fits_a_comma_on_its_line() {
    assert_eq!(drawn(r#"{"abcd":[],"z":1}"#, View::Pretty, 13), ["{", "  \"abcd\": [],", "  \"z\": 1", "}"]);
    assert_eq!(drawn(r#"{"abcd":[],"z":1}"#, View::Pretty, 12), ["{", "  \"abcd\": [", "    ],", "  \"z\": 1", "}"]);
}

#[test]
fn json_cut_short_is_laid_out_as_far_as_it_goes() {
    assert_eq!(drawn(r#"{"a":[1,"x"#, View::Pretty, 40), ["{", "  \"a\": [", "    1,", "    \"x"]);
}

#[test]
fn shows_invalid_json_raw() {
    let body = b"<html>\r\n\t<b>502</b>\n";
    let rows = index(body, View::Pretty, 40, &Redactor::default());
    assert_eq!(rows.kind(), View::Raw);
    let shown: Vec<_> = every(&rows, body).iter().map(text).collect();
    assert_eq!(shown, ["<html>␍", "→<b>502</b>", ""]);
}

#[test]
fn hex_shows_bytes_and_covers_secrets() {
    let redactor = Redactor::default().with([&Secret::new("hunter2!")]);
    let body = b"a\x1bhunter2!\xffz";
    let rows = index(body, View::Hex, 80, &redactor);
    let shown: Vec<_> = every(&rows, body).iter().map(text).collect();
    assert_eq!(shown, ["00000000  61 1b •• •• •• •• •• •• •• •• ff 7a              a·••••••••·z"]);
    assert_eq!(index(&[0; 100], View::Hex, 50, &redactor).len(), 13);
}

#[test]
fn masks_a_secret_of_any_length_alike() {
    let token = "MIIE".repeat(2000);
    let body = format!(r#"{{"id":1,"token":"{token}","z":2}}"#);
    let redactor = Redactor::default();
    for width in [1, 7, 20, 80] {
        let rows = every(&index(body.as_bytes(), View::Pretty, width, &redactor), body.as_bytes());
        let masks = rows.iter().flat_map(|row| &row.pieces).filter(|(style, _)| *style == Style::Masked).count();
        assert_eq!(masks, 1, "width {width}");
        assert_eq!(pretty_text(&rows), format!(r#"{{"id":1,"token":"{MASK}","z":2}}"#));
    }
}

#[test]
fn rows_can_be_had_before_the_end_and_the_rest_given_up() {
    let body = format!("[{}]", vec!["12345678"; 200_000].join(","));
    let mut first = None;
    let rows = index_until(body.as_bytes(), View::Pretty, 80, &Redactor::default(), &mut |rows| {
        first = Some(rows.clone());
        false
    });
    let first = first.unwrap();
    assert!(!rows.complete() && first.len() > 7000 && first.len() < 10_000);
    let whole = index(body.as_bytes(), View::Pretty, 80, &Redactor::default());
    assert!(whole.complete() && whole.len() == 200_002);
    assert_eq!(first.screen(100..140, body.as_bytes()), whole.screen(100..140, body.as_bytes()));
}

#[test]
fn has_no_rows_for_another_body() {
    let rows = index(b"[1,2]", View::Pretty, 80, &Redactor::default());
    assert_eq!(rows.screen(0..9, b"[1]"), []);
    assert_eq!(rows.row(9, b"[1,2]"), None);
    assert!(index(b"", View::Raw, 80, &Redactor::default()).is_empty());
    assert!(index(b" ", View::Pretty, 80, &Redactor::default()).len() <= 1);
}

#[test]
fn marks_stay_small() {
    let members: Vec<_> = (0..100_000).map(|n| format!("\"k{n:05}\":1")).collect();
    let body = format!("{{{}}}", members.join(","));
    let rows = index(body.as_bytes(), View::Pretty, 80, &Redactor::default());
    assert_eq!(rows.len(), 100_002);
    assert!(rows.memory() * 10 < body.len(), "{} for {}", rows.memory(), body.len());
}

#[test]
fn hostile_bodies_are_laid_out_too() {
    let blanks = " ".repeat(300_000);
    let bodies = [
        "[".repeat(300_000),
        format!("[1{blanks},2]"),
        format!("{{\"a\":{blanks}1{blanks}}}{blanks}"),
        format!("\"{}\"", "\\".repeat(200_001)),
        format!("[\"{}", "é".repeat(100_000)),
        "\u{301}".repeat(100_000),
        format!("[{}", "\"a\":".repeat(3)),
    ];
    for body in &bodies {
        for kind in [View::Raw, View::Pretty, View::Hex] {
            let rows = index(body.as_bytes(), kind, 40, &Redactor::default());
            assert!(rows.complete());
            let last = rows.screen(rows.len().saturating_sub(3)..rows.len(), body.as_bytes());
            assert_eq!(last.len(), rows.len().min(3));
        }
    }
}

fn assert_printable(rows: &[Row<'_>]) {
    for c in rows.iter().flat_map(|row| &row.pieces).flat_map(|(_, text)| text.chars()) {
        assert!(!c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c) && c != '\u{2028}', "{c:?}");
    }
}

proptest! {
    #[test]
    fn raw_rows_hold_the_text(text in "[ -~\né名]{0,400}", width in 1u16..100) {
        // Once in some ten thousand texts chance writes a secret, like `sK=é`, and that is covered.
        prop_assume!(Redactor::default().text(&text) == text);
        let rows = every(&index(text.as_bytes(), View::Raw, width, &Redactor::default()), text.as_bytes());
        prop_assert_eq!(raw_text(&rows), text.clone());
        for row in &rows {
            prop_assert!(crate::text(row).width() <= usize::from(width.max(2)));
        }
    }

    #[test]
    fn pretty_rows_hold_the_json(value in json(), spread: bool, width in 1u16..100) {
        let body = if spread { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        // A member may by chance be called like a secret, `sk`.
        prop_assume!(mask_json(body.as_bytes(), &Redactor::default()) == body.as_bytes());
        let rows = index(body.as_bytes(), View::Pretty, width, &Redactor::default());
        prop_assert_eq!(rows.kind(), View::Pretty);
        let rows = every(&rows, body.as_bytes());
        prop_assert_eq!(pretty_text(&rows), value.to_string());
        for row in &rows {
            let columns = usize::from(row.indent) + crate::text(row).trim_end().width();
            prop_assert!(columns <= usize::from(width.max(6)), "{} in {width}", crate::text(row));
        }
    }

    #[test]
    fn single_rows_agree_with_all_of_them(value in json(), width in 1u16..60) {
        let body = value.to_string();
        for kind in [View::Raw, View::Pretty, View::Hex] {
            let rows = index(body.as_bytes(), kind, width, &Redactor::default());
            let all = every(&rows, body.as_bytes());
            prop_assert_eq!(all.len(), rows.len());
            for (number, row) in all.iter().enumerate() {
                let single = rows.row(number, body.as_bytes());
                prop_assert_eq!(single.as_ref(), Some(row));
                prop_assert_eq!(rows.row_at(row.start, body.as_bytes()), number);
            }
        }
    }

    #[test]
    fn escapes_any_bytes_for_printing(body in vec(any::<u8>(), 0..300), width in 0u16..60) {
        for kind in [View::Raw, View::Pretty, View::Hex] {
            assert_printable(&every(&index(&body, kind, width, &Redactor::default()), &body));
        }
    }

    #[test]
    fn hostile_text_is_shown_fit_to_print(body in "[\u{1b}\u{9b}\u{202e}\u{200d}\u{2028}\\[\\]{}\",:a1 \\\\\t]{0,80}", width in 0u16..40) {
        let body = body.as_bytes();
        for kind in [View::Raw, View::Pretty] {
            assert_printable(&every(&index(body, kind, width, &Redactor::default()), body));
        }
    }

    #[test]
    fn planted_secrets_never_show(value in json(), secret in "[A-Za-z0-9+/\"é]{6,40}", at: prop::sample::Index, width in 10u16..100, raw: bool) {
        let redactor = Redactor::default().with([&Secret::new(&*secret)]);
        let document = serde_json::json!({ "before": value, "quoted": format!("x{secret}y"), "SecretKey": "another one" }).to_string();
        let places: Vec<usize> = document.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let body = if raw { format!("{}{secret}{}", &document[..place], &document[place..]) } else { document };
        for kind in [View::Raw, View::Pretty, View::Hex] {
            let rows = every(&index(body.as_bytes(), kind, width, &redactor), body.as_bytes());
            let shown: String = rows.iter().map(text).collect();
            prop_assert!(!shown.contains(&secret), "{shown}");
            // A quote planted into the document may end the member's value before it does.
            prop_assert!(raw || !shown.contains("another one"), "{shown}");
        }
    }
}
