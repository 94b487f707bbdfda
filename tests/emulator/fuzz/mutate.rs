//! Changes to a request, and requests made up from nothing. Only what can arrive through HTTP is made: header names are
//! tokens, values and targets have no line ends.

use skydeck::wire::{Headers, Request, encode};

use super::Dice;

/// Texts that parsers stumble over.
const NASTY: [&str; 34] = [
    "",
    " ",
    "0",
    "-1",
    "18446744073709551616",
    "1e999",
    "null",
    "true",
    "[]",
    "{}",
    "{\"a\":",
    "[[[[[[[[",
    "\"",
    "%",
    "%2",
    "%zz",
    "%00",
    "%ff%fe",
    "+",
    "&",
    "=",
    "&&==",
    "..",
    "/",
    "//",
    "\u{feff}",
    "\u{202e}",
    "名",
    "{region}",
    "{digits}",
    "a,b;c",
    "::|::",
    "$",
    "A=,B=",
];

/// Names of headers that somebody looks at.
const HEADERS: [&str; 22] = [
    "authorization",
    "host",
    "date",
    "x-acs-date",
    "x-acs-action",
    "x-acs-version",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
    "x-acs-security-token",
    "x-acs-signature-method",
    "x-date",
    "x-content-sha256",
    "x-security-token",
    "x-sdk-date",
    "x-sdk-content-sha256",
    "x-project-id",
    "x-auth-token",
    "x-subject-token",
    "content-type",
    "content-length",
    "content-md5",
    "accept",
];

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "get", "X"];

const PATHS: [&str; 11] = [
    "/",
    "*",
    "/pop/v1/paas/namespace",
    "/pop/v1/sam/namespace/describeNamespaces",
    "/api/v1/workspaces",
    "/api/v1/workspaces/1",
    "/api/v1/defaultWorkspaces",
    "/v2/manage/namespaces",
    "/v2/manage/namespaces/a/repos",
    "/v3/auth/tokens",
    "/v3",
];

/// Changes something.
pub fn mutate(request: &mut Request, dice: &mut Dice) {
    match dice.below(12) {
        0 => request.method = (*dice.pick(&METHODS)).to_owned(),
        1 => target_byte(request, dice),
        2..=4 => query(request, dice),
        5 | 6 => header_value(request, dice),
        7 | 8 => headers(request, dice),
        9 => authorization(request, dice),
        _ => body(request, dice),
    }
}

/// Changes a byte of the target, adds one or takes one away.
fn target_byte(request: &mut Request, dice: &mut Dice) {
    let mut target = request.target.clone().into_bytes();
    edit(&mut target, dice);
    target.retain(|byte| byte.is_ascii_graphic() && *byte != b'#');
    request.target = format!("/{}", String::from_utf8(target).unwrap().trim_start_matches('/'));
}

/// Changes, drops, doubles or moves a parameter of the query.
fn query(request: &mut Request, dice: &mut Dice) {
    let (path, query) = (request.path().to_owned(), request.query().to_owned());
    let mut pieces: Vec<String> = query.split('&').map(str::to_owned).collect();
    let at = dice.below(pieces.len());
    match dice.below(6) {
        0 => drop(pieces.remove(at)),
        1 => pieces.push(pieces[at].clone()),
        2 => pieces.swap(0, at),
        3 => pieces[at] = pieces[at].replace("%20", "+").replace("%2F", "%2f"),
        4 => pieces.push(format!("{}={}", encode(dice.pick(&NASTY)), encode(dice.pick(&NASTY)))),
        _ => pieces[at] = format!("{}={}", pieces[at].split('=').next().unwrap_or(""), encode(dice.pick(&NASTY))),
    }
    request.target = format!("{path}?{}", pieces.join("&"));
}

fn header_value(request: &mut Request, dice: &mut Dice) {
    let at = dice.below(request.headers.len().max(1));
    let nasty = dice.once_in(3);
    request.headers = rebuilt(&request.headers, |number, name, mut value| {
        if number == at && nasty {
            value = dice.pick(&NASTY).as_bytes().to_vec();
        } else if number == at {
            edit(&mut value, dice);
        }
        vec![(name, value)]
    });
}

/// Drops, doubles, renames, moves or adds a header.
fn headers(request: &mut Request, dice: &mut Dice) {
    let (at, way) = (dice.below(request.headers.len().max(1)), dice.below(5));
    let mut all: Vec<(String, Vec<u8>)> = request.headers.iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
    match (way, all.get(at).cloned()) {
        (0, Some(_)) => drop(all.remove(at)),
        (1, Some(one)) => all.push(one),
        (2, Some(_)) => all.rotate_left(at),
        (3, Some((name, _))) => all[at].0 = if dice.once_in(2) { name.to_uppercase() } else { (*dice.pick(&HEADERS)).to_owned() },
        _ => all.push(((*dice.pick(&HEADERS)).to_owned(), dice.pick(&NASTY).as_bytes().to_vec())),
    }
    request.headers = all.into_iter().map(|(name, value)| (name, plain(value))).collect();
}

/// Changes the credential's parts, not their bytes.
fn authorization(request: &mut Request, dice: &mut Dice) {
    let Some(value) = request.headers.get_str("authorization").map(str::to_owned) else { return };
    let (kind, rest) = value.split_once(' ').unwrap_or((&value, ""));
    let mut pieces: Vec<String> = rest.split(',').map(|piece| piece.trim().to_owned()).collect();
    let at = dice.below(pieces.len());
    match dice.below(6) {
        0 => drop(pieces.remove(at)),
        1 => pieces.push(pieces[at].clone()),
        2 => pieces.swap(0, at),
        3 => pieces[at] = pieces[at].replacen(';', ";host;", 1),
        4 => pieces[at] = pieces[at].to_uppercase(),
        _ => {
            let end = pieces[at].find(';').unwrap_or(pieces[at].len());
            pieces[at].truncate(end);
        }
    }
    request.headers.set("authorization", format!("{kind} {}", pieces.join(if dice.once_in(2) { "," } else { ", " })));
}

fn body(request: &mut Request, dice: &mut Dice) {
    let mut body = request.body.to_vec();
    if dice.once_in(3) {
        body = dice.pick(&NASTY).as_bytes().to_vec();
    } else {
        edit(&mut body, dice);
    }
    request.body = body.into();
}

/// Changes, adds, drops or repeats some bytes.
fn edit(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    match dice.below(5) {
        0 | 1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        2 if at < bytes.len() => drop(bytes.drain(at..(at + 1 + dice.below(4)).min(bytes.len()))),
        3 => bytes.truncate(at),
        _ => {
            let more = if dice.once_in(2) { dice.bytes(6) } else { dice.pick(&NASTY).as_bytes().to_vec() };
            bytes.splice(at..at, more);
        }
    }
}

fn rebuilt(headers: &Headers, mut change: impl FnMut(usize, String, Vec<u8>) -> Vec<(String, Vec<u8>)>) -> Headers {
    let all: Vec<_> = headers.iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
    let changed = all.into_iter().enumerate().flat_map(|(at, (name, value))| change(at, name, value));
    changed.map(|(name, value)| (name, plain(value))).collect()
}

/// What a server lets through in a value.
fn plain(mut value: Vec<u8>) -> Vec<u8> {
    value.retain(|byte| *byte == b'\t' || (*byte >= 32 && *byte != 127));
    value.trim_ascii().to_vec()
}

/// A request that nobody has signed.
pub fn made_up(dice: &mut Dice) -> Request {
    let mut request = Request { method: (*dice.pick(&METHODS)).into(), target: (*dice.pick(&PATHS)).into(), ..Request::default() };
    for _ in 0..dice.below(8) {
        let value = if dice.once_in(2) { dice.bytes(20) } else { claim(dice).into_bytes() };
        request.headers.push(*dice.pick(&HEADERS), plain(value));
    }
    if dice.once_in(2) {
        request.target += "?Action=ListNamespaces&Version=2025-10-30";
    }
    request.body = dice.bytes(40).into();
    for _ in 0..dice.below(4) {
        mutate(&mut request, dice);
    }
    request
}

/// What looks like a credential.
fn claim(dice: &mut Dice) -> String {
    let kinds = ["ACS3-HMAC-SHA256 ", "HMAC-SHA256 ", "SDK-HMAC-SHA256 ", "acs ", "Bearer ", ""];
    let parts =
        ["Credential=LTAI5tSkydeckDemoKey0001", "Access=SKYDECKDEMOHUAWEI001", "SignedHeaders=host;x-sdk-date", "Signature=00", ":", "/"];
    let separators = [",", ", ", ";", ":"];
    let pieces: Vec<&str> = (0..dice.below(5)).map(|_| *dice.pick(&parts)).collect();
    format!("{}{}", dice.pick(&kinds), pieces.join(*dice.pick::<&str>(&separators)))
}
