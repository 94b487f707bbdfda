//! The secret in other forms: with guests around it, cut off, mistyped, written otherwise, and what stands in its place.
//!
//! No detail says what is in a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::super::{MistakeContext, PairingScope};
use crate::auth::hex_sha256;
use crate::lab::fault::{self, MistakeKind};
use crate::lab::typography;
use crate::wire::{decode_form, decode_path, encode};

/// A form of the secret: its fault, its words, its bytes.
type SecretVariant = (&'static MistakeKind, String, Zeroizing<Vec<u8>>);

/// The texts that come along after a secret.
const AFTER: [(&MistakeKind, &str, &str); 20] = [
    (&fault::SECRET_SPACE, "\n", "a line feed"),
    (&fault::SECRET_SPACE, "\r\n", "carriage return and line feed"),
    (&fault::SECRET_SPACE, " ", "a space"),
    (&fault::SECRET_SPACE, "\t", "a tab"),
    (&fault::SECRET_SPACE, "\r", "a carriage return"),
    (&fault::SECRET_SPACE, "\0", "a zero byte"),
    (&fault::SECRET_SPACE, "\n\n", "two line feeds"),
    (&fault::SECRET_SPACE, " \n", "a space and a line feed"),
    (&fault::SECRET_SPACE, "  ", "two spaces"),
    (&fault::SECRET_SPACE, "\u{a0}", "a space without a break"),
    (&fault::SECRET_SPACE, "\u{200b}", "a space without width"),
    (&fault::SECRET_SPACE, "\u{feff}", "a byte order mark"),
    (&fault::SECRET_CHANGED, "\\n", "a line feed's escape, \\n,"),
    (&fault::SECRET_CHANGED, ",", "a comma"),
    (&fault::SECRET_CHANGED, ";", "a semicolon"),
    (&fault::SECRET_CHANGED, ".", "a full stop"),
    (&fault::SECRET_CHANGED, "%", "a shell's % for a line without an end"),
    (&fault::SECRET_CHANGED, "&", "the & that the RPC signature wants"),
    (&fault::SECRET_QUOTED, "\"", "a quotation mark"),
    (&fault::SECRET_QUOTED, "'", "an apostrophe"),
];

/// The texts that come along before a secret.
const BEFORE: [(&MistakeKind, &str, &str); 9] = [
    (&fault::SECRET_CHARSET, "\u{feff}", "a byte order mark"),
    (&fault::SECRET_SPACE, " ", "a space"),
    (&fault::SECRET_SPACE, "\t", "a tab"),
    (&fault::SECRET_QUOTED, "\"", "a quotation mark"),
    (&fault::SECRET_SPACE, "\n", "a line feed"),
    (&fault::SECRET_SPACE, "\u{a0}", "a space without a break"),
    (&fault::SECRET_SPACE, "\u{200b}", "a space without width"),
    (&fault::SECRET_CHANGED, "=", "an equals sign"),
    (&fault::SECRET_QUOTED, "'", "an apostrophe"),
];

/// The texts around a secret.
const AROUND: [(&MistakeKind, &str, &str, &str); 13] = [
    (&fault::SECRET_QUOTED, "\"", "\"", "quotation marks"),
    (&fault::SECRET_QUOTED, "'", "'", "apostrophes"),
    (&fault::SECRET_QUOTED, "`", "`", "backticks"),
    (&fault::SECRET_QUOTED, "\u{201c}", "\u{201d}", "typographic quotation marks"),
    (&fault::SECRET_QUOTED, "\u{2018}", "\u{2019}", "typographic apostrophes"),
    (&fault::SECRET_QUOTED, "\\\"", "\\\"", "escaped quotation marks"),
    (&fault::SECRET_QUOTED, "\"", "\"\n", "quotation marks, with a line feed after them,"),
    (&fault::SECRET_QUOTED, "\"", "\",", "quotation marks, with a comma after them,"),
    (&fault::SECRET_QUOTED, "<", ">", "angle brackets"),
    (&fault::SECRET_QUOTED, "[", "]", "square brackets"),
    (&fault::SECRET_QUOTED, "{", "}", "braces"),
    (&fault::SECRET_QUOTED, "b'", "'", "Python's b'...'"),
    (&fault::SECRET_SPACE, " ", " ", "spaces"),
];

/// The texts found in a secret's place when there is none, the empty one first.
const PLACEHOLDER_SECRETS: &str = " null None nil undefined <nil> *** **** ****** ******** secret SECRET YOUR_SECRET <secret> xxx changeme";

/// The names under which a secret is kept: one that was not replaced by its value, or that was taken along.
const NAMES: &str = "SECRET SECRET_KEY ACCESS_KEY_SECRET ACCESS_SECRET AccessKeySecret SecretAccessKey SecretKey secret secret_key SK sk \
     ALIBABA_CLOUD_ACCESS_KEY_SECRET VOLC_SECRETKEY VOLCENGINE_SECRET_KEY HUAWEICLOUD_SDK_SK OS_SECRET_KEY";

/// A way to write it again: its fault, its words, what it gives.
type SecretRewrite = (&'static MistakeKind, &'static str, fn(&str) -> Vec<u8>);

/// The rewritten forms of a secret.
const REWRITTEN: [SecretRewrite; 20] = [
    (&fault::SECRET_CHANGED, "in lower case", |text| text.to_lowercase().into_bytes()),
    (&fault::SECRET_CHANGED, "in upper case", |text| text.to_uppercase().into_bytes()),
    (&fault::SECRET_CHANGED, "percent-encoded", |text| encode(text).into_bytes()),
    (&fault::SECRET_CHANGED, "percent-decoded", decode_path),
    (&fault::SECRET_CHANGED, "decoded as a form's value is, + for a space,", decode_form),
    (&fault::SECRET_CHANGED, "with - and _ for + and /, as Base64 for URLs has them", |text| {
        text.replace('+', "-").replace('/', "_").into_bytes()
    }),
    (&fault::SECRET_CHANGED, "with + and / for - and _", |text| text.replace('-', "+").replace('_', "/").into_bytes()),
    (&fault::SECRET_CHANGED, "without its slashes", |text| text.replace('/', "").into_bytes()),
    (&fault::SECRET_CHANGED, "with \\/ for each slash", |text| text.replace('/', "\\/").into_bytes()),
    (&fault::SECRET_CHANGED, "without its plus signs", |text| text.replace('+', "").into_bytes()),
    (&fault::SECRET_CHANGED, "without the = at its end", |text| text.trim_end_matches('=').as_bytes().to_vec()),
    (&fault::SECRET_CHANGED, "without its backslashes", |text| text.replace('\\', "").into_bytes()),
    (&fault::SECRET_CHANGED, "with plain characters for typographic ones", |text| typography::plain(text).into_owned().into_bytes()),
    (&fault::SECRET_CHANGED, "twice, one behind the other", |text| text.repeat(2).into_bytes()),
    (&fault::SECRET_CHANGED, "encoded as Base64", |text| STANDARD.encode(text).into_bytes()),
    (&fault::SECRET_CHANGED, "encoded as Base64 with a line feed in it", |text| STANDARD.encode(format!("{text}\n")).into_bytes()),
    (&fault::SECRET_CHANGED, "as the hex of its bytes", |text| hex::encode(text).into_bytes()),
    (&fault::SECRET_CHANGED, "as its SHA-256 in hex", |text| hex_sha256(text.as_bytes()).into_bytes()),
    (&fault::SECRET_CHARSET, "as UTF-16", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    (&fault::SECRET_CHARSET, "as UTF-16 with a byte order mark", |text| {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }),
];

/// Something around the secret: its fault, its words, what stands before and after it, and whether it is common.
type Addition = (&'static MistakeKind, String, (&'static str, &'static str), bool);

/// The common ones after, before and around a secret: the first ones of each.
const COMMON: [usize; 3] = [6, 4, 4];

/// Returns what may stand around the secret.
pub(super) fn additions() -> impl Iterator<Item = Addition> {
    let [after, before, around] = COMMON;
    let after = AFTER
        .iter()
        .enumerate()
        .map(move |(at, (fault, text, named))| (*fault, format!("with {named} at its end"), ("", *text), at < after));
    let before = BEFORE
        .iter()
        .enumerate()
        .map(move |(at, (fault, text, named))| (*fault, format!("with {named} before it"), (*text, ""), at < before));
    let around = AROUND
        .iter()
        .enumerate()
        .map(move |(at, (fault, open, close, named))| (*fault, format!("between {named}"), (*open, *close), at < around));
    after.chain(before).chain(around)
}

/// Returns the secret without what may stand around it.
pub(super) fn trimmed(context: &MistakeContext<'_>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(trimmed_text(context).as_bytes().to_vec())
}

fn trimmed_text<'b>(context: &'b MistakeContext<'_>) -> &'b str {
    context.key.secret.expose().trim().trim_matches(['\u{feff}', '\u{200b}'])
}

/// Returns the secret in every form but the mistyped ones, and what stands in its place.
pub(super) fn forms(context: &MistakeContext<'_>) -> Vec<(&'static MistakeKind, String, Zeroizing<Vec<u8>>, PairingScope)> {
    let trimmed = trimmed_text(context);
    let bare = trimmed.trim_matches(['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']);
    let mut forms = vec![
        form(&fault::SECRET_SPACE, "without the white space around it that the given one has", trimmed),
        form(&fault::SECRET_QUOTED, "without the quotation marks that the given one has", bare),
    ];
    forms.extend(REWRITTEN.iter().map(|(fault, how, write)| (*fault, (*how).to_owned(), Zeroizing::new(write(trimmed)))));
    let decoded = [("decoded from Base64", STANDARD.decode(trimmed).ok()), ("decoded from hex", hex::decode(trimmed).ok())];
    let changed = |(how, bytes): (&str, Option<Vec<u8>>)| Some((&fault::SECRET_CHANGED, how.to_owned(), Zeroizing::new(bytes?)));
    forms.extend(decoded.into_iter().filter_map(changed));
    forms.extend(cut(trimmed));
    let likely = forms.len();
    forms.extend(in_its_place(context, trimmed));
    let reach = |at: usize, fault: &MistakeKind| {
        if at < likely || fault == &fault::SECRET_KEY_ID { PairingScope::Common } else { PairingScope::Series }
    };
    forms.into_iter().enumerate().map(|(at, (fault, how, secret))| (fault, how, secret, reach(at, fault))).collect()
}

fn form(fault: &'static MistakeKind, how: &str, text: &str) -> SecretVariant {
    (fault, how.to_owned(), Zeroizing::new(text.as_bytes().to_vec()))
}

/// Returns its beginnings, and its ends.
fn cut(secret: &str) -> Vec<SecretVariant> {
    let count = secret.chars().count();
    let places = secret.char_indices().skip(1).enumerate().map(|(before, (at, _))| (at, before + 1));
    let both = places.flat_map(|(at, before)| {
        [
            form(&fault::SECRET_CUT, &format!("without its last {}", characters(count - before)), &secret[..at]),
            form(&fault::SECRET_CUT, &format!("without its first {}", characters(before)), &secret[at..]),
        ]
    });
    both.collect()
}

fn characters(count: usize) -> String {
    if count == 1 { "character".to_owned() } else { format!("{count} characters") }
}

/// Returns other things that were taken for it.
fn in_its_place(context: &MistakeContext<'_>, secret: &str) -> Vec<SecretVariant> {
    let key_id = "the key id stood in the secret's place";
    // The request has the secret as its key id.
    let exchanged = secret == context.claim.key_id;
    let of_id = if exchanged { &fault::KEY_EXCHANGED } else { &fault::SECRET_KEY_ID };
    let mut forms: Vec<SecretVariant> = [&context.claim.key_id, &context.key.id].map(|id| form(of_id, key_id, id)).into();
    for joint in [":", ",", ", ", " ", "\t", ";", "/"] {
        let joined = format!("{}{joint}{secret}", context.claim.key_id);
        forms.push(form(&fault::SECRET_CHANGED, &format!("with the key id and `{joint}` before it"), &joined));
    }
    if let Some(token) = &context.key.token {
        forms.push(form(&fault::SECRET_CHANGED, "the security token stood in the secret's place", token.expose()));
    }
    let others = context.hints.secrets.iter();
    forms.extend(others.map(|(whose, other)| form(&fault::SECRET_OTHER_KEY, &format!("the secret of {whose}"), other.expose())));
    forms.extend(
        PLACEHOLDER_SECRETS.split(' ').map(|text| form(&fault::SECRET_MISSING, &format!("`{text}` stood in the secret's place"), text)),
    );
    for name in NAMES.split(' ') {
        for unreplaced in [
            name.to_owned(),
            format!("${name}"),
            format!("${{{name}}}"),
            format!("%{name}%"),
            format!("{{{{{name}}}}}"),
            format!("<{name}>"),
        ] {
            forms.push(form(&fault::SECRET_MISSING, &format!("`{unreplaced}` stood in the secret's place"), &unreplaced));
        }
        for joint in ["=", ": ", ":", " = "] {
            forms.push(form(&fault::SECRET_CHANGED, &format!("with `{name}{joint}` before it"), &format!("{name}{joint}{secret}")));
        }
    }
    forms
}
