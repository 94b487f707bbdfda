//! Alibaba Cloud's older ROA signature, HMAC-SHA1: `acs AKID:base64`. Verified, never made.
//!
//! Signs neither `host` nor the body; a `content-md5` would stand for the body, and no SDK sends one.

use std::borrow::Cow;

use jiff::Timestamp;

use super::authorization::{malformed, value};
use super::canonical::{self, HeaderStyle, Pair, RepeatedHeaders};
use super::computed_signature::{SignatureInputs, Texts};
use super::date::{self, Format};
use super::hash::{EncodedDigest, base64_hmac_sha1};
use super::incoming;
use super::{AccessKey, ComputedSignature, KeyLookup, Scheme, VerifyError};
use crate::wire::{Headers, Request};

const STYLE: HeaderStyle = HeaderStyle { collapse: false, repeats: RepeatedHeaders::Joined, bare_host: false };

/// The headers whose values stand alone on the lines after the method, empty when absent.
const BARE: [&str; 4] = ["accept", "content-md5", "content-type", "date"];

/// The spelling of a parameter without a value: Python's, then Node's.
const EMPTY_VALUES: [&str; 2] = ["", "="];

pub(super) fn verify<'a>(request: &'a Request, keys: KeyLookup<'_>, now: Timestamp) -> Result<ComputedSignature<'a>, VerifyError> {
    let claim = value(request)?.strip_prefix("acs ").and_then(|claim| claim.trim_ascii().rsplit_once(':'));
    let (key_id, signature) = claim.ok_or_else(|| malformed("it is not `acs key id:signature`"))?;
    let date = date::check(&request.headers, "date", Format::Http, now)?;
    let key = incoming::key(keys, key_id)?.pair();
    incoming::security_token(&request.headers, "x-acs-security-token", key)?;
    let [python, node] = EMPTY_VALUES.map(|empty| resource(request, empty));
    let judged = |resource: &[u8]| {
        let computed_signature = seal(request, key, key_id, date, resource);
        let is_claimed = computed_signature.is(signature);
        computed_signature.judge(is_claimed, true)
    };
    judged(&python).or_else(|mismatch| if node == python { Err(mismatch) } else { judged(&node).map_err(|_| mismatch) })
}

fn seal<'a>(request: &'a Request, key: &AccessKey, key_id: &'a str, date: &'a str, resource: &[u8]) -> ComputedSignature<'a> {
    let own = own_headers(&request.headers);
    let texts = Texts { bytes: string_to_sign(request, &own, resource), border: 0 };
    let signature = EncodedDigest::Text(base64_hmac_sha1(key.secret.expose().as_bytes(), texts.to_sign()).into());
    let bare = BARE.into_iter().filter(|name| request.headers.contains(name)).map(Cow::from);
    let signed = bare.chain(own.into_iter().map(Cow::from)).collect();
    let payload = EncodedDigest::Text("".into());
    ComputedSignature {
        basis: SignatureInputs {
            scheme: Scheme::Acs1,
            layout: None,
            key_id: key_id.into(),
            date: date.into(),
            scope: None,
            signed,
            payload,
        },
        texts,
        signature,
    }
}

/// Returns method, the bare values, the `x-acs-*` lines and the resource.
fn string_to_sign(request: &Request, own: &[String], resource: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    for name in BARE {
        // One that is repeated counts whole: nothing unsigned stands beside what is signed.
        let values: Vec<&[u8]> = request.headers.get_all(name).map(<[u8]>::trim_ascii).collect();
        out.extend_from_slice(&values.join(&b','));
        out.push(b'\n');
    }
    for name in own {
        STYLE.write(&mut out, name, &request.headers);
    }
    out.extend_from_slice(resource);
    out
}

/// Returns the names of the `x-acs-*` headers in lower case, sorted.
fn own_headers(headers: &Headers) -> Vec<String> {
    let names = headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    let mut own: Vec<String> = names.filter(|name| name.starts_with("x-acs-")).collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// Returns the path and the sorted query in plain text, not encoded.
fn resource(request: &Request, empty: &str) -> Vec<u8> {
    let mut pairs = canonical::parameters(request.query());
    pairs.sort_unstable();
    let mut out = request.path().as_bytes().to_vec();
    for (at, pair) in pairs.iter().enumerate() {
        out.push(if at == 0 { b'?' } else { b'&' });
        push_plain(&mut out, pair, empty);
    }
    out
}

fn push_plain(out: &mut Vec<u8>, (name, value): &Pair<'_>, empty: &str) {
    out.extend_from_slice(name);
    if value.is_empty() {
        out.extend_from_slice(empty.as_bytes());
    } else {
        out.push(b'=');
        out.extend_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_plain_text_with_two_ways_for_nothing() {
        let request = Request { target: "/p?b=%E5%90%8D+a%2A&A=".into(), ..Request::default() };
        assert_eq!(EMPTY_VALUES.map(|empty| canonical::text(resource(&request, empty))), ["/p?A&b=名 a*", "/p?A=&b=名 a*"]);
    }

    #[test]
    fn a_header_that_is_repeated_counts_whole() {
        let mut request = Request { method: "POST".into(), target: "/p".into(), ..Request::default() };
        request.headers.push("Accept", "a");
        assert_eq!(canonical::text(string_to_sign(&request, &[], b"/p")), "POST\na\n\n\n\n/p");
        request.headers.push("accept", "b");
        assert_eq!(canonical::text(string_to_sign(&request, &[], b"/p")), "POST\na,b\n\n\n\n/p");
    }

    #[test]
    fn a_value_that_is_empty_verifies_in_either_way() {
        let now: Timestamp = "2026-11-22T00:39:54Z".parse().unwrap();
        let key = AccessKey { id: "AK".into(), secret: "s".to_owned().into(), token: None, project_id: None };
        let keys = |_: &str| Some((&key).into());
        let date = Format::Http.write(now);
        let headers: Headers = [("Date", date.as_str()), ("X-Acs-B", " 2 "), ("x-acs-a", "1")].into_iter().collect();
        let plain = Request { method: "GET".into(), target: "/p?b=&a=%20".into(), headers, ..Request::default() };
        for signed in ["/p?a= &b", "/p?a= &b="] {
            let text = format!("GET\n\n\n\n{date}\nx-acs-a:1\nx-acs-b:2\n{signed}");
            let mut request = plain.clone();
            request.headers.push("authorization", format!("acs AK:{}", base64_hmac_sha1(b"s", text.as_bytes())));
            assert_eq!(verify(&request, &keys, now).map(|computed_signature| computed_signature.trace().string_to_sign), Ok(text));
        }
    }
}
